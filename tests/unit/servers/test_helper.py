"""The helper, end to end on loopback: what it does, and everything it refuses."""

import asyncio
import ssl

import msgspec
import pytest

from hushmap.model import Ask, Connect, Failure, Fetch, Handshake, Layer, Side, Transport
from hushmap.net import Outcome
from hushmap.servers import HelperServer, HelperSettings, ServeError
from hushmap.servers import helper as room
from hushmap.wire import helper as wire_helper
from hushmap.wire import http as wire_http
from hushmap.wire import stun
from hushmap.wire.helper import parse_spec

CONTEXT = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
CONTEXT.check_hostname, CONTEXT.verify_mode = False, ssl.CERT_NONE


def datagram(payload):
    """An ask to send bytes by UDP."""
    return Ask(layer=Layer.RAW, address="10.0.0.1", port=3478, transport=Transport.UDP, payload=payload)


def test_asks_are_carried_out_there(serving, client):
    """HTTP, TLS and raw asks through the helper to its own echoes; times are on the client's clock."""

    async def go():
        async with serving() as (_, spec):
            net = client(parse_spec(spec.text))
            web = Ask(layer=Layer.HTTP, address="127.0.0.1", url=f"http://word.example:{spec.http_port}/")
            tls = Ask(layer=Layer.TLS, address="127.0.0.1", port=spec.tls_port, sni="word.example", verify=False)
            raw = Ask(layer=Layer.RAW, address="127.0.0.1", port=spec.tcp_port, payload=b"word")
            start = net.clock.now()
            outcomes = [await net.ask(ask, Side.HELPER) for ask in (web, tls, raw)]
            return start, outcomes, net.clock.now(), net.clock_offset

    start, (web, tls, raw), end, offset = asyncio.run(go())
    assert [type(step) for step in web.steps] == [Connect, Fetch]
    assert web.steps[1].page.status == 200
    assert [(type(step), step.failure) for step in tls.steps] == [(Connect, None), (Handshake, None)]
    assert raw.steps[1].received == b"word"
    assert all(start <= step.t0 <= step.t <= end for step in (*web.steps, *tls.steps, *raw.steps))
    assert abs(offset) < 2


@pytest.mark.parametrize(
    ("ask", "undone"),
    [
        (Ask(layer=Layer.TCP, address="10.0.0.1", port=443), "helper_refused:address"),
        (Ask(layer=Layer.TCP, address="127.0.0.1", port=22), "helper_refused:port"),
        (Ask(layer=Layer.DNS, name="a.example", resolver="udp://192.168.1.1:53"), "helper_refused:address"),
        (Ask(layer=Layer.TCP, address="nonsense", port=443), "bad_ask"),
        (datagram(b"anything"), "helper_refused:payload"),
        (datagram(b"GET /tor/" + bytes(30_000)), "helper_refused:payload"),
        (Ask(layer=Layer.TCP, address="127.0.0.1", port=80, source_port=70_000), "bad_ask"),
        (datagram(stun.request(bytes(12))), "helper_refused:address"),
        (Ask(layer=Layer.HTTP, url="http://localhost:22/"), "helper_refused:port"),
    ],
)
def test_it_is_no_way_into_its_own_network(serving, client, ask, undone):
    """Addresses are checked after resolution, resolvers too; nothing is sent."""

    async def go():
        async with serving() as (_, spec):
            return await client(spec).ask(ask, Side.HELPER)

    outcome = asyncio.run(go())
    assert (outcome.undone, outcome.steps) == (undone, ())


def _post(spec, *, token=None, method="POST", path="/v1/ask", body=None):
    headers = (("Authorization", f"Bearer {spec.token if token is None else token}"), ("Connection", "close"))
    request = wire_helper.encode_request(wire_helper.HelperRequest(asks=())) if body is None else body
    return wire_http.request_bytes(method, path, "helper", headers, request)


REFUSALS = [
    ({"token": "wrong-token"}, 401),
    ({"token": ""}, 401),
    ({"path": "/"}, 404),
    ({"method": "PUT"}, 405),
    ({"body": b"{}x"}, 400),
    ({"body": b"x" * (room.REQUEST_BYTES + 1)}, 413),
]


@pytest.mark.parametrize(("how", "status"), REFUSALS)
def test_every_refusal_has_its_status(serving, talk, how, status):
    """Wrong token, path, method, body and size."""

    async def go():
        async with serving() as (_, spec):
            return await talk(spec.port, _post(spec, **how), CONTEXT)

    assert asyncio.run(go()).startswith(b"HTTP/1.1 %d " % status)


@pytest.mark.parametrize(
    ("data", "answer"),
    [(b"nonsense\r\n\r\n", b"HTTP/1.1 400 "), (b"GET / HTTP/1.1\r\nX: " + b"x" * 200000, b"HTTP/1.1 431 ")],
)
def test_what_is_no_request_is_refused(serving, talk, data, answer):
    """Garbage and a header without end."""

    async def go():
        async with serving() as (_, spec):
            return await talk(spec.port, data, CONTEXT)

    assert asyncio.run(go()).startswith(answer)


def test_a_client_that_leaves_is_owed_nothing(tmp_path):
    """A request that ends early gets no answer."""

    async def go():
        server = HelperServer(HelperSettings(state=tmp_path))
        reader = asyncio.StreamReader()
        reader.feed_data(b"POST /v1/ask HT")
        reader.feed_eof()
        await server._serve(reader, None)

    asyncio.run(go())


def test_more_than_the_rate_gets_429(serving, talk):
    """A bucket of one ask: the second request within the second is refused."""

    async def go():
        async with serving() as (server, spec):
            server._asks = room.Bucket(0.001, 1.0, server._clock)
            return [await talk(spec.port, _post(spec), CONTEXT) for _ in range(2)]

    first, second = asyncio.run(go())
    assert first.startswith(b"HTTP/1.1 200 ")
    assert second.startswith(b"HTTP/1.1 429 ")


def test_asks_cannot_hold_sockets_for_hours(serving, client, monkeypatch):
    """A time-out longer than the helper's longest is cut, a negative one too; a short one is kept."""
    seen = []

    async def go():
        async with serving() as (server, _):

            async def fake(ask, *, keep_body):
                seen.append((ask.timeout or ask.dwell, keep_body))
                return Outcome(undone="unsupported")

            monkeypatch.setattr(server._net, "ask", fake)
            for timeout in (None, 2.0, 9999.0, -1.0):
                await server._one(Ask(layer=Layer.TCP, timeout=timeout), 0.0)
            for dwell in (None, 2.0, 1e9, -1.0):
                await server._one(Ask(layer=Layer.TCP, dwell=dwell), 0.0)

    asyncio.run(go())
    assert seen == [(None, False), (2.0, False), (30.0, False), (30.0, False)] * 2


def test_it_proves_that_it_is_itself_online(serving, client, monkeypatch):
    """A harmless name that speaks TLS is reached once a minute, not at every request."""
    seen = []

    async def go(outcomes):
        async with serving(reach=("one.example", "two.example")) as (server, spec):
            real = server._net.ask

            async def fake(ask, **how):
                if ask.sni is None:
                    return await real(ask, **how)
                seen.append(ask)
                return outcomes[ask.sni]

            monkeypatch.setattr(server._net, "ask", fake)
            net = client(spec)
            return [await net.watch_helper() for _ in range(2)]

    spoke = Handshake(t0=0, t=1, address="198.51.100.1", port=443, spoke=True, failure=Failure.INVALID_HOSTNAME)
    good, bad = Outcome(steps=(spoke,)), Outcome(undone="no_ipv6")
    watches = asyncio.run(go({"one.example": bad, "two.example": good}))
    assert [watch.reached for watch in watches] == [True, True]
    assert len(seen) == 2
    assert all(ask.layer is Layer.TLS and not ask.verify for ask in seen)
    watches = asyncio.run(go({"one.example": bad, "two.example": bad}))
    assert [watch.reached for watch in watches] == [False, False]


def test_a_helper_that_hears_nothing_is_not_online(serving, client, monkeypatch):
    """The proof has its own limit, shorter than a client waits."""

    async def go():
        monkeypatch.setattr(room, "_REACH_LIMIT", 0.05)
        async with serving(reach=("one.example",)) as (server, spec):

            async def never(ask, **how):
                await asyncio.Event().wait()

            monkeypatch.setattr(server._net, "ask", never)
            return await client(spec).watch_helper()

    assert not asyncio.run(go()).reached


def test_without_a_name_to_reach_nothing_is_claimed(serving, client):
    """No name, no proof."""

    async def go():
        async with serving(reach=()) as (_, spec):
            return await client(spec).watch_helper()

    assert asyncio.run(go()) is None


def test_the_spec_says_what_is_served(serving):
    """Host, ports, pin and token; without echoes none is promised."""

    async def go():
        async with serving(http_port=None, tls_port=None, tcp_port=None, public="helper.example") as (_, spec):
            return spec

    spec = asyncio.run(go())
    assert (spec.host, spec.http_port, spec.tls_port, spec.tcp_port) == ("helper.example", None, None, None)
    assert parse_spec(spec.text) == spec
    assert not spec.dark


def test_dark_is_promised_only_where_nobody_answers(serving, monkeypatch):
    """A resolver on the helper's own port 53 would break the promise."""

    async def go(answers, bind="127.0.0.1"):
        class Fake:
            def __init__(self, *how, **more):
                pass

            async def ask(self, ask):
                assert ask.resolver == ("udp://[::1]:53" if bind == "::1" else "udp://127.0.0.1:53")
                return Outcome(steps=(msgspec.defstruct("Step", [("answers", tuple)])(answers),))

        async with serving(bind=bind) as (server, _):
            with monkeypatch.context() as patch:
                patch.setattr(room, "Net", Fake)
                return await server._dark(bind)

    assert asyncio.run(go(()))
    assert asyncio.run(go((), "::1"))
    assert not asyncio.run(go(("an answer",)))


def test_a_port_that_is_taken_stops_the_start(serving, tmp_path):
    """What was already listening is closed again."""

    async def go():
        async with serving() as (_, spec):
            other = HelperServer(HelperSettings(state=tmp_path, port=0, http_port=spec.http_port))
            with pytest.raises(ServeError, match="cannot listen"):
                await other.start()
            assert other._listeners == []

    asyncio.run(go())


def test_a_prefix_that_is_none_stops_the_start(tmp_path):
    """A setting that makes no sense is told, and no port stays open."""

    async def go():
        server = HelperServer(HelperSettings(state=tmp_path, port=0, http_port=0, allow=("nonsense",)))
        with pytest.raises(ValueError, match="nonsense"):
            await server.start()
        assert server._listeners == []

    asyncio.run(go())


def test_it_serves_until_it_is_told_to_stop(tmp_path, talk):
    """`serve` starts if need be, and stops gracefully at the event."""

    async def go():
        server = HelperServer(HelperSettings(state=tmp_path, port=0, reach=()))
        until = asyncio.Event()
        until.set()
        await server.serve(until)
        assert server.spec is not None
        await server.serve(until)
        with pytest.raises(ConnectionRefusedError):
            await talk(server.spec.port, b"", CONTEXT)

    asyncio.run(go())


def test_a_lab_may_use_documentation_ranges(serving, client):
    """Only when told: then an address of RFC 5737 is not refused for what it is."""

    async def go(special):
        async with serving(allow_special=special) as (server, _):
            return server._net._guard("198.51.100.1", 443)

    assert asyncio.run(go(True)) is None
    assert asyncio.run(go(False)) == "address"


def test_every_echo_has_a_row_of_ports_that_asks_may_use(serving, client):
    """The string names the first of each and how many there are; QUIC's shake hands for any name."""

    async def go():
        async with serving(quic_port=0, span=2) as (_, spec):
            net = client(parse_spec(spec.text))
            asks = [
                Ask(layer=Layer.TCP, address="127.0.0.1", port=port + 1)
                for name, port in spec.echoes.items()
                if name != "quic"
            ]
            asks.append(
                Ask(
                    layer=Layer.TLS,
                    transport=Transport.QUIC,
                    address="127.0.0.1",
                    port=spec.quic_port + 1,
                    sni="word.example",
                    verify=False,
                    dwell=0.1,
                )
            )
            return spec, [await net.ask(ask, Side.HELPER) for ask in asks]

    spec, outcomes = asyncio.run(go())
    assert (spec.span, len(spec.echoes)) == (2, 4)
    assert [(outcome.undone, outcome.steps[-1].failure) for outcome in outcomes] == [(None, None)] * 4
