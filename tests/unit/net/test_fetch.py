"""The Fetch verb: every way a response can come or fail to come."""

import asyncio
import hashlib
import ssl

import h2.config
import h2.connection
import h2.events
import msgspec
import pytest

from hushmap.model import Ask, Failure, Layer
from hushmap.net import Net
from hushmap.net.channel import Channel
from hushmap.net.clock import Clock
from hushmap.net.connect import connect
from hushmap.net.fetch import DEFAULT_HEADERS, USER_AGENT, Call, call_data, fetch
from hushmap.net.mask import Own
from hushmap.wire import url as wire_url

KEY = b"key of the test"
BASE = wire_url.parse("http://www.a.example/start")


def _fetch(listening, handler, *, own=None, method="GET", **changes):
    async def go():
        async with listening(handler) as port:
            clock = Clock()
            _, sock = await connect("127.0.0.1", port, clock=clock, own=Own(), limit=5.0)
            call = Call(
                url=BASE,
                text=BASE.text,
                method=method,
                host=None,
                data=call_data(method, BASE, None, DEFAULT_HEADERS, b""),
                timeout=5.0,
                body_limit=1000,
                keep_body=True,
                key=KEY,
                valid=None,
            )
            with sock:
                call = msgspec.structs.replace(call, **changes)
                return await fetch(Channel(sock), call, clock=clock, own=own or Own())

    return asyncio.run(go())


def _saying(*pieces, then="close", reset=None):
    async def handler(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        if then == "hold":
            await reader.read()

    return handler


HEAD = b"HTTP/1.1 200 OK\r\nServer: test\r\nContent-Type: text/html\r\n"


def test_a_page_becomes_facts(listening):
    """Status, header names, title, length, hash and sketch; the whole exchange without a failure."""
    body = b"<title> A  page </title>some words of the page"
    step = _fetch(listening, _saying(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body))
    page = step.page
    assert (step.failure, page.status, page.title, page.server) == (None, 200, "A page", "test")
    assert page.header_names == ("server", "content-type", "content-length")
    assert (page.body_length, page.body_sha256) == (len(body), hashlib.sha256(body).hexdigest())
    assert (page.truncated, len(page.sketch), page.body) == (False, 16, body.decode())
    assert step.curve[-1][1] == len(HEAD) + len(body) + len(b"Content-Length: 46\r\n\r\n")
    assert 0 <= step.curve[0][0] <= step.t - step.t0


def test_the_request_is_honest_and_the_same_for_all(listening):
    """One User-Agent, no coding that would hide the body, Host of the URL."""
    seen = []

    async def handler(reader, writer):
        seen.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")

    assert _fetch(listening, handler).failure is None
    assert seen[0].startswith(b"GET /start HTTP/1.1\r\nHost: www.a.example\r\n")
    assert f"User-Agent: {USER_AGENT}".encode() in seen[0]
    assert b"ncoding" not in seen[0]


def test_a_chunked_body_is_read(listening):
    """Chunks are put together; what follows them does not matter."""
    step = _fetch(
        listening, _saying(HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", b"2\r\nde\r\n0\r\n\r\n")
    )
    assert (step.failure, step.page.body, step.page.truncated) == (None, "abcde", False)


def test_a_body_without_a_length_ends_with_the_connection(listening):
    """HTTP/1.0 style: the end is the end."""
    step = _fetch(listening, _saying(HEAD + b"\r\nabc"))
    assert (step.failure, step.page.body, step.page.truncated) == (None, "abc", False)


def test_a_body_cut_short_keeps_its_page(listening):
    """A FIN before the announced length is an end of file, and the facts so far stay."""
    step = _fetch(listening, _saying(HEAD + b"Content-Length: 100\r\n\r\nabc"))
    assert (step.failure, step.page.body_length, step.page.truncated) == (Failure.EOF, 3, True)


def test_a_body_beyond_the_bound_is_truncated_and_no_failure(listening):
    """Enough was read; the peer is not waited for."""
    step = _fetch(listening, _saying(HEAD + b"Content-Length: 5000\r\n\r\n" + b"x" * 2000, then="hold"))
    assert (step.failure, step.page.body_length, step.page.truncated) == (None, 1000, True)


def test_a_header_beyond_the_bound_is_too_large(listening):
    """No header without end."""
    step = _fetch(listening, _saying(HEAD + b"X: " + b"x" * 200000 + b"\r\n\r\n", then="hold"))
    assert (step.failure, step.page) == (Failure.HTTP_TOO_LARGE, None)


def test_garbage_is_an_invalid_response(listening):
    """What is no HTTP is told as such."""
    step = _fetch(listening, _saying(b"\x00\x01 no response\r\n\r\n", then="hold"))
    assert (step.failure, step.page) == (Failure.HTTP_INVALID, None)


def test_a_reset_after_the_request_is_a_reset(listening, reset):
    """RST on an established connection, with or without a page begun."""

    async def handler(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        reset(writer)

    step = _fetch(listening, handler)
    assert (step.failure, step.detail, step.page, step.curve) == (Failure.RESET, "ECONNRESET", None, ())


def test_a_close_without_a_word_is_an_end(listening):
    """FIN instead of a response."""
    step = _fetch(listening, _saying())
    assert (step.failure, step.page) == (Failure.EOF, None)


@pytest.mark.parametrize("said", [b"", HEAD + b"Content-Length: 100\r\n\r\nabc"])
def test_silence_is_a_time_out(listening, said):
    """Nothing, or nothing more, within the limit."""
    step = _fetch(listening, _saying(said, then="hold"), timeout=0.1)
    assert (step.failure, step.detail) == (Failure.TIMEOUT, None)
    assert (step.page is None) == (not said)


def test_a_slow_response_draws_its_curve(listening):
    """Each segment is a point: time never falls, bytes always rise."""

    async def handler(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(HEAD + b"Content-Length: 5\r\n\r\n")
        for piece in (b"a", b"b", b"c", b"d", b"e"):
            await writer.drain()
            await asyncio.sleep(0.01)
            writer.write(piece)

    step = _fetch(listening, handler)
    times, sizes = zip(*step.curve, strict=True)
    assert step.failure is None
    assert len(sizes) >= 3
    assert sorted(times) == list(times)
    assert sorted(set(sizes)) == list(sizes)


CANDIDATES = [
    ("http", None, 200, True),
    ("https", True, 200, False),
    ("https", False, 200, True),
    ("https", None, 200, True),
    ("https", True, 403, True),
    ("https", True, 451, True),
]


@pytest.mark.parametrize(("scheme", "valid", "status", "kept"), CANDIDATES)
def test_a_body_is_kept_only_of_a_candidate(listening, scheme, valid, status, kept):
    """Plain HTTP, a certificate that does not hold, or 403 and 451; and never when the caller forbids it."""
    said = _saying(b"HTTP/1.1 %d X\r\nContent-Length: 4\r\n\r\nbody" % status)
    url = msgspec.structs.replace(BASE, scheme=scheme)
    assert _fetch(listening, said, url=url, valid=valid).page.body == ("body" if kept else None)
    assert _fetch(listening, said, url=url, valid=valid, keep_body=False).page.body is None


def test_our_address_is_masked_before_anything_is_hashed(listening):
    """Body, title, server, location and hash: the same page for two volunteers is the same record."""

    def told(address):
        body = f"<title>{address}</title>you are {address}".encode()
        head = (
            f"HTTP/1.1 302 Found\r\nServer: {address}\r\nLocation: /?{address}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return _fetch(listening, _saying(head.encode() + body), own=Own((address,))).page

    one, other = told("192.0.2.17"), told("192.0.2.18")
    assert one == other
    assert one.title == "x" * 10
    assert one.location == "/?" + "x" * 10


def test_headers_that_name_what_answered_keep_their_values(listening):
    """Masked, bounded, and with an address's query as in a Location; cookies and all others keep only their names."""
    head = HEAD + (
        b"Via: 1.1 gate-192.0.2.17 (wall)\r\nSet-Cookie: id=77\r\nX-Squid-Error: ERR_ACCESS_DENIED 0\r\n"
        b"X-App-Url: http://block.example/?id=77\r\nX-Subscriber: 77\r\n"
    )
    said = head + b"X-Cache: %s\r\n" % (b"y" * 3000) + b"X-Cache: MISS\r\n" * 20 + b"\r\n"
    page = _fetch(listening, _saying(said), own=Own(("192.0.2.17",))).page
    via, error, url, long, *rest = page.headers
    assert via == ("via", "1.1 gate-xxxxxxxxxx (wall)")
    assert error == ("x-squid-error", "ERR_ACCESS_DENIED 0")
    assert url[1].startswith("http://block.example/?masked=5-")
    assert long == ("x-cache", "y" * 2000)
    assert rest == [("x-cache", "MISS")] * 12
    assert {"set-cookie", "x-subscriber"} < set(page.header_names)


def test_head_has_no_body(listening):
    """A HEAD response with a length is complete without its body."""
    step = _fetch(listening, _saying(HEAD + b"Content-Length: 100\r\n\r\n"), method="HEAD")
    assert (step.failure, step.page.body_length, step.page.truncated) == (None, 0, False)


def test_a_tls_fault_in_mid_stream_is_a_failure(listening):
    """A broken record after the handshake ends the step, with OpenSSL's reason."""

    class Broken(Channel):
        async def receive(self):
            error = ssl.SSLError(1, "x")
            error.reason = "DECRYPTION_FAILED_OR_BAD_RECORD_MAC"
            raise error

        async def send(self, data):
            return

    async def go():
        call = Call(
            url=BASE,
            text="",
            method="GET",
            host=None,
            data=b"",
            timeout=1,
            body_limit=1,
            keep_body=False,
            key=KEY,
            valid=True,
        )
        return await fetch(Broken(None), call, clock=Clock(), own=Own())

    step = asyncio.run(go())
    assert (step.failure, step.detail) == (Failure.TLS_FAILED, "DECRYPTION_FAILED_OR_BAD_RECORD_MAC")


def _over_h2(pki, listening, act, alpn=("h2", "http/1.1"), spoken="h2"):
    """The page load from a server that chooses `spoken` and does `act(connection)` with the request."""
    tls = pki.context("a.example", cn=spoken)
    tls.set_alpn_protocols([spoken])

    async def serve(reader, writer):
        server = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        server.initiate_connection()
        writer.write(server.data_to_send())
        while data := await reader.read(65536):
            events = server.receive_data(data)
            if any(isinstance(event, h2.events.RequestReceived) for event in events):
                act(server)
            writer.write(server.data_to_send())

    async def go():
        async with listening(serve, tls) as port:
            net = Net(Clock(), roots=str(pki.roots), own=Own())
            url = f"https://a.example:{port}/"
            return await net.ask(
                Ask(layer=Layer.HTTP, address="127.0.0.1", port=port, url=url, sni="a.example", alpn=alpn)
            )

    return asyncio.run(go()).steps


def test_a_server_that_chooses_http_2_is_spoken_to_in_it(pki, listening):
    """The facts of the page are those of any page."""

    def page(server):
        server.send_headers(1, [(":status", "200"), ("server", "here")])
        server.send_data(1, b"<title>Here</title>", end_stream=True)

    _, hello, fetched = _over_h2(pki, listening, page)
    assert (hello.alpn, fetched.protocol, fetched.failure) == ("h2", "h2", None)
    assert (fetched.page.status, fetched.page.title, fetched.page.server) == (200, "Here", "here")


def test_a_stream_that_an_http_2_server_resets_has_its_code(pki, listening):
    """It is the server's act, and the step keeps which."""
    _, _, fetched = _over_h2(pki, listening, lambda server: server.reset_stream(1, 7))
    assert (fetched.failure, fetched.detail) == (Failure.HTTP_INVALID, "h2 reset 0x7")
