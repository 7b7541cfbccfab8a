"""What is believed about a pack of words: a weight for every set of them that may be triggers.

Words do not answer for themselves in a pack, so that single odds per word would lose what a test of several says:
"one of these, but which?". A pack is small and its triggers few, so that all likely sets can be kept and each answer
is Bayes' rule, word for word (refs/STATISTICS 2). Sets are bit masks: bit i is word i.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import combinations

from hushmap.model import Rates

LEFT_OUT = 1e-5
"""Sets larger than the largest kept have at most this chance together: a pack of 20 at 0.5 % keeps three, one of 16
at 2 % five (refs/STATISTICS 2)."""
SIZES = range(3, 6)
"""How many triggers the largest kept set has. Fewer than three save nothing; with more than five a pack of 20 would
have 60,000 sets, and the guard of the screening is cheaper."""
_GONE = 1e-30
"""A set of this weight is forgotten: ten tests could not raise it to a decision again."""


def largest(count: int, prevalence: float) -> int:
    """How many triggers the largest set that has to be kept has, of `count` words."""
    odds = prevalence / (1 - prevalence)
    chance = none = (1 - prevalence) ** count
    for size in range(1, SIZES[-1] + 1):
        none *= odds * (count - size + 1) / size
        chance += none
        if size >= SIZES[0] and 1 - chance <= LEFT_OUT:
            return size
    return SIZES[-1]


class Subsets:
    """Weights of sets, summing to 1. Nothing changes in place: an answer makes a new one."""

    __slots__ = ("_count", "_masks", "_weights")

    def __init__(self, count: int, masks: Sequence[int], weights: Sequence[float]) -> None:
        self._count = count
        self._masks = masks
        self._weights = weights

    @classmethod
    def before(cls, count: int, prevalence: float) -> "Subsets":
        """Each word a trigger by itself with chance `prevalence`, before any test."""
        sizes = range(min(count, largest(count, prevalence)) + 1)
        bits = [1 << word for word in range(count)]
        masks = [sum(chosen) for size in sizes for chosen in combinations(bits, size)]
        odds = prevalence / (1 - prevalence)
        weights = [odds ** mask.bit_count() for mask in masks]
        return cls(count, masks, _normal(weights))

    def told(self, asked: int, *, hit: bool, rates: Rates) -> "Subsets":
        """After a test of the words in the mask `asked`."""
        held, free = (1 - rates.miss, rates.false_hit) if hit else (rates.miss, 1 - rates.false_hit)
        weights = _normal(
            [
                weight * (held if mask & asked else free)
                for mask, weight in zip(self._masks, self._weights, strict=True)
            ]
        )
        kept = [(mask, weight) for mask, weight in zip(self._masks, weights, strict=True) if weight > _GONE]
        return Subsets(self._count, [mask for mask, _ in kept], [weight for _, weight in kept])

    def chances(self) -> list[float]:
        """For each word, how likely it is a trigger."""
        found = [0.0] * self._count
        for mask, weight in zip(self._masks, self._weights, strict=True):
            rest = mask
            while rest:
                low = rest & -rest
                found[low.bit_length() - 1] += weight
                rest ^= low
        return found

    def prefixes(self, words: Iterable[int]) -> list[float]:
        """For each number of first words of `words`, one up to all, how likely any of them is a trigger."""
        order = [1 << word for word in words]
        sums = [0.0] * (len(order) + 1)
        for mask, weight in zip(self._masks, self._weights, strict=True):
            for place, bit in enumerate(order):
                if mask & bit:
                    sums[place] += weight
                    break
        total, found = 0.0, []
        for weight in sums[:-1]:
            total += weight
            found.append(min(1.0, total))
        return found


def _normal(weights: list[float]) -> list[float]:
    whole = math.fsum(weights)
    return [weight / whole for weight in weights]
