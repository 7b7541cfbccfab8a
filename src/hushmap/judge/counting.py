"""What a summary counts: verdicts by group, words apart from sites, what was set aside, and where OONI differs.

Counters of parts are added up, so that several processes count what one would have counted.
"""

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from hushmap.detect import Difference, claim_of, difference
from hushmap.judge.results import Judged, Kept
from hushmap.model import Evidence, Outcome, Reason
from hushmap.runs import Reject

_TESTS, _OTHERS = 100, "others"
"""Tests that are counted by name; OONI has had about forty, and a hostile file may name one a line."""


class Parting(NamedTuple):
    """A way in which OONI's conclusion and ours part; equal ones are counted together.

    A tuple, since those are the cheapest to hash, and this is done for each of a million records.
    """

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


class Kind(NamedTuple):
    """All that a summary tells of one verdict; a million verdicts are a few dozen kinds."""

    word: bool
    group: str
    outcome: Outcome
    reason: Reason | None
    evidence: Evidence
    bound: bool
    """Whether a sequential test bounds its error."""


class Counters:
    """Counts of what was judged."""

    def __init__(self, examples: int = 0) -> None:
        """`examples` is how many records are kept of each way to part."""
        self.kept: Counter[str] = Counter()
        """Records of tests that are not judged, by test."""
        self.rejects = 0
        self.claims = 0
        """Records whose maker concluded something."""
        self.partings: Counter[Parting] = Counter()
        self.examples: dict[Parting, list[Example]] = {}
        self.judged = 0
        """Records that were judged; one may be about several words, or only about the measurement itself."""
        self.kinds: Counter[Kind] = Counter()
        self._enough = examples

    def add(self, found: Judged | Kept | Reject) -> None:
        """Count one more."""
        if isinstance(found, Reject):
            self.rejects += 1
        elif isinstance(found, Kept):
            self._keep(found.test, 1)
        else:
            verdict, group, word = found.verdict, found.group, found.word
            told = verdict.outcome, verdict.reason, verdict.evidence, verdict.error_bound is not None
            self.judged += 1
            for one, number in found.counts.items() if word else ((group, 1),):
                self.kinds[Kind(word, one, *told)] += number
            if claim_of(found.record) is not None:
                self.claims += 1
                parted = difference(found.record, verdict)
                if parted is not None:
                    self._parted(found, group, parted)

    def _keep(self, test: str, number: int) -> None:
        known = test in self.kept or len(self.kept) < _TESTS
        self.kept[test if known else _OTHERS] += number

    def _parted(self, found: Judged, group: str, parted: Difference) -> None:
        parting = Parting(parted.claim.value, group, parted.why)
        self.partings[parting] += 1
        examples = self.examples.setdefault(parting, [])
        if len(examples) < self._enough:
            examples.append(_example(found))

    def join(self, later: "Counters") -> None:
        """Add what another counted that came after."""
        for test, number in later.kept.items():
            self._keep(test, number)
        self.rejects += later.rejects
        self.judged += later.judged
        self.claims += later.claims
        self.partings.update(later.partings)
        self.kinds.update(later.kinds)
        for parting, examples in later.examples.items():
            known = self.examples.setdefault(parting, [])
            known += examples[: self._enough - len(known)]

    @property
    def read(self) -> int:
        """How many records were met, whatever became of them."""
        return self.judged + self.kept.total() + self.rejects

    @property
    def sites(self) -> Counter[str]:
        """Sites by group."""
        return self._by(lambda kind: None if kind.word else kind.group)

    @property
    def words(self) -> Counter[str]:
        """Words by group."""
        return self._by(lambda kind: kind.group if kind.word else None)

    @property
    def outcomes(self) -> Counter[str]:
        """Sites and words by outcome."""
        return self._by(lambda kind: kind.outcome.value)

    @property
    def reasons(self) -> Counter[str]:
        """Why nothing could be decided."""
        return self._by(lambda kind: kind.reason.value if kind.reason is not None else None)

    @property
    def blocked(self) -> Counter[str]:
        """Blocked sites by the kind of evidence."""
        return self._by(lambda kind: kind.evidence.value if _blocked_site(kind) else None)

    @property
    def single(self) -> int:
        """Blocked sites without an error bound: seen once, or not by a sequential test."""
        return self._by(lambda kind: "single" if _blocked_site(kind) and not kind.bound else None).total()

    def _by(self, what: Callable[[Kind], str | None]) -> Counter[str]:
        found: Counter[str] = Counter()
        for kind, number in self.kinds.items():
            name = what(kind)
            if name is not None:
                found[name] += number
        return found


def _blocked_site(kind: Kind) -> bool:
    return kind.outcome is Outcome.BLOCKED and not kind.word


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
