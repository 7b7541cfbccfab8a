"""HTTP/2 servers of ill will: frames without an end, and headers that unfold."""

import itertools
import time

import pytest

from attackers import asked, attacking
from hushmap.model import Ask, Failure, Layer
from hushmap.net import Limits

NAME = "a.example"
BUDGET = Limits().connect + Limits().handshake + Limits().fetch
DATA, HEADERS, PRIORITY, RST, SETTINGS, PUSH, PING, GOAWAY, WINDOW, CONTINUATION = range(10)
"""RFC 9113 section 6."""
END_STREAM, END_HEADERS = 1, 4
MANY = 512


def _frame(kind, payload=b"", *, flags=0, stream=0):
    return len(payload).to_bytes(3, "big") + bytes((kind, flags)) + stream.to_bytes(4, "big") + payload


START = _frame(SETTINGS)
OK = _frame(HEADERS, b"\x88", flags=END_HEADERS, stream=1)
"""`:status 200`, RFC 7541 appendix A."""


def _fetched(forge, start, block=b"", *, period=0.0):
    context = forge.context(forge.certificate())
    context.set_alpn_protocols(["h2"])

    def serve(connection):
        with context.wrap_socket(connection, server_side=True) as secure:
            secure.recv(65536)
            secure.sendall(start)
            for piece in itertools.repeat(block) if block else ():
                time.sleep(period)
                secure.sendall(piece)
            secure.recv(65536)
            secure.recv(1)

    with attacking(serve) as port:
        url = f"https://{NAME}:{port}/"
        ask = Ask(layer=Layer.HTTP, address="127.0.0.1", url=url, sni=NAME, verify=False, alpn=("h2", "http/1.1"))
        outcome = asked(ask, budget=BUDGET, handshake=20.0)
    assert (outcome.undone, len(outcome.steps)) == (None, 3), outcome
    step = outcome.steps[-1]
    assert step.protocol == "h2"
    return step


ENDLESS = {
    "pings": _frame(PING, bytes(8)) * MANY,
    "settings": _frame(SETTINGS, b"\0\3\0\0\0\1") * MANY,
    "empty settings": START * MANY,
    "windows": _frame(WINDOW, b"\0\0\0\1") * MANY,
    "empty data": _frame(DATA, stream=1) * MANY,
    "padding": _frame(DATA, b"\xff" + bytes(255), flags=8, stream=1) * MANY,
    "priorities": _frame(PRIORITY, bytes(5), stream=3) * MANY,
    "resets of others": _frame(RST, bytes(4), stream=3) * MANY,
    "frames of no kind": _frame(200, bytes(100), stream=1) * MANY,
    "continuations": _frame(CONTINUATION, b"\0\1a\1b" * 20, stream=1) * MANY,
    "goodbyes": _frame(GOAWAY, bytes(8)) * MANY,
    "provisional answers": _frame(HEADERS, b"\x08\x03100", flags=END_HEADERS, stream=1) * MANY,
    "promises": _frame(PUSH, bytes((0, 0, 0, 2)) + b"\x82\x84\x87\x41\x01a", flags=END_HEADERS, stream=1) * MANY,
    "trailers": _frame(HEADERS, b"\0\1a\1b", flags=END_HEADERS, stream=1) * MANY,
}


@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize("what", ENDLESS)
def test_frames_without_an_end_are_a_failure(forge, what, begun):
    """Before an answer and within one: what carries nothing forward costs a bounded time and memory."""
    step = _fetched(forge, START + (OK if begun else b""), ENDLESS[what])
    assert step.failure is not None or (begun and step.page.truncated), step


def test_a_body_without_an_end_is_cut(forge):
    """As over HTTP/1.1: enough was read, and the peer is not waited for."""
    step = _fetched(forge, START + OK, _frame(DATA, bytes(16384), stream=1))
    assert step.page.truncated
    assert step.page.body_length <= 128 * 1024


def test_headers_that_unfold_are_too_large(forge):
    """One long field in the table of the connection, named again and again by one byte each (RFC 7541 section 7.3)."""
    long = b"\x40\x01a" + b"\x7f" + bytes((3000 - 127 & 0x7F | 0x80, 3000 - 127 >> 7)) + b"b" * 3000
    block = b"\x88" + long + b"\xbe" * 12_000
    step = _fetched(forge, START + _frame(HEADERS, block, flags=END_HEADERS, stream=1))
    assert step.failure is not None, step
    assert step.page is None


SAID = {
    "a frame of 16 MB": b"\xff\xff\xff\x00\x00\x00\x00\x00\x01" + bytes(100_000),
    "data for nobody": _frame(DATA, b"x", stream=99),
    "data before an answer": _frame(DATA, b"x", stream=1),
    "a table of 4 GB": _frame(SETTINGS, b"\0\1\xff\xff\xff\xff"),
    "a frame size of nothing": _frame(SETTINGS, b"\0\5\0\0\0\0"),
    "headers that are none": _frame(HEADERS, b"\xff" * 100, flags=END_HEADERS, stream=1),
    "a status of no number": _frame(HEADERS, b"\x08\x03abc", flags=END_HEADERS, stream=1),
    "a window that runs over": _frame(WINDOW, b"\x7f\xff\xff\xff"),
    "another protocol": b"HTTP/1.1 200 OK\r\n\r\n",
}


@pytest.mark.parametrize("what", SAID)
def test_what_is_no_http2_is_a_failure(forge, what):
    """One failure and no exception; a table that is never filled costs nothing."""
    step = _fetched(forge, START + SAID[what])
    assert step.failure is not None, step


def test_one_byte_at_a_time_is_a_time_out(forge):
    """The limit is of the whole exchange."""
    assert (
        _fetched(forge, START + OK + _frame(DATA, bytes(1000), stream=1)[:9], b"x", period=0.05).failure
        is Failure.TIMEOUT
    )
