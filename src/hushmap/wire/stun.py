"""STUN's first question and its answer: a binding request and response (RFC 8489 sections 5, 6 and 7).

A server tells whoever asks the address that it sees, which is the one thing that a record must not hold (METHOD 5):
so only the header of an answer is ever kept.
"""

import msgspec

HEADER = 20
COOKIE = b"\x21\x12\xa4\x42"
"""RFC 8489 section 5: tells STUN from what it replaced."""
TRANSACTION = 12
_REQUEST, _SUCCESS, _ERROR = 0x0001, 0x0101, 0x0111
"""Method binding in its classes (RFC 8489 section 5, IANA STUN methods)."""


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """What every message begins with."""

    kind: int
    length: int
    """Of the attributes, in bytes."""
    transaction: bytes


def request(transaction: bytes) -> bytes:
    """A binding request without attributes; ValueError for an id of another length than 12."""
    if len(transaction) != TRANSACTION:
        raise ValueError(f"a transaction id has {TRANSACTION} bytes, not {len(transaction)}")
    return _REQUEST.to_bytes(2, "big") + b"\0\0" + COOKIE + transaction


def header(data: bytes) -> Header:
    """The header of one whole message; ValueError if `data` is none."""
    if len(data) < HEADER:
        raise ValueError(f"{len(data)} bytes are no STUN message; a header alone has {HEADER}")
    kind, length = int.from_bytes(data[:2], "big"), int.from_bytes(data[2:4], "big")
    if kind & 0xC000 or data[4:8] != COOKIE:
        raise ValueError("no STUN message: the magic cookie is missing")
    if length % 4 or HEADER + length != len(data):
        raise ValueError(f"a STUN message of {len(data)} bytes says that it has {HEADER + length}")
    return Header(kind=kind, length=length, transaction=data[8:HEADER])


def asks(data: bytes) -> bool:
    """Whether `data` is a binding request."""
    return _kind(data) == _REQUEST


def answers(sent: bytes, data: bytes) -> bool:
    """Whether `data` is a STUN server's answer to the request `sent`; a refusal is one too."""
    return _kind(data) in {_SUCCESS, _ERROR} and data[8:HEADER] == sent[8:HEADER]


def bare(data: bytes) -> bytes:
    """`data` without what it tells of the asker's address."""
    return data[:HEADER]


def _kind(data: bytes) -> int | None:
    try:
        return header(data).kind
    except ValueError:
        return None
