"""Intervals for a share of attempts, and what a number of clean attempts excludes.

Clopper-Pearson is exact and needs the inverse of the binomial tail, found here by bisection so that measuring needs
no scipy; tests hold it against published values. Wilson is what scores print (refs/STATISTICS 0).
"""

import math

LEVEL = 0.95
_BISECTIONS = 50
"""Halvings of [0, 1]: an error below 1e-15, near the spacing of doubles at 1, which the middle never reaches."""

_Z = 1.959964
"""Of the normal distribution, two sides at 95 %."""
_STUDENT = (12.7062, 4.30265, 3.18245, 2.77645)
"""Student's t, two sides at 95 %, of one to four degrees of freedom."""


def _tail(k: int, n: int, p: float) -> float:
    """P(X >= k) for X ~ Binomial(n, p), 0 < p < 1: the shorter tail is summed, in logarithms."""
    upper = k > n - k
    terms = range(k, n + 1) if upper else range(k)
    total = math.fsum(math.exp(_log_choose(n, i) + i * math.log(p) + (n - i) * math.log1p(-p)) for i in terms)
    return total if upper else 1 - total


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def _solve(k: int, n: int, tail: float) -> float:
    """The p at which P(X >= k) = tail; the tail grows with p."""
    low, high = 0.0, 1.0  # the middle is never 0 or 1
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        if _tail(k, n, middle) < tail:
            low = middle
        else:
            high = middle
    return high


def clopper_pearson(k: int, n: int, level: float = LEVEL) -> tuple[float, float]:
    """Exact two-sided interval for a share of which k of n were seen; (0, 1) for n = 0.

    Raises:
        ValueError: unless 0 <= k <= n and 0 < level < 1.
    """
    if not 0 <= k <= n or not 0 < level < 1:
        raise ValueError(f"need 0 <= k <= n and a level between 0 and 1, not {k}, {n}, {level}")
    half = (1 - level) / 2
    low = _solve(k, n, half) if k else 0.0
    high = _solve(k + 1, n, 1 - half) if k < n else 1.0
    return low, high


def upper_limit(k: int, n: int, level: float = LEVEL) -> float:
    """One-sided exact upper limit of a share of which k of n were seen; 1 for n = 0."""
    if not 0 <= k <= n or not 0 < level < 1:
        raise ValueError(f"need 0 <= k <= n and a level between 0 and 1, not {k}, {n}, {level}")
    return _solve(k + 1, n, level) if k < n else 1.0


def lower_limit(k: int, n: int, level: float = LEVEL) -> float:
    """One-sided exact lower limit of a share of which k of n were seen; 0 for k = 0."""
    return 1 - upper_limit(n - k, n, level)


def wilson(k: float, n: float, z: float = _Z) -> tuple[float, float]:
    """Wilson's score interval; z = 1.96 is 95 %. (0, 1) for n = 0."""
    if not 0 <= k <= n:
        raise ValueError(f"need 0 <= k <= n, not {k}, {n}")
    if n == 0:
        return 0.0, 1.0
    share, square = k / n, z * z / n
    middle = share + square / 2
    spread = z * math.sqrt(share * (1 - share) / n + square / (4 * n))
    return max(0.0, (middle - spread) / (1 + square)), min(1.0, (middle + spread) / (1 + square))


def student(freedom: float) -> float:
    """Student's t of two sides at 95 %: how many standard errors, where the error itself is known from few.

    Of up to four degrees of freedom, a whole number, by the tables; of more, also of infinitely many, by the
    expansion of Cornish and Fisher, within 0.2 %.

    Raises:
        ValueError: With no degree of freedom there is no such number.
    """
    if freedom < 1:
        raise ValueError(f"need a degree of freedom, not {freedom}")
    if freedom <= len(_STUDENT):
        return _STUDENT[int(freedom) - 1]
    first = (_Z**3 + _Z) / 4
    second = (5 * _Z**5 + 16 * _Z**3 + 3 * _Z) / 96
    third = (3 * _Z**7 + 19 * _Z**5 + 17 * _Z**3 - 15 * _Z) / 384
    return _Z + first / freedom + second / freedom**2 + third / freedom**3


def clean_excludes(n: int, level: float = LEVEL) -> float:
    """The share p of attempts hit that n clean attempts exclude: (1 - p)^n = 1 - level (METHOD 1)."""
    if n < 0:
        raise ValueError(f"need n >= 0, not {n}")
    return 1.0 if n == 0 else 1 - (1 - level) ** (1 / n)
