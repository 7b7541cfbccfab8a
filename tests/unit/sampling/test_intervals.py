"""Intervals against published values and each other."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.sampling import clean_excludes, clopper_pearson, lower_limit, student, upper_limit, wilson


def test_clopper_pearson_equals_published_values():
    """0 of 20 reaches up to 16.8 % (KEYWORDS 2.9), and 10 of 20 lies between 27.2 and 72.8 %."""
    assert clopper_pearson(0, 20) == (0.0, pytest.approx(0.1684, abs=1e-4))
    assert clopper_pearson(10, 20) == (pytest.approx(0.2720, abs=1e-4), pytest.approx(0.7280, abs=1e-4))
    assert clopper_pearson(0, 0) == (0.0, 1.0)


def test_limits_equal_the_rule_of_three_and_its_mirror():
    """0 of n is below about 3/n, also for a million; n of n is its mirror."""
    assert upper_limit(0, 1_000_000) == pytest.approx(3e-6, rel=0.01)
    assert lower_limit(400, 400) == pytest.approx(1 - 3 / 400, rel=0.001)
    assert (upper_limit(5, 5), lower_limit(0, 5)) == (1.0, 0.0)


def test_what_clean_attempts_exclude_is_what_the_method_prints():
    """1, 4 and 9 clean attempts exclude 95, 53 and 28 % (METHOD 1); none excludes nothing."""
    assert [round(clean_excludes(n), 2) for n in (0, 1, 4, 9)] == [1.0, 0.95, 0.53, 0.28]


def test_wilson_of_nothing_is_everything():
    """Without attempts the interval is the whole range; 0 of 2,000 is below 0.2 %."""
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(0, 2000)[1] < 0.002


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_every_interval_holds_the_share(counts):
    """Both intervals contain k/n and stay within [0, 1]; the exact one is the wider around the ends."""
    k, n = counts
    for low, high in (clopper_pearson(k, n), wilson(k, n)):
        assert 0 <= low <= k / n + 1e-12
        assert k / n - 1e-12 <= high <= 1


@pytest.mark.parametrize(
    "call", [lambda: clopper_pearson(3, 2), lambda: upper_limit(1, 2, 1.5), lambda: wilson(-1, 2)]
)
def test_impossible_counts_are_refused(call):
    """Counts that cannot be are an error."""
    with pytest.raises(ValueError, match="need"):
        call()


def test_a_negative_number_of_attempts_is_refused():
    """Nobody made fewer than no attempts."""
    with pytest.raises(ValueError, match="need"):
        clean_excludes(-1)


@pytest.mark.parametrize(
    ("freedom", "value"),
    [(1, 12.706), (2, 4.303), (4, 2.776), (5, 2.571), (10, 2.228), (30, 2.042), (120, 1.980), (math.inf, 1.960)],
)
def test_student_is_as_the_tables_have_it(freedom, value):
    """Two sides at 95 %, within 0.2 %; ever more accounts come to the normal distribution."""
    assert student(freedom) == pytest.approx(value, rel=2e-3)


def test_nothing_is_known_with_no_degree_of_freedom():
    """One group alone tells nothing of how groups differ."""
    with pytest.raises(ValueError, match="need a degree of freedom, not 0"):
        student(0)
