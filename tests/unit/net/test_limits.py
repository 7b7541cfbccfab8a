"""How long each verb waits."""

import pytest

from hushmap.model import Ask, Layer
from hushmap.net.limits import Limits


def test_the_time_outs_are_those_of_the_issue():
    """Connect 8 s, handshake 10 s, fetch 20 s; body 128 kB."""
    limits = Limits()
    assert (limits.connect, limits.handshake, limits.fetch, limits.body) == (8, 10, 20, 131072)


def test_scaling_divides_times_and_leaves_sizes():
    """A lab's factor shortens every wait and no bound in bytes."""
    limits = Limits().scaled(5)
    assert (limits.connect, limits.late, limits.late_suspicious) == (1.6, 0.1, 1.0)
    assert (limits.body, limits.received) == (Limits().body, Limits().received)


@pytest.mark.parametrize("factor", [0, -1])
def test_a_factor_must_be_positive(factor):
    """No time-out can be made endless or negative."""
    with pytest.raises(ValueError, match="above 0"):
        Limits().scaled(factor)


def test_a_reply_may_take_as_long_as_the_longest_of_its_asks():
    """A page load with its lookup, each step by the ask's own time-out where that is longer; and what a helper needs."""
    limits = Limits()
    lookup, page = Ask(layer=Layer.DNS, name="news.example"), Ask(layer=Layer.HTTP, url="https://news.example/")
    assert limits.of_reply(()) == limits.helper == 5.0
    assert limits.of_reply((lookup,)) == 5.0 + 5.0 + 5.0 + 10.0
    assert limits.of_reply((lookup, page)) == 5.0 + 10.0 + 8.0 + 10.0 + 20.0
    inside = Ask(layer=Layer.DNS, name="news.example", resolver="tls://dns.example#192.0.2.53")
    assert limits.of_reply((inside,)) == 5.0 + 10.0 + 8.0 + 10.0 + 10.0
    slow = Ask(layer=Layer.TCP, address="198.51.100.7", port=443, timeout=9.0)
    assert limits.of_reply((slow,)) == 5.0 + 10.0 + 9.0
