"""What one outer name amounts to, trial by trial; whole conversations are in the playbooks."""

import msgspec
import pytest

from hushmap.detect import Hiding, Reaction, ech_doubt, judge, without_ech
from hushmap.model import (
    Ask,
    Connect,
    Context,
    Failure,
    Handshake,
    Knowledge,
    Layer,
    Outcome,
    Reason,
    Record,
    Role,
    Trial,
    Void,
)

NAME, HARMLESS, OURS = "outer.example", "www.baseline-a.example", "203.0.113.10"
CONTEXT = Context(helper=OURS)
SUBJECT = Ask(layer=Layer.TLS, address=OURS, port=8443, sni=NAME, verify=False, hello="browser")
PLAIN = without_ech(SUBJECT)
BESIDE = msgspec.structs.replace(SUBJECT, sni=HARMLESS)
CUT = Failure.RESET


def shaken(number, ask=SUBJECT, failure=None, *, t0=0.0, **more):
    """A handshake after a connection that stood."""
    connect = Connect(t0=t0, t=t0, address=ask.address, port=ask.port)
    step = Handshake(t0=t0, t=t0 + 0.1, address=ask.address, port=ask.port, sni=ask.sni, failure=failure)
    return Trial(id=number, ask=ask, steps=(connect, step), t0=t0, t=t0 + 0.1, **more)


def pairs(first, ask, failures, changed="ech"):
    """Bracketed pairs about `ask`, a minute apart; one for each failure."""
    twin = without_ech(ask) if changed == "ech" else msgspec.structs.replace(ask, sni=HARMLESS)
    made = []
    for number, failure in enumerate(failures):
        at, about = 40.0 * number, {"pair": first + number, "changed": changed, "round": 1}
        base = {"role": Role.BASELINE, **about}
        ids = first + 10 * number
        made += [shaken(ids, twin, t0=at, **base), shaken(ids + 1, ask, failure, t0=at + 1, **about)]
        if failure is not None:
            made.append(shaken(ids + 2, PLAIN, t0=at + 2, bystander=True, **base))
    return made


def seen(*trials, context=CONTEXT, target=NAME):
    """The verdict of these trials, and what they show."""
    record = Record(
        id="r", run="r", experiment="ech", target=target, started="", ended="", run_started="", context=context,
        trials=trials,
    )  # fmt: skip
    return judge(record, Knowledge()), Hiding(record, Knowledge())


HIT = shaken(1, failure=CUT)
INTERFERED = pairs(100, SUBJECT, [CUT] * 8)
CLEAN = pairs(100, SUBJECT, [None] * 8)


@pytest.mark.parametrize(
    ("trials", "context", "reason"),
    [
        ((), CONTEXT, Reason.NO_RULE),
        ((), Context(), Reason.NO_HELPER),
        ((), Context(budget_spent=True), Reason.BUDGET),
        ((), Context(helper=OURS, voids=(Void(trial=9, reason="network_lost"),)), Reason.NETWORK_LOST),
        ((Trial(id=1, ask=SUBJECT, undone="unsupported"),), CONTEXT, Reason.NO_ECH),
    ],
)
def test_without_an_attempt_nothing_is_said(trials, context, reason):
    """Why there is none decides the reason; one is that what sends such hellos is not installed."""
    verdict, _ = seen(*trials, context=context)
    assert (verdict.outcome, verdict.reason, verdict.rule) == (Outcome.INSUFFICIENT, reason, "ech.nothing-counted")


def test_behind_a_portal_nothing_is_said():
    """A sign-in page answers in place of the network."""
    verdict, _ = seen(shaken(1), context=msgspec.structs.replace(CONTEXT, portal=True))
    assert (verdict.reason, verdict.rule) == (Reason.CAPTIVE_PORTAL, "ech.portal")


def test_a_name_is_what_was_sent_not_how_a_list_spells_it():
    """A name in another script goes out in ASCII."""
    _, found = seen(shaken(1), target="Outer.example")
    assert found.name == NAME
    assert [found.says(trial) for trial in found.attempts] == [Reaction.PASSED]


@pytest.mark.parametrize(
    ("beside", "facts"),
    [
        ((), {"hidden": "decoy"}),
        (pairs(500, BESIDE, [CUT] * 8), {"hidden": "decoy", "outer": "any"}),
        (pairs(500, BESIDE, [None] * 8), {"hidden": "decoy", "outer": "this"}),
        (pairs(500, BESIDE, [CUT]), {"hidden": "decoy"}),
    ],
    ids=["not asked", "any", "this", "open"],
)
def test_the_extension_is_why_and_beside_which_names(beside, facts):
    """Of names nothing is said before pairs with a harmless one decided."""
    verdict, found = seen(HIT, *INTERFERED, *beside)
    assert (verdict.outcome, verdict.mechanisms, verdict.facts) == (Outcome.BLOCKED, ("tls.reset.ech",), facts)
    open_yet = ech_doubt(found, SUBJECT, BESIDE)
    assert (open_yet is None) is ("outer" in facts)
    assert ech_doubt(found, SUBJECT, None) is None, "without a harmless name there is nothing more to ask"


def test_a_clean_test_is_no_doubt_and_is_not_put_to_other_names():
    """The hit was chance; the real one was not asked about, so that all is not said."""
    verdict, found = seen(HIT, *CLEAN)
    assert found.passed("browser")
    assert not found.passed("browser-ech")
    assert ech_doubt(found, SUBJECT, BESIDE) is None
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.BUDGET)


def test_a_name_that_was_cut_without_the_extension_is_asked_about_first():
    """By pairs that change the name; if they are clean, that was chance, and the extension has its turn."""
    bare = shaken(2, PLAIN, CUT)
    _, found = seen(HIT, bare)
    assert found.suspect
    assert (ech_doubt(found, SUBJECT, BESIDE).changed, ech_doubt(found, SUBJECT, BESIDE).subject) == ("sni", PLAIN)
    _, found = seen(HIT, bare, *pairs(100, PLAIN, [None] * 8, "sni"))
    assert ech_doubt(found, SUBJECT, BESIDE).changed == "ech"
    verdict, found = seen(HIT, bare, *pairs(100, PLAIN, [CUT] * 8, "sni"))
    assert ech_doubt(found, SUBJECT, BESIDE) is None
    assert (verdict.mechanisms, verdict.rule, verdict.facts) == (
        ("tls.reset.sni",), "ech.name", {"baseline": HARMLESS},
    )  # fmt: skip


def test_twins_that_keep_failing_make_the_name_suspect():
    """Three in a row without the extension, though the first such attempt had passed."""
    twins = [shaken(n, PLAIN, CUT, role=Role.BASELINE, pair=n, changed="ech") for n in (10, 11, 12)]
    _, found = seen(HIT, shaken(2, PLAIN), *twins)
    assert found.suspect
    _, found = seen(HIT, shaken(2, PLAIN), *twins[:2])
    assert not found.suspect
    _, found = seen(HIT, shaken(2, PLAIN), *twins, *pairs(100, SUBJECT, [CUT]))
    assert not found.suspect


def test_what_is_no_handshake_is_not_read():
    """A damaged record may hold anything: of requests and lookups nothing is said here."""
    odd = msgspec.structs.replace(SUBJECT, layer=Layer.RAW)
    verdict, found = seen(HIT, *pairs(100, odd, [CUT] * 8))
    assert (found.tests, found.trials[0]) == ((), HIT)
    assert verdict.rule == "ech.budget"


def test_a_share_that_loss_does_not_explain_is_partial():
    """Half of the hellos are cut, which decides neither way, and is no chance."""
    verdict, _ = seen(HIT, *pairs(100, SUBJECT, [CUT, None] * 7))
    assert (verdict.outcome, verdict.rule) == (Outcome.BLOCKED, "ech.partial")
    assert verdict.extent.partial
