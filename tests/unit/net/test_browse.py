"""A page load with redirects and cookies: where it ends, and everything that ends it."""

import asyncio

import pytest

from hushmap.model import Failure
from hushmap.net.browse import REDIRECTS, Browser
from hushmap.net.clock import Clock
from hushmap.net.limits import Limits
from hushmap.net.mask import Own
from hushmap.net.trust import Trust
from hushmap.wire import http as wire_http
from hushmap.wire.url import parse

HEADERS = (("User-Agent", "test"),)


async def _nowhere(name):
    return Failure.NXDOMAIN


def _site(answer, seen):
    """A handler that answers each request with the bytes that `answer(request)` gives."""

    async def handler(reader, writer):
        request = wire_http.RequestReader()
        while not request.done:
            data = await reader.read(65536)
            if not data:
                return
            request.feed(data)
        seen.append(request.request)
        writer.write(answer(request.request))
        await writer.drain()

    return handler


def _load(
    pki, listening, answer, *, path="/", scheme="http", names=("a.example",), tls=None, lookup=_nowhere, guard=None,
    addresses=("127.0.0.1",), limit=5.0, own=None, **how,
):  # fmt: skip
    seen = []

    async def go():
        context = None if scheme == "http" else pki.context(*names) if tls is None else tls
        async with listening(_site(lambda request: answer(request, port), seen), context) as port:
            browser = Browser(
                clock=Clock(),
                own=own or Own(),
                trust=Trust(str(pki.roots)),
                limits=Limits(),
                lookup=lookup,
                guard=guard or (lambda address, port: None),
                **how,
            )
            page = parse(f"{scheme}://a.example:{port}{path}")
            return await browser.load(page, HEADERS, addresses=addresses, limit=5.0, body_limit=1000)

    return asyncio.run(go()), seen


def _response(status, *headers, body=b""):
    return wire_http.response_bytes(status, headers, body)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_page_is_loaded(pki, listening, scheme):
    """Headers as given, none that would compress; the answer's in order, our own address masked."""
    found, seen = _load(
        pki, listening, lambda request, port: _response(200, ("X-You", "192.0.2.17"), body=b"to 192.0.2.17"),
        scheme=scheme, own=Own(("192.0.2.17",)),
    )  # fmt: skip
    assert (found.status, found.failure, found.body, found.truncated) == (200, None, b"to " + b"x" * 10, False)
    assert found.headers[0] == ("x-you", "x" * 10)
    assert [name for name, _ in seen[0].headers] == ["host", "user-agent", "connection"]


def test_redirects_are_followed_with_their_cookies(pki, listening):
    """To other names too, which are looked up; what was set comes back."""
    asked = []

    async def lookup(name):
        asked.append(name)
        return ("127.0.0.1",)

    def answer(request, port):
        if request.header("cookie") == "seen=1" and request.target == "/there":
            return _response(200, body=b"home")
        if request.target == "/":
            return _response(302, ("Location", "/b"), ("Set-Cookie", "seen=1; Domain=a.example"))
        return _response(303, ("Location", f"http://www.a.example:{port}/there"), ("Location", "/other"))

    found, seen = _load(pki, listening, answer, lookup=lookup)
    assert (found.status, found.body) == (200, b"home")
    assert [request.target for request in seen] == ["/", "/b", "/there"]
    assert asked == ["www.a.example"]


@pytest.mark.parametrize("room_for", [0, 1, 2, 4, 5])
def test_each_lookup_and_connection_of_a_load_takes_its_room(pki, listening, room_for):
    """Redirects as well: a page that leads on is given up where there is no room, and nothing is said of it."""
    left = [room_for]

    def room():
        left[0] -= 1
        return left[0] >= 0

    async def lookup(name):
        return ("127.0.0.1",)

    def answer(request, port):
        step = int(request.target.strip("/") or 0) + 1
        return _response(302, ("Location", f"http://h{step}.example:{port}/{step}"))

    found, seen = _load(pki, listening, answer, lookup=lookup, room=room)
    assert (found.halted, found.failure, found.status) == (True, None, None)
    assert len(seen) == (room_for + 1) // 2


ENDS = [
    (_response(302, ("Location", "/")), None, "redirects without end", REDIRECTS + 1),
    (_response(302, ("Location", "ftp://a.example/")), None, "no http", 1),
    (_response(304), 304, None, 1),
    (_response(302), 302, None, 1),
    (_response(302, ("Location", "http://gone.example/")), None, None, 1),
    (b"junk\r\n\r\n", None, None, 1),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", 200, None, 1),
]
FAILED = [Failure.UNKNOWN, Failure.UNKNOWN, None, None, Failure.NXDOMAIN, Failure.HTTP_INVALID, Failure.EOF]


@pytest.mark.parametrize(("case", "failure"), list(zip(ENDS, FAILED, strict=True)))
def test_every_end_has_its_reason(pki, listening, case, failure):
    """Loops, other schemes, redirects that lead nowhere, names that do not exist, garbage, halves."""
    data, status, detail, requests = case
    found, seen = _load(pki, listening, lambda request, port: data)
    assert (found.failure, found.status, len(seen)) == (failure, status, requests)
    assert detail is None or detail in found.detail


def test_a_long_body_is_cut_and_said_to_be(pki, listening):
    """No failure: only its end is not known."""
    found, _ = _load(pki, listening, lambda request, port: _response(200, body=b"x" * 5000))
    assert (found.failure, len(found.body), found.truncated) == (None, 1000, True)


def test_a_certificate_must_hold(pki, listening):
    """Of another name, it is a failure."""
    found, seen = _load(pki, listening, lambda request, port: b"", scheme="https", names=("b.example",))
    assert (found.failure, seen) == (Failure.INVALID_HOSTNAME, [])


def test_addresses_are_tried_one_after_another(pki, listening):
    """One that refuses is not the end, nor one that may not be contacted; if none is left it is told why."""
    found, _ = _load(pki, listening, lambda request, port: _response(200), addresses=("127.0.0.9", "127.0.0.1"))
    assert found.status == 200

    def guard(address, port):
        return "refused:address" if address == "10.0.0.1" else None

    found, _ = _load(
        pki, listening, lambda request, port: _response(200), guard=guard, addresses=("10.0.0.1", "127.0.0.1")
    )
    assert found.status == 200
    found, _ = _load(pki, listening, lambda request, port: b"", guard=guard, addresses=("10.0.0.1",))
    assert (found.failure, found.detail) == (Failure.UNKNOWN, "refused:address")
    found, _ = _load(pki, listening, lambda request, port: b"", addresses=("127.0.0.9",))
    assert found.failure is Failure.REFUSED
    found, _ = _load(pki, listening, lambda request, port: b"", addresses=())
    assert found.failure is Failure.NO_ANSWER


def test_an_address_in_place_of_a_name_is_not_looked_up(pki, listening):
    """A redirect may lead to one; the guard is asked all the same."""
    asked = []

    def guard(address, port):
        asked.append(address)

    def answer(request, port):
        home = request.host.startswith("127.")
        return _response(200) if home else _response(302, ("Location", f"http://127.0.0.1:{port}/"))

    found, _ = _load(pki, listening, answer, guard=guard)
    assert (found.status, asked) == (200, ["127.0.0.1", "127.0.0.1"])


def test_silence_is_a_time_out(pki, listening):
    """One limit for the whole load."""

    async def mute(reader, writer):
        await reader.read()

    async def go():
        async with listening(mute) as port:
            browser = Browser(
                clock=Clock(), own=Own(), trust=Trust(str(pki.roots)), limits=Limits(), lookup=_nowhere,
                guard=lambda address, port: None,
            )  # fmt: skip
            page = parse(f"http://a.example:{port}/")
            return await browser.load(page, HEADERS, addresses=("127.0.0.1",), limit=0.05, body_limit=10)

    assert asyncio.run(go()).failure is Failure.TIMEOUT


def test_a_reset_is_a_reset(pki, listening, reset):
    """In the middle of a load."""

    async def rude(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        reset(writer)

    async def go():
        async with listening(rude) as port:
            browser = Browser(
                clock=Clock(), own=Own(), trust=Trust(str(pki.roots)), limits=Limits(), lookup=_nowhere,
                guard=lambda address, port: None,
            )  # fmt: skip
            page = parse(f"http://a.example:{port}/")
            return await browser.load(page, HEADERS, addresses=("127.0.0.1",), limit=5.0, body_limit=10)

    assert asyncio.run(go()).failure is Failure.RESET
