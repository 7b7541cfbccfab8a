"""What is believed about a pack."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.model import Rates
from hushmap.sampling.subsets import Subsets, largest

RATES = Rates(false_hit=0.01, miss=0.05)


@pytest.mark.parametrize(
    ("count", "prevalence", "size"), [(20, 0.001, 3), (20, 0.005, 3), (20, 0.01, 4), (16, 0.02, 5), (20, 0.3, 5)]
)
def test_sets_are_kept_up_to_a_size_that_chance_hardly_exceeds(count, prevalence, size):
    """Three triggers of 20 at 0.5 %, five of 16 at 2 %, never more than five."""
    assert largest(count, prevalence) == size


def test_before_any_test_each_word_is_as_likely_as_the_list_has_it():
    """Chances are the prevalence, and a prefix is likelier the longer it is."""
    belief = Subsets.before(20, 0.005)
    assert belief.chances() == pytest.approx([0.005] * 20, rel=1e-3)
    assert belief.prefixes(range(20)) == pytest.approx([1 - 0.995**n for n in range(1, 21)], rel=1e-3)


def test_an_answer_is_bayes_rule():
    """One word of two that were hit together: the odds rise by (1 - miss) / false hit."""
    belief = Subsets.before(1, 0.2).told(1, hit=True, rates=RATES)
    assert belief.chances() == pytest.approx([0.2 * 0.95 / (0.2 * 0.95 + 0.8 * 0.01)])
    belief = Subsets.before(1, 0.2).told(1, hit=False, rates=RATES)
    assert belief.chances() == pytest.approx([0.2 * 0.05 / (0.2 * 0.05 + 0.8 * 0.99)])


@given(st.lists(st.tuples(st.integers(1, 255), st.booleans()), max_size=60))
def test_any_answers_leave_chances(answers):
    """However answers contradict each other, chances stay chances and no word is forgotten; order does not matter."""
    one = other = Subsets.before(8, 0.05)
    for asked, hit in answers:
        one = one.told(asked, hit=hit, rates=RATES)
    for asked, hit in reversed(answers):
        other = other.told(asked, hit=hit, rates=RATES)
    assert all(0 <= chance <= 1 + 1e-9 for chance in one.chances())
    assert one.prefixes([3]) == pytest.approx([one.chances()[3]])
    assert one.chances() == pytest.approx(other.chances(), abs=1e-6)
