"""Tests of hushmap.experiments.screen."""

from itertools import pairwise

import pytest

from hushmap.experiments.questioning import MOST_ASKED
from hushmap.lab.censors.parameters import Censor
from hushmap.model import Outcome, Place, Reason, Target
from planted import CANARY, Planted
from worded import Worded
from worlds import conditions

HARMLESS = tuple(f"kw-plain-{number}" for number in range(18))


def pack(*words, place=Place.HTTP_PATH, **more):
    """A pack of harmless words, and these among them."""
    every = (*HARMLESS[:9], *words, *HARMLESS[9:])[:20]
    return Target(experiment="screen", text="words.csv#1", place=place, words=every, **more)


def run_with(*censors, place=Place.HTTP_PATH, **more):
    """A run that has calibrated one place."""
    run = Planted(Worded(censors=censors, **more))
    run.calibrate(place)
    return run


@pytest.mark.parametrize(
    ("place", "kind"),
    [(Place.HTTP_PATH, "url-reset"), (Place.TLS_SNI, "sni-reset"), (Place.TCP_ANSWER, "answer-reset")],
)
def test_the_words_that_are_cut_off_are_found_and_no_others(place, kind):
    """Two of twenty, in fewer attempts than one by one; each alone in pairs, with its counts."""
    censor = Censor(kind=kind, words=(CANARY, "kw-alpha", "kw-beta"), every_port=True, residual_s=90.0)
    run = run_with(censor, place=place)
    verdict, record = run.judged(pack("kw-alpha", "kw-beta", place=place))
    assert (verdict.outcome, verdict.rule) == (Outcome.BLOCKED, "screen.found")
    assert {word for word, said in verdict.words.items() if said == "cut"} == {"kw-alpha", "kw-beta"}
    assert "open" not in verdict.words.values()
    assert {trigger.parts for trigger in verdict.triggers} == {("kw-alpha",), ("kw-beta",)}
    assert all(trigger.hits[0] >= 5 and trigger.harmless[0] == 0 for trigger in verdict.triggers)
    asked = [trial for trial in record.trials if trial.changed == "question"]
    assert len(asked) < 30
    assert len({trial.ask.port for trial in asked}) > 1, "what was hit rests while others are asked"


def test_a_clean_pack_takes_a_handful_of_attempts():
    """Where the canary fired, a pack that passes a few times holds no trigger."""
    run = run_with(Censor(kind="url-reset", words=(CANARY,), every_port=True))
    verdict, record = run.judged(pack("kw-gamma"))
    assert verdict.outcome is Outcome.OK
    assert set(verdict.words.values()) == {"passed"}
    assert len(record.trials) <= 8


def test_a_false_hit_that_was_outweighed_leaves_no_word_open():
    """On a line that loses one of fifty attempts, packs that hold nothing pass all the same."""
    run = run_with(Censor(kind="url-reset", words=(CANARY,), every_port=True), false=0.02)
    hits = 0
    for number in range(12):
        words = tuple(f"kw-plain-{number}-{place}" for place in range(20))
        verdict, record = run.judged(
            Target(experiment="screen", text=f"w#{number}", place=Place.HTTP_PATH, words=words)
        )
        assert (verdict.outcome, set(verdict.words.values())) == (Outcome.OK, {"passed"})
        hits += sum(trial.failed is not None for trial in record.trials if trial.changed == "question")
    assert hits


def test_where_no_canary_fired_words_are_asked_once_each_and_nothing_is_said():
    """Not triggered in n is not reachable."""
    run = run_with()
    verdict, record = run.judged(pack("kw-gamma"))
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.CANARY_FAILED)
    assert len([trial for trial in record.trials if trial.changed == "question"]) == 19


def test_a_word_that_is_cut_where_no_canary_fired_is_found_all_the_same():
    """Pairs decide, whatever was planted."""
    run = run_with(Censor(kind="url-reset", words=("kw-alpha",), every_port=True))
    verdict, _ = run.judged(pack("kw-alpha"))
    assert verdict.outcome is Outcome.BLOCKED
    assert [trigger.parts for trigger in verdict.triggers] == [("kw-alpha",)]


def test_a_filter_of_beginnings_is_asked_word_by_word():
    """Its canary did not fire at every position: a pack would hide what stands behind."""
    run = run_with(
        Censor(kind="payload-reset", words=(CANARY, "kw-alpha"), every_port=True, first_bytes=40),
        place=Place.TCP_PAYLOAD,
    )
    verdict, record = run.judged(pack("kw-alpha", place=Place.TCP_PAYLOAD))
    assert verdict.words["kw-alpha"] == "cut"
    assert all(trial.ask.payload.count(b"kw-") <= 1 for trial in record.trials if trial.changed == "question")


def test_words_that_act_only_together_are_no_triggers():
    """A pack that is cut for two of its words is not one word's fault; each passes alone."""
    run = run_with(
        Censor(kind="url-reset", words=(CANARY,), every_port=True),
        Censor(kind="url-reset", words=("kw-alpha",), also=("kw-beta",), every_port=True),
    )
    verdict, _ = run.judged(pack("kw-alpha", "kw-beta"))
    assert verdict.outcome is not Outcome.BLOCKED
    assert verdict.triggers == ()


@pytest.mark.parametrize("seed", range(4))
def test_misses_and_false_hits_make_it_longer_and_not_wrong(seed):
    """A filter that misses a quarter, on a line that loses one of a hundred."""
    run = run_with(
        Censor(kind="url-reset", words=(CANARY, "kw-alpha"), every_port=True, misses=0.25), false=0.01, seed=seed
    )
    verdict, record = run.judged(pack("kw-alpha"))
    assert verdict.words["kw-alpha"] in {"cut", "open"}
    assert {said for word, said in verdict.words.items() if word != "kw-alpha"} == {"passed"}
    assert len(record.trials) <= MOST_ASKED


def test_nothing_is_asked_without_an_address_of_ours():
    """A stranger's server is no place to try words."""
    run = Planted(Worded(), conditions(helper_address=None))
    verdict, record = run.judged(pack("kw-alpha"))
    assert record.trials == ()
    assert verdict.reason is Reason.NO_HELPER


def test_a_line_on_which_harmless_text_fails_is_left_alone():
    """Six controls, each later than the one before; then nothing more."""
    run = Planted(Worded(censors=(Censor(kind="port-reset", ports=tuple(range(8080, 8088))),)))
    verdict, record = run.judged(pack("kw-alpha"))
    assert verdict.outcome is Outcome.INSUFFICIENT
    assert len(record.trials) == 6
    gaps = [later.t0 - trial.t for trial, later in pairwise(record.trials)]
    assert gaps == sorted(gaps)


def test_words_that_are_cut_off_only_together_are_named():
    """Each passes alone, so none is a trigger; which of the pack act together is left to a question of its own."""
    both = Censor(kind="url-reset", words=("kw-left",), also=("kw-right",), every_port=True)
    run = run_with(Censor(kind="url-reset", words=(CANARY,), every_port=True), both)
    verdict, _ = run.judged(pack("kw-left", "kw-right"))
    assert (verdict.outcome, set(verdict.words.values())) == (Outcome.OK, {"passed"})
    assert {"kw-left", "kw-right"} <= {*verdict.facts["together"].split("\n")}
