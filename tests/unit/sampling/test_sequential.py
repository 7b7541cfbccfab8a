"""Wald's test as METHOD 3 sets it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.sampling import Decision, SequentialTest


def test_boundaries_are_those_of_the_method():
    """The default boundaries are 11.5 and 4.6, a failure adds 2.71 and a success takes 1.34."""
    test = SequentialTest()
    assert (round(test.upper, 1), round(-test.lower, 1)) == (11.5, 4.6)
    assert (round(test.ratio(1, 0), 2), round(test.ratio(0, 1), 2)) == (2.71, -1.34)


def test_five_failures_or_four_successes_are_the_least_that_decide():
    """Five failures with no success decide, and so do four successes with no failure; one fewer does not."""
    test = SequentialTest()
    assert [test.decide(n, 0) for n in (4, 5)] == [Decision.UNDECIDED, Decision.INTERFERED]
    assert [test.decide(0, n) for n in (3, 4)] == [Decision.UNDECIDED, Decision.CLEAN]


def test_a_bad_line_decides_nothing():
    """Above the ceiling of f0 no count decides."""
    assert SequentialTest(f0=0.2).decide(50, 0) is Decision.UNDECIDABLE


@pytest.mark.parametrize(
    "fault", [{"f0": 0.0}, {"f0": 0.8}, {"f1": 1.0}, {"alpha": 0.0}, {"alpha": 1.0}, {"beta": 0.0}, {"beta": 1.0}]
)
def test_impossible_parameters_are_refused(fault):
    """Parameters that no test can have are an error, not a silent decision."""
    with pytest.raises(ValueError, match="need"):
        SequentialTest(**fault)


@given(st.integers(0, 40), st.integers(0, 40))
def test_more_failures_never_speak_for_a_clean_line(fails, oks):
    """The ratio grows with failures and falls with successes."""
    test = SequentialTest()
    assert test.ratio(fails + 1, oks) > test.ratio(fails, oks) > test.ratio(fails, oks + 1)
    assert math.isclose(test.ratio(fails, oks), fails * test.ratio(1, 0) + oks * test.ratio(0, 1), abs_tol=1e-9)
