"""Times in which nobody measured what was measured before: told, and never an incident.

A volume collapse may be a cut of the network, a censor of the measuring, or holidays: the rows do not say which, so
nothing is said of the target. A silence is a time between two sessions, or since the last one, that is longer than
one would expect from the thirty before it.
"""

import math
from collections import deque
from collections.abc import Sequence
from statistics import fmean

import msgspec

from hushmap.analysis.stream import SECOND, Key, Point, Stream, sessions

BEFORE = 30
"""Gaps between sessions that say what is usual; a pace that changed a year ago says nothing of now."""
LEAST = 10
"""Gaps from which anything is usual."""
SHORTEST = 86_400 * SECOND
"""Nights and days off are no silence."""
SURPRISE = 0.05
"""Chance that the longest of so many gaps at one pace would be told. It is no accusation, so it may be this high."""


class Silence(msgspec.Struct, frozen=True, kw_only=True):
    """Nobody measured, or hardly anybody, between two times (microseconds since 1970)."""

    key: Key
    network: str
    since: int
    """Start of the last session before."""
    until: int
    """Start of the next one; of a silence that goes on, the end of what was given."""
    ended: bool
    expected: float
    """Sessions that the pace before would have brought."""
    seen: int
    """Sessions in between: a few, if measuring thinned out and did not end."""


def silences(stream: Stream, until: int) -> list[Silence]:
    """The silences of one stream, of which everything up to `until` is known."""
    starts = _starts(stream.points)
    usual: deque[int] = deque(maxlen=BEFORE)
    found: list[Silence] = []
    last: Silence | None = None
    for place, (sooner, later) in enumerate(zip(starts, [*starts[1:], until], strict=True)):
        gap = later - sooner
        pace = _pace(last, sooner) or (fmean(usual) if len(usual) >= LEAST else math.inf)
        if gap > max(SHORTEST, pace * math.log(max(LEAST, len(usual)) / SURPRISE)):
            joins = last is not None and last.until == sooner
            since = last.since if last is not None and joins else sooner
            seen = last.seen + 1 if last is not None and joins else 0
            last = Silence(
                key=stream.key,
                network=stream.network,
                since=since,
                until=later,
                ended=place + 1 < len(starts),
                expected=(later - since) / pace,
                seen=seen,
            )
            found = [*(found[:-1] if joins else found), last]
        else:
            usual.append(gap)
    return found


def _pace(last: Silence | None, sooner: int) -> float | None:
    """The pace by which a silence was told, as long as it lasts."""
    if last is None or last.until != sooner or not last.expected:
        return None
    return (last.until - last.since) / last.expected


def _starts(points: Sequence[Point]) -> list[int]:
    """When the sessions of a stream began."""
    seen: dict[int, int] = {}
    for point, session in zip(points, sessions(points), strict=True):
        seen.setdefault(session, point.at)
    return list(seen.values())
