"""Rules for one host of a page load, first match first: name lookup, page, name in the traffic, address.

Lies of the name lookup come first because everything after them is their consequence. `unreachable`, `down` and
`insufficient` come last: they are what is left when nothing stronger was shown (METHOD 1).
"""

from hushmap.detect.doubt import doubts, same_elsewhere
from hushmap.detect.lookup import LOOKUP_RULES
from hushmap.detect.notices import refusal
from hushmap.detect.ruling import Rule, Ruling, action, extent_of, mechanism
from hushmap.detect.sight import Leg, certificate_refused
from hushmap.detect.traffic import TRAFFIC_RULES
from hushmap.model import Evidence, Failure, Outcome, Reason, Scope, Side, Trial, Where
from hushmap.sampling import Decision

PARTIAL_PAIRS = 8
"""Counted pairs before a share may be called partial: fewer give intervals wider than the question."""


def _nothing(leg: Leg) -> Ruling | None:
    if leg.here:
        return None
    reason = Reason.BUDGET if leg.context.budget_spent else Reason.NETWORK_LOST
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=reason)


def _portal(leg: Leg) -> Ruling | None:
    if not leg.context.portal:
        return None
    return Ruling(
        outcome=Outcome.INSUFFICIENT, reason=Reason.CAPTIVE_PORTAL, mechanisms=("portal",), where=Where.HOST
    )


def _intercepted(leg: Leg) -> Ruling | None:
    if not leg.context.intercepted or leg.reached or not leg.https:
        return None
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.INTERCEPTED, where=Where.HOST)


# What is left


def _server_refused(leg: Leg) -> Ruling | None:
    """METHOD 1: over a connection with the site's valid certificate it is the site's or its host's act."""
    if not leg.https:
        return None
    for trial in leg.reached:
        page = trial.fetch.page if trial.fetch else None
        act = refusal(page) if page is not None else None
        if act is not None:
            names = {"captcha": "server.captcha", "ratelimit": "server.ratelimit", "451": "server.legal"}
            return Ruling(
                outcome=Outcome.SERVER_SIDE,
                evidence=Evidence.DIRECT,
                mechanisms=(names[act],) if act in names else (),
                where=Where.SERVER,
                proof=(trial.id,),
                facts={"act": act},
                hits=(0, len(leg.reached)),
            )
    return None


def _reached(leg: Leg) -> Ruling | None:
    if not leg.reached or any(doubt.changed != "retry" for doubt in doubts(leg)):
        return None
    dark = leg.context.dark
    seen = [mechanism(test, dark=dark) for test in leg.tests if test.decision is Decision.INTERFERED]
    tries = [trial for trial in leg.here if trial.pair is None and trial.ask.address in leg.offered_here]
    return Ruling(
        outcome=Outcome.OK,
        evidence=Evidence.COMPARISON if leg.helper_loads else Evidence.NONE,
        mechanisms=tuple(dict.fromkeys(seen)),
        where=Where.PATH if seen else Where.UNKNOWN,
        proof=tuple(trial.id for trial in leg.reached),
        hits=(sum(trial.failed is not None for trial in tries), len(tries)),
    )


def _partial(leg: Leg) -> Ruling | None:
    for test in leg.tests:
        if (
            test.decision is not Decision.UNDECIDED
            or test.counted < PARTIAL_PAIRS
            or test.changed in {"address", "site"}
        ):
            continue
        extent = extent_of(test)
        if extent.low > leg.context.f0:
            return Ruling(
                outcome=Outcome.BLOCKED,
                evidence=Evidence.CONTROLLED,
                mechanisms=(mechanism(test, dark=leg.context.dark),),
                scope=None if leg.https else Scope.PLAIN_HTTP,
                test=test,
            )
    return None


def _failures(leg: Leg) -> list[Trial]:
    """The newest page load from each address, if all of them failed."""
    newest = [trial for address in leg.addresses if (trial := leg.last(address)) is not None]
    return newest if newest and all(trial.failed is not None for trial in newest) else []


def _no_such_name(leg: Leg) -> Ruling | None:
    """The name does not exist here, nor for a helper that was itself online."""
    lookups = [step for steps in leg.own.values() for step in steps]
    if not lookups or any(step.addresses for step in lookups) or not leg.elsewhere:
        return None
    there = {step.failure for step in leg.elsewhere}
    if any(step.addresses for step in leg.elsewhere) or not there & {step.failure for step in lookups}:
        return None
    if Failure.TIMEOUT in there or not leg.helper_online:
        return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.HELPER_SILENT)
    proof = tuple(trial.id for trial in leg.here + leg.helper)
    return Ruling(
        outcome=Outcome.DOWN,
        evidence=Evidence.COMPARISON,
        mechanisms=(),
        where=Where.SERVER,
        proof=proof,
        facts={"points": "1"},
        hits=(len(lookups), len(lookups)),
    )


def _down(leg: Leg) -> Ruling | None:
    """METHOD 1: the same class of failure at every comparison point; silence at a single one decides nothing."""
    failures = _failures(leg)
    compared = [trial for trial in failures if leg.last(trial.ask.address or "", Side.HELPER) is not None]
    if not compared or leg.helper_loads or not all(same_elsewhere(leg, trial) for trial in compared):
        return None
    silent = any(trial.failed is not None and trial.failed.failure is Failure.TIMEOUT for trial in compared)
    if silent or not leg.helper_online:
        return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.NO_RULE if silent else Reason.HELPER_SILENT)
    return Ruling(
        outcome=Outcome.DOWN,
        evidence=Evidence.COMPARISON,
        where=Where.SERVER,
        proof=tuple(trial.id for trial in compared),
        facts={"points": "1"},
        hits=(len(failures), len(failures)),
    )


def _unreachable(leg: Leg) -> Ruling | None:
    """Fails here, works elsewhere, author unknown."""
    failures = _failures(leg)
    if not failures or not leg.helper_loads or any(doubt.changed == "retry" for doubt in doubts(leg)):
        return None
    tests = [
        test
        for test in leg.tests
        if test.changed in {"address", "site"}
        and test.decision is not Decision.CLEAN
        and test.subject.address is not None
    ]
    decided = next((test for test in tests if test.decision is Decision.INTERFERED), None)
    if any(test.decision is Decision.UNDECIDED for test in tests) and decided is None:
        return None
    trial = failures[0]
    name = "tls.mitm.untrusted" if certificate_refused(trial) else action(trial)
    return Ruling(
        outcome=Outcome.UNREACHABLE,
        evidence=Evidence.COMPARISON,
        mechanisms=(name,),
        test=decided,
        proof=tuple(trial.id for trial in [*failures, *leg.helper_loads]),
        facts={"addresses": f"{len(failures)} of {len(leg.addresses)}"},
        hits=(len(failures), len(failures)),
    )


def _helper_silent(leg: Leg) -> Ruling | None:
    if leg.context.helper is None:
        return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.NO_HELPER)
    if not leg.helper or not leg.helper_online:
        return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.HELPER_SILENT)
    return None


def _budget(leg: Leg) -> Ruling | None:
    open_tests = any(test.decision in {Decision.UNDECIDED, Decision.UNDECIDABLE} for test in leg.tests)
    if not open_tests and not leg.context.budget_spent:
        return None
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.BUDGET)


def _no_rule(_leg: Leg) -> Ruling:
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.NO_RULE)


WEB_RULES: tuple[Rule, ...] = (
    Rule(id="run.nothing-counted", what="No attempt from here could be counted.", applies=_nothing),
    Rule(id="run.portal", what="A captive portal answers in place of the network.", applies=_portal),
    Rule(id="run.intercepted", what="Harmless names are intercepted too, so TLS says nothing.", applies=_intercepted),
    *LOOKUP_RULES,
    *TRAFFIC_RULES,
    Rule(
        id="pair.partial",
        what="Pairs show a share of attempts hit that loss does not explain, though no decision was reached.",
        applies=_partial,
    ),
    Rule(
        id="server.refused",
        what="The site's own server refused over a connection with the site's valid certificate.",
        applies=_server_refused,
    ),
    Rule(
        id="web.reached", what="The site itself answered from an address that this line was given.", applies=_reached
    ),
    Rule(
        id="web.no-such-name",
        what="The name does not exist for a comparison point that was itself online.",
        applies=_no_such_name,
    ),
    Rule(
        id="web.down",
        what="The same class of failure at a comparison point that was itself online.",
        applies=_down,
    ),
    Rule(
        id="web.unreachable",
        what="It fails here and works from the helper; a refusal by the server is not excluded.",
        applies=_unreachable,
    ),
    Rule(id="web.helper-silent", what="There was no comparison point to ask.", applies=_helper_silent),
    Rule(id="web.budget", what="Attempts were used up before the pairs decided.", applies=_budget),
    Rule(id="web.no-rule", what="No rule decides what was seen.", applies=_no_rule),
)
