"""Tests of hushmap.wire.wireguard."""

import hashlib

import pytest

from hushmap.wire import wireguard

KEY = bytes(range(32))
ASKED = wireguard.initiation(b"seed")


def test_an_initiation_has_the_layout_of_the_whitepaper():
    """148 bytes of type 1; equal seeds make equal packets, others others."""
    assert (len(ASKED), ASKED[:4], ASKED[-16:]) == (148, b"\x01\0\0\0", bytes(16))
    assert ASKED == wireguard.initiation(b"seed") != wireguard.initiation(b"other")
    assert wireguard.asks(ASKED)
    assert not wireguard.asks(ASKED[:-1])
    assert not wireguard.asks(b"\x02" + ASKED[1:])


def test_with_the_servers_key_the_first_code_is_right():
    """MAC1 is keyed with the hash of label and key (whitepaper 5.4.4)."""
    message = wireguard.initiation(b"seed", KEY)
    key = hashlib.blake2s(b"mac1----" + KEY).digest()
    assert message[116:132] == hashlib.blake2s(message[:116], key=key, digest_size=16).digest()
    assert message[:116] == ASKED[:116]
    with pytest.raises(ValueError, match="has 32 bytes, not 1"):
        wireguard.initiation(b"seed", b"k")


def test_a_response_and_a_cookie_name_their_receiver():
    """Both are addressed to the index that the initiation chose."""
    index = ASKED[4:8]
    response = b"\x02\0\0\0" + b"peer" + index + bytes(80)
    cookie = b"\x03\0\0\0" + index + bytes(56)
    assert wireguard.answers(ASKED, response)
    assert wireguard.answers(ASKED, cookie)
    assert wireguard.bare(cookie) == cookie
    for wrong in (response[:-1], cookie + b"\0", b"\x01" + response[1:], b"\x01" + cookie[1:], bytes(92), b""):
        assert not wireguard.answers(ASKED, wrong)
    assert not wireguard.answers(ASKED, response[:8] + b"nope" + response[12:])
    assert not wireguard.answers(ASKED, cookie[:4] + b"nope" + cookie[8:])
