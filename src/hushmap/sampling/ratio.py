"""How two rates compare that were measured in turn, and whether a transfer ran at one rate throughout.

A line's rate wanders, and both streams of one alternation see it in the same minute: what is put to the test is the
logarithm of their ratio, one number an alternation. The interval is bootstrap-t (each resample by its own spread),
which with as few as five numbers covers what it promises where a plain percentile interval does not
(tests/bench/throttle.py prints both).
"""

import math
import random
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from hushmap.sampling.intervals import LEVEL

LEAST_ALTERNATIONS = 5
"""refs/BEYOND 2.9."""
RESAMPLES = 1000
"""The ends of a 95 % interval then rest on 25 resamples each."""
BINS = 5
"""Stretches of equal time whose rates are compared: a policed flow has pauses of its own (time-outs of 0.2 to 1 s),
so a stretch must last longer than those."""
SETTLING = 0.2
"""Share of the time that is left out at the start: what a policer's bucket lets through at once, and slow start."""
_FAR = 50.0
"""Logarithm of a ratio that nothing on a line can have: an end beyond it is as good as none."""
_NOTHING = 1e-12
"""A spread that is a rounding error's."""
LEAST_POINTS = 8
"""Arrivals from which stretches can be told apart."""


class Ratio(msgspec.Struct, frozen=True, kw_only=True):
    """A ratio of rates with its interval."""

    point: float
    low: float
    high: float


class Plateau(msgspec.Struct, frozen=True, kw_only=True):
    """The steady part of one transfer."""

    rate: float
    """Bytes a second."""
    cv: float
    """Standard deviation over mean of the rates of its stretches."""
    burst: float
    """Bytes that had come before the steady part beyond its own rate: what a bucket let through at once."""
    pause: float
    """The longest time without a byte, as a share of the steady part."""


def rate_ratio(
    subject: Sequence[float], baseline: Sequence[float], rng: random.Random, *, level: float = LEVEL
) -> Ratio:
    """The mean ratio (of logarithms) of rates measured in turn, and its bootstrap-t interval.

    Raises:
        ValueError: too few alternations, unequal numbers, or a rate that is none.
    """
    if len(subject) != len(baseline) or len(subject) < LEAST_ALTERNATIONS or min(*subject, *baseline) <= 0:
        raise ValueError(f"need {LEAST_ALTERNATIONS} or more pairs of rates above 0, not {subject} and {baseline}")
    logs = [math.log(one / other) for one, other in zip(subject, baseline, strict=True)]
    mean, spread = _moments(logs)
    low, high = _students(logs, mean, rng, (1 - level) / 2)
    low, high = (max(-_FAR, min(_FAR, mean - end * spread)) for end in (high, low))
    return Ratio(point=math.exp(mean), low=math.exp(low), high=math.exp(high))


def _students(logs: list[float], mean: float, rng: random.Random, tail: float) -> tuple[float, float]:
    """The quantiles of (mean - true mean) / spread among resamples; one without spread says nothing."""
    found = []
    for _ in range(RESAMPLES):
        drawn = rng.choices(logs, k=len(logs))
        middle, spread = _moments(drawn)
        if spread > _NOTHING:
            found.append((middle - mean) / spread)
    if not found:
        return 0.0, 0.0
    found.sort()
    cut = int(tail * len(found))
    return found[cut], found[-1 - cut]


def _moments(values: Sequence[float]) -> tuple[float, float]:
    """Mean and standard deviation."""
    mean = sum(values) / len(values)
    return mean, math.sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1))


def plateau(curve: Sequence[tuple[float, int]]) -> Plateau | None:
    """The steady part of a byte-arrival curve; `None` if there are too few arrivals to say."""
    if len(curve) < LEAST_POINTS or curve[-1][0] <= curve[0][0]:
        return None
    begin, end = curve[0][0], curve[-1][0]
    start = begin + SETTLING * (end - begin)
    step = (end - start) / BINS
    totals = [_total(curve, start + step * number) for number in range(BINS)] + [float(curve[-1][1])]
    rates = [(later - sooner) / step for sooner, later in pairwise(totals)]
    mean, spread = _moments(rates)
    if mean <= 0:
        return None
    pause = max(later - max(sooner, start) for (sooner, _), (later, _) in pairwise(curve))
    return Plateau(rate=mean, cv=spread / mean, burst=totals[0] - mean * (start - begin), pause=pause / (end - start))


def _total(curve: Sequence[tuple[float, int]], at: float) -> float:
    """Bytes that had come at a time between the first and the last arrival, on straight lines between arrivals."""
    for (sooner, less), (later, more) in pairwise(curve):
        if sooner <= at < later:
            return less + (more - less) * (at - sooner) / (later - sooner)
    return float(curve[-1][1])  # times too great for their differences
