"""Was more found in a window of days than in others as long? A permutation test by circular shifts of the calendar.

Updates come in bursts, so that counts of days are neither independent nor of any handy distribution; models that
assume they are give p = 0 for one busy week (refs/KEYWORDS 3.1). A shift of the window over the series' own days
keeps bursts whole and assumes one thing only: without the event every start of the window would have been as good. A
season or a trend breaks that, so controls stand beside it. Days on which nothing was observed are no zeros: a
window's value is its count by observed day, or by places that looked on those days where more looked on one than on
another. Formulas and measured power: refs/STATISTICS 4.

Several series that share one calendar are shifted together: in each the window has a rank, and their mean is tested.
"""

import math
from collections.abc import Callable, Sequence
from itertools import accumulate
from random import Random
from typing import TypeVar

import msgspec

_T = TypeVar("_T")
Days = Sequence[int | None]
"""Of each day of a series, in a row, what was counted; None where nothing was observed."""
Looks = Sequence[Sequence[int]]
"""Of each day of each series, how many places looked: networks, say. What nobody looked at counts for nothing."""

LEAST_OBSERVED = 7
"""Days of a window that must have been observed, or all of it where it is shorter: a share of two days is noise."""
ALPHA = 0.05
WANTED_POWER = 0.8
MULTIPLES = (1.5, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0)
"""How many times as much the window may have had, of which the least that would have been found is told."""


class Shifted(msgspec.Struct, frozen=True, kw_only=True):
    """What the test says."""

    p: float
    """(1 + windows with at least as much) / (1 + other windows)."""
    smallest: float
    """The smallest p that this calendar could give at all."""
    apart: int
    """How many windows as long the series has side by side; 1 / apart is the finest that does not overlap."""
    windows: int
    """Other windows that were compared."""
    greater: int
    """Of these, with more."""
    ties: int
    """And with as much."""

    def drawn(self, rng: Random) -> float:
        """P with ties broken by chance: exactly uniform where every start is as good, to check the test with."""
        return (self.greater + (self.ties + 1) * rng.random()) / (self.windows + 1)


def shifted(
    series: Sequence[Days], start: int | Sequence[int], length: int, looks: Looks | None = None
) -> Shifted | None:
    """The window of `length` days from day `start` on, against every other start; None where it cannot be valued.

    Args:
        series: one or several, all of the same days.
        start: index of the first day; or one for each series, where localities began at different times: the whole
            calendar of starts is then shifted together, which keeps what lies between them.
        length: days of the window.
        looks: how many places looked on each day of each series; by default one on each day that was observed.

    Raises:
        ValueError: The series differ in length, or the window is none of theirs.
    """
    looks = [_observed(one) for one in series] if looks is None else looks
    starts = begun((series, looks), start, length)
    lined_up = (
        (turned(one, own - starts[0]), turned(look, own - starts[0]))
        for one, look, own in zip(series, looks, starts, strict=True)
    )
    return against([_windows(one, look, length) for one, look in lined_up], starts[0], length)


def begun(known: Sequence[Sequence[Sequence[object]]], start: int | Sequence[int], length: int) -> list[int]:
    """The first day of the window in each series.

    Args:
        known: each thing that is known of the series: of each of them, by day.
        start: index of the first day, or one for each series.
        length: days of the window.

    Raises:
        ValueError: They differ in days or in number, or the window is none of theirs.
    """
    series, sizes = len(known[0]), {len(one) for each in known for one in each}
    starts = [start] * series if isinstance(start, int) else [*start]
    alike = len(sizes) == 1 and {series} == {len(starts), *map(len, known)}
    days = min(sizes, default=0)
    if not alike or not all(0 <= one < days for one in starts) or not 0 < length < days:
        raise ValueError("the window is to be shorter than the series and begin in it, and all have the same days")
    return starts


def against(windows: list[list[float | None]], start: int, length: int) -> Shifted | None:
    """The window that begins on day `start` against every other, by the values of each series on each day.

    None where it has no value, or no other one has.
    """
    values = _together(windows)
    mine = values[start]
    others = [value for place, value in enumerate(values) if value is not None and place != start]
    if mine is None or not others:
        return None
    greater = sum(value > mine for value in others)
    ties = sum(value == mine for value in others)
    return Shifted(
        p=(1 + greater + ties) / (1 + len(others)),
        smallest=1 / (1 + len(others)),
        apart=len(values) // length,
        windows=len(others),
        greater=greater,
        ties=ties,
    )


def least_found(
    series: Sequence[Days],
    start: int | Sequence[int],
    length: int,
    rng: Random,
    *,
    alpha: float = ALPHA,
    runs: int = 100,
    looks: Looks | None = None,
) -> tuple[float, float] | None:
    """(k, power): the least multiple of `MULTIPLES` that these series would have shown, and how often they would.

    The rate is that of the other days: the window itself is cut out first, for were there an event in it, its updates
    would count as usual ones, and another would have to outdo it. For each run the calendar is turned by chance, so
    that bursts stay as they are; then a window gets what a rate k times as high would have added (Poisson), and is
    tested. None: not even the greatest would have been found in `WANTED_POWER` of the runs, nothing was counted on
    the other days, or they are no more than the window has.

    Args and errors as of `shifted`.
    """
    looks = [_observed(one) for one in series] if looks is None else looks
    starts = begun((series, looks), start, length)
    if 2 * length >= len(series[0]):
        return None
    known: list[tuple[Days, Sequence[int], float]] = []
    for one, look, first in zip(series, looks, starts, strict=True):
        counts, looked = turned(one, first)[length:], turned(look, first)[length:]
        known.append((counts, looked, _rate(counts, looked)))
    if not any(rate for _, _, rate in known):
        return None

    def power(multiple: float) -> float:
        return sum(_raised(known, length, multiple, rng, alpha) for _ in range(runs)) / runs

    return least_of(MULTIPLES, power)


def least_of(sizes: Sequence[float], power: Callable[[float], float]) -> tuple[float, float] | None:
    """The least of some sizes of an effect, in order, that has `WANTED_POWER`, and its power; None: none has.

    A greater rise is found more often, so that the least of few is found by halving.
    """
    low, high, told = 0, len(sizes) - 1, power(sizes[-1])
    if told < WANTED_POWER:
        return None
    while low < high:
        middle = (low + high) // 2
        found = power(sizes[middle])
        if found >= WANTED_POWER:
            high, told = middle, found
        else:
            low = middle + 1
    return sizes[high], told


def poisson(mean: float, rng: Random) -> int:
    """A number of events, by Knuth's product of uniforms, in parts that keep clear of the smallest float."""
    found = 0
    while mean > 0:
        part = min(mean, 500.0)
        mean -= part
        bar, product = math.exp(-part), rng.random()
        while product > bar:
            found += 1
            product *= rng.random()
    return found


def _raised(
    known: Sequence[tuple[Days, Sequence[int], float]], length: int, multiple: float, rng: Random, alpha: float
) -> bool:
    """Whether a window of such a rate is found, somewhere in the calendar."""
    days = len(known[0][0])
    start, turn = rng.randrange(days), rng.randrange(days)
    raised: list[list[int | None]] = []
    looks: list[Sequence[int]] = []
    for one, look, rate in known:
        counts, looked = turned(one, turn), turned(look, turn)
        for place in range(start, start + length):
            at = place % days
            if (count := counts[at]) is not None:
                counts[at] = count + poisson((multiple - 1) * rate * looked[at], rng)
        raised.append(counts)
        looks.append(looked)
    told = shifted(raised, start, length, looks)
    return told is not None and told.p <= alpha


def turned(one: Sequence[_T], by: int) -> list[_T]:
    """The same ring, begun `by` days later."""
    return [*one[by:], *one[:by]]


def _observed(one: Days) -> list[int]:
    return [int(count is not None) for count in one]


def _rate(one: Days, looks: Sequence[int]) -> float:
    """What one place sees on one day."""
    seen = [(count, look) for count, look in zip(one, looks, strict=True) if count is not None]
    places = sum(look for _, look in seen)
    return sum(count for count, _ in seen) / places if places else 0.0


def _windows(one: Days, looks: Sequence[int], length: int) -> list[float | None]:
    """Of the window that begins on each day, round the ring, its count by place and day; None where too few were."""
    places = [0 if count is None else look for count, look in zip(one, looks, strict=True)]
    counts = [count or 0 if look else 0 for count, look in zip(one, places, strict=True)]
    least = min(LEAST_OBSERVED, length)
    days = sums([int(look > 0) for look in places], length)
    return [
        count / look if seen >= least else None
        for count, look, seen in zip(sums(counts, length), sums(places, length), days, strict=True)
    ]


def sums(values: Sequence[float], length: int) -> list[float]:
    """Of the window that begins on each day, round the ring."""
    whole = [*accumulate([*values, *values[: length - 1]], initial=0)]
    return [end - start for start, end in zip(whole, whole[length:], strict=False)]


def _together(windows: list[list[float | None]]) -> list[float | None]:
    """One value for each start: of one series its own; of several the mean rank where each of them has one."""
    if len(windows) == 1:
        return windows[0]
    ranks = [_ranks(one) for one in windows]
    found: list[float | None] = []
    for place in zip(*ranks, strict=True):
        known = [rank for rank in place if rank is not None]
        found.append(math.fsum(known) / len(known) if len(known) == len(place) else None)
    return found


def _ranks(values: list[float | None]) -> list[float | None]:
    """Of each value its place among all, as a share; equal ones share theirs."""
    known = sorted(value for value in values if value is not None)
    places: dict[float, float] = {}
    first = 0
    for place, value in enumerate(known):
        if place + 1 == len(known) or known[place + 1] != value:
            places[value] = (first + place) / 2 / len(known)
            first = place + 1
    return [None if value is None else places[value] for value in values]
