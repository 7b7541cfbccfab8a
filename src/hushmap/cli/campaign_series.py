"""What `hushmap campaign study` is given -> series by day: tables of dated counts, or onsets of what was measured."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec

from hushmap import analysis
from hushmap.analysis import Series
from hushmap.cli.fault import Fault
from hushmap.cli.query_opening import opened


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """How a table is read, as it was typed."""

    by: str | None = None
    count: str | None = None
    where: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    observed: Path | None = None


def series_of(paths: tuple[str, ...], wish: Wish) -> dict[str, Series]:
    """The series, all together under the empty name.

    Raises:
        Fault: It cannot be read, or holds nothing.
    """
    tables = [path for path in paths if path.endswith(".csv") and Path(path).is_file()]
    if tables and len(paths) > 1:
        raise Fault("give one table, or runs and archives: counts of two sources are no one series")
    return _of_table(Path(paths[0]), wish) if tables else _of_verdicts(paths, wish)


def _of_table(path: Path, wish: Wish) -> dict[str, Series]:
    try:
        rows = list(_rows(path))
        extent = analysis.span(rows)
        where = dict(_pair(text) for text in wish.where)
        changes = analysis.read_rows(rows, by=wish.by, count=wish.count, where=where)
        first, last = _day("--since", wish.since) or extent[0], _day("--until", wish.until) or extent[1]
        return analysis.series(changes, first, last, observed=_observed(wish.observed))
    except (OSError, ValueError, csv.Error) as error:
        what = error.strerror if isinstance(error, OSError) else str(error)
        raise Fault(f"{path}: {what}; a table has a column date, and one row a change") from None


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, restval="", strict=True):
            yield {
                name: cell for name, cell in row.items() if isinstance(cell, str)
            }  # None has cells beyond the header


def _of_verdicts(paths: tuple[str, ...], wish: Wish) -> dict[str, Series]:
    if wish.by or wish.count or wish.where or wish.observed:
        raise Fault("--by, --count, --where and --observed are for tables; of runs, categories are the series")
    with opened(paths) as tables:
        verdicts = tables.frame("verdicts", columns=[*analysis.NEEDED, "day", "category"])
    if verdicts.empty:
        raise Fault(f"{paths[0]}: nothing was measured there")
    found = analysis.changes(verdicts, services=analysis.hosts_of_services()).incidents
    named = verdicts.dropna(subset=["category"])
    by = dict(zip(named["target"], named["category"], strict=True))
    by |= dict(zip(named["domain"].fillna(named["target"]), named["category"], strict=True))
    days = frozenset(day.date() for day in verdicts["day"].unique())
    first, last = _day("--since", wish.since) or min(days), _day("--until", wish.until) or max(days)
    return analysis.series(analysis.of_incidents(found, by), first, last, observed=days)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise Fault(f"--where {text[:40]}: write COLUMN=VALUE")
    return name, value


def _day(option: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Fault(f"{option} {text[:20]!r} is no day; write e.g. {option} 2015-06-01") from None


def _observed(path: Path | None) -> frozenset[date] | None:
    if path is None:
        return None
    try:
        return frozenset(date.fromisoformat(line.strip()) for line in path.read_text("utf-8").split())
    except ValueError as error:
        raise Fault(f"{path}: {error}; write one day a line, e.g. 2015-06-01") from None
