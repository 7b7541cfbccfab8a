"""Level, slope and change points: found where they are, and intervals that hold them."""

import numpy as np
import pytest

from hushmap.analysis.course import interrupted, interrupted_shares, near


def rng():
    """Chance that repeats."""
    return np.random.default_rng(3)


def noisy(levels, seed=5):
    """Counts around levels."""
    return [int(one) for one in np.random.default_rng(seed).poisson(levels)]


def test_a_step_is_found_with_its_interval():
    """From 5 a day to 20 a day: log(21/6) within the interval, and none where nothing changed."""
    told = interrupted(noisy([5] * 100 + [20] * 100), 100, rng())
    assert told.step.low < 21 / 6 < told.step.high
    assert told.step.low > 2
    flat = interrupted(noisy([5] * 200), 100, rng())
    assert flat.step.low < 1 < flat.step.high
    assert (flat.days, flat.block) == (200, 7)


def test_a_slope_is_told_by_what_it_makes_of_a_month():
    """Growing by a tenth of the logarithm a day, without a step."""
    rise = [5.0] * 60 + [5 * np.exp(0.05 * day) for day in range(40)]
    told = interrupted(noisy(rise), 60, rng())
    assert told.month.low > 1.5
    assert told.month.ratio > told.step.ratio


def test_too_few_busy_days_on_one_side_are_no_regression():
    """And days that were not observed are in neither."""
    assert interrupted([1] * 11 + [0] * 50 + [1] * 50, 30, rng()) is None
    assert interrupted([None] * 40 + [3] * 40, 20, rng()) is None
    assert interrupted([3, None] * 60, 60, rng()).days == 60


def test_nearness_is_held_against_the_same_calendar_turned():
    """An event on the day of a change is nearer than nearly every turn; without either there is nothing to say."""
    told = near([50], [50], 100)
    assert (told.distance, told.p) == (0.0, 0.01)
    assert near([50], [0], 100).p == 1.0
    assert near([98], [2], 100).distance == 4.0, "the calendar is a ring"
    for changes, events in (([], [1]), ([1], []), ([1], [200])):
        assert near(changes, events, 100).p is None


def test_shares_are_told_in_points():
    """A step of thirty points is found, and lies within its interval; without one there is none."""
    rng = np.random.default_rng(3)
    noise = rng.normal(0, 0.02, 80)
    shares = [None if day % 9 == 0 else 0.2 + 0.3 * (day >= 40) + noise[day] for day in range(80)]
    found = interrupted_shares(shares, [0.02**2] * 80, 40, np.random.default_rng(1))
    assert found.step.low <= 0.3 <= found.step.high
    assert found.step.share == pytest.approx(0.3, abs=0.03)
    assert found.days == 80 - 9
    flat = interrupted_shares(list(0.2 + noise), [0.02**2] * 80, 40, np.random.default_rng(1))
    assert flat.step.low <= 0 <= flat.step.high


def test_days_of_which_little_is_known_weigh_little():
    """Days after the event of ten times the spread that say otherwise do not hide it."""
    shares = [0.2 + 0.3 * (day >= 40) + 0.01 * (day % 2) for day in range(80)]
    odd = [0.0 if day > 40 and day % 4 == 0 else share for day, share in enumerate(shares)]
    spread = [1.0 if day > 40 and day % 4 == 0 else 0.01 for day in range(80)]
    weighed = interrupted_shares(odd, spread, 40, np.random.default_rng(1))
    alike = interrupted_shares(odd, [0.01] * 80, 40, np.random.default_rng(1))
    assert abs(weighed.step.share - 0.3) < abs(alike.step.share - 0.3)


def test_shares_of_few_days_or_without_a_spread_tell_nothing():
    """On either side."""
    known = [0.5] * 80
    assert interrupted_shares(known, [0.01] * 80, 5, np.random.default_rng(1)) is None
    assert interrupted_shares(known, [0.0] * 80, 40, np.random.default_rng(1)) is None
    assert interrupted_shares([None] * 80, [0.0] * 80, 40, np.random.default_rng(1)) is None
