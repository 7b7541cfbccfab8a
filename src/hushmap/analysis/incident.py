"""Streams -> incidents: what stopped working, and began to work again, each as an interval.

The truth lies between two attempts: what was last seen working and what was first seen failing. An incident says no
more than that, by whom it was noticed and when (alarms are never dated back), how much of what was tried failed, and
how sure it is: `provisional` (D1), `confirmed` (D2), or `standing`, where what fails was never seen working, so that
no onset was seen. It is f(verdicts), so that rows which come late change it as if they had come in time.
"""

import hashlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum

import msgspec

from hushmap.analysis.stream import ANY, Key, Point, Stream, sessions
from hushmap.analysis.turning import Told, Turn, turns
from hushmap.sampling import ALPHA_OF_CHANGE, Change, wilson

FULL = 0.95
"""Of a full blocking so much is seen failing at least: one in twenty may seem to work (a cache, a second line)."""


class Sure(StrEnum):
    """How sure an onset or a lifting is."""

    PROVISIONAL = "provisional"
    """D1 alarmed: on average one such alarm in 10,000 tests is false."""
    CONFIRMED = "confirmed"
    """D2 alarmed: at most one in 1,000 streams without a change ever comes to this."""
    STANDING = "standing"
    """It failed at the first attempt already, or was not asked for before: there is no onset to be seen."""


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """What stopped working on one network, from when to when. Times are microseconds since 1970, UTC."""

    id: str
    event: str
    """Shared by incidents of one target, or service, on several networks whose onsets may be one."""
    key: Key
    domain: str
    network: str
    service: str
    """The service that the hosts belong to; empty if it is a site of its own."""
    hosts: tuple[str, ...]
    """Hosts, or targets without one, that failed."""
    hosts_working: tuple[str, ...]
    """Those of the same service that worked meanwhile."""
    way: str
    """`any`; or the one way of failing that changed where something else failed all the time."""
    status: Sure
    onset_last_working: int | None
    """`None`: nothing was seen working before."""
    onset_first_failing: int
    onset_alarm: int
    """Start of the attempt that made the first alarm."""
    onset_confirmed: int | None
    lifting: Sure | None
    """`None`: it was not seen to be lifted."""
    lifting_last_failing: int | None
    lifting_first_working: int | None
    lifting_alarm: int | None
    lifting_confirmed: int | None
    last_failing: int
    failing: int
    """Attempts that failed, from the first seen failing on, to the last one if it was lifted."""
    attempts: int
    blocked: int
    """Of the failing, those that were judged blocked; the rest may have other causes than a censor."""
    failing_sessions: int
    sessions: int
    """Sessions, each told by its first attempt; a burst is one."""
    share_low: float
    share_high: float
    """The share of sessions that failed, with 95 % confidence."""
    lines: int
    """Different lines (resolver and kind) among the failing: one only may be one tester's own fault."""
    mechanisms: tuple[str, ...]
    """How it failed, the most frequent first."""

    @property
    def share(self) -> float:
        """Of the sessions, those that failed."""
        return self.failing_sessions / self.sessions if self.sessions else 0.0

    @property
    def partial(self) -> bool:
        """Whether too many worked for a full blocking, or hosts of its service did."""
        return self.share_high < FULL or bool(self.hosts_working)


def found(stream: Stream, *, alpha: float = ALPHA_OF_CHANGE) -> list[Incident]:
    """The incidents of one stream, and those of single ways of failing that no other incident tells of."""
    whole = _of_way(stream, ANY, alpha)
    single = (one for way in stream.ways() for one in _of_way(stream, way, alpha))
    return sorted([*whole, *_others(whole, single)], key=lambda one: (one.onset_first_failing, one.way))


def _of_way(stream: Stream, way: str, alpha: float) -> list[Incident]:
    points = stream.points if way == ANY else stream.way(way).points
    kept, turned = turns(points, alpha=alpha)
    return [_incident(stream, points, kept, turn, way) for turn in turned]


def _others(whole: Sequence[Incident], single: Iterable[Incident]) -> list[Incident]:
    """Incidents of single ways that those of all ways do not tell of; of several at one time the first.

    Where a target worked before, its incident is told once, with all its mechanisms. Where it failed already, in
    another way, a new way of failing is seen only by itself, and told if it is confirmed.
    """
    kept: list[Incident] = []
    for one in sorted(single, key=lambda one: (one.onset_first_failing, one.way)):
        told = (other for other in whole if overlap(one, other) and not _came_later(one, other))
        if not any(told) and not any(overlap(one, other) for other in kept):
            kept.append(one)
    return kept


def _came_later(one: Incident, other: Incident) -> bool:
    """Whether one way of failing surely came when the target had been failing, and been noticed to, in others."""
    since = other.onset_confirmed or other.onset_alarm
    return one.status is Sure.CONFIRMED and one.onset_last_working is not None and one.onset_last_working > since


def overlap(one: Incident, other: Incident) -> bool:
    """Whether two incidents have some time in common, as far as is known."""
    return _began(one) <= _ended(other) and _began(other) <= _ended(one)


def _began(one: Incident) -> int:
    return one.onset_first_failing if one.onset_last_working is None else one.onset_last_working


def _ended(one: Incident) -> int:
    return one.lifting_first_working if one.lifting_first_working is not None else 1 << 62


def _incident(stream: Stream, points: Sequence[Point], kept: Sequence[Told], turn: Turn, way: str) -> Incident:
    """One turn in the words of times, by every attempt of the stream."""
    first = next(
        place for place in range(bisect_left(points, kept[turn.change].point), len(points)) if points[place].failing
    )
    end = _end(points, kept, turn, first)
    during = points[first : len(points) if end is None else end]
    last = max(place for place, point in enumerate(during) if point.failing) + first
    if end is not None:
        during = points[first : last + 1]
    failing = [point for point in during if point.failing]
    spoke = _first_of_sessions(during)
    low, high = wilson(sum(point.failing for point in spoke), len(spoke))
    before = _last_working(points[:first], failing)
    host = stream.domain or stream.key.target
    return Incident(
        id=_id(stream.key, way, points[first].at),
        event="",
        key=stream.key,
        domain=stream.domain,
        network=stream.network,
        service="",
        hosts=(host,),
        hosts_working=(),
        way=way,
        status=Sure.STANDING if before is None else _sure(turn.confirmed),
        onset_last_working=before,
        onset_first_failing=points[first].at,
        onset_alarm=kept[turn.alarm].point.at,
        onset_confirmed=None if turn.confirmed is None else kept[turn.confirmed].point.at,
        lifting=None if end is None else _sure(turn.lifting_confirmed),
        lifting_last_failing=None if end is None else points[last].at,
        lifting_first_working=None if end is None else points[end].at,
        lifting_alarm=None if turn.lifting_alarm is None else kept[turn.lifting_alarm].point.at,
        lifting_confirmed=None if turn.lifting_confirmed is None else kept[turn.lifting_confirmed].point.at,
        last_failing=points[last].at,
        failing=len(failing),
        attempts=len(during),
        blocked=sum(point.blocked for point in failing),
        failing_sessions=sum(point.failing for point in spoke),
        sessions=len(spoke),
        share_low=low,
        share_high=high,
        lines=len({point.who for point in failing}),
        mechanisms=_frequent(failing),
    )


def _sure(confirmed: int | None) -> Sure:
    return Sure.PROVISIONAL if confirmed is None else Sure.CONFIRMED


def _end(points: Sequence[Point], kept: Sequence[Told], turn: Turn, first: int) -> int | None:
    """The first attempt seen working after the last that failed.

    An onset is sought among sessions, for one tester's burst is none; a lifting among all attempts, for whatever
    failed had not been lifted.
    """
    if turn.lifted is None or turn.lifting_alarm is None:
        return None
    change = Change(falls=True)
    alarm = bisect_left(points, kept[turn.lifting_alarm].point)
    for point in points[first : alarm + 1]:
        change.tell(int(point.failing))
    place = first + change.place if change.place else bisect_left(points, kept[turn.lifted].point)
    return next(place for place in range(place, len(points)) if not points[place].failing)


def _last_working(before: Sequence[Point], failing: Sequence[Point]) -> int | None:
    """When what fails was last seen working: another page of the host is no witness of that.

    Where one line alone sees it fail, that line must have seen it work: one that always failed, and begins to be
    measured, is no onset.
    """
    pages, lines = {point.page for point in failing}, {point.who for point in failing}
    worked = [point for point in before if not point.failing and point.page in pages]
    known = len(lines) > 1 or any(point.who in lines for point in worked)
    return worked[-1].at if worked and known else None


def _first_of_sessions(points: Sequence[Point]) -> list[Point]:
    """Each session's first attempt: who sees a failure tries again, so that a mean depends on how it began."""
    spoke: dict[int, Point] = {}
    for point, session in zip(points, sessions(points), strict=True):
        spoke.setdefault(session, point)
    return list(spoke.values())


def _frequent(points: Iterable[Point]) -> tuple[str, ...]:
    counts = Counter(mechanism for point in points for mechanism in point.mechanisms)
    return tuple(sorted(counts, key=lambda one: (-counts[one], one)))


def _id(key: Key, way: str, first: int) -> str:
    """An incident keeps its id as long as its first seen failing does."""
    told = "\n".join((*map(str, msgspec.structs.astuple(key)), way, str(first)))
    return hashlib.sha256(told.encode()).hexdigest()[:12]
