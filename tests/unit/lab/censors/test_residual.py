"""Residual blocking, as a function."""

from ipaddress import ip_address

from hushmap.lab import packet as p
from hushmap.lab.censors.residual import Residual
from hushmap.lab.censors.rule import SETTLED, Flow

C, S = ip_address("198.18.0.2").packed, ip_address("198.51.100.20").packed
RULE = Residual()


def segment(flags=p.SYN, *, outward=True):
    """One TCP segment between client and server."""
    ends = ((C, 1), (S, 443)) if outward else ((S, 443), (C, 1))
    return p.parse(p.tcp(*ends, seq=9, ack=0, flags=flags), outward=outward)


def burned(until):
    """A flow whose tuple is burned until then."""
    return Flow(C, S, 1, 443, 0.0, burned=until)


def test_a_burned_tuple_is_reset_until_its_time():
    """Before the end every segment of the client is reset, from then on none."""
    assert RULE.inspect(segment(), burned(2.0), 1.9).sighting.what == "198.51.100.20:443"
    assert RULE.inspect(segment(), burned(2.0), 1.9).inject
    assert RULE.inspect(segment(), burned(2.0), 2.0) is SETTLED


def test_returning_segments_and_resets_pass():
    """Only what the client sends is answered, and a reset is not answered by a reset."""
    assert RULE.inspect(segment(p.ACK, outward=False), burned(2.0), 1.0) is None
    assert RULE.inspect(segment(p.RST), burned(2.0), 1.0) is None


def test_datagrams_and_fresh_tuples_settle():
    """Nothing was burned, or it is no TCP."""
    assert RULE.inspect(segment(), burned(0.0), 0.0) is SETTLED
    assert RULE.inspect(p.parse(p.udp((C, 1), (S, 443), b"")), burned(2.0), 1.0) is SETTLED
