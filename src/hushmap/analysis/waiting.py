"""How long after an order a change came: order by order where a table has both days, else to the first change.

What an order did not lead to is in no such table, so that these are times of changes that came, and no share of
orders that were carried out. A change before its order is told as such: the day of one of the two is then another's.
Where nobody looked on the days before, a change may have come on any of them.
"""

import math
from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from hushmap.analysis.counting import Series, Update

LEAST = 6
"""Orders below which the median has no interval: none of their days would then lie on either side of it surely."""
_NORMAL = 1.959964
"""Of 95 %."""


class Lags(msgspec.Struct, frozen=True, kw_only=True):
    """Days from orders to the changes that carried them out. One change of one order is one, whatever its size."""

    orders: int
    before: int
    """Changes that came before their order."""
    early: int
    """Days after which a quarter of the changes had come."""
    middle: int
    late: int
    """And three quarters."""
    low: int | None
    """The median with 95 % confidence lies between the two; None: too few."""
    high: int | None
    week: float
    """Share of the changes that came within seven days."""


class Wait(msgspec.Struct, frozen=True, kw_only=True):
    """From an event's day to the first change."""

    name: str
    """Whose series; empty: all together."""
    since: date
    days: int | None
    """Until the first change was seen; None: none came."""
    least: int | None
    """It may have come as soon as this: nobody looked on the days before it was seen."""
    as_short: float | None
    """Share of the other days of the series from which the wait would have been as short."""


def lags(changes: Iterable[Update], first: date, last: date) -> Lags | None:
    """The days from order to change, of changes from the first to the last day; None where no row has an order."""
    each = {(one.order, one.day, one.batch) for one in changes if one.order is not None and first <= one.day <= last}
    days = sorted((day - order).days for order, day, _ in each)
    if not days:
        return None
    n = len(days)
    low, high = (None, None) if n < LEAST else _ranks(n)
    return Lags(
        orders=n,
        before=sum(one < 0 for one in days),
        early=days[math.ceil(n / 4) - 1],
        middle=days[math.ceil(n / 2) - 1],
        late=days[math.ceil(3 * n / 4) - 1],
        low=None if low is None else days[low],
        high=None if high is None else days[high],
        week=sum(0 <= one <= 7 for one in days) / n,
    )


def _ranks(n: int) -> tuple[int, int]:
    """The places, from 0, between which the median lies with 95 % confidence (binomial, by the normal)."""
    half = _NORMAL * math.sqrt(n) / 2
    return max(0, math.floor(n / 2 - half)), min(n - 1, math.ceil(n / 2 + half))


def wait(one: Series, since: date) -> Wait | None:
    """From a day to the first change on it or later; None where the day is not in the series."""
    at = one.index(since)
    if not 0 <= at < len(one.batches):
        return None
    waits = _waits(one.batches)
    mine = waits[at]
    if mine is None:
        return Wait(name=one.name, since=since, days=None, least=None, as_short=None)
    seen = at + mine
    dark = next((step for step in range(mine) if one.batches[seen - step - 1] is not None), mine)
    others = [other for place, other in enumerate(waits) if place != at]
    short = sum(other is not None and other <= mine for other in others)
    return Wait(
        name=one.name,
        since=since,
        days=mine,
        least=mine - dark,
        as_short=short / len(others) if others else None,
    )


def _waits(batches: Sequence[int | None]) -> list[int | None]:
    """From each day the days to the next change."""
    found: list[int | None] = []
    next_: int | None = None
    for count in reversed(batches):
        next_ = 0 if count else None if next_ is None else next_ + 1
        found.append(next_)
    return found[::-1]
