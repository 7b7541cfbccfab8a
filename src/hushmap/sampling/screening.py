"""Which of a pack's words are triggers, in few tests: several are asked about together, and alone when it counts.

Most words of a list trigger nothing, so that a test of twenty at once says as much as twenty tests. Which words to
put together next is what is expected to tell most, given all answers so far (refs/STATISTICS 2); halving and fixed
schemes cost a fifth to twice as much again. Nothing is called a trigger that was not hit alone. The course is a
function of `rng` and of what was told, so that a record can be replayed.
"""

import math
import random
from collections.abc import Iterable

from hushmap.model import Rates
from hushmap.sampling.deciding import Deciding
from hushmap.sampling.intervals import lower_limit
from hushmap.sampling.subsets import Subsets

PACK = 20
"""The most words of a pack: more would save little (controls and confirming tests stay), in longer messages."""
GUARD = 80
"""Tests after which the model is wrong about this pack (more triggers than it keeps, or words that act together), and
every word is asked alone (refs/STATISTICS 2: without it one pack of 400 runs took 48 tests a word and lost one)."""
MISSED = 0.004
"""The chance, over a whole list, that a trigger is missed: refs/STATISTICS 2 has 0.005, which rates that were limits
of small calibrations use up."""
FALSE = 0.0025
"""The chance, over a whole list, that a harmless word is called a trigger."""
LEAST_LISTED = 1000
"""A shorter list shares its budget as if it had so many words: whoever brings ten words suspects them."""
_SINGLES = 6
"""So many of the likeliest kinds of words are considered for a test alone."""
_ALONE = 60
"""Tests alone after which a word is left in doubt: with rates that are right, one in a million needs so many."""
_ODD = 0.999
"""At this level, hits of packs that hold no trigger are not chance."""


class Screening:
    """The course of one pack: ask about `question`, `tell` the answer, until there is no question.

    Args:
        count: Words in the pack, at most `PACK`; they are called 0 to count - 1.
        rates: Limits from above of how often a test misleads.
        prevalence: The share of triggers among the list's words, from above.
        listed: How many words the whole list has: they share the budget of errors.
        rng: Shuffles the words, so that no order of a list decides who is asked with whom.

    Raises:
        ValueError: where the pack is empty or too large, or the prevalence is no share.
    """

    def __init__(
        self, count: int, rates: Rates, *, prevalence: float = 0.005, listed: int, rng: random.Random
    ) -> None:
        if not (0 < count <= PACK and 0 < prevalence < 1 and listed >= count):
            raise ValueError(f"need 1 to {PACK} words of a list and a share, not {count}, {listed}, {prevalence}")
        self._rates = rates
        self._order = list(range(count))
        rng.shuffle(self._order)
        among = max(listed, LEAST_LISTED)
        self._clean = MISSED / among
        self._sure = 1 - FALSE / max(1.0, among * prevalence)
        self._belief = Subsets.before(count, prevalence)
        self._tests: tuple[tuple[int, bool], ...] = ()
        self._next: int | None = None
        self._choose()

    @property
    def question(self) -> tuple[int, ...] | None:
        """The words to ask about together; one word: alone; `None`: all is decided."""
        return None if self._next is None else self._named(self._next)

    @property
    def positives(self) -> tuple[int, ...]:
        """Words found to be triggers, each hit alone at least once."""
        return self._named(self._found)

    @property
    def cleared(self) -> tuple[int, ...]:
        """Words found to trigger nothing by themselves."""
        return self._named(self._freed)

    @property
    def doubtful(self) -> tuple[int, ...]:
        """Words that are neither; when there is no question more, they stay so."""
        return self._named((1 << len(self._order)) - 1 & ~self._found & ~self._freed)

    @property
    def together(self) -> tuple[int, ...]:
        """The fewest words that were hit together though none is a trigger alone, more often than by chance.

        Two of them may act only together; shuffle the pack's words among others, or isolate in these.
        """
        packs = [(asked, hit) for asked, hit in self._tests if asked.bit_count() > 1 and not asked & self._found]
        hits = [asked for asked, hit in packs if hit]
        if self._next is not None or lower_limit(len(hits), len(packs), _ODD) <= self._rates.false_hit:
            return ()
        return self._named(min(hits, key=int.bit_count))

    def tell(self, hit: bool) -> None:
        """The answer to `question`.

        Raises:
            ValueError: where nothing was asked.
        """
        if self._next is None:
            raise ValueError("nothing was asked")
        self._tests = (*self._tests, (self._next, hit))
        if len(self._tests) <= GUARD:
            self._belief = self._belief.told(self._next, hit=hit, rates=self._rates)
        self._choose()

    def _named(self, mask: int) -> tuple[int, ...]:
        return tuple(sorted(self._order[place] for place in range(len(self._order)) if mask >> place & 1))

    def _choose(self) -> None:
        """What is decided, and what to ask next."""
        if len(self._tests) < GUARD:
            self._weigh()
        else:
            self._one_by_one()

    def _weigh(self) -> None:
        chances = self._belief.chances()
        alone = _mask(asked for asked, hit in self._tests if hit and asked.bit_count() == 1)
        sure = _mask(group for group, chance in chances.items() if chance >= self._sure)
        self._freed = _mask(group for group, chance in chances.items() if chance <= self._clean)
        self._found = sure & alone
        if unproven := sure & ~alone:
            self._next = unproven & -unproven
        elif self._found | self._freed == (1 << len(self._order)) - 1:
            self._next = None
        else:
            self._next = self._telling({group: chance for group, chance in chances.items() if not group & sure})

    def _telling(self, chances: dict[int, float]) -> int:
        """What is expected to tell most: the likeliest or unlikeliest words, or one of the likeliest alone."""
        groups = sorted(chances, key=lambda group: (chances[group], group))
        asks = [(group & -group, chances[group]) for group in groups[-_SINGLES:]]
        for order in (groups, groups[::-1]):
            asks.extend(self._belief.prefixes(order))
        return max(asks, key=lambda ask: (information(ask[1], self._rates), ask[0].bit_count(), -ask[0]))[0]

    def _one_by_one(self) -> None:
        """Each word by a sequential test of its own, from the tests in which it was alone."""
        self._found = self._freed = 0
        self._next = None
        for word in range(len(self._order)):
            alone = Deciding(self._rates, 1 - self._sure)
            for asked, hit in self._tests:
                if asked == 1 << word and alone.decided is None:
                    alone.tell(hit)
            if alone.asked >= _ALONE:
                continue
            if alone.decided is None:
                self._next = 1 << word
                return
            if alone.decided:
                self._found |= 1 << word
            else:
                self._freed |= 1 << word


def information(chance: float, rates: Rates) -> float:
    """Bits that a test tells which holds a trigger with this chance."""
    shown = chance * (1 - rates.miss) + (1 - chance) * rates.false_hit
    return _bits(shown) - chance * _bits(rates.miss) - (1 - chance) * _bits(rates.false_hit)


def _bits(share: float) -> float:
    """The entropy of a yes or no."""
    return 0.0 if not 0 < share < 1 else -share * math.log2(share) - (1 - share) * math.log2(1 - share)


def _mask(bits: Iterable[int]) -> int:
    found = 0
    for bit in bits:
        found |= bit
    return found
