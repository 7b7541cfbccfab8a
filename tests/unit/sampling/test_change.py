"""D2, the change detector."""

import math
import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hushmap.sampling import Change, change
from hushmap.sampling.change import FAILING, HAZARD, SETTLED, USUAL

BITS = st.lists(st.integers(0, 1), min_size=1, max_size=40)


def beta(k, n, prior):
    """Logarithm of the marginal likelihood of k failures of n."""
    a, b = prior

    def log_beta(x, y):
        return math.lgamma(x) + math.lgamma(y) - math.lgamma(x + y)

    return log_beta(a + k, b + n - k) - log_beta(a, b)


def plainly(xs, before=USUAL, after=FAILING):
    """Logarithm of E by the formula of refs/STATISTICS 3, term by term."""
    n, k = len(xs), sum(xs)
    terms = [n * math.log(1 - HAZARD) + beta(k, n, before)]
    for u in range(n):
        pre, post = xs[:u], xs[u:]
        prior = math.log(HAZARD) + u * math.log(1 - HAZARD)
        terms.append(prior + beta(sum(pre), u, before) + beta(sum(post), n - u, after))
    top = max(terms)
    best = 0.0 if k in {0, n} else k * math.log(k / n) + (n - k) * math.log(1 - k / n)
    return top + math.log(sum(math.exp(term - top) for term in terms)) - best


def told(xs, **how):
    """A detector that was told so."""
    detector = Change(**how)
    for x in xs:
        detector.tell(x)
    return detector


@given(BITS, st.booleans())
def test_the_evidence_is_that_of_the_formula(xs, falls):
    """Test by test it comes to what the formula says of all of them at once."""
    sides = (FAILING, USUAL) if falls else (USUAL, FAILING)
    assert told(xs, falls=falls).evidence == pytest.approx(plainly(xs, *sides), abs=1e-8)


@settings(max_examples=25)
@given(st.floats(0.01, 0.99), st.integers(1, 7), st.booleans())
def test_its_expectation_is_at_most_one_for_every_constant_rate(rate, tests, falls):
    """Summed over every stream of so many tests, weighted by a constant rate's chance, E is at most 1."""
    total = 0.0
    for number in range(2**tests):
        xs = [number >> place & 1 for place in range(tests)]
        chance = rate ** sum(xs) * (1 - rate) ** (tests - sum(xs))
        total += chance * math.exp(told(xs, falls=falls).evidence)
    assert total <= 1 + 1e-9


@pytest.mark.parametrize("rate", [0.02, 0.2, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("falls", [False, True])
def test_no_constant_rate_alarms(rate, falls):
    """A line that always fails so many of its tests, be it few, half or all, has no change in 5 times 200 tests."""
    for seed in range(5):
        rng, detector = random.Random(seed), Change(falls=falls)
        assert not any(detector.tell(int(rng.random() < rate)) for _ in range(200))


def test_a_change_is_found_at_its_place():
    """After 80 tests that worked, failures alarm within eight, and the change is put where it was."""
    detector = told([0] * 80)
    alarms = [detector.tell(1) for _ in range(8)]
    first = next(alarm for alarm in alarms if alarm is not None)
    assert first.change == 80
    assert first.evidence >= 1_000


def test_an_end_is_found_at_its_place():
    """After 60 failures, tests that work alarm the detector of a fall, and the change is put where it was."""
    detector = told([1] * 60, falls=True)
    alarms = [detector.tell(0) for _ in range(10)]
    assert next(alarm for alarm in alarms if alarm is not None).change == 60


def test_a_year_of_quiet_does_not_shut_out_a_change():
    """After 2,000 tests that worked, nine failures in a row are still enough, and few places are kept in mind."""
    detector = told([0, 0, 0, 0, 0, 0, 0, 0, 0, 0] * 200)
    assert len(detector._weights) <= 2 * change.MOST_PLACES
    assert any(detector.tell(1) for _ in range(9))


def test_the_prior_of_the_place_is_one():
    """The chances that the change comes now, and that it has not come, add up to one at every time."""
    come = 0.0
    for tests in range(3 * SETTLED):
        assert come + math.exp(change._none_yet(tests)) == pytest.approx(1)
        come += math.exp(change._now(tests))
    nows = [change._now(tests) for tests in range(3 * SETTLED)]
    assert all(later < sooner for sooner, later in pairwise(nows))


@pytest.mark.parametrize("falls", [False, True])
def test_a_change_the_other_way_is_none(falls):
    """What grew from a fifth to nearly all never alarms as a fall, nor the reverse as a rise, and the real one does."""
    rng = random.Random(7)
    growing = [int(rng.random() < (0.2 if n < 150 else 0.9)) for n in range(450)]
    xs = growing if falls else growing[::-1]
    detector = Change(falls=falls)
    assert [found for x in xs if (found := detector.tell(x))] == []
    ends = [found.change for x in [int(not falls)] * 150 if (found := detector.tell(x))]
    assert ends
    assert ends[-1] == pytest.approx(450, abs=20)


def test_nothing_told_says_nothing():
    """Before the first test the evidence is 1 and the place 0."""
    assert (Change().evidence, Change().place) == (0.0, 0)


def test_weights_stay_within_the_range_of_a_float():
    """A stream that turns often, 1,500 tests long, never loses its evidence to underflow or overflow."""
    rng = random.Random(3)
    xs = [int(rng.random() < (0.9 if n // 150 % 2 else 0.02)) for n in range(1_500)]
    detector = told(xs)
    assert math.isfinite(detector.evidence)
    assert max(detector._weights) > 0


@pytest.mark.parametrize("alpha", [0.0, 1.0])
def test_a_chance_is_between_0_and_1(alpha):
    """An alpha that is no chance is an error."""
    with pytest.raises(ValueError, match="alpha"):
        Change(alpha=alpha)


def test_a_test_is_0_or_1():
    """A share is no test."""
    with pytest.raises(ValueError, match="0 or 1"):
        Change().tell(2)
