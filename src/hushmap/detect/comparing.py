"""Which triggers came, went or changed between two runs, and which of that may be published.

A filter flaps, a line has bad hours, and a list that was cut short looks like a thousand words set free. So a change
counts only after three consistent decisions over at least 24 hours in two hours of the day, until then it is not
confirmed, and what was not decided in both runs is no change (refs/KEYWORDS 2.9).
"""

from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from hushmap.detect.triggers import canonical
from hushmap.detect.words import sighted
from hushmap.model import Outcome, Record, Trigger, Vantage, Verdict

LEAST_DECISIONS = 3
LEAST_HOURS = 24.0
LEAST_HOURS_OF_DAY = 2
"""Filters miss over a quarter more at busy hours (refs/KEYWORDS 1): one hour of the day is no day."""
_SUBJECTS = {"keyword": "word", "screen": "word", "isolate": "text", "domain": "domain"}
Judged = tuple[Verdict, Record]


class _Key(msgspec.Struct, frozen=True):
    """What is one thing: the same word asked alone and in a pack, in one place and writing."""

    subject: str
    target: str
    place: str
    encoding: str
    echo: bool
    """Whether it was sent to an echo of ours, or to a server that somebody named."""


class _Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What one record decided of one thing."""

    at: datetime
    triggers: frozenset[str]
    """Empty: it passed."""
    mechanisms: frozenset[str]


class TriggerChange(msgspec.Struct, frozen=True, kw_only=True):
    """One thing of which two runs decided differently."""

    kind: str
    """`added`, `removed`, `changed`."""
    subject: str
    """`word`, `text`, `domain`."""
    target: str
    place: str
    encoding: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    """Triggers in their one spelling; none: it passed."""
    mechanisms_before: tuple[str, ...]
    mechanisms_after: tuple[str, ...]
    decisions: int
    """In a row, up to the last, that agree with the later run."""
    span_hours: float
    hours_of_day: int
    contradicted: bool
    """The last decision of all does not agree with the later run."""
    first: str
    last: str
    """UTC of the first and last of these decisions."""

    @property
    def missing(self) -> tuple[str, ...]:
        """What it lacks before it may be published: `contradicted`, `decisions`, `hours`, `hour_of_day`."""
        lacks = {
            "contradicted": self.contradicted,
            "decisions": self.decisions < LEAST_DECISIONS,
            "hours": self.span_hours < LEAST_HOURS,
            "hour_of_day": self.hours_of_day < LEAST_HOURS_OF_DAY,
        }
        return tuple(name for name, lacking in lacks.items() if lacking)

    @property
    def confirmed(self) -> bool:
        """Whether it may be published as a change."""
        return not self.missing


class TriggerComparison(msgspec.Struct, frozen=True, kw_only=True):
    """What two runs decided of the same things."""

    changes: tuple[TriggerChange, ...]
    alike: int
    only_before: int
    only_after: int
    """Things decided in one of the runs only: nothing is known of a change."""


def compare_triggers(
    before: Iterable[Judged], after: Iterable[Judged], others: Iterable[Judged] = ()
) -> TriggerComparison:
    """What changed from one run to another; `others` are judged records of further runs, for confirmation.

    Raises:
        ValueError: the runs were carried out on different networks.
    """
    old, new = tuple(before), tuple(after)
    where = _network(old)
    if None not in where and None not in (there := _network(new)) and there != where:
        raise ValueError(f"the runs are from different networks: AS{where[1]} and AS{there[1]}")
    told = {record.id for _, record in (*old, *new)}
    alike = (judged for judged in others if None not in where and _place(judged[1].vantage) == where)
    more = [judged for judged in alike if judged[1].id not in told]
    known, later, further = _decided(old), _decided(new), _decided(more)
    both = [key for key in known if key in later]
    found = (_change(key, known[key], later[key], further.get(key, [])) for key in both)
    changes = tuple(change for change in found if change is not None)
    return TriggerComparison(
        changes=changes,
        alike=len(both) - len(changes),
        only_before=len(known) - len(both),
        only_after=len(later) - len(both),
    )


def _network(judged: tuple[Judged, ...]) -> tuple[str | None, int | None]:
    """Country and AS of a run; an unknown one is like no other."""
    places = {_place(record.vantage) for _, record in judged}
    return places.pop() if len(places) == 1 else (None, None)


def _place(vantage: Vantage) -> tuple[str | None, int | None]:
    return vantage.country, vantage.asn


def _decided(judged: Iterable[Judged]) -> dict[_Key, list[_Decision]]:
    """What was decided of each thing, in the order of time."""
    found: dict[_Key, list[_Decision]] = {}
    for verdict, record in judged:
        try:
            at = datetime.strptime(record.started, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError:
            continue
        for target, (triggers, mechanisms) in _states(verdict, record).items():
            key = _Key(
                _SUBJECTS[record.experiment], target, record.layer or "", record.encoding or "", record.context.echo
            )
            found.setdefault(key, []).append(_Decision(at=at, triggers=triggers, mechanisms=mechanisms))
    return {key: sorted(made, key=lambda decision: decision.at) for key, made in found.items()}


_State = tuple[frozenset[str], frozenset[str]]
_PASSED: _State = (frozenset(), frozenset())


def _states(verdict: Verdict, record: Record) -> dict[str, _State]:
    """Each thing of which a record decided, with its triggers; what was left open, or not seen, is left out."""
    if record.experiment not in _SUBJECTS:
        return {}
    if verdict.words:
        seen = verdict.outcome is Outcome.BLOCKED or sighted(record)
        found = {word: _PASSED for word, state in verdict.words.items() if seen and state == "passed"}
        return found | {trigger.parts[0]: _state((trigger,)) for trigger in verdict.triggers}
    if verdict.outcome is Outcome.OK:
        return {record.target: _PASSED}
    if verdict.outcome is not Outcome.BLOCKED or not verdict.triggers or "open" in verdict.facts:
        return {}
    return {record.target: _state(verdict.triggers)}


def _state(triggers: tuple[Trigger, ...]) -> _State:
    mechanisms = (trigger.mechanism for trigger in triggers)
    return frozenset(canonical(trigger) for trigger in triggers), frozenset(filter(None, mechanisms))


def _change(
    key: _Key, known: list[_Decision], later: list[_Decision], further: list[_Decision]
) -> TriggerChange | None:
    old, new = known[-1], later[-1]
    if old.triggers == new.triggers and old.mechanisms == new.mechanisms:
        return None
    kind = "added" if not old.triggers else "removed" if not new.triggers else "changed"
    whole = sorted((one for one in (*later, *further) if one.at > old.at), key=lambda decision: decision.at)
    agreeing: list[_Decision] = []
    for decision in reversed(whole):
        same = decision.triggers == new.triggers and (kind != "changed" or decision.mechanisms == new.mechanisms)
        if not same:
            break
        agreeing.insert(0, decision)
    span = agreeing[-1].at - agreeing[0].at if agreeing else None
    return TriggerChange(
        kind=kind,
        subject=key.subject,
        target=key.target,
        place=key.place,
        encoding=key.encoding,
        before=tuple(sorted(old.triggers)),
        after=tuple(sorted(new.triggers)),
        mechanisms_before=tuple(sorted(old.mechanisms)),
        mechanisms_after=tuple(sorted(new.mechanisms)),
        decisions=len(agreeing),
        span_hours=0.0 if span is None else span.total_seconds() / 3600,
        hours_of_day=len({decision.at.hour for decision in agreeing}),
        contradicted=not agreeing,
        first=_utc(agreeing[0]) if agreeing else "",
        last=_utc(agreeing[-1]) if agreeing else "",
    )


def _utc(decision: _Decision) -> str:
    return f"{decision.at:%Y-%m-%dT%H:%M:%SZ}"
