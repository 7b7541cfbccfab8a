"""Rules for one resolver that is asked inside TLS: can it be reached, and does it answer, here as elsewhere?

Its name is looked up, a handshake names it, and over a connection with its own certificate it is asked for a harmless
name. What stands in the way is found as for a site, and is called what it is called there; `dns.encrypted` stands
beside it, since what fails here is encrypted DNS. What the resolver itself says over a valid certificate is its own.
"""

from functools import cached_property
from urllib.parse import urlsplit

import msgspec

from hushmap.detect.doubt import MAX_RETRIES
from hushmap.detect.lookup import LOOKUP_RULES
from hushmap.detect.ruling import Rule, Ruling
from hushmap.detect.sight import Leg
from hushmap.detect.traffic import TRAFFIC_RULES
from hushmap.detect.web import WEB_RULES
from hushmap.model import (
    CUT,
    Ask,
    Evidence,
    Failure,
    Knowledge,
    Layer,
    Outcome,
    Reason,
    Record,
    Side,
    Trial,
    Where,
    is_public,
)

PORTS = {"tls": 853, "quic": 853, "https": 443}
"""RFC 7858 section 3.1, RFC 9250 section 4.1.1, RFC 8484."""
WEB_PORT = 443
"""Asked beside another port of the same address: whether the address is at home at all."""
_MECHANISM = "dns.encrypted"
_NAMED = frozenset({Outcome.BLOCKED, Outcome.UNREACHABLE})


class Talk(Leg):
    """The trials about one resolver: those about its host as a site's, and the harmless questions put to it."""

    def __init__(self, record: Record, knowledge: Knowledge) -> None:
        scheme, host, port = _place(record.target)
        self.scheme, self.port = scheme, port
        super().__init__(host, f"https://{host}:{port}/", record.counted, record.context, knowledge)
        asked = [trial for trial in record.counted if trial.pair is None and _asked(trial.ask, scheme, host)]
        self.questions = [trial for trial in asked if trial.side is Side.HERE]
        self.there = [trial for trial in asked if trial.side is Side.HELPER]

    def loads(self, address: str) -> bool:
        """Whether the resolver answered at `address`."""
        return any(answered(trial) and at(trial.ask) == address for trial in self.questions)

    @cached_property
    def reached(self) -> tuple[Trial, ...]:
        """The questions that were answered at addresses that programs here would use."""
        return tuple(trial for trial in self.questions if answered(trial) and at(trial.ask) in self.offered_here)

    @cached_property
    def helper_loads(self) -> tuple[Trial, ...]:
        """What shows that the resolver works elsewhere: answers, or where none was asked for, its certificate."""
        found = tuple(trial for trial in self.there if answered(trial))
        shaken = (trial for trial in self.helper if trial.ask.layer is Layer.TLS and trial.failed is None)
        return found or (() if self.there else tuple(shaken))


def _place(target: str) -> tuple[str, str, int]:
    """Scheme, host and port of a resolver."""
    parts = urlsplit(target)
    return parts.scheme, parts.hostname or "", parts.port or PORTS.get(parts.scheme, WEB_PORT)


def _asked(ask: Ask, scheme: str, host: str) -> bool:
    """Whether an ask is a question to the resolver, and not about it."""
    resolver = ask.resolver or ""
    return ask.layer is Layer.DNS and resolver.startswith(f"{scheme}://{host}") and ask.name != host


def at(ask: Ask) -> str:
    """The address at which the resolver of an ask is asked."""
    return (ask.resolver or "").partition("#")[2]


def answered(trial: Trial) -> bool:
    """Whether a question got an address that a public name can have."""
    return trial.failed is None and any(map(is_public, (one for step in trial.resolves for one in step.addresses)))


def cut(trial: Trial) -> bool:
    """Whether a question was cut off after a handshake that proved the resolver."""
    proven = trial.handshake is not None and trial.handshake.failure is None
    return proven and trial.failed is not None and trial.failed.failure in CUT


def _closed(trial: Trial) -> bool:
    """Whether somebody ended what was cut off: of silence a lossy line is as likely the author."""
    return trial.failed is not None and trial.failed.failure is not Failure.TIMEOUT


def question_open(trial: Trial) -> bool:
    """Whether a question came to nothing that is the resolver's word: lost on the way, or cut off."""
    return not answered(trial) and not _own_words(trial)


def _own_words(trial: Trial) -> bool:
    """Whether the resolver, proven by its certificate, said something that is no answer."""
    proven = trial.handshake is not None and trial.handshake.failure is None
    return proven and not answered(trial) and not cut(trial)


def _refused(talk: Talk) -> Ruling | None:
    """METHOD 1: over a connection with its valid certificate it is the resolver's own act."""
    said = [trial for trial in talk.questions if _own_words(trial)]
    if not said or any(map(answered, talk.questions)):
        return None
    proof = tuple(trial.id for trial in [*said, *talk.there])
    hits = (len(said), len(talk.questions))
    if any(map(_own_words, talk.there)) and not any(map(answered, talk.there)) and talk.helper_online:
        return _fails_elsewhere(proof, hits)
    return Ruling(
        outcome=Outcome.SERVER_SIDE,
        evidence=Evidence.COMPARISON if talk.helper_loads else Evidence.NONE,
        where=Where.SERVER,
        proof=proof,
        facts={"act": "lookup", "said": _words(said[0])},
        hits=hits,
    )


def _words(trial: Trial) -> str:
    """What it said, for people: the failure of the lookup, or of the page around it."""
    failed = trial.failed
    failure = failed.failure if failed is not None else None
    return str(failure) if failure is not None else "an address that no public name has"


def _broken_off(talk: Talk) -> Ruling | None:
    """Its certificate holds, and then every question is cut off here: answered elsewhere, or cut off there too."""
    broken = [trial for trial in talk.questions if cut(trial)]
    if len(broken) <= MAX_RETRIES or len(broken) < len(talk.questions):
        return None
    proof = tuple(trial.id for trial in [*broken, *talk.there])
    hits = (len(broken), len(talk.questions))
    if any(map(answered, talk.there)):
        return Ruling(
            outcome=Outcome.UNREACHABLE,
            evidence=Evidence.COMPARISON,
            mechanisms=(_MECHANISM,),
            proof=proof,
            hits=hits,
        )
    alike = [trial for trial in talk.there if cut(trial)]
    if not alike or not talk.helper_online:
        return None
    if sum(map(_closed, broken)) < MAX_RETRIES or not any(map(_closed, alike)):
        return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.ONE_POINT, proof=proof, hits=hits)
    return _fails_elsewhere(proof, hits)


def _fails_elsewhere(proof: tuple[int, ...], hits: tuple[int, int]) -> Ruling:
    return Ruling(
        outcome=Outcome.DOWN,
        evidence=Evidence.COMPARISON,
        where=Where.SERVER,
        proof=proof,
        facts={"points": "1"},
        hits=hits,
    )


_OF_WEB = {rule.id: rule for rule in WEB_RULES}


def _port(talk: Talk) -> Ruling | None:
    """The address is at home, only the resolver's port of it is not reached from here."""
    ruling = _OF_WEB["web.unreachable"].applies(talk) if talk.scheme != "quic" else None
    if ruling is None or not any(map(talk.home_at, talk.addresses)):
        return None
    return msgspec.structs.replace(ruling, mechanisms=("tcp.port",), facts={**ruling.facts, "port": f"{talk.port}"})


def _over_quic(talk: Talk) -> Ruling | None:
    """Silence over QUIC may be all of QUIC's, the port's or the name's: it is told no further here."""
    ruling = _OF_WEB["web.unreachable"].applies(talk) if talk.scheme == "quic" else None
    if ruling is None:
        return None
    made = [trial for address in talk.addresses for trial in talk.attempts(address)]
    failed = sum(trial.failed is not None for trial in made)
    return msgspec.structs.replace(ruling, mechanisms=(_MECHANISM,), hits=(failed, len(made)))


def beside(ruling: Ruling) -> Ruling:
    """The same ruling, with encrypted DNS named beside the layer's own mechanism."""
    if ruling.outcome not in _NAMED or _MECHANISM in ruling.mechanisms:
        return ruling
    return msgspec.structs.replace(ruling, mechanisms=(*ruling.mechanisms, _MECHANISM))


def _as_for_a_site(*ids: str) -> tuple[Rule, ...]:
    return tuple(_OF_WEB[name] for name in ids)


ENCRYPTED_RULES: tuple[Rule, ...] = (
    *_as_for_a_site("run.nothing-counted", "run.portal", "run.intercepted"),
    *LOOKUP_RULES,
    *TRAFFIC_RULES,
    *_as_for_a_site("pair.partial"),
    Rule(
        id="encrypted.refused",
        what="Over a connection with its own certificate the resolver gave no answer to a harmless question.",
        applies=_refused,
    ),
    *_as_for_a_site("web.reached", "web.resolver-down", "web.no-such-name", "web.down", "web.clock"),
    Rule(
        id="encrypted.port",
        what="The resolver's port is reached elsewhere and not from here, where another of its address is.",
        applies=_port,
    ),
    Rule(
        id="encrypted.cut",
        what="Behind a certificate that holds every question is cut off here; elsewhere answered, or cut off too.",
        applies=_broken_off,
    ),
    Rule(
        id="encrypted.quic",
        what="Over QUIC the resolver is not reached from here, and is elsewhere; nothing says by what it is known.",
        applies=_over_quic,
    ),
    *_as_for_a_site("web.unreachable", "web.helper-silent", "web.budget", "web.no-rule"),
)
