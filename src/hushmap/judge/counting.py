"""What a summary counts: verdicts by group, words apart from sites, what was set aside, and where OONI differs.

Counters of parts are added up, so that several processes count what one would have counted.
"""

from collections import Counter

import msgspec

from hushmap.detect import Difference, claim_of, difference
from hushmap.judge.results import Judged, Kept
from hushmap.model import Outcome
from hushmap.runs import Reject

_TESTS, _OTHERS = 100, "others"
"""Tests that are counted by name; OONI has had about forty, and a hostile file may name one a line."""


class Parting(msgspec.Struct, frozen=True, order=True):
    """A way in which OONI's conclusion and ours part; equal ones are counted together."""

    claim: str
    """What OONI's two fields say: anomaly, accessible, down, no verdict."""
    group: str
    """The group in which we count it."""
    why: str
    """`detect.WHY_WORDS`, or the reason for which we decide nothing."""


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """One record in which the two part."""

    record: str
    source: str
    target: str
    blocking: str | bool | None
    accessible: bool | None
    outcome: str
    label: str
    rule: str


class Counters:
    """Counts of what was judged."""

    def __init__(self, examples: int = 0) -> None:
        """`examples` is how many records are kept of each way to part."""
        self.sites: Counter[str] = Counter()
        self.words: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        """Why nothing could be decided."""
        self.blocked: Counter[str] = Counter()
        """Blocked sites by the kind of evidence."""
        self.single = 0
        """Blocked sites without an error bound: seen once, or not by a sequential test."""
        self.claims = 0
        """Records whose maker concluded something."""
        self.partings: Counter[Parting] = Counter()
        self.examples: dict[Parting, list[Example]] = {}
        self.kept: Counter[str] = Counter()
        """Records of tests that are not judged, by test."""
        self.rejects = 0
        self._enough = examples

    @property
    def judged(self) -> int:
        """How many records were judged."""
        return self.sites.total() + self.words.total()

    @property
    def read(self) -> int:
        """How many records were met, whatever became of them."""
        return self.judged + self.kept.total() + self.rejects

    def add(self, found: Judged | Kept | Reject) -> None:
        """Count one more."""
        if isinstance(found, Reject):
            self.rejects += 1
        elif isinstance(found, Kept):
            self._keep(found.test, 1)
        else:
            self._judged(found)

    def _keep(self, test: str, number: int) -> None:
        known = test in self.kept or len(self.kept) < _TESTS
        self.kept[test if known else _OTHERS] += number

    def _judged(self, found: Judged) -> None:
        verdict = found.verdict
        (self.words if found.word else self.sites)[found.group] += 1
        self.outcomes[verdict.outcome.value] += 1
        if verdict.reason is not None:
            self.reasons[verdict.reason.value] += 1
        if verdict.outcome is Outcome.BLOCKED and not found.word:
            self.blocked[verdict.evidence.value] += 1
            self.single += verdict.error_bound is None
        if claim_of(found.record) is not None:
            self.claims += 1
            parted = difference(found.record, verdict)
            if parted is not None:
                self._parted(found, parted)

    def _parted(self, found: Judged, parted: Difference) -> None:
        parting = Parting(parted.claim.value, found.group, parted.why)
        self.partings[parting] += 1
        examples = self.examples.setdefault(parting, [])
        if len(examples) < self._enough:
            examples.append(_example(found))

    def join(self, later: "Counters") -> None:
        """Add what another counted that came after."""
        for name in ("sites", "words", "outcomes", "reasons", "blocked", "partings"):
            getattr(self, name).update(getattr(later, name))
        for test, number in later.kept.items():
            self._keep(test, number)
        self.single += later.single
        self.claims += later.claims
        self.rejects += later.rejects
        for parting, examples in later.examples.items():
            known = self.examples.setdefault(parting, [])
            known += examples[: self._enough - len(known)]


def _example(found: Judged) -> Example:
    record, verdict = found.record, found.verdict
    claim = claim_of(record)
    assert claim is not None
    return Example(
        record=record.id,
        source=found.source,
        target=record.target,
        blocking=claim.blocking,
        accessible=claim.accessible,
        outcome=verdict.outcome.value,
        label=found.saying.label,
        rule=verdict.rule,
    )
