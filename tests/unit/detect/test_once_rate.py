"""One transfer shows that it was held back only by being fast first, and slow, without a gap, until its end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.detect.once_rate import DROP, held_back

HELD = [(0.1, 20_000), (0.3, 60_000), (2.0, 75_000), (4.0, 92_000), (6.0, 110_000), (8.0, 127_000), (9.9, 144_000)]


def test_a_policed_transfer_shows_its_lower_rate():
    """60 kB at once and then about 9 kB a second is 70 kbit/s."""
    assert held_back(HELD) == pytest.approx(70, abs=1)


@pytest.mark.parametrize(
    "curve",
    [
        [],
        HELD[:3],
        [(at, int(9000 * at)) for at in range(1, 11)],
        [*HELD[:3], (9.0, 90_000), (9.3, 91_000), (9.6, 92_000), (9.9, 93_000)],
        [*HELD[:2], (0.4, 60_001), (0.5, 60_002), (0.6, 60_003)],
        [(0.1, 20_000_000), *((at, 20_000_000 + int(900_000 * at)) for at in (2, 4, 5, 6, 8, 10))],
        [(0.0, 60_000), (1.0, 60_000), (3.0, 60_000), (5.0, 60_000), (6.0, 60_000), (8.0, 60_000)],
    ],
    ids=["nothing", "too few", "slow from the start", "an outage", "too short", "still fast", "stopped"],
)
def test_any_other_transfer_shows_nothing(curve):
    """A slow line, an outage, a transfer that stopped or ended soon are no proof of being held back."""
    assert held_back(curve) is None


@given(st.floats(0.5, 1e6), st.integers(4, 40), st.floats(0.1, 2.0))
def test_a_steady_line_is_never_held_back(rate, points, every):
    """Whatever its speed."""
    assert held_back([(every * n, int(rate * every * n)) for n in range(1, points)]) is None


@given(st.lists(st.tuples(st.floats(0, 60), st.integers(0, 10**7)), max_size=64))
def test_what_is_said_of_a_curve_is_a_rate(points):
    """Any growing curve gives a finite positive rate, or nothing."""
    totals = sorted(total for _, total in points)
    curve = list(zip(sorted(at for at, _ in points), totals, strict=True))
    rate = held_back(curve)
    assert rate is None or 0 < rate <= 512 + DROP
