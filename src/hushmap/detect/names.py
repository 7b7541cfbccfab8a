"""Rules for one thing sent in one place: a name in a ClientHello, a name at resolvers; words have theirs in `words`.

These experiments ask a narrower question than a page load: was what we sent cut off where a harmless twin was not?
"""

from collections import Counter
from functools import cached_property

from hushmap.detect.address import ours
from hushmap.detect.client import other_client
from hushmap.detect.groups import is_word
from hushmap.detect.lookup import LOOKUP_RULES, resolver_down, unknown_alike
from hushmap.detect.pairs import PairTest, proxied, read_tests
from hushmap.detect.reactions import Reaction, reaction
from hushmap.detect.ruling import Rule, Ruling, is_partial, mechanism, portal, triggered, twins
from hushmap.detect.sight import Leg
from hushmap.model import (
    Context,
    Evidence,
    Failure,
    Knowledge,
    Outcome,
    Reason,
    Record,
    Role,
    Scope,
    Side,
    Trial,
    Where,
)
from hushmap.sampling import Decision


class Sending:
    """The counted trials that sent one name or word, and the tests made of them."""

    def __init__(self, record: Record, knowledge: Knowledge) -> None:
        self.record, self.knowledge, self.context = record, knowledge, record.context
        self.trials = tuple(trial for trial in record.counted if trial.ask.hello is None)
        self.subjects = [
            trial for trial in self.trials if trial.role is not Role.BASELINE and trial.side is Side.HERE
        ]

    @cached_property
    def tests(self) -> tuple[PairTest, ...]:
        """The sequential tests made of their pairs."""
        return read_tests(self.trials, self.context, self.knowledge)

    @cached_property
    def test(self) -> PairTest | None:
        """The test that was decided against the line, or the one with most pairs."""
        decided = [test for test in self.tests if test.decision is Decision.INTERFERED]
        return next(iter(decided), max(self.tests, key=lambda test: test.counted, default=None))

    @cached_property
    def passed(self) -> tuple[Trial, ...]:
        """The attempts that got through."""
        return tuple(trial for trial in self.subjects if self.says(trial) is Reaction.PASSED)

    @cached_property
    def hit(self) -> tuple[Trial, ...]:
        """The attempts that were cut off or answered falsely."""
        return tuple(trial for trial in self.subjects if self.says(trial) is Reaction.HIT)

    def says(self, trial: Trial) -> Reaction:
        """What one attempt says."""
        return reaction(trial, self.knowledge, self.context)

    @property
    def clean(self) -> bool:
        """Whether nothing stands against the line: no hit at all, or pairs that were decided clean."""
        if not self.passed:
            return False
        return not self.hit or (self.test is not None and self.test.decision is Decision.CLEAN)


_IN_REQUESTS = frozenset({"host", "path", "query", "header", "cookie", "body", "response"})
"""Places of words that are parts of a request or its answer, however it is sent."""


def name_of(sending: Sending, test: PairTest) -> str:
    """The mechanism of a decided test; a word's trigger is the place in which it was sent."""
    dark = sending.context.dark
    if not is_word(sending.record):
        return mechanism(test, dark=dark)
    name = mechanism(test, dark=dark, isolated=False)
    if name.startswith("tcp.") and test.changed in _IN_REQUESTS:
        # Bytes that no library would send as they are were written by us, and are a request nevertheless.
        ends = Counter(trial.failed.failure for trial in test.hit_trials if trial.failed is not None)
        name = "http.close" if ends.most_common(1)[0][0] is Failure.EOF else f"http.{name.removeprefix('tcp.')}"
    changed = "response" if name.startswith("http.") and test.changed == "answer" else test.changed
    return triggered(name, changed)


def uncounted(context: Context) -> Ruling:
    """Why no attempt from here could be counted."""
    if context.budget_spent:
        reason = Reason.BUDGET
    elif context.voids:
        reason = Reason.NETWORK_LOST
    else:
        reason = Reason.NO_HELPER if ours(context) is None else Reason.NO_RULE
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=reason)


def _nothing(sending: Sending) -> Ruling | None:
    return None if sending.subjects else uncounted(sending.context)


def _proxied(sending: Sending) -> Ruling | None:
    """Somebody answers for every name at an address that runs no resolver, so an answer says nothing of this one."""
    if not proxied(sending.trials, sending.context):
        return None
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.NO_RULE, mechanisms=("dns.intercepted",))


def refusable(test: PairTest, context: Context) -> bool:
    """Whether a server that a person named, and not our echo, may itself have refused what pairs saw cut off."""
    return not context.echo and test.subject.address == context.helper and not test.direct


def by_pair(sending: Sending) -> Ruling | None:
    """What pairs decided against the line."""
    test = sending.test
    if test is None or test.decision is not Decision.INTERFERED:
        return None
    at_echo = sending.context.echo and test.subject.address == sending.context.helper
    if not at_echo and mechanism(test, isolated=False) == "tls.alert":
        return None  # at any server but our echo an alert may be the server's refusal
    name = name_of(sending, test)
    direct = test.direct or name.startswith("http.blockpage")
    facts = twins(test)
    if direct and test.changed == "name":
        facts["dark"] = "1"
    other = other_client(test, sending.tests, sending.record.counted, sending.context, sending.knowledge)
    server = refusable(test, sending.context)
    return Ruling(
        outcome=Outcome.UNREACHABLE if server else Outcome.BLOCKED,
        evidence=Evidence.DIRECT if direct else Evidence.CONTROLLED,
        mechanisms=(name,),
        where=Where.UNKNOWN if server else Where.PATH,
        scope=Scope.THIS_CLIENT if other.differs else Scope.ALL,
        test=test,
        facts=facts,
    )


def by_share(sending: Sending) -> Ruling | None:
    """A share of attempts that is hit, where pairs decided nothing."""
    test = sending.test
    if test is None or not is_partial(test, sending.context):
        return None
    name = name_of(sending, test)
    outcome = Outcome.UNREACHABLE if refusable(test, sending.context) else Outcome.BLOCKED
    return Ruling(outcome=outcome, evidence=Evidence.CONTROLLED, mechanisms=(name,), test=test)


def untouched(sending: Sending, outcome: Outcome = Outcome.OK, reason: Reason | None = None) -> Ruling:
    """What is said where nothing stands against the line, with the attempts that got through."""
    return Ruling(
        outcome=outcome,
        reason=reason,
        proof=tuple(trial.id for trial in sending.passed),
        hits=(len(sending.hit), len(sending.subjects)),
    )


def passed(sending: Sending) -> Ruling | None:
    """What was sent got through."""
    return untouched(sending) if sending.clean else None


def spent(_seen: object) -> Ruling:
    """Nothing was decided."""
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.BUDGET)


FIRST = (
    Rule(id="send.nothing-counted", what="No attempt from here could be counted.", applies=_nothing),
    Rule(id="send.portal", what="A captive portal answers in place of the network.", applies=portal),
    Rule(id="send.proxied", what="An address without a resolver answers for harmless words too.", applies=_proxied),
)
LAST = (Rule(id="send.budget", what="Attempts were used up before the pairs decided.", applies=spent),)

SNI_RULES: tuple[Rule, ...] = (
    *FIRST,
    Rule(id="sni.pair", what="Handshakes with the name are cut, with a harmless one they are not.", applies=by_pair),
    Rule(
        id="sni.partial",
        what="A share of handshakes with the name is cut that loss does not explain.",
        applies=by_share,
    ),
    Rule(id="sni.passed", what="Handshakes with the name went through.", applies=passed),
    *LAST,
)


def _answered(leg: Leg) -> Ruling | None:
    """Every own resolver named an address that a certificate or another source bears out."""
    elsewhere = leg.told or leg.compared  # what we are told here may be the same lie twice
    for resolver in leg.own:
        offered = leg.offered(resolver)
        if not offered or not any(leg.proven(address) or address in elsewhere for address in offered):
            return None
    return Ruling(
        outcome=Outcome.OK,
        mechanisms=("dns.intercepted",) if leg.proxied else (),
        proof=tuple(trial.id for trial in leg.here),
        hits=(0, len(leg.own)),
    )


def _nowhere(leg: Leg) -> Ruling | None:
    there = unknown_alike(leg)
    if not there or Failure.TIMEOUT in there or not leg.helper_online:
        return None
    return Ruling(outcome=Outcome.DOWN, evidence=Evidence.COMPARISON, where=Where.SERVER, facts={"points": "1"})


def _no_lookup(leg: Leg) -> Ruling | None:
    return None if leg.own else Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.NETWORK_LOST)


def _undecided(leg: Leg) -> Ruling:
    if leg.context.helper is None:
        return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.NO_HELPER)
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.BUDGET if leg.tests else Reason.NO_RULE)


DNS_RULES: tuple[Rule, ...] = (
    Rule(id="lookup.nothing-counted", what="No lookup from here could be counted.", applies=_no_lookup),
    *LOOKUP_RULES,
    Rule(
        id="lookup.resolver-down",
        what="The resolvers of this line gave no address for harmless names either.",
        applies=resolver_down,
    ),
    Rule(
        id="lookup.answered", what="Every resolver named an address that is borne out elsewhere.", applies=_answered
    ),
    Rule(id="lookup.nowhere", what="The name does not exist for the helper either.", applies=_nowhere),
    Rule(id="lookup.undecided", what="No rule decides what the lookups show.", applies=_undecided),
)
