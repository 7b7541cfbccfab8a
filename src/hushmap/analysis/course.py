"""What a series did before and after a date: level and slope, and where it changed without being told the date.

Both stand beside the calendar test and never in its place. The segmented regression is of log(1 + things) by observed
day, with the time since the event for the slope, and intervals from blocks of days drawn anew: errors of neighbouring
days go together, and the usual intervals are far too narrow (refs/KEYWORDS 3.2). How near change points (`levels`)
lie to events is compared with the same calendar turned.
"""

import math
from collections.abc import Sequence

import msgspec
import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

LEAST_POINTS = 12
"""Observed days with anything on them that each side needs (refs/KEYWORDS 3.2: at least 8 to 12)."""
DRAWS = 1_000
LEVEL = 0.95
_AFTERWARDS = np.array([[0, 0, 1, 0], [0, 0, 1, 30]], dtype=np.float64)
"""Of what is fitted, the effect at the event, and that of 30 days later."""


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """A ratio of (1 + things a day), with its 95 % interval; 1 is no difference."""

    ratio: float
    low: float
    high: float


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """A difference of shares, with its 95 % interval; 0 is none."""

    share: float
    low: float
    high: float


class Interrupted(msgspec.Struct, frozen=True, kw_only=True):
    """The regression."""

    step: Effect
    """At the event."""
    month: Effect
    """By 30 days afterwards, beyond what the time before would have led to."""
    days: int
    block: int
    """Days that are drawn together."""


class InterruptedShares(msgspec.Struct, frozen=True, kw_only=True):
    """The same of shares."""

    step: Moved
    month: Moved
    days: int
    block: int


def interrupted(things: Sequence[int | None], at: int, rng: np.random.Generator) -> Interrupted | None:
    """The regression of log(1 + things) around day `at`; None where too little is known on one side."""
    days = np.array([day for day, count in enumerate(things) if count is not None], dtype=np.float64)
    counts = np.array([count for count in things if count is not None], dtype=np.float64)
    if not _enough(days[counts > 0], at):
        return None
    fitted, drawn, block = _segmented(days, np.log1p(counts), np.ones_like(days), at, rng)
    step, month = (_effect(fitted @ by, drawn @ by) for by in _AFTERWARDS)
    return Interrupted(step=step, month=month, days=len(days), block=block)


def interrupted_shares(
    shares: Sequence[float | None], spread: Sequence[float], at: int, rng: np.random.Generator
) -> InterruptedShares | None:
    """The regression of shares around day `at`, each weighing as much as it is sure; None as in `interrupted`.

    Args:
        shares: of each day; None where there was no test.
        spread: the variance of each.
        at: the day of the event.
        rng: of what is drawn.
    """
    known = [(day, share, wide) for day, (share, wide) in enumerate(zip(shares, spread, strict=True))
             if share is not None]  # fmt: skip
    days, values, wide = np.array(known, dtype=np.float64).reshape(-1, 3).T
    if not _enough(days, at) or not (wide > 0).all():
        return None
    fitted, drawn, block = _segmented(days, values, 1 / np.sqrt(wide), at, rng)
    step, month = (_moved(fitted @ by, drawn @ by) for by in _AFTERWARDS)
    return InterruptedShares(step=step, month=month, days=len(days), block=block)


def _enough(days: Numbers, at: int) -> bool:
    return min(int((days < at).sum()), int((days >= at).sum())) >= LEAST_POINTS


def _segmented(
    days: Numbers, values: Numbers, weights: Numbers, at: int, rng: np.random.Generator
) -> tuple[Numbers, Numbers, int]:
    """What was fitted, the same of each draw, and the days that were drawn together.

    y = a + b t + step [t >= at] + slope max(0, t - at), with errors of 1 / weight.
    """
    after = (days >= at).astype(np.float64)
    design = np.column_stack([np.ones_like(days), days, after, np.clip(days - at, 0, None)]) * weights[:, None]
    fitted, *_ = np.linalg.lstsq(design, values * weights, rcond=None)
    mean = design @ fitted
    left = values * weights - mean
    block = max(7, math.ceil(len(days) ** (1 / 3)))
    starts = rng.integers(0, len(days), size=(DRAWS, math.ceil(len(days) / block)))
    places = (starts[:, :, None] + np.arange(block)).reshape(DRAWS, -1)[:, : len(days)] % len(days)
    drawn, *_ = np.linalg.lstsq(design, (mean + left[places]).T, rcond=None)
    return fitted.astype(np.float64), drawn.T.astype(np.float64), int(block)


def _limits(value: float, drawn: Numbers) -> tuple[float, float]:
    """Basic bootstrap limits: what was drawn is turned round the estimate."""
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(2 * value - high), float(2 * value - low)


def _effect(value: float, drawn: Numbers) -> Effect:
    low, high = _limits(value, drawn)
    return Effect(ratio=math.exp(value), low=math.exp(low), high=math.exp(high))


def _moved(value: float, drawn: Numbers) -> Moved:
    low, high = _limits(value, drawn)
    return Moved(share=float(value), low=low, high=high)


class Near(msgspec.Struct, frozen=True, kw_only=True):
    """Change points and how near they lie to events."""

    changes: tuple[int, ...]
    """Days, by their place in the series."""
    distance: float | None
    """Mean days from an event to the nearest change; None: there is no change, or no event."""
    p: float | None
    """Share of the turned calendars that lie as near."""


def near(changes: Sequence[int], events: Sequence[int], days: int) -> Near:
    """How near change points lie to events, against the same events turned round the calendar."""
    inside = [event for event in events if 0 <= event < days]
    if not changes or not inside:
        return Near(changes=tuple(changes), distance=None, p=None)
    at, points = np.array(inside), np.array(changes)

    def distance(turn: int) -> float:
        turned = (at + turn) % days
        apart = np.abs(turned[:, None] - points[None, :])
        return float(np.minimum(apart, days - apart).min(axis=1).mean())

    mine = distance(0)
    as_near = sum(distance(turn) <= mine for turn in range(1, days))
    return Near(changes=tuple(changes), distance=mine, p=(1 + as_near) / days)
