"""Flows that pass by one look: which packets do, how they come out, and when a flow is forgotten."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.lab import decided as decided_module
from hushmap.lab import packet as p
from hushmap.lab.censors.box import IDLE_S
from hushmap.lab.decided import Decided

C4, S4 = ip_address("198.18.0.2").packed, ip_address("198.51.100.20").packed
C6, S6 = ip_address("2001:db8::2").packed, ip_address("2001:db8:2::20").packed
FAMILIES = pytest.mark.parametrize(("client", "server"), [(C4, S4), (C6, S6)])


def segment(client=C4, server=S4, *, cport=5000, outward=True, flags=p.ACK, **more):
    """A TCP segment."""
    ends = ((client, cport), (server, 443)) if outward else ((server, 443), (client, cport))
    return p.tcp(*ends, seq=1, ack=1, flags=flags, payload=b"some data", **more)


@FAMILIES
def test_a_known_flow_is_found_in_both_directions(client, server):
    """It comes out older by the hops; another port, and the other family, is unknown."""
    table = Decided(8)
    assert table.aged(segment(client, server), 0.0) is None
    table.add(segment(client, server), 0.0)
    for outward in (True, False):
        raw = segment(client, server, outward=outward)
        assert table.aged(raw, 1.0) == p.with_ttl(raw, 56)
    assert table.aged(segment(client, server, cport=5001), 1.0) is None
    assert len(table) == 2


@FAMILIES
@pytest.mark.parametrize("outward", [True, False])
def test_a_syn_takes_its_flow_out(client, server, outward):
    """Whoever sends it: what follows is shown to the censors again."""
    table = Decided(8)
    table.add(segment(client, server), 0.0)
    assert table.aged(segment(client, server, flags=p.SYN | p.ACK, outward=outward), 0.0) is None
    assert table.aged(segment(client, server), 0.0) is None
    assert len(table) == 0


@FAMILIES
def test_a_packet_that_ends_on_its_way_is_not_passed(client, server):
    """A hop has to answer it."""
    table = Decided(8)
    table.add(segment(client, server), 0.0)
    assert table.aged(segment(client, server, ttl=8), 0.0) is None
    assert p.ttl_of(table.aged(segment(client, server, ttl=9), 0.0)) == 1


@given(st.integers(9, 255), st.integers(0, 0xFFFF), st.integers(1, 8))
def test_the_header_stays_valid(ttl, ident, hops):
    """Its sum is that of RFC 1071 for any identification and TTL."""
    table = Decided(hops)
    raw = segment(ttl=ttl, ident=ident)
    table.add(raw, 0.0)
    aged = table.aged(raw, 0.0)
    assert p.ttl_of(aged) == ttl - hops
    assert p.checksum(aged[:20]) in {0, 0xFFFF}


def test_what_is_no_plain_segment_is_none_of_its():
    """Datagrams, fragments, options of IP, and scraps are neither taken nor found."""
    table = Decided(8)
    fragment = bytearray(segment())
    fragment[6] = 0x20
    longer = bytearray(segment())
    longer[0] = 0x46
    six = p.udp((C6, 1), (S6, 2), bytes(40))
    others = (
        p.udp((C4, 1), (S4, 2), bytes(40)),
        six,
        bytes(fragment),
        bytes(longer),
        segment()[:39],
        segment(C6, S6)[:59],
    )
    for raw in (*others, b"", b"\x45", b"\x60"):
        table.add(raw, 0.0)
        assert table.aged(raw, 0.0) is None
    assert len(table) == 0


def test_an_idle_flow_is_forgotten_and_a_busy_one_is_not():
    """After its time at the earliest, after twice that at the latest."""
    busy, idle = segment(cport=1), segment(cport=2)
    table = Decided(8)
    for raw in (busy, idle):
        table.add(raw, 0.0)
    for now in range(0, int(2 * IDLE_S) + 1, 10):
        assert table.aged(busy, float(now)) is not None
    assert table.aged(idle, 2 * IDLE_S) is None
    assert len(table) == 2
    assert table.aged(busy, 5 * IDLE_S) is None, "nothing came for twice the time and more"
    table.add(busy, 5 * IDLE_S)
    assert table.aged(busy, 6.5 * IDLE_S) is not None


def test_the_table_is_bounded(monkeypatch):
    """However many flows there are, it holds two generations at most."""
    monkeypatch.setattr(decided_module, "FLOWS_MAX", 10)
    table = Decided(8)
    for port in range(1, 500):
        table.add(segment(cport=port), 0.0)
        assert len(table) <= 2 * 22
    assert table.aged(segment(cport=499), 0.0) is not None
