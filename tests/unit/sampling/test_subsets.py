"""What is believed about a pack."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.model import Rates
from hushmap.sampling.subsets import MOST, Subsets

RATES = Rates(false_hit=0.01, miss=0.05)


def test_before_any_test_each_word_is_as_likely_as_the_list_has_it():
    """Chances are the prevalence, and a prefix is likelier the longer it is."""
    belief = Subsets.before(20, 0.005)
    whole = (1 << 20) - 1
    assert belief.chances() == {whole: pytest.approx(0.005, rel=1e-3)}
    packs, chances = zip(*belief.prefixes([whole]), strict=True)
    assert packs == tuple((1 << n) - 1 for n in range(1, 21))
    assert chances == pytest.approx([1 - 0.995**n for n in range(1, 21)], rel=1e-3)


def test_an_answer_is_bayes_rule():
    """One word of two that were hit together: the odds rise by (1 - miss) / false hit."""
    belief = Subsets.before(1, 0.2).told(1, hit=True, rates=RATES)
    assert belief.chances() == {1: pytest.approx(0.2 * 0.95 / (0.2 * 0.95 + 0.8 * 0.01))}
    belief = Subsets.before(1, 0.2).told(1, hit=False, rates=RATES)
    assert belief.chances() == {1: pytest.approx(0.2 * 0.05 / (0.2 * 0.05 + 0.8 * 0.99))}


def by_hand(answers, count, prevalence):
    """The same, over every set of up to five words by itself."""
    weights = {}
    for mask in range(1 << count):
        if mask.bit_count() <= MOST:
            weight = prevalence ** mask.bit_count() * (1 - prevalence) ** (count - mask.bit_count())
            for asked, hit in answers:
                shown = 1 - RATES.miss if mask & asked else RATES.false_hit
                weight *= shown if hit else 1 - shown
            weights[mask] = weight
    whole = sum(weights.values())
    return {mask: weight / whole for mask, weight in weights.items()}


@given(st.lists(st.tuples(st.integers(1, 255), st.booleans()), max_size=8))
def test_groups_say_what_all_sets_by_themselves_say(answers):
    """Words that no test told apart are alike, so that counting them changes no chance, of a word or of a pack."""
    belief = Subsets.before(8, 0.05)
    for asked, hit in answers:
        belief = belief.told(asked, hit=hit, rates=RATES)
    sets = by_hand(answers, 8, 0.05)
    chances = belief.chances()
    assert sorted(word for group in chances for word in range(8) if group >> word & 1) == list(range(8))
    for group, chance in chances.items():
        for word in range(8):
            if group >> word & 1:
                held = sum(weight for mask, weight in sets.items() if mask >> word & 1)
                assert chance == pytest.approx(held, abs=1e-6)
    for words, chance in belief.prefixes([*chances]):
        held = sum(weight for mask, weight in sets.items() if mask & words)
        assert chance == pytest.approx(held, abs=1e-6)


@given(st.lists(st.tuples(st.integers(1, 255), st.booleans()), max_size=60))
def test_any_answers_leave_chances(answers):
    """However answers contradict each other, chances stay chances."""
    belief = Subsets.before(8, 0.05)
    for asked, hit in answers:
        belief = belief.told(asked, hit=hit, rates=RATES)
        chances = belief.chances()
        assert all(0 <= chance <= 1 + 1e-9 for chance in chances.values())
        assert all(0 <= chance <= 1 for _, chance in belief.prefixes([*chances]))
