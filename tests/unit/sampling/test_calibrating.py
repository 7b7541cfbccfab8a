"""What counted tries of planted words allow to be assumed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.model import Calibration
from hushmap.sampling import calibrated, decisive, needed, upper_limit

COUNTS = st.integers(0, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def known(false_hits, misses):
    """A calibration of these counts."""
    return Calibration(place="http-path", false_hits=false_hits, misses=misses)


def test_a_limit_is_from_above():
    """No false hit in 114 tries and no miss in 22 are rates of up to 2 and 10 %."""
    found = calibrated(known((0, 114), (0, 22)))
    assert (found.false_hit, found.miss) == (pytest.approx(0.02, abs=1e-4), pytest.approx(0.0994, abs=1e-4))


def test_no_number_of_tries_shows_less_than_the_floors():
    """Ten thousand tries that never misled are a rate of 0.5 and 5 %, as low as methods were simulated with."""
    found = calibrated(known((0, 10_000), (0, 10_000)))
    assert (found.false_hit, found.miss) == (0.005, 0.05)


def test_without_tries_nothing_is_decisive():
    """Rates that nobody looked at are the worst there are, and stay rates."""
    found = calibrated(known((0, 0), (0, 0)))
    assert (found.false_hit, found.miss) == (0.3, 0.65)
    assert not decisive(known((0, 0), (0, 0)))


def test_what_is_asked_for_is_decisive():
    """The tries that a calibration should take let a hit say enough, also where the canary is missed at times."""
    tries = needed()
    assert (tries.harmless, tries.canary) == (114, 22)
    assert decisive(known((0, tries.harmless), (0, tries.canary)))
    assert decisive(known((2, tries.harmless), (6, tries.canary)))
    assert not decisive(known((20, tries.harmless), (0, tries.canary)))
    assert not decisive(known((0, tries.harmless), (12, tries.canary)))


@given(st.floats(0.001, 0.9), st.floats(0.001, 0.9))
def test_needed_is_the_fewest(false_hit, miss):
    """So many clean tries reach the limit, and one fewer does not."""
    tries = needed(false_hit, miss)
    for count, limit in ((tries.harmless, false_hit), (tries.canary, miss)):
        assert upper_limit(0, count, 0.9) <= limit + 1e-9
        assert upper_limit(0, count - 1, 0.9) > limit - 1e-9


@pytest.mark.parametrize("wrong", [(0.0, 0.1), (0.1, 0.0), (1.0, 0.1), (0.1, 1.0)])
def test_rates_that_no_tries_can_show_are_refused(wrong):
    """Nothing shows a rate of 0, and everything one of 1."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        needed(*wrong)


@given(COUNTS, COUNTS)
def test_any_counts_give_rates_that_are_no_lower_than_seen(false_hits, misses):
    """Below the ceilings no rate is under the share that was seen."""
    found = calibrated(known(false_hits, misses))
    assert found.false_hit >= min(0.3, false_hits[0] / max(1, false_hits[1]))
    assert found.miss >= min(0.65, misses[0] / max(1, misses[1]))
