"""One record with its verdict, and the object that says so to programs (UX 5).

Words are made when they are asked for: judging a million records for their counts makes none.
"""

from functools import cached_property
from typing import Any

import msgspec

from hushmap.detect import Saying, agrees, claim_of, group, is_word, judge, say, word_counts
from hushmap.model import Counts, Knowledge, Record, Vantage, Verdict

VERDICT, REJECT = "hushmap.verdict/1", "hushmap.reject/1"


class Kept(msgspec.Struct, frozen=True):
    """A record of a test for which there are no rules: kept and counted, not judged, and no fault of its file."""

    test: str
    source: str
    record: Record
    """What was measured, for who keeps records of any test."""


class Judged(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One record, its verdict, and what may be said of it."""

    record: Record
    verdict: Verdict
    source: str = ""
    """`file:line`."""
    lang: str = "en"
    """The language of what is said."""

    @cached_property
    def saying(self) -> Saying:
        """Label, sentence, limits, how sure."""
        return say(self.verdict, self.record, self.lang)

    @cached_property
    def group(self) -> str:
        """The group in which it is counted (UX 3)."""
        return group(self.verdict, self.record)

    @property
    def word(self) -> bool:
        """Whether it is about a word, which is never counted among sites."""
        return is_word(self.record)

    @property
    def counts(self) -> dict[str, int]:
        """How much it adds to each count group: a site one, a pack each of its words, a check nothing."""
        return word_counts(self.verdict, self.record) if self.word else {self.group: 1}

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
            **({"peers": list(verdict.peers)} if verdict.peers else {}),
            "proof": list(verdict.proof),
            "sentence": self.saying.sentence,
            "ooni": _ooni(record, verdict),
        }
        return shown | (_of_words(record, verdict) if record.layer is not None else {})


def _of_words(record: Record, verdict: Verdict) -> dict[str, Any]:
    """What is told of words beside what is told of anything."""
    told = {"place": record.layer, "encoding": record.encoding, "canary": record.canary}
    return told | {"words": verdict.words, "triggers": msgspec.to_builtins(verdict.triggers)}


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


def _ooni(record: Record, verdict: Verdict) -> dict[str, Any]:
    claim = claim_of(record)
    if claim is None:
        return {"blocking": None, "accessible": None, "agrees": None}
    return {"blocking": claim.blocking, "accessible": claim.accessible, "agrees": agrees(claim, verdict)}


def judge_one(record: Record, knowledge: Knowledge, lang: str = "en", source: str = "") -> Judged:
    """Judge one record.

    Raises:
        KeyError: There are no rules for its experiment.
    """
    source = source or (record.source.file if record.source is not None else "records.jsonl")
    return Judged(record=record, verdict=judge(record, knowledge), source=source, lang=lang)


def judge_record(record: Record, knowledge: Knowledge, lang: str = "en", source: str = "") -> dict[str, Any]:
    """The `hushmap.verdict/1` object of one record."""
    return judge_one(record, knowledge, lang, source).object
