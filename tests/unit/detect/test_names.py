"""Tests of hushmap.detect.names: rules for one thing sent in one place, and for a name at resolvers."""

import msgspec
import pytest

from hushmap.detect import judge
from hushmap.model import Context, Evidence, Failure, Outcome, Reason, Role, Side, Void, mechanism_known
from trials import (
    CONTEXT,
    DARK,
    HARMLESS,
    NAME,
    NOTHING,
    OTHER,
    OURS,
    SITE,
    loaded,
    lookup,
    pairs,
    record,
    said,
    shaken,
)

WORD = {"experiment": "keyword", "target": "kw-alpha"}
SNI = {"experiment": "sni", "target": NAME}
DNS = {"experiment": "dns", "target": NAME}
THERE = Side.HELPER


def verdict(*trials, context=CONTEXT, **kind):
    """What a record of one experiment shows."""
    return judge(record(*trials, context=context, **(kind or SNI)), NOTHING)


def cut(number, failure=Failure.RESET, address=OURS, **more):
    """A handshake with the name that ends so."""
    return shaken(number, failure, address, **more)


def harmless(number, address=OURS, **more):
    """One with a harmless name."""
    return shaken(number, address=address, sni=HARMLESS, **more)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({}, Reason.NO_RULE),
        ({"helper": None}, Reason.NO_HELPER),
        ({"budget_spent": True}, Reason.BUDGET),
        ({"voids": (Void(trial=1, reason="network_lost"),)}, Reason.NETWORK_LOST),
    ],
)
def test_where_nothing_was_counted_the_reason_is_the_runs(facts, reason):
    """No attempt from here: each way in which that comes about."""
    found = verdict(cut(1, side=THERE), context=msgspec.structs.replace(CONTEXT, **facts))
    assert (found.rule, found.reason) == ("send.nothing-counted", reason)


def test_behind_a_portal_nothing_is_said():
    """It answers in place of the network."""
    found = verdict(cut(1), context=msgspec.structs.replace(CONTEXT, portal=True))
    assert (found.reason, found.mechanisms) == (Reason.CAPTIVE_PORTAL, ("portal",))


@pytest.mark.parametrize(
    ("kind", "changed", "name"),
    [
        (SNI, "sni", "tls.reset.sni"),
        (WORD, "sni", "tls.reset.sni"),
        (WORD, "path", "http.reset.path"),
        (WORD, "host", "http.reset.host"),
        (WORD, "name", "dns.injection.name"),
    ],
)
def test_a_word_is_blamed_in_the_place_in_which_it_was_sent(kind, changed, name):
    """The trigger is the place's; an answer from a dark address is direct."""
    if changed == "name":
        word, twin = (SITE,), Failure.TIMEOUT

        def hit(number, **more):
            return lookup(number, word, resolver=DARK, **more)

        def calm(number, **more):
            where = OTHER if more.get("bystander") else DARK
            return lookup(number, word if where == OTHER else twin, resolver=where, name=HARMLESS, **more)
    elif changed == "sni":
        hit, calm = cut, harmless
    else:

        def hit(number, **more):
            return loaded(number, Failure.RESET, OURS, f"http://{HARMLESS}/kw-alpha", **more)

        def calm(number, **more):
            return loaded(number, address=OURS, url=f"http://{HARMLESS}/harmless", **more)

    found = verdict(*pairs(hit, calm, 5, changed=changed), **kind)
    assert (found.outcome, found.mechanisms) == (Outcome.BLOCKED, (name,))
    assert found.evidence is (Evidence.DIRECT if changed == "name" else Evidence.CONTROLLED)
    quoted = {"baseline": HARMLESS} if changed in {"sni", "host"} else {}
    assert found.facts == quoted | ({"dark": "1"} if changed == "name" else {})


@pytest.mark.parametrize(
    ("failure", "changed", "name"),
    [
        (Failure.RESET, "path", "http.reset.path"),
        (Failure.TIMEOUT, "cookie", "http.timeout.cookie"),
        (Failure.EOF, "host", "http.close.host"),
        (Failure.EOF, "payload", "tcp.reset.payload"),
        (Failure.RESET, "answer", "tcp.reset.answer"),
    ],
)
def test_a_request_written_by_hand_is_a_request(failure, changed, name):
    """Bytes that no library sends go on a bare connection; what is cut is the request nevertheless."""
    made = pairs(lambda n, **m: said(n, failure, **m), said, 5, changed=changed)
    found = verdict(*made, **WORD)
    assert found.mechanisms == (name,)
    assert mechanism_known(name)


def test_the_names_quoted_are_those_that_were_put_in_the_subjects_place():
    """Whatever the record says of baselines, the twins themselves tell their names."""
    made = pairs(cut, harmless, 5, changed="sni")
    assert verdict(*made, context=Context(helper=OURS)).facts == {"baseline": HARMLESS}


def test_an_alert_counts_at_our_own_server_only():
    """At the site's own it may be the server's refusal."""
    for address, outcome in ((OURS, Outcome.BLOCKED), (SITE, Outcome.INSUFFICIENT)):
        made = pairs(
            lambda n, a=address, **m: cut(n, Failure.TLS_ALERT, a, **m),
            lambda n, a=address, **m: harmless(n, a, **m),
            5,
            changed="sni",
        )
        assert verdict(*made).outcome is outcome


def test_an_address_without_a_resolver_that_answers_everyone_decides_nothing():
    """The harmless word was answered too."""
    word = lookup(1, Failure.NXDOMAIN, resolver=DARK)
    found = verdict(word, msgspec.structs.replace(word, id=2, role=Role.BASELINE), **WORD, layer="dns-name")
    assert (found.outcome, found.mechanisms) == (Outcome.INSUFFICIENT, ("dns.intercepted",))


@pytest.mark.parametrize(("kind", "rule"), [(SNI, "sni.partial"), (WORD, "word.partial")])
def test_a_share_of_hits_is_partial_blocking(kind, rule):
    """With its interval and no bound; a weak excess is a spent budget."""

    def calm(passed):
        made = pairs(lambda n, **m: shaken(n, address=OURS, **m), harmless, passed, changed="sni", first=3000)
        return [trial for trial in made if not trial.bystander]

    found = verdict(*pairs(cut, harmless, 8, changed="sni"), *calm(10), **kind)
    assert (found.rule, found.error_bound, found.extent.partial) == (rule, None, True)
    assert verdict(*pairs(cut, harmless, 2, changed="sni"), *calm(1), **kind).rule == "send.budget"
    assert verdict(*pairs(cut, harmless, 2, changed="sni"), **kind).rule == "send.budget"


@pytest.mark.parametrize(
    ("trials", "rule"),
    [
        ([shaken(1)], "sni.passed"),
        ([shaken(1), cut(2)], "send.budget"),
        ([shaken(1, Failure.UNKNOWN)], "send.budget"),
    ],
)
def test_a_name_that_passed_is_fine_unless_a_hit_was_not_explained(trials, rule):
    """Silence about the name is no pass."""
    assert verdict(*trials).rule == rule


def test_a_hit_that_pairs_did_not_confirm_is_forgiven():
    """The line lost it."""
    calm = pairs(lambda n, **m: shaken(n, address=OURS, **m), harmless, 4, changed="sni")
    found = verdict(cut(1), *[trial for trial in calm if not trial.bystander])
    assert (found.rule, found.counts.subject) == ("sni.passed", (1, 5))


@pytest.mark.parametrize(("fired", "rule"), [({"tls-sni": True}, "word.passed"), ({}, "word.not-triggered")])
def test_a_word_passes_only_beside_a_canary_that_fired(fired, rule):
    """In its own place."""
    found = verdict(shaken(1), context=msgspec.structs.replace(CONTEXT, canaries=fired), **WORD, layer="tls-sni")
    assert found.rule == rule


HOME = [lookup(90, (SITE,), side=THERE), shaken(91, side=THERE)]


@pytest.mark.parametrize(
    ("trials", "rule"),
    [
        (HOME, "lookup.nothing-counted"),
        ([lookup(1, (SITE,)), *HOME], "lookup.answered"),
        ([lookup(1, (SITE,)), lookup(2, (SITE,), resolver=OTHER, changed="resolver")], "lookup.answered"),
        (
            [lookup(1, ("198.51.100.9",)), lookup(2, ("198.51.100.9",), resolver=OTHER, changed="resolver"), *HOME],
            "lookup.undecided",
        ),
        ([lookup(1, (SITE,)), lookup(2, Failure.TIMEOUT, resolver="system"), *HOME[:1]], "lookup.undecided"),
        ([lookup(1, Failure.NXDOMAIN), lookup(2, Failure.NXDOMAIN, side=THERE)], "lookup.nowhere"),
        ([lookup(1, Failure.TIMEOUT), lookup(2, Failure.TIMEOUT, side=THERE)], "lookup.undecided"),
    ],
)
def test_a_resolver_tells_the_truth_if_another_source_bears_it_out(trials, rule):
    """The helper's word before what other resolvers say here, which may be the same lie twice."""
    assert verdict(*trials, **DNS).rule == rule


def test_a_name_is_nowhere_only_for_a_helper_that_was_online():
    """Otherwise nothing is known."""
    trials = [lookup(1, Failure.NXDOMAIN), lookup(2, Failure.NXDOMAIN, side=THERE)]
    offline = msgspec.structs.replace(CONTEXT, helper_watch=())
    assert verdict(*trials, context=offline, **DNS).reason is Reason.NO_RULE
    alone = msgspec.structs.replace(CONTEXT, helper=None)
    assert verdict(trials[0], context=alone, **DNS).reason is Reason.NO_HELPER


def test_lookups_whose_pairs_did_not_decide_are_a_spent_budget():
    """Two hits of two."""

    def known(number, **more):
        return lookup(number, (SITE,), name=HARMLESS, **more)

    made = pairs(lambda n, **m: lookup(n, Failure.NXDOMAIN, **m), known, 2, changed="name")
    assert verdict(lookup(1, Failure.NXDOMAIN), *HOME, *made, **DNS).reason is Reason.BUDGET


def test_what_was_sent_in_no_known_place_has_a_mechanism_without_a_trigger():
    """No record of ours is so; a mechanism that ends in nothing would be none of METHOD 2."""

    def subject(number, **more):
        return lookup(number, ["198.51.100.7"], DARK, **more)

    def harmless(number, **more):
        answers = ["198.51.100.7"] if more.get("bystander") else Failure.TIMEOUT
        return lookup(number, answers, OTHER if more.get("bystander") else DARK, HARMLESS, **more)

    own = [lookup(number, ["198.51.100.7"], "system") for number in range(1, 8)]
    told = verdict(
        *own,
        subject(8, pair=1),
        *pairs(subject, harmless, 2, changed="name", gap=1.0),
        experiment="domain",
        target=SITE,
    )
    assert (told.outcome, told.mechanisms) == (Outcome.BLOCKED, ("dns.injection",))
