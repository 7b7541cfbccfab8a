"""The course of a pack of words."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hushmap.model import Rates
from hushmap.sampling import PACK, Screening
from hushmap.sampling.screening import GUARD, information

RATES = Rates(false_hit=0.01, miss=0.05)


def begun(count=PACK, *, rates=RATES, prevalence=0.005, listed=10_000, seed=1):
    """A pack at its beginning."""
    return Screening(count, rates, prevalence=prevalence, listed=listed, rng=random.Random(seed))


def carried_out(pack, answer, most=2000):
    """(pack, questions) after every question was answered."""
    asked = []
    while (question := pack.question) is not None and len(asked) < most:
        asked.append(question)
        pack.tell(answer(question))
    return pack, asked


def censor(*triggers):
    """Hits what holds one of these, without noise."""
    return lambda question: bool({*triggers} & {*question})


def test_a_clean_pack_takes_four_tests_of_all_its_words():
    """At 1 and 5 % four passes clear twenty words."""
    pack, asked = carried_out(begun(), censor())
    assert asked == [tuple(range(PACK))] * 4
    assert (pack.cleared, pack.positives, pack.doubtful, pack.together) == (tuple(range(PACK)), (), (), ())


@given(st.sets(st.integers(0, PACK - 1), max_size=3), st.integers(0, 100))
@settings(max_examples=40, deadline=None)
def test_without_noise_up_to_three_triggers_are_found(triggers, seed):
    """Exactly these are positive, each was hit alone, and all others are cleared, in fewer tests than the guard's."""
    pack, asked = carried_out(begun(seed=seed), censor(*triggers))
    assert pack.positives == tuple(sorted(triggers))
    assert pack.cleared == tuple(sorted({*range(PACK)} - triggers))
    assert {(word,) for word in triggers} <= {*asked}
    assert len(asked) < GUARD


@pytest.mark.parametrize("triggers", [range(6), range(PACK)])
def test_more_triggers_than_a_set_holds_are_found_one_by_one(triggers):
    """Past the guard every word is asked alone, so that a pack of any triggers is decided."""
    pack, asked = carried_out(begun(), censor(*triggers))
    assert pack.positives == tuple(triggers)
    assert pack.doubtful == ()
    assert len(asked) < GUARD + 5 * PACK


def test_words_that_act_only_together_are_no_triggers_and_are_named():
    """Each of two words passes alone: none is positive, and the smallest pack that was hit holds both."""
    pack, _ = carried_out(begun(), lambda question: {3, 11} <= {*question})
    assert (pack.positives, pack.doubtful) == ((), ())
    assert {3, 11} <= {*pack.together}


def test_a_word_that_is_hit_every_other_time_alone_is_left_in_doubt():
    """A sequential test that does not end is ended, and the word is neither trigger nor cleared."""
    turns = {"n": 0}

    def answer(question):
        turns["n"] += 1
        return turns["n"] % 4 == 0 if question == (0,) else len(question) > 1 and turns["n"] % 2 == 0

    pack, _ = carried_out(begun(2, rates=Rates(false_hit=0.1, miss=0.5)), answer)
    assert pack.question is None


@given(st.lists(st.booleans(), max_size=300), st.integers(1, PACK), st.integers(0, 9))
@settings(max_examples=30, deadline=None)
def test_whatever_is_told_a_course_ends_and_is_repeatable(answers, count, seed):
    """Any answers lead to an end; the same answers to the same questions; no word is two things."""
    told = iter([*answers, *[False] * 5000])
    pack, asked = carried_out(begun(count, seed=seed), lambda _: next(told))
    again = iter([*answers, *[False] * 5000])
    other, repeated = carried_out(begun(count, seed=seed), lambda _: next(again))
    assert asked == repeated
    assert pack.question is None
    assert sorted([*pack.positives, *pack.cleared, *pack.doubtful]) == list(range(count))
    assert pack.positives == other.positives


def test_nothing_is_told_when_nothing_was_asked():
    """An answer after the end is an error."""
    pack, _ = carried_out(begun(3), censor())
    with pytest.raises(ValueError, match="nothing was asked"):
        pack.tell(hit=True)


@pytest.mark.parametrize("fault", [{"count": 0}, {"count": PACK + 1}, {"prevalence": 0.0}, {"listed": 19}])
def test_a_pack_that_cannot_be_is_refused(fault):
    """An empty or large pack, no prevalence, a list that is shorter than its pack."""
    with pytest.raises(ValueError, match="need 1 to 20 words"):
        begun(**fault)


def test_a_small_list_shares_its_errors_like_a_larger_one():
    """Three words alone still take three passes: whoever brings three words suspects them."""
    assert len(carried_out(begun(3, listed=3), censor())[1]) == 3


def test_information_is_nothing_where_the_answer_is_known():
    """A test of what surely holds a trigger, or surely none, tells nothing; without noise an even one tells a bit."""
    assert information(0.0, RATES) == pytest.approx(0)
    assert information(1.0, RATES) == pytest.approx(0)
    assert information(0.5, Rates(false_hit=1e-12, miss=1e-12)) == pytest.approx(1)
