"""The false-failure rate of a run."""

import pytest

from hushmap.sampling import F0_FLOOR, MIN_BASELINES, run_f0


@pytest.mark.parametrize(("failures", "baselines"), [(0, 0), (0, 10), (1, 10), (0, 59), (0, 5000)])
def test_a_good_or_unknown_line_gets_the_floor(failures, baselines):
    """Few baselines, or many that passed, leave the rate at its floor."""
    assert run_f0(failures, baselines) == F0_FLOOR


def test_a_few_baselines_speak_only_when_they_show_the_floor_too_low():
    """Five of ten failed is more than chance at the floor, so the rate rises before 59 were seen."""
    assert run_f0(5, 10) == pytest.approx(0.222, abs=0.001)


def test_many_baselines_set_the_upper_limit():
    """Three of a hundred failed: up to 7.6 %."""
    assert run_f0(3, 100) == pytest.approx(0.0757, abs=1e-4)


def test_the_first_number_that_may_show_the_floor_is_59():
    """At 59 passes the upper limit falls under the floor, at 58 it does not."""
    from hushmap.sampling import upper_limit

    assert upper_limit(0, MIN_BASELINES) < F0_FLOOR < upper_limit(0, MIN_BASELINES - 1)
