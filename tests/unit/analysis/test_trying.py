"""One test of a study, of counts or of shares."""

from datetime import date, timedelta
from random import Random

import pytest

from hushmap.analysis.counting import ShareSeries, Update, series
from hushmap.analysis.trying import StudyRole, Trial
from hushmap.analysis.windows import Window
from hushmap.sampling import Shares

FIRST, DAYS = date(2015, 1, 1), 120
START, END = date(2015, 3, 1), date(2015, 3, 8)
RATE = 0.25


def of_shares(found, name="", tests=4):
    """A series of so many tests a day, of one site on one line, or by day."""
    tests = [tests] * DAYS if isinstance(tests, int) else tests
    rate = sum(found) / sum(tests)
    return ShareSeries(
        name=name,
        first=FIRST,
        looks=tuple(tests),
        days=Shares(
            tests=tuple(tests),
            found=tuple(map(float, found)),
            expected=tuple(n * rate for n in tests),
            squares=tuple(k * (1 - rate) ** 2 + (n - k) * rate**2 for n, k in zip(tests, found, strict=True)),
            free=tuple(map(float, tests)),
        ),
    )


def raised(name="", by=3, start=START):
    """One in four finds something, in eight days more."""
    at = (start - FIRST).days
    return of_shares([1 + by * (at <= day < at + 8) for day in range(DAYS)], name)


def trial(latest=START):
    """In the first days of March."""
    return Trial(when=Window(start=START, latest=latest, earliest=END, end=END), rng=Random(1), draws=20)


def test_shares_are_told_in_and_outside_the_window():
    """With what was to be expected, and the rise that would have been shown; there are no batches and no things."""
    test = trial().plain(StudyRole.WHOLE, raised())
    share = test.share
    assert (share.tests, share.found, share.other_tests, share.other_found) == (32, 32, 448, 112)
    assert share.expected == pytest.approx(32 * 144 / 480)
    assert share.least is not None
    assert (test.batches, test.things, test.by_things, test.least) == (None, None, None, None)
    assert (test.found.p, test.observed) == (1 / DAYS, 8)


def test_counts_have_no_share():
    """But batches and things."""
    updates = [Update(day=START + timedelta(days=day), things=2, batch="b") for day in range(3)]
    test = trial().plain(StudyRole.WHOLE, series(updates, FIRST, FIRST + timedelta(days=DAYS - 1))[""])
    assert (test.batches, test.things, test.share) == (3, 6, None)
    assert test.by_things is not None


def test_too_few_tests_give_no_p():
    """A window that is observed on each of two days has five tests: below the number from which a share is told."""
    at = (START - FIRST).days
    tests = [3 if day == at else 2 for day in range(DAYS)]
    few = of_shares([1] * DAYS, tests=tests)
    short = Trial(
        when=Window(start=START, latest=START, earliest=START, end=START + timedelta(days=1)), rng=Random(1), draws=5
    )
    test = short.plain(StudyRole.WHOLE, few)
    assert (test.share.tests, test.found, test.share.least) == (5, None, None)


def test_windows_by_the_day_have_a_range_of_shares_too():
    """Of the whole and of targets."""
    test = trial(latest=START + timedelta(days=2)).plain(StudyRole.TARGET, raised())
    low, high = test.possible
    assert low <= test.found.p <= high


def test_several_lines_are_one_test_of_shares():
    """Each from its own day on."""
    later = START + timedelta(days=30)
    both = trial().made(StudyRole.TOGETHER, "", [raised("a"), raised("b", start=later)], [START, later], END)
    assert (both.share.tests, both.share.found, both.end) == (64, 64, later + timedelta(days=7))
    assert both.found.greater == 0
