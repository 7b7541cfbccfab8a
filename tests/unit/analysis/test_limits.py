"""Clopper-Pearson's interval for many shares at once, held against the exact one and by trying how often it covers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hushmap.analysis.limits import bounds
from hushmap.analysis.shares import MIN_N
from hushmap.sampling import clopper_pearson


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_whole_counts(pair):
    """For whole counts it is the exact interval."""
    low, high = bounds([pair[0]], [pair[1]])
    assert (low[0], high[0]) == pytest.approx(clopper_pearson(*pair), abs=1e-9)


def test_large():
    """Ten thousand bursts are no harder than ten, and the published values of A. Agresti's example come out."""
    low, high = bounds([1, 5000, 0], [10_000, 10_000, 25])
    assert (low[0], high[0]) == pytest.approx((2.5318e-6, 5.5704e-4), rel=1e-4)
    assert (low[1], high[1]) == pytest.approx((0.4901518, 0.5098482), abs=1e-6)
    assert (low[2], high[2]) == pytest.approx((0, 0.1371852), abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 60), st.floats(0, 1))
def test_broken_counts(n, share):
    """The interval of a broken count holds its share, and lies between those of the whole counts beside it."""
    k = share * n
    low, high = bounds([np.floor(k), k, np.ceil(k)], [n, n, n])
    assert low[1] <= k / n <= high[1]
    assert low[0] - 1e-9 <= low[1] <= low[2] + 1e-9
    assert high[0] - 1e-9 <= high[1] <= high[2] + 1e-9


@pytest.mark.parametrize("values", [(0, 1), (0, 0.5, 1), (0.5, 0.6), (0, 0.1), (0.9, 1)])
@pytest.mark.parametrize("likely", [0.03, 0.3, 0.7])
def test_covers(values, likely):
    """Of bursts with any values in [0, 1] it covers the mean as often as it says."""
    chance = np.random.default_rng(7)
    weights = [likely, *[(1 - likely) / (len(values) - 1)] * (len(values) - 1)]
    mean = float(np.dot(values, weights))
    for n in (MIN_N, 30):
        k = chance.choice(values, p=weights, size=(2000, n)).sum(axis=1).round(9)
        low, high = bounds(k, np.full(2000, n))
        assert np.mean((low <= mean) & (mean <= high)) >= 0.94  # 0.95, less two standard errors of 2,000 tries


def test_nothing_known():
    """Of no burst nothing is known, and of no share there is no interval."""
    assert [one.tolist() for one in bounds([0.0], [0])] == [[0.0], [1.0]]
    assert [one.tolist() for one in bounds([], [])] == [[], []]


@pytest.mark.parametrize(("k", "n", "level"), [(2, 1, 0.95), (-1, 1, 0.95), (float("nan"), 1, 0.95), (1, 1, 1)])
def test_nonsense(k, n, level):
    """What is no count of anything is refused."""
    with pytest.raises(ValueError, match="need 0 <= k <= n"):
        bounds([k], [n], level)


def test_min_n():
    """The minimum is the fewest bursts for which "in none" and "in all" can be told apart."""
    for n in range(1, 12):
        low, high = bounds([0, n], [n, n])
        assert (high[0] < low[1]) == (n >= MIN_N)
