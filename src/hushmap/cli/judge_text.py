"""What `hushmap judge` prints: how many records were judged, and what came of it (UX 1)."""

from collections import Counter
from collections.abc import Iterator

import msgspec

from hushmap.cli.run_text import REASONS
from hushmap.cli.wording import count
from hushmap.detect import LABEL_GROUPS, RULES_VERSION
from hushmap.model import Reason


class JudgeText(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of one or more inputs."""

    sites: dict[str, int]
    words: dict[str, int]
    blocked: dict[str, int]
    """Blocked sites by evidence."""
    reasons: dict[str, int]
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
    hashed = text.knowledge.removeprefix("sha256:")[:12] or "none"
    yield (
        f"{judged:,} of {count(judged + text.rejects, 'record')} judged in {text.seconds:.1f} s · "
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
    if text.rejects:
        yield f"  {count(text.rejects, 'line')} set aside in {', '.join(text.set_aside)}; no verdict rests on them"
    for path in text.written:
        yield f"  written: {path}"


def _groups(found: dict[str, int]) -> Iterator[str]:
    order = [name for name in LABEL_GROUPS if name in found]
    for name in [*order, *(name for name in found if name not in order)]:
        yield f"{found[name]:,} {name}"
