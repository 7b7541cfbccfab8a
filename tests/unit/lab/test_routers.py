"""The routers of the path: who answers, from where, and how often."""

from ipaddress import ip_address

import pytest

from hushmap.lab import packet as p
from hushmap.lab.addresses import hop, other_address
from hushmap.lab.routers import Routers
from hushmap.lab.scenario_path import Router

C4, S4 = ip_address("198.18.0.2").packed, ip_address("198.51.100.20").packed
C6, S6 = ip_address("2001:db8::2").packed, ip_address("2001:db8:2::20").packed


def probe(six=False):
    """A datagram of the client's."""
    return p.udp(((C6 if six else C4), 5), ((S6 if six else S4), 53), b"x", ttl=3)


def said(routers, ttl=3, now=0.0, *, six=False, outward=True):
    """Who answers."""
    raw = routers.exceeded(probe(six), ttl, now, outward=outward)
    return None if raw is None else str(ip_address(p.parse(raw).source))


def test_each_hop_answers_from_its_address():
    """From the far side they are counted backwards; a TTL of nothing ends at the first."""
    routers = Routers(8)
    assert [said(routers, ttl) for ttl in (0, 1, 3, 8)] == [hop(n)[0] for n in (1, 1, 3, 8)]
    assert [said(routers, ttl, outward=False) for ttl in (1, 3, 8)] == [hop(n)[0] for n in (8, 6, 1)]
    assert said(routers, six=True) == hop(3)[1]


def test_a_silent_router_never_answers():
    """The others do."""
    routers = Routers(8, odd=(Router(hop=3, silent=True),))
    assert [said(routers, ttl, now) for now in (0.0, 100.0) for ttl in (2, 3, 4)] == [hop(2)[0], None, hop(4)[0]] * 2


@pytest.mark.parametrize("six", [False, True])
def test_a_router_may_answer_from_another_of_its_addresses(six):
    """In both families."""
    routers = Routers(8, odd=(Router(hop=3, other_address=True),))
    assert said(routers, six=six) == other_address(3)[six]
    assert said(routers, 4, six=six) == hop(4)[six]
    assert said(routers, six=six) != hop(3)[six]


def test_limits_are_of_all_or_of_one():
    """A burst of two, then one a second; the odd one has ten, and no more ever."""
    routers = Routers(4, per_s=1.0, burst=2.0, odd=(Router(hop=2, icmp_per_s=0.0, icmp_burst=10.0),))
    plain = [said(routers, 1) is not None for _ in range(4)]
    odd = [said(routers, 2) is not None for _ in range(12)]
    assert (plain, odd) == ([True] * 2 + [False] * 2, [True] * 10 + [False] * 2)
    assert said(routers, 1, 1.0) is not None
    assert said(routers, 1, 1.0) is None
    assert said(routers, 2, 1000.0) is None
    assert said(Routers(4, per_s=0.0, burst=0.0), 1, 9.0) is None


def test_an_error_is_not_answered():
    """RFC 1122 3.2.2; and it costs nothing of the limit."""
    routers = Routers(4, per_s=0.0, burst=1.0)
    error = p.ip(C4, S4, p.ICMP, b"\x0b\0\0\0\0\0\0\0", ttl=1)
    assert routers.exceeded(error, 1, 0.0, outward=True) is None
    assert said(routers, 1) is not None
