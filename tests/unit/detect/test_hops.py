"""The rules of the `hops` experiment, on ways made by hand; whole networks are in tests/unit/experiments/test_hops.py."""

import msgspec
import pytest

from hopped import BOTH, DATA, RESET, SILENT, SITE, TABLE, TOLD, Made, cut, router
from hushmap.detect import judge, say
from hushmap.detect.hops import Hopping
from hushmap.model import (
    Connect,
    Evidence,
    Failure,
    Handshake,
    Knowledge,
    Layer,
    Outcome,
    Reason,
    Role,
    Side,
    Void,
    Where,
)


def verdict(made, **context):
    """What is said of it."""
    return judge(made.record(**context), Knowledge())


def there(made, failure=None):
    """What comes of the whole attempt from the helper, from any port."""
    ask = next(trial.ask for trial in made.trials if trial.ask.ttl is None)
    ended = failure if made.layer is Layer.TCP else None
    steps = [Connect(t0=0, t=0.1, address=SITE, port=443, failure=ended)]
    if made.layer is not Layer.TCP:
        steps.append(Handshake(t0=0, t=0.1, address=SITE, port=443, failure=failure))
    made.add(msgspec.structs.replace(ask, source_port=None), tuple(steps), side=Side.HELPER)
    return made


def test_losses_behind_a_hop_are_blocked_there():
    """Controlled: with the name lost, with a harmless one not, on the same hops; the sentence names both."""
    record = cut(SILENT).record()
    said = judge(record, Knowledge())
    assert (said.outcome, said.evidence, said.rule, said.where) == (
        Outcome.BLOCKED, Evidence.CONTROLLED, "hops.link", Where.PATH
    )  # fmt: skip
    assert (said.mechanisms, said.counts.subject) == (("tls.timeout.sni",), (6, 6))
    assert f"between {router(3)} (hop 3) and {router(4)} (hop 4) of 7" in say(said, record).sentence
    assert "数据包本身没有再向前" in say(said, record, "zh").sentence


def test_answers_in_the_place_of_a_target_out_of_reach_are_proof():
    """Three of them are direct evidence, wherever the losses of the line stand."""
    said = verdict(cut(BOTH, votes=8))
    assert (said.outcome, said.evidence, said.facts["manner"]) == (Outcome.BLOCKED, Evidence.DIRECT, "on-path")
    assert verdict(cut(RESET, votes=8)).evidence is Evidence.DIRECT


def test_losses_that_are_not_decided_are_insufficient():
    """Too few of them."""
    said = verdict(cut(SILENT, votes=4))
    assert (said.outcome, said.reason) == (Outcome.INSUFFICIENT, Reason.BUDGET)


def test_before_the_first_router_it_may_be_this_computer():
    """Between hop 0 and hop 1 lies one's own network."""
    made = Made()
    made.whole(Failure.RESET)
    made.sweep(7)
    for ttl in (1, 1, 1, 1, 2, 3, 4):
        made.probe(ttl, RESET)
    said = verdict(made)
    assert (said.outcome, said.where, said.facts["hop_from"]) == (Outcome.BLOCKED, Where.HOST, "0")


@pytest.mark.parametrize("what", [SILENT, RESET])
def test_at_the_targets_own_door_nobody_is_blamed(what):
    """It may be the target itself."""
    made = Made()
    made.whole(Failure.TIMEOUT if what == SILENT else Failure.RESET)
    made.sweep(4)
    for ttl in (1, 2, *(3,) * 9, *(4,) * 6):
        made.probe(ttl, what if ttl == 4 else TOLD, before=DATA if ttl == 4 else TOLD)
    said = verdict(there(made))
    assert (said.outcome, said.rule, said.facts["hop_to"]) == (Outcome.UNREACHABLE, "hops.open", "4")
    assert (said.evidence, said.mechanisms) == (
        Evidence.COMPARISON, ("tls.timeout" if what == SILENT else "tls.reset",)
    )  # fmt: skip


@pytest.mark.parametrize(("hits", "outcome"), [(3, Outcome.UNREACHABLE), (2, Outcome.INSUFFICIENT)])
def test_what_is_cut_only_past_the_target_is_unreachable_at_most(hits, outcome):
    """A TTL is copied, or a server fails now and then: nothing is said of where."""
    made = Made()
    for _ in range(hits):
        made.whole(Failure.RESET)
    made.sweep(4)
    for ttl in (1, 2, 3, *(4,) * 9):
        made.probe(ttl, DATA if ttl == 4 else TOLD, before=DATA if ttl == 4 else TOLD)
    said = verdict(there(made))
    assert said.outcome is outcome
    assert outcome is Outcome.INSUFFICIENT or said.facts == {}


def test_a_copied_ttl_is_proof_without_a_place():
    """Forged answers, too soon to come from where they seem to."""
    made = cut(RESET)
    made.trials = [
        msgspec.structs.replace(
            trial,
            steps=tuple(msgspec.structs.replace(step, t=0.04) if step.reached else step for step in trial.steps),
        )
        if trial.pair is not None and trial.role is not Role.BASELINE
        else trial
        for trial in made.trials
    ]
    record = made.record()
    said = judge(record, Knowledge())
    assert (said.outcome, said.rule, said.facts) == (Outcome.BLOCKED, "hops.copied", {"copied": "1"})
    assert "where they were made is not shown" in say(said, record).sentence


def test_a_visit_that_got_through_is_ok():
    """Also where more got through than did not; a canary's is no other."""
    made = Made()
    made.whole(None)
    assert verdict(made).outcome is Outcome.OK
    made.whole(None)
    made.whole(Failure.RESET)
    assert (verdict(made).outcome, verdict(made).counts.subject) == (Outcome.OK, (1, 3))


def test_a_visit_that_sometimes_fails_is_not_decided_by_a_way():
    """As often cut as not, and cut nowhere on the way."""
    made = Made()
    made.whole(None)
    made.whole(Failure.RESET)
    made.sweep(4)
    said = verdict(made)
    assert (said.outcome, said.reason) == (Outcome.INSUFFICIENT, Reason.BUDGET)


def test_without_any_attempt_nothing_is_said():
    """And why there was none."""
    made = Made()
    assert verdict(made).reason is Reason.NO_RULE
    assert verdict(made, budget_spent=True).reason is Reason.BUDGET
    made.whole(None)
    assert verdict(made, voids=(Void(trial=1, reason="network_lost"),)).reason is Reason.NETWORK_LOST
    assert verdict(made, portal=True).reason is Reason.CAPTIVE_PORTAL


def test_without_a_way_a_cut_says_nothing_of_where():
    """No hop answered, or the target did not."""
    made = Made()
    made.whole(Failure.RESET)
    said = verdict(made)
    assert (said.outcome, said.reason, said.mechanisms) == (
        Outcome.INSUFFICIENT, Reason.NO_RULE, ("tls.reset",)
    )  # fmt: skip


def test_a_connection_alone_is_the_question_only_of_an_address():
    """A site is not there because its address answers."""
    made = Made()
    made.whole(None, Layer.TCP, "address")
    assert verdict(made).outcome is Outcome.INSUFFICIENT
    assert judge(made.record(f"https://{SITE}/"), Knowledge()).outcome is Outcome.OK


def test_a_silent_address_is_unreachable_unless_the_table_shows_that_it_is_lost_outside():
    """METHOD 1: a server that drops a whole country gives the same packets."""
    made = cut(SILENT, layer=Layer.TCP)
    made.probe(2, TOLD)
    there(made)
    assert (verdict(made).outcome, verdict(made).rule) == (Outcome.UNREACHABLE, "hops.open")
    record = made.record(prefixes=TABLE)
    said = judge(record, Knowledge())
    assert (said.outcome, said.rule, said.mechanisms) == (Outcome.BLOCKED, "hops.outside", ("tcp.timeout",))
    assert say(said, record).sentence.count("hop 3") == 1


@pytest.mark.parametrize(
    ("what", "more", "outcomes"),
    [
        (RESET, (Failure.REFUSED,), (Outcome.UNREACHABLE, Outcome.BLOCKED)),
        (RESET, (), (Outcome.INSUFFICIENT,) * 2),
        (SILENT, (Failure.TIMEOUT,), (Outcome.INSUFFICIENT,) * 2),
    ],
)
def test_an_address_that_passed_once_is_answered_for_or_nothing_is_said(what, more, outcomes):
    """A forged refusal may be late or lost; where packets are only lost, one that came through refutes a block."""
    made = cut(what, layer=Layer.TCP)
    made.probe(2, TOLD)
    made.whole(None, Layer.TCP, "address")
    for failure in more:
        made.whole(failure, Layer.TCP, "address")
    there(made)
    said = [judge(made.record(f"https://{SITE}/", prefixes=table), Knowledge()) for table in ((), TABLE)]
    assert tuple(one.outcome for one in said) == outcomes


@pytest.mark.parametrize(
    ("helper", "failures", "reason"),
    [
        (None, (), Reason.NO_HELPER),
        ("203.0.113.10", (), Reason.HELPER_SILENT),
        ("203.0.113.10", (Failure.TIMEOUT,), Reason.ONE_POINT),
    ],
)
@pytest.mark.parametrize("table", [(), TABLE])
def test_what_is_not_shown_to_work_elsewhere_is_neither_unreachable_nor_blocked(helper, failures, reason, table):
    """METHOD 1: an address that fails everywhere is cut off nowhere, whosever routers lie behind the link."""
    made = cut(SILENT, layer=Layer.TCP)
    made.probe(2, TOLD)
    for failure in failures:
        there(made, failure)
    said = verdict(made, prefixes=table, helper=helper)
    assert (said.outcome, said.rule, said.reason) == (Outcome.INSUFFICIENT, "hops.uncompared", reason)


def test_a_trigger_is_written_only_where_pairs_isolated_it():
    """A server that resets every name was sent only one whole."""
    made = Made()
    for _ in range(3):
        made.whole(Failure.RESET)
    made.sweep(4)
    for ttl in (1, 2, 3, *(4,) * 9):
        made.probe(ttl, RESET if ttl == 4 else TOLD, before=RESET if ttl == 4 else TOLD)
    assert verdict(there(made)).mechanisms == ("tls.reset",)
    assert verdict(cut(SILENT, votes=4)).mechanisms == ("tls.timeout",)
    assert verdict(cut(RESET)).mechanisms == ("tls.reset.sni",)


def test_behind_first_hops_that_say_nothing_the_place_is_not_known():
    """It may be this computer's own network or any other before the first router that answered."""
    made = Made()
    made.whole(Failure.RESET)
    made.sweep(9, silent=(1, 2, 3, 4))
    for _ in range(4):
        made.probe(5, RESET)
    said = verdict(made)
    assert (said.outcome, said.where) == (Outcome.BLOCKED, Where.UNKNOWN)
    assert (said.facts.get("hop_from"), said.facts["hop_to"]) == ("0", "5")


def test_another_names_certificate_is_no_visit_that_got_through():
    """A notice at a false address answers handshakes too, and none of the site's."""
    made = Made()
    made.whole(None)
    shown = tuple(
        msgspec.structs.replace(step, valid=False) if isinstance(step, Handshake) else step
        for step in made.trials[0].steps
    )
    made.trials[0] = msgspec.structs.replace(made.trials[0], steps=shown)
    assert (verdict(made).outcome, verdict(made).rule) == (Outcome.INSUFFICIENT, "hops.nothing-counted")


def injected(*, inside, harmless=False, asked=2, forged=2):
    """A lookup that was answered where no resolver is, harmless ones that met silence there, and its way."""
    made = Made(Layer.DNS)
    for _ in range(forged):
        made.whole(None)
    for _ in range(asked):
        trial = made.whole(Failure.TIMEOUT)
        made.trials[-1] = msgspec.structs.replace(trial, role=Role.BASELINE)
    if harmless:
        made.trials.append(msgspec.structs.replace(made.trials[0], id=99, role=Role.BASELINE))
    made.sweep(5)
    for ttl in (1, 2, *(3,) * 8):
        made.probe(ttl, BOTH if inside and ttl == 3 else TOLD)
    for _ in range(8):
        made.probe(4, BOTH if inside else TOLD)
        made.probe(2, TOLD)
    return made


def test_a_forged_lookup_is_proof_and_the_way_says_where():
    """Inside the way a link; else only that it was forged. Who answers for every name says nothing."""
    assert verdict(injected(inside=True)).rule == "hops.link"
    said = verdict(injected(inside=False))
    assert (said.rule, said.outcome, said.facts) == ("hops.injected", Outcome.BLOCKED, {"dark": "1"})
    said = verdict(injected(inside=False, asked=0))
    assert said.outcome is Outcome.INSUFFICIENT, "nothing harmless was asked there"
    said = verdict(injected(inside=True, harmless=True))
    assert (said.outcome, said.mechanisms) == (Outcome.INSUFFICIENT, ("dns.intercepted",))


@pytest.mark.parametrize(("asked", "forged"), [(1, 2), (2, 1), (1, 1)])
def test_one_harmless_question_may_be_lost_where_somebody_answers_every_one(asked, forged):
    """A provider that answers for all of port 53 is no censor of this name: twice each, or nothing is said."""
    said = verdict(there(injected(inside=False, asked=asked, forged=forged)))
    assert (said.outcome, said.rule) == (Outcome.INSUFFICIENT, "hops.budget")


def test_a_lookup_that_nobody_answered_leaves_the_question_to_the_visit():
    """Silence at an address without a resolver is as it should be."""
    made = Made(Layer.DNS)
    made.whole(Failure.TIMEOUT)
    assert verdict(made).outcome is Outcome.INSUFFICIENT
    made.whole(None, Layer.TLS)
    assert verdict(made).outcome is Outcome.OK


def test_an_end_without_a_name_has_no_mechanism():
    """What METHOD 2 has no word for."""
    made = Made(Layer.TCP)
    made.whole(Failure.EOF, changed="address")
    seen = Hopping(made.record(f"https://{SITE}/"), Knowledge())
    assert seen.hit
    assert seen.mechanisms == ()
    assert Hopping(Made().record(), Knowledge()).mechanisms == ()
    assert Hopping(Made().record(), Knowledge()).changed == ""
