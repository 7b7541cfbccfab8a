"""Update counts: rows of a table, or incidents, as series of days with what was observed on them.

What a list or a platform changes comes in batches, so that a batch is the sample and the things in it are no sample
of anything. A day on which nobody looked is not a day without a change: where a source does not tell when it looked,
that is said of the series, and its empty days are taken for empty at the reader's own risk.

Of what was measured it is known for each network and category. There an onset has a day only if the target was seen
working shortly before: what stopped in a gap would pile up on the first day back, and is left out, as that day is.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TypeAlias

import msgspec

from hushmap.analysis.incident import Incident, Sure
from hushmap.analysis.stream import Key
from hushmap.catalog import iso_day
from hushmap.sampling import Shares

DATES = ("date", "day", "snapshot_utc", "started")
"""Names under which tables have the day, the first that is there."""
COUNTS = ("n", "count", "n_added_first_time", "n_keywords", "words")
"""And how many things one row is; a table without any of them has one a row."""
KINDS = "event_type"
"""A column that tells additions from removals, where there is one."""
ADDED = "add"
REACH = 3
"""Days from last seen working to first seen failing at most, for an onset to have a day. Own choice: little beside a
window of two weeks, and who measures every other day is not left out."""
MIN_N = 6
"""Bursts below which no share is given: the fewest for which the intervals of "in none" and "in all" do not meet, so
that with fewer not even these two can be told apart."""
MOST_DAYS = 36_600
"""A century: more is a slip of the pen in a year."""

Watched = Mapping[tuple[str, str], frozenset[date]]
"""By place and name, the days on which a change would have been seen, and dated."""


class Exposure(StrEnum):
    """Whether it is known on which days somebody looked."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    """Days without a row are taken for days without a change."""


class _ByDay(msgspec.Struct, frozen=True, kw_only=True):
    """What is the same of every series."""

    name: str
    """Its category, platform, network or country; empty: all together."""
    first: date
    looks: tuple[int, ...]
    """How many places (networks, say) looked on each day, or made how many tests; 0: nobody did."""

    @property
    def last(self) -> date:
        """The last day."""
        return self.first + timedelta(days=len(self.looks) - 1)

    def index(self, day: date) -> int:
        """The place of a day; it may lie outside."""
        return (day - self.first).days


class Series(_ByDay, frozen=True, kw_only=True):
    """One series of changes by day."""

    batches: tuple[int | None, ...]
    """Of each day from the first on; None: nobody looked."""
    things: tuple[int | None, ...]
    """Words, or targets, in these batches."""
    exposure: Exposure


class ShareSeries(_ByDay, frozen=True, kw_only=True):
    """One series of shares by day, of what was measured."""

    days: Shares

    @property
    def exposure(self) -> Exposure:
        """What was measured is known by the day."""
        return Exposure.KNOWN

    @property
    def levels(self) -> list[float | None]:
        """Of each day the share that the usual tests would have found; None: there was none."""
        return levels_of(self.days.rate, self.days.excess, self.looks)


def levels_of(rate: float, excess: Sequence[float], tests: Sequence[float]) -> list[float | None]:
    """By day the share of tests at a rate, and what was found beyond; None: there was no test."""
    return [rate + more / n if n else None for more, n in zip(excess, tests, strict=True)]


Dailies: TypeAlias = Series | ShareSeries
"""A series of either kind; all of a study are of the same."""


class Update(msgspec.Struct, frozen=True, kw_only=True):
    """One change: a batch, or a part of one."""

    day: date
    things: int
    name: str = ""
    batch: str = ""
    """What is one update; rows with the same are one batch."""
    order: date | None = None
    """The day of the order that it is said to carry out."""


def read_rows(
    rows: Iterable[Mapping[str, str]],
    *,
    by: str | None = None,
    count: str | None = None,
    order: str | None = None,
    where: Mapping[str, str] = {},
) -> tuple[Update, ...]:
    """The changes of a table with a header; only additions where the table tells them from removals.

    Args:
        rows: each by column.
        by: the column whose values are series of their own.
        count: the column of how many; the first of `COUNTS` unless it is said.
        order: the column of the day of the order that a row carries out; empty where a row has none.
        where: values that a row must have.

    Raises:
        ValueError: A column is not there, or a row has no day or no number; one line with the row's place.
    """
    found: list[Update] = []
    for place, row in enumerate(rows, 2):
        when = _first_of(DATES, row, "date")
        counted = count or next((name for name in COUNTS if name in row), None)
        for name in (*where, *filter(None, (by, count, order))):
            if name not in row:
                raise ValueError(f"there is no column {name!a:.60}; there are {', '.join(row)}")
        if any(row[name] != value for name, value in where.items()):
            continue
        if row.get(KINDS, ADDED) != ADDED:
            continue
        moment = row[when]
        things = _number(row[counted] or "0", place) if counted else 1
        if things:
            name = row[by] if by else ""
            source = row.get("client") or row.get("platform") or ""
            ordered = _day(row[order], place) if order and row[order] else None
            found.append(
                Update(day=_day(moment, place), things=things, name=name, batch=f"{source} {moment}", order=ordered)
            )
    return tuple(found)


def span(rows: Iterable[Mapping[str, str]]) -> tuple[date, date]:
    """First and last day of a table, whether anything changed on them or not.

    Raises:
        ValueError: as `read_rows`, or there is no row.
    """
    days = [_day(row[_first_of(DATES, row, "date")], place) for place, row in enumerate(rows, 2)]
    if not days:
        raise ValueError("it has no row")
    return min(days), max(days)


def place_of(asn: int | None, network: str | None) -> str:
    """A network, by its number, or by its name where it has none."""
    return str(asn) if asn else network or ""


class Onsets(msgspec.Struct, frozen=True, kw_only=True):
    """How sure the changes are that are onsets: what stopped working need not be blocked."""

    counted: int
    provisional: int
    """Of these, first alarms alone."""
    unblocked: int
    """And those of which no attempt was judged blocked: an outage looks the same."""
    undated: int
    """Not counted: they came in a gap, so that their day is not known."""


def of_incidents(
    incidents: Iterable[Incident], name: Callable[[Key], str], first: date, last: date
) -> tuple[tuple[Update, ...], Onsets]:
    """Onsets from the first to the last day as changes, and how sure they are.

    One day's onsets of one network are a batch, each target is a thing. `name` tells whose series it is. What was
    never seen working has no onset, and is not counted.
    """
    found: list[Update] = []
    provisional = unblocked = undated = 0
    for one in incidents:
        day = utc_day(one.onset_first_failing)
        if one.status is Sure.STANDING or one.onset_last_working is None or not first <= day <= last:
            continue
        if (day - utc_day(one.onset_last_working)).days > REACH:
            undated += 1
            continue
        provisional += one.status is Sure.PROVISIONAL
        unblocked += not one.blocked
        batch = place_of(one.key.asn, one.key.network)
        found.append(Update(day=day, things=1, name=name(one.key), batch=batch))
    return tuple(found), Onsets(counted=len(found), provisional=provisional, unblocked=unblocked, undated=undated)


def utc_day(at: int) -> date:
    """The day of a time of this room: microseconds since 1970."""
    return datetime.fromtimestamp(at / 1_000_000, UTC).date()


def watched(attempts: Iterable[tuple[str, str, date]]) -> dict[tuple[str, str], frozenset[date]]:
    """By place and name, the days on which an onset would have been dated, from (place, name, day) of attempts.

    That is each day up to a day of attempts, from the one before if it was at most `REACH` days ago.
    """
    days: dict[tuple[str, str], set[date]] = defaultdict(set)
    for place, name, day in attempts:
        days[place, name].add(day)
    return {
        key: frozenset(
            before + timedelta(days=step)
            for before, day in pairwise(sorted(of))
            if (day - before).days <= REACH
            for step in range(1, (day - before).days + 1)
        )
        for key, of in days.items()
    }


def series(
    changes: Sequence[Update], first: date, last: date, *, observed: frozenset[date] | Watched | None = None
) -> dict[str, Series]:
    """Series by name, and all together under the empty one; only changes from the first to the last day.

    `observed` are the days on which somebody looked, for all alike or by place and name; None where that is not
    known. What was looked at has a series though nothing changed in it.

    Raises:
        ValueError: The last day is before the first, or a century later.
    """
    length = (last - first).days + 1
    if not 0 < length <= MOST_DAYS:
        raise ValueError(f"from {first} to {last} is no time for a series")
    batches: dict[str, defaultdict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    things: dict[str, Counter[int]] = defaultdict(Counter)
    batches[""] = defaultdict(set)  # all together is there though nothing changed
    for change in changes:
        at = (change.day - first).days
        if 0 <= at < length:
            for name in {"", change.name}:
                batches[name][at].add(change.batch)
                things[name][at] += change.things
    names, days = {*batches}, [first + timedelta(days=at) for at in range(length)]
    if isinstance(observed, Mapping):
        names |= {name for _, name in observed}
    found = {}
    for name in sorted(names):
        # A day with a change was looked at, whatever is said.
        surely = batches[name if isinstance(observed, Mapping) else ""]
        looks = [max(look, len(surely[at])) for at, look in enumerate(_looks(observed, name, days))]
        if not isinstance(observed, Mapping):
            looks = [min(look, 1) for look in looks]
        found[name] = Series(
            name=name,
            first=first,
            batches=tuple(len(batches[name][at]) if look else None for at, look in enumerate(looks)),
            things=tuple(things[name][at] if look else None for at, look in enumerate(looks)),
            looks=tuple(looks),
            exposure=Exposure.UNKNOWN if observed is None else Exposure.KNOWN,
        )
    return found


def _looks(observed: frozenset[date] | Watched | None, name: str, days: Sequence[date]) -> list[int]:
    """How many places looked at a name on each day; at all together, if at any name."""
    if not isinstance(observed, Mapping):
        return [int(observed is None or day in observed) for day in days]
    places: dict[str, set[date]] = defaultdict(set)
    for (place, of), seen in observed.items():
        if name in {"", of}:
            places[place] |= seen
    return [sum(day in seen for seen in places.values()) for day in days]


def _first_of(names: Sequence[str], row: Mapping[str, str], what: str) -> str:
    found = next((name for name in names if name in row), None)
    if found is None:
        raise ValueError(f"there is no column of the {what} ({', '.join(names)}); there are {', '.join(row)}")
    return found


def _day(text: str, place: int) -> date:
    found: date | None = iso_day(text[:10])
    if found is None:
        raise ValueError(f"line {place}: {text!a:.40} is no day (YYYY-MM-DD)")
    return found


def _number(text: str, place: int) -> int:
    try:
        number = int(text)
    except ValueError:
        number = -1
    if number < 0:
        raise ValueError(f"line {place}: {text!a:.40} is no number of things")
    return number
