"""What was found of a text, a name or a pack of words, as rows: the parts, their counts, when they were cut off.

A word that was asked about alone is its own trigger, and its entry says all of it already.
"""

import msgspec

from hushmap.detect import bounded, trigger_words
from hushmap.model import Record, Verdict
from hushmap.report.words import Words

LOOKS = {"cut": ("✕", "blocked"), "passed": ("•", "reachable"), "open": ("?", "undecided")}
"""Sign and style class of what `Verdict.words` says of a word."""


class TriggerLine(msgspec.Struct, frozen=True, kw_only=True):
    """One trigger as the page shows it."""

    phrase: str
    expression: str
    """The regular expression of a name's pattern."""
    cut: str
    harmless: str
    first: str
    last: str
    bound: str


class WordsLine(msgspec.Struct, frozen=True, kw_only=True):
    """The words of a pack of which the same is known."""

    label: str
    sign: str
    style: str
    n: int
    words: tuple[str, ...]


def trigger_lines(record: Record, verdict: Verdict, words: Words) -> tuple[TriggerLine, ...]:
    """A line for each trigger; none for a word that was asked about alone."""
    if record.experiment == "keyword":
        return ()
    return tuple(
        TriggerLine(
            phrase=trigger_words(trigger, words.lang),
            expression=trigger.expression or "",
            cut=_share(trigger.hits, words),
            harmless=_share(trigger.harmless, words),
            first=_moment(trigger.first_seen),
            last=_moment(trigger.last_seen),
            bound=words("bound", bound=bounded(trigger.error_bound, up=True)) if trigger.error_bound else "",
        )
        for trigger in verdict.triggers
    )


def pack_lines(verdict: Verdict, words: Words) -> tuple[WordsLine, ...]:
    """The words of a pack, by what is known of them."""
    found: dict[str, list[str]] = {state: [] for state in LOOKS}
    for word, state in verdict.words.items():
        found.setdefault(state if state in LOOKS else "open", []).append(word)
    return tuple(
        WordsLine(
            label=words(f"pack.{state}"), sign=LOOKS[state][0], style=LOOKS[state][1], n=len(mine), words=tuple(mine)
        )
        for state, mine in found.items()
        if mine
    )


def _share(pair: tuple[int, int], words: Words) -> str:
    return words("of", k=f"{pair[0]}", n=f"{pair[1]}") if pair[1] else ""


def _moment(utc: str) -> str:
    """To the minute, as it is recorded: `2026-11-21 22:34`."""
    return utc[:16].replace("T", " ")
