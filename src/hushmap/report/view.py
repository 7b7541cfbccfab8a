"""What the page shows, drawn from sealed records and their verdicts; templates only set it out.

Sites and words are counted apart (UX 3), and words that were planted to know the measurement are counted nowhere;
groups come in the order of what a reader looks for, and everything that is unknown of the network is said to be
unknown.
"""

from collections import Counter
from collections.abc import Callable, Sequence

import msgspec

from hushmap.detect import (
    Saying,
    group,
    group_words,
    is_check,
    is_word,
    mechanism_words,
    network_words,
    visible,
    when_words,
    word_counts,
)
from hushmap.model import Evidence, Record, Software, Vantage, Verdict
from hushmap.report.attempts import Attempted, attempted
from hushmap.report.chart import Count
from hushmap.report.triggers import TriggerLine, WordsLine, pack_lines, trigger_lines
from hushmap.report.waterfall import SHORT, Waterfall, waterfall
from hushmap.report.words import Words

MOST_TRIALS = 120
"""Attempts listed for one target: no inquiry needs more than a few dozen; a longer record says how many are left."""

LOOKS: dict[str, tuple[str, str]] = {
    "Blocked": ("✕", "blocked"),
    "Cut off by a word": ("✕", "blocked"),
    "Cut off, no word found": ("✕", "blocked"),
    "Slowed": ("↓", "slowed"),
    "Unreachable from here": ("~", "unreachable"),
    "Also fails elsewhere": ("=", "elsewhere"),
    "Refused by the site": ("!", "refused"),
    "Not decided": ("?", "undecided"),
    "Not triggered": ("○", "untriggered"),
    "Reachable": ("•", "reachable"),
    "Not cut off": ("•", "reachable"),
    "Checked": ("◇", "other"),
}
"""Sign and style class of each count group, in the order of the page."""
OTHER = ("◇", "other")
"""A platform's own labels."""


class RunView(msgspec.Struct, frozen=True, kw_only=True):
    """What the page says of the run as a whole."""

    run: str
    title: str
    started: str
    ended: str
    vantage: Vantage = msgspec.field(default_factory=Vantage)
    software: Software = msgspec.field(default_factory=Software)
    deck: str = ""
    deck_sha256: str = ""
    rules: str = ""
    knowledge: str = ""
    helper: bool = False
    """Whether a comparison server took part."""
    planned: int | None = None
    """How many targets were to be measured; more than the entries: the run ended early."""
    scale: float = 1.0
    lab: bool = False
    """Show the notice that data and networks are the lab's."""
    replay: bool = False
    """Show the banner that nothing was measured now."""
    lang: str = "en"
    """Language of the page; the sayings of the entries are to be in it."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One target: what was observed, what it is judged to show, and what is said of it."""

    record: Record
    verdict: Verdict
    saying: Saying


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One target as the page shows it."""

    id: str
    target: str
    whole: str
    """The target, where it is too long for a heading."""
    place: str
    category: str
    canary: bool
    saying: Saying
    how: str
    here: str
    twin: str
    elsewhere: str
    evidence: str
    direct: bool
    quiet: bool
    """Reachable and without a sign of anything: its sentence need not stand open."""
    triggers: tuple[TriggerLine, ...]
    pack: tuple[WordsLine, ...]
    waterfall: Waterfall | None
    trials: tuple[Attempted, ...]
    more: int
    attempts: str
    verdict: Verdict


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """All targets that are counted alike."""

    label: str
    sign: str
    style: str
    counted: str
    entries: tuple[Shown, ...]


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Sites, words, or places that were checked."""

    id: str
    heading: str
    counted: str
    counts: tuple[Count, ...]
    groups: tuple[Group, ...]

    @property
    def result(self) -> bool:
        """Whether it is about the network, and not about the measurement."""
        return self.id != CHECKS


CHECKS = "checks"
_PARTS: dict[str, Callable[[Record], bool]] = {
    "sites": lambda record: not is_word(record),
    "words": lambda record: is_word(record) and not is_check(record),
    CHECKS: is_check,
}
"""What is counted apart, in the order of the page."""


def tables(entries: Sequence[Entry], words: Words) -> tuple[Table, ...]:
    """Sites, then words, then places that were checked; a part without entries is left out."""
    found = []
    for part, wanted in _PARTS.items():
        mine = [entry for entry in entries if wanted(entry.record)]
        if mine:
            found.append(_table(part, mine, words))
    return tuple(found)


def _table(part: str, entries: list[Entry], words: Words) -> Table:
    sorted_in: dict[str, list[Entry]] = {name: [] for name in LOOKS}
    counted: Counter[str] = Counter()
    for entry in entries:
        name = group(entry.verdict, entry.record)
        sorted_in.setdefault(name, []).append(entry)
        counted.update(word_counts(entry.verdict, entry.record) if part == "words" else {name: 1})
    groups, counts = [], []
    for name, mine in sorted_in.items():
        sign, style = LOOKS.get(name, OTHER)
        label = group_words(name, words.lang) if name in LOOKS else mine[0].saying.label
        if counted[name]:
            counts.append(Count(group=name, label=label, sign=sign, n=counted[name], style=style))
        if mine:
            shown = tuple(shown_of(entry, words) for entry in mine)
            of = words.count(f"n.{part}", counted[name])
            groups.append(Group(label=label, sign=sign, style=style, counted=of, entries=shown))
    return Table(
        id=part,
        heading=words(part),
        counted=words.count(f"n.{part}", counted.total()),
        counts=tuple(counts),
        groups=tuple(groups),
    )


def _share(pair: tuple[int, int], words: Words) -> str:
    return words("of", k=f"{pair[0]}", n=f"{pair[1]}") if pair[1] else ""


def shown_of(entry: Entry, words: Words) -> Shown:
    """One target as a page shows it."""
    record, verdict = entry.record, entry.verdict
    counts, long = verdict.counts, is_word(record) and len(record.target) > SHORT
    elsewhere = (counts.helper[0] + counts.peer[0], counts.helper[1] + counts.peer[1])
    in_time = sorted(record.trials, key=lambda trial: (trial.undone is not None, trial.t0, trial.id))
    trials = tuple(attempted(trial, record.context, words) for trial in in_time[:MOST_TRIALS])
    return Shown(
        id=record.id,
        target=visible(record.target, SHORT) if long else record.target,
        whole=record.target if long else "",
        place=words.place(record.layer or "", record.encoding or ""),
        category=words.category(record.category),
        canary=record.canary,
        saying=entry.saying,
        how="; ".join(mechanism_words(name, words.lang) for name in verdict.mechanisms),
        here=_share(counts.subject, words),
        twin=_share(counts.baseline, words),
        elsewhere=_share(elsewhere, words),
        evidence=words(f"evidence.{verdict.evidence}"),
        direct=verdict.evidence is Evidence.DIRECT and LOOKS.get(group(verdict, record), OTHER)[1] == "blocked",
        quiet=LOOKS.get(group(verdict, record), OTHER)[1] == "reachable" and not verdict.mechanisms,
        triggers=trigger_lines(record, verdict, words),
        pack=pack_lines(verdict, words),
        waterfall=waterfall(record, verdict, words),
        trials=trials,
        more=len(record.trials) - len(trials),
        attempts=words.count("n.attempts", len(record.trials)),
        verdict=verdict,
    )


def key_sentence(run: RunView, found: tuple[Table, ...], words: Words) -> tuple[str, ...]:
    """The counts in one sentence each, made from nothing else."""
    frame = {
        "network": network_words(run.vantage, words.lang),
        "when": when_words(run.started, run.ended, words.lang),
    }
    results = [table for table in found if table.result]
    if not results:
        return (words("key.none", **frame),)
    said: list[str] = []
    for table in results:
        counts = [words("key.count", n=f"{count.n}", label=count.label) for count in table.counts]
        key = "key.more" if said else "key"
        said.append(words(key, what=table.counted, counts=words("key.join").join(counts), **frame))
    return tuple(said)


def vantage_rows(run: RunView, words: Words) -> tuple[tuple[str, str, str], ...]:
    """(field, value, how it is known) of everything that a reader should know of the place of measurement."""
    vantage = run.vantage
    values = {
        "network": vantage.network,
        "asn": None if vantage.asn is None else f"AS{vantage.asn}",
        "country": vantage.country,
        "kind": words.line(vantage.kind) if vantage.kind else None,
        "locality": vantage.locality,
        "resolver": vantage.resolver,
    }
    rows = [(words("field.when"), when_words(run.started, run.ended, words.lang), "")]
    for field, value in values.items():
        known = vantage.known.get(field, "") if value else "unknown"
        how = words(f"known.{known}") if known in {"declared", "looked_up", "unknown"} else ""
        rows.append((words(f"field.{field}"), value or words("known.unknown"), how if value else ""))
    rows.append((words("field.helper"), words("helper.yes" if run.helper else "helper.no"), ""))
    return tuple(rows)
