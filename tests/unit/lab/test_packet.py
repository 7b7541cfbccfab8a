"""Packets as the path reads and forges them, against checksums computed another way and rules of the RFCs."""

import struct
from contextlib import suppress
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.lab import packet as p

C4, S4 = ip_address("198.18.0.2").packed, ip_address("198.51.100.20").packed
C6, S6 = ip_address("2001:db8::2").packed, ip_address("2001:db8:2::20").packed
PAIRS = [(C4, S4), (C6, S6)]


def ones_sum(data):
    """RFC 1071 the slow way: add words, fold carries."""
    if len(data) % 2:
        data += b"\0"
    total = 0
    for (word,) in struct.iter_unpack("!H", data):
        total += word
        total = (total & 0xFFFF) + (total >> 16)
    return total


def transport_sum(raw):
    """The sum over pseudo header and transport part; all ones if the checksum holds."""
    if raw[0] >> 4 == 4:
        protocol, body, ends = raw[9], raw[20:], raw[12:20]
    else:
        protocol, body, ends = raw[6], raw[40:], raw[8:40]
    return ones_sum(ends + struct.pack("!IHBB", len(body), 0, 0, protocol) + body)


@pytest.mark.parametrize(("client", "server"), PAIRS)
@given(payload=st.binary(max_size=80), seq=st.integers(0, 2**33), ttl=st.integers(1, 255))
def test_a_forged_segment_parses_back_with_right_checksums(client, server, payload, seq, ttl):
    """Whatever is forged is read back field by field, and its checksums hold."""
    raw = p.tcp((client, 40000), (server, 443), seq=seq, ack=7, flags=p.PSH | p.ACK, payload=payload, ttl=ttl)
    seen = p.parse(raw)
    assert (seen.source, seen.target, seen.sport, seen.dport) == (client, server, 40000, 443)
    assert (seen.seq, seen.ack, seen.flags, seen.payload) == (seq & 0xFFFFFFFF, 7, p.PSH | p.ACK, payload)
    assert seen.server == server
    assert p.parse(raw, outward=False).server == client
    assert transport_sum(raw) == 0xFFFF
    assert p.ttl_of(raw) == ttl
    if len(client) == 4:
        assert ones_sum(raw[:20]) == 0xFFFF


@pytest.mark.parametrize(("client", "server"), PAIRS)
@given(payload=st.binary(max_size=80))
def test_a_forged_datagram_parses_back(client, server, payload):
    """UDP too; a checksum of zero is sent as all ones."""
    raw = p.udp((client, 5353), (server, 53), payload)
    seen = p.parse(raw)
    assert (seen.protocol, seen.sport, seen.dport, seen.payload) == (p.UDP, 5353, 53, payload)
    assert transport_sum(raw) == 0xFFFF


def test_a_zero_udp_checksum_is_never_sent():
    """RFC 768: zero means that there is none, so it is written as all ones."""
    found = [p.udp((C4, 1), (S4, 2), struct.pack("!H", word)) for word in range(65536)]
    assert all(raw[26:28] != b"\0\0" for raw in found)
    assert any(raw[26:28] == b"\xff\xff" for raw in found)


@pytest.mark.parametrize(("client", "server"), PAIRS)
@given(ttl=st.integers(1, 255), other=st.integers(1, 255), ident=st.integers(0, 65535))
def test_another_ttl_keeps_the_header_checksum_right(client, server, ttl, other, ident):
    """The incremental update of RFC 1624 gives a valid header in both directions."""
    raw = p.ip(client, server, p.UDP, b"12345678", ttl=ttl, ident=ident)
    changed = p.with_ttl(raw, other)
    assert p.ttl_of(changed) == other
    if len(client) == 4:
        assert ones_sum(changed[:20]) == 0xFFFF


@pytest.mark.parametrize(("client", "server", "kind"), [(C4, S4, 11), (C6, S6, 3)])
def test_time_exceeded_quotes_the_offender(client, server, kind):
    """RFC 792 and RFC 4443: the error goes to the sender and holds the head of what it sent."""
    offender = p.tcp((client, 1), (server, 2), seq=1, ack=1, flags=p.ACK, payload=b"x" * 2000)
    router = (ip_address("198.18.1.3").packed, ip_address("2001:db8:1::3").packed)
    raw = p.time_exceeded(router, offender)
    seen = p.parse(raw, outward=False)
    assert seen.target == client
    body = raw[20:] if len(client) == 4 else raw[40:]
    assert body[:2] == bytes((kind, 0))
    assert offender.startswith(body[8:])
    assert len(raw) <= (576 if len(client) == 4 else 1280)
    assert (ones_sum(body) if len(client) == 4 else transport_sum(raw)) == 0xFFFF


def test_fragments_have_no_ports():
    """Only the first fragment has ports; a censor without reassembly passes them all."""
    raw = bytearray(p.udp((C4, 1), (S4, 53), b"question"))
    raw[6] = 0x20
    assert p.parse(bytes(raw)).protocol == p.OPAQUE


def test_other_protocols_keep_their_ends():
    """ICMP is passed on with its addresses and nothing else."""
    seen = p.parse(p.ip(C4, S4, p.ICMP, b"\x08\0\0\0"))
    assert (seen.protocol, seen.sport, seen.payload) == (p.ICMP, 0, b"")


@given(st.binary(max_size=60))
def test_any_bytes_parse_or_are_refused(data):
    """Nothing but ValueError comes out of the parser."""
    with suppress(ValueError):
        assert p.parse(data).raw == data


@pytest.mark.parametrize(("client", "server"), PAIRS)
def test_every_truncation_is_refused_or_shorter(client, server):
    """A packet cut at any byte is refused until its transport header is whole."""
    raw = p.tcp((client, 1), (server, 2), seq=1, ack=1, flags=p.ACK, payload=b"hello")
    whole = len(raw) - len(b"hello")
    for size in range(whole - 6):
        with pytest.raises(ValueError, match=r"cut off|neither"):
            p.parse(raw[:size])
    assert p.parse(raw[: whole + 2]).payload == b"he"
