"""D1, the level detector."""

import random
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.sampling import AVERAGE_RUN, Fall, Level, Rise

SHARES = st.floats(0, 1)


def alarm_after(detector, draw, most):
    """The tests until an alarm; `most` if there was none."""
    return next((n for n in range(1, most) if detector.tell(draw()) is not None), most)


def test_an_innocent_line_is_left_alone():
    """A line that fails 2 % of its tests makes no alarm in 10 times 1,000 tests."""
    for seed in range(10):
        rng = random.Random(seed)
        assert alarm_after(Rise(), lambda rng=rng: rng.random() < 0.02, 1_000) == 1_000


def test_a_line_at_the_edge_of_the_usual_keeps_the_average_run():
    """At 5 %, the worst that is usual, tests without an alarm are many: in 20 runs of 500 at most 2 alarm."""
    alarms = 0
    for seed in range(20):
        rng = random.Random(seed)
        alarms += alarm_after(Rise(), lambda rng=rng: rng.random() < 0.05, 500) < 500
    assert alarms <= 2


@pytest.mark.parametrize(("share", "most"), [(0.3, 30), (0.95, 5)])
def test_blocking_is_noticed(share, most):
    """A site that fails in 30 % of tests is noticed within 30 in the median, one that nearly always fails within 5."""
    delays = []
    for seed in range(60):
        rng, detector = random.Random(seed), Rise()
        for _ in range(60):
            detector.tell(rng.random() < 0.02)
        delays.append(alarm_after(detector, lambda rng=rng: rng.random() < share, 500))
    assert median(delays) <= most


def test_a_lifting_follows_the_level_of_the_incident():
    """After 60 failures of 60 some six tests that work are enough; after 20 of 60 they are not."""
    assert alarm_after(Fall(60, 60), lambda: 0, 100) <= 7
    assert alarm_after(Fall(20, 60), lambda: 0, 100) > 15


def test_the_level_is_told_with_caution():
    """The level to fall below is nine tenths of the lower 99 % limit, follows what is told, and is at least 0.2."""
    assert Fall(0, 0).level == 0.2
    assert Fall(60, 60).level == pytest.approx(0.9 * 60 / (60 + 2.326348**2))
    falling = Fall(10, 10)
    falling.tell(1)
    assert falling.level == pytest.approx(Fall(11, 11).level)


def test_a_constant_level_has_no_lifting():
    """An incident that goes on failing half of its tests is not lifted within 2,000."""
    rng = random.Random(1)
    assert alarm_after(Fall(10, 20), lambda: rng.random() < 0.5, 2_000) == 2_000


@given(st.lists(SHARES, max_size=30), st.sampled_from((Rise(), Fall(8, 10))))
def test_each_bet_has_an_expectation_of_one_on_the_edge(xs, detector):
    """Told 1 with the null's chance and 0 otherwise, the evidence grows by exactly one on average."""
    null = 0.3
    level = Level(
        null, {0.5: 1, 0.9: 2} if isinstance(detector, Rise) else {0.1: 1}, falls=isinstance(detector, Fall)
    )
    other = Level(
        null, {0.5: 1, 0.9: 2} if isinstance(detector, Rise) else {0.1: 1}, falls=isinstance(detector, Fall)
    )
    for x in xs:
        level.tell(x)
        other.tell(x)
    before = level.evidence
    level.tell(1)
    other.tell(0)
    assert null * level.evidence + (1 - null) * other.evidence == pytest.approx(before + 1)


@given(st.lists(SHARES, min_size=1, max_size=20), st.data())
def test_a_failure_more_never_speaks_against_a_rise(xs, data):
    """With a greater share in the place of any, the evidence of a rise is no less."""
    at = data.draw(st.integers(0, len(xs) - 1))
    more = [*xs[:at], 1.0, *xs[at + 1 :]]
    sides = []
    for told in (xs, more):
        detector = Rise()
        for x in told:
            detector.tell(x)
        sides.append(detector.evidence)
    assert sides[1] >= sides[0] * (1 - 1e-9)


def test_an_alarm_is_at_the_average_run():
    """The alarm tells the evidence, which has reached the average run."""
    detector = Rise()
    told = [detector.tell(1) for _ in range(6)]
    first = next(one for one in told if one is not None)
    assert first >= AVERAGE_RUN
    assert told.index(first) == 3


def test_another_null_may_be_given_for_a_test():
    """A null of its own for one test changes what that test says, of a lifting too."""
    usual, other = Rise(), Rise()
    usual.tell(1)
    other.tell(1, 0.5)
    assert usual.evidence > other.evidence
    assert Fall(5, 5).tell(0, 0.9) is None


@pytest.mark.parametrize(
    "fault", [(0.5, {}, False), (0.5, {0.4: 1}, False), (0.5, {0.6: 1}, True), (0.0, {0.5: 1}, False)]
)
def test_bets_lie_on_the_other_side(fault):
    """A bet on the null's own side, no bet, or a null that is no chance is an error."""
    null, bets, falls = fault
    with pytest.raises(ValueError, match="need rates"):
        Level(null, bets, falls=falls)


def test_a_line_that_failed_for_long_is_led_back():
    """After a thousand failures the evidence is a number, and enough tests that work end the alarm."""
    rise = Rise()
    assert all(rise.tell(1) != float("inf") for _ in range(1_000))
    assert [rise.tell(0) for _ in range(20_000)][-1] is None


def test_what_cannot_be_is_refused():
    """An average run of one test, and a test that is no share, are errors."""
    with pytest.raises(ValueError, match="average run"):
        Rise(run=1)
    with pytest.raises(ValueError, match="share"):
        Rise().tell(1.5)
