"""Triggers as data: the word of a record as one, its one spelling, and the rows of the table of triggers.

A trigger is the smallest thing found to be acted upon, and true of one place, encoding, direction and way only, so
each row says these, from what it was sampled, when it was first and last seen to act, and its error bound.
"""

import re
from collections.abc import Iterable

import msgspec

from hushmap.detect.groups import CLASSIFIER
from hushmap.detect.pairs import PairTest
from hushmap.detect.worded import found_by
from hushmap.model import Record, Trigger, Verdict

LEAST_HITS = 2
"""Once may be a stray packet, twice is not: the same number that direct evidence needs."""


def proven(trigger: Trigger, *, direct: bool) -> bool:
    """Whether a trigger was put to bracketed pairs that decided: with it cut off, without it not.

    Direct evidence has no bound; whatever else has none was not decided.
    """
    bounded = direct or trigger.error_bound is not None
    return bounded and trigger.hits[0] >= LEAST_HITS and trigger.harmless[0] < trigger.harmless[1]


def word_trigger(record: Record, test: PairTest, mechanism: str) -> Trigger:
    """The word of a record, asked about alone, as the trigger that its pairs found it to be."""
    frame = record.annotations.get("frame", record.target)
    return found_by(record, test, mechanism, frame, Trigger(kind="word", parts=(record.target,), place=""))


def overblocked(trigger: Trigger, names: Iterable[str]) -> tuple[str, ...]:
    """Which of `names` a rule about a name covers though they neither are it nor stand under it, sorted.

    What the rule would do to them: none of them was asked about.
    """
    if trigger.expression is None:
        return ()
    pattern, under = re.compile(trigger.expression), f".{trigger.parts[0].lower()}"
    plain = {name.lower().removesuffix(".") for name in names}
    return tuple(sorted(name for name in plain if pattern.search(name) and not f".{name}".endswith(under)))


def canonical(trigger: Trigger) -> str:
    """The one spelling of a trigger: parts in the order that matters, else sorted (refs/KEYWORDS 2.8)."""
    if trigger.kind == CLASSIFIER:
        return CLASSIFIER
    parts = trigger.parts if trigger.ordered else sorted(trigger.parts)
    spelled = (" > " if trigger.ordered else " + ").join(parts)
    spelled += "".join(f" - {part}" for part in sorted(trigger.unless))
    return f"{spelled} ({trigger.pattern})" if trigger.pattern else spelled


class TriggerRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table of triggers; the fields are its columns, in their order."""

    record: str
    run: str
    experiment: str
    trigger: str
    """`A + B` in any order, `A > B` in this one, ` - C` where C lifts it; a name has its pattern in brackets."""
    kind: str
    pattern: str
    place: str
    encoding: str
    direction: str
    mechanism: str
    hits: int
    attempts: int
    harmless_hits: int
    harmless_attempts: int
    error_bound: float | None
    country: str | None
    asn: int | None
    network: str | None
    toward: str
    """`own helper` or `address`, never which."""
    frame: str
    """From what it was sampled: what was not asked is not in the table."""
    first_seen: str
    last_seen: str


def trigger_rows(verdict: Verdict, record: Record) -> tuple[TriggerRow, ...]:
    """The triggers of one verdict as rows of the table."""
    vantage = record.vantage
    return tuple(
        TriggerRow(
            record=record.id,
            run=record.run,
            experiment=record.experiment,
            trigger=canonical(trigger),
            kind=trigger.kind,
            pattern=trigger.pattern or "",
            place=trigger.place,
            encoding=trigger.encoding,
            direction=trigger.direction,
            mechanism=trigger.mechanism or "",
            hits=trigger.hits[0],
            attempts=trigger.hits[1],
            harmless_hits=trigger.harmless[0],
            harmless_attempts=trigger.harmless[1],
            error_bound=trigger.error_bound,
            country=vantage.country,
            asn=vantage.asn,
            network=vantage.network,
            toward=trigger.helper,
            frame=trigger.frame,
            first_seen=trigger.first_seen,
            last_seen=trigger.last_seen,
        )
        for trigger in verdict.triggers
    )
