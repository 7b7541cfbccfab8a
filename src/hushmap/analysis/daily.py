"""What was measured -> shares by day, each with what was to be expected of the tests of that day.

One tester's burst is one test, as everywhere, and its value is the mean of its targets'. What it was expected to find
is the mean of what the same lines found of the same targets over all days, so that who tests more of what is blocked
anyhow, or from a line where more is, changes nothing. What a line measured on one day only has nothing to be held
against, and is left out. A day without a test is a gap, and never zero.
"""

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
import pandas as pd

from hushmap.analysis.counting import ShareSeries
from hushmap.analysis.days import pulled
from hushmap.analysis.sessions import LINE, SESSION, with_sessions
from hushmap.analysis.shares import INNER, UNCOUNTED, about_targets, hits
from hushmap.sampling import Shares

_DAY, _NAME = "_day", "_name"
_SECONDS = 24 * 60 * 60
_STRATUM = (LINE, *INNER)
"""What is expected to find the same on every day."""


def shares_by_day(
    verdicts: ir.Table | pd.DataFrame, experiment: str, by: str, first: date, last: date, length: int
) -> tuple[dict[str, ShareSeries], int]:
    """Shares by day: series by the value of `by`, all together under the empty name, and how much is left out.

    Args:
        verdicts: The table of that name, of any engine, or a frame of it.
        experiment: Whose tests; each asks a question of its own.
        by: `category`, `network` or `country`.
        first: The first day that counts.
        last: The last one.
        length: Days of the window that will be looked at: what a line found within as many is part of what it is
            expected to find there, so that a rise shows so much less (`Shares.free`).

    Returns:
        The series, and how many measurements are in none: their line measured their target on one day only.

    Raises:
        ValueError: Nothing was decided in those days.
    """
    table = about_targets(verdicts, ["asn", "network"] if by == "network" else [by])
    at = (table["started"].epoch_seconds() / _SECONDS).floor().cast("int64")
    table = table.mutate(_hit=hits(table), **{_DAY: at, _NAME: ibis.coalesce(_named(table, by), "")})
    table = table.filter(
        table["experiment"] == experiment,
        table["group"].notin(UNCOUNTED),
        table["day"] >= first,
        table["day"] <= last,
    )
    cells = _cells(table, [_DAY])
    alone = pulled(cells.filter(~cells["_again"]).aggregate(n=ibis.coalesce(cells["_measured"].sum(), 0)))
    whole = pulled(_tallied(cells, [_DAY], length)).assign(**{_NAME: ""})
    if whole.empty:
        raise ValueError(f"no line measured one target of the experiment {experiment!a:.40} on two days")
    named = pulled(_tallied(_cells(table, [_DAY, _NAME]), [_DAY, _NAME], length))
    every = pd.concat([whole, named[named[_NAME] != ""]], ignore_index=True)
    found = {str(name): _series(str(name), rows, first, last) for name, rows in every.groupby(_NAME, sort=True)}
    return found, int(alone["n"].iloc[0])


def _named(table: ir.Table, by: str) -> ir.StringValue:
    """Whose series a row belongs to; networks as `counting.place_of` names them."""
    if by == "network":
        return ibis.coalesce(table["asn"].nullif(0).cast("string"), table["network"].cast("string"))
    return table[by].cast("string")


def _cells(table: ir.Table, within: Sequence[str]) -> ir.Table:
    """One row for what one burst found of one target, with what its line found of it on all days."""
    decided = with_sessions(table, within)
    cells = decided.group_by([*within, *SESSION, *INNER]).aggregate(
        _k=decided["_hit"].mean(), _measured=decided.count().cast("int64")
    )
    whole = ibis.window(group_by=list(_STRATUM))
    return cells.mutate(
        _rate=cells["_k"].mean().over(whole),
        _of=cells.count().over(whole),
        _again=cells[_DAY].min().over(whole) < cells[_DAY].max().over(whole),
    )


def _tallied(cells: ir.Table, within: Sequence[str], length: int) -> ir.Table:
    """For each value of `within` the sums of its bursts."""
    half = (length - 1) // 2
    near = ibis.range_window(preceding=half, following=half, group_by=list(_STRATUM), order_by=_DAY)
    cells = cells.filter(cells["_again"])
    cells = cells.mutate(_free=1 - cells.count().over(near) / cells["_of"])
    burst = cells.group_by([*within, *SESSION]).aggregate(
        _k=cells["_k"].mean(), _rate=cells["_rate"].mean(), _free=cells["_free"].mean()
    )
    beyond = burst["_k"] - burst["_rate"]
    return burst.group_by(list(within)).aggregate(
        tests=burst.count().cast("int64"),
        found=burst["_k"].sum(),
        expected=burst["_rate"].sum(),
        squares=(beyond * beyond).sum(),
        free=burst["_free"].sum(),
    )


def _series(name: str, rows: pd.DataFrame, first: date, last: date) -> ShareSeries:
    """By day from the first to the last, those without a test too."""
    start = (first - date(1970, 1, 1)).days
    known = (
        rows.set_index(_DAY).drop(columns=_NAME).reindex(range(start, start + (last - first).days + 1), fill_value=0)
    )
    tests = tuple(int(n) for n in known["tests"])
    return ShareSeries(
        name=name,
        first=first,
        looks=tests,
        days=Shares(
            tests=tests,
            **{
                kind: tuple(float(value) for value in known[kind])
                for kind in ("found", "expected", "squares", "free")
            },
        ),
    )
