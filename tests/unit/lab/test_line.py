"""The access line: what waits, in which order it comes out, and what is lost."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.lab.line import Line
from hushmap.lab.loss import Link


def line(seed=1, **settings):
    """A line that loses nothing of itself."""
    return Line(Link(random.Random(1)), rng=random.Random(seed), **settings)


def test_a_plain_line_takes_no_time():
    """It says so beforehand, and of every packet."""
    plain = line()
    assert (plain.waits, plain.lossless, plain.passes(1500, 3.0)) == (False, True, 0.0)
    assert not Line(Link(random.Random(1), loss=0.1), rng=random.Random(1)).lossless
    assert not Line(Link(random.Random(1), outages=((1.0, 2.0),)), rng=random.Random(1)).lossless


def test_a_line_of_200_kbit_a_second_carries_that():
    """Of 1,500 bytes each 60 ms; over ten seconds of more than it takes 250 kB come over, each packet once."""
    slow = line(rate=25_000.0, queue=1.0)
    over = [at + wait for at in (n / 100 for n in range(1000)) if (wait := slow.passes(1500, at)) is not None]
    assert over[0] == pytest.approx(0.06)
    assert all(later - earlier == pytest.approx(0.06) for earlier, later in pairwise(over))
    assert 160 < len(over) < 190, "ten seconds, and what was still in the queue"


@pytest.mark.parametrize(("queue", "longest"), [(0.05, 0.11), (1.0, 1.06), (4.0, 4.06)])
def test_a_long_queue_makes_packets_late_and_a_short_one_loses_them(queue, longest):
    """Nothing waits longer than the queue lets it, beside its own sending."""
    slow = line(rate=25_000.0, queue=queue)
    waits = [slow.passes(1500, 0.0) for _ in range(200)]
    assert max(wait for wait in waits if wait is not None) == pytest.approx(longest, abs=0.06)
    assert waits[-1] is None


def test_after_a_pause_the_line_is_free():
    """What was sent is gone."""
    slow = line(rate=1000.0)
    assert slow.passes(500, 0.0) == pytest.approx(0.5)
    assert slow.passes(500, 10.0) == pytest.approx(0.5)


@given(st.integers(0, 2**32), st.floats(0.001, 0.3), st.lists(st.floats(0, 0.05), min_size=1, max_size=50))
def test_jitter_keeps_the_order_and_its_bound(seed, jitter, gaps):
    """Every packet takes between nothing and the jitter longer, and none overtakes another."""
    uneven, now, last = line(seed, jitter=jitter), 0.0, 0.0
    for gap in gaps:
        now += gap
        wait = uneven.passes(100, now)
        assert -1e-9 <= wait <= jitter + 1e-9
        assert now + wait >= last - 1e-9
        last = now + wait


def test_jitter_may_reorder():
    """Packets sent a millisecond apart come out in another order, each by its own draw, of even chance."""
    uneven = line(jitter=0.03, reorders=True)
    over = [n / 1000 + uneven.passes(100, n / 1000) for n in range(2000)]
    assert over != sorted(over)
    mean = sum(at - n / 1000 for n, at in enumerate(over)) / len(over)
    assert mean == pytest.approx(0.015, abs=0.001)


def test_equal_seeds_are_equally_uneven():
    """Another seed is not."""
    one, two, other = (
        [each.passes(100, n / 10) for n in range(20)]
        for each in (line(3, jitter=0.05), line(3, jitter=0.05), line(4, jitter=0.05))
    )
    assert one == two != other
