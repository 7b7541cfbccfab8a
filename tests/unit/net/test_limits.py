"""How long each verb waits."""

import pytest

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
