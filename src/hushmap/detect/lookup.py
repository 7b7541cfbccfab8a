"""Rules about the name lookup of one host, first match first: forged answers, notices, pairs at one resolver.

An answer is wrong only by a positive sign (METHOD 4): an address that no public site can have, one that shows a block
notice, an answer from an address that runs no resolver, two answers to one question of which a certificate proves one
false. An address that merely differs from elsewhere is a content network doing its work.
"""

from hushmap.detect.doubt import stuck
from hushmap.detect.notices import mark_facts, notice_text
from hushmap.detect.pairs import PairTest
from hushmap.detect.ruling import Rule, Ruling, mechanism
from hushmap.detect.sight import Leg
from hushmap.model import SYSTEM_RESOLVER, Ask, Evidence, Failure, Layer, Outcome, Reason, Resolve, Scope, Where
from hushmap.sampling import Decision

_DENIALS = frozenset({Failure.NXDOMAIN, Failure.NO_ANSWER, Failure.DNS_REFUSED})
"""Words of a resolver about a name that does not exist, has no such record, or is not to be told."""


def _says(resolver: str) -> str:
    if resolver.startswith(("tls:", "https:", "quic:")):
        return resolver  # a sentence names it by its certificate's name
    return "your DNS server" if resolver == SYSTEM_RESOLVER else resolver.partition("://")[2].rsplit(":", 1)[0]


def _right(leg: Leg) -> dict[str, str]:
    """Who gave a right answer."""
    for resolver, steps in leg.others.items():
        if any(address in leg.home for step in steps for address in step.addresses):
            return {"right_resolver": _says(resolver)}
    return {"right_resolver": "our comparison server's DNS"} if leg.elsewhere else {}


def _lying(leg: Leg, sign: str) -> tuple[str, str] | None:
    """(resolver, address): the first own resolver whose whole answer carries the sign, none of it proven."""
    for resolver in leg.own:
        offered = leg.offered(resolver)
        if _own_computer(leg, resolver):
            continue
        if offered and not any(leg.proven(address) for address in offered):
            for address in offered:
                if leg.wrong(address) == sign:
                    return resolver, address
    return None


def _own_computer(leg: Leg, resolver: str) -> bool:
    """Whether the provider's DNS servers, asked directly, all tell the truth, and so only programs here are lied to.

    A hosts file, an ad-blocker or a filter of this computer is no network's doing (METHOD 1, where; METHOD 4).
    """
    asked = [name for name in leg.own if name != SYSTEM_RESOLVER]
    if resolver != SYSTEM_RESOLVER or not asked:
        return False
    return all(_silent(leg, name) or any(map(leg.proven, leg.offered(name))) for name in asked)


def _silent(leg: Leg, resolver: str) -> bool:
    """Whether the resolver, asked directly, was not heard: then nothing shows that the lie is its own."""
    return all(step.failure is Failure.TIMEOUT for step in leg.own[resolver])


def _dark_answer(leg: Leg) -> Ruling | None:
    test = next(
        (t for t in leg.tests if t.subject.resolver is not None and t.subject.resolver == leg.context.dark), None
    )
    if test is None or test.decision is not Decision.INTERFERED or leg.reached:
        return None  # an address that answers for harmless names too is a proxy: such a test is never decided
    answers = [answer for trial in test.hit_trials for step in trial.resolves for answer in step.answers]
    different = len({answer.addresses for answer in answers})
    facts = {"dark": "1", "resolver": "your DNS server", "different": str(different), **_right(leg)}
    if answers and answers[0].addresses:
        facts["answer"] = answers[0].addresses[0]
    return Ruling(
        outcome=Outcome.BLOCKED,
        evidence=Evidence.DIRECT,
        mechanisms=("dns.injection",),
        where=Where.PATH,
        scope=Scope.ALL,
        test=test,
        facts=facts,
    )


def _two_answers(leg: Leg) -> Ruling | None:
    for resolver, steps in leg.own.items():
        for step in steps:
            proof = _conflict(leg, step)
            if proof is not None and not leg.reached:
                different = len({answer.addresses for answer in step.answers})
                facts = {"answer": proof, "different": str(different), "resolver": _says(resolver), **_right(leg)}
                return Ruling(
                    outcome=Outcome.BLOCKED,
                    evidence=Evidence.DIRECT,
                    mechanisms=("dns.injection",),
                    where=Where.PATH,
                    scope=Scope.ALL,
                    proof=tuple(trial.id for trial in leg.here if step in trial.steps),
                    facts=facts,
                    hits=(1, 1),
                )
    return None


def _conflict(leg: Leg, step: Resolve) -> str | None:
    """The first answer's address, if a later answer to the same question was proven and the first is false.

    A resolver that was asked twice may answer twice, and not alike: only more different answers than queries show a
    second author, or else a positive sign in the first answer.
    """
    later = {address for answer in step.answers[1:] for address in answer.addresses}
    if not any(leg.proven(address) for address in later) or any(leg.proven(address) for address in step.addresses):
        return None
    different = len({frozenset(answer.addresses) for answer in step.answers})
    false = different > step.sent or any(leg.wrong(address) is not None for address in step.addresses)
    return next(iter(step.addresses), None) if false else None


def _notice_address(leg: Leg) -> Ruling | None:
    lie = _lying(leg, "blockpage")
    if lie is None:
        return None
    resolver, address = lie
    seen = leg.notice_from(address)
    mark = seen[1] if seen else leg.notice_named(address)
    assert mark is not None, "one of the two made it a lie"
    facts = {"answer": address, "resolver": _says(resolver), **_right(leg)}
    facts |= mark_facts(mark)
    if seen is not None:
        facts |= notice_text(seen[0])
    lookups = tuple(trial.id for trial in leg.here if trial.ask.resolver == resolver)
    return Ruling(
        outcome=Outcome.BLOCKED,
        evidence=Evidence.DIRECT,
        mechanisms=("dns.tamper.blockpage",),
        where=Where.RESOLVER,
        scope=Scope.THIS_RESOLVER if leg.home else None,
        proof=lookups + ((seen[0].id,) if seen else ()),
        facts=facts,
        hits=(len(lookups), len(lookups)),
    )


def _name_test(leg: Leg) -> tuple[PairTest, str] | None:
    """The decided test about the name at a resolver, and that resolver."""
    for test in leg.tests:
        resolver = test.subject.resolver
        if test.changed != "name" or test.decision is not Decision.INTERFERED or resolver == leg.context.dark:
            continue
        if resolver is not None and leg.exists(test.subject.qtype):
            return test, resolver
    return None


def _name_pair(leg: Leg) -> Ruling | None:
    decided = _name_test(leg)
    if decided is None:
        return None
    test, resolver = decided
    name = mechanism(test)
    if _unfinished(leg, test, name):
        return None
    if _own_computer(leg, resolver):
        reason = Reason.NO_RULE
        return Ruling(outcome=Outcome.INSUFFICIENT, reason=reason, mechanisms=(name,), where=Where.HOST)
    answers = [address for trial in test.hit_trials for step in trial.resolves for address in step.addresses]
    facts = {"resolver": _says(resolver), "others": _passed(test), **_right(leg)}
    if answers:
        facts["answer"] = answers[0]
    return Ruling(
        outcome=Outcome.BLOCKED,
        evidence=Evidence.CONTROLLED,
        mechanisms=(name,),
        where=Where.UNKNOWN,
        scope=Scope.THIS_RESOLVER if leg.home else None,
        test=test,
        facts=facts,
    )


def _unfinished(leg: Leg, test: PairTest, name: str) -> bool:
    """Whether nobody may have lied: the resolver found nothing out, or every resolver asked from here denies alike.

    SERVFAIL is also what a broken signature gives, silence what name servers give that refuse this resolver, and a
    lone alias what their half of the answer gives (refs/BEYOND 3: servfail is never censorship alone). Silence on the
    path hits every resolver that is asked from here. What all of them deny alike may be the word of the name's own
    servers to this country (geo-DNS, METHOD 6); a forger on the path is known by an address that runs no resolver.
    """
    if _denied_alike(leg, test):
        return True
    if name == "dns.timeout":
        return not leg.others or bool(leg.compared)
    answers = (answer for trial in test.hit_trials for step in trial.resolves for answer in step.answers)
    return name == "dns.servfail" or any(answer.cnames and not answer.addresses for answer in answers)


def _denied_alike(leg: Leg, test: PairTest) -> bool:
    """Whether every comparison resolver denies the name by the same words as the resolver under test.

    A query that was lost denies nothing; where that was every comparison's lot, nobody here bore the name out either.
    """
    said = {step.failure for trial in test.hit_trials for step in trial.resolves} - {Failure.TIMEOUT}
    others = {step.failure for steps in leg.others.values() for step in steps} - {Failure.TIMEOUT}
    return bool(leg.others) and bool(said) and said <= _DENIALS and others <= said


def _resolver_fails(leg: Leg) -> Ruling | None:
    decided = _name_test(leg)
    if decided is None or leg.reached:
        return None
    test, resolver = decided
    return Ruling(
        outcome=Outcome.UNREACHABLE,
        evidence=Evidence.COMPARISON,
        mechanisms=(mechanism(test),),
        scope=None if _denied_alike(leg, test) else Scope.THIS_RESOLVER,
        test=test,
        facts={"resolver": _says(resolver), "others": _passed(test), **_right(leg)},
    )


def _passed(test: PairTest) -> str:
    made = [pair.before for pair in test.pairs if pair.before is not None]
    good = [trial for trial in made if any(step.addresses for step in trial.resolves)]
    return f"{len(good)} of {len(made)}"


def _other_answer(leg: Leg) -> Ruling | None:
    """The pair that one round holds in itself: METHOD 1, `blocked` controlled 1 of 1, no error bound."""
    for sign, name in (("bogon", "dns.tamper.bogon"), ("other", "dns.tamper.other")):
        lie = _lying(leg, sign)
        if lie is not None and leg.home:
            resolver, address = lie
            return Ruling(
                outcome=Outcome.BLOCKED,
                evidence=Evidence.CONTROLLED,
                mechanisms=(name,),
                scope=Scope.THIS_RESOLVER,
                proof=tuple(trial.id for trial in leg.here if trial.ask.resolver == resolver),
                facts={"answer": address, "resolver": _says(resolver), **_right(leg)},
                hits=(1, 1),
            )
    return None


def unknown_alike(leg: Leg) -> frozenset[Failure | None]:
    """How the helper's lookups failed, if nobody named an address and it failed here in the same way.

    A name that was asked for IPv4 alone and has none may have IPv6.
    """
    here = [step for steps in leg.own.values() for step in steps]
    there = frozenset(step.failure for step in leg.elsewhere)
    shared = there & {step.failure for step in here}
    if leg.known or shared <= {None}:
        return frozenset()
    if shared == {Failure.NO_ANSWER} and not any(step.qtype == "AAAA" for step in here):
        return frozenset()
    return there


def resolver_down(leg: Leg) -> Ruling | None:
    """Own resolvers gave no address, and harmless names got none from them either."""
    subjects = [Ask(layer=Layer.DNS, name=leg.host, resolver=resolver) for resolver in leg.own]
    if leg.offered_here or not any(stuck(leg, subject, "name") for subject in subjects):
        return None
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.RESOLVER_DOWN, where=Where.RESOLVER)


LOOKUP_RULES = (
    Rule(
        id="dns.dark-answer",
        what="An address that runs no resolver answered for the name and not for others: injected on the path.",
        applies=_dark_answer,
    ),
    Rule(
        id="dns.two-answers",
        what="One question got different answers, and a certificate proves the first one false.",
        applies=_two_answers,
    ),
    Rule(
        id="dns.notice-address",
        what="The resolver named an address that shows a known block notice and is not the site's.",
        applies=_notice_address,
    ),
    Rule(
        id="dns.name-pair",
        what="The resolver fails or lies for the name and answers for a harmless one, by the sequential test.",
        applies=_name_pair,
    ),
    Rule(
        id="dns.resolver-fails",
        what="The resolver finds no answer for the name but for a harmless one: its own trouble is not excluded.",
        applies=_resolver_fails,
    ),
    Rule(
        id="dns.other-answer",
        what="This resolver named an impossible or another site's address while another's answer was proven right.",
        applies=_other_answer,
    ),
)
