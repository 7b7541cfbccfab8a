"""Tests of hushmap.wire.stun."""

import pytest

from hushmap.wire import stun

ID = bytes(range(12))
ASKED = stun.request(ID)
TOLD = b"\x00\x20\x00\x08\x00\x01\xa1\x47\xe1\x12\xa6\x43"
"""XOR-MAPPED-ADDRESS: port 32853 of 192.0.2.1 (RFC 5769 2.2)."""


def answer(kind=0x0101, transaction=ID, attributes=TOLD):
    """A server's message."""
    return kind.to_bytes(2, "big") + len(attributes).to_bytes(2, "big") + stun.COOKIE + transaction + attributes


def test_a_request_is_twenty_bytes():
    """Type, no attributes, cookie, id (RFC 8489 section 5)."""
    assert ASKED == b"\x00\x01\x00\x00\x21\x12\xa4\x42" + ID
    assert stun.header(ASKED) == stun.Header(kind=1, length=0, transaction=ID)
    assert stun.asks(ASKED)
    assert not stun.asks(answer())
    with pytest.raises(ValueError, match="has 12 bytes, not 3"):
        stun.request(b"abc")


def test_an_answer_has_the_requests_id():
    """A refusal answers too; an indication, another id or another protocol does not."""
    assert stun.answers(ASKED, answer())
    assert stun.answers(ASKED, answer(0x0111, attributes=b""))
    assert not stun.answers(ASKED, answer(0x0011))
    assert not stun.answers(ASKED, answer(transaction=bytes(12)))
    assert not stun.answers(ASKED, b"HTTP/1.1 400 Bad Request\r\n\r\n")


def test_the_askers_address_is_not_kept():
    """Only the header is."""
    assert stun.bare(answer()) == answer()[:20]


def test_only_whole_messages_are_read():
    """Every proper prefix and every trailing byte is refused in one line; so are odd lengths and two high bits."""
    whole = answer()
    assert stun.header(whole).length == 12
    for end in range(len(whole)):
        with pytest.raises(ValueError, match="STUN message"):
            stun.header(whole[:end])
    for wrong in (whole + b"\0", whole + bytes(4), b"\xc1" + whole[1:], whole[:3] + b"\x0b" + whole[4:-1]):
        with pytest.raises(ValueError, match="STUN message"):
            stun.header(wrong)
