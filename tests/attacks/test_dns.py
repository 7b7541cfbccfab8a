"""Resolvers of ill will: floods, loops, and messages that are as long as one may be."""

import itertools
import struct
import time

import pytest

from attackers import asked, attacking, flooding
from hushmap.model import Ask, Failure, Layer
from hushmap.net import Limits
from hushmap.wire import dns

NAME = "news.example"
BUDGET = Limits().dns + Limits().late_suspicious
LONGEST = 65535


def _answer(query, *, records=b"", count=None, ident=None, flags=0x8180, size=1):
    """A reply to `query`; `count` may lie about its records."""
    ident = query[:2] if ident is None else struct.pack("!H", ident & 0xFFFF)
    header = ident + struct.pack("!HHHHH", flags, 1, size if count is None else count, 0, 0)
    return (header + query[12:] + records)[:LONGEST]


def _address(owner=b"\xc0\x0c", last=1):
    return owner + struct.pack("!HHIH", 1, 1, 60, 4) + bytes((203, 0, 113, last))


def _thousands(query):
    """As many addresses as fit, and a header that promises 10,000."""
    room = (LONGEST - len(query)) // 16
    return _answer(query, records=b"".join(_address(last=at % 250 + 1) for at in range(room)), count=room)


def _pointers(query):
    """A run of pointers, each at the one before, and as many records as fit whose names begin with the last of them.

    The run lies in the data of a first record of a kind that is passed over.
    """
    start = len(query) + 12
    run = bytearray(b"\xc0\x0c")
    while start + len(run) < 0x3FFE:
        run += struct.pack("!H", 0xC000 | (start + len(run) - 2))
    first = b"\xc0\x0c" + struct.pack("!HHIH", 16, 1, 60, len(run)) + bytes(run)
    last = struct.pack("!H", 0xC000 | (start + len(run) - 2))
    more = (LONGEST - len(query) - len(first)) // 16
    return _answer(query, records=first + _address(last) * more, count=1 + more)


SAID = {
    "thousands of records": (_thousands, None),
    "10,000 records promised": (lambda query: _answer(query, records=_address() * 100, count=10_000), Failure.DNS_MISBEHAVING),
    "a name that points at itself": (
        lambda query: _answer(query, records=_address(struct.pack("!H", 0xC000 | len(query)))),
        Failure.DNS_MISBEHAVING,
    ),
    "names that point at each other": (
        lambda query: _answer(query, records=struct.pack("!HH", 0xC000 | (len(query) + 2), 0xC000 | len(query))),
        Failure.DNS_MISBEHAVING,
    ),
    "thousands of pointers": (_pointers, Failure.DNS_MISBEHAVING),
    "a record longer than its message": (
        lambda query: _answer(query, records=b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 60, 65535)),
        Failure.DNS_MISBEHAVING,
    ),
    "aliases in a ring": (
        lambda query: _answer(query, records=(b"\xc0\x0c" + struct.pack("!HHIH", 5, 1, 60, 2) + b"\xc0\x0c") * 4000, count=4000),
        Failure.NO_ANSWER,
    ),
    "NULs": (lambda query: query[:2] + bytes(1000), Failure.DNS_MISBEHAVING),
    "nothing but an id": (lambda query: query[:2], Failure.DNS_MISBEHAVING),
}  # fmt: skip


def _resolved(resolver, **limits):
    outcome = asked(Ask(layer=Layer.DNS, name=NAME, qtype="A", resolver=resolver), budget=BUDGET, **limits)
    assert outcome.undone is None
    return outcome.steps[-1]


def _bounded(step):
    """Few answers, each with few addresses."""
    assert len(step.answers) <= 16
    assert all(len(answer.addresses) <= 64 and len(answer.cnames) <= 64 for answer in step.answers)


@pytest.mark.parametrize("what", SAID)
def test_an_answer_made_to_be_costly_costs_little_over_udp(what):
    """It is read in time that its length bounds, and of what it says little is kept."""
    said, failure = SAID[what]
    with flooding(lambda query: iter([said(query)[:65000]])) as port:
        step = _resolved(f"udp://127.0.0.1:{port}", dns=10.0)
    _bounded(step)
    assert step.failure in {failure, Failure.DNS_MISBEHAVING}, step


@pytest.mark.parametrize("what", SAID)
def test_an_answer_made_to_be_costly_costs_little_over_tcp(what):
    """The same in a stream, with a word of its length before it."""
    said, failure = SAID[what]

    def serve(connection):
        message = said(connection.recv(4096)[2:])
        connection.sendall(struct.pack("!H", len(message)) + message)
        connection.recv(1)

    with attacking(serve) as port:
        step = _resolved(f"tcp://127.0.0.1:{port}", dns=10.0)
    _bounded(step)
    assert step.failure is failure, step


FLOODS = {
    "wrong ids": lambda query: (_answer(query, records=_address(), ident=at) for at in itertools.count()),
    "another question": lambda query: itertools.repeat(_answer(dns.query("other.example", "A", 7), records=_address(), ident=0)),
    "nothing": lambda _query: itertools.repeat(b""),
    "the same answer": lambda query: itertools.repeat(_answer(query, records=_address())),
    "bogons": lambda query: itertools.repeat(_answer(query, records=_address()[:-4] + bytes((127, 0, 0, 1)))),
    "costly answers": lambda query: itertools.repeat(_pointers(query)[:65000]),
}  # fmt: skip


@pytest.mark.parametrize("what", FLOODS)
def test_a_flood_of_datagrams_ends_with_the_time_out(what):
    """However fast they come, whoever sends them: the lookup ends when it should, and keeps sixteen at most."""
    with flooding(FLOODS[what]) as port:
        step = _resolved(f"udp://127.0.0.1:{port}")
    _bounded(step)
    assert step.failure in {None, Failure.TIMEOUT, Failure.DNS_MISBEHAVING}, step


STREAMS = {
    "messages of another id": lambda query: struct.pack("!H", 40) + _answer(query, ident=1)[:40],
    "empty messages": lambda _query: b"\0\0",
    "a message without an end": lambda _query: b"\xff\xff",
    "text": lambda _query: b"HTTP/1.1 400 Bad Request\r\n\r\n",
}


@pytest.mark.parametrize("what", STREAMS)
def test_a_stream_without_an_end_is_a_failure(what):
    """One message is read, and the rest is nobody's."""

    def serve(connection):
        block = STREAMS[what](connection.recv(4096)[2:]) * 1000
        while True:
            connection.sendall(block)

    with attacking(serve) as port:
        step = _resolved(f"tcp://127.0.0.1:{port}")
    assert step.failure in {Failure.DNS_MISBEHAVING, Failure.TIMEOUT}, step


@pytest.mark.parametrize("start", [0, 1, 2, 20])
def test_one_byte_at_a_time_is_a_time_out(start):
    """The limit is of the whole lookup, wherever in the message it stands still."""

    def serve(connection):
        message = _answer(connection.recv(4096)[2:], records=_address())
        stream = struct.pack("!H", len(message) + 1000) + message
        connection.sendall(stream[:start])
        for at in itertools.count(start):
            time.sleep(0.05)
            connection.sendall(stream[at : at + 1] or b"x")

    with attacking(serve) as port:
        step = _resolved(f"tcp://127.0.0.1:{port}")
    assert step.failure is Failure.TIMEOUT, step
