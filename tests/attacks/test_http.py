"""Web servers of ill will: a page without an end, in every way that HTTP offers."""

import gzip
import itertools
import time
import zlib

import pytest
import zstandard

from attackers import asked, attacking
from hushmap.model import Ask, Failure, Layer
from hushmap.net import Limits

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
MANY = 4096
SLOW = 20.0
"""Seconds for what must end by itself, on a computer however busy."""
BUDGET = Limits().connect + Limits().fetch


def _endless(start, block):
    """A server that says `start`, then `block` for ever."""

    def serve(connection):
        connection.recv(65536)
        connection.sendall(start)
        for piece in itertools.repeat(block):
            connection.sendall(piece)

    return serve


def _saying(*pieces):
    """A server that says this and then nothing more."""

    def serve(connection):
        connection.recv(65536)
        for piece in pieces:
            connection.sendall(piece)
        connection.recv(1)

    return serve


def _dribbling(start, period):
    """A server that says `start`, then one byte at a time."""

    def serve(connection):
        connection.recv(65536)
        connection.sendall(start)
        while True:
            time.sleep(period)
            connection.sendall(b"x")

    return serve


def _fetched(serve, **limits):
    with attacking(serve) as port:
        ask = Ask(layer=Layer.HTTP, address="127.0.0.1", url=f"http://a.example:{port}/")
        outcome = asked(ask, budget=BUDGET, **limits)
    assert outcome.undone is None
    return outcome.steps[-1]


def _bomb(coding):
    """A thousand to one: 10 MB of zeros."""
    zeros = bytes(10_000_000)
    return {"gzip": gzip.compress, "deflate": zlib.compress, "zstd": zstandard.compress}[coding](zeros)


ENDLESS = {
    "header lines": (OK, b"X-A: b\r\n" * MANY, Failure.HTTP_TOO_LARGE),
    "one header line": (OK + b"X-A: ", b"x" * 65536, Failure.HTTP_TOO_LARGE),
    "status line": (b"HTTP/1.1 200 ", b"x" * 65536, Failure.HTTP_TOO_LARGE),
    "empty lines": (b"", b"\r\n" * MANY, Failure.HTTP_INVALID),
    "provisional answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * MANY, Failure.HTTP_TOO_LARGE),
    "early hints": (b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * MANY, Failure.HTTP_TOO_LARGE),
    "folded header": (OK + b"X-A: b\r\n", b" folded\r\n" * MANY, Failure.HTTP_TOO_LARGE),
    "cookies": (OK, b"Set-Cookie: a=b; Path=/\r\n" * MANY, Failure.HTTP_TOO_LARGE),
    "body": (OK + b"\r\n", b"x" * 65536, None),
    "chunks": (CHUNKED, b"1000\r\n" + b"x" * 4096 + b"\r\n", None),
    "chunks of one byte": (CHUNKED, b"1\r\nx\r\n" * MANY, None),
    "chunk extension": (CHUNKED + b"1", b";a=b" * MANY, Failure.HTTP_TOO_LARGE),
    "chunk extensions": (CHUNKED, (b"1" + b";a=b" * 1000 + b"\r\nx\r\n") * 16, None),
    "chunk size": (CHUNKED, b"0" * 65536, Failure.HTTP_TOO_LARGE),
    "trailer": (CHUNKED + b"0\r\n", b"X-A: b\r\n" * MANY, Failure.HTTP_TOO_LARGE),
    "NULs": (b"", bytes(65536), Failure.HTTP_INVALID),
}


@pytest.mark.parametrize("what", ENDLESS)
def test_what_has_no_end_is_ended_here(what):
    """Header, body or framing: it costs a bounded time and memory, and is a failure or a page cut short."""
    start, block, failure = ENDLESS[what]
    step = _fetched(_endless(start, block), fetch=SLOW)
    assert step.failure is failure, step
    if step.page is not None:
        assert step.page.truncated
        assert step.page.body_length <= 128 * 1024


SAID = {
    "a length that is none": (OK + b"Content-Length: 1e9\r\n\r\n", Failure.HTTP_INVALID),
    "a negative length": (OK + b"Content-Length: -1\r\n\r\n", Failure.HTTP_INVALID),
    "two lengths": (OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx", Failure.HTTP_INVALID),
    "a length of 4,000 digits": (OK + b"Content-Length: " + b"9" * 4000 + b"\r\n\r\n", Failure.HTTP_INVALID),
    "chunks of no number": (CHUNKED + b"zz\r\nxx\r\n", Failure.HTTP_INVALID),
    "a negative chunk": (CHUNKED + b"-1\r\nxx\r\n", Failure.HTTP_INVALID),
    "a chunk too long": (CHUNKED + b"2\r\nxxxx\r\n0\r\n\r\n", Failure.HTTP_INVALID),
    "a NUL in a value": (OK + b"X-A: a\0b\r\nContent-Length: 0\r\n\r\n", Failure.HTTP_INVALID),
    "a NUL in a name": (OK + b"X\0A: b\r\nContent-Length: 0\r\n\r\n", Failure.HTTP_INVALID),
    "a line folded": (OK + b"X-A: a\r\n b\r\nContent-Length: 0\r\n\r\n", None),
    "a fold before any line": (OK + b" b\r\nContent-Length: 0\r\n\r\n", Failure.HTTP_INVALID),
    "another protocol": (b"SSH-2.0-x\r\n\r\n", Failure.HTTP_INVALID),
    "a switch of protocols": (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", Failure.HTTP_INVALID),
    "a status of no number": (b"HTTP/1.1 two OK\r\n\r\n", Failure.HTTP_INVALID),
}


@pytest.mark.parametrize("what", SAID)
def test_what_is_no_http_is_told_as_such(what):
    """Broken lengths, chunks, lines: one failure, at once and without an exception."""
    said, failure = SAID[what]
    step = _fetched(_saying(said), fetch=SLOW)
    assert step.failure is failure, step


@pytest.mark.parametrize("cookies", [100_000])
def test_a_hundred_thousand_cookies_are_not_taken(cookies):
    """A header beyond its bound ends the exchange, however well formed."""
    lines = b"".join(b"Set-Cookie: c%d=%d; Path=/; HttpOnly\r\n" % (number, number) for number in range(cookies))
    step = _fetched(fetch=SLOW, serve=_saying(OK + lines + b"Content-Length: 0\r\n\r\n"))
    assert (step.failure, step.page) == (Failure.HTTP_TOO_LARGE, None)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "zstd"])
def test_a_compressed_body_is_taken_as_it_comes(coding):
    """Nothing is ever inflated, so that a bomb is what it weighs."""
    bomb = _bomb(coding)
    head = OK + b"Content-Encoding: %s\r\nContent-Length: %d\r\n\r\n" % (coding.encode(), len(bomb))
    step = _fetched(_saying(head + bomb), fetch=SLOW)
    assert step.failure is None
    assert step.page.body_length == min(len(bomb), 128 * 1024)


@pytest.mark.parametrize(
    "start",
    [b"", b"HTTP/1.1 200 OK\r\nX-A: ", OK + b"\r\n", CHUNKED + b"ffff\r\n", OK + b"Content-Length: 999\r\n\r\n"],
)
def test_one_byte_at_a_time_is_a_time_out(start):
    """The limit is of the whole exchange, not of the wait for the next byte."""
    step = _fetched(_dribbling(start, 0.05))
    assert step.failure in {Failure.TIMEOUT, Failure.HTTP_INVALID}, step
    assert len(step.curve) <= 64


PAGES = {
    "titles": b"<title>" * 20000,
    "open tags": b"<" * 131072,
    "comments": b"<!--" * 32768,
    "references": b"&#" + b"9" * 131000,
    "many references": b"&#x1F600;" * 14000,
    "one word": b"a" * 131072,
    "scripts": b"<script>" * 16384,
    "charset": b"<meta charset = " + b" " * 131000,
    "half characters": b"\xe4\xb8" * 65536,
    "addresses": b"127.0.0.1 ::1 " * 9000,
    "hex": b"7f000001" * 16384,
}


@pytest.mark.parametrize("what", PAGES)
def test_a_page_made_to_be_slow_is_read_all_the_same(what):
    """Title, text and sketch take linear time, whatever the page is made of."""
    body = PAGES[what]
    step = _fetched(_saying(OK + b"Content-Length: %d\r\n\r\n" % len(body) + body), fetch=SLOW)
    assert (step.failure, step.page.body_length) == (None, min(len(body), 128 * 1024))
