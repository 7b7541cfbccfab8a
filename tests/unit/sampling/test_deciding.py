"""Wald's test of one question, at the rates of a place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.model import Rates
from hushmap.sampling import Deciding
from hushmap.sampling.deciding import MOST

RATES = Rates(false_hit=0.01, miss=0.05)


def _told(test, answers):
    """What is decided after these answers."""
    for hit in answers:
        test.tell(hit)
    return test.decided


def test_two_hits_or_three_passes_decide_at_a_thousandth():
    """A hit weighs 4.6 and a pass 3.0: at 6.9 two hits decide, and three passes."""
    assert [_told(Deciding(RATES, 1e-3), [True] * n) for n in (1, 2)] == [None, True]
    assert [_told(Deciding(RATES, 1e-3), [False] * n) for n in (2, 3)] == [None, False]


def test_the_two_errors_may_differ():
    """A test that may overlook more is content with fewer passes, and its hits cost what they did."""
    assert [_told(Deciding(RATES, 1e-3, 0.1), [False] * n) for n in (0, 1)] == [None, False]
    assert [_told(Deciding(RATES, 1e-3, 0.1), [True] * n) for n in (1, 2)] == [None, True]


@pytest.mark.parametrize("errors", [(0.0,), (0.5,), (0.1, 0.0), (0.1, 0.5)])
def test_impossible_errors_are_refused(errors):
    """No test can have them."""
    with pytest.raises(ValueError, match="need errors between"):
        Deciding(RATES, *errors)


def test_answers_that_decide_nothing_end_all_the_same():
    """Where answers go to and fro the likelier side is taken in the end, and asking ends."""
    test = Deciding(RATES, 1e-40)
    told = [test.tell(hit) for hit in [False, True] * (MOST // 2)]
    assert told == [None] * (MOST - 1) + [True]


@given(st.lists(st.booleans(), max_size=30))
def test_answers_count_and_their_order_does_not(answers):
    """What is decided is a function of how many were hits."""
    one, other = Deciding(RATES, 0.01), Deciding(RATES, 0.01)
    assert _told(one, answers) == _told(other, sorted(answers))
    assert (one.hits, one.asked) == (sum(answers), len(answers))
