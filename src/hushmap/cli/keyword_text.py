"""What `hushmap keyword` prints: what was found of each text, in a form that can be pasted."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from hushmap.cli.overblocking import overblocking_lines
from hushmap.cli.screen import WIDTH
from hushmap.cli.wording import count, listed, moment, wrapped
from hushmap.detect import TriggerChange, TriggerComparison, trigger_words
from hushmap.judge import Judged
from hushmap.model import Trigger

SHORT = 60
"""Characters of a text by which it is known."""


def found_lines(judged: Iterable[Judged]) -> Iterator[str]:
    """Each text with its sentence, its triggers, and how sure that is."""
    for one in judged:
        saying = one.saying
        yield f"{shown(one.record.target)} in {one.record.layer}: {saying.label}"
        yield from wrapped(saying.sentence, "  ", "  ")
        for trigger in one.verdict.triggers:
            yield from wrapped(trigger_line(trigger), "    ", "      ")
            for line in overblocking_lines(trigger):
                yield from wrapped(line, "      ", "      ")
        if saying.how_sure:
            yield from wrapped(saying.how_sure, "  ", "  ", WIDTH)
        yield ""


def trigger_line(trigger: Trigger) -> str:
    """A trigger with its counts."""
    cut, tried = trigger.hits
    off, plain = trigger.harmless
    return f"{trigger_words(trigger)} · cut off {cut} of {tried} times, harmless text {off} of {plain}"


def shown(text: str) -> str:
    """A text on one line, as far as it needs to be known by."""
    plain = " ".join(text.split())
    return plain if len(plain) <= SHORT else f"{plain[:SHORT]}…"


_KINDS = {"added": "cut off now", "removed": "no longer cut off", "changed": "cut off otherwise"}
_LACKS = {
    "contradicted": "a last decision that agrees",
    "decisions": "three decisions in a row",
    "hours": "24 hours between them",
    "hour_of_day": "another hour of the day",
}


def compared_lines(before: str, after: str, found: TriggerComparison) -> Iterator[str]:
    """What changed from one run to another, confirmed changes first."""
    sure = sum(change.confirmed for change in found.changes)
    yield f"{before} to {after}: {count(len(found.changes), 'change')}, {sure} of them confirmed"
    for change in sorted(found.changes, key=lambda one: (not one.confirmed, one.kind, one.place, one.target)):
        yield from _change(change)
    yield f"{found.alike:,} alike · decided in one of them only: {found.only_before:,} and {found.only_after:,}"
    if len(found.changes) > sure:
        yield "What is not confirmed is no change yet: repeat the second run, at another hour, over a day."


def _change(change: TriggerChange) -> Iterator[str]:
    what = f"{shown(change.target)} in {change.place}" + (f" as {change.encoding}" if change.encoding else "")
    told = [f"by {listed(change.before)}"] if change.kind == "removed" and change.before else []
    told += [f"by {listed(change.after)}"] if change.kind == "added" and change.after else []
    if change.kind == "changed":
        told.append(f"before by {listed(change.before)}, now by {listed(change.after)}")
    hours = f"{count(change.decisions, 'decision')} over {change.span_hours:.0f} hours, last {moment(change.last)}"
    wants = listed(_LACKS[name] for name in change.missing)
    lacks = f"not confirmed, for want of {wants}" if wants else "confirmed"
    yield from wrapped(" · ".join([f"{what}: {_KINDS[change.kind]}", *told, hours, lacks]), "  ", "      ")


def compared_object(before: str, after: str, found: TriggerComparison) -> dict[str, Any]:
    """The object of `--json`."""
    changes = [
        {**msgspec.to_builtins(change), "confirmed": change.confirmed, "missing": list(change.missing)}
        for change in found.changes
    ]
    counts = {name: getattr(found, name) for name in ("alike", "only_before", "only_after")}
    return {"schema": "hushmap.keyword-diff/1", "before": before, "after": after, **counts, "changes": changes}
