"""Shares of days against those of other days: what was tested, and how much of it, is no change."""

import random
from types import SimpleNamespace

import pytest

from hushmap.sampling.sharing import RISES, Shares, drawn, least_rise, shifted_shares

DAYS, WEEK = 120, 7


def shares(tests, found, expected=None, *, free=None):
    """One site on one line, unless it is said what was expected."""
    rate = sum(found) / sum(tests) if sum(tests) else 0.0
    expected = [n * rate for n in tests] if expected is None else expected
    squares = [k * (1 - rate) ** 2 + (n - k) * rate**2 for n, k in zip(tests, found, strict=True)]
    return Shares(
        tests=tuple(tests),
        found=tuple(found),
        expected=tuple(expected),
        squares=tuple(squares),
        free=tuple(tests if free is None else free),
    )


def by_chance(rng, tests=10, rate=0.2, days=DAYS):
    """Days that find by chance alone."""
    return shares([tests] * days, [sum(rng.random() < rate for _ in range(tests)) for _ in range(days)])


def test_a_window_in_which_more_is_found_stands_out():
    """Alone with all ten of each day; the p is the least that the calendar can give."""
    found = [10 if 50 <= day < 57 else day % 2 for day in range(DAYS)]
    told = shifted_shares([shares([10] * DAYS, found)], 50, WEEK)
    assert (told.p, told.smallest, told.greater, told.ties) == (1 / DAYS, 1 / DAYS, 0, 0)
    assert (told.windows, told.apart) == (DAYS - 1, DAYS // WEEK)


def test_what_is_always_found_changes_nothing_when_more_of_it_is_tested():
    """Half of all tests are of a site that is always blocked, in the window nearly all; that was expected."""
    blocked = [9 if 50 <= day < 57 else 5 for day in range(DAYS)]
    told = shifted_shares([shares([10] * DAYS, blocked, blocked)], 50, WEEK)
    assert told.ties == told.windows
    assert told.p == 1.0


def test_days_without_a_test_are_no_zeros():
    """A window with too few days has no value; one with enough has that of those days."""
    found = [0 if 50 <= day < 60 else day % 3 for day in range(DAYS)]
    tests = [0 if 50 <= day < 60 else 4 for day in range(DAYS)]
    assert shifted_shares([shares(tests, found)], 50, WEEK) is None
    assert shifted_shares([shares([0] * DAYS, [0] * DAYS)], 50, WEEK) is None
    assert shifted_shares([shares(tests, found)], 50, 2 * WEEK + 3).windows < DAYS


def test_several_lines_are_shifted_together_each_from_its_own_day():
    """Two that rise on different days, lined up, are as one that rises."""
    low, rise = [1, 2] * (DAYS // 2), [0, 0, 9, 9, 9, 9, 9, 9, 9, 0]
    early, late = ([*low[:at], *rise, *low[at + 10 :]] for at in (30, 70))
    both = [shares([10] * DAYS, early), shares([10] * DAYS, late)]
    assert shifted_shares(both, [32, 72], WEEK).greater == 0
    assert shifted_shares(both, [72, 32], WEEK).greater > 0
    with pytest.raises(ValueError, match="shorter than the series"):
        shifted_shares(both, 0, DAYS)
    with pytest.raises(ValueError, match="shorter than the series"):
        shifted_shares([both[0], shares([1], [0])], 0, WEEK)


@pytest.mark.parametrize("effort", [0.2, 1, 5])
def test_how_much_is_tested_in_the_window_makes_no_false_alarms(effort):
    """At 0.05 about one in twenty, whether testing goes down, stays, or goes up with the event."""
    rng, alarms = random.Random(7), 0
    for _ in range(300):
        start = rng.randrange(DAYS)
        tests = [10 if (day - start) % DAYS >= WEEK else int(10 * effort) for day in range(DAYS)]
        told = shifted_shares([shares(tests, [drawn(n, 0.3, rng) for n in tests])], start, WEEK)
        alarms += told.p <= 0.05
    assert 3 <= alarms <= 26


def test_what_days_have_in_common_widens_their_spread():
    """Where whole days find or do not, ten tests of a day tell hardly more than one."""
    single = by_chance(random.Random(3))
    days = shares([10] * DAYS, [10 * (day % 5 == 0) for day in range(DAYS)])
    assert days.spread[0] > 5 * single.spread[0]
    assert shares([1] * DAYS, [day % 2 for day in range(DAYS)]).spread[0] == pytest.approx(0.25)


def test_a_series_says_the_least_rise_that_it_would_have_shown():
    """Many tests show a small one, few a large one, one test a day of a line of its own none at all."""
    rng = random.Random(4)
    rise, power = least_rise([by_chance(rng, tests=60)], 0, WEEK, random.Random(1), runs=40)
    assert rise <= 0.1
    assert power >= 0.8
    assert least_rise([by_chance(rng, tests=4)], 0, WEEK, random.Random(1), runs=40)[0] > rise
    alone = shares([4] * DAYS, [day % 2 for day in range(DAYS)], free=[0] * DAYS)
    assert least_rise([alone], 0, WEEK, random.Random(1), runs=20) is None


def test_the_event_itself_is_no_bar_to_what_would_have_been_shown():
    """What a series shows is asked of the time without it; a window of half of all days leaves no such time."""
    rng = random.Random(4)
    quiet = by_chance(rng, tests=20, days=60)
    found = [20 if 30 <= day < 37 else k for day, k in enumerate(quiet.found)]
    loud = shares([20] * 60, found)
    assert least_rise([loud], 30, WEEK, random.Random(1), runs=40)[0] <= 0.3
    assert least_rise([loud], 0, WEEK, random.Random(1), runs=40) is None, "another week would have to outdo it"
    assert least_rise([loud], 0, 30, random.Random(1), runs=40) is None


def test_a_share_leaves_room_for_so_much_only():
    """What is found nearly always, or was never tested, can show no rise; what was never found can."""
    full = shares([10] * DAYS, [10] * DAYS)
    assert least_rise([full], 0, WEEK, random.Random(1), runs=10) is None
    assert least_rise([shares([0] * DAYS, [0] * DAYS)], 0, WEEK, random.Random(1), runs=10) is None
    assert least_rise([shares([10] * DAYS, [0] * DAYS)], 0, WEEK, random.Random(1), runs=20)[0] <= RISES[4]
    gaps = shares([10 if day % 2 else 0 for day in range(DAYS)], [0] * DAYS)
    assert least_rise([gaps], 0, 2 * WEEK, random.Random(1), runs=20) is not None


def test_a_number_of_successes_has_their_mean():
    """By single trials where they are few, by the normal curve where they are many, and never more than there are."""
    rng = random.Random(2)
    assert sum(drawn(20, 0.3, rng) for _ in range(500)) / 500 == pytest.approx(6, abs=0.4)
    assert sum(drawn(10_000, 0.3, rng) for _ in range(50)) / 50 == pytest.approx(3_000, abs=40)
    assert drawn(5, 1.0, rng) == 5
    assert drawn(1_000, 0.5, SimpleNamespace(gauss=lambda mean, deviation: 2 * mean + deviation)) == 1_000
