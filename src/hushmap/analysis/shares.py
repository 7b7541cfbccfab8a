"""How often something was found blocked: a share with its interval, of how many bursts, and which days are missing.

A number that people repeat has to survive being repeated. So nothing that was not decided is counted for or against
anybody; one tester's burst is one value, however often it was measured; fewer bursts than tell anything get no share;
and a day without a measurement is named, and is never zero. Each experiment asks a question of its own, so that sites
and words, or pages and downloads, are never counted together.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa

from hushmap.analysis.counting import MIN_N
from hushmap.analysis.days import TIMES, cut_by, pulled, said, spells
from hushmap.analysis.limits import LEVEL, bounds
from hushmap.analysis.sessions import SESSION, with_sessions
from hushmap.detect import WORD_EXPERIMENTS, Group, WordGroup

UNCOUNTED = (Group.UNDECIDED.value, Group.ELSEWHERE.value, WordGroup.UNTRIGGERED.value)
"""Groups that are in no numerator and no denominator: nothing was decided, or the site failed everywhere."""
DENOMINATOR = (
    "Shares are of bursts (one line, gaps of 10 minutes at most) in which something was decided. Not counted: "
    "not decided, also fails elsewhere, void attempts, canaries, calibrations. "
    "Unreachable from here is counted, as not blocked."
)
"""What a share is of, to be said beside it."""

FOUND = "found"
"""The column that says which count group the share is of."""
RATE: dict[str, tuple[str, str, str]] = {
    "share": ("float64", "share", "Of the bursts, those in which it was found; null where they are too few"),
    "low": ("float64", "share", "Its 95 % interval"),
    "high": ("float64", "share", "Its 95 % interval"),
    "n": ("int64", "bursts", "One line, gaps of 10 minutes at most, in which something was decided"),
    "k": ("float64", "bursts", "In which it was found; a burst that found it now and then counts in part"),
    "attempts": ("int64", "measurements", "In these bursts"),
    "left_out": ("int64", "measurements", "Not counted: not decided, or failing everywhere"),
    "targets": ("int64", "targets", "That were counted"),
    "days": ("int64", "UTC days", "With a measurement"),
    "gaps": ("str", "", "Days of the period without one, in words"),
}
"""The columns of rates: what pandas has of each, unit and meaning."""
COLUMNS = tuple(RATE)

_ABOUT_US = ("calibrate",)
"""Experiments about the measurement itself: counted nowhere (UX 3)."""
INNER = ("target", "place", "encoding")
"""Within a burst each of these is one value, so that trying one of them again does not outweigh the others."""
_DECIMALS = 9
"""Of k: engines add in another order."""
_TEXTS = ("run", "session", "target", "place", "encoding", "group", "experiment")
_NUMBERS = ("asn", "resolver_asn")
"""Whole numbers which a frame holds as fractions where one is not known."""
_NEEDED = ("day", "started", "canary", *_TEXTS)


def rates(
    verdicts: ir.Table | pd.DataFrame,
    by: Sequence[str],
    min_n: int = MIN_N,
    *,
    of: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> pd.DataFrame:
    """One row for each value of `by` and each experiment, sorted.

    Args:
        verdicts: The table of that name, of any engine, or a frame of it.
        by: Columns of it. With `day` among them each spell of missing days is a row of its own, with n = 0; so is a
            week or a month without a day, if the table has such columns (their first day).
        min_n: Bursts below which no share is given.
        of: A count group (column `group`); by default what each experiment looks for, as the column `found` says.
        since: The first day that counts, and should have been measured; by default the first on which anything was.
        until: The last such day.

    Returns:
        `by`, `experiment`, `found`; the `share` with its 95 % interval `low` to `high`; of `n` bursts; `k`, the sum
        of their values in [0, 1]; `attempts`, the measurements in them; `left_out`, those that are not counted;
        `targets`, those that are; `days` with a measurement, and as text the `gaps`: days of the period without one.

    Raises:
        ValueError: The table lacks a column.
    """
    table = about_targets(verdicts, by)
    key = keyed(by)
    within = table
    if since is not None:
        within = within.filter(within["day"] >= since)
    if until is not None:
        within = within.filter(within["day"] <= until)
    frame = tallied(within, key, {"k": hits(within, of)})
    frame = with_share(frame, min_n)
    missing = spells(table, [name for name in key if name not in TIMES], since, until)
    frame = _with_gaps(frame, cut_by(missing, [name for name in TIMES if name in key]), key)
    frame[FOUND] = frame["experiment"].map({name: of or sought(name) for name in frame["experiment"].unique()})
    return frame[[*key, FOUND, *COLUMNS]].sort_values(key, ignore_index=True)


def gaps(
    verdicts: ir.Table | pd.DataFrame, by: Sequence[str], *, since: date | None = None, until: date | None = None
) -> pd.DataFrame:
    """Days without a measurement for each value of `by` and each experiment: `first`, `last` and how many `missing`.

    Raises:
        ValueError: The table lacks a column.
    """
    return spells(about_targets(verdicts, by), [name for name in keyed(by) if name not in TIMES], since, until)


def keyed(by: Sequence[str]) -> list[str]:
    """`by` with the experiment: each asks a question of its own."""
    return [*dict.fromkeys([*by, "experiment"])]


def sought(experiment: str) -> str:
    """The count group that an experiment is there to find."""
    if experiment in WORD_EXPERIMENTS:
        return WordGroup.CUT.value
    return Group.SLOWED.value if experiment == "throttle" else Group.BLOCKED.value


def hits(table: ir.Table, of: str | None = None) -> ir.IntegerValue:
    """1 where a row is counted in the group, or by default in that which its experiment looks for; else 0."""
    found = table["group"] == (of or Group.BLOCKED.value)
    if of is None:
        word, slow = table["experiment"].isin(sorted(WORD_EXPERIMENTS)), table["experiment"] == "throttle"
        found = ibis.ifelse(word, table["group"] == WordGroup.CUT.value, found)
        found = ibis.ifelse(slow, table["group"] == Group.SLOWED.value, found)
    return ibis.ifelse(found, 1, 0)


def about_targets(verdicts: ir.Table | pd.DataFrame, by: Sequence[str]) -> ir.Table:
    """The rows that are about a target, of one type whoever made the table.

    Raises:
        ValueError: The table lacks a column.
    """
    needed = [*dict.fromkeys([*_NEEDED, *by])]
    lacking = [name for name in needed if name not in verdicts.columns]
    if lacking:
        raise ValueError(
            f"the verdicts have no column {', '.join(lacking)}; theirs are {', '.join(verdicts.columns)}"
        )
    table = verdicts
    if isinstance(table, pd.DataFrame):
        table = ibis.memtable(pa.Table.from_pandas(table[needed], preserve_index=False))
    typed = {name: table[name].cast("string") for name in _TEXTS}
    typed |= {"day": table["day"].cast("date"), "started": table["started"].cast("timestamp('UTC')")}
    typed |= {name: table[name].cast("int64") for name in _NUMBERS if name in table.columns}
    canary = ibis.coalesce(table["canary"].cast("boolean"), ibis.literal(value=False))
    table = table.mutate(canary=canary, **typed)
    return table.filter(~table["canary"], table["experiment"].notin(_ABOUT_US))


def tallied(table: ir.Table, key: Sequence[str], marks: Mapping[str, ir.NumericValue]) -> pd.DataFrame:
    """For each value of `key` the bursts `n`, the sum of each mark over them, and what was counted and was not."""
    table = table.mutate(_counts=table["group"].notin(UNCOUNTED), **marks)
    whole = table.group_by(list(key)).aggregate(
        left_out=ibis.ifelse(table["_counts"], 0, 1).sum().cast("int64"),
        targets=table["target"].nunique(where=table["_counts"]).cast("int64"),
        days=table["day"].nunique().cast("int64"),
    )
    decided = with_sessions(table.filter(table["_counts"]), key)
    one = [*dict.fromkeys([*key, *SESSION, *INNER])]
    each = decided.group_by(one).aggregate(
        attempts=decided.count().cast("int64"), **{name: decided[name].mean() for name in marks}
    )
    burst = each.group_by([*key, *SESSION]).aggregate(
        attempts=each["attempts"].sum(), **{name: each[name].mean() for name in marks}
    )
    found = burst.group_by(list(key)).aggregate(
        n=burst.count().cast("int64"),
        attempts=burst["attempts"].sum().cast("int64"),
        **{name: burst[name].sum() for name in marks},
    )
    frame = pulled(whole).merge(pulled(found), on=list(key), how="left")
    frame = frame.astype({"left_out": "int64", "targets": "int64", "days": "int64"})
    for name in ("n", "attempts"):
        frame[name] = frame[name].fillna(0).astype("int64")
    for name in marks:
        frame[name] = frame[name].fillna(0.0).astype("float64").round(_DECIMALS)
    return frame


def with_share(frame: pd.DataFrame, min_n: int = MIN_N, level: float = LEVEL) -> pd.DataFrame:
    """The frame with `share`, `low` and `high` of its `k` and `n`; none of them where n is below the minimum."""
    enough = (frame["n"] >= max(1, min_n)).to_numpy()
    k, n = frame["k"].to_numpy("float64"), frame["n"].to_numpy("float64")
    low, high = bounds(k[enough], n[enough], level)
    share = {"share": k[enough] / n[enough], "low": low, "high": high}
    for name, values in share.items():
        column = np.full(len(frame), np.nan)
        column[enough] = values
        frame[name] = column
    return frame


def _with_gaps(frame: pd.DataFrame, missing: pd.DataFrame, key: Sequence[str]) -> pd.DataFrame:
    """The days that are missing in words, in a row of their own where nothing else is to be said."""
    if missing.empty:
        return frame.assign(gaps="")
    texts = _joined(missing, said(missing).to_list(), key)
    frame = frame.merge(texts, on=[*key], how="outer")
    fill = dict.fromkeys(("n", "k", "attempts", "left_out", "targets", "days"), 0) | {"gaps": ""}
    return frame.fillna(fill).astype({name: "int64" for name in fill if name not in {"k", "gaps"}})


def _joined(missing: pd.DataFrame, words: list[str], key: Sequence[str]) -> pd.DataFrame:
    """The words of each value of `key`, whose rows stand together, as one text; there may be a million."""
    code = missing.groupby([*key], dropna=False, sort=False).ngroup().to_numpy()
    opens = np.flatnonzero(np.diff(code, prepend=-1))
    ends = [*opens[1:].tolist(), len(words)]
    texts = ["; ".join(words[start:end]) for start, end in zip(opens.tolist(), ends, strict=True)]
    return missing.iloc[opens][[*key]].assign(gaps=texts)
