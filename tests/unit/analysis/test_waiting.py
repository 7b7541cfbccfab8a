"""How long after an order a change came: as far as it is known, and no share of orders carried out."""

from datetime import date, timedelta

from hushmap.analysis.counting import Update, series
from hushmap.analysis.waiting import Lags, Wait, lags, wait

FIRST = date(2015, 6, 1)


def after(days, *, order=FIRST, batch=""):
    """A change so many days after an order."""
    return Update(day=order + timedelta(days=days), things=3, batch=batch, order=order)


def test_the_days_from_order_to_change_are_told_as_quarters():
    """One change of one order is one, whatever its size; too few have no interval."""
    assert lags([Update(day=FIRST, things=1)], FIRST, FIRST) is None
    four = [after(0), after(0), after(2), after(5), after(30)]
    assert lags(four, FIRST, FIRST + timedelta(days=30)) == Lags(
        orders=4, before=0, early=0, middle=2, late=5, low=None, high=None, week=0.75
    )


def test_the_half_has_an_interval_and_a_change_before_its_order_is_named():
    """By the ranks of a binomial; only changes of the period count."""
    many = [after(day - 2, batch=f"{day}") for day in range(101)]
    found = lags(many, FIRST - timedelta(days=9), FIRST + timedelta(days=98))
    assert (found.orders, found.before, found.middle) == (101, 2, 48)
    assert (found.low, found.high) == (38, 59)
    assert lags(many, FIRST, FIRST + timedelta(days=9)).orders == 10


def of(*counts):
    """A series of these days."""
    changes = [Update(day=FIRST + timedelta(days=at), things=1) for at, count in enumerate(counts) if count]
    seen = frozenset(FIRST + timedelta(days=at) for at, count in enumerate(counts) if count is not None)
    return series(changes, FIRST, FIRST + timedelta(days=len(counts) - 1), observed=seen)[""]


def test_the_first_change_after_a_day():
    """With the share of other days from which the wait is as short; on the day itself it is no wait."""
    one = of(0, 0, 0, 1, 0, 0)
    assert wait(one, FIRST) == Wait(name="", since=FIRST, days=3, least=3, as_short=3 / 5)
    assert wait(one, FIRST + timedelta(days=3)).days == 0
    assert wait(one, FIRST + timedelta(days=4)) == Wait(
        name="", since=FIRST + timedelta(days=4), days=None, least=None, as_short=None
    )
    assert wait(one, FIRST - timedelta(days=1)) is None
    assert wait(of(1), FIRST).as_short is None


def test_a_change_that_was_seen_after_a_gap_may_have_come_sooner():
    """On any of the days on which nobody looked."""
    assert (wait(of(0, 0, None, None, 1), FIRST).least, wait(of(0, 0, None, None, 1), FIRST).days) == (2, 4)
    assert wait(of(None, None, 1), FIRST).least == 0
