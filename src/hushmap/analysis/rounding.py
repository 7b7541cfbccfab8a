"""Times of published copies: each was rounded down, so that what happened came up to an hour, or a day, later.

An incident is an interval between two attempts. Where one of them is known to the hour only, the interval reaches to
the end of that hour: what was first seen failing at 10:00 may have failed first at 10:59. A copy is known by the id
of its run, which `publish` makes of its time and of twelve digits of a hash; the runs of this computer have fewer.
"""

import re

import msgspec
import pandas as pd

from hushmap.analysis.incident import Incident
from hushmap.analysis.stream import SECOND

HOUR, DAY = 3600 * SECOND, 86_400 * SECOND
_COPY = re.compile(r"\d{8}T(\d{2})00Z-[0-9a-f]{12}")
_LATEST = ("onset_first_failing", "onset_alarm", "onset_confirmed")
_LIFTED = ("lifting_first_working", "lifting_alarm", "lifting_confirmed")


def rounded(verdicts: pd.DataFrame) -> dict[int, int]:
    """Of each time that stands in a copy, by how much it was rounded down at most: microseconds by microseconds.

    A copy by the day is one whose times are all midnights; by the hour it may be one too, and is then taken for that.
    """
    if "run" not in verdicts.columns:
        return {}
    copies = [run for run in verdicts["run"].dropna().unique() if _COPY.fullmatch(run)]
    part = verdicts.loc[verdicts["run"].isin(copies), ["run", "started"]]
    found: dict[int, int] = {}
    for _, times in part.groupby("run")["started"]:
        at = pd.to_datetime(times, utc=True).dt.as_unit("us").astype("int64")
        width = DAY if (at % DAY == 0).all() else HOUR
        for one in at[at % HOUR == 0].unique().tolist():
            found[one] = max(width, found.get(one, 0))
    return found


def widened(one: Incident, widths: dict[int, int]) -> Incident:
    """An incident whose intervals reach to where a time that was rounded down may have been.

    What raised an alarm or confirmed it came no earlier than the first attempt of the change, so that this one has no
    later end than they.
    """
    later: dict[str, int] = {}
    for first, *told in (_LATEST, _LIFTED):
        ends = {
            name: at + widths.get(at, SECOND) - SECOND
            for name in (first, *told)
            if (at := getattr(one, name)) is not None
        }
        later |= ends
        if first in ends:
            later[first] = max(getattr(one, first), min(ends.values()))
    return msgspec.structs.replace(one, **later) if widths else one
