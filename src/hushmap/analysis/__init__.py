"""FLOOR 6: verdicts -> frames: what changed and when, how often, on which networks.

Everything here is f(verdicts): a frame can be made again from the tables, or from the files that the tables were made
of, and says the same. Nothing is written upstream, nothing is asked of a network.

counting  dated counts by day    daily  shares by day
studied  whether they follow a campaign (trying: one test of it; windows: when it was)
waiting  how long after an order                 answering  tables that give these frames
rounding  times of copies, which may have been later
course   level and slope         levels   change points
streams  verdicts -> one course of attempts for each target, network and way   incidents  onset, lifting, as intervals
shares   how often, with intervals, of bursts    sessions  what is one tester's burst    days  those that are missing
overlap  do two lines find other things by the same words
compare  networks side by side                   limits    Clopper-Pearson's interval, many at once
beside   what others measured of the same host on the same network    lasting  how long posts stay (visits: from what)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hushmap.analysis.answering import Opened
    from hushmap.analysis.beside import DAYS, Share, Theirs, theirs
    from hushmap.analysis.changed import INCIDENT, NEEDED, Changes, changes, framed, incidents, plain, together
    from hushmap.analysis.compare import BLOCKED, UNREACHABLE, differences, grid
    from hushmap.analysis.counting import (
        MIN_N,
        Exposure,
        Onsets,
        Series,
        ShareSeries,
        of_incidents,
        place_of,
        read_rows,
        series,
        span,
        utc_day,
        watched,
    )
    from hushmap.analysis.daily import shares_by_day
    from hushmap.analysis.incident import Incident, Sure, found
    from hushmap.analysis.keeping import keep, kept, kept_incidents, made_of
    from hushmap.analysis.lasting import Cause, Followed, Survival, survival
    from hushmap.analysis.levels import change_points
    from hushmap.analysis.overlap import Lists, Overlap, Overlaps, overlaps
    from hushmap.analysis.scores import dated, is_scored, scored
    from hushmap.analysis.serving import hosts_of_services
    from hushmap.analysis.shares import DENOMINATOR, RATE, gaps, rates, sought
    from hushmap.analysis.silence import Silence
    from hushmap.analysis.stream import Key, Point, Stream, streams
    from hushmap.analysis.studied import STUDY, Known, Study, starts_of, study
    from hushmap.analysis.trying import StudyRole, StudyShare, StudyTest
    from hushmap.analysis.visits import Panel, Visit, panel, survivals
    from hushmap.analysis.waiting import Lags, Wait, lags
    from hushmap.analysis.windows import Window, window

_HOMES = {
    "BLOCKED": "compare",
    "Lists": "overlap",
    "Overlap": "overlap",
    "Overlaps": "overlap",
    "overlaps": "overlap",
    "Cause": "lasting",
    "Panel": "visits",
    "Visit": "visits",
    "panel": "visits",
    "survivals": "visits",
    "Changes": "changed",
    "DAYS": "beside",
    "DENOMINATOR": "shares",
    "Exposure": "counting",
    "Onsets": "counting",
    "Followed": "lasting",
    "INCIDENT": "changed",
    "Incident": "incident",
    "Key": "stream",
    "Known": "studied",
    "Lags": "waiting",
    "MIN_N": "counting",
    "NEEDED": "changed",
    "Opened": "answering",
    "Point": "stream",
    "RATE": "shares",
    "STUDY": "studied",
    "Series": "counting",
    "Share": "beside",
    "ShareSeries": "counting",
    "Silence": "silence",
    "Stream": "stream",
    "Study": "studied",
    "StudyRole": "trying",
    "StudyShare": "trying",
    "StudyTest": "trying",
    "Sure": "incident",
    "Survival": "lasting",
    "Theirs": "beside",
    "UNREACHABLE": "compare",
    "Wait": "waiting",
    "Window": "windows",
    "change_points": "levels",
    "changes": "changed",
    "dated": "scores",
    "differences": "compare",
    "found": "incident",
    "framed": "changed",
    "gaps": "shares",
    "grid": "compare",
    "hosts_of_services": "serving",
    "incidents": "changed",
    "is_scored": "scores",
    "keep": "keeping",
    "kept": "keeping",
    "kept_incidents": "keeping",
    "made_of": "keeping",
    "lags": "waiting",
    "of_incidents": "counting",
    "place_of": "counting",
    "plain": "changed",
    "rates": "shares",
    "read_rows": "counting",
    "scored": "scores",
    "series": "counting",
    "shares_by_day": "daily",
    "sought": "shares",
    "span": "counting",
    "starts_of": "studied",
    "streams": "stream",
    "study": "studied",
    "survival": "lasting",
    "theirs": "beside",
    "together": "changed",
    "utc_day": "counting",
    "watched": "counting",
    "window": "windows",
}

__all__ = [
    "BLOCKED",
    "DAYS",
    "DENOMINATOR",
    "INCIDENT",
    "MIN_N",
    "NEEDED",
    "RATE",
    "STUDY",
    "UNREACHABLE",
    "Cause",
    "Changes",
    "Exposure",
    "Followed",
    "Incident",
    "Key",
    "Known",
    "Lags",
    "Lists",
    "Onsets",
    "Opened",
    "Overlap",
    "Overlaps",
    "Panel",
    "Point",
    "Series",
    "Share",
    "ShareSeries",
    "Silence",
    "Stream",
    "Study",
    "StudyRole",
    "StudyShare",
    "StudyTest",
    "Sure",
    "Survival",
    "Theirs",
    "Visit",
    "Wait",
    "Window",
    "change_points",
    "changes",
    "dated",
    "differences",
    "found",
    "framed",
    "gaps",
    "grid",
    "hosts_of_services",
    "incidents",
    "is_scored",
    "keep",
    "kept",
    "kept_incidents",
    "lags",
    "made_of",
    "of_incidents",
    "overlaps",
    "panel",
    "place_of",
    "plain",
    "rates",
    "read_rows",
    "scored",
    "series",
    "shares_by_day",
    "sought",
    "span",
    "starts_of",
    "streams",
    "study",
    "survival",
    "survivals",
    "theirs",
    "together",
    "utc_day",
    "watched",
    "window",
]


def __getattr__(name: str) -> Any:
    """The public name, from the module that holds it (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
