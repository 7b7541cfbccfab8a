"""Address drop and a server's own refusal, as functions."""

from ipaddress import ip_address

from hushmap.lab import packet as p
from hushmap.lab.censors.ip import AddressDrop, SynDrop
from hushmap.lab.censors.rule import SETTLED, Flow

C, S, T = (ip_address(address).packed for address in ("198.18.0.2", "198.51.100.20", "198.51.100.21"))


def segment(server=S, flags=p.SYN, *, outward=True):
    """One TCP segment between client and server."""
    ends = ((C, 1), (server, 443)) if outward else ((server, 443), (C, 1))
    return p.parse(p.tcp(*ends, seq=1, ack=0, flags=flags), outward=outward), Flow(C, server, 1, 443, 0.0)


def test_every_packet_of_a_listed_address_is_discarded():
    """In both directions, datagrams too, and nothing is injected."""
    rule = AddressDrop(["198.51.100.20"])
    for outward in (True, False):
        action = rule.inspect(*segment(outward=outward), 0.0)
        assert (action.drop, action.silence, action.inject) == (True, True, ())
        assert (action.sighting.mechanism, action.sighting.what) == ("ip.timeout", "198.51.100.20")
    datagram = p.parse(p.udp((C, 1), (S, 53), b""))
    assert rule.inspect(datagram, Flow(C, S, 1, 53, 0.0), 0.0).drop


def test_other_addresses_settle():
    """The neighbour, and the twin without a list, pass at once."""
    assert AddressDrop(["198.51.100.20"]).inspect(*segment(T), 0.0) is SETTLED
    assert AddressDrop([]).inspect(*segment(), 0.0) is SETTLED
    assert SynDrop([]).inspect(*segment(), 0.0) is SETTLED


def test_a_geoblock_drops_only_what_opens_a_connection():
    """A SYN from here is lost; DNS and what belongs to a connection pass."""
    rule = SynDrop(["198.51.100.20"])
    assert rule.inspect(*segment(), 0.0).drop
    assert rule.inspect(*segment(), 0.0).sighting.mechanism == "server.geoblock"
    assert rule.inspect(*segment(flags=p.ACK), 0.0) is None
    assert rule.inspect(*segment(flags=p.SYN | p.ACK, outward=False), 0.0) is None
    datagram = p.parse(p.udp((C, 1), (S, 53), b""))
    assert rule.inspect(datagram, Flow(C, S, 1, 53, 0.0), 0.0) is SETTLED
