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


def test_of_what_no_icmp_error_is_sent():
    """Of ICMP errors, and of IPv4 fragments but the first; of all else it is, echoes too."""
    udp, udp6 = p.udp((C4, 1), (S4, 2), b"x"), p.udp((C6, 1), (S6, 2), b"x")
    routers = (C4, C6)
    assert not p.unanswerable(udp)
    assert not p.unanswerable(udp6)
    assert p.unanswerable(p.time_exceeded(routers, udp))
    assert p.unanswerable(p.time_exceeded(routers, udp6))
    assert not p.unanswerable(p.ip(C4, S4, p.ICMP, b"\x08\0\0\0"))
    assert not p.unanswerable(p.ip(C6, S6, p.ICMP6, b"\x80\0\0\0"))
    assert not p.unanswerable(udp[:6] + b"\x20\0" + udp[8:]), "the first of several"
    assert p.unanswerable(udp[:6] + b"\x20\x01" + udp[8:])
    assert p.unanswerable(udp[:6] + b"\0\x01" + udp[8:]), "the last"


@pytest.mark.parametrize(("client", "server", "kind"), [(C4, S4, 11), (C6, S6, 3)])
def test_time_exceeded_quotes_the_offender(client, server, kind):
    """RFC 792 and RFC 4443: the error goes to the sender and holds as much of what came in as may be."""
    offender = p.tcp((client, 1), (server, 2), seq=1, ack=1, flags=p.ACK, payload=b"x" * 2000)
    router = (ip_address("198.18.1.3").packed, ip_address("2001:db8:1::3").packed)
    raw = p.time_exceeded(router, offender)
    seen = p.parse(raw, outward=False)
    assert seen.target == client
    body = raw[20:] if len(client) == 4 else raw[40:]
    assert body[:2] == bytes((kind, 0))
    assert p.with_ttl(offender, 1).startswith(body[8:])
    assert len(raw) == (576 if len(client) == 4 else 1280)
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


def behind(raw, *headers):
    """The same IPv6 packet with these extension headers, each (its number, its bytes from the second one on)."""
    kinds = [number for number, _ in headers] + [raw[6]]
    body = b"".join(bytes((kinds[place + 1],)) + rest for place, (_, rest) in enumerate(headers)) + raw[40:]
    return raw[:4] + struct.pack("!HB", len(body), kinds[0]) + raw[7:40] + body


SIX = p.udp((C6, 5353), (S6, 53), b"question")
HOP, ROUTING, DESTINATION = (0, b"\0" + bytes(6)), (43, b"\1" + bytes(14)), (60, b"\0" + bytes(6))


def fragment(offset, *, more=False):
    """A fragment header."""
    return 44, struct.pack("!BHI", 0, offset << 3 | more, 7)


@pytest.mark.parametrize(
    "headers", [[HOP], [HOP, ROUTING, DESTINATION], [fragment(0)], [HOP, fragment(0), DESTINATION]]
)
def test_extension_headers_are_read_over(headers):
    """RFC 8200 4; a fragment header that parts nothing too (RFC 6946). Changed, they stay."""
    seen = p.parse(behind(SIX, *headers))
    assert (seen.protocol, seen.sport, seen.dport, seen.payload) == (p.UDP, 5353, 53, b"question")
    again = p.changed(seen, source=(C6, 1), payload=b"other question")
    other = p.parse(again)
    assert (other.sport, other.payload, again[40 : other.start]) == (1, b"other question", seen.raw[40 : seen.start])
    assert int.from_bytes(again[4:6], "big") == len(again) - 40


@pytest.mark.parametrize(
    "headers", [[fragment(0, more=True)], [fragment(5)], [HOP, fragment(1, more=True)], [HOP] * 9]
)
def test_what_fragments_and_endless_chains_hold_is_not_read(headers):
    """Only the first fragment has ports; and nobody sends nine headers."""
    assert p.parse(behind(SIX, *headers)).protocol == p.OPAQUE


def test_a_cut_extension_header_is_opaque():
    """Whatever its length says."""
    raw = behind(SIX, ROUTING)
    assert p.parse(raw[:44]).protocol == p.OPAQUE
    with pytest.raises(ValueError, match="cut off"):
        p.parse(raw[:56])


@given(st.binary(max_size=60), st.sampled_from([0, 43, 44, 60]))
def test_any_chain_of_headers_ends(data, kind):
    """Within the packet or as opaque, and nothing but ValueError comes out."""
    with suppress(ValueError):
        p.parse(SIX[:6] + bytes((kind,)) + SIX[7:40] + data)


@pytest.mark.parametrize(("client", "server"), PAIRS)
@given(payload=st.binary(max_size=60), seq=st.integers(0, 2**33), ttl=st.integers(1, 255))
def test_a_changed_segment_is_right_again(client, server, payload, seq, ttl):
    """Ends, numbers, window, options and contents as given; flags, TTL and the rest as they were; checksums hold."""
    raw = p.tcp(
        (client, 1), (server, 443), seq=5, ack=6, flags=p.PSH | p.ACK, payload=b"old", options=b"\1" * 8, ttl=ttl
    )
    old = p.parse(raw)
    assert (old.options, old.window, old.after, old.payload) == (b"\1" * 8, 0xFFFF, 8, b"old")
    raw = p.changed(old, target=(client, 9), seq=seq, ack=seq + 1, window=70000, options=b"", payload=payload)
    new = p.parse(raw)
    assert (new.source, new.sport, new.target, new.dport) == (client, 1, client, 9)
    assert (new.seq, new.ack, new.window, new.options) == (seq & 0xFFFFFFFF, (seq + 1) & 0xFFFFFFFF, 0xFFFF, b"")
    assert (new.payload, new.flags, p.ttl_of(raw)) == (payload, old.flags, ttl)
    assert transport_sum(raw) == 0xFFFF
    assert len(client) == 16 or ones_sum(raw[:20]) == 0xFFFF
    assert p.changed(old) == old.raw


@pytest.mark.parametrize(("client", "server"), PAIRS)
def test_a_changed_datagram_is_right_again(client, server):
    """Its length is that of its new contents."""
    old = p.parse(p.udp((client, 1), (server, 53), b"question", ident=7, df=True))
    raw = p.changed(old, target=(server, 54), payload=b"q")
    new = p.parse(raw)
    assert (new.dport, new.payload, raw[new.start + 4 : new.start + 6]) == (54, b"q", b"\0\x09")
    assert transport_sum(raw) == 0xFFFF
    assert p.changed(old) == old.raw
    if len(client) == 4:
        assert raw[4:8] == b"\0\x07\x40\0"


def test_options_of_ipv4_stay():
    """A changed packet with them keeps them, and its header checksum."""
    plain = p.udp((C4, 1), (S4, 53), b"q")
    raw = bytearray(b"\x46" + plain[1:20] + b"\1\1\1\0" + plain[20:])
    struct.pack_into("!H", raw, 2, len(raw))
    seen = p.parse(p.changed(p.parse(bytes(raw)), payload=b"longer"))
    assert (seen.start, seen.raw[20:24], seen.payload) == (24, b"\1\1\1\0", b"longer")
    assert ones_sum(seen.raw[:24]) == 0xFFFF


@pytest.mark.parametrize(("client", "server", "kind"), [(C4, S4, b"\3\x0d"), (C6, S6, b"\1\1")])
def test_a_prohibition_quotes_the_offender(client, server, kind):
    """RFC 1812 5.2.7.1 and RFC 4443 3.1."""
    offender = p.tcp((client, 1), (server, 2), seq=1, ack=1, flags=p.ACK)
    router = (ip_address("198.18.1.3").packed, ip_address("2001:db8:1::3").packed)
    raw = p.prohibited(router, offender)
    body = raw[20:] if len(client) == 4 else raw[40:]
    assert (body[:2], body[8:]) == (kind, offender)
    assert (ones_sum(body) if len(client) == 4 else transport_sum(raw)) == 0xFFFF
