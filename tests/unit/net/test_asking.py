"""Net: an ask becomes steps, or is undone with a reason."""

import asyncio
import socket

import pytest

from hushmap.model import (
    Answer,
    Ask,
    Connect,
    Extraction,
    Failure,
    Fetch,
    Handshake,
    HelperWatch,
    Layer,
    Resolve,
    Side,
    Transport,
)
from hushmap.net import asking as room
from hushmap.net.asking import Net
from hushmap.net.clock import Clock
from hushmap.net.helper import Reply
from hushmap.net.limits import Limits
from hushmap.net.mask import Own
from hushmap.wire import dns
from hushmap.wire.helper import HelperAnswer, HelperSpec

SPEC = HelperSpec(host="127.0.0.1", port=9, token="token-of-the-test", pin="0" * 64)


async def _page(reader, writer):
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody")


def _ask(net, ask, **how):
    return asyncio.run(net.ask(ask, **how))


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_tcp_is_one_connect(net, listening, host):
    """Over either family."""

    async def go():
        async with listening(_page, host=host) as port:
            return await net.ask(Ask(layer=Layer.TCP, address=host, port=port))

    outcome = asyncio.run(go())
    assert [type(step) for step in outcome.steps] == [Connect]
    assert (outcome.steps[0].failure, outcome.undone) == (None, None)


def test_steps_after_a_failed_one_are_absent(net):
    """No handshake, fetch or exchange without a connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    for layer, more in (
        (Layer.TCP, {}),
        (Layer.TLS, {"sni": "a.example"}),
        (Layer.HTTP, {"url": "http://a.example/"}),
        (Layer.RAW, {"payload": b"x"}),
    ):
        outcome = _ask(net, Ask(layer=layer, address="127.0.0.1", port=port, **more))
        assert [step.failure for step in outcome.steps] == [Failure.REFUSED]


def test_http_over_tls_is_connect_handshake_fetch(net, pki, listening):
    """The body is kept only if asked for and a candidate: over a valid certificate it is not."""

    async def go(**how):
        async with listening(_page, pki.context("a.example")) as port:
            ask = Ask(layer=Layer.HTTP, address="127.0.0.1", sni="a.example", url=f"https://a.example:{port}/", **how)
            return await net.ask(ask, keep_body=True)

    outcome = asyncio.run(go())
    assert [type(step) for step in outcome.steps] == [Connect, Handshake, Fetch]
    assert (outcome.steps[1].valid, outcome.steps[2].page.status) == (True, 200)
    assert outcome.steps[2].page.body is None


def test_a_bad_certificate_ends_the_ask_unless_it_need_not_hold(net, pki, listening):
    """verify=False goes on to the page, and then keeps the body of what it met."""

    async def go(verify):
        async with listening(_page, pki.context("other.example")) as port:
            url = f"https://a.example:{port}/"
            ask = Ask(layer=Layer.HTTP, address="127.0.0.1", sni="a.example", url=url, verify=verify)
            return await net.ask(ask, keep_body=True)

    strict, lenient = asyncio.run(go(True)), asyncio.run(go(False))
    assert [step.failure for step in strict.steps] == [None, Failure.INVALID_HOSTNAME]
    assert [step.failure for step in lenient.steps] == [None, None, None]
    assert (lenient.steps[1].valid, lenient.steps[2].page.body) == (False, "body")


def test_without_sni_the_certificate_is_checked_for_the_urls_host(net, pki, listening):
    """`sni=None` sends none, and https still means the host of the URL."""

    async def go(host):
        async with listening(_page, pki.context("a.example")) as port:
            return await net.ask(Ask(layer=Layer.HTTP, address="127.0.0.1", url=f"https://{host}:{port}/"))

    good, bad = asyncio.run(go("a.example")), asyncio.run(go("b.example"))
    assert (good.steps[1].sni, good.steps[1].valid) == (None, True)
    assert bad.steps[1].failure is Failure.INVALID_HOSTNAME


def test_tls_alone_stops_after_the_handshake(net, pki, listening):
    """Layer tls: two steps."""

    async def hold(reader, writer):
        await reader.read()

    async def go():
        async with listening(hold, pki.context("a.example")) as port:
            return await net.ask(Ask(layer=Layer.TLS, address="127.0.0.1", port=port, sni="a.example"))

    outcome = asyncio.run(go())
    assert [type(step) for step in outcome.steps] == [Connect, Handshake]
    assert outcome.steps[1].failure is None


def test_raw_sends_the_payload(net, listening):
    """Layer raw: connect, exchange."""

    async def echo(reader, writer):
        writer.write(await reader.read(100))

    async def go():
        async with listening(echo) as port:
            return await net.ask(Ask(layer=Layer.RAW, address="127.0.0.1", port=port, payload=b"\x00word"))

    assert asyncio.run(go()).steps[1].received == b"\x00word"


def test_raw_bytes_go_in_a_datagram_where_the_ask_says_so(net):
    """No connection is made; over TCP a bound on the answer asks for all of it, though more than was sent."""

    class Peer(asyncio.DatagramProtocol):
        def connection_made(self, transport):
            self.transport = transport

        def datagram_received(self, data, addr):
            self.transport.sendto(data * 9, addr)

    async def go():
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(Peer, local_addr=("127.0.0.1", 0))
        port = transport.get_extra_info("sockname")[1]
        ask = Ask(layer=Layer.RAW, address="127.0.0.1", port=port, payload=b"abc", transport=Transport.UDP, most=5)
        try:
            return (await net.ask(ask)).steps
        finally:
            transport.close()

    (step,) = asyncio.run(go())
    assert (step.received, step.transport, step.failure) == (b"abcab", Transport.UDP, None)


def test_headers_and_host_of_the_ask_replace_the_defaults(net, listening):
    """What the ask says is sent, and nothing beside it."""
    seen = []

    async def handler(reader, writer):
        seen.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")

    async def go():
        async with listening(handler) as port:
            ask = Ask(
                layer=Layer.HTTP,
                address="127.0.0.1",
                url=f"http://a.example:{port}/p?q",
                host="word.example",
                headers=(("X-Word", "w"),),
            )
            return await net.ask(ask)

    step = asyncio.run(go()).steps[1]
    assert seen == [b"GET /p?q HTTP/1.1\r\nHost: word.example\r\nX-Word: w\r\n\r\n"]
    assert step.host == "word.example"


def test_dns_asks_both_types_at_once(net, answering):
    """A+AAAA is two steps, in that order."""

    async def go():
        async with answering(lambda query, count: [dns.reply(query, ["198.51.100.1", "2001:db8::1"])]) as (port, _):
            ask = Ask(layer=Layer.DNS, name="a.example", qtype="A+AAAA", resolver=f"udp://127.0.0.1:{port}")
            return await net.ask(ask)

    steps = asyncio.run(go()).steps
    assert [step.qtype for step in steps] == ["A", "AAAA"]
    assert [step.addresses for step in steps] == [("198.51.100.1",), ("2001:db8::1",)]


def _resolving(monkeypatch, net, found):
    async def resolve(name, qtype, resolver, limit=None):
        addresses, failure = found[qtype]
        answers = (Answer(t=0, addresses=addresses),) if addresses else ()
        return Resolve(t0=0, t=0, resolver=resolver, name=name, qtype=qtype, answers=answers, failure=failure)

    monkeypatch.setattr(net._resolver, "resolve", resolve)


def test_without_an_address_the_system_resolver_is_asked_first(net, listening, monkeypatch):
    """Its lookup is a step, and the address that it gave is the one connected to; IPv6 only where there is no IPv4."""

    async def go(found):
        _resolving(monkeypatch, net, found)
        async with listening(_page) as port:
            return await net.ask(Ask(layer=Layer.HTTP, url=f"http://a.example:{port}/"))

    outcome = asyncio.run(go({"A": (("127.0.0.1",), None)}))
    assert [type(step) for step in outcome.steps] == [Resolve, Connect, Fetch]
    six = asyncio.run(go({"A": ((), Failure.NO_ANSWER), "AAAA": (("::1",), None)}))
    assert [type(step) for step in six.steps] == [Resolve, Resolve, Connect]
    none = asyncio.run(go({"A": ((), Failure.NO_ANSWER), "AAAA": ((), Failure.NO_ANSWER)}))
    assert [type(step) for step in none.steps] == [Resolve, Resolve]
    lost = asyncio.run(go({"A": ((), Failure.NXDOMAIN)}))
    assert [step.failure for step in lost.steps] == [Failure.NXDOMAIN]


def test_a_url_with_an_address_needs_no_lookup(net, listening):
    """The host is the address."""

    async def go():
        async with listening(_page) as port:
            return await net.ask(Ask(layer=Layer.HTTP, url=f"http://127.0.0.1:{port}/"))

    assert [type(step) for step in asyncio.run(go()).steps] == [Connect, Fetch]


BAD = [
    Ask(layer=Layer.DNS, name="a.example"),
    Ask(layer=Layer.DNS, resolver="system"),
    Ask(layer=Layer.DNS, name="a..example", resolver="udp://127.0.0.1:53"),
    Ask(layer=Layer.DNS, name="a.example", resolver="udp://nowhere:53"),
    Ask(layer=Layer.DNS, name="a.example", qtype="A+A", resolver="system"),
    Ask(layer=Layer.DNS, name="a.example", qtype="A+AAAA+MX", resolver="system"),
    Ask(layer=Layer.TCP, address="127.0.0.1"),
    Ask(layer=Layer.TCP, address="127.0.0.1", port=70000),
    Ask(layer=Layer.TCP, address="a.example", port=80),
    Ask(layer=Layer.TCP, port=80),
    Ask(layer=Layer.RAW, address="127.0.0.1", port=80),
    Ask(layer=Layer.HTTP, address="127.0.0.1"),
    Ask(layer=Layer.HTTP, address="127.0.0.1", url="gopher://a.example/"),
    Ask(layer=Layer.HTTP, address="127.0.0.1", url="http://a.example/", method="G T"),
]


@pytest.mark.parametrize("ask", BAD)
def test_an_ask_that_cannot_be_is_undone(net, ask):
    """Nothing was sent, nothing is evidence, and the detail says what was wrong."""
    outcome = _ask(net, ask)
    assert (outcome.steps, outcome.undone) == ((), "bad_ask")
    assert outcome.detail


def test_a_guard_is_asked_before_anything_is_sent(pki):
    """Every address, a resolver's too."""
    seen = []

    def guard(address, port):
        seen.append((address, port))
        return "address"

    net = Net(Clock(), roots=str(pki.roots), own=Own(), guard=guard)
    assert _ask(net, Ask(layer=Layer.TCP, address="127.0.0.1", port=9)).undone == "refused:address"
    udp = Ask(layer=Layer.DNS, name="a.example", resolver="udp://127.0.0.1:53")
    assert _ask(net, udp).undone == "refused:address"
    assert seen == [("127.0.0.1", 9), ("127.0.0.1", 53)]


def test_a_computer_without_ipv6_says_so(net, monkeypatch):
    """No route for the family is no failure of a site."""
    monkeypatch.setattr(room, "source_for", lambda address, port: None)
    assert _ask(net, Ask(layer=Layer.TCP, address="2001:db8::1", port=443)).undone == "no_ipv6"
    ask = Ask(layer=Layer.DNS, name="a.example", resolver="udp://[2001:db8::53]:53")
    assert _ask(net, ask).undone == "no_ipv6"


def test_only_here_and_the_helper_can_be_asked(net):
    """Peers are other people's runs; without a helper nothing is asked elsewhere."""
    ask = Ask(layer=Layer.TCP, address="127.0.0.1", port=9)
    assert _ask(net, ask, side=Side.PEER).undone == "unsupported"
    assert _ask(net, ask, side=Side.HELPER).undone == "no_helper"
    assert asyncio.run(net.watch_helper()) is None
    assert net.clock_offset is None


def _with_helper(pki, *replies):
    net = Net(Clock(), roots=str(pki.roots), own=Own(), helper=SPEC)
    queue = list(replies)

    async def call(asks):
        return queue.pop(0)

    net._helper.call = call
    return net


def test_the_helpers_answers_are_outcomes(pki):
    """Steps pass through; what it refused to contact, and its silence, are reasons."""
    step = Connect(t0=0, t=1, address="198.51.100.1", port=443)
    ask = Ask(layer=Layer.TCP, address="198.51.100.1", port=443)
    net = _with_helper(
        pki,
        Reply(answers=(HelperAnswer(steps=(step,)),)),
        Reply(answers=(HelperAnswer(undone="refused:port"),)),
        Reply(answers=(HelperAnswer(undone="no_ipv6"),)),
        Reply(undone="helper_silent", detail="pin"),
    )
    net._helper.clock_offset = 3.0
    assert _ask(net, ask, side=Side.HELPER).steps == (step,)
    assert _ask(net, ask, side=Side.HELPER).undone == "helper_refused:port"
    assert _ask(net, ask, side=Side.HELPER).undone == "no_ipv6"
    silent = _ask(net, ask, side=Side.HELPER)
    assert (silent.undone, silent.detail) == ("helper_silent", "pin")
    assert net.clock_offset == 3.0


def test_watching_the_helper_tells_whether_it_is_itself_online(pki):
    """Reached when it last did, not reached if silent, nothing if it has no name to reach."""
    net = _with_helper(
        pki,
        Reply(reached=True, reached_ago=1000.0),
        Reply(reached=False),
        Reply(undone="helper_silent"),
        Reply(),
    )
    first = asyncio.run(net.watch_helper())
    assert first.reached
    assert first.t < -900
    assert not asyncio.run(net.watch_helper()).reached
    silent = asyncio.run(net.watch_helper())
    assert isinstance(silent, HelperWatch)
    assert not silent.reached
    assert asyncio.run(net.watch_helper()) is None


def test_by_default_own_addresses_are_learned_and_closing_forgets_them():
    """The default knows this computer's sources; a closed Net knows nothing."""
    net = Net(Clock(), limits=Limits())
    assert isinstance(net._own, Own)
    net._own.learn("192.0.2.17")
    net.close()
    assert "192.0.2.17" not in net._own


def test_steps_leave_masked(pki, listening):
    """Our address in a page never leaves the room."""

    async def told(reader, writer):
        writer.write(b"you are 192.0.2.17")

    net = Net(Clock(), roots=str(pki.roots), own=Own(("192.0.2.17",)))

    async def go():
        async with listening(told) as port:
            return await net.ask(Ask(layer=Layer.RAW, address="127.0.0.1", port=port, payload=b""))

    assert asyncio.run(go()).steps[1].received == b"you are " + b"x" * 10


def test_a_page_is_browsed_under_the_guard(pki, listening):
    """What the system resolver finds for a redirect's name is put to the guard like everything else."""
    asked = []

    def guard(address, port):
        asked.append(address)
        return None if len(asked) == 1 else "address"

    async def lead(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: http://localhost:1/\r\nContent-Length: 0\r\n\r\n")

    async def go():
        net = Net(Clock(), roots=str(pki.roots), own=Own(), guard=guard)
        async with listening(lead) as port:
            how = {"addresses": ("127.0.0.1",), "limit": 5.0, "body_limit": 100}
            return await net.browse(f"http://a.example:{port}/", (), **how)

    found = asyncio.run(go())
    assert (found.failure, found.detail) == (Failure.UNKNOWN, "refused:address")
    assert asked[0] == "127.0.0.1"


def test_a_name_without_an_address_has_its_failure(net, monkeypatch):
    """The first family's failure, or that there is none."""
    steps = [Resolve(t0=0, t=1, resolver="system", name="a", qtype="A", failure=Failure.NXDOMAIN)]

    async def resolve(name, qtype, resolver):
        return steps[0]

    monkeypatch.setattr(net._resolver, "resolve", resolve)
    assert asyncio.run(net._places("a")) is Failure.NXDOMAIN
    steps[0] = Resolve(t0=0, t=1, resolver="system", name="a", qtype="A")
    assert asyncio.run(net._places("a")) is Failure.NO_ANSWER


def test_an_ask_says_what_silence_ends_a_raw_answer(listening):
    """A pause of the server's that is longer than our usual patience does not cut a word from its end."""

    async def go(dwell):
        on = asyncio.Event()

        async def said(reader, writer):
            await reader.read(100)
            writer.write(b"word")
            await writer.drain()
            asyncio.get_running_loop().call_later(0.2, on.set)
            await on.wait()
            writer.write(b"\r\n")

        async with listening(said) as port:
            net = Net(Clock(), limits=Limits(late=0.02), own=Own())
            ask = Ask(layer=Layer.RAW, address="127.0.0.1", port=port, payload=b"x", most=6, dwell=dwell)
            return (await net.ask(ask)).steps[-1].received

    assert asyncio.run(go(5.0)) == b"word\r\n"
    assert asyncio.run(go(None)) == b"word"


def test_what_a_search_finds_is_hashed_under_its_person_s_key_and_nothing_else_is():
    """Two runs that were given one can be held against each other; without one no two can, and when closed none."""
    search = Ask(layer=Layer.HTTP, url="https://p.example/?q=a", extract=Extraction(discreet=True))
    one, two = (Net(Clock(), own=Own(), results=b"own") for _ in range(2))
    assert one._call(search, keep=False).key == two._call(search, keep=False).key == b"own"
    page = Ask(layer=Layer.HTTP, url="https://p.example/")
    assert len({net._call(page, keep=False).key for net in (one, two)}) == 2
    assert (
        Net(Clock(), own=Own())._call(search, keep=False).key != Net(Clock(), own=Own())._call(search, keep=False).key
    )
    one.close()
    assert one._call(search, keep=False).key == b""
