"""Rules for one host of a page load, first match first: name lookup, page, name in the traffic, address.

Lies of the name lookup come first because everything after them is their consequence. `unreachable`, `down` and
`insufficient` come last: they are what is left when nothing stronger was shown (METHOD 1).
"""

import msgspec

from hushmap.detect.doubt import doubts, same_elsewhere
from hushmap.detect.failing import fails_here, newest_failures
from hushmap.detect.lookup import LOOKUP_RULES, resolver_down, unknown_alike
from hushmap.detect.notices import refusal
from hushmap.detect.outside import Prefixes, lost_outside
from hushmap.detect.peer_rules import ADDRESS, DIFFER, DOWN, UNREACHABLE
from hushmap.detect.ruling import Rule, Ruling, action, is_partial, mechanism, portal
from hushmap.detect.sight import Leg, certificate_refused
from hushmap.detect.traffic import TRAFFIC_RULES, isolated, named
from hushmap.detect.way import Way
from hushmap.model import CUT, Evidence, Failure, Fetch, Handshake, Outcome, Reason, Scope, Side, Trial, Where
from hushmap.sampling import Decision

CLOCK_OFF = 3600.0
"""Seconds by which a clock may be wrong before certificates are refused for it: they are valid for days or more, and
their makers date them back an hour."""


def _nothing(leg: Leg) -> Ruling | None:
    if leg.here:
        return None
    reason = Reason.BUDGET if leg.context.budget_spent else Reason.NETWORK_LOST
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=reason)


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
                evidence=Evidence.COMPARISON if leg.borne_out else Evidence.NONE,
                mechanisms=(names[act],) if act in names else (),
                where=Where.SERVER,
                proof=(trial.id,),
                facts={"act": act},
                hits=(len(leg.reached), len(leg.reached)),
            )
    return None


def _reached(leg: Leg) -> Ruling | None:
    if not leg.reached or any(doubt.changed != "retry" for doubt in doubts(leg)):
        return None
    seen = [named(leg, test) for test in leg.tests if test.decision is Decision.INTERFERED]
    seen += ["dns.intercepted"] if leg.proxied else []
    where = Where.PATH if seen else Where.UNKNOWN
    seen += [name for trial in leg.here if _cut(leg, trial) and (name := action(trial)) is not None]
    tries = [trial for trial in leg.here if trial.pair is None and trial.ask.address in leg.offered_here]
    return Ruling(
        outcome=Outcome.OK,
        evidence=Evidence.COMPARISON if leg.borne_out else Evidence.NONE,
        mechanisms=tuple(dict.fromkeys(seen)),
        where=where,
        proof=tuple(trial.id for trial in leg.reached),
        hits=(sum(trial.failed is not None for trial in tries), len(tries)),
    )


def _cut(leg: Leg, trial: Trial) -> bool:
    """Whether somebody cut an exchange that named the site, and not the site's server for everyone.

    A line loses packets by itself, so a silence is none. One such cut proves nothing, but it was seen.
    """
    failed = trial.failed
    made = isinstance(failed, Handshake | Fetch) and failed.failure in {*CUT, Failure.TLS_ALERT} - {Failure.TIMEOUT}
    return made and not same_elsewhere(leg, trial)


def _partial(leg: Leg) -> Ruling | None:
    for test in leg.tests:
        if test.changed in {"sni", "host", "path"} and is_partial(test, leg.context) and isolated(leg, test):
            return Ruling(
                outcome=Outcome.BLOCKED,
                evidence=Evidence.CONTROLLED,
                mechanisms=(mechanism(test),),
                scope=None if leg.https else Scope.PLAIN_HTTP,
                test=test,
            )
    return None


def _no_such_name(leg: Leg) -> Ruling | None:
    """The name does not exist here, nor for a helper that was itself online."""
    there = unknown_alike(leg)
    if not there:
        return None
    if Failure.TIMEOUT in there or not leg.helper_online:
        return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.HELPER_SILENT)
    asked = [trial for trial in leg.here if trial.ask.resolver in leg.own and trial.pair is None]
    return Ruling(
        outcome=Outcome.DOWN,
        evidence=Evidence.COMPARISON,
        where=Where.SERVER,
        proof=tuple(trial.id for trial in [*asked, *leg.helper]),
        facts={"points": "1"},
        hits=(len(asked), len(asked)),
    )


def _down(leg: Leg) -> Ruling | None:
    """METHOD 1: the same class of failure at every comparison point; silence at a single one decides nothing."""
    failures = newest_failures(leg)
    compared = [trial for trial in failures if leg.last(trial.ask.address or "", Side.HELPER) is not None]
    if not compared or not all(same_elsewhere(leg, trial) for trial in compared):
        return None
    silent = any(trial.failed is not None and trial.failed.failure is Failure.TIMEOUT for trial in compared)
    if silent or not leg.helper_online:
        return Ruling(
            outcome=Outcome.INSUFFICIENT,
            reason=Reason.ONE_POINT if silent else Reason.HELPER_SILENT,
            proof=tuple(trial.id for trial in compared),
            hits=(len(failures), len(failures)),
        )
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
    return fails_here(leg) if leg.helper_loads else None


def _lost_outside(leg: Leg) -> Ruling | None:
    """METHOD 1: hops put the loss outside the target's own network; it speaks of the one address followed."""
    ruling = _unreachable(leg)
    address = ruling.test.subject.address if ruling is not None and ruling.test is not None else None
    if ruling is None or ruling.test is None or address is None or ruling.test.changed != "address":
        return None
    short = [trial for trial in leg.others_too if trial.ask.ttl is not None]
    followed = {trial.pair for trial in short if trial.pair is not None and trial.ask.address == address}
    sweeps = [trial for trial in short if trial.pair is None]
    way = Way((*sweeps, *(t for t in leg.others_too if t.pair in followed)), leg.context, leg.knowledge)
    if not lost_outside(way, address, Prefixes(leg.context.prefixes)):
        return None
    return msgspec.structs.replace(
        ruling,
        outcome=Outcome.BLOCKED,
        evidence=Evidence.CONTROLLED,
        where=Where.PATH,
        scope=None if len(leg.addresses) == 1 else Scope.SOME_ADDRESSES,
        facts=ruling.facts | way.facts | {"addresses": f"1 of {len(leg.addresses)}"},
    )


def _clock(leg: Leg) -> Ruling | None:
    """The site's own certificate was refused here: this computer's clock or roots are to blame, not the line."""
    refused = [trial for trial in newest_failures(leg) if certificate_refused(trial) and trial.handshake is not None]
    valid = {_leaf(trial) for trial in leg.helper if trial.handshake is not None and trial.handshake.valid is True}
    off = abs(leg.context.clock_offset or 0.0) >= CLOCK_OFF
    for trial in refused:
        expired = trial.handshake is not None and trial.handshake.failure is Failure.INVALID_CERTIFICATE
        if (expired and off) or (valid - {None}) & {_leaf(trial)}:
            reason = Reason.CLOCK if expired else Reason.SOFTWARE_FAULT
            return Ruling(outcome=Outcome.INSUFFICIENT, reason=reason, where=Where.HOST)
    return None


def _leaf(trial: Trial) -> str | None:
    chain = trial.handshake.chain if trial.handshake is not None else ()
    return chain[0].sha256 if chain else None


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
    Rule(id="run.portal", what="A captive portal answers in place of the network.", applies=portal),
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
        id="web.resolver-down",
        what="The resolvers of this line gave no address for harmless names either.",
        applies=resolver_down,
    ),
    DIFFER,
    Rule(
        id="web.no-such-name",
        what="The name does not exist for a comparison point that was itself online.",
        applies=_no_such_name,
    ),
    DOWN,
    Rule(
        id="web.down",
        what="The same class of failure at a comparison point that was itself online.",
        applies=_down,
    ),
    Rule(
        id="web.clock",
        what="The site's own certificate was refused here: this computer's clock or certificate store is wrong.",
        applies=_clock,
    ),
    Rule(
        id="web.lost-outside",
        what="Packets to its address end before a router of another network than its own.",
        applies=_lost_outside,
    ),
    ADDRESS,
    Rule(
        id="web.unreachable",
        what="It fails here and works from the helper; a refusal by the server is not excluded.",
        applies=_unreachable,
    ),
    UNREACHABLE,
    Rule(id="web.helper-silent", what="There was no comparison point to ask.", applies=_helper_silent),
    Rule(id="web.budget", what="Attempts were used up before the pairs decided.", applies=_budget),
    Rule(id="web.no-rule", what="No rule decides what was seen.", applies=_no_rule),
)
