"""What `hushmap campaign study` is given -> series by day: tables of dated counts, or onsets of what was measured."""

import csv
import hashlib
import io
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from hushmap import analysis
from hushmap.analysis import Key, Lags, Onsets, Series, ShareSeries
from hushmap.catalog import iso_day
from hushmap.cli.fault import Fault
from hushmap.cli.given import STDIN, where
from hushmap.cli.options import typed_day
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
    shares: str | None = None
    """The experiment whose tests are counted, in place of changes."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """The series, and what is known of it."""

    series: dict[str, Series] | dict[str, ShareSeries]
    """All together under the empty name."""
    names: tuple[str, ...]
    """By what this series is known when it is studied again."""
    onsets: Onsets | None = None
    lags: Lags | None = None
    experiment: str = ""
    sought: str = ""
    """Of shares, the count group that they are of."""
    alone: int = 0
    """Measurements that are in no share."""
    countries: Mapping[str, frozenset[str]] = {}
    """Of series by network or country, those in which they were measured."""
    measured_in: tuple[str, ...] = ()
    """All countries of what was measured, as far as they are known."""


def series_of(paths: tuple[str, ...], wish: Wish, length: int) -> Found:
    """The series of what was given; `length` is that of the window in days.

    Raises:
        Fault: It cannot be read, or holds nothing.
    """
    tables = [path for path in paths if path.endswith(".csv") and Path(path).is_file()]
    if tables and len(paths) > 1:
        raise Fault("give one table, or runs and archives: counts of two sources are no one series")
    if tables:
        return _of_table(Path(paths[0]), wish)
    if wish.count or wish.where or wish.observed or wish.order:
        raise Fault("--count, --where, --order and --observed are for tables; what was measured is known by the day")
    if wish.by is not None and wish.by not in OF_RUNS:
        raise Fault(f"--by {wish.by[:40]}: of what was measured it can be {', '.join(OF_RUNS)}")
    return _of_shares(paths, wish, wish.shares, length) if wish.shares else _of_verdicts(paths, wish)


def known_as(path: str) -> str:
    """A path as it is known from wherever one types it.

    Raises:
        Fault: There is nothing.
    """
    return path if path == STDIN or ("://" in path and not Path(path).exists()) else str(where(path).resolve())


def _of_table(path: Path, wish: Wish) -> Found:
    if wish.shares:
        raise Fault("--shares is of what was measured, with what was tested and found; a table has counts alone")
    try:
        data = path.read_bytes()
        rows = list(_rows(data.decode("utf-8-sig")))
        extent = analysis.span(rows)
        only = dict(_pair(text) for text in wish.where)
        changes = analysis.read_rows(rows, by=wish.by, count=wish.count, order=wish.order, where=only)
        first, last = _ends(wish, *extent)
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
    by = wish.by or OF_RUNS[0]
    with opened(paths) as tables:
        verdicts = tables.frame("verdicts", columns=[*analysis.NEEDED, "day", "category"])
    if verdicts.empty:
        raise Fault(f"{paths[0]}: nothing was measured there")
    found = analysis.changes(verdicts, services=analysis.hosts_of_services()).incidents
    name = _named(by, verdicts)
    days = [one.date() for one in verdicts["day"].unique()]
    first, last = _ends(wish, min(days), max(days))
    changes, onsets = analysis.of_incidents(found, name, first, last)
    streams = analysis.streams(verdicts)
    watched = analysis.watched(
        (analysis.place_of(one.key.asn, one.key.network), name(one.key), analysis.utc_day(point.at))
        for one in streams
        for point in one.points
    )
    return Found(
        series=analysis.series(changes, first, last, observed=watched),
        names=tuple(known_as(path) for path in paths if path != STDIN),
        onsets=onsets,
        countries=_countries(by, verdicts),
        measured_in=_measured_in(verdicts),
    )


def _of_shares(paths: tuple[str, ...], wish: Wish, experiment: str, length: int) -> Found:
    by = wish.by or OF_RUNS[0]
    with opened(paths) as tables:
        known = tables.frame("verdicts", columns=["experiment", "day", "asn", "network", "country"])
        mine = known[known["experiment"] == experiment]
        if mine.empty:
            there = ", ".join(sorted(known["experiment"].unique())) or "nothing"
            raise Fault(f"--shares {experiment[:40]}: that was not measured there; there is {there}")
        days = mine["day"].dt.date
        first, last = _ends(wish, days.min(), days.max())
        try:
            series, alone = analysis.shares_by_day(tables.table("verdicts"), experiment, by, first, last, length)
        except ValueError as error:
            raise Fault(f"{paths[0]}: {error}; give what was measured on more days") from None
    return Found(
        series=series,
        names=tuple(known_as(path) for path in paths if path != STDIN),
        experiment=experiment,
        sought=analysis.sought(experiment),
        alone=alone,
        countries=_countries(by, mine),
        measured_in=_measured_in(mine),
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


def _countries(by: str, verdicts: "pd.DataFrame") -> dict[str, frozenset[str]]:
    """Where each network, or country, was measured; of categories nothing."""
    found = defaultdict[str, set[str]](set)
    if by != OF_RUNS[0]:
        known = verdicts[["asn", "network", "country"]].drop_duplicates().astype(object)
        rows: list[list[Any]] = known.where(known.notna(), None).to_numpy().tolist()
        for asn, network, country in rows:
            if country is not None:
                found[country if by == "country" else analysis.place_of(asn, network)].add(country)
    return {name: frozenset(countries) for name, countries in found.items()}


def _measured_in(verdicts: "pd.DataFrame") -> tuple[str, ...]:
    """By their codes, in order."""
    return tuple(sorted(filter(None, verdicts["country"].dropna().unique().tolist())))


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise Fault(f"--where {text[:40]}: write COLUMN=VALUE")
    return name, value


def _ends(wish: Wish, first: date, last: date) -> tuple[date, date]:
    """First and last day of the series: as they were typed, or those of what there is."""
    return (
        first if wish.since is None else typed_day("--since", wish.since),
        last if wish.until is None else typed_day("--until", wish.until),
    )


def _observed(path: Path | None) -> frozenset[date] | None:
    if path is None:
        return None
    try:
        texts = path.read_text("utf-8-sig").split()
    except (OSError, ValueError) as error:
        what = error.strerror if isinstance(error, OSError) else str(error)
        raise Fault(f"{path}: {what}; write one day a line, e.g. 2015-06-01") from None
    days = {text: iso_day(text) for text in texts}
    wrong = [text for text, day in days.items() if day is None]
    if wrong:
        raise Fault(f"{path}: {wrong[0]!a:.40} is no day; write one day a line, e.g. 2015-06-01")
    return frozenset(day for day in days.values() if day is not None)
