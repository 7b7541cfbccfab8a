"""Two measurements side by side: what both say, row by row, with what differs marked in words.

Steps are put beside each other where they are of the same kind, in their order; a step that only one has stands
alone. That two differ says nothing of why, and the page says so.
"""

from difflib import SequenceMatcher

import msgspec

from hushmap.report.explore.measuring import Measured, Step, facts, steps
from hushmap.report.words import Words


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """One row."""

    words: str
    first: str
    second: str
    differs: bool


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """Steps of the same kind; one that is not there is `None`."""

    first: Step | None
    second: Step | None
    differs: bool


def facts_of(first: Measured, second: Measured, words: Words) -> tuple[Fact, ...]:
    """What is known of both, in the order of the first."""
    one, other = dict(facts(first, words)), dict(facts(second, words))
    names = [*one, *(name for name in other if name not in one)]
    return tuple(
        Fact(
            words=name, first=one.get(name, ""), second=other.get(name, ""), differs=one.get(name) != other.get(name)
        )
        for name in names
    )


def steps_of(first: Measured, second: Measured, words: Words) -> tuple[Beside, ...]:
    """The steps of both, those of a kind beside each other."""
    one, other = steps(first, words), steps(second, words)
    matcher = SequenceMatcher(a=[_kind(step) for step in one], b=[_kind(step) for step in other], autojunk=False)
    found: list[Beside] = []
    for what, low, high, start, stop in matcher.get_opcodes():
        if what == "equal":
            both = zip(one[low:high], other[start:stop], strict=True)
            found += [Beside(first=left, second=right, differs=_came(left) != _came(right)) for left, right in both]
            continue
        found += [Beside(first=step, second=None, differs=True) for step in one[low:high]]
        found += [Beside(first=None, second=step, differs=True) for step in other[start:stop]]
    return tuple(found)


def _kind(step: Step) -> tuple[str, str, str]:
    return step.side, step.step, step.asked


def _came(step: Step) -> tuple[str, bool, str]:
    return step.answer, step.failed, step.note
