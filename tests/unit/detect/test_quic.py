"""What one name over QUIC amounts to, trial by trial; whole conversations are in the playbooks."""

import msgspec
import pytest

from hushmap.detect import Silence, judge, quic_doubts
from hushmap.detect.quic import initial
from hushmap.model import (
    Answer,
    Ask,
    Connect,
    Context,
    Failure,
    Fetch,
    Handshake,
    Knowledge,
    Layer,
    Outcome,
    Page,
    Reason,
    Record,
    Resolve,
    Role,
    Side,
    Transport,
    Trial,
    Void,
)

SITE, A, B = "198.51.100.7", "203.0.113.81", "203.0.113.82"
NAME, NAME_A, NAME_B = "news.example", "www.baseline-a.example", "www.baseline-b.example"
HELPER = Context(helper="203.0.113.10")


def looked(number, *addresses, name=NAME, **answer):
    """A lookup of the site."""
    answers = (Answer(t=0.1, addresses=addresses, **answer),)
    step = Resolve(t0=0.0, t=0.1, resolver="system", name=name, qtype="A", answers=answers)
    return Trial(id=number, ask=Ask(layer=Layer.DNS, name=name, resolver="system"), steps=(step,))


def shaken(number, failure=None, address=SITE, sni=NAME, *, role=Role.SUBJECT, t0=0.0, valid=None, ask=None, **more):
    """A handshake over QUIC."""
    ask = ask or Ask(layer=Layer.TLS, transport=Transport.QUIC, address=address, port=443, sni=sni, verify=False)
    step = Handshake(
        t0=t0, t=t0 + 0.1, address=ask.address, port=443, transport=ask.transport, sni=ask.sni, failure=failure,
        spoke=failure is not Failure.TIMEOUT, valid=failure is None if valid is None else valid,
    )  # fmt: skip
    return Trial(id=number, ask=ask, steps=(step,), role=role, t0=t0, t=t0 + 0.1, **more)


def harmless(number, failure=None, address=A, sni=NAME_A, **more):
    """A harmless name at its own server."""
    return shaken(number, failure, address, sni, role=Role.BASELINE, **more)


def judged(*trials, context=HELPER, target=NAME):
    """The verdict of these trials, and what raised it."""
    record = Record(
        id="r", run="r", experiment="quic", target=target, started="", ended="", run_started="", context=context,
        trials=trials,
    )  # fmt: skip
    return judge(record, Knowledge()), Silence(record, Knowledge())


TIMEOUT = Failure.TIMEOUT


def test_without_a_handshake_nothing_is_said():
    """Why there is none decides the reason."""
    for context, reason in (
        (HELPER, Reason.NO_RULE),
        (Context(budget_spent=True), Reason.BUDGET),
        (Context(voids=(Void(trial=9, reason="network_lost"),)), Reason.NETWORK_LOST),
    ):
        verdict, _ = judged(looked(1, SITE), context=context)
        assert (verdict.outcome, verdict.reason, verdict.rule) == (
            Outcome.INSUFFICIENT,
            reason,
            "quic.nothing-counted",
        )


def test_behind_a_portal_nothing_is_said():
    """A sign-in page answers in place of the network."""
    context = msgspec.structs.replace(HELPER, portal=True)
    assert judged(looked(1, SITE), shaken(2), context=context)[0].reason is Reason.CAPTIVE_PORTAL


def test_a_site_by_url_or_by_name_is_the_same():
    """The host counts."""
    for target in (NAME, f"https://{NAME}/a"):
        verdict, seen = judged(looked(1, SITE), shaken(2), target=target)
        assert (verdict.outcome, seen.name) == (Outcome.OK, NAME)
        assert quic_doubts(seen) == ()


def test_a_handshake_with_another_ones_certificate_is_no_access():
    """Somebody answered, and it was not the site."""
    verdict, _ = judged(looked(1, SITE), shaken(2, valid=False), shaken(3, side=Side.HELPER))
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.NO_RULE)


def test_one_silence_beside_no_comparison_says_nothing():
    """Without a helper, and with one that did not answer."""
    assert judged(looked(1, SITE), shaken(2, TIMEOUT), context=Context())[0].reason is Reason.NO_HELPER
    assert judged(looked(1, SITE), shaken(2, TIMEOUT))[0].reason is Reason.HELPER_SILENT


@pytest.mark.parametrize(
    "sign",
    [
        looked(8, alpn=("h3", "h2")),
        Trial(
            id=8,
            ask=Ask(layer=Layer.HTTP, url=f"https://{NAME}/", address=SITE),
            steps=(
                Handshake(t0=0, t=1, address=SITE, port=443),
                Fetch(t0=0, t=1, url="", page=Page(status=200, headers=(("via", "x"), ("alt-svc", 'h3=":443"')))),
            ),
        ),
    ],
    ids=["https record", "alt-svc"],
)
def test_a_site_says_itself_that_it_speaks_quic(sign):
    """Then silence at the only comparison point decides nothing."""
    trials = looked(1, SITE), shaken(2, TIMEOUT), shaken(3, TIMEOUT, side=Side.HELPER), sign
    verdict, seen = judged(*trials)
    assert seen.advertised
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.ONE_POINT)
    assert judged(*trials[:3])[0].reason is Reason.NO_QUIC


def test_a_page_over_plain_http_says_nothing_of_quic():
    """Anybody on the way may have written it; and a page that did not come says nothing either."""
    page = Page(status=200, headers=(("alt-svc", 'h3=":443"'),))
    ask = Ask(layer=Layer.HTTP, url=f"http://{NAME}/", address=SITE)
    plain = Trial(id=8, ask=ask, steps=(Fetch(t0=0, t=1, url="", page=page),))
    cut = Trial(id=9, ask=ask, steps=(Handshake(t0=0, t=1, address=SITE, port=443), Fetch(t0=0, t=1, url="")))
    assert not judged(looked(1, SITE), shaken(2), plain, cut)[1].advertised


def test_three_silences_beside_an_answer_elsewhere_are_unreachable():
    """Fewer are a lossy line; and QUIC itself must work here."""
    elsewhere = shaken(9, side=Side.HELPER)
    silences = [shaken(number, TIMEOUT) for number in (2, 3, 4)]
    verdict, _ = judged(looked(1, SITE), *silences, elsewhere, harmless(10))
    assert (verdict.outcome, verdict.rule) == (Outcome.UNREACHABLE, "quic.unreachable")
    assert judged(looked(1, SITE), *silences[:2], elsewhere, harmless(10))[0].outcome is Outcome.INSUFFICIENT
    assert judged(looked(1, SITE), *silences, elsewhere)[0].outcome is Outcome.INSUFFICIENT


def pairs(first, subject, before, after, count, failure=TIMEOUT):
    """Bracketed pairs about one subject, in two blocks."""
    made = []
    for each in range(count):
        t0 = 100.0 * each
        common = {"pair": first + each, "changed": "transport" if before.transport is Transport.TCP else "sni"}
        number = 1000 * first + 10 * each
        made.append(opened(number, before, t0=t0, **common))
        made.append(shaken(number + 1, failure, ask=subject, t0=t0 + 1, **common))
        if failure is not None:
            made.append(opened(number + 2, after, t0=t0 + 20, bystander=True, **common))
    return made


def opened(number, ask, **more):
    """A baseline that passes, over TCP or QUIC."""
    trial = shaken(number, ask=ask, role=Role.BASELINE, **more)
    if ask.transport is not Transport.TCP:
        return trial
    return msgspec.structs.replace(trial, steps=(Connect(t0=0, t=0, address=ask.address, port=443), *trial.steps))


AT_SITE, AT_A = initial(SITE, NAME, 1.0), initial(A, NAME, 1.0)
OWN_A, OWN_B = initial(A, NAME_A, 1.0), initial(B, NAME_B, 1.0)
SURVEY = (looked(1, SITE), shaken(2, TIMEOUT), harmless(3), harmless(4, None, B, NAME_B))
SPOKE = shaken(5, side=Side.HELPER)


def test_the_name_is_blamed_at_two_servers_only():
    """At the site's alone its own server may be silent; undecided pairs say nothing."""
    at_site = pairs(1, AT_SITE, initial(SITE, NAME_A, 1.0), OWN_A, 6)
    at_a = pairs(20, AT_A, initial(A, NAME_B, 1.0), OWN_B, 6)
    verdict, _ = judged(*SURVEY, SPOKE, *at_site, *at_a)
    assert (verdict.rule, verdict.mechanisms) == ("quic.name", ("quic.timeout.sni",))
    assert verdict.facts["baseline"] == NAME_A
    verdict, seen = judged(*SURVEY, SPOKE, *at_site)
    assert verdict.rule == "quic.unreachable"
    assert [doubt.subject.address for doubt in quic_doubts(seen)] == [A]
    verdict, seen = judged(*SURVEY, SPOKE, *at_site[:6])
    assert verdict.rule == "quic.unreachable"
    assert [doubt.subject.address for doubt in quic_doubts(seen)] == [SITE]


def test_a_clean_answer_elsewhere_ends_the_questions():
    """The name passes at a server that does not know it: what is silent is the site's own."""
    at_site = pairs(1, AT_SITE, initial(SITE, NAME_A, 1.0), OWN_A, 6)
    at_a = pairs(20, AT_A, initial(A, NAME_B, 1.0), OWN_B, 8, failure=None)
    verdict, seen = judged(*SURVEY, SPOKE, *at_site, *at_a)
    assert (verdict.rule, quic_doubts(seen)) == ("quic.unreachable", ())


def test_one_silence_that_does_not_come_back_is_reached():
    """The pairs at the site's own server came out clean; before that nothing is said."""
    clean = pairs(1, AT_SITE, initial(SITE, NAME_A, 1.0), OWN_A, 8, failure=None)
    assert judged(*SURVEY, SPOKE, *clean)[0].rule == "quic.reached"
    verdict, seen = judged(*SURVEY, SPOKE, *clean[:4])
    assert (verdict.rule, verdict.reason) == ("quic.undecided", Reason.BUDGET)
    assert len(quic_doubts(seen)) == 1


def test_the_second_server_needs_a_third_for_its_bracket():
    """With one harmless server that speaks QUIC the name is not tried there."""
    at_site = pairs(1, AT_SITE, initial(SITE, NAME_A, 1.0), OWN_A, 6)
    _, seen = judged(*SURVEY[:3], SPOKE, *at_site)
    assert quic_doubts(seen) == ()


def test_all_of_quic_is_asked_where_a_harmless_server_speaks_it_elsewhere():
    """Two such servers, and pairs with TCP at one of them."""
    silence = (looked(1, SITE), shaken(2, TIMEOUT), harmless(3, TIMEOUT), harmless(4, TIMEOUT, B, NAME_B))
    there = (harmless(5, side=Side.HELPER), harmless(6, None, B, NAME_B, side=Side.HELPER))
    _, seen = judged(*silence, *there[:1])
    assert quic_doubts(seen) == ()
    _, seen = judged(*silence, *there)
    (doubt,) = quic_doubts(seen)
    assert (doubt.changed, doubt.subject.sni) == ("transport", NAME_A)
    tcp = msgspec.structs.replace(OWN_A, transport=Transport.TCP, dwell=None)
    other = msgspec.structs.replace(OWN_B, transport=Transport.TCP, dwell=None)
    verdict, seen = judged(*silence, *there, *pairs(1, OWN_A, tcp, other, 6))
    assert (verdict.rule, verdict.mechanisms, verdict.facts["servers"]) == ("quic.all", ("quic.all",), "3")
    assert quic_doubts(seen) == ()
