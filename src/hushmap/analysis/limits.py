"""Clopper-Pearson's interval for many shares at once, also where a burst counts as a part of one.

`sampling.clopper_pearson` is exact for whole counts, one by one. Here k is a sum of values in [0, 1], one for each
burst, so that the tail of the binomial is read where it is continuous: from the regularised incomplete beta function.
For whole k both say the same. For broken k the interval is wider than it had to be: among values in [0, 1] with the
same mean none scatter more than those that are 0 or 1, for which it is exact (docs/why).
"""

import math

import numpy as np
import numpy.typing as npt

LEVEL = 0.95

Floats = npt.NDArray[np.float64]

_HALVINGS = 50
"""Of [0, 1], as in sampling: an error below 1e-15."""
_TERMS = 500
"""Of the continued fraction, which needs about the square root of the larger argument: enough for 10,000 bursts; it
ends sooner where it stands still."""
_STILL = 1e-14
_TINY = 1e-300


def bounds(k: npt.ArrayLike, n: npt.ArrayLike, level: float = LEVEL) -> tuple[Floats, Floats]:
    """The limits of each share of which `k` of `n` were seen; 0 and 1 where nothing was.

    Raises:
        ValueError: unless 0 <= k <= n and 0 < level < 1.
    """
    seen, of = np.asarray(k, np.float64), np.asarray(n, np.float64)
    if not 0 < level < 1 or not bool(np.all((seen >= 0) & (seen <= of))):
        raise ValueError("need 0 <= k <= n, and a level between 0 and 1")
    pairs, back = np.unique(np.stack([seen, of], axis=-1).reshape(-1, 2), axis=0, return_inverse=True)
    some, all_ = pairs[:, 0], pairs[:, 1]
    half = (1 - level) / 2
    low, high = np.zeros(len(pairs)), np.ones(len(pairs))
    any_, not_all = some > 0, some < all_
    low[any_], _ = _quantile(half, some[any_], all_[any_] - some[any_] + 1)
    _, high[not_all] = _quantile(1 - half, some[not_all] + 1, all_[not_all] - some[not_all])
    at = back.reshape(seen.shape)
    return low[at], high[at]


def _quantile(p: float, a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Between which two numbers the beta distribution's tail, which grows, is `p`."""
    low, high = np.zeros_like(a), np.ones_like(a)
    scale = np.array([math.lgamma(s + t) - math.lgamma(s) - math.lgamma(t) for s, t in zip(a, b, strict=True)])
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        below = _tail(middle, a, b, scale) < p
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return low, high


def _tail(x: Floats, a: Floats, b: Floats, scale: Floats) -> Floats:
    """The regularised incomplete beta function I_x(a, b), 0 < x < 1; from the side on which it converges fast."""
    front = np.exp(scale + a * np.log(x) + b * np.log1p(-x))
    left = x < (a + 1) / (a + b + 2)
    fraction = _fraction(np.where(left, x, 1 - x), np.where(left, a, b), np.where(left, b, a))
    part = front * fraction / np.where(left, a, b)
    return np.where(left, part, 1 - part)


def _fraction(x: Floats, a: Floats, b: Floats) -> Floats:
    """Its continued fraction (Abramowitz and Stegun 26.5.8), by Lentz's way of adding terms."""
    c, d = np.ones_like(x), 1 / _held(1 - (a + b) * x / (a + 1))
    found = d
    for m in range(1, _TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        step = np.ones_like(x)
        for term in (even, odd):
            d = 1 / _held(1 + term * d)
            c = _held(1 + term / c)
            step = step * c * d
        found = found * step
        if bool(np.all(np.abs(step - 1) < _STILL)):
            break
    return found


def _held(value: Floats) -> Floats:
    """No divisor is zero."""
    return np.where(np.abs(value) < _TINY, _TINY, value)
