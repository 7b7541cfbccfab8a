"""What `hushmap incidents` prints: for people, for machines, for spreadsheets; intervals, and never a point."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from hushmap import analysis

if TYPE_CHECKING:
    from hushmap.analysis import Changes, Incident, Silence

MOST_SILENCES = 10
"""That are listed; --json has all of them."""
LIMITS = (
    "Not shown: who caused it, which device does it, other networks, times not measured. Attempts that failed and "
    "were not judged blocked may have failed for other reasons."
)
_SURE = {
    "confirmed": "confirmed",
    "provisional": "provisional: a first alarm, which may be chance, or a line that was always bad",
    "standing": "no onset seen: what fails was never seen working",
}


def lines(found: "Changes") -> Iterator[str]:
    """Every incident, then the silences, then what was looked at."""
    for one in found.incidents:
        yield from _incident(one)
        yield ""
    if not found.incidents:
        yield "No incident." if found.streams else "No measurement is of what was asked for: nothing is known of it."
        yield ""
    yield from _silences(found.silences)
    out = ", ".join(f"{number:,} {why}" for why, number in found.left_out.items())
    yield (
        f"Looked at: {_many(found.streams, 'stream')} (one target on one network each), {found.attempts:,} attempts"
        + (f"; left out: {out}" if out else "")
        + "."
    )
    yield f"Were there no change at all, at most {found.by_chance:.2g} confirmed onsets would be expected by chance."
    yield LIMITS


def _incident(one: "Incident") -> Iterator[str]:
    name = f"{one.service} ({', '.join(one.hosts)})" if one.service else one.key.target
    part = ", partial" if one.partial else ""
    way = "" if one.way == "any" else f", by {one.way} only"
    yield f"{name} on {line_of(one)}{part}{way}  [{one.id}]"
    yield f"  {_SURE[one.status.value]}"
    if one.onset_last_working is None:
        yield f"  never seen working; first seen failing {when(one.onset_first_failing)}"
    else:
        yield _between("working", one.onset_last_working, "failing", one.onset_first_failing)
    yield _noticed(one.onset_alarm, one.onset_confirmed)
    if one.lifting_last_failing is None or one.lifting_first_working is None:
        yield f"  not seen to be lifted; last seen failing {when(one.last_failing)}"
    else:
        told = _between("failing", one.lifting_last_failing, "working", one.lifting_first_working)
        yield f"{told}: lifted, {one.lifting}"
        yield _noticed(one.lifting_alarm, one.lifting_confirmed)
    share = f"95 %: {100 * one.share_low:.0f} to {100 * one.share_high:.0f} %"
    yield (
        f"  failed in {one.failing_sessions:,} of {one.sessions:,} sessions ({share}), {one.failing:,} of "
        f"{one.attempts:,} attempts, {one.blocked:,} of them judged blocked"
    )
    yield f"  on {_many(one.lines, 'line')} by resolver and kind" + (
        f"; by {', '.join(one.mechanisms)}" if one.mechanisms else ""
    )
    if one.hosts_working:
        yield f"  worked meanwhile: {', '.join(one.hosts_working)}"


def _between(before: str, last: int, after: str, first: int) -> str:
    return f"  last seen {before} {when(last)}, first seen {after} {when(first)}"


def _noticed(alarm: int | None, confirmed: int | None) -> str:
    """When it was noticed: by the quick detector, and by the one that confirms."""
    if alarm == confirmed:
        return f"  noticed and confirmed {when(alarm or 0)}"
    first = f"  provisional alarm {when(alarm or 0)}"
    return first if confirmed is None else f"{first}, confirmed {when(confirmed)}"


def _silences(every: "tuple[Silence, ...]") -> Iterator[str]:
    if not every:
        return
    yield "Not measured as usual (no incident: the rows do not say why):"
    for one in sorted(every, key=lambda one: (one.since - one.until, one.key))[:MOST_SILENCES]:
        end = f"to {when(one.until)}" if one.ended else f"to the end ({when(one.until)})"
        said = f"{_many(one.seen, 'session')} where about {one.expected:,.0f} were usual"
        yield f"  {one.key.target} on {line_of(one)}: {when(one.since)} {end}, {said}"
    if len(every) > MOST_SILENCES:
        yield f"  and {len(every) - MOST_SILENCES:,} more: --json"
    yield ""


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def line_of(one: "Incident | Silence") -> str:
    """The network, as people know it."""
    name = one.network or one.key.network
    number = f"AS{one.key.asn}" if one.key.asn else ""
    told = f"{name} ({number})" if name and number else name or number
    return f"{told}, {one.key.country}" if one.key.country else told


def when(at: int) -> str:
    """A time in UTC, to the second."""
    return f"{datetime.fromtimestamp(at // 1_000_000, UTC):%Y-%m-%dT%H:%M:%SZ}"


def objects(found: "Changes") -> Iterator[dict[str, Any]]:
    """One object an incident and a silence, then one of what was looked at."""
    for one in found.incidents:
        yield {"schema": "hushmap.incident/1", **_told(one)}
    for silence in found.silences:
        yield {
            "schema": "hushmap.silence/1",
            "target": silence.key.target,
            "experiment": silence.key.experiment,
            "country": silence.key.country,
            "asn": silence.key.asn or None,
            "network": silence.network or silence.key.network,
            "since": when(silence.since),
            "until": when(silence.until),
            "ended": silence.ended,
            "expected": round(silence.expected, 1),
            "seen": silence.seen,
        }
    yield {
        "schema": "hushmap.incidents/1",
        "incidents": len(found.incidents),
        "silences": len(found.silences),
        "streams": found.streams,
        "attempts": found.attempts,
        "left_out": found.left_out,
        "alpha": found.alpha,
        "by_chance": found.by_chance,
    }


def _told(one: "Incident") -> dict[str, Any]:
    values = analysis.plain(one)
    times = (name for name, (unit, _) in analysis.INCIDENT.items() if unit == "UTC")
    return values | {name: None if values[name] is None else when(values[name]) for name in times}


def head() -> tuple[str, ...]:
    """The columns of the CSV."""
    return tuple(analysis.INCIDENT)


def cells(one: "Incident") -> list[Any]:
    """An incident as cells: lists with a semicolon between."""
    return [";".join(map(str, value)) if isinstance(value, list) else value for value in _told(one).values()]
