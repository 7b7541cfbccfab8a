"""What `hushmap campaign study` is given -> series by day: tables of dated counts, or onsets of what was measured."""

import csv
import hashlib
import io
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from hushmap import analysis
from hushmap.analysis import Key, Lags, Series
from hushmap.cli.fault import Fault
from hushmap.cli.given import STDIN, where
from hushmap.cli.query_opening import opened

if TYPE_CHECKING:
    import pandas as pd


OF_RUNS = ("category", "network", "country")
"""What series of their own can be of what was measured, the first unless another is asked for."""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """How a series is read, as it was typed."""

    by: str | None = None
    count: str | None = None
    order: str | None = None
    where: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    observed: Path | None = None


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """The series, and what is known of it."""

    series: dict[str, Series]
    """All together under the empty name."""
    names: tuple[str, ...]
    """By what this series is known when it is studied again."""
    undated: int = 0
    """Onsets that are in no series."""
    lags: Lags | None = None


def series_of(paths: tuple[str, ...], wish: Wish) -> Found:
    """The series of what was given.

    Raises:
        Fault: It cannot be read, or holds nothing.
    """
    tables = [path for path in paths if path.endswith(".csv") and Path(path).is_file()]
    if tables and len(paths) > 1:
        raise Fault("give one table, or runs and archives: counts of two sources are no one series")
    return _of_table(Path(paths[0]), wish) if tables else _of_verdicts(paths, wish)


def known_as(path: str) -> str:
    """A path as it is known from wherever one types it.

    Raises:
        Fault: There is nothing.
    """
    return path if path == STDIN or ("://" in path and not Path(path).exists()) else str(where(path).resolve())


def _of_table(path: Path, wish: Wish) -> Found:
    try:
        data = path.read_bytes()
        rows = list(_rows(data.decode("utf-8-sig")))
        extent = analysis.span(rows)
        only = dict(_pair(text) for text in wish.where)
        changes = analysis.read_rows(rows, by=wish.by, count=wish.count, order=wish.order, where=only)
        first, last = day("--since", wish.since) or extent[0], day("--until", wish.until) or extent[1]
        series = analysis.series(changes, first, last, observed=_observed(wish.observed))
    except (OSError, ValueError, csv.Error) as error:
        what = error.strerror if isinstance(error, OSError) else str(error)
        raise Fault(f"{path}: {what}; a table has a column date, and one row a change") from None
    names = (known_as(str(path)), f"sha256:{hashlib.sha256(data).hexdigest()}")
    return Found(series=series, names=names, lags=analysis.lags(changes, first, last))


def _rows(text: str) -> Iterator[dict[str, str]]:
    for row in csv.DictReader(io.StringIO(text, newline=""), restval="", strict=True):
        yield {name: cell for name, cell in row.items() if isinstance(cell, str)}  # None has cells beyond the header


def _of_verdicts(paths: tuple[str, ...], wish: Wish) -> Found:
    if wish.count or wish.where or wish.observed or wish.order:
        raise Fault("--count, --where, --order and --observed are for tables; what was measured is known by the day")
    by = wish.by or OF_RUNS[0]
    if by not in OF_RUNS:
        raise Fault(f"--by {by[:40]}: of what was measured it can be {', '.join(OF_RUNS)}")
    with opened(paths) as tables:
        verdicts = tables.frame("verdicts", columns=[*analysis.NEEDED, "day", "category"])
    if verdicts.empty:
        raise Fault(f"{paths[0]}: nothing was measured there")
    found = analysis.changes(verdicts, services=analysis.hosts_of_services()).incidents
    name = _named(by, verdicts)
    changes, undated = analysis.of_incidents(found, name)
    days = [one.date() for one in verdicts["day"].unique()]
    first, last = day("--since", wish.since) or min(days), day("--until", wish.until) or max(days)
    streams = analysis.streams(verdicts)
    watched = analysis.watched(
        (analysis.place_of(one.key.asn, one.key.network), name(one.key), analysis.utc_day(point.at))
        for one in streams
        for point in one.points
    )
    return Found(
        series=analysis.series(changes, first, last, observed=watched),
        names=tuple(known_as(path) for path in paths if path != STDIN),
        undated=undated,
    )


def _named(by: str, verdicts: "pd.DataFrame") -> Callable[[Key], str]:
    """Whose series a stream belongs to."""
    if by == "network":
        return lambda key: analysis.place_of(key.asn, key.network)
    if by == "country":
        return lambda key: key.country
    named = verdicts.dropna(subset=["category"])
    of = dict(zip(named["target"], named["category"], strict=True))
    of |= dict(zip(named["domain"].fillna(named["target"]), named["category"], strict=True))
    return lambda key: of.get(key.target, "")


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise Fault(f"--where {text[:40]}: write COLUMN=VALUE")
    return name, value


def day(option: str, text: str | None) -> date | None:
    """A day as it was typed.

    Raises:
        Fault: It is none.
    """
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
