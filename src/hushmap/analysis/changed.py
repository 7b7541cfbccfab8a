"""Verdicts -> incidents and silences: the whole way, and the frame that is kept.

A chance of a false alarm is told for what was looked at: each stream at most `alpha`, so among N streams at most
N x alpha are to be expected by chance.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import pandas as pd

from hushmap.analysis.incident import Incident, Sure, found
from hushmap.analysis.joining import joined
from hushmap.analysis.rounding import rounded, widened
from hushmap.analysis.silence import Silence, silences
from hushmap.analysis.stream import Left, streams
from hushmap.sampling import ALPHA_OF_CHANGE

NEEDED = (
    *("record", "experiment", "target", "domain", "place", "encoding", "started", "country", "asn", "network"),
    *("vantage_kind", "resolver", "resolver_asn", "session", "outcome", "mechanisms", "canary", "run"),
)
"""Columns of `verdicts` that are read."""

INCIDENT: dict[str, tuple[str, str]] = {
    "id": ("", "Id of the incident; it stays as long as the first seen failing does"),
    "event": ("", "Shared by incidents on several networks whose onsets may be one"),
    "experiment": ("", "The test"),
    "target": ("", "The host, word or service"),
    "domain": ("", "The host; empty for words and services"),
    "place": ("", "Of a word: where in the traffic"),
    "encoding": ("", "Of a word: how it was written"),
    "country": ("ISO 3166 alpha-2", "The country of the line"),
    "asn": ("AS number", "The network; null where only its name is known"),
    "network": ("", "Its name"),
    "service": ("", "What the hosts belong to; empty for a site of its own"),
    "hosts": ("", "Hosts that failed"),
    "hosts_working": ("", "Hosts of the same service that worked meanwhile"),
    "way": ("", "any, or the one way of failing that changed: dns, address, tls, http, quic, rate"),
    "status": ("", "provisional (D1), confirmed (D2), or standing: what fails was never seen working"),
    "onset_last_working": ("UTC", "What fails was last seen working; null if it never was"),
    "onset_first_failing": ("UTC", "First seen failing; of a published copy the end of its hour, or day"),
    "onset_alarm": ("UTC", "Start of the attempt that made the first alarm"),
    "onset_confirmed": ("UTC", "Start of the attempt that confirmed it"),
    "lifting": ("", "provisional, confirmed, or null: not seen to be lifted"),
    "lifting_last_failing": ("UTC", "Last seen failing before the lifting"),
    "lifting_first_working": ("UTC", "First seen working after it; of a published copy the end of its hour, or day"),
    "lifting_alarm": ("UTC", "Start of the attempt that made the first alarm"),
    "lifting_confirmed": ("UTC", "Start of the attempt that confirmed it"),
    "last_failing": ("UTC", "Last seen failing"),
    "failing": ("attempts", "That failed, from the first to the last seen failing, or to the end"),
    "attempts": ("attempts", "Of so many"),
    "blocked": ("attempts", "Of the failing, judged blocked; the rest may have other causes"),
    "failing_sessions": ("sessions", "Sessions whose first attempt failed"),
    "sessions": ("sessions", "Of so many: same line, gaps of 10 minutes at most"),
    "share": ("share", "Of the sessions that failed"),
    "share_low": ("share", "Its 95 % interval"),
    "share_high": ("share", "Its 95 % interval"),
    "partial": ("", "Too many worked for a full blocking, or hosts of the service did"),
    "lines": ("lines", "Different lines (resolver, kind) that saw it fail; 1 may be one tester's own fault"),
    "mechanisms": ("", "How it failed, the most frequent first"),
}
"""The frame of incidents: unit and meaning of each column."""
_TIMES = tuple(name for name, (unit, _) in INCIDENT.items() if unit == "UTC")


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """All that changed."""

    incidents: tuple[Incident, ...]
    silences: tuple[Silence, ...]
    streams: int
    """That were looked at."""
    attempts: int
    left_out: dict[str, int]
    """Verdicts that are in no stream, by why."""
    alpha: float

    @property
    def by_chance(self) -> float:
        """False confirmed onsets that so many streams without a change would bring at most, on average."""
        return self.streams * self.alpha


def changes(
    verdicts: pd.DataFrame, *, services: Mapping[str, str] | None = None, alpha: float = ALPHA_OF_CHANGE
) -> Changes:
    """Every incident and every silence in a frame with the columns `NEEDED`; the order of rows makes no difference.

    Args:
        verdicts: As `Tables.frame("verdicts")` gives them.
        services: The service of each host that belongs to one.
        alpha: The chance that a stream without a change has a confirmed one.
    """
    left = Left()
    every = streams(verdicts, left)
    until = max((stream.points[-1].at for stream in every), default=0)
    incidents = joined((one for stream in every for one in found(stream, alpha=alpha)), every, services)
    widths = rounded(verdicts)
    return Changes(
        incidents=tuple(widened(one, widths) for one in incidents),
        silences=tuple(one for stream in every for one in silences(stream, until)),
        streams=len(every),
        attempts=sum(len(stream.points) for stream in every),
        left_out=dict(sorted(left.counts.items())),
        alpha=alpha,
    )


def together(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Verdicts of several frames as one; columns that one of them has not are unknown in it."""
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if len(filled) > 1 else (filled or list(frames))[0]


def incidents(
    verdicts: pd.DataFrame, *, services: Mapping[str, str] | None = None, alpha: float = ALPHA_OF_CHANGE
) -> pd.DataFrame:
    """The frame of incidents, with `INCIDENT`, by onset."""
    return framed(changes(verdicts, services=services, alpha=alpha).incidents)


def framed(rows: Iterable[Incident]) -> pd.DataFrame:
    """Incidents as a frame with `INCIDENT`: times are datetime64, numbers of networks Int64."""
    frame = pd.DataFrame([plain(one) for one in rows], columns=[*INCIDENT])
    for name in _TIMES:
        frame[name] = pd.to_datetime(frame[name].astype("Int64"), unit="us", utc=True).dt.as_unit("us")
    return frame.astype({"asn": "Int64", "lifting": "str", "status": "str"})


def plain(one: Incident) -> dict[str, Any]:
    """An incident as plain values by `INCIDENT`; times stay microseconds."""
    told: dict[str, Any] = msgspec.structs.asdict(one.key)
    own = {name: getattr(one, name) for name in INCIDENT if name not in told}
    values = {**told, **own, "network": one.network or one.key.network, "asn": one.key.asn or None}
    values = {name: [*value] if isinstance(value, tuple) else value for name, value in values.items()}
    return {name: str(value) if isinstance(value := values[name], Sure) else value for name in INCIDENT}
