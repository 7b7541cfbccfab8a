"""Rules about addresses, as functions."""

import struct
from ipaddress import ip_address

import pytest

from hushmap.lab import packet as p
from hushmap.lab.addresses import hop
from hushmap.lab.censors.rule import SETTLED

LISTED = {"addresses": ["198.51.100.20", "2001:db8:2::20"]}
KINDS = ("address-drop", "address-prohibited", "geo-syn-drop", "geo-syn-reset")
C6, S6 = ip_address("2001:db8::2").packed, ip_address("2001:db8:2::20").packed
OTHER = ip_address("198.51.100.21").packed


def syn(talk, **more):
    """The opening of a connection."""
    return talk.segment(seq=1000, ack=0, flags=p.SYN, **more)


def test_every_packet_of_a_dropped_address_is_discarded(talk):
    """In both directions, datagrams too, and nothing is injected."""
    rule = talk.rule("address-drop", **LISTED)
    for packet in (syn(talk), talk.segment(outward=False), talk.datagram(b"")):
        action = talk.show(rule, talk.flow(), packet)
        assert (action.drop, action.silence, action.inject) == (True, True, ())
        assert (action.sighting.mechanism, action.sighting.what) == ("ip.timeout", "198.51.100.20")


@pytest.mark.parametrize("kind", KINDS)
def test_other_addresses_settle(talk, kind):
    """The neighbour passes at once, and so does everybody under the twin, which lists another."""
    assert talk.show(talk.rule(kind, **LISTED), talk.flow(server=OTHER), syn(talk, server=OTHER)) is SETTLED
    assert talk.show(talk.rule(kind, addresses=["198.51.100.99"]), talk.flow(), syn(talk)) is SETTLED


@pytest.mark.parametrize("six", [False, True])
def test_a_prohibited_address_is_refused_by_the_router_before_it(talk, six):
    """ICMP type 3 code 13, or ICMPv6 type 1 code 1, from the hop that the censor stands behind, quoting the packet."""
    rule = talk.rule("address-prohibited", at=4, **LISTED)
    ends = (C6, S6) if six else (talk.client, talk.server)
    packet = p.parse(p.tcp((ends[0], 40000), (ends[1], 443), seq=1, ack=0, flags=p.SYN))
    action = rule.inspect(packet, talk.flow(server=ends[1]), 0.0)
    (error,) = action.inject
    seen = p.parse(error.raw, outward=False)
    body = error.raw[seen.start :]
    assert (seen.protocol, body[:2]) == ((p.ICMP6, b"\1\1") if six else (p.ICMP, b"\3\x0d"))
    assert (seen.source, seen.target) == (ip_address(hop(4)[six]).packed, ends[0])
    assert body[8:] == p.with_ttl(packet.raw, 60), "as it is at the fourth hop"
    if not six:
        later = p.parse(packet.raw[:6] + b"\0\x10" + packet.raw[8:])
        refused = rule.inspect(later, talk.flow(server=ends[1], protocol=p.OPAQUE), 0.0)
        assert (refused.drop, refused.inject) == (True, ()), "of later fragments nothing is said"
    assert (action.drop, error.outward, action.sighting.mechanism) == (True, False, "ip.prohibited")


def test_an_error_is_never_about_an_error(talk):
    """ICMP and what comes back pass (RFC 1122 3.2.2)."""
    rule = talk.rule("address-prohibited", **LISTED)
    echo = p.parse(p.ip(talk.client, talk.server, p.ICMP, struct.pack("!BBHI", 8, 0, 0, 0)))
    assert talk.show(rule, talk.flow(protocol=p.ICMP), echo) is None
    assert talk.show(rule, talk.flow(), talk.segment(outward=False)) is None


def test_a_geoblock_drops_only_what_opens_a_connection(talk):
    """A SYN from here is lost; DNS and what belongs to a connection pass."""
    rule = talk.rule("geo-syn-drop", **LISTED)
    action = talk.show(rule, talk.flow(), syn(talk))
    assert (action.drop, action.inject, action.sighting.mechanism) == (True, (), "server.geoblock")
    assert talk.show(rule, talk.flow(), talk.segment()) is None
    assert talk.show(rule, talk.flow(), talk.segment(flags=p.SYN | p.ACK, outward=False)) is None
    assert talk.show(rule, talk.flow(53), talk.datagram(b"")) is SETTLED


def test_a_geoblock_may_refuse_instead(talk):
    """As a closed port would; the rest passes."""
    rule = talk.rule("geo-syn-reset", **LISTED)
    action = talk.show(rule, talk.flow(), syn(talk))
    (only,) = action.inject
    assert p.parse(only.raw, outward=False).flags == p.RST | p.ACK
    assert (action.drop, action.sighting.mechanism) == (True, "server.geoblock")
    assert talk.show(rule, talk.flow(), talk.segment()) is None
    assert talk.show(rule, talk.flow(53), talk.datagram(b"")) is SETTLED
