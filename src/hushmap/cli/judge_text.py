"""What `hushmap judge` prints: how many records were judged, and what came of it (UX 1)."""

from collections import Counter
from collections.abc import Iterator

import msgspec

from hushmap.cli.differ_text import ordered, parting_words
from hushmap.cli.reasons import REASONS
from hushmap.cli.wording import count, wrapped
from hushmap.detect import LABEL_GROUPS, RULES_VERSION
from hushmap.judge import Parting
from hushmap.model import Reason

_SHOWN = 3
"""Ways to part, and files, that are named; more would hide the commonest."""
_TESTS = 8
"""Other tests that are named."""


class JudgeText(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of one or more inputs."""

    sites: dict[str, int]
    words: dict[str, int]
    blocked: dict[str, int]
    """Blocked sites by evidence."""
    reasons: dict[str, int]
    kept: dict[str, int]
    """Records of tests that are not judged, by test."""
    claims: int
    """Records whose maker concluded something."""
    partings: dict[Parting, int]
    """How often it concluded otherwise, by how."""
    rejects: int
    set_aside: tuple[str, ...]
    """Files that the damaged lines went to."""
    written: tuple[str, ...]
    """Files of verdicts that were written anew."""
    seconds: float
    knowledge: str
    single: int = 0
    """Blocked sites without an error bound: seen once."""


def lines(text: JudgeText) -> Iterator[str]:
    """The summary."""
    judged = sum(text.sites.values()) + sum(text.words.values())
    every = judged + text.rejects + sum(text.kept.values())
    hashed = text.knowledge.removeprefix("sha256:")[:12] or "none"
    yield (
        f"{judged:,} of {count(every, 'record')} judged in {text.seconds:.1f} s · "
        f"rules {RULES_VERSION} · fingerprints sha256 {hashed}…"
    )
    if text.sites:
        yield "  " + " · ".join(_groups(text.sites))
    if text.words:
        yield "  words: " + " · ".join(_groups(text.words))
    if text.blocked:
        kinds = ", ".join(f"{number} {evidence}" for evidence, number in sorted(text.blocked.items()))
        total = sum(text.blocked.values())
        once = f" · {text.single} of them without an error bound: seen once, or not by a sequential test"
        yield f"  of the {total} blocked: {kinds}{once if text.single else ''}"
    if text.reasons:
        found = Counter(text.reasons).most_common()
        yield "  not decided: " + ", ".join(f"{REASONS[Reason(reason)]} ({number})" for reason, number in found)
    if text.partings:
        yield from wrapped(f"OONI's verdict differs in {_partings(text)}", "  ", "    ")
        yield "    list: --differ · each record: --json"
    if text.kept:
        tests = ", ".join(f"{name} {number:,}" for name, number in Counter(text.kept).most_common(_TESTS))
        more = ", ..." if len(text.kept) > _TESTS else ""
        yield from wrapped(f"{_of_other_tests(sum(text.kept.values()))} ({tests}{more})", "  ", "    ")
    if text.rejects:
        yield f"  {count(text.rejects, 'line')} set aside{_aside(text)}; no verdict rests on them"
    for path in text.written:
        yield f"  written: {path}"


def _partings(text: JudgeText) -> str:
    """The commonest ways to part; the others are a number."""
    found = ordered(text.partings)
    said = [f"{number:,} {parting_words(parting)}" for parting, number in found[:_SHOWN]]
    other = sum(number for _, number in found[_SHOWN:])
    said += [f"{other:,} other"] if other else []
    return f"{sum(text.partings.values()):,} of {text.claims:,}: {' · '.join(said)}"


def _of_other_tests(number: int) -> str:
    return f"{count(number, 'record')} of other tests kept, not judged"


def _aside(text: JudgeText) -> str:
    files = ", ".join(text.set_aside[:_SHOWN])
    more = len(text.set_aside) - _SHOWN
    return f" in {files}" + (f" and {count(more, 'more file')}" if more > 0 else "") if files else ""


def _groups(found: dict[str, int]) -> Iterator[str]:
    order = [name for name in LABEL_GROUPS if name in found]
    for name in [*order, *(name for name in found if name not in order)]:
        yield f"{found[name]:,} {name}"
