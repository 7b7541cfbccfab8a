"""Tests of hushmap.experiments.isolate."""

import pytest

from hushmap.lab.censors.parameters import Censor
from hushmap.model import Outcome, Place, Reason, Target
from planted import CANARY, Planted
from worded import Worded

WORDS = "about some plain news of a left-part day when nobody said anything of any right-part note at all"
TEXT, NAME = WORDS.replace(" ", "_"), WORDS.replace(" ", ".")


def isolated(text, *censors, place=Place.HTTP_PATH, canary=True, **more):
    """What is said of a text, where a canary was planted."""
    planted = (Censor(kind=censors[0].kind, words=(CANARY,), every_port=True),) if censors and canary else ()
    run = Planted(Worded(censors=(*censors, *planted), **more))
    run.calibrate(place)
    return run.judged(Target(experiment="isolate", text=text, place=place))


def rule(*words, kind="url-reset", **more):
    """A censor of these words together."""
    return Censor(kind=kind, words=words[:1], also=words[1:], every_port=True, **more)


def found(verdict):
    """The triggers in short."""
    return [(trigger.kind, trigger.parts, trigger.unless, trigger.ordered) for trigger in verdict.triggers]


def test_one_word_in_a_text_is_found_to_the_letter():
    """Neither more nor less of it, with pairs of its own."""
    verdict, record = isolated(TEXT, rule("left-part", residual_s=90.0))
    assert (verdict.outcome, verdict.rule) == (Outcome.BLOCKED, "isolate.found")
    assert found(verdict) == [("word", ("left-part",), (), None)]
    (trigger,) = verdict.triggers
    assert trigger.hits[0] >= 5
    assert trigger.harmless[0] == 0
    assert trigger.mechanism == "http.reset.path"
    assert trigger.first_seen.startswith("2026-11-21T")
    assert trigger.first_seen <= trigger.last_seen
    assert len(record.trials) < 200


@pytest.mark.parametrize(
    ("place", "kind", "text"),
    [(Place.TLS_SNI, "sni-reset", NAME), (Place.HTTP_HOST, "host-drop", NAME), (Place.HTTP_BODY, "body-reset", TEXT)],
)
def test_words_that_act_only_together_are_found_together(place, kind, text):
    """An AND of two, in names as well as in text."""
    verdict, _ = isolated(text, rule("left-part", "right-part", kind=kind), place=place)
    assert found(verdict) == [("and", ("left-part", "right-part"), (), False)]


def test_the_order_of_parts_is_told():
    """Only this way round."""
    verdict, _ = isolated(TEXT, rule("left-part", "right-part", ordered=True))
    assert found(verdict) == [("and", ("left-part", "right-part"), (), True)]


def test_two_triggers_of_one_text_are_both_found():
    """The second when the first is masked."""
    verdict, _ = isolated(TEXT, rule("left-part"), rule("right-part"))
    assert sorted(found(verdict)) == [("word", ("left-part",), (), None), ("word", ("right-part",), (), None)]


def test_a_text_that_passes_where_a_canary_fires_is_ok():
    """A few attempts with the whole of it decide that, and with its halves, which something might have lifted."""
    verdict, record = isolated(TEXT, rule("kw-elsewhere"))
    assert verdict.outcome is Outcome.OK
    assert len(record.trials) <= 24


def test_a_text_that_passes_where_none_fires_says_nothing():
    """Not triggered in n."""
    verdict, _ = isolated(TEXT)
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.CANARY_FAILED)


def test_a_filter_that_looks_for_no_word_is_called_a_classifier():
    """It acts at a share of the letters that occur; no set of words explains that."""
    words = ("about", "some", "plain", "news", "nobody", "anything", "note")
    verdict, _ = isolated(TEXT, Censor(kind="url-reset", words=words, every_port=True, score=0.8), canary=True)
    assert verdict.outcome is Outcome.BLOCKED
    assert {trigger.kind for trigger in verdict.triggers} <= {"classifier"}


@pytest.mark.parametrize("seed", range(3))
def test_misses_and_false_hits_make_it_longer_and_not_wrong(seed):
    """A filter that misses a quarter, on a line that loses one of a hundred."""
    verdict, _ = isolated(TEXT, rule("left-part", "right-part", misses=0.25), false=0.01, seed=seed)
    assert found(verdict) in ([("and", ("left-part", "right-part"), (), False)], [])


def test_what_is_asked_has_one_length():
    """Else the length itself could be what is minded."""
    _, record = isolated(TEXT, rule("left-part"))
    sizes = {len(trial.ask.url) for trial in record.trials if trial.changed == "question"}
    assert len(sizes) == 1


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place.HTTP_PATH, "a" * 7_160),
        (Place.TLS_SNI, ".".join(["abcdefghij"] * 22)),
        (Place.TCP_PAYLOAD, "b" * 11_260),
        (Place.TCP_PAYLOAD, "b" * 11_264),
    ],
)
def test_a_text_that_fills_its_place_is_asked_about_all_the_same(place, text):
    """There is less room for filler then, and perhaps none."""
    record = Planted(Worded()).ask(Target(experiment="isolate", text=text, place=place))
    assert [trial for trial in record.trials if trial.changed == "question"]
