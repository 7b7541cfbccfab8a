"""FLOOR 4: record files -> verdicts, at any time, again, as often as the rules get better.

Pure but for reading the path that it is given: a verdict is f(record, rules, knowledge), so the object made while a
run is going on and the one made a year later from its folder are the same, if the rules are. The object's keys are
those of UX 5; a line that cannot be read becomes a reject with its place, and never a verdict.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from hushmap.codec import LINE_LIMIT, decode_line
from hushmap.detect import TABLES, Saying, group, judge, say
from hushmap.model import Amend, Counts, Knowledge, Outcome, Record, Vantage, Verdict, amended
from hushmap.runs import Reject, RunFolder

VERDICT, REJECT = "hushmap.verdict/1", "hushmap.reject/1"

__all__ = [
    "REJECT",
    "VERDICT",
    "Counters",
    "Judged",
    "judge_lines",
    "judge_one",
    "judge_path",
    "judge_record",
    "judged_path",
]


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """One record with its verdict and what may be said of it."""

    record: Record
    verdict: Verdict
    saying: Saying
    group: str
    """The group in which it is counted (UX 3)."""
    source: str
    """`file:line`."""

    @property
    def word(self) -> bool:
        """Whether it is about a word, which is never counted among sites."""
        return self.record.experiment == "keyword"

    @property
    def object(self) -> dict[str, Any]:
        """The `hushmap.verdict/1` object; a word has its place beside, since it is tested once a place."""
        record, verdict = self.record, self.verdict
        shown = {
            "schema": VERDICT,
            "record": record.id,
            "source": self.source,
            "test": record.experiment,
            "target": record.target,
            "category": record.category,
            "started": record.started,
            "vantage": _vantage(record.vantage),
            "outcome": verdict.outcome.value,
            "label": self.saying.label,
            "evidence": verdict.evidence.value,
            "scope": verdict.scope.value if verdict.scope is not None else None,
            "mechanisms": list(verdict.mechanisms),
            "reason": verdict.reason.value if verdict.reason is not None else None,
            "trials": {part: list(getattr(verdict.counts, part)) for part in Counts.__struct_fields__},
            "error_bound": verdict.error_bound,
            "rule": verdict.rule,
            "rules": verdict.rules,
            "knowledge": verdict.knowledge,
            "proof": list(verdict.proof),
            "sentence": self.saying.sentence,
            "ooni": {"blocking": None, "accessible": None, "agrees": None},
        }
        return shown | ({"place": record.layer} if record.layer is not None else {})


def _vantage(vantage: Vantage) -> dict[str, Any]:
    known = (vantage.known.get(name) for name in ("asn", "network", "country"))
    return {
        "cc": vantage.country,
        "asn": vantage.asn,
        "network": vantage.network,
        "kind": vantage.kind,
        "from": next((how for how in known if how is not None), "unknown"),
        "resolver_asn": vantage.resolver_asn,
    }


def judge_one(record: Record, knowledge: Knowledge, lang: str = "en", source: str = "") -> Judged:
    """Judge one record.

    Raises:
        KeyError: There are no rules for its experiment.
    """
    verdict = judge(record, knowledge)
    return Judged(
        record=record,
        verdict=verdict,
        saying=say(verdict, record, lang),
        group=group(verdict, record),
        source=source or (record.source.file if record.source is not None else "records.jsonl"),
    )


def judge_record(record: Record, knowledge: Knowledge, lang: str = "en", source: str = "") -> dict[str, Any]:
    """The `hushmap.verdict/1` object of one record."""
    return judge_one(record, knowledge, lang, source).object


def judge_lines(
    lines: Callable[[], Iterable[bytes]], name: str, knowledge: Knowledge, lang: str = "en"
) -> Iterator[Judged | Reject]:
    """Judge the lines of one record file, in their order; `lines` is read twice, since amends come last."""
    amends: dict[str, list[Amend]] = {}
    for line in lines():
        if b'"amend"' in line:
            found = _decoded(line)
            if isinstance(found, Amend):
                amends.setdefault(found.record, []).append(found)
    seen: set[str] = set()
    for number, line in enumerate(lines(), 1):
        found, source = _decoded(line), f"{name}:{number}"
        if isinstance(found, str):
            yield Reject(source=source, error=found)
        elif isinstance(found, Record) and found.id not in seen:
            seen.add(found.id)
            if found.experiment not in TABLES:
                yield Reject(
                    source=source, error=f"kept, not judged: no rules for experiment {found.experiment!a:.40}"
                )
            else:
                yield judge_one(amended(found, tuple(amends.get(found.id, ()))), knowledge, lang, source)


def _decoded(line: bytes) -> Record | Amend | str:
    """A line, or in one line why it cannot be read."""
    if not line.endswith(b"\n"):
        return "the line is cut short: an append that a crash interrupted"
    try:
        return decode_line(line.removesuffix(b"\n"))
    except ValueError as error:
        return " ".join(str(error).split())[:300]


def judged_path(path: Path, knowledge: Knowledge, lang: str = "en") -> Iterator[Judged | Reject]:
    """Judge a run folder, or a file of record lines.

    Raises:
        RunsError: The folder is no run.
        OSError: The file cannot be read.
    """
    file = RunFolder.open(path).records_path if path.is_dir() else path
    if path.is_dir() and not file.exists():
        return iter(())  # a run that was stopped before its first target was finished
    return judge_lines(lambda: _lines(file), file.name, knowledge, lang)


def _lines(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while line := stream.readline(LINE_LIMIT + 2):
            rest = line
            while rest and not rest.endswith(b"\n"):
                rest = stream.readline(LINE_LIMIT)
            yield line if line.endswith(b"\n") or not rest else line + b"\n"


def judge_path(path: Path, knowledge: Knowledge, lang: str = "en") -> Iterator[dict[str, Any]]:
    """The objects of `hushmap judge --json`, in input order: verdicts, and rejects where a line cannot be read."""
    for found in judged_path(path, knowledge, lang):
        yield (
            found.object
            if isinstance(found, Judged)
            else {
                "schema": REJECT,
                "source": found.source,
                "error": found.error,
            }
        )


class Counters:
    """What a summary counts: verdicts by group, words apart from sites, and lines set aside."""

    def __init__(self) -> None:
        self.sites: Counter[str] = Counter()
        self.words: Counter[str] = Counter()
        self.labels: Counter[tuple[str, str]] = Counter()
        """(group, label): "4 Blocked: 3 by name, 1 block page"."""
        self.reasons: Counter[str] = Counter()
        """Why nothing could be decided."""
        self.blocked: Counter[str] = Counter()
        """Blocked sites by the kind of evidence."""
        self.rejects = 0

    @property
    def judged(self) -> int:
        """How many records were judged."""
        return self.sites.total() + self.words.total()

    def add(self, found: Judged | Reject) -> None:
        """Count one more."""
        if isinstance(found, Reject):
            self.rejects += 1
            return
        (self.words if found.word else self.sites)[found.group] += 1
        self.labels[found.group, found.saying.label] += 1
        if found.verdict.reason is not None:
            self.reasons[found.verdict.reason.value] += 1
        if found.verdict.outcome is Outcome.BLOCKED and not found.word:
            self.blocked[found.verdict.evidence.value] += 1
