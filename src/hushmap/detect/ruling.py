"""What a rule says when it matches, and how mechanisms are named.

A rule is data: an id that never changes its meaning, a sentence, and a pure function from what was seen to a `Ruling`
or `None`. Tables are read from the top; the first match decides.
"""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from hushmap.detect.echo import echoed
from hushmap.detect.hosts import host_in
from hushmap.detect.pairs import PairTest, share_of_alpha
from hushmap.model import (
    MECHANISMS,
    Connect,
    Context,
    Evidence,
    Exchange,
    Extent,
    Failure,
    Handshake,
    Layer,
    Outcome,
    Page,
    Reason,
    Scope,
    Transport,
    Trial,
    Trigger,
    Where,
    mechanism_known,
)
from hushmap.sampling import Decision, clopper_pearson, lower_limit

RULES_VERSION = "6"
"""Stored with every verdict; a rule whose meaning changes gets a new id and this number grows."""


class Ruling(msgspec.Struct, frozen=True, kw_only=True):
    """One rule's answer, before counts and hashes make it a verdict."""

    outcome: Outcome
    evidence: Evidence = Evidence.NONE
    mechanisms: tuple[str, ...] = ()
    scope: Scope | None = None
    where: Where = Where.UNKNOWN
    reason: Reason | None = None
    test: PairTest | None = None
    """The pairs that carry it: counts, bound and proof are theirs."""
    proof: tuple[int, ...] = ()
    facts: dict[str, str] = msgspec.field(default_factory=dict)
    hits: tuple[int, int] | None = None
    """(failures, attempts) of the subject where no test carries the ruling."""
    harmless: tuple[int, int] | None = None
    """The same of its harmless twins."""
    error_bound: float | None = None
    """The bound where no single test carries the ruling."""
    triggers: tuple[Trigger, ...] = ()
    """What of a word, text or name makes the difference."""
    words: dict[str, str] = msgspec.field(default_factory=dict)
    """Of words that were asked about together: each with `cut`, `passed` or `open`."""
    views: tuple[str, ...] = ()
    """Records of other runs that carry it."""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a table."""

    id: str
    what: str
    """One sentence: what was seen and what follows."""
    applies: Callable[[Any], Ruling | None]


class Seen(Protocol):
    """Whatever the rules of an experiment look at."""

    @property
    def context(self) -> Context:
        """The run's facts."""
        ...


def portal(seen: Seen) -> Ruling | None:
    """A captive portal answers in place of the network: nothing of what was met there is the network's."""
    if not seen.context.portal:
        return None
    return Ruling(
        outcome=Outcome.INSUFFICIENT, reason=Reason.CAPTIVE_PORTAL, mechanisms=("portal",), where=Where.HOST
    )


def intercepted(seen: Seen) -> Ruling | None:
    """Unrelated names are intercepted too, so that nothing that needs a proven page can be said."""
    if not seen.context.intercepted:
        return None
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.INTERCEPTED, where=Where.HOST)


def unloaded(context: Context) -> Ruling:
    """No page was asked for, or none of those counts."""
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.BUDGET if context.budget_spent else Reason.NETWORK_LOST)


_DNS_ACTIONS = {
    Failure.NXDOMAIN: "nxdomain",
    Failure.DNS_REFUSED: "refused",
    Failure.REFUSED: "refused",
    Failure.SERVFAIL: "servfail",
    Failure.NO_ANSWER: "empty",
    Failure.TIMEOUT: "timeout",
}
_ACTIONS = {
    Failure.RESET: "reset",
    Failure.ABORTED: "reset",
    Failure.TIMEOUT: "timeout",
    Failure.EOF: "close",
    Failure.TLS_ALERT: "alert",
    Failure.TLS_FAILED: "alert",
    Failure.REFUSED: "refused",
    Failure.HOST_UNREACHABLE: "prohibited",
    Failure.NETWORK_UNREACHABLE: "prohibited",
}
_REFUSALS = frozenset({403, 451})
"""METHOD 2, `http.forged`."""
_STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([0-9]{3})")
_TRIGGERS = {"sni": "sni", "host": "host", "path": "url", "name": "name", "ech": "ech"}


def action(trial: Trial, *, dark: str | None = None) -> str | None:
    """The mechanism, without a trigger, of one trial; `None` where METHOD 2 has no name for how it ended."""
    name = _action(trial, dark)
    return name if name in MECHANISMS else None


def _action(trial: Trial, dark: str | None) -> str:
    if trial.ask.layer is Layer.DNS:
        if trial.ask.resolver == dark and dark is not None:
            return "dns.injection"
        if any(step.addresses for step in trial.resolves):
            return "dns.tamper.bogon"
        failures = (step.failure for step in trial.resolves)
        return next(
            (f"dns.{_DNS_ACTIONS[failure]}" for failure in failures if failure in _DNS_ACTIONS), "dns.servfail"
        )
    failed = trial.failed
    if failed is None or failed.failure is None:
        if trial.exchange is not None:
            return _in_its_place(trial.exchange.received)
        return _reply(trial.fetch.page if trial.fetch is not None else None)
    how = _ACTIONS.get(failed.failure, "")
    if isinstance(failed, Connect):
        return "ip.prohibited" if how == "prohibited" else f"tcp.{how}"
    if isinstance(failed, Exchange):
        return "tcp.timeout" if how == "timeout" else "tcp.reset"
    if isinstance(failed, Handshake):
        return f"tls.{how}" if trial.ask.transport is Transport.TCP else f"quic.{how}.sni"
    return f"http.{how}"


def _reply(page: Page | None) -> str:
    """What a page that the site did not send is: a refusal, a way elsewhere, or a notice; or ours, made another."""
    if page is not None and echoed(page):
        return "http.rewritten"
    if page is not None and page.status in _REFUSALS:
        return "http.forged"
    return "http.redirect" if page is not None and page.location is not None else "http.blockpage"


def _in_its_place(received: bytes) -> str:
    """What came on a bare connection in place of what our echo says there."""
    status = _STATUS_LINE.match(received)
    if status is None:
        return "http.rewritten"
    if int(status[1]) in _REFUSALS:
        return "http.forged"
    return "http.redirect" if status[1].startswith(b"3") else "http.blockpage"


def mechanism(test: PairTest, *, dark: str | None = None, isolated: bool = True) -> str:
    """The name of what a decided test found: the commonest action, and the trigger once isolated."""
    actions = Counter(name for trial in test.hit_trials if (name := action(trial, dark=dark)) is not None)
    bare = actions.most_common(1)[0][0]
    trigger = _TRIGGERS.get(test.changed)
    if not isolated or trigger is None or trigger == "name" or (bare == "http.blockpage" and not test.direct):
        return bare
    return triggered(bare, trigger)


def triggered(bare: str, trigger: str) -> str:
    """A mechanism with its trigger, where METHOD 2 has that: a lookup has no server name, QUIC's says it already."""
    told = f"{bare}.{trigger}"
    return told if mechanism_known(told) else bare


def extent_of(test: PairTest) -> Extent:
    """The share of attempts that were hit, with its exact 95 % interval."""
    hits, counted = test.in_all
    low, high = clopper_pearson(hits, counted)
    return Extent(low=round(low, 3), high=round(high, 3), partial=hits < counted)


PARTIAL_PAIRS = 8
"""Counted pairs before a share may be called partial: fewer give intervals wider than the question."""


def is_partial(test: PairTest, context: Context) -> bool:
    """Whether pairs that decided nothing still show a share of attempts hit that loss does not explain.

    As a decision it is held to the rest of METHOD 3: two blocks, quiet, and the target's part of the error budget.
    """
    hits, counted = test.in_all
    if test.decision is not Decision.UNDECIDED or counted < PARTIAL_PAIRS or not test.spread:
        return False
    return lower_limit(hits, counted, 1 - share_of_alpha(context)) > context.f0


def baseline_counts(test: PairTest) -> tuple[int, int]:
    """(failures, attempts) of the twins asked where the subject was asked: those that open a pair.

    The bystanders that close a pair asked another server, and are no part of "the same server" in a sentence. None
    failed: after a twin that fails no subject is sent, and a pair without one is not read.
    """
    return 0, len({pair.before.id for pair in (*test.pairs, *test.also) if pair.before is not None})


def twins(test: PairTest) -> dict[str, str]:
    """The fact `baseline`: the harmless names that were put in the subject's place, in order of use."""
    asks = [pair.before.ask for pair in test.pairs if pair.before is not None]
    names = dict.fromkeys(name for ask in asks if (name := ask.sni or host_in(ask.url or "") or ask.name))
    return {"baseline": ", ".join(names)} if names and test.changed in {"sni", "host"} else {}
