"""Tests of hushmap.experiments.questioning; whole conversations are tested with the experiments that share it."""

import pytest

from hushmap.experiments import open_inquiry
from hushmap.experiments.questioning import MOST_SILENT, Questioning
from hushmap.lab.censors.parameters import Censor
from hushmap.model import IDS_PER_TARGET, Connect, Failure, Place, Target, Void, trial_of
from planted import CANARY, Planted
from worded import Worded
from worlds import conditions

WORDS = Target(experiment="screen", text="words", place=Place.HTTP_PATH, words=("kw-alpha", "kw-beta"))


def calibrated():
    """A run that knows its place."""
    run = Planted(Worded(censors=(Censor(kind="url-reset", words=(CANARY,), every_port=True, residual_s=90.0),)))
    run.calibrate(Place.HTTP_PATH)
    return run


def opened(run, target=WORDS):
    """An inquiry of a run, and its first attempt."""
    inquiry = open_inquiry(target, run.given, 5 * IDS_PER_TARGET)
    (attempt,) = inquiry.ask(run.f0)
    return inquiry, attempt


def answered(run, inquiry, attempt):
    """The attempt as the network answers it."""
    steps = run.world.steps(attempt.ask, attempt.side)
    inquiry.tell(trial_of(attempt, steps, t0=run.world.now, t=max(step.t for step in steps)))


def test_a_control_comes_before_every_fourth_question():
    """A harmless text of the same place and length, on a port of ours."""
    run = calibrated()
    inquiry, first = opened(run)
    kinds = []
    attempt = first
    while attempt is not None:
        kinds.append(attempt.changed)
        answered(run, inquiry, attempt)
        attempt = next(iter(inquiry.ask(run.f0)), None)
    assert kinds[:2] == ["control", "question"]
    assert all(kinds[at] == "control" for at in range(0, len(kinds), 5))
    assert len(first.ask.url) == len(inquiry.trials[1].ask.url)


def test_an_answer_that_turns_out_not_to_count_is_asked_for_on_another_port():
    """The port may be held against us for what somebody else sent."""
    run = calibrated()
    inquiry, control = opened(run)
    answered(run, inquiry, control)
    (question,) = inquiry.ask(run.f0)
    answered(run, inquiry, question)
    inquiry.void((Void(trial=question.id, reason="residual"),))
    (again,) = inquiry.ask(run.f0)
    assert again.changed == "question"
    assert again.ask.port != question.ask.port
    assert again.round == question.round + 1


def test_attempts_that_say_nothing_are_made_at_growing_gaps_and_end():
    """A port that refuses says nothing of words."""
    run = calibrated()
    inquiry, attempt = opened(run)
    gaps, last = [], 0.0
    while attempt is not None:
        t0 = max(last, attempt.not_before)
        gaps.append(t0 - last)
        steps = (Connect(t0=t0, t=t0, address=attempt.ask.address, port=attempt.ask.port, failure=Failure.REFUSED),)
        inquiry.tell(trial_of(attempt, steps, t0=t0, t=t0))
        last, attempt = t0, next(iter(inquiry.ask(run.f0)), None)
    assert len(gaps) == MOST_SILENT
    assert gaps[1:] == sorted(gaps[1:])
    assert sum(gaps) > 180
    assert inquiry.done


def test_a_journal_that_is_told_again_leads_to_the_same_question():
    """What an inquiry knows follows from its trials alone."""
    run = calibrated()
    inquiry, attempt = opened(run)
    for _ in range(4):
        answered(run, inquiry, attempt)
        attempt = inquiry.ask(run.f0)[0]
    other = open_inquiry(WORDS, run.given, 5 * IDS_PER_TARGET)
    for trial in inquiry.trials:
        other.tell(trial)
    (same,) = other.ask(run.f0)
    assert (same.ask, same.changed, same.round) == (attempt.ask, attempt.changed, attempt.round)


def test_names_have_no_empty_labels_and_no_hyphen_at_an_end():
    """Parts of a name are names again."""
    target = Target(experiment="isolate", text="some.left-part.name", place=Place.TLS_SNI)
    inquiry = open_inquiry(target, conditions(), IDS_PER_TARGET)
    assert inquiry.joined(["", "left-", ".name."]) == "leftx.name"
    assert inquiry.joined(["-"]) == "x"
    assert inquiry.joined(["."]) == "h"
    assert inquiry.padded("left", 100).count(".") >= 2
    assert max(map(len, inquiry.padded("left", 100).split("."))) <= 63


def test_a_place_without_a_port_of_ours_is_not_asked():
    """No echo of that kind."""
    run = Planted(Worded(), conditions(echo_http=None))
    inquiry = open_inquiry(WORDS, run.given, IDS_PER_TARGET)
    assert inquiry.ask(run.f0) == ()
    assert inquiry.done


def test_a_game_that_never_ends_is_ended(monkeypatch):
    """What needs so many questions is fooled by what it asks."""
    monkeypatch.setattr("hushmap.experiments.questioning.MOST_QUESTIONS", 0)
    inquiry = open_inquiry(WORDS, conditions(), IDS_PER_TARGET)
    assert inquiry.ask(0.05) == ()
    assert inquiry.done


def test_what_a_place_cannot_hold_is_not_asked():
    """A label of a name has 63 letters."""
    target = Target(experiment="isolate", text="a" * 70, place=Place.TLS_SNI)
    assert open_inquiry(target, conditions(), IDS_PER_TARGET).ask(0.05) == ()


@pytest.mark.parametrize("method", [Questioning.begin, Questioning.read, Questioning.text_of, Questioning.unsettled])
def test_a_game_is_given_by_who_plays_it(method):
    """The base knows none."""
    with pytest.raises(NotImplementedError):
        method(None, None)
