"""Days without a measurement, as spells with a first and a last day: named where others would draw a zero."""

from collections.abc import Sequence
from datetime import date

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

DAY = "day"
TIMES = (DAY, "week", "month")
"""Columns that are times: not what a series is of, but what it is cut by. A week begins on its Monday."""
FIRST, LAST, MISSING = "first", "last", "missing"

_ONE = np.timedelta64(1, "D")
_WHOLE = {kind: pd.Int64Dtype() for kind in (pa.int8(), pa.int16(), pa.int32(), pa.int64())}
"""Whole numbers stay whole where one of them is not known."""


def pulled(table: ir.Table) -> pd.DataFrame:
    """The rows of an expression as a frame; an AS number that is not known makes no other one a fraction."""
    frame: pd.DataFrame = table.to_pyarrow().to_pandas(types_mapper=_WHOLE.get)
    return frame.astype(object) if frame.empty else frame  # what holds nothing can then be joined with anything


def spells(table: ir.Table, series: Sequence[str], since: date | None, until: date | None) -> pd.DataFrame:
    """The days of the period on which a series has no row: one row a spell, with `first`, `last` and `missing` days.

    The period is that of all series together unless it is given: one that began late has a spell before it, and one
    that ended early has one after.
    """
    days = pulled(table.select(*series, DAY).distinct())
    at = days[DAY].to_numpy("datetime64[D]")
    if not len(at):
        return days[[*series]].assign(**{FIRST: at, LAST: at, MISSING: np.zeros(0, np.int64)})
    start = at.min() if since is None else np.datetime64(since, "D")
    end = at.max() if until is None else np.datetime64(until, "D")
    keep = (at >= start) & (at <= end)
    code = days.groupby([*series], dropna=False, sort=True).ngroup().to_numpy() if series else np.zeros(len(days))
    absent = days.loc[~np.isin(code, code[keep]) & (start <= end), [*series]].drop_duplicates()
    days, at, code = days[keep], at[keep], code[keep]
    order = np.lexsort((at, code))
    days, at, code = days.iloc[order], at[order], code[order]
    opens = np.ones(len(at), dtype=bool)
    opens[1:] = code[1:] != code[:-1]
    before = np.roll(at, 1)
    before[opens] = start - _ONE
    inner, ends = at - before > _ONE, np.roll(opens, -1) & (at < end)
    found = pd.concat(
        [
            days.loc[inner, [*series]].assign(**{FIRST: before[inner] + _ONE, LAST: at[inner] - _ONE}),
            days.loc[ends, [*series]].assign(**{FIRST: at[ends] + _ONE, LAST: end}),
            absent.assign(**{FIRST: start, LAST: end}),
        ],
        ignore_index=True,
    )
    found[MISSING] = (found[LAST] - found[FIRST]).dt.days + 1
    return found.sort_values([*series, FIRST], ignore_index=True)


def said(found: pd.DataFrame) -> pd.Series:
    """Each spell in words: a day, or the first and the last of several."""
    first, last = (np.datetime_as_string(found[name].to_numpy("datetime64[D]")) for name in (FIRST, LAST))
    several = np.char.add(np.char.add(first, " to "), last)
    return pd.Series(np.where(first == last, first, several).astype(object), index=found.index, dtype=object)


def cut_by(found: pd.DataFrame, times: Sequence[str]) -> pd.DataFrame:
    """The spells cut where a week or a month of `times` ends, with these as columns; `day` is a spell's first."""
    if not times:
        return found
    n = found[MISSING].to_numpy("int64")
    of = np.repeat(np.arange(len(found)), n)
    at = found[FIRST].to_numpy("datetime64[D]")[of] + (np.arange(len(of)) - np.repeat(np.cumsum(n) - n, n))
    starts = {name: _start(name, at) for name in times if name != DAY}
    opens = np.ones(len(at), dtype=bool)
    opens[1:] = of[1:] != of[:-1]
    for start in starts.values():
        opens[1:] |= start[1:] != start[:-1]
    first, last = at[opens], at[np.roll(opens, -1)]
    cut = found.iloc[of[opens]].assign(**{FIRST: first, LAST: last}).reset_index(drop=True)
    cut[MISSING] = (last - first).astype("int64") + 1
    for name in times:
        cut[name] = pd.Series((first if name == DAY else starts[name][opens]).astype(object), dtype=object)
    return cut


def _start(name: str, at: npt.NDArray[np.datetime64]) -> npt.NDArray[np.datetime64]:
    """The first day of the week or the month in which each day is."""
    if name == "month":
        return at.astype("datetime64[M]").astype("datetime64[D]")
    weekday = (at.astype("int64") + 3) % 7  # the first day of the epoch was a Thursday
    monday: npt.NDArray[np.datetime64] = at - weekday.astype("timedelta64[D]")
    return monday
