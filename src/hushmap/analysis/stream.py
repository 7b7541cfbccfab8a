"""Verdicts -> streams: what one host, word or service did on one network, attempt by attempt, in order of start.

A verdict is an attempt that failed, one that worked, or neither: `insufficient`, `down` and a refusal by the site say
nothing of the network, so they are as if nobody had measured, and never zero. A stream may be asked about one way of
failing: an attempt that failed on an earlier layer says nothing of a later one, and one that got past it says that it
worked. Whoever is on an unknown network is in no stream, for unknown equals nothing (METHOD 4).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import pandas as pd

from hushmap.analysis.sessions import SESSION_GAP, SESSION_MOST
from hushmap.model import Outcome

SECOND = 1_000_000
"""Of the times in this room: microseconds since 1970, UTC."""
GAP, MOST = SESSION_GAP * SECOND, SESSION_MOST * SECOND
ANY = "any"
"""Every way of failing taken together."""
LAYERS = ("dns", "address", "tls", "http")
"""In the order in which an attempt passes them."""
WAYS = (*LAYERS, "quic", "rate")
_WAYS = {
    "dns": "dns",
    "ip": "address",
    "tcp": "address",
    "tls": "tls",
    "http": "http",
    "quic": "quic",
    "throttle": "rate",
}
_NOT_OF_THE_TARGET = frozenset({"portal", "server", "quic.all", "dns.intercepted"})
"""Mechanisms that stand above a failing: they are of the network or of the server, and never of the target."""
_UNCOUNTED = frozenset({"calibrate"})
"""Experiments that plant what is cut off, to know what a measurement is worth."""
FAILING = frozenset({Outcome.BLOCKED.value, Outcome.UNREACHABLE.value, Outcome.DEGRADED.value})
WORKING = frozenset({Outcome.OK.value})
_DECIDING = FAILING | WORKING
ABSENT = (
    *("network", "resolver", "resolver_asn", "vantage_kind", "session"),
    *("place", "encoding", "domain", "canary", "mechanisms"),
)
"""Columns that may be missing in a frame; they are then unknown."""


class Key(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """Whose stream it is."""

    experiment: str
    target: str
    """The host, of whose pages each may be measured now and then; of words and services what was asked about."""
    place: str = ""
    encoding: str = ""
    country: str = ""
    asn: int = 0
    """0 where only the network's name is known."""
    network: str = ""
    """Its name, where there is no AS number."""


class Point(msgspec.Struct, frozen=True, kw_only=True, order=True, gc=False):
    """One attempt that failed or worked."""

    at: int
    record: str
    failing: bool
    blocked: bool = False
    """It failed, and was judged blocked."""
    mechanisms: tuple[str, ...] = ()
    who: str = ""
    """What is known of the tester: resolver and kind of line."""
    page: str = ""
    """What was asked of the host."""


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """The attempts of one key, in order of start."""

    key: Key
    points: tuple[Point, ...]
    domain: str = ""
    network: str = ""
    """What its network was called last."""

    def way(self, way: str) -> "Stream":
        """The same stream, asked about one way of failing."""
        told = ((point, fails(point, way)) for point in self.points)
        points = tuple(msgspec.structs.replace(point, failing=hit) for point, hit in told if hit is not None)
        return msgspec.structs.replace(self, points=points)

    def ways(self) -> tuple[str, ...]:
        """The ways in which it failed at all."""
        seen = {way_of(mechanism) for point in self.points if point.failing for mechanism in point.mechanisms}
        return tuple(way for way in WAYS if way in seen)


class Left(msgspec.Struct):
    """Verdicts that are in no stream, by why."""

    counts: Counter[str] = msgspec.field(default_factory=Counter)


def way_of(mechanism: str) -> str:
    """The way of failing that a mechanism belongs to."""
    return "rate" if mechanism == "tcp.freeze" else _WAYS.get(mechanism.partition(".")[0], "other")


def fails(point: Point, way: str) -> bool | None:
    """Whether an attempt failed in this way; `None` where it says nothing of it."""
    if not point.failing or way == ANY:
        return point.failing
    ways = {way_of(mechanism) for mechanism in point.mechanisms}
    if way in ways:
        return True
    reached = [LAYERS.index(one) for one in ways if one in LAYERS]
    return False if way in LAYERS and reached and min(reached) > LAYERS.index(way) else None


def sessions(points: Sequence[Point]) -> list[int]:
    """The session of each attempt, by number: one tester, gaps of ten minutes at most, and an hour at most."""
    open_: dict[str, tuple[int, int, int]] = {}
    numbers: list[int] = []
    count = 0
    for point in points:
        number, first, last = open_.get(point.who, (0, 0, 0))
        if point.who not in open_ or point.at - last > GAP or point.at - first >= MOST:
            number, first = count, point.at
            count += 1
        open_[point.who] = number, first, point.at
        numbers.append(number)
    return numbers


def streams(verdicts: pd.DataFrame, left: Left | None = None) -> list[Stream]:
    """Every stream of a frame with the columns of `verdicts`, by key; the order of its rows makes no difference."""
    found: dict[Key, dict[str, Point]] = {}
    called: dict[Key, tuple[int, str, str]] = {}
    left = Left() if left is None else left
    for row in rows(verdicts):
        why = _why_not(row)
        if why:
            left.counts[why] += 1
            continue
        asn = row["asn"] or 0
        key = Key(
            experiment=row["experiment"],
            target=row["domain"] or row["target"],
            place=row["place"] or "",
            encoding=row["encoding"] or "",
            country=row["country"] or "",
            asn=asn,
            network="" if asn else row["network"],
        )
        point = _point(row)
        mine = found.setdefault(key, {})  # one record given twice is one attempt; judged twice, it accuses less
        known = mine.get(point.record)
        mine[point.record] = point if known is None else min(point, known)
        told = (point.at, row["network"] or "", row["domain"] or "")
        if key not in called or told > called[key]:
            called[key] = told
    return [
        Stream(key=key, points=tuple(sorted(found[key].values())), network=called[key][1], domain=called[key][2])
        for key in sorted(found)
    ]


def rows(verdicts: pd.DataFrame) -> Iterable[dict[str, Any]]:
    """The rows of a frame as plain values: absent is `None`, times are microseconds."""
    names = ("record", "experiment", "target", "started", "country", "asn", "outcome", *ABSENT)
    columns = [_plain(verdicts, name) for name in names]
    return (dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True))


def _plain(frame: pd.DataFrame, name: str) -> list[Any]:
    if name not in frame.columns:
        if name not in ABSENT:
            raise ValueError(f"need a column {name}")
        return [() if name == "mechanisms" else None] * len(frame)
    column = frame[name]
    if name == "started":
        times = pd.to_datetime(column, utc=True, format="ISO8601" if column.dtype.kind not in "Mm" else None)
        return times.dt.as_unit("us").astype("int64").tolist()
    if name == "mechanisms":
        return [() if one is None or isinstance(one, float) else tuple(one) for one in column]
    return [None if gone else value for value, gone in zip(column.tolist(), column.isna(), strict=True)]


def _why_not(row: dict[str, Any]) -> str:
    """Why a verdict is in no stream; empty if it is in one."""
    if row["canary"] or row["experiment"] in _UNCOUNTED:
        return "asked to prove the measurement"
    if row["outcome"] not in _DECIDING or _of_another(row):
        return "decides nothing of the network"
    if not row["asn"] and not row["network"]:
        return "on an unknown network"
    return ""


def _of_another(row: dict[str, Any]) -> bool:
    if not row["mechanisms"] or row["outcome"] not in FAILING:
        return False
    first = row["mechanisms"][0]
    return first in _NOT_OF_THE_TARGET or first.partition(".")[0] in _NOT_OF_THE_TARGET


def _point(row: dict[str, Any]) -> Point:
    failing = row["outcome"] in FAILING
    resolver = row["resolver"] or row["resolver_asn"]
    return Point(
        at=row["started"],
        record=row["record"],
        failing=failing,
        blocked=row["outcome"] == Outcome.BLOCKED.value,
        mechanisms=row["mechanisms"] if failing else (),
        who=row["session"] or f"{resolver or ''} {row['vantage_kind'] or ''}",
        page=row["target"],
    )
