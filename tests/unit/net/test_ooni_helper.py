"""The client of a helper of OONI's kind: what it gathers into one request, what it reuses, and when it gives up."""

import asyncio
import contextlib
import json

import pytest

from hushmap.model import Ask, Connect, Failure, Fetch, Handshake, Layer, Side
from hushmap.net import Net, OoniSpec, parse_helper
from hushmap.net import ooni_helper as room
from hushmap.net.clock import Clock
from hushmap.net.limits import Limits
from hushmap.net.mask import Own
from hushmap.wire import http as wire_http
from hushmap.wire import ooni_helper as wire
from hushmap.wire.helper import HelperSpec
from hushmap.wire.ooni_helper import Dns, Http, OoniReply, Tcp, Tls

X, Y = "198.51.100.7", "198.51.100.8"
HOST = "news.example"
LOOKUP = Ask(layer=Layer.DNS, name=HOST, resolver="system")


def page(address=X, url=f"https://{HOST}/a"):
    """The load of a page from an address."""
    host = url.split("/")[2]
    return Ask(layer=Layer.HTTP, address=address, port=443, url=url, sni=host)


def told(request, *, own=(X,), title="News"):
    """What a helper that reaches everything says: of the endpoints that it was told, and of its own."""
    port = 443
    host = request["http_request"].split("/")[2]
    ends = dict.fromkeys([*request["tcp_connect"], *(f"{address}:{port}" for address in own)])
    return OoniReply(
        tcp_connect={end: Tcp(status=True) for end in ends},
        tls_handshake={end: Tls(server_name=host, status=True) for end in ends},
        http_request=Http(body_length=1, status_code=200, title=title),
        dns=Dns(addrs=own),
    )


class Helper:
    """A server that answers with what a function makes of each request, and remembers them."""

    def __init__(self, make):
        self.make, self.seen, self.heads = make, [], []
        self.gate, self.arrivals = None, asyncio.Queue()
        self.now = self.most = 0

    async def handler(self, reader, writer):
        request = wire_http.RequestReader()
        while not request.done:
            data = await reader.read(65536)
            if not data:
                return
            request.feed(data)
        self.heads.append(request.request)
        self.seen.append(json.loads(request.body))
        self.now += 1
        self.most = max(self.most, self.now)
        self.arrivals.put_nowait(1)
        if self.gate is not None:
            await self.gate.wait()
        self.now -= 1
        made = self.make(self.seen[-1])
        if made is None:
            return
        status, headers, body = made if isinstance(made, tuple) else (200, (), wire.encode_reply(made))
        writer.write(wire_http.response_bytes(status, (*headers, ("Connection", "close")), body))
        await writer.drain()


@contextlib.asynccontextmanager
async def _helped(pki, listening, make=told, *, name="127.0.0.1", ip="127.0.0.1", own=None, helper=0.05):
    server = Helper(make)
    async with listening(server.handler, pki.context("helper.example", ip=ip)) as port:
        net = Net(
            Clock(),
            limits=Limits(helper=helper),
            roots=str(pki.roots),
            own=own or Own(),
            helper=OoniSpec(url=f"https://{name}:{port}/"),
            harmless="www.harmless.example",
        )
        yield net, server


def _asked(pki, listening, *asks, **how):
    async def go():
        async with _helped(pki, listening, **how) as (net, server):
            outcomes = await asyncio.gather(*(net.ask(ask, Side.HELPER) for ask in asks))
            return outcomes, server, net

    return asyncio.run(go())


def test_the_asks_of_a_page_are_one_request(pki, listening):
    """The lookup waits for the page that it is part of; every address of the page goes along."""
    outcomes, server, net = _asked(pki, listening, LOOKUP, page(), page(Y))
    assert [sorted(request["tcp_connect"]) for request in server.seen] == [[f"{X}:443", f"{Y}:443"]]
    request, head = server.seen[0], server.heads[0]
    assert request["http_request"] == f"https://{HOST}/a"
    assert request["x_quic_enabled"] is False
    assert list(request["http_request_headers"]) == ["User-Agent", "Accept"]
    assert (head.method, head.target, head.header("content-type")) == ("POST", "/", "application/json")
    lookup, mine, other = outcomes
    assert lookup.steps[0].addresses == (X,)
    assert [type(step) for step in mine.steps] == [Connect, Handshake, Fetch]
    assert [type(step) for step in other.steps] == [Connect, Handshake]
    assert {step.t0 for outcome in outcomes for step in outcome.steps} == {mine.steps[0].t0}
    assert net.clock_offset is None


def test_a_reply_answers_for_a_minute(pki, listening):
    """The same page, or an address that the helper tried of itself; not another address, page, or hour."""

    async def go():
        async with _helped(pki, listening, helper=0.5) as (net, server):
            counts = []
            for ask in (LOOKUP, page(url=f"https://{HOST}/"), LOOKUP, page(Y, f"https://{HOST}/"), page()):
                await net.ask(ask, Side.HELPER)
                counts.append(len(server.seen))
            net._helper._batches[0].got = room._Got(reply=OoniReply(), t0=-1000.0)
            net._helper._batches[1].got = room._Got(reply=OoniReply(), t0=-1000.0)
            await net.ask(page(Y, f"https://{HOST}/"), Side.HELPER)
            return counts, server.seen, len(net._helper._batches)

    counts, seen, kept = asyncio.run(go())
    assert counts == [1, 1, 1, 2, 3]
    assert [request["http_request"] for request in seen] == [f"https://{HOST}/"] * 2 + [
        f"https://{HOST}/a",
        f"https://{HOST}/",
    ]
    assert kept == 2, "what is old is forgotten"


def test_an_ask_waits_for_what_is_under_way(pki, listening):
    """The helper may try the address of itself; if it does not, it is asked to."""

    async def go():
        async with _helped(pki, listening) as (net, server):
            server.gate = asyncio.Event()
            first = asyncio.ensure_future(net.ask(LOOKUP, Side.HELPER))
            await server.arrivals.get()
            more = [asyncio.ensure_future(net.ask(page(a, f"https://{HOST}/"), Side.HELPER)) for a in (X, Y)]
            await asyncio.sleep(0)
            server.gate.set()
            return [await one for one in (first, *more)], server

    outcomes, server = asyncio.run(go())
    assert [request["tcp_connect"] for request in server.seen] == [[], [f"{Y}:443"]]
    assert all(outcome.undone is None for outcome in outcomes)


def test_only_two_requests_are_under_way(pki, listening):
    """Other people need the helper too."""

    async def go():
        async with _helped(pki, listening) as (net, server):
            server.gate = asyncio.Event()
            names = [f"https://{number}.example/" for number in range(5)]
            asks = [asyncio.ensure_future(net.ask(page(url=url), Side.HELPER)) for url in names]
            await server.arrivals.get()
            await server.arrivals.get()
            sent = [batch.sent for batch in net._helper._batches]
            server.gate.set()
            await asyncio.gather(*asks)
            return server, sent

    server, sent = asyncio.run(go())
    assert (server.most, len(server.seen), sum(sent), len(sent)) == (2, 5, 2, 5)


def test_more_addresses_than_a_request_holds_are_two(pki, listening):
    """As many endpoints as the protocol is given room for."""
    asks = [page(f"198.51.100.{number}") for number in range(1, wire.ENDPOINTS + 2)]
    _, server, _ = _asked(pki, listening, *asks)
    assert sorted(len(request["tcp_connect"]) for request in server.seen) == [1, wire.ENDPOINTS]


def test_what_it_cannot_do_is_not_asked(pki, listening):
    """Raw bytes; and no word to strangers about an address of our own."""
    raw = Ask(layer=Layer.RAW, address=X, port=80, payload=b"x")
    outcomes, server, _ = _asked(pki, listening, raw, page(), own=Own((X,)))
    assert [outcome.undone for outcome in outcomes] == ["helper_cannot"] * 2
    assert server.seen == []


def test_our_address_is_masked_in_what_it_says(pki, listening):
    """A page may greet the one who asked."""
    outcomes, _, _ = _asked(
        pki, listening, page(), own=Own(("192.0.2.17",)), make=lambda request: told(request, title="To 192.0.2.17")
    )
    assert outcomes[0].steps[-1].page.title == "To " + "x" * 10


REFUSALS = [(400, 1, "helper_refused:400"), (503, 3, "helper_refused:503"), (429, 3, "helper_refused:429")]


@pytest.mark.parametrize(("status", "tries", "undone"), REFUSALS)
def test_a_refusal_is_told_and_a_busy_helper_asked_again(pki, listening, status, tries, undone):
    """Each with its status; one request more is made for whoever asks later."""
    outcomes, server, _ = _asked(pki, listening, page(), LOOKUP, make=lambda request: (status, (), b""))
    assert [outcome.undone for outcome in outcomes] == [undone] * 2
    assert len(server.seen) == tries


def test_a_busy_helper_may_answer_yet(pki, listening):
    """The third answer counts."""
    count = []

    def make(request):
        count.append(1)
        return (503, (), b"") if len(count) < 3 else told(request)

    outcomes, _, _ = _asked(pki, listening, page(), make=make)
    assert outcomes[0].undone is None


def test_a_silent_helper_is_silent_after_three_tries_and_may_come_back(pki, listening):
    """Nothing of a failed request is kept."""

    async def go():
        answers = [None, None, None]
        async with _helped(pki, listening, lambda request: answers.pop() if answers else told(request)) as found:
            net, server = found
            first = await net.ask(page(), Side.HELPER)
            net._helper._rest_until = 1000.0
            second = await net.ask(LOOKUP, Side.HELPER)
            tries = len(server.seen)
            net._helper._rest_until = 0.0
            answers += [None]
            third = await net.ask(LOOKUP, Side.HELPER)
            once = len(server.seen)
            net._helper._rest_until = 0.0
            return first, second, tries, third, once, await net.ask(page(), Side.HELPER)

    first, second, tries, third, once, last = asyncio.run(go())
    assert (first.undone, first.detail, tries) == ("helper_silent", "eof_error", 3)
    assert second == first, "it is left alone for a while"
    assert (third.undone, once) == ("helper_silent", 4)
    assert last.undone is None


def test_a_certificate_of_another_is_silence_at_once(pki, listening):
    """It will not hold at the next try either, and nothing was sent."""
    outcomes, server, _ = _asked(pki, listening, page(), ip=None)
    assert (outcomes[0].undone, outcomes[0].detail) == ("helper_silent", "handshake: ssl_invalid_hostname")
    assert server.seen == []


def test_a_helper_that_cannot_be_reached_is_silent(pki):
    """Three tries, and no more."""

    async def go():
        net = Net(
            Clock(), limits=Limits(helper=0.01), roots=str(pki.roots), own=Own(),
            helper=OoniSpec(url="https://127.0.0.1:1/"),
        )  # fmt: skip
        return await net.ask(page(), Side.HELPER), await net.watch_helper()

    outcome, watch = asyncio.run(go())
    assert (outcome.undone, outcome.detail) == ("helper_silent", "connect: connection_refused")
    assert not watch.reached


def test_a_reply_that_makes_no_sense_is_a_refusal(pki, listening):
    """Nothing of it is used."""
    outcomes, _, _ = _asked(pki, listening, page(), make=lambda request: (200, (), b"{"))
    assert outcomes[0].undone == "helper_refused:reply"


DATES = [("Sat, 21 Nov 2026 22:33:00 GMT", True), ("yesterday", False), ("Sat, 21 Nov 2026 22:33:00 -0000", False)]


@pytest.mark.parametrize(("date", "known"), DATES)
def test_its_date_corrects_our_clock(pki, listening, date, known):
    """A certificate that holds vouches for it; what is no date, or one without a zone, is none."""

    def make(request):
        return 200, (("Date", date),), wire.encode_reply(told(request))

    _, _, net = _asked(pki, listening, page(), make=make)
    assert (net.clock_offset is not None) is known


def test_a_harmless_page_shows_that_it_is_online(pki, listening):
    """Asked for only where no other page did within the minute."""

    async def go():
        async with _helped(pki, listening, helper=0.5) as (net, server):
            watches = [await net.watch_helper(), await net.watch_helper()]
            net._helper._seen = -1000.0
            await net.ask(page(), Side.HELPER)
            watches.append(await net.watch_helper())
            return watches, [request["http_request"] for request in server.seen]

    watches, seen = asyncio.run(go())
    assert [watch.reached for watch in watches] == [True] * 3
    assert seen == ["https://www.harmless.example/", f"https://{HOST}/a"]


def test_a_helper_that_reaches_nothing_is_not_online(pki, listening):
    """It answers, and got nowhere: nothing may rest on it."""

    async def go():
        nothing = OoniReply(http_request=Http(failure="unknown_error"))
        async with _helped(pki, listening, lambda request: nothing) as (net, _):
            return await net.watch_helper()

    assert not asyncio.run(go()).reached


def test_all_answers_come_or_none(pki, listening):
    """Several asks in one call, in their order."""

    async def go():
        async with _helped(pki, listening) as (net, _):
            return await net._helper.call((page(), LOOKUP, Ask(layer=Layer.RAW)))

    reply = asyncio.run(go())
    assert [len(one.steps) for one in reply.answers] == [3, 1, 0]
    assert reply.answers[2].undone == "helper_cannot"


def test_a_helper_of_either_kind_is_named_by_its_string():
    """A word, a URL, or our own."""
    assert parse_helper("ooni").ooni
    assert parse_helper("https://helper.example/") == OoniSpec(url="https://helper.example/")
    assert isinstance(parse_helper(f"hushmap://token-of-the-test@192.0.2.7:1#sha256={'ab' * 32}"), HelperSpec)
    with pytest.raises(ValueError, match="a helper is written"):
        parse_helper("http://helper.example/")


def test_a_failure_there_is_a_step(pki, listening):
    """What the helper met is told as if we had met it there."""
    refused = OoniReply(tcp_connect={f"{X}:443": Tcp(failure="connection_refused_error")})
    outcomes, _, _ = _asked(pki, listening, page(), make=lambda request: refused)
    assert outcomes[0].steps[0].failure is Failure.REFUSED
