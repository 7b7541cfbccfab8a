"""OONI's probes at our helper: the answer's fields, and everything that is refused to strangers."""

import asyncio
import json
import ssl

import pytest

from hushmap.detect import judge
from hushmap.model import (
    DOCUMENTATION,
    Answer,
    Ask,
    Attempt,
    Connect,
    Context,
    Evidence,
    Failure,
    Fetch,
    Handshake,
    HelperWatch,
    Knowledge,
    Layer,
    Record,
    Resolve,
    Side,
    trial_of,
)
from hushmap.model import Outcome as Found
from hushmap.net import Browsed, Clock, Limits, Net, OoniSpec, Outcome, Own
from hushmap.servers import ooni as room
from hushmap.servers.guard import Guard
from hushmap.servers.ooni import OoniDesk
from hushmap.wire import http as wire_http

CONTEXT = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
CONTEXT.check_hostname, CONTEXT.verify_mode = False, ssl.CERT_NONE
PROBE = {
    "http_request": "https://news.example/",
    "http_request_headers": {
        "Accept": ["text/html"],
        "Accept-Language": ["en-US"],
        "User-Agent": ["Mozilla/5.0"],
        "Cookie": ["no"],
    },
    "tcp_connect": ["198.51.100.7:443", "[2001:db8::7]:443", "10.0.0.1:443"],
    "x_quic_enabled": True,
}
"""As a probe of 2025 sends it, with a header that it must not."""
PAGE = Browsed(
    status=200,
    headers=(("content-type", "text/html"), ("x-a", "1"), ("x-a", "2")),
    body=b"<title>News &amp; more</title>",
)


class FakeNet:
    """Answers asks from a table, and remembers them."""

    def __init__(self, found=("198.51.100.7", "198.51.100.8"), page=PAGE, lookup=None, contact=None):
        self.found, self.page, self.lookup, self.contact = found, page, lookup, contact
        self.asks, self.browsed = [], []
        self.gate = self.came = None

    async def ask(self, ask):
        self.asks.append(ask)
        if ask.layer is Layer.DNS:
            if self.gate is not None:
                self.came.set()
                await self.gate.wait()
            step = Resolve(t0=0, t=1, resolver="system", name=ask.name, qtype="A", failure=self.lookup)
            return Outcome(steps=(step,)) if not self.found else _named(self.found)
        if ":" in ask.address:
            return Outcome(undone="no_ipv6")
        if self.contact is not None:
            return self.contact(ask)
        connect = Connect(t0=0, t=1, address=ask.address, port=ask.port)
        if ask.layer is Layer.TCP:
            return Outcome(steps=(connect,))
        return Outcome(steps=(connect, Handshake(t0=1, t=2, address=ask.address, port=ask.port, valid=True)))

    async def browse(self, url, headers, **how):
        self.browsed.append((url, headers, how))
        return self.page


def _named(addresses):
    answer = Answer(t=1, addresses=addresses)
    return Outcome(steps=(Resolve(t0=0, t=1, resolver="system", name="a", qtype="A", answers=(answer,)),))


def _desk(net=None, **how):
    guard = Guard(usual=room.WEB, allow=DOCUMENTATION)
    return OoniDesk(net or FakeNet(), Clock(), guard, **how)


def _request(body, *, method="POST", target="/", kind="application/json"):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return wire_http.request_bytes(method, target, "helper", (("Content-Type", kind),), data)


async def _said(desk, data):
    """The whole response to `data`."""

    class Writer:
        sent = b""

        def write(self, more):
            self.sent += more

    stream, writer = asyncio.StreamReader(), Writer()
    stream.feed_data(data)
    stream.feed_eof()
    await desk.serve(stream, writer)
    reader = wire_http.ResponseReader("POST")
    reader.feed(writer.sent)
    return reader


def _ask(body, net=None, **how):
    reader = asyncio.run(_said(_desk(net, **how), _request(body)))
    assert reader.status == 200
    return json.loads(reader.body)


def test_a_probe_gets_every_field_that_it_reads():
    """The union of its addresses and ours without bogons; its three headers; QUIC asked for and answered with none."""
    net = FakeNet()
    told = _ask(PROBE, net)
    ok = {"status": True, "failure": None}
    assert told == {
        "tcp_connect": {"198.51.100.7:443": ok, "198.51.100.8:443": ok},
        "tls_handshake": {
            "198.51.100.7:443": {"server_name": "news.example", **ok},
            "198.51.100.8:443": {"server_name": "news.example", **ok},
        },
        "quic_handshake": {},
        "http_request": {
            "body_length": 30,
            "discovered_h3_endpoint": "",
            "failure": None,
            "title": "News &amp; more",
            "headers": {"Content-Type": "text/html", "X-A": "1"},
            "status_code": 200,
        },
        "http3_request": None,
        "dns": {"failure": None, "addrs": ["198.51.100.7", "198.51.100.8"]},
        "ip_info": {
            "198.51.100.7": {"asn": 0, "flags": 11},
            "198.51.100.8": {"asn": 0, "flags": 10},
            "2001:db8::7": {"asn": 0, "flags": 1},
            "10.0.0.1": {"asn": 0, "flags": 5},
        },
    }
    ((url, headers, how),) = net.browsed
    assert url == "https://news.example/"
    assert headers == (("Accept", "text/html"), ("Accept-Language", "en-US"), ("User-Agent", "Mozilla/5.0"))
    assert how.pop("room")()
    assert how == {"addresses": ("198.51.100.7", "198.51.100.8"), "limit": 15.0, "body_limit": 1 << 20}
    lookup, *contacts = net.asks
    assert (lookup.qtype, lookup.resolver, lookup.timeout) == ("A+AAAA", "system", 4.0)
    assert all((ask.sni, ask.port, ask.timeout) == ("news.example", 443, 15.0) for ask in contacts)
    assert "10.0.0.1" not in {ask.address for ask in contacts}


def test_plain_http_is_tried_on_both_ports():
    """80 without, 443 with a handshake; a lab divides the time-outs."""
    net = FakeNet(found=("198.51.100.7",))
    told = _ask({"http_request": "http://news.example/"}, net, scale=5.0)
    assert list(told["tcp_connect"]) == ["198.51.100.7:80", "198.51.100.7:443"]
    assert list(told["tls_handshake"]) == ["198.51.100.7:443"]
    assert [ask.timeout for ask in net.asks] == [0.8, 3.0, 3.0]


def test_failures_have_their_old_names():
    """A name that does not exist, a refusal, a certificate of another name, a page that does not come."""
    gone = _ask({"http_request": "https://gone.example/"}, FakeNet(found=(), lookup=Failure.NXDOMAIN))
    assert gone["dns"] == {"failure": "dns_name_error", "addrs": []}
    page = gone["http_request"]
    assert (page["failure"], page["body_length"], page["status_code"]) == ("dns_lookup_error", -1, -1)
    assert gone["tcp_connect"] == gone["ip_info"] == {}

    def refused(ask):
        return Outcome(steps=(Connect(t0=0, t=1, address=ask.address, port=443, failure=Failure.REFUSED),))

    net = FakeNet(contact=refused, page=Browsed(failure=Failure.REFUSED))
    told = _ask(PROBE, net)
    assert told["tcp_connect"]["198.51.100.7:443"] == {"status": False, "failure": "connection_refused_error"}
    assert told["tls_handshake"] == {}
    assert told["http_request"]["failure"] == "connection_refused_error"

    def foreign(ask):
        shaken = Handshake(t0=1, t=2, address=ask.address, port=443, failure=Failure.INVALID_HOSTNAME)
        return Outcome(steps=(Connect(t0=0, t=1, address=ask.address, port=443), shaken))

    told = _ask(PROBE, FakeNet(contact=foreign, page=Browsed()))
    assert told["tls_handshake"]["198.51.100.8:443"]["failure"] == "ssl_invalid_hostname"
    assert told["ip_info"]["198.51.100.8"]["flags"] == 2
    assert told["http_request"]["failure"] == "unknown_error"


def test_a_lookup_that_could_not_be_made_is_a_failure():
    """Never an empty answer, which would say that the name has no address."""
    net = FakeNet()

    async def undone(ask):
        return Outcome(undone="bad_ask")

    net.ask = undone
    assert _ask({"http_request": "https://a.example/"}, net)["dns"]["failure"] == "unknown_error"


def test_an_address_in_place_of_a_name_is_its_own_answer():
    """Nothing is looked up, and no name is sent."""
    net = FakeNet()
    told = _ask({"http_request": "https://198.51.100.9/"}, net)
    assert told["dns"] == {"failure": None, "addrs": ["198.51.100.9"]}
    assert [ask.sni for ask in net.asks] == [None]


def test_a_body_that_was_cut_says_so():
    """Its length is then the least that it has."""
    told = _ask(PROBE, FakeNet(page=Browsed(status=200, body=b"x" * 9, truncated=True)))
    assert told["http_request"]["x_body_is_truncated"] is True


def test_a_probe_without_a_name_gets_ours():
    """And a header with a line break in it is not sent on."""
    net = FakeNet()
    _ask({"http_request": "https://a.example/", "http_request_headers": {"accept": ["a\r\nX: y"]}}, net)
    ((_, headers, _),) = net.browsed
    assert [name for name, _ in headers] == ["User-Agent"]
    assert headers[0][1].startswith("hushmap/")


REFUSED = [
    (_request(PROBE, target="/v1/ask"), 404),
    (_request(PROBE, method="PUT"), 405),
    (_request(PROBE, kind="text/plain"), 400),
    (_request(b"{"), 400),
    (_request({"http_request": "ftp://a.example/"}), 400),
    (_request({"http_request": "https://a.example:8443/"}), 400),
    (_request({"http_request": "http://a.example:53/"}), 400),
    (_request({"http_request": "https://a.example/", "tcp_connect": ["nonsense"]}), 400),
    (_request(b" " * (64 * 1024 + 1)), 413),
    (b"junk\r\n\r\n", 400),
]


@pytest.mark.parametrize(("data", "status"), REFUSED)
def test_bad_input_is_refused(data, status):
    """Path, method, kind, damage, ports that are not the web's, size."""
    net = FakeNet()
    assert asyncio.run(_said(_desk(net), data)).status == status
    assert net.asks == []


def test_a_stranger_that_leaves_is_owed_nothing():
    """No answer to half a request."""
    reader = asyncio.run(_said(_desk(), b"POST / HT"))
    assert reader.status is None


def test_more_than_a_few_at_a_time_are_told_503(monkeypatch):
    """Before their bodies are read, and after."""
    monkeypatch.setattr(room, "IN_FLIGHT", 1)
    net = FakeNet()

    async def go():
        net.gate, net.came = asyncio.Event(), asyncio.Event()
        desk = _desk(net)
        first = asyncio.ensure_future(_said(desk, _request(PROBE)))
        await net.came.wait()
        second = await _said(desk, _request(PROBE).partition(b"{")[0])
        third = await desk._answer(json.dumps(PROBE).encode())
        net.gate.set()
        return (await first).status, second.status, third[0], (await _said(desk, _request(PROBE))).status

    assert asyncio.run(go()) == (200, 503, 503, 200)


@pytest.mark.parametrize("room_for", [0.5, 2.5])
def test_strangers_have_one_share_of_connections(room_for):
    """No room for a request, or none for all its addresses: 503, and nothing is contacted."""
    net = FakeNet()
    desk = _desk(net)
    desk._flows = room.Bucket(0.0, room_for, desk._clock)
    assert asyncio.run(_said(desk, _request(PROBE))).status == 503
    assert [ask.layer for ask in net.asks] in ([], [Layer.DNS])


def test_a_page_load_takes_its_connections_from_the_strangers_share():
    """A page that leads on and on costs as much as it causes; without room for it nothing is said of the site."""
    net = FakeNet()
    taken = []

    async def browse(url, headers, *, room, **how):
        taken.extend(iter(room, False))
        return Browsed(halted=True)

    net.browse = browse
    desk = _desk(net)
    desk._flows = room.Bucket(0.0, 12.0, desk._clock)
    reader = asyncio.run(_said(desk, _request(PROBE)))
    assert (reader.status, reader.body) == (503, b"")
    lookup, contacts = 1, len(net.asks)
    assert len(taken) == 12 - lookup - contacts + 1, "the first request, its lookup and its contacts are counted too"


def test_the_answer_tells_the_helpers_time():
    """A client whose clock is wrong learns it."""
    reader = asyncio.run(_said(_desk(), _request(PROBE)))
    assert reader.header("date").endswith(" GMT")


def test_the_helper_answers_on_its_own_port_only_if_told(serving, talk):
    """Off unless given a port; its own key is shown, or a certificate of one's own; the token's port stays closed."""

    async def go(**how):
        async with serving(**how) as (server, spec):
            port = server.ooni_port
            return port and await talk(port, _request(b"{"), CONTEXT), await talk(spec.port, _request(PROBE), CONTEXT)

    assert asyncio.run(go())[0] is None
    strange, ours = asyncio.run(go(ooni_port=0))
    assert strange.startswith(b"HTTP/1.1 400 ")
    assert ours.startswith(b"HTTP/1.1 401 ")


def test_a_certificate_of_ones_own_is_shown(serving, tmp_path):
    """One file with key and certificate; what is none stops the start in one line."""
    from unit.net.conftest import Pki

    pki = Pki(tmp_path)
    pki.context("helper.example")
    trusting = ssl.create_default_context(cafile=str(pki.roots))

    async def go(path):
        async with serving(ooni_port=0, ooni_certificate=path) as (server, _):
            _, writer = await asyncio.open_connection(
                "127.0.0.1", server.ooni_port, ssl=trusting, server_hostname="helper.example"
            )
            writer.close()

    asyncio.run(go(tmp_path / "0.pem"))
    (tmp_path / "bad.pem").write_text("nothing")
    for name in ("bad.pem", "absent.pem"):
        with pytest.raises(ValueError, match="no certificate with its key"):
            asyncio.run(go(tmp_path / name))


def test_a_stranger_reaches_no_address_of_the_helpers_own(serving, talk):
    """End to end: a name that leads to this computer is looked up, flagged, and not contacted."""

    async def go():
        async with serving(ooni_port=0, allow=()) as (server, _):
            body = {"http_request": "http://localhost/", "tcp_connect": ["192.168.1.1:80"]}
            return await talk(server.ooni_port, _request(body), CONTEXT)

    told = json.loads(asyncio.run(go()).partition(b"\r\n\r\n")[2])
    assert told["tcp_connect"] == told["tls_handshake"] == {}
    assert told["http_request"]["failure"] == "unknown_error"
    assert told["ip_info"]["192.168.1.1"]["flags"] == 5
    assert told["ip_info"]["127.0.0.1"]["flags"] == 6


async def _page(reader, writer):
    """A site: one page, whatever is asked."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(wire_http.response_bytes(200, (("Content-Type", "text/html"),), b"<title>News of today</title>"))
    await writer.drain()
    writer.close()


def _trials(asked):
    return tuple(
        trial_of(Attempt(id=number, ask=ask, side=side), outcome.steps, undone=outcome.undone, t=1.0)
        for number, (ask, side, outcome) in enumerate(asked, 10_000)
    )


def test_our_client_asks_our_server_in_oonis_words_and_a_site_is_judged_reachable(serving, tmp_path):
    """End to end on loopback: lookup, handshake and page from here and through the helper, under certificates."""
    from unit.net.conftest import Pki

    pki = Pki(tmp_path)
    site_tls = pki.context("localhost")
    pki.context("helper.example", ip="127.0.0.1")

    async def go():
        site = await asyncio.start_server(_page, "127.0.0.1", 0, ssl=site_tls)
        port = site.sockets[0].getsockname()[1]
        how = {"ooni_port": 0, "ooni_ports": (port,), "ooni_certificate": tmp_path / "1.pem"}
        async with site, serving(**how, roots=str(pki.roots)) as (server, _):
            spec = OoniSpec(url=f"https://127.0.0.1:{server.ooni_port}/")
            net = Net(Clock(), limits=Limits(helper=0.5), roots=str(pki.roots), own=Own(), helper=spec)
            url = f"https://localhost:{port}/"
            lookup = Ask(layer=Layer.DNS, name="localhost", resolver="system")
            load = Ask(layer=Layer.HTTP, address="127.0.0.1", port=port, url=url, sni="localhost")
            sides = (Side.HERE, Side.HELPER)
            asks = [(ask, side) for side in sides for ask in (lookup, load)]
            outcomes = await asyncio.gather(*(net.ask(ask, side) for ask, side in asks))
            watch = await net.watch_helper()
            return url, [(*pair, outcome) for pair, outcome in zip(asks, outcomes, strict=True)], watch, net

    url, asked, watch, net = asyncio.run(go())
    context = Context(helper=net._helper.spec.url, helper_watch=(HelperWatch(t=0.0, reached=watch.reached),))
    record = Record(
        id="r-1", run="r", experiment="web", target=url, started="", ended="", run_started="", context=context,
        trials=_trials(asked),
    )  # fmt: skip
    verdict = judge(record, Knowledge())
    assert (verdict.outcome, verdict.evidence, verdict.counts.helper) == (Found.OK, Evidence.COMPARISON, (0, 1))
    there = asked[3][2].steps
    assert [type(step) for step in there] == [Connect, Handshake, Fetch]
    assert (there[1].valid, there[2].page.title, there[2].page.status) == (True, "News of today", 200)
    assert watch.reached
    assert abs(net.clock_offset) < 2
    assert len(net._helper._batches) == 1, "one request answered all"
