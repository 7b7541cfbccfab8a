"""The time of a series, from two clocks that may part."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.cli.pulse import JUMP, Pulse
from unit.runner.fakes import ORIGIN


class Clocks:
    """Both, set by hand."""

    counted = shown = 0.0

    def now(self):
        return self.counted

    def wall(self):
        return ORIGIN + timedelta(seconds=self.shown)

    def go(self, counted, shown):
        self.counted += counted
        self.shown += shown


@pytest.mark.parametrize(
    ("steps", "jumps", "t"),
    [
        ([(30, 30), (30, 30)], [0, 0], 60),
        ([(30, 30 + JUMP - 0.5), (30, 30)], [0, 0], 60),
        ([(30, 7230), (30, 30)], [7200, 0], 7260),
        ([(30, -3570), (30, 30)], [-3600, 0], 60),
        ([(30, -3570), (30, 3630)], [-3600, 3600], 60),
        ([(30, -3570), (30, 7230)], [-3600, 7200], 3660),
        ([(30, -3570), (30, 1830), (30, 5430)], [-3600, 1800, 5400], 3690),
    ],
)
def test_time_goes_on_asleep_and_is_not_turned_back(steps, jumps, t):
    """A sleep counts, small steps do not, and a clock that was set back and then right again changes nothing."""
    clocks = Clocks()
    pulse = Pulse(clocks)
    assert [pytest.approx(jump) for jump in jumps] == [clocks.go(*step) or pulse.look() for step in steps]
    assert pulse.t == pytest.approx(t)


@given(st.lists(st.tuples(st.floats(0, 1e5), st.floats(-1e6, 1e6)), max_size=20), st.floats(0, 1e6))
def test_time_never_goes_back_and_never_lags_what_was_counted(steps, start):
    """Whatever is done to the clock on the wall."""
    clocks = Clocks()
    pulse = Pulse(clocks, start)
    for step in steps:
        before = pulse.t
        clocks.go(*step)
        pulse.look()
        assert pulse.t >= before + step[0] - 1e-6
    assert pulse.t >= start + clocks.counted - 1e-3
