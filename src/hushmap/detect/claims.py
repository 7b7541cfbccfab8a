"""What the maker of a foreign record concluded, beside our verdict: whether they agree, and if not, why.

OONI writes two fields, `blocking` and `accessible` (its test's specification, ts-017), which together say one of four
things. They are never evidence here: a verdict is made without them, and this table is read afterwards, so that a
person who knows OONI's numbers sees what becomes of each and for what reason.
"""

from enum import StrEnum

import msgspec

from hushmap.detect.groups import OF_PLATFORMS
from hushmap.model import Claim, Evidence, Outcome, Record, Scope, Verdict


class Word(StrEnum):
    """What OONI's two fields say."""

    ANOMALY = "anomaly"
    """`blocking` names a layer: it failed or differed here and not at the helper."""
    ACCESSIBLE = "accessible"
    DOWN = "down"
    """Not blocked and not accessible: it failed at the helper too."""
    NOTHING = "no verdict"


class Why(StrEnum):
    """Why a verdict of ours is another one; where we decide nothing, the verdict's own reason stands in its place."""

    LAYER = "layer"
    NOTICE = "notice"
    FORGED = "forged"
    RESOLVER = "resolver"
    PAIRS = "pairs"
    HERE_ONLY = "here_only"
    SLOWED = "slowed"
    REFUSED = "refused"
    ELSEWHERE = "elsewhere"
    CERTIFICATE = "certificate"
    SAME_PAGE = "same_page"
    UNDECIDED = "undecided"


WHY_WORDS: dict[Why, str] = {
    Why.LAYER: "at another layer than it says",
    Why.NOTICE: "a known block notice",
    Why.FORGED: "a reply that the site did not send",
    Why.RESOLVER: "another DNS server was right",
    Why.PAIRS: "pairs of attempts",
    Why.HERE_ONLY: "it failed here and worked elsewhere",
    Why.SLOWED: "the transfer was held back",
    Why.REFUSED: "the site itself refused",
    Why.ELSEWHERE: "it fails elsewhere too",
    Why.CERTIFICATE: "the site's own certificate was seen",
    Why.SAME_PAGE: "the page is the one seen elsewhere",
    Why.UNDECIDED: "nothing is decided",
}

_AGREES: dict[Word, frozenset[Outcome]] = {
    Word.ANOMALY: frozenset({Outcome.BLOCKED, Outcome.UNREACHABLE, Outcome.DEGRADED}),
    Word.ACCESSIBLE: frozenset({Outcome.OK}),
    Word.DOWN: frozenset({Outcome.DOWN}),
    Word.NOTHING: frozenset({Outcome.INSUFFICIENT}),
}
"""An anomaly is OONI's word for "fails here, works elsewhere, perhaps blocked"; `unreachable` says no less."""

_LAYERS: dict[str, frozenset[str]] = {
    "dns": frozenset({"dns"}),
    "tcp_ip": frozenset({"ip", "tcp"}),
    "http-failure": frozenset({"http", "tls", "tcp", "ip", "quic", "throttle"}),
    "http-diff": frozenset({"http"}),
}
"""Families of mechanisms that each value of `blocking` covers: `http-failure` is said of TLS too, and of a connection
that has no comparison of its own (refs/OONI 2.7, rules 2 to 4)."""

_WHY: dict[Outcome, Why] = {
    Outcome.DEGRADED: Why.SLOWED,
    Outcome.SERVER_SIDE: Why.REFUSED,
    Outcome.DOWN: Why.ELSEWHERE,
    Outcome.UNREACHABLE: Why.HERE_ONLY,
}
_NOTICES = frozenset({"http.blockpage", "http.redirect", "dns.tamper.blockpage"})


class Difference(msgspec.Struct, frozen=True):
    """How a claim and a verdict part; equal ones are counted together."""

    claim: Word
    outcome: Outcome
    why: str
    """One of `Why`, or the reason of an outcome `insufficient`."""


def claimed(claim: Claim) -> Word:
    """What the two fields say together."""
    if claim.blocking is True or isinstance(claim.blocking, str):
        return Word.ANOMALY
    if claim.accessible is True:
        return Word.ACCESSIBLE
    return Word.DOWN if claim.blocking is False and claim.accessible is False else Word.NOTHING


def claim_of(record: Record) -> Claim | None:
    """What the record's maker concluded; `None` for our own records and for tests that conclude otherwise."""
    return record.source.claim if record.source is not None else None


def agrees(claim: Claim | None, verdict: Verdict) -> bool | None:
    """Whether both say the same of the same layer; `None` where nothing was claimed of what the verdict is of."""
    if claim is None or verdict.outcome in OF_PLATFORMS:
        return None
    return verdict.outcome in _AGREES[claimed(claim)] and _same_layer(claim, verdict)


def difference(record: Record, verdict: Verdict) -> Difference | None:
    """How OONI's conclusion and ours part; `None` if they do not, or if it has none of what the verdict is of."""
    claim = claim_of(record)
    if claim is None or verdict.outcome in OF_PLATFORMS:
        return None
    word = claimed(claim)
    alike = verdict.outcome in _AGREES[word]
    if alike and _same_layer(claim, verdict):
        return None
    why: str = Why.LAYER if alike else _why(record, verdict)
    return Difference(claim=word, outcome=verdict.outcome, why=str(why))


def _same_layer(claim: Claim, verdict: Verdict) -> bool:
    covered = _LAYERS.get(claim.blocking) if isinstance(claim.blocking, str) else None
    if covered is None or not verdict.mechanisms:
        return True
    return any(name.partition(".")[0] in covered for name in verdict.mechanisms)


def _why(record: Record, verdict: Verdict) -> str:
    outcome = verdict.outcome
    if outcome is Outcome.INSUFFICIENT:
        return verdict.reason if verdict.reason is not None else Why.UNDECIDED
    if outcome is Outcome.BLOCKED:
        return _why_blocked(verdict)
    if outcome is Outcome.OK:
        return Why.CERTIFICATE if _certified(record, verdict) else Why.SAME_PAGE
    return _WHY[outcome]


def _why_blocked(verdict: Verdict) -> Why:
    if _NOTICES.intersection(verdict.mechanisms):
        return Why.NOTICE
    if verdict.evidence is Evidence.DIRECT:
        return Why.FORGED
    return Why.RESOLVER if verdict.scope is Scope.THIS_RESOLVER else Why.PAIRS


def _certified(record: Record, verdict: Verdict) -> bool:
    """Whether an attempt that carries the verdict met a certificate valid for the name."""
    carrying = (trial.handshake for trial in record.trials if trial.id in verdict.proof)
    return any(handshake is not None and handshake.valid is True for handshake in carrying)
