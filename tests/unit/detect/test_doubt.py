"""Tests of hushmap.detect.doubt."""

import msgspec
import pytest

from hushmap.detect.doubt import Doubt, doubts, root_of, same_elsewhere, stuck
from hushmap.detect.sight import Leg
from hushmap.model import Ask, Context, Failure, Fingerprint, Knowledge, Layer, Page, Role, Side
from trials import CONTEXT, DARK, HARMLESS, ISP, NAME, NOTHING, OTHER, OURS, SITE, loaded, lookup, pairs, shaken

THERE, EDGE = Side.HELPER, "198.51.100.8"
SECURE, PLAIN, DEEP = f"https://{NAME}/", f"http://{NAME}/", f"http://{NAME}/x?y"
WORKS = [loaded(90, side=THERE), lookup(91, (SITE,), side=THERE)]


def leg(*trials, url=SECURE, context=CONTEXT):
    """What these trials show of the host."""
    return Leg(NAME, url, trials, context, NOTHING)


def changed(*trials, **more):
    """Which questions are open."""
    return [doubt.changed for doubt in doubts(leg(*trials, **more))]


def clean(subject, harmless, change, first=1000):
    """Four pairs in which nothing happened to the subject."""
    made = pairs(subject, harmless, 4, changed=change, first=first)
    return [trial for trial in made if not trial.bystander]


@pytest.mark.parametrize(
    ("trial", "url", "questions"),
    [
        (loaded(1), SECURE, []),
        (loaded(1, Failure.RESET, at="handshake"), SECURE, ["sni"]),
        (loaded(1, Failure.TIMEOUT, at="connect"), SECURE, ["address"]),
        (loaded(1, Failure.TIMEOUT), SECURE, ["site"]),
        (loaded(1, Failure.RESET, url=PLAIN), PLAIN, ["host"]),
        (loaded(1, Failure.RESET, url=DEEP), DEEP, ["path"]),
        (loaded(1, Failure.INVALID_HOSTNAME, at="handshake"), SECURE, []),
        (loaded(1, Failure.PERMISSION_DENIED, at="connect"), SECURE, []),
        (
            msgspec.structs.replace(loaded(1, Failure.RESET), steps=loaded(1, Failure.RESET).steps[2:]),
            SECURE,
            ["address"],
        ),
    ],
)
def test_how_a_page_load_failed_raises_the_question_that_would_settle_it(trial, url, questions):
    """The step that failed says what to change; a certificate and a failure of this computer raise none."""
    works = [
        msgspec.structs.replace(t, ask=msgspec.structs.replace(t.ask, url=url)) if t.ask.url else t for t in WORKS
    ]
    assert changed(trial, *works, url=url) == questions


def test_without_anybody_who_gets_through_an_address_is_no_question():
    """Nor where the helper met the same failure there; RST and FIN are one class."""
    failed = loaded(1, Failure.TIMEOUT, at="connect")
    assert changed(failed) == ["retry"], "another attempt costs nothing but itself"
    assert changed(failed, loaded(2, Failure.TIMEOUT, at="connect", side=THERE), *WORKS[1:]) == []
    here, there = loaded(1, Failure.RESET), loaded(2, Failure.EOF, side=THERE)
    assert same_elsewhere(leg(here, there), here)
    assert not same_elsewhere(leg(here), here)
    assert not same_elsewhere(leg(here, loaded(2, Failure.RESET, at="handshake", side=THERE)), here)


def test_one_name_is_asked_about_at_one_address_and_each_address_for_itself():
    """A second address that cuts the name adds nothing; a second that is silent does, unless the page loads."""
    cut = [loaded(1, Failure.RESET, at="handshake"), loaded(2, Failure.RESET, EDGE, at="handshake")]
    assert changed(*cut, *WORKS) == ["sni"]
    silent = [loaded(1, Failure.TIMEOUT, at="connect"), loaded(2, Failure.TIMEOUT, EDGE, at="connect")]
    there = [loaded(91, address="198.51.100.9", side=THERE)]
    assert changed(*silent, *there) == ["address", "address"]
    assert changed(lookup(3, (SITE, "198.51.100.9")), *silent, *there, loaded(4, address="198.51.100.9")) == []


def test_a_decided_question_is_closed_and_a_clean_one_leads_to_the_next():
    """Clean pairs: the next question or another attempt, up to three; interference: nothing more."""

    def cut(number, **more):
        return loaded(number, Failure.RESET, url=PLAIN, **more)

    def passed(number, **more):
        return loaded(number, url=PLAIN, **more)

    failed = loaded(1, Failure.RESET, url=DEEP)
    hits = pairs(cut, passed, 5, changed="host")
    assert changed(failed, *hits, url=DEEP) == []
    calm = clean(passed, passed, "host")
    assert changed(failed, *calm, url=DEEP) == ["path"]
    calm += clean(lambda n, **more: loaded(n, url=DEEP, **more), passed, "path", first=2000)
    again = [msgspec.structs.replace(failed, id=9000 + n) for n in range(2)]
    assert changed(failed, *calm, msgspec.structs.replace(failed, id=9999), url=DEEP) == ["retry"]
    assert changed(*calm, failed, *again, msgspec.structs.replace(failed, id=9999), url=DEEP) == []


def test_a_server_that_lets_no_baseline_pass_is_asked_about_at_ours():
    """After three baselines that failed there the doubt is stuck; our own answer, either way, closes it."""
    failed = loaded(1, Failure.RESET, at="handshake")
    lost = [shaken(n, Failure.RESET, sni=HARMLESS, role=Role.BASELINE, pair=n, changed="sni") for n in (10, 11, 12)]
    (doubt,) = doubts(leg(failed, *lost, *WORKS))
    assert doubt.stuck
    assert not stuck(leg(failed, *lost[:2]), doubt.subject, "sni")

    def ours(number, **more):
        return shaken(number, address=OURS, **more)

    def harmless(number, **more):
        return shaken(number, address=OURS, sni=HARMLESS, **more)

    calm = clean(ours, harmless, "sni")
    assert changed(failed, *lost, *WORKS, *calm) == ["retry"]
    hits = pairs(lambda n, **more: shaken(n, Failure.RESET, OURS, **more), harmless, 5, changed="sni")
    assert changed(failed, *lost, *WORKS, *hits) == []


def test_an_answer_from_a_dark_address_is_a_question_until_a_harmless_name_gets_one_too():
    """Then it is a proxy."""
    forged = lookup(1, (SITE,), resolver=DARK)
    (doubt,) = doubts(leg(forged))
    assert (doubt.changed, doubt.subject.resolver, doubt.subject.qtype) == ("name", DARK, "A")
    assert changed(lookup(1, Failure.TIMEOUT, resolver=DARK)) == []
    assert changed(forged, lookup(2, (SITE,), resolver=DARK, name=HARMLESS, role=Role.BASELINE)) == []
    assert changed(forged, context=Context()) == []


def test_a_resolver_that_fails_is_a_question_where_the_name_exists():
    """By a certificate; asked for as IPv6 where only that is known; the cached word of the system counts last."""
    failed = lookup(1, Failure.NXDOMAIN)
    assert changed(failed) == []
    assert changed(failed, lookup(2, (SITE,), side=THERE)) == []
    (doubt,) = doubts(leg(failed, *WORKS))
    assert doubt == Doubt(changed="name", subject=Ask(layer=Layer.DNS, name=NAME, qtype="A", resolver=ISP))
    six = [loaded(2, address="2001:db8::7", side=THERE), lookup(3, ("2001:db8::7",), side=THERE)]
    (six,) = doubts(leg(failed, *six))
    assert six.subject.qtype == "AAAA"
    both = [failed, lookup(2, Failure.NXDOMAIN, resolver="system")]
    assert [doubt.subject.resolver for doubt in doubts(leg(*both, *WORKS))] == [ISP]
    assert [doubt.subject.resolver for doubt in doubts(leg(both[1], *WORKS))] == ["system"]
    assert changed(lookup(1, ("10.0.0.1",)), *WORKS) == ["name"]
    assert changed(lookup(1, ("10.0.0.1", SITE)), *WORKS) == []


def test_a_resolver_that_is_down_is_left_alone():
    """Three harmless names that it did not answer either."""
    fields = {"name": HARMLESS, "role": Role.BASELINE, "changed": "name"}
    lost = [lookup(n, Failure.TIMEOUT, pair=n, **fields) for n in (10, 11, 12)]
    assert changed(lookup(1, Failure.TIMEOUT), *WORKS, *lost[:2]) == ["name"]
    assert changed(lookup(1, Failure.TIMEOUT), *WORKS, *lost) == []


def test_a_lookup_whose_pairs_came_out_clean_is_repeated_three_times():
    """One lost answer is no state of a resolver."""

    def told(number, **more):
        return lookup(number, (SITE,), **more)

    def harmless(number, **more):
        return lookup(number, (EDGE,), name=HARMLESS, **more)

    calm = clean(told, harmless, "name")
    failed = lookup(1, Failure.TIMEOUT)
    assert changed(failed, *WORKS, *calm) == ["retry"]
    again = [msgspec.structs.replace(failed, id=9000 + n) for n in range(3)]
    assert changed(failed, *again, *WORKS, *calm) == []


@pytest.mark.parametrize("url", [DEEP, PLAIN, f"http://{NAME}"])
def test_the_front_page_of_an_origin(url):
    """Whatever followed the host is cut."""
    assert root_of(url) == PLAIN


def test_a_lookup_that_nobody_heard_here_is_repeated():
    """The helper has an answer and here every resolver is silent: an outage, as a rule. Not where the helper is too."""
    unheard = [lookup(1, Failure.TIMEOUT), lookup(2, Failure.TIMEOUT, resolver=OTHER, changed="resolver")]
    assert changed(*unheard, lookup(91, (SITE,), side=THERE)) == ["retry"]
    assert changed(*unheard, lookup(91, Failure.TIMEOUT, side=THERE)) == []
    assert changed(lookup(1, Failure.NXDOMAIN), lookup(91, (SITE,), side=THERE)) == []
    tries = [lookup(number, Failure.TIMEOUT) for number in range(1, 5)]
    assert changed(*tries, lookup(91, (SITE,), side=THERE)) == []


def test_a_forger_on_the_path_leaves_no_question_about_a_resolver():
    """Pairs at the resolver would ask about the same lie."""
    lies = [lookup(1, ("10.0.0.1",)), lookup(2, ("10.0.0.1",), resolver=DARK)]
    asked = [doubt.subject.resolver for doubt in doubts(leg(*lies, *WORKS))]
    assert asked == [DARK]


def test_a_page_that_was_arriving_asks_no_names():
    """It began, and stopped or was too slow: only repeats."""
    load = loaded(1, Failure.TIMEOUT)
    for curve, questions in ((((0.1, 1400), (0.2, 16_384)), ["retry"]), (((0.1, 700),), ["site"])):
        fetch = msgspec.structs.replace(load.steps[-1], curve=curve)
        assert changed(msgspec.structs.replace(load, steps=(*load.steps[:-1], fetch)), *WORKS) == questions


@pytest.mark.parametrize("how", ["foreign", "ours", "notice", "failed", "same"])
def test_a_page_that_differs_is_asked_for_at_our_echo(how):
    """Only over plain HTTP, once whole, without a known notice, and until our own address gave an answer."""
    there = loaded(90, url=PLAIN, side=THERE)
    page = Page(status=403, title="No", body_sha256="cc", body_length=3)
    trials = {
        "foreign": [loaded(1, page, url=PLAIN)],
        "failed": [loaded(1, page, url=PLAIN), loaded(2, Failure.RESET, url=PLAIN)],
        "same": [loaded(1, url=PLAIN)],
        "notice": [loaded(1, Page(status=200, title="Blocked by law"), url=PLAIN)],
        "ours": [
            loaded(1, page, url=PLAIN),
            *pairs(
                lambda number, **more: loaded(number, page, OURS, PLAIN, **more),
                lambda number, **more: loaded(number, address=OURS, url=f"http://{HARMLESS}/", **more),
                2,
                changed="host",
            ),
        ],
    }[how]
    marks = Knowledge(fingerprints=(Fingerprint(id="law", where="title", pattern="Blocked by law"),))
    seen = Leg(NAME, PLAIN, (*trials, there, lookup(91, (SITE,), side=THERE), lookup(92, (SITE,))), CONTEXT, marks)
    stuck_ones = [doubt.changed for doubt in doubts(seen) if doubt.stuck]
    assert stuck_ones == (["host"] if how == "foreign" else [])


@pytest.mark.parametrize(("url", "question"), [(PLAIN, []), (DEEP, ["path"])])
def test_where_every_host_is_answered_for_at_our_echo_only_a_path_is_left_to_ask_about(url, question):
    """Three harmless hosts that were answered by somebody else: no pair about the host can count there."""
    page = Page(status=403, title="No", body_sha256="cc", body_length=3)
    twins = [
        loaded(10 + n, page, OURS, f"http://{HARMLESS}/", role=Role.BASELINE, pair=n, changed="host", round=1)
        for n in range(1, 4)
    ]
    there = [loaded(90, url=url, side=THERE), lookup(91, (SITE,), side=THERE), lookup(92, (SITE,))]
    seen = leg(loaded(1, page, url=url), *there, *twins, url=url)
    assert [doubt.changed for doubt in doubts(seen) if doubt.stuck] == question
