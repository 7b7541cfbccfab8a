"""Tests of hushmap.experiments.residual."""

import msgspec
import pytest

from hushmap.experiments import Baseline, open_inquiry
from hushmap.experiments.residual import CONTROLS, MAX_OF_RESIDUAL
from hushmap.model import Failure, Outcome, Reason, Role, Target, Void
from lingering import NAME, lingering, tired
from worlds import HELPER, Line, World, conditions, converse

ABOUT = Target(experiment="residual", text=NAME)


def told(world, **more):
    """The verdict and its facts about what lasts."""
    verdict, record = converse(world, ABOUT, **more)
    return verdict, record, verdict.facts


@pytest.mark.parametrize(
    ("scope", "seconds", "way"),
    [
        ("4-tuple", 60.0, Failure.RESET), ("4-tuple", 120.0, Failure.TIMEOUT), ("3-tuple", 90.0, Failure.RESET),
        ("3-tuple", 180.0, Failure.TIMEOUT), ("2-tuple", 20.0, Failure.RESET), ("2-tuple", 180.0, Failure.RESET),
    ],
)  # fmt: skip
def test_scope_and_duration_are_measured(scope, seconds, way):
    """The smallest tuple that stays blocked, and an interval that holds the truth."""
    verdict, record, facts = told(lingering(scope, seconds, way=way))
    assert (verdict.outcome, verdict.rule) == (Outcome.BLOCKED, "residual.measured")
    assert facts["lingers"] == scope
    slack = 10.0 if way is Failure.TIMEOUT else 1.0  # what begins with a silence begins somewhere in it
    assert int(facts["lingers_low"]) - slack <= seconds <= int(facts["lingers_high"]) + slack
    assert int(facts["looks"]) >= 3
    assert len(record.trials) <= MAX_OF_RESIDUAL
    assert sum(trial.ask.sni == NAME for trial in record.trials) <= 24


def test_where_nothing_follows_that_is_said():
    """Cut each time; three rounds of either kind, then pairs until the name is sure."""
    verdict, record, facts = told(lingering(seconds=0.0))
    assert (verdict.outcome, facts["lingers"]) == (Outcome.BLOCKED, "nothing")
    assert sum(trial.role is Role.SUBJECT for trial in record.trials) <= 6


def test_what_never_ends_is_longer_than_can_be_waited_for():
    """No upper end, and nothing is tried that could prolong it."""
    verdict, _, facts = told(lingering("4-tuple", 100_000.0))
    assert verdict.outcome is not Outcome.OK
    assert "lingers_high" not in facts


@pytest.mark.parametrize(
    ("renewed", "again", "probe"),
    [((), "same", "same"), (("trigger",), "longer", "same"), (("trigger", "flow"), "longer", "longer")],
)
def test_whether_trying_again_prolongs_it(renewed, again, probe):
    """The trigger once more, or a harmless flow, at six tenths of its time."""
    _, _, facts = told(lingering("2-tuple", 60.0, renewed=renewed))
    assert facts.get("after_again") in {again, None}
    assert facts.get("after_probe") in {probe, None}
    assert {"after_again", "after_probe"} & set(facts) or "flow" in renewed  # each look then begins it anew


def test_a_censor_that_spares_some_of_what_follows_is_measured_all_the_same():
    """Six of ten follow-ups are hit (refs/BEYOND 2.7)."""
    verdict, _, facts = told(lingering("3-tuple", 90.0, share=0.6))
    assert verdict.outcome is Outcome.BLOCKED
    assert facts.get("lingers", "3-tuple") == "3-tuple"
    if "lingers_low" in facts:
        assert int(facts["lingers_low"]) <= 95
        assert int(facts.get("lingers_high", 999)) >= 85


def test_a_name_that_passes_costs_one_contact():
    """Nothing lasts where nothing is cut."""
    verdict, record, _ = told(World())
    assert verdict.outcome is Outcome.OK
    assert sum(trial.role is Role.SUBJECT for trial in record.trials) == 1
    assert len(record.trials) == CONTROLS + 2


@pytest.mark.parametrize("seed", range(6))
def test_a_line_that_loses_packets_is_no_censor(seed):
    """Five in a hundred, in spells of seconds: never blocked, and nothing is said to last."""
    import random

    line = Line(rate=0.1, mean=8.0, rng=random.Random(seed))
    verdict, _, facts = told(World(line=line))
    assert verdict.outcome in {Outcome.OK, Outcome.INSUFFICIENT}
    assert "lingers" not in facts


@pytest.mark.parametrize(("flows", "seconds"), [(1, 3.0), (2, 5.0), (4, 10.0), (5, 30.0), (6, 60.0)])
def test_a_server_that_tires_of_flows_minds_no_name(flows, seconds):
    """What follows is cut after harmless names too, or nothing could be counted: no statement, and no accusation."""
    verdict, _, _ = told(tired(flows, seconds))
    assert verdict.outcome in {Outcome.OK, Outcome.INSUFFICIENT}


def test_without_controls_nothing_is_triggered():
    """A helper that cannot be reached at its port, and no helper at all."""
    dead = World(server=lambda ask, _side: Failure.REFUSED if ask.address == HELPER else None)
    verdict, record, _ = told(dead)
    assert (verdict.outcome, verdict.reason, verdict.rule) == (
        Outcome.INSUFFICIENT, Reason.NO_RULE, "residual.no-control",
    )  # fmt: skip
    assert {trial.role for trial in record.trials} == {Role.BASELINE}
    none = conditions(helper=False, helper_address=None, echo_tls=None, echo_http=None)
    verdict, record = converse(World(), ABOUT, none)
    assert (record.trials, verdict.reason) == ((), Reason.NO_HELPER)
    alone = conditions(baselines=(Baseline(name="www.baseline-a.example"),))
    assert converse(World(), ABOUT, alone)[1].trials == ()


def test_a_censor_that_does_not_always_fire_is_asked_on():
    """A pass among hits ends nothing; a first pass does."""
    turns = iter([True, False] * 50)
    verdict, record, _ = told(lingering("3-tuple", 30.0, fires=lambda: next(turns)))
    assert sum(trial.ask.sni == NAME for trial in record.trials) > 2
    assert verdict.outcome in {Outcome.BLOCKED, Outcome.INSUFFICIENT}


def test_a_round_with_a_void_trial_does_not_count_and_is_not_gone_on_with():
    """Another begins in its place, after what is under way has come back."""
    inquiry = open_inquiry(ABOUT, conditions(), 10_000)
    world = lingering()
    waiting = list(inquiry.ask(0.05))
    for _ in range(200):
        waiting.sort(key=lambda attempt: attempt.not_before)
        attempt = waiting.pop(0)
        world.now = max(world.now, attempt.not_before)
        steps = world.steps(attempt.ask, attempt.side)
        t0, world.now = world.now, max(step.t for step in steps) + 0.01
        fields = {name: getattr(attempt, name) for name in attempt.__struct_fields__}
        from hushmap.model import Trial

        trial = Trial(**fields, steps=steps, t0=t0, t=world.now)
        inquiry.tell(trial)
        if trial.role is Role.SUBJECT:
            inquiry.void((Void(trial=trial.id, reason="network_lost"),))
            break
        waiting += inquiry.ask(0.05)
    following = inquiry.ask(0.05)
    assert {attempt.pair for attempt in following} == {2}


def test_a_journal_is_gone_on_with_where_it_ended():
    """A fresh inquiry that is told half of a conversation asks what the old one asked next."""
    _, record, _ = told(lingering("3-tuple", 40.0))
    half = [trial for trial in record.trials if trial.pair is None or trial.pair < 6]
    again = open_inquiry(ABOUT, conditions(), 10_000)
    for trial in half:
        again.tell(trial)
    again.void(tuple(void for void in record.context.voids if any(trial.id == void.trial for trial in half)))
    (asked,) = again.ask(0.05)
    made = next(trial for trial in record.trials if trial.pair == 6)
    assert (asked.ask, asked.pair, asked.changed) == (made.ask, 6, made.changed)


def test_a_journal_is_gone_on_with_though_an_early_round_turned_out_void():
    """What is over stays over after a restart too: no round is made a second time, and the name not shown again."""
    _, record, _ = told(lingering("3-tuple", 40.0))
    made = [trial for trial in record.trials if trial.pair is None or trial.pair < 6]
    early = next(trial for trial in made if trial.pair == 1 and trial.role is Role.SUBJECT)
    again = open_inquiry(ABOUT, conditions(), 10_000)
    for trial in made:
        again.tell(trial)
    again.void((*record.context.voids, Void(trial=early.id, reason="network_lost")))
    assert all(attempt.pair >= 5 for attempt in again.ask(0.05))


def test_a_conversation_takes_the_same_name_in_any_spelling():
    """An IDN is asked for as a resolver would ask for it."""
    (first, *_) = open_inquiry(msgspec.structs.replace(ABOUT, text="Bücher.example"), conditions(), 1).ask(0.05)
    assert first.ask.source_port is not None
    assert 28_000 <= first.ask.source_port < 32_000
