"""What others measured of the same host on the same network: how often, by our rules and by their own conclusion.

It stands beside a verdict and is never part of it: these are other people's attempts, at other times, mostly one at a
time. They are counted as shares everywhere are, so that one tester who pressed the button twenty times is one.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
import pandas as pd

from hushmap.analysis.counting import MIN_N
from hushmap.analysis.shares import rates
from hushmap.detect import Group

DAYS = 30
"""Days that are looked back: long enough for a line that few measure, short enough to be about now."""
ANOMALY = "anomaly"
"""OONI's word for what failed or differed here, and not at its helper."""
_SAID = {"down": Group.ELSEWHERE.value, "no verdict": Group.UNDECIDED.value}
"""What OONI's other conclusions are called here, where they are in no denominator."""


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """In how many of n bursts something was found; no share where n is too small."""

    found: str
    k: float
    n: int
    share: float | None
    low: float | None
    high: float | None


class Theirs(msgspec.Struct, frozen=True, kw_only=True):
    """Others' measurements of one host on one network in one period."""

    first: date
    last: date
    measurements: int
    left_out: int
    """Those of them that say nothing by our rules: not decided, or failing everywhere."""
    days: int
    """Days on which there is one."""
    gaps: str
    """The days without, in words."""
    ours: tuple[Share, ...]
    """By our rules."""
    claim: Share | None
    """By their own conclusion; `None` where it is not known."""


def theirs(verdicts: pd.DataFrame, first: date, last: date, claims: Sequence[str] | None = None) -> Theirs | None:
    """What there is in the period; `None` where there is nothing.

    Args:
        verdicts: Rows of others' measurements of one host on one network, as in the table.
        first: The first day of the period.
        last: The last.
        claims: For each row what its maker concluded: anomaly, accessible, down, no verdict.
    """
    if claims is not None:
        verdicts = verdicts.assign(claim=[_SAID.get(one, one) for one in claims])
    days = pd.to_datetime(verdicts["day"]).dt.date
    verdicts = verdicts[(days >= first) & (days <= last)].assign(host="")
    if verdicts.empty:
        return None
    found = [_told(verdicts, first, last, group) for group in (Group.BLOCKED.value, Group.UNREACHABLE.value)]
    row = found[0]
    return Theirs(
        first=first,
        last=last,
        measurements=len(verdicts),
        left_out=int(row["left_out"]),
        days=int(row["days"]),
        gaps=row["gaps"],
        ours=tuple(map(_share, found)),
        claim=_claim(verdicts, first, last) if claims is not None else None,
    )


def _claim(verdicts: pd.DataFrame, first: date, last: date) -> Share:
    return _share(_told(verdicts.assign(group=verdicts["claim"]), first, last, ANOMALY))


def _told(verdicts: pd.DataFrame, first: date, last: date, of: str) -> dict[str, Any]:
    """The one row that there is of one host, whatever tests it was met by."""
    told = rates(verdicts.assign(experiment="theirs"), ["host"], MIN_N, of=of, since=first, until=last)
    return {str(name): value for name, value in told.iloc[0].items()}


def _share(row: dict[str, Any]) -> Share:
    told = {name: None if pd.isna(row[name]) else float(row[name]) for name in ("share", "low", "high")}
    return Share(found=row["found"], k=float(row["k"]), n=int(row["n"]), **told)
