"""A window of days against every other: exact where it can be counted by hand, calibrated where it cannot."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.sampling.shifting import Shifted, least_found, poisson, shifted

QUIET = [0] * 28


def burst(at, days=28, size=5):
    """A series with one busy day."""
    return [size if day == at else 0 for day in range(days)]


def test_a_window_is_compared_with_every_other_start():
    """Of 28 starts of a week seven hold the one busy day; p counts the others that do, and itself."""
    found = shifted([burst(10)], 8, 7)
    assert found == Shifted(p=7 / 28, smallest=1 / 28, apart=4, windows=27, greater=0, ties=6)
    assert shifted([burst(10)], 20, 7).p == 1.0


def test_the_calendar_is_a_ring():
    """A window that begins at the end goes on at the beginning."""
    assert shifted([burst(1)], 26, 7).greater == 0
    assert shifted([burst(1)], 26, 7).ties == 6


def test_what_was_not_observed_is_no_zero():
    """A window is worth its count by observed day; one of which too little was observed is worth nothing."""
    half = [1 if day % 2 else None for day in range(28)]
    assert shifted([half], 0, 14).ties == 27
    assert shifted([[None] * 21 + [1] * 7], 0, 14) is None
    assert shifted([[1] * 7 + [None] * 21], 0, 7) is None, "there is no other window"
    assert shifted([[2, 1, *[0] * 26]], 0, 2).p == 1 / 28


@pytest.mark.parametrize(
    ("series", "start", "length"), [([], 0, 1), ([QUIET, QUIET[1:]], 0, 1), ([QUIET], 28, 1), ([QUIET], 0, 28)]
)
def test_a_window_that_is_none_is_refused(series, start, length):
    """It is shorter than the series and begins in them, and they have the same days."""
    with pytest.raises(ValueError, match="shorter than the series"):
        shifted(series, start, length)


def test_several_series_are_shifted_together():
    """Ranks add up: two bursts in one window are rarer than either; a series that is unobserved there leaves it out."""
    alone, both = shifted([burst(10)], 8, 7), shifted([burst(10), burst(14)], 8, 7)
    assert both.p < alone.p
    assert both.greater == 0
    gap = [None] * 14 + [1] * 14
    assert shifted([burst(10), gap], 0, 7) is None
    assert shifted([burst(20), gap], 15, 7).windows < 27


def test_localities_that_began_at_different_times_are_shifted_together():
    """Each has its own window; what lies between them stays, so that only the true calendar meets both bursts."""
    staggered = shifted([burst(10), burst(20)], [8, 18], 7)
    assert staggered == shifted([burst(10), burst(10)], 8, 7)
    assert staggered.p < shifted([burst(10), burst(20)], 8, 7).p
    with pytest.raises(ValueError, match="all have the same days"):
        shifted([burst(10), burst(20)], [8], 7)


def test_a_day_on_which_more_looked_counts_for_more():
    """Twice the count where twice as many places looked is no rise; a day on which none looked is no day."""
    days, looks = [1] * 14 + [2] * 14, [1] * 14 + [2] * 14
    assert shifted([days], 14, 7).greater == 0
    assert shifted([days], 14, 7).ties < 27
    assert shifted([days], 14, 7, [looks]).ties == 27
    assert shifted([[1] * 28], 0, 14, [[0] * 14 + [1] * 14]) is None
    with pytest.raises(ValueError, match="all have the same days"):
        shifted([days], 14, 7, [looks, looks])
    alone = least_found([[1, 0, 0] * 40], 30, 14, random.Random(2), runs=40)
    assert least_found([[1, 0, 0] * 40], 30, 14, random.Random(2), runs=40, looks=[[1] * 120]) == alone
    assert least_found([[1] * 28], 0, 7, random.Random(2), looks=[[0] * 28]) is None


def test_ties_can_be_broken_by_chance():
    """Between the most and the least that the plain p could have been."""
    found = shifted([QUIET], 3, 7)
    drawn = [found.drawn(random.Random(seed)) for seed in range(200)]
    assert found.p == 1.0
    assert 0.4 < sum(drawn) / len(drawn) < 0.6
    assert all(0 <= one <= 1 for one in drawn)


def test_power_is_told_at_the_series_own_rate():
    """A busy series would have shown a small rise, a quiet one only a great one, an empty one none at all."""
    rng = random.Random(1)
    busy = [poisson(3.0, rng) for _ in range(365)]
    quiet = [poisson(0.1, rng) for _ in range(365)]
    k_busy, power = least_found([busy], 100, 14, random.Random(2), runs=60)
    k_quiet, _ = least_found([quiet], 100, 14, random.Random(2), runs=60)
    assert k_busy <= 2.0 < k_quiet
    assert power >= 0.8
    assert least_found([QUIET], 0, 7, random.Random(3)) is None
    assert least_found([[None] * 28], 0, 7, random.Random(3)) is None
    assert least_found([[None, 1, *[0] * 10]], 4, 4, random.Random(3), runs=20) is None, "8 windows never come to .05"
    assert least_found([busy[:28]], 0, 14, random.Random(3), runs=20) is None, "there is no other window"


def test_power_is_told_at_the_rate_of_the_other_days():
    """A burst in the window itself makes no other rise harder to show, in one series or in several."""
    rng = random.Random(1)
    usual = [poisson(0.5, rng) for _ in range(365)]
    event = [count + 20 * (100 <= day < 114) for day, count in enumerate(usual)]
    alone = least_found([usual], 100, 14, random.Random(2), runs=40)
    assert alone is not None
    assert least_found([event], 100, 14, random.Random(2), runs=40) == alone
    both = least_found([usual, usual[50:] + usual[:50]], [100, 50], 14, random.Random(2), runs=40)
    assert least_found([event, event[50:] + event[:50]], [100, 50], 14, random.Random(2), runs=40) == both
    inside = [int(100 <= day < 114) for day in range(365)]
    assert least_found([inside], 100, 14, random.Random(2), runs=20) is None, "there is no other update"


def test_poisson_has_its_mean():
    """Also where e to its negative is no float."""
    rng = random.Random(4)
    assert poisson(0.0, rng) == 0
    draws = [poisson(2.5, rng) for _ in range(4000)]
    assert abs(sum(draws) / 4000 - 2.5) < 0.1
    assert abs(poisson(5000.0, rng) - 5000) < 400


@given(
    st.lists(st.one_of(st.none(), st.integers(0, 9)), min_size=10, max_size=40), st.integers(0, 9), st.integers(1, 9)
)
def test_p_is_a_chance_and_never_below_what_can_be_reached(days, start, length):
    """Whatever the days; a shift of the whole calendar changes nothing."""
    found = shifted([days], start, length)
    if found is not None:
        assert found.smallest <= found.p <= 1
        turned = [*days[3:], *days[:3]]
        assert shifted([turned], (start - 3) % len(days), length) == found


def test_false_alarms_are_as_rare_as_they_are_said_to_be():
    """Of 400 series without an event at most a tenth come to p of a twentieth; with ties broken about a twentieth."""
    rng = random.Random(5)
    plain = drawn = 0
    for _ in range(400):
        days = [None if rng.random() < 0.1 else poisson(0.5, rng) for _ in range(120)]
        found = shifted([days], rng.randrange(120), 10)
        if found is not None:
            plain += found.p <= 0.05
            drawn += found.drawn(rng) <= 0.05
    assert plain <= 40
    assert 4 <= drawn <= 40
