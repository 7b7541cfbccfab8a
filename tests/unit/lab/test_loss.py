"""Loss on the link: right in the mean, in bursts, the same for equal seeds."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.lab.loss import Link


def states(link, slots):
    """Whether each of the first slots is bad."""
    return [link.loses((slot + 0.5) / 100) for slot in range(slots)]


def runs(found):
    """Lengths of the bad spells."""
    lengths, length = [], 0
    for bad in found:
        if bad:
            length += 1
        elif length:
            lengths.append(length)
            length = 0
    return lengths


def test_share_and_burst_are_as_asked():
    """Over 400,000 slots the share lost is 5 % and the mean spell 8 slots, each within a tenth."""
    found = states(Link(random.Random(7), loss=0.05, burst=8.0), 400_000)
    assert 0.045 < sum(found) / len(found) < 0.055
    spells = runs(found)
    assert 7.2 < sum(spells) / len(spells) < 8.8


def test_packets_of_one_slot_share_their_fate():
    """Three packets sent at once are all lost or all pass, however many there are."""
    link = Link(random.Random(1), loss=0.3)
    for slot in range(1000):
        assert len({link.loses((slot + 0.2 + part / 10) / 100) for part in range(3)}) == 1


def test_a_second_later_the_state_is_another():
    """Given a loss, a packet one second later is lost no more often than any (a spell lasts 80 ms in the mean)."""
    found = states(Link(random.Random(3), loss=0.05, burst=8.0), 400_000)
    again = [found[index + 100] for index, bad in enumerate(found[:-100]) if bad]
    assert sum(again) / len(again) < 0.08


@given(st.integers(0, 2**32), st.floats(0, 0.9), st.floats(1, 50))
def test_equal_seeds_lose_the_same(seed, loss, burst):
    """A link is a function of its seed, whether or not every slot was asked for."""
    one, two = (Link(random.Random(seed), loss=loss, burst=burst) for _ in range(2))
    whole = states(one, 300)
    assert [two.loses((slot + 0.5) / 100) for slot in range(0, 300, 7)] == whole[::7]


def test_no_loss_loses_nothing_but_in_an_outage():
    """An outage takes everything from its first to before its last moment."""
    link = Link(random.Random(1), outages=((2.0, 3.0), (5.0, 5.5)))
    lost = [tenth / 10 for tenth in range(70) if link.loses(tenth / 10)]
    assert lost == [2.0 + tenth / 10 for tenth in range(10)] + [5.0, 5.1, 5.2, 5.3, 5.4]


@pytest.mark.parametrize(("loss", "burst"), [(1.0, 8.0), (-0.1, 8.0), (0.1, 0.5)])
def test_impossible_settings_are_refused(loss, burst):
    """A link that loses everything, or bursts shorter than a slot, is a mistake."""
    with pytest.raises(ValueError, match="loss"):
        Link(random.Random(1), loss=loss, burst=burst)
