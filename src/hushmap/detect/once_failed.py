"""Rules for one measurement about what failed: names that do not exist, certificates, what fails elsewhere too.

A helper's own failure is compared only by its class, and where that is silence or unknown nothing is decided
(METHOD 1, `down`; refs/OONI 1.3: old helpers name failures otherwise than probes).
"""

from collections import Counter

from hushmap.detect.glance import NO_NAME, Glance, Hop
from hushmap.detect.notices import mark_facts, notice_certificate
from hushmap.detect.once_forged import ids, lookup_ids, site_fact
from hushmap.detect.ruling import Rule, Ruling, action
from hushmap.model import (
    CERTIFICATE,
    SYSTEM_RESOLVER,
    Connect,
    Evidence,
    Failure,
    Handshake,
    Outcome,
    Reason,
    Resolve,
    Scope,
    Trial,
    Where,
    is_public,
)

_CLASSES = (
    dict.fromkeys((Failure.EOF, Failure.ABORTED, Failure.RESET), Failure.RESET)
    | dict.fromkeys((Failure.REFUSED, Failure.HOST_UNREACHABLE, Failure.NETWORK_UNREACHABLE), Failure.REFUSED)
    | dict.fromkeys(CERTIFICATE, Failure.INVALID_CERTIFICATE)
    | dict.fromkeys((Failure.TLS_ALERT, Failure.TLS_FAILED), Failure.TLS_FAILED)
)
"""Failures that are alike where one computer's words for them are compared with another's."""
_ON_PURPOSE = frozenset({"nat", "isp"})
"""Scopes of marks whose certificates stand for a block."""
_FETCH = 4
_DEPTHS: dict[type, int] = {Resolve: 1, Connect: 2, Handshake: 3}


def _failed_lookup(seen: Glance, hop: Hop) -> Failure | None:
    """How the own resolver failed for the host; `None` if it named an address, or was not asked."""
    steps = seen.own(hop)
    if not steps or any(step.addresses for step in steps):
        return None
    return next((step.failure for step in steps if step.failure is not Failure.NO_ANSWER), Failure.NO_ANSWER)


def _no_such_name(seen: Glance) -> Ruling | None:
    """The name does not exist for the helper; whatever was answered here, the site was not there to be blocked."""
    step, hop = seen.helper_lookup, seen.first
    if step is None or step.failure not in NO_NAME or step.addresses or seen.helper_page is not None:
        return None
    failed = _failed_lookup(seen, hop)
    answered = seen.offered(hop)
    if failed is None and not answered:
        return None
    if failed is not None and failed not in NO_NAME:
        return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.ONE_POINT, proof=lookup_ids(seen, hop))
    others = [one for steps in seen.others(hop).values() for one in steps if not one.addresses]
    return Ruling(
        outcome=Outcome.DOWN,
        evidence=Evidence.COMPARISON,
        mechanisms=("dns.tamper.other",) if answered else (),
        where=Where.SERVER,
        proof=lookup_ids(seen, hop) + ids(*seen.helper),
        facts={
            "points": str(1 + bool(others)),
            **({"answer": answered[0]} if answered else {}),
            **site_fact(seen, hop),
        },
        hits=(1, 1),
    )


def _down(seen: Glance) -> Ruling | None:
    """METHOD 1: the same class of failure at the comparison point; silence at a single one decides nothing."""
    here = _stopped(seen)
    if here is None and seen.told and seen.offered(seen.first) and not any(map(is_public, seen.told)):
        here = Failure.REFUSED  # nobody tries an address that no site has, and the helper was told no other
    if here is None or seen.helper_load is None or seen.helper_loaded:
        return None
    there = _stopped_there(seen)
    silent = bool({Failure.TIMEOUT, Failure.UNKNOWN} & {here, there}) or _class(here) is not _class(there)
    if silent and not (_astray(seen) and there is not Failure.TIMEOUT):
        return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.ONE_POINT, proof=ids(*seen.failures))
    return Ruling(
        outcome=Outcome.DOWN,
        evidence=Evidence.COMPARISON,
        where=Where.SERVER,
        proof=ids(*seen.failures, seen.helper_load),
        facts={"points": "1", **site_fact(seen, seen.last)},
        hits=(1, 1),
    )


def _class(failure: Failure) -> Failure:
    return _CLASSES.get(failure, failure)


def _astray(seen: Glance) -> bool:
    """Whether redirects led nowhere here: for that each helper has another word, or none (refs/OONI 1.3)."""
    page = seen.last.page
    return page is not None and page.status // 100 == 3


def _stopped(seen: Glance) -> Failure | None:
    """How the load ended here: a failure, or redirects that lead nowhere (as HTTP that is not valid)."""
    ends = [trial.failed.failure for trial in seen.failures if trial.failed is not None]
    if ends:
        return ends[-1]
    page = seen.last.page
    if page is not None:
        return Failure.HTTP_INVALID if page.status // 100 in {3, 5} else None
    return _failed_lookup(seen, seen.last)


def _stopped_there(seen: Glance) -> Failure:
    """How the helper's load ended; a server's own error counts as HTTP that says nothing."""
    failed = seen.helper_load.failed if seen.helper_load is not None else None
    return failed.failure if failed is not None and failed.failure is not None else Failure.HTTP_INVALID


def _marked_certificate(seen: Glance) -> Ruling | None:
    """A certificate made by a known filter came, and the helper got the page: a reply that the site did not send.

    A country's or a provider's filter blocks. A product's or an institution's may take apart whatever passes it, as
    firewalls of companies do: one record does not show what becomes of other sites (METHOD 4).
    """
    for trial, handshake in _refused(seen) if seen.helper_loaded else ():
        mark = notice_certificate(handshake.chain, seen.knowledge, host=seen.last.host)
        if mark is not None:
            facts = {"issuer": handshake.chain[0].issuer, **mark_facts(mark)}
            meant = mark.scope in _ON_PURPOSE
            return Ruling(
                outcome=Outcome.BLOCKED if meant else Outcome.UNREACHABLE,
                evidence=Evidence.DIRECT if meant else Evidence.COMPARISON,
                mechanisms=("tls.mitm.untrusted",),
                proof=ids(trial, seen.helper_load),
                facts={**facts, **site_fact(seen, seen.last)},
                hits=(1, 1),
            )
    return None


def _refused(seen: Glance) -> list[tuple[Trial, Handshake]]:
    """The attempts at the last host to which a certificate came that does not hold."""
    found = ((trial, trial.handshake) for trial in seen.failures)
    return [(trial, shown) for trial, shown in found if shown is not None and shown.failure in CERTIFICATE]


def _certificate(seen: Glance) -> Ruling | None:
    """A certificate that does not hold, where the helper got a valid one from the same address (METHOD 4)."""
    for trial, handshake in _refused(seen):
        other = seen.beside(trial)
        if other is None or other.handshake is None or other.handshake.valid is not True:
            continue
        if handshake.failure is Failure.INVALID_CERTIFICATE:
            return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.CLOCK, where=Where.HOST, proof=ids(trial))
        facts = {"issuer": handshake.chain[0].issuer} if handshake.chain else {}
        return Ruling(
            outcome=Outcome.UNREACHABLE,
            evidence=Evidence.COMPARISON,
            mechanisms=("tls.mitm.untrusted",),
            proof=ids(trial, other),
            facts={**facts, **site_fact(seen, seen.last)},
            hits=(1, 1),
        )
    return None


def _unreachable(seen: Glance) -> Ruling | None:
    """Fails here, works elsewhere, author unknown."""
    hop = seen.last
    lie = seen.lie(hop)
    if seen.failures:
        elsewhere = seen.helper_loaded or any(_connects_there(seen, trial) for trial in seen.failures)
        names = (lie[1],) if lie is not None else _named(seen.failures, hop)
        proof = seen.failures
    else:
        failed = _failed_lookup(seen, hop)
        if failed is None:
            return None
        elsewhere = seen.helper_loaded or (hop is seen.first and bool(seen.told))
        looked = [trial for trial in seen.lookups if trial.ask.name == hop.host]
        names, proof = _named(looked[:1], hop), looked
    if not elsewhere:
        return None
    facts = site_fact(seen, hop)
    if lie is not None:
        facts |= {"answer": lie[0], "resolver": SYSTEM_RESOLVER}
    lost = {trial.ask.address for trial in seen.failures if isinstance(trial.failed, Connect)}
    if lost:
        facts["addresses"] = f"{len(lost)} of {len({trial.ask.address for trial in seen.attempts(hop)} - {None})}"
    return Ruling(
        outcome=Outcome.UNREACHABLE,
        evidence=Evidence.COMPARISON,
        mechanisms=names,
        scope=Scope.THIS_RESOLVER if _found_by_others(seen, hop) and not seen.failures else None,
        proof=ids(*proof, seen.helper_load),
        facts=facts,
        hits=(len(proof), len(proof)),
    )


def _found_by_others(seen: Glance, hop: Hop) -> bool:
    return any(step.addresses for steps in seen.others(hop).values() for step in steps)


def _connects_there(seen: Glance, trial: Trial) -> bool:
    """Whether the helper got through where this attempt did not: to the address, or to its handshake."""
    other = seen.beside(trial)
    if other is None:
        return False
    if isinstance(trial.failed, Connect):
        return other.connect is not None and other.connect.failure is None
    return isinstance(trial.failed, Handshake) and other.handshake is not None and other.handshake.failure is None


def _named(failures: list[Trial], hop: Hop) -> tuple[str, ...]:
    """The mechanism of the attempts that got furthest; none where it is not recorded at which step they ended.

    Before 0.5 OONI's request has one failure for connection, handshake and page together.
    """
    furthest = max((_depth(trial) for trial in failures), default=0)
    names: Counter[str] = Counter()
    for trial in failures:
        name = action(trial)
        blind = hop.https and _depth(trial) == _FETCH and trial.handshake is None
        if name is not None and not blind and _depth(trial) == furthest:
            names[name] += 1
    if not names:
        names.update(name for trial in failures if _depth(trial) < furthest and (name := action(trial)) is not None)
    return (names.most_common(1)[0][0],) if names else ()


def _depth(trial: Trial) -> int:
    """How far an attempt got: 1 name, 2 connection, 3 handshake, 4 page."""
    return _DEPTHS.get(type(trial.failed), _FETCH)


FAILED_RULES: tuple[Rule, ...] = (
    Rule(id="once.no-such-name", what="The name does not exist for the helper.", applies=_no_such_name),
    Rule(
        id="once.marked-certificate",
        what="A certificate of a known filter came in place of the site's, and the helper got the page.",
        applies=_marked_certificate,
    ),
    Rule(
        id="once.certificate",
        what="A certificate that does not hold came where the helper got a valid one from the same address.",
        applies=_certificate,
    ),
    Rule(id="once.down", what="It failed here and for the helper.", applies=_down),
    Rule(
        id="once.unreachable",
        what="It failed here and worked for the helper; a refusal by the server is not excluded.",
        applies=_unreachable,
    ),
)
