"""Networks side by side: what was found of each target on each network, and how far two networks differ.

A cell says the most telling thing that was seen, with k of n, or that nothing was decided; a cell that is not there
was not measured. Two networks are compared only where both have enough bursts, by the interval of the difference of
their shares, which is no comparison of two intervals by eye: those may overlap while the shares surely differ.
"""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from hushmap.analysis.counting import MIN_N
from hushmap.analysis.limits import LEVEL
from hushmap.analysis.shares import about_targets, hits, keyed, tallied, with_share
from hushmap.detect import Group, WordGroup

BLOCKED, UNREACHABLE = Group.BLOCKED.value, Group.UNREACHABLE.value
TELLING = (
    BLOCKED,
    WordGroup.CUT.value,
    Group.SLOWED.value,
    WordGroup.UNEXPLAINED.value,
    UNREACHABLE,
    Group.REFUSED.value,
    Group.REACHABLE.value,
    WordGroup.PASSED.value,
)
"""Count groups, the most telling first: a cell names the first that was seen in it."""
UNDECIDED = Group.UNDECIDED.value

NETWORK = "asn"


def grid(
    verdicts: ir.Table | pd.DataFrame, rows: Sequence[str] = ("target",), min_n: int = MIN_N, *, by: str = NETWORK
) -> pd.DataFrame:
    """Each row of `rows` on each network: one line a cell; what has none was not measured.

    Returns:
        `rows`, `asn`, `experiment`; `cell`, the most telling count group that was seen, or "Not decided"; in `k` of
        `n` bursts, with `share`, `low` and `high`; `attempts`, `left_out`, `days`; targets with most bursts in which
        something was found first.

    Raises:
        ValueError: The table lacks a column.
    """
    table = about_targets(verdicts, [*rows, by])
    key = keyed([*rows, by])
    marks = {name: ibis.ifelse(table["group"] == name, 1, 0) for name in TELLING}
    frame = tallied(table, key, marks)
    frame["cell"], frame["k"] = UNDECIDED, 0.0
    for name in reversed(TELLING):
        seen = frame[name] > 0
        frame.loc[seen, "cell"], frame.loc[seen, "k"] = name, frame.loc[seen, name]
    frame = with_share(frame, min_n)
    found = frame["k"].where(frame["cell"].isin(TELLING[:5]), 0.0)
    first = found.groupby([frame[name] for name in (*rows, "experiment")], dropna=False).transform("sum")
    frame = frame.assign(_first=-first).sort_values(["_first", *key], ignore_index=True)
    return frame[[*key, "cell", "k", "n", "share", "low", "high", "attempts", "left_out", "days"]]


def differences(
    verdicts: ir.Table | pd.DataFrame,
    rows: Sequence[str] = ("target",),
    min_n: int = MIN_N,
    *,
    by: str = NETWORK,
    of: str | None = None,
    level: float = LEVEL,
) -> pd.DataFrame:
    """Each two networks on which the same was measured: how far their shares differ, if both have enough bursts.

    Among m comparisons m/20 are expected to look apart though they are not; `level` = 1 - 0.05 / m makes it one in
    twenty for all together. A network whose AS number is not known is equal to none and compared with none.

    Returns:
        `rows`, `experiment`; `asn_a`, `asn_b` with `k_`, `n_` and `share_` of both; `difference` (a less b), `low`,
        `high`, its interval; `apart`, whether that leaves zero out. NaN and no where either has too few bursts.

    Raises:
        ValueError: The table lacks a column.
    """
    table = about_targets(verdicts, [*rows, by])
    frame = with_share(tallied(table, keyed([*rows, by]), {"k": hits(table, of)}), min_n, level)
    known = frame[frame[by].notna()]
    both = known.merge(known, on=[*dict.fromkeys([*rows, "experiment"])], suffixes=("_a", "_b"))
    both = both[both[f"{by}_a"] < both[f"{by}_b"]].reset_index(drop=True)
    a, b = both["share_a"], both["share_b"]
    both["difference"] = a - b
    # Newcombe's way (method 10, Statistics in Medicine 17, 1998): a limit from the limits of the two shares.
    low = both["difference"] - np.hypot(a - both["low_a"], both["high_b"] - b)
    high = both["difference"] + np.hypot(both["high_a"] - a, b - both["low_b"])
    both["low"], both["high"] = low, high
    both["apart"] = (low > 0) | (high < 0)
    shown = [f"{name}_{side}" for name in (by, "k", "n", "share") for side in "ab"]
    key = [*dict.fromkeys([*rows, "experiment"])]
    return both[[*key, *shown, "difference", "low", "high", "apart"]].sort_values(
        [*key, f"{by}_a", f"{by}_b"], ignore_index=True
    )
