"""Tests of hushmap.detect.lookup: what is said of a resolver's answers, and when."""

import pytest

from hushmap.detect import judge
from hushmap.detect.lookup import unknown_alike
from hushmap.detect.sight import Leg
from hushmap.model import Answer, Evidence, Failure, Fingerprint, Knowledge, Outcome, Role, Scope, Side, Where
from trials import CONTEXT, DARK, HARMLESS, NAME, NOTHING, OTHER, SITE, loaded, looked, lookup, pairs, record

THERE, LIE, FALSE = Side.HELPER, "198.51.100.66", Failure.INVALID_HOSTNAME
HOME = [lookup(90, (SITE,), side=THERE), loaded(91, side=THERE)]


def verdict(*trials, knowledge=NOTHING):
    """What a page load's record shows."""
    return judge(record(*trials), knowledge)


def harmless(number, **more):
    """A harmless name, answered by a resolver and not at the dark address."""
    return lookup(number, ("203.0.113.81",), name=HARMLESS, **more)


def silent(number, **more):
    """No answer for a harmless name at the dark address; its bystander is answered elsewhere."""
    if more.get("bystander"):
        return harmless(number, resolver=OTHER, **more)
    return lookup(number, Failure.TIMEOUT, resolver=DARK, name=HARMLESS, **more)


def answers(*told, sent=1, **more):
    """One question with these answers, each a tuple of addresses."""
    return looked(1, [Answer(t=1.0, addresses=addresses) for addresses in told], sent=sent, **more)


def denied(number, **more):
    """NXDOMAIN from the provider's resolver."""
    return lookup(number, Failure.NXDOMAIN, **more)


@pytest.mark.parametrize(("told", "answer"), [((LIE,), LIE), (Failure.NXDOMAIN, None)])
def test_an_answer_from_a_dark_address_is_direct_evidence(told, answer):
    """Whatever it says, nobody there could have sent it; not where the site was reached all the same."""
    forged = pairs(lambda n, **more: lookup(n, told, resolver=DARK, **more), silent, 2, changed="name")
    found = verdict(lookup(1, Failure.TIMEOUT), *HOME, *forged)
    assert (found.rule, found.evidence, found.error_bound) == ("dns.dark-answer", Evidence.DIRECT, None)
    assert (found.facts.get("answer"), found.facts["dark"]) == (answer, "1")
    reached = verdict(lookup(1, (SITE,)), loaded(2), *HOME, *forged)
    assert (reached.outcome, reached.mechanisms) == (Outcome.OK, ("dns.injection",))


@pytest.mark.parametrize(
    ("trial", "rule"),
    [
        (answers((LIE,), (SITE,)), "dns.two-answers"),
        (answers((LIE,), (SITE,), sent=2), None),
        (answers(("10.0.0.1",), (SITE,), sent=2), "dns.two-answers"),
        (answers((SITE,), (LIE,)), None),
        (answers((LIE,), ("198.51.100.67",)), None),
        (answers((), (SITE,)), None),
        (answers((LIE,)), None),
    ],
)
def test_two_answers_tell_of_a_second_author_if_the_first_is_shown_false(trial, rule):
    """More answers than queries, or a positive sign in the first; a certificate proves the later one."""
    found = verdict(trial, *HOME)
    assert (found.rule == "dns.two-answers") is (rule is not None)
    if rule:
        assert (found.counts.subject, found.proof, found.facts["different"]) == ((1, 1), (1,), "2")


def test_a_false_first_answer_harms_nobody_who_reached_the_site():
    """The system resolver's answer was good."""
    found = verdict(answers((LIE,), (SITE,)), lookup(2, (SITE,), resolver="system"), loaded(3), *HOME)
    assert found.outcome is Outcome.OK


def test_a_name_at_a_resolver_is_blamed_by_pairs_and_its_lie_is_quoted():
    """Scope and facts say whose answer it was, and who knew better."""
    lie = pairs(lambda n, **more: lookup(n, ("10.0.0.1",), **more), harmless, 5, changed="name")
    other = lookup(2, (SITE,), resolver=OTHER, changed="resolver")
    found = verdict(lookup(1, ("10.0.0.1",)), other, *HOME, *lie)
    assert (found.rule, found.mechanisms, found.scope) == (
        "dns.name-pair",
        ("dns.tamper.bogon",),
        Scope.THIS_RESOLVER,
    )
    assert found.facts == {
        "resolver": "198.51.100.53", "others": "5 of 5", "right_resolver": "203.0.113.53", "answer": "10.0.0.1",
    }  # fmt: skip
    elsewhere = verdict(lookup(1, ("10.0.0.1",)), *HOME, *lie)
    assert elsewhere.facts["right_resolver"] == "our comparison server's DNS"


def test_what_this_computer_alone_says_is_not_laid_at_the_networks_door():
    """A hosts file: the provider's own server, asked directly, tells the truth; if it lies too, the network does."""
    system = lookup(1, ("10.0.0.1",), resolver="system")
    made = pairs(
        lambda n, **more: lookup(n, ("10.0.0.1",), resolver="system", **more),
        lambda n, **more: harmless(n, resolver="system", **more),
        5,
        changed="name",
    )
    for trials in ((*made,), ()):
        found = verdict(system, lookup(2, (SITE,)), *HOME, *trials)
        assert found.outcome is Outcome.INSUFFICIENT
    paired = verdict(system, lookup(2, (SITE,)), *HOME, *made)
    assert (paired.where, paired.mechanisms) == (Where.HOST, ("dns.tamper.bogon",))
    assert verdict(system, lookup(2, ("10.0.0.1",)), *HOME, *made).outcome is Outcome.BLOCKED
    assert verdict(system, *HOME, *made).outcome is Outcome.BLOCKED


def test_pairs_about_a_name_that_may_not_exist_show_nothing():
    """Only the helper was told an address, and no certificate bears it out."""
    made = pairs(denied, harmless, 5, changed="name")
    assert verdict(denied(1), HOME[0], *made).outcome is Outcome.INSUFFICIENT
    assert verdict(denied(1), *HOME, *made).outcome is Outcome.BLOCKED


@pytest.mark.parametrize(
    ("failure", "other", "outcome"),
    [
        (Failure.SERVFAIL, None, Outcome.UNREACHABLE),
        (Failure.TIMEOUT, None, Outcome.UNREACHABLE),
        (Failure.TIMEOUT, (SITE,), Outcome.UNREACHABLE),
        (Failure.TIMEOUT, Failure.TIMEOUT, Outcome.BLOCKED),
        (Failure.NO_ANSWER, None, Outcome.BLOCKED),
    ],
)
def test_a_resolver_that_finds_nothing_out_is_not_called_a_liar(failure, other, outcome):
    """SERVFAIL never; silence only where every resolver that is asked from here is silent; an empty answer is one."""
    made = pairs(lambda n, **more: lookup(n, failure, **more), harmless, 5, changed="name")
    beside = [lookup(2, other, resolver=OTHER, changed="resolver")] if other else []
    found = verdict(lookup(1, failure), *beside, *HOME, *made)
    assert found.outcome is outcome
    assert found.rule == ("dns.name-pair" if outcome is Outcome.BLOCKED else "dns.resolver-fails")


@pytest.mark.parametrize("failure", [Failure.NXDOMAIN, Failure.NO_ANSWER, Failure.DNS_REFUSED])
def test_what_every_resolver_denies_may_be_the_names_own_servers_word(failure):
    """Geo-DNS: this resolver and a comparison denied it alike, elsewhere it exists; nobody is proven a liar by that."""
    made = pairs(lambda n, **more: lookup(n, failure, **more), harmless, 5, changed="name")
    other = lookup(2, failure, resolver=OTHER, changed="resolver")
    found = verdict(lookup(1, failure), other, *HOME, *made)
    assert (found.outcome, found.rule, found.scope) == (Outcome.UNREACHABLE, "dns.resolver-fails", None)
    apart = lookup(2, Failure.SERVFAIL, resolver=OTHER, changed="resolver")
    assert verdict(lookup(1, failure), apart, *HOME, *made).outcome is Outcome.BLOCKED


def test_a_record_may_hold_the_pair_itself():
    """An impossible address here, a proven one elsewhere: 1 of 1, without a bound; none of it proven elsewhere: nothing."""
    found = verdict(lookup(1, ("10.0.0.1",)), *HOME)
    assert (found.rule, found.counts.subject, found.error_bound) == ("dns.other-answer", (1, 1), None)
    assert found.evidence is Evidence.CONTROLLED
    assert verdict(lookup(1, ("10.0.0.1",)), HOME[0]).outcome is Outcome.INSUFFICIENT
    other = verdict(lookup(1, (LIE,)), loaded(2, FALSE, LIE, at="handshake", side=THERE), *HOME)
    assert other.mechanisms == ("dns.tamper.other",)
    mixed = verdict(lookup(1, ("10.0.0.1", SITE)), *HOME)
    assert mixed.outcome is not Outcome.BLOCKED


def test_a_known_notice_address_names_its_fingerprint():
    """Without a visit there is no title to quote."""
    marks = Knowledge(fingerprints=(Fingerprint(id="sink", where="dns", pattern=LIE, kind="full", source="lab"),))
    found = verdict(lookup(1, (LIE,)), *HOME, knowledge=marks)
    assert (found.rule, found.facts["fingerprint"]) == ("dns.notice-address", "sink")
    assert "notice" not in found.facts


@pytest.mark.parametrize(
    ("trials", "alike"),
    [
        ([denied(1), denied(2, side=THERE)], {Failure.NXDOMAIN}),
        ([denied(1), lookup(2, Failure.SERVFAIL, side=THERE)], set()),
        ([denied(1)], set()),
        ([denied(1), denied(2, side=THERE), lookup(3, (SITE,), resolver=OTHER, changed="resolver")], set()),
        ([lookup(1, Failure.NO_ANSWER), lookup(2, Failure.NO_ANSWER, side=THERE)], set()),
        ([lookup(1, ()), lookup(2, (), side=THERE)], set()),
        (
            [looked(1, (), Failure.NO_ANSWER, qtype="AAAA"), lookup(2, Failure.NO_ANSWER, side=THERE)],
            {Failure.NO_ANSWER},
        ),
    ],
)
def test_a_name_is_unknown_if_nobody_named_an_address_and_all_failed_alike(trials, alike):
    """A name that was asked for IPv4 alone may have IPv6."""
    assert unknown_alike(Leg(NAME, f"https://{NAME}/", tuple(trials), CONTEXT, NOTHING)) == alike


def test_resolvers_that_are_down_for_harmless_names_say_nothing():
    """Unless another resolver of this line gave an address."""
    fields = {"name": HARMLESS, "role": Role.BASELINE, "changed": "name"}
    lost = [lookup(n, Failure.TIMEOUT, pair=n, **fields) for n in (10, 11, 12)]
    down = verdict(lookup(1, Failure.TIMEOUT), *HOME, *lost)
    assert (down.rule, down.outcome) == ("web.resolver-down", Outcome.INSUFFICIENT)
    up = verdict(lookup(1, Failure.TIMEOUT), lookup(2, (SITE,), resolver="system"), loaded(3), *HOME, *lost)
    assert up.outcome is Outcome.OK
