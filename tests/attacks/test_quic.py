"""QUIC servers of ill will: datagrams without an end, of every kind that needs no keys."""

import itertools
import random
import struct

import pytest

from attackers import asked, flooding
from hushmap.model import Ask, Failure, Layer, Transport
from hushmap.net import Limits

NAME = "a.example"
V1 = 1


def _ids(hello):
    """The connection ids of a long header (RFC 9000 section 17.2): (destination, source)."""
    at = 6 + hello[5]
    return hello[6:at], hello[at + 1 : at + 1 + hello[at]]


def _long(first, hello, rest, *, version=V1, source=b"server!!"):
    """A packet with a long header in answer to `hello`."""
    _, ours = _ids(hello)
    ids = bytes((len(ours),)) + ours + bytes((len(source),)) + source
    return bytes((first,)) + struct.pack("!I", version) + ids + rest


def _noise(size, seed):
    return random.Random(seed).randbytes(size)


FLOODS = {
    "nothing": lambda _hello: itertools.repeat(b""),
    "noise": lambda _hello: (_noise(1200, seed) for seed in itertools.count()),
    "text": lambda _hello: itertools.repeat(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    "its own hello": itertools.repeat,
    "the longest": lambda _hello: itertools.repeat(bytes(65000)),
    "other versions": lambda hello: itertools.repeat(
        _long(0xC0, hello, struct.pack("!2I", 0x1A2A3A4A, 5), version=0)
    ),
    "thousands of versions": lambda hello: itertools.repeat(_long(0xC0, hello, bytes(4) * 15_000, version=0)),
    "initials of noise": lambda hello: (
        _long(0xC3, hello, b"\0" + struct.pack("!H", 0x4000 | 1100) + _noise(1100, seed))
        for seed in itertools.count()
    ),
    "retries": lambda hello: (_long(0xF0, hello, _noise(64, seed)) for seed in itertools.count()),
    "handshakes of noise": lambda hello: (
        _long(0xE3, hello, struct.pack("!H", 0x4000 | 1100) + _noise(1100, seed)) for seed in itertools.count()
    ),
    "short headers": lambda hello: (b"\x40" + _ids(hello)[1] + _noise(100, seed) for seed in itertools.count()),
    "lengths that lie": lambda hello: itertools.repeat(_long(0xC3, hello, b"\0" + b"\xff" * 8)),
    "packets in packets": lambda hello: itertools.repeat(_long(0xC3, hello, b"\0\x40\x15" + bytes(21)) * 20),
}


ENDS = {Failure.TIMEOUT, Failure.TLS_FAILED, Failure.TLS_ALERT, Failure.EOF, Failure.RESET, Failure.QUIC_VERSION}


@pytest.mark.parametrize("what", FLOODS)
def test_a_flood_of_datagrams_is_a_failure(what):
    """However fast and whatever they hold: the handshake fails, in time and with little memory."""
    with flooding(FLOODS[what]) as port:
        ask = Ask(layer=Layer.TLS, transport=Transport.QUIC, address="127.0.0.1", port=port, sni=NAME, verify=False)
        outcome = asked(ask, budget=Limits().handshake + Limits().dwell)
    assert outcome.undone is None, outcome
    (step,) = outcome.steps
    assert step.failure in ENDS, step
