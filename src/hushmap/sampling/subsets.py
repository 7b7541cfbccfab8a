"""What is believed about a pack of words: a weight for every set of them that may be triggers.

Words do not answer for themselves in a pack, so that single odds per word would lose what a test of several says:
"one of these, but which?". A pack is small and its triggers few, so that all likely sets can be kept, and each answer
is Bayes' rule (refs/STATISTICS 2). Words that no test has told apart are alike: a set is kept as how many triggers
each group of such words holds, which is exact, and a few dozen numbers in place of thousands.
"""

import math
from collections.abc import Iterator, Sequence
from operator import itemgetter, mul

from hushmap.model import Rates

MOST = 5
"""How many triggers the largest kept set has. Three would do for chance alone (refs/STATISTICS 2), but lists have
their triggers side by side: with five in a row, keeping sets of three costs a third more tests. Beyond five the
numbers grow fast, and the guard of the screening is cheaper."""
_GONE = 1e-12
"""A set of this weight is forgotten: with a few thousand sets a pack errs once in a hundred million by that."""


class Subsets:
    """Weights of sets, summing to 1; words are bits of a mask. An answer makes a new one, and changes nothing."""

    __slots__ = ("_groups", "_weights")

    def __init__(self, groups: tuple[int, ...], weights: dict[tuple[int, ...], float]) -> None:
        self._groups = groups
        """Masks of words that no test has told apart."""
        self._weights = weights
        """How many triggers each group holds, and how likely that is."""

    @classmethod
    def before(cls, count: int, prevalence: float) -> "Subsets":
        """Each word a trigger by itself with chance `prevalence`, before any test."""
        odds = prevalence / (1 - prevalence)
        sizes = range(min(count, MOST) + 1)
        return cls(((1 << count) - 1,), _normal({(size,): math.comb(count, size) * odds**size for size in sizes}))

    def told(self, asked: int, *, hit: bool, rates: Rates) -> "Subsets":
        """After a test of the words in the mask `asked`."""
        groups, weights = self._groups, self._weights
        for place in range(len(groups) - 1, -1, -1):
            inside = groups[place] & asked
            if inside and inside != groups[place]:
                groups, weights = _split(groups, weights, place, inside)
        held, free = (1 - rates.miss, rates.false_hit) if hit else (rates.miss, 1 - rates.false_hit)
        among = [place for place, group in enumerate(groups) if group & asked]
        counted = itemgetter(*among, among[0])  # twice, so that one is a tuple too
        likely = {counts: weight * (held if any(counted(counts)) else free) for counts, weight in weights.items()}
        return Subsets(groups, _normal(likely))

    def chances(self) -> dict[int, float]:
        """For each group of words, how likely each of them is a trigger."""
        weights = self._weights.values()
        held = [sum(map(mul, counts, weights)) for counts in zip(*self._weights, strict=True)]
        return {group: count / group.bit_count() for group, count in zip(self._groups, held, strict=True)}

    def prefixes(self, order: Sequence[int]) -> Iterator[tuple[int, float]]:
        """(words, how likely any of them is a trigger) for the first words of these groups: one, two, up to all."""
        places = [self._groups.index(group) for group in order]
        first = [[0.0] * (MOST + 1) for _ in order]  # [group in order][how many]: it is the first that holds any
        for counts, weight in self._weights.items():
            for rank, place in enumerate(places):
                if counts[place]:
                    first[rank][counts[place]] += weight
                    break
        words, before = 0, 0.0
        for group, held in zip(order, first, strict=True):
            size, rest = group.bit_count(), group
            for taken in range(1, size + 1):
                words |= rest & -rest
                rest &= rest - 1
                spared = math.fsum(
                    weight * math.comb(size - taken, count) / math.comb(size, count)
                    for count, weight in enumerate(held)
                    if weight
                )
                yield words, min(1.0, max(0.0, before + math.fsum(held) - spared))
            before += math.fsum(held)


def _split(
    groups: tuple[int, ...], weights: dict[tuple[int, ...], float], place: int, inside: int
) -> tuple[tuple[int, ...], dict[tuple[int, ...], float]]:
    """One group as two: those `inside` what is asked, and the others."""
    size, within = groups[place].bit_count(), inside.bit_count()
    told: dict[tuple[int, ...], float] = {}
    for counts, weight in weights.items():
        head, count, tail = counts[:place], counts[place], counts[place + 1 :]
        for there in range(max(0, count - size + within), min(count, within) + 1):
            ways = math.comb(within, there) * math.comb(size - within, count - there) / math.comb(size, count)
            told[*head, there, count - there, *tail] = weight * ways
    return (*groups[:place], inside, groups[place] & ~inside, *groups[place + 1 :]), told


def _normal(weights: dict[tuple[int, ...], float]) -> dict[tuple[int, ...], float]:
    whole = math.fsum(weights.values())
    return {counts: weight / whole for counts, weight in weights.items() if weight > _GONE * whole}
