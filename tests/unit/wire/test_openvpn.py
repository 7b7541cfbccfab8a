"""Tests of hushmap.wire.openvpn."""

import hashlib
import hmac

import pytest

from hushmap.wire import openvpn

OURS, THEIRS = b"sessionA", b"sessionB"
ASKED = openvpn.reset(OURS)


def answer(code=0, session=OURS, opcode=8):
    """A server's hard reset, with a code of so many bytes, that acknowledges packet 0 of a session."""
    stamp = b"c" * code + bytes(8) if code else b""
    return bytes([opcode << 3]) + THEIRS + stamp + b"\x01" + bytes(4) + session + bytes(4)


def test_a_reset_has_fourteen_bytes():
    """Opcode, session, nothing acknowledged, packet 0."""
    assert b"\x38" + OURS + bytes(5) == ASKED
    assert openvpn.asks(ASKED)
    assert openvpn.asks(openvpn.framed(ASKED))
    assert openvpn.framed(ASKED)[:2] == b"\x00\x0e"
    assert not openvpn.asks(ASKED[:-1])
    assert not openvpn.asks(answer())
    with pytest.raises(ValueError, match="has 8 bytes, not 1"):
        openvpn.reset(b"s")


def test_with_a_key_it_has_a_code():
    """SHA-1 over packet id, time and the packet, as tls-auth has it."""
    packet = openvpn.reset(OURS, b"key", at=7)
    stamp = b"\0\0\0\x01\0\0\0\x07"
    code = hmac.new(b"key", stamp + ASKED, hashlib.sha1).digest()
    assert packet == ASKED[:9] + code + stamp + ASKED[9:]
    assert openvpn.asks(packet)


@pytest.mark.parametrize("code", [0, 20, 32, 64])
def test_a_servers_reset_acknowledges_ours(code):
    """With any code, in a datagram or a stream, whatever follows in the stream."""
    for sent in (ASKED, openvpn.framed(ASKED)):
        assert openvpn.answers(sent, answer(code))
        assert openvpn.answers(sent, openvpn.framed(answer(code)) + b"more")
    assert openvpn.bare(answer(code)) == answer(code)


def test_other_packets_are_no_answer():
    """Another session, another opcode, an echo of our own packet, any proper prefix, trailing bytes."""
    for wrong in (answer(session=THEIRS), answer(opcode=7), ASKED, answer() + b"\0", b"\x40" + THEIRS + b"\x09"):
        assert not openvpn.answers(ASKED, wrong)
    whole = answer()
    assert not any(openvpn.answers(ASKED, whole[:end]) for end in range(len(whole)))
