"""How long something lasts that ends by itself, from looks at single moments after fresh beginnings.

Each look says whether it was still there so long after it began. A line loses packets, and a censor spares some of
what follows (refs/BEYOND 2.7: 50 to 75 % of follow-ups are hit), so no single look decides: every duration on a grid
of equal ratios has a likelihood given all looks, and the next moment is the one that is expected to tell most. It is
the doubling and bisection of refs/BEYOND 2.7 step 4, and survives answers that were wrong.
"""

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import accumulate

import msgspec

HELD = 0.6
"""Of the looks at what is still there, so many show it: the middle of what refs/BEYOND 2.7 reports."""
STRAY = 0.05
"""Of the looks at what is over, so many fail all the same: the floor of the sequential test's f0."""
STEP = 1.05
"""The grid's ratio: finer than any interval that is worth its attempts."""
TIGHT = 1.3
"""An interval whose ends are no further apart is good enough: a cool-down adds half again for safety."""
SURE = 0.95
_EDGE = 8.0
"""Weight, before any look, of "nothing lasts" and of "longer than can be waited for", in steps of the grid."""


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One look, `after` seconds after a fresh beginning."""

    after: float
    held: bool


class Lasting(msgspec.Struct, frozen=True, kw_only=True):
    """Between what a duration lies at 95 %, given `looks` looks."""

    low: float
    """0: perhaps nothing lasts."""
    high: float | None
    """`None`: it may last longer than can be waited for."""
    looks: int
    decided: bool
    ask: float
    """After how many seconds the next look tells most."""


def lasts(looks: Iterable[Look], *, least: float, most: float) -> Lasting:
    """The duration's interval, from moments between `least` and `most` seconds.

    Raises:
        ValueError: unless 0 < least < most.
    """
    if not 0 < least < most:
        raise ValueError(f"need 0 < least < most, not {least} and {most}")
    seen = tuple(looks)
    steps = math.ceil(math.log(most / least) / math.log(STEP))
    grid = [0.0, *(least * STEP**step for step in range(steps)), most, math.inf]
    weights = [_EDGE, *([1.0] * (len(grid) - 2)), _EDGE]
    for look in seen:
        weights = [weight * _likely(duration, look) for weight, duration in zip(weights, grid, strict=True)]
        whole = sum(weights)
        weights = [weight / whole for weight in weights]
    first, last = (_quantile(weights, share) for share in ((1 - SURE) / 2, (1 + SURE) / 2))
    low, high = grid[max(0, first - 1)], grid[last]  # a value of the grid stands for all above the one before it
    return Lasting(
        low=low,
        high=high if math.isfinite(high) else None,
        looks=len(seen),
        decided=high <= TIGHT * max(low, least) or low >= most,
        ask=max(_told(grid, weights))[1],
    )


def _likely(duration: float, look: Look) -> float:
    """How likely the look is if it lasts so long."""
    shown = HELD if look.after < duration else STRAY
    return shown if look.held else 1 - shown


def _told(grid: list[float], weights: list[float]) -> Iterator[tuple[float, float]]:
    """(bits that a look is expected to tell, moment), for each moment of the grid."""
    whole = longer = sum(weights)
    for duration, weight in zip(grid[:-1], weights, strict=False):
        longer -= weight
        if duration:
            there = min(1.0, max(0.0, longer / whole))
            shown = there * HELD + (1 - there) * STRAY
            yield _bits(shown) - there * _bits(HELD) - (1 - there) * _bits(STRAY), duration


def _bits(share: float) -> float:
    """The entropy of a yes or no."""
    return -share * math.log2(share) - (1 - share) * math.log2(1 - share)


def _quantile(weights: list[float], share: float) -> int:
    """The first place that holds this share of all weight before and at it."""
    sums = [*accumulate(weights)]
    return min(bisect_left(sums, share * sums[-1]), len(weights) - 1)
