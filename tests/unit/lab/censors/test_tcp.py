"""The reset on SYN, as a function."""

from ipaddress import ip_address

from hushmap.lab import packet as p
from hushmap.lab.censors.rule import SETTLED, Flow
from hushmap.lab.censors.tcp import SynReset

C, S = ip_address("198.18.0.2").packed, ip_address("198.51.100.20").packed
FLOW = Flow(C, S, 1, 443, 0.0)
RULE = SynReset(["198.51.100.20"])


def segment(flags, *, outward=True):
    """One TCP segment between client and server."""
    ends = ((C, 1), (S, 443)) if outward else ((S, 443), (C, 1))
    return p.parse(p.tcp(*ends, seq=9, ack=0, flags=flags), outward=outward)


def test_a_syn_is_answered_with_a_reset():
    """One forged reset to the client, the SYN dropped where the censor is in the path."""
    action = RULE.inspect(segment(p.SYN), FLOW, 0.0)
    (only,) = action.inject
    assert p.parse(only.raw, outward=False).flags == p.RST | p.ACK
    assert action.drop
    assert action.sighting.mechanism == "tcp.refused"


def test_what_opens_nothing_passes():
    """Segments of a connection, and those that come back."""
    assert RULE.inspect(segment(p.ACK), FLOW, 0.0) is None
    assert RULE.inspect(segment(p.SYN | p.ACK, outward=False), FLOW, 0.0) is None


def test_others_settle():
    """Another address, another protocol, the twin."""
    assert SynReset([]).inspect(segment(p.SYN), FLOW, 0.0) is SETTLED
    assert RULE.inspect(p.parse(p.udp((C, 1), (S, 443), b"")), FLOW, 0.0) is SETTLED
