"""Was a greater share found in a window of days than in others as long? The calendar test of `shifting`, for shares.

What is measured of a day is how many of its tests found something, and both change with what was tested: who tests
more of what is blocked anyhow finds more, though nothing changed. So a day counts by what it found beyond what was to
be expected of the same lines and targets. The days' own tests are the exposure: a window's excess is divided by its
own spread, which is estimated from all days, in two parts. One is that of single tests, which shrinks as they grow
many; the other that of whole days, which does not. A share alone would not do: it varies the more the fewer tests
there are, so that a window with few of them would come out on top by chance (22 false alarms in 100 at 0.05 where
its tests were a fifth of the usual), and one that is divided by the root of its tests where they grow many (12).
"""

import math
from collections.abc import Sequence
from random import Random

import msgspec

from hushmap.sampling.shifting import ALPHA, LEAST_OBSERVED, Shifted, against, begun, least_of, sums, turned

RISES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5)
"""By how much the share of the window may have been greater; the least that would have been found is told."""
_DECIMALS = 6
"""Of a window's value: sums of fractions that are alike differ in the last bits."""
_NONE = 1e-9
"""A spread that is none, but for the same bits: every test found what was expected."""
_MANY = 100.0
"""Variance of a number of successes from which on the normal curve stands for it: its error is below a success."""


class Shares(msgspec.Struct, frozen=True, kw_only=True):
    """Of each day of a series, in a row, all of the same length. A test is a burst: one tester's, however long."""

    tests: tuple[int, ...]
    """0: nobody looked."""
    found: tuple[float, ...]
    """In how many of these; a test that found it now and then counts in part."""
    expected: tuple[float, ...]
    """What its tests would have found at the rates of their lines and targets over all days."""
    squares: tuple[float, ...]
    """Sum of (found - expected) squared of single tests."""
    free: tuple[float, ...]
    """Tests that a rise would show in: what a line and target found near that day is part of what is expected of it.
    At most `tests`."""

    @property
    def rate(self) -> float:
        """Of all days."""
        return sum(self.found) / max(1, sum(self.tests))

    @property
    def excess(self) -> list[float]:
        """What was found beyond what was expected."""
        return [found - expected for found, expected in zip(self.found, self.expected, strict=True)]

    @property
    def spread(self) -> list[float]:
        """Variance of the excess of each day: n single tests, and what all tests of one day have in common.

        The second is estimated by moments: what the squares of days have beyond the squares of their tests.
        """
        pairs = sum(n * (n - 1) for n in self.tests)
        days, single = math.fsum(one * one for one in self.excess), math.fsum(self.squares)
        common = max(0.0, (days - single) / pairs) if pairs else 0.0
        each = single / max(1, sum(self.tests))
        return [n * each + n * (n - 1) * common for n in self.tests]


def shifted_shares(series: Sequence[Shares], start: int | Sequence[int], length: int) -> Shifted | None:
    """The window of `length` days from day `start` on, against every other start; None where it cannot be valued.

    Args:
        series: one or several, all of the same days.
        start: index of the first day; or one for each series, as in `shifted`.
        length: days of the window.

    Raises:
        ValueError: The series differ in length, or the window is none of theirs.
    """
    starts = begun(([one.tests for one in series],), start, length)
    windows = [_windows(one, own - starts[0], length) for one, own in zip(series, starts, strict=True)]
    return against(windows, starts[0], length)


def least_rise(
    series: Sequence[Shares],
    start: int | Sequence[int],
    length: int,
    rng: Random,
    *,
    alpha: float = ALPHA,
    runs: int = 100,
) -> tuple[float, float] | None:
    """(rise, power): the least of `RISES` that these series would have shown, and how often they would.

    What they show without an event is asked, so that the window itself is cut out first: were there one in it,
    another would have to outdo it. For each run the calendar is turned by chance, so that days stay as they are; then
    tests of a window that found nothing find something, as many as the rise takes, and it is tested. None: not even
    the greatest rise that their shares leave room for would have been found often enough.

    Args and errors as of `shifted_shares`; the window is less than half of the series, or nothing is told.
    """
    starts = begun(([one.tests for one in series],), start, length)
    if 2 * length >= len(series[0].tests):
        return None
    series = [_cut(one, first, length) for one, first in zip(series, starts, strict=True)]
    rates = [one.rate for one in series]
    rises = [rise for rise in RISES if rise <= 1 - max(rates)]
    if not rises or not all(sum(one.tests) for one in series):
        return None

    def power(rise: float) -> float:
        return sum(_raised(series, rates, length, rise, rng, alpha) for _ in range(runs)) / runs

    return least_of(rises, power)


def drawn(n: int, p: float, rng: Random) -> int:
    """How many of `n` succeed, each with chance `p`."""
    spread = n * p * (1 - p)
    if spread < _MANY:
        return sum(rng.random() < p for _ in range(n))
    return min(n, max(0, round(rng.gauss(n * p, math.sqrt(spread)))))


def _cut(one: Shares, start: int, length: int) -> Shares:
    """The ring without a window."""
    left = slice(length, None)
    return Shares(
        tests=tuple(turned(one.tests, start)[left]),
        found=tuple(turned(one.found, start)[left]),
        expected=tuple(turned(one.expected, start)[left]),
        squares=tuple(turned(one.squares, start)[left]),
        free=tuple(turned(one.free, start)[left]),
    )


def _raised(
    series: Sequence[Shares], rates: Sequence[float], length: int, rise: float, rng: Random, alpha: float
) -> bool:
    """Whether a window of which so much more is found is seen, somewhere in the calendar."""
    days = len(series[0].tests)
    start, turn = rng.randrange(days), rng.randrange(days)
    several = []
    for one, rate in zip(series, rates, strict=True):
        tests, free = turned(one.tests, turn), turned(one.free, turn)
        found, expected, squares = (turned(each, turn) for each in (one.found, one.expected, one.squares))
        for place in range(start, start + length):
            at = place % days
            if tests[at]:
                more = drawn(int(tests[at] - found[at]), rise / (1 - rate), rng)
                found[at] += more
                expected[at] += more * (1 - free[at] / tests[at])
                squares[at] += more * (1 - 2 * rate)
        several.append(Shares(tests=tuple(tests), found=tuple(found), expected=tuple(expected),
                              squares=tuple(squares), free=tuple(free)))  # fmt: skip
    told = shifted_shares(several, start, length)
    return told is not None and told.p <= alpha


def _windows(one: Shares, later: int, length: int) -> list[float | None]:
    """Of the window that begins on each day, round the ring, its excess by its spread; None where too few were."""
    least = min(LEAST_OBSERVED, length)
    tests = turned(one.tests, later)
    excess, spread = turned(one.excess, later), turned(one.spread, later)
    days = sums([int(n > 0) for n in tests], length)
    return [
        (round(more / math.sqrt(wide), _DECIMALS) if wide > _NONE else 0.0) if seen >= least else None
        for more, wide, seen in zip(sums(excess, length), sums(spread, length), days, strict=True)
    ]
