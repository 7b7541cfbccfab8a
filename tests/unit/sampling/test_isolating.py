"""Rules of a text, from noisy answers."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.model import Rates
from hushmap.sampling import Isolating
from planted import HANZI, Filter, Planted, least, strings

RATES = Rates(false_hit=0.01, miss=0.05)


def run(isolating, oracle):
    """Ask until the end; the answers."""
    answers = []
    while isolating.question is not None:
        answers.append(oracle.answer(isolating.question))
        isolating.tell(answers[-1])
    return answers


def test_a_word_is_found():
    """One string, its place, verified, with the counts that show it."""
    text = "".join(HANZI[:200])
    isolating = Isolating(text, RATES)
    run(isolating, Filter(text, [Planted((text[50:53],))]))
    (rule,) = isolating.rules
    assert (rule.parts, rule.verified, rule.classifier, rule.ordered) == (((50, 53),), True, False, None)
    assert rule.hits[0] == rule.hits[1] > 0 == rule.without[0] < rule.without[1]
    assert rule.error < 1e-3


@given(st.randoms(use_true_random=False), st.integers(20, 300), st.integers(1, 4))
def test_without_noise_it_is_always_exact(chance, size, parts):
    """Whatever strings of a text are planted, overlapping or not, they come out."""
    text = "".join(chance.choices(HANZI, k=size))
    starts = [chance.randrange(size - 5) for _ in range(parts)]
    planted = tuple(text[start : start + chance.randint(1, 5)] for start in starts)
    isolating = Isolating(text, RATES, blocked=True)
    run(isolating, Filter(text, [Planted(planted)]))
    rule = isolating.rules[0]
    assert rule.verified
    assert set(strings(text, rule.parts)) == least(planted)


def test_told_again_it_stands_where_it_stood():
    """The state is a function of the answers."""
    text = "".join(HANZI[:300])
    rules = [Planted((text[5:8], text[200:202]))]
    live = Isolating(text, RATES)
    answers = run(live, Filter(text, rules, 0.01, 0.05, random.Random(3)))
    again = Isolating(text, RATES)
    for hit in answers:
        assert again.question is not None
        again.tell(hit)
    assert (again.question, again.rules, again.asked) == (None, live.rules, len(answers))


def test_a_harmless_text_has_no_rule():
    """It is decided first, and nothing is asked after that."""
    isolating = Isolating("".join(HANZI[:100]), RATES)
    run(isolating, Filter(isolating._text, []))
    assert isolating.rules == ()


def test_nothing_can_be_told_at_the_end():
    """An answer that no question asked for is an error."""
    isolating = Isolating("", RATES)
    assert isolating.question is None
    with pytest.raises(ValueError, match="nothing was asked"):
        isolating.tell(True)
