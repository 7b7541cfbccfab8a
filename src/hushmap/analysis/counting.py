"""Update counts: rows of a table, or incidents, as series of days with what was observed on them.

What a list or a platform changes comes in batches, so that a batch is the sample and the things in it are no sample
of anything. A day on which nobody looked is not a day without a change: where a source does not tell when it looked,
that is said of the series, and its empty days are taken for empty at the reader's own risk.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import msgspec

from hushmap.analysis.incident import Incident, Sure

DATES = ("date", "day", "snapshot_utc", "started")
"""Names under which tables have the day, the first that is there."""
COUNTS = ("n", "count", "n_added_first_time", "n_keywords", "words")
"""And how many things one row is; a table without any of them has one a row."""
KINDS = "event_type"
"""A column that tells additions from removals, where there is one."""
ADDED = "add"
_MOST_DAYS = 36_600
"""A century: more is a slip of the pen in a year."""


class Exposure(StrEnum):
    """Whether it is known on which days somebody looked."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    """Days without a row are taken for days without a change."""


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """One series by day."""

    name: str
    """Its category, platform or network; empty: all together."""
    first: date
    batches: tuple[int | None, ...]
    """Of each day from the first on; None: nobody looked."""
    things: tuple[int | None, ...]
    """Words, or targets, in these batches."""
    exposure: Exposure

    @property
    def last(self) -> date:
        """The last day."""
        return self.first + timedelta(days=len(self.batches) - 1)

    def index(self, day: date) -> int:
        """The place of a day; it may lie outside."""
        return (day - self.first).days


class Update(msgspec.Struct, frozen=True, kw_only=True):
    """One change: a batch, or a part of one."""

    day: date
    things: int
    name: str = ""
    batch: str = ""
    """What is one update; rows with the same are one batch."""


def read_rows(
    rows: Iterable[Mapping[str, str]],
    *,
    by: str | None = None,
    count: str | None = None,
    where: Mapping[str, str] = {},
) -> tuple[Update, ...]:
    """The changes of a table with a header; only additions where the table tells them from removals.

    Args:
        rows: each by column.
        by: the column whose values are series of their own.
        count: the column of how many; the first of `COUNTS` unless it is said.
        where: values that a row must have.

    Raises:
        ValueError: A column is not there, or a row has no day or no number; one line with the row's place.
    """
    found: list[Update] = []
    for place, row in enumerate(rows, 2):
        when = _first_of(DATES, row, "date")
        counted = count or next((name for name in COUNTS if name in row), None)
        for name in (*where, *filter(None, (by, count))):
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
            found.append(Update(day=_day(moment, place), things=things, name=name, batch=f"{source} {moment}"))
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


def of_incidents(incidents: Iterable[Incident], by: Mapping[str, str]) -> tuple[Update, ...]:
    """Onsets as changes: one day's onsets of one network are a batch, each target is a thing.

    `by` names a target's series, its category, say. What was never seen working has no onset and is left out.
    """
    return tuple(
        Update(
            day=datetime.fromtimestamp(one.onset_first_failing / 1_000_000, UTC).date(),
            things=1,
            name=by.get(one.key.target, ""),
            batch=f"{one.key.asn or one.network}",
        )
        for one in incidents
        if one.status is not Sure.STANDING
    )


def series(
    changes: Sequence[Update], first: date, last: date, *, observed: frozenset[date] | None = None
) -> dict[str, Series]:
    """Series by name, and all together under the empty one; only changes from the first to the last day.

    `observed` are the days on which somebody looked; None where that is not known.

    Raises:
        ValueError: The last day is before the first, or a century later.
    """
    length = (last - first).days + 1
    if not 0 < length <= _MOST_DAYS:
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
    days = [first + timedelta(days=at) for at in range(length)]
    seen = [observed is None or day in observed or at in batches[""] for at, day in enumerate(days)]
    return {
        name: Series(
            name=name,
            first=first,
            batches=tuple(len(batches[name][at]) if seen[at] else None for at in range(length)),
            things=tuple(things[name][at] if seen[at] else None for at in range(length)),
            exposure=Exposure.UNKNOWN if observed is None else Exposure.KNOWN,
        )
        for name in sorted(batches)
    }


def _first_of(names: Sequence[str], row: Mapping[str, str], what: str) -> str:
    found = next((name for name in names if name in row), None)
    if found is None:
        raise ValueError(f"there is no column of the {what} ({', '.join(names)}); there are {', '.join(row)}")
    return found


def _day(text: str, place: int) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise ValueError(f"line {place}: {text!a:.40} is no day") from None


def _number(text: str, place: int) -> int:
    try:
        number = int(text)
    except ValueError:
        number = -1
    if number < 0:
        raise ValueError(f"line {place}: {text!a:.40} is no number of things")
    return number
