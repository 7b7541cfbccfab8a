"""Where a word may stand in a text and how long it is: all answers in one order, with their weights before asking.

The questions of refs/STATISTICS 1, "a suffix of the text" and "a span, then the suffix behind its first unit", are
hit exactly if the word that is sought starts further right than the question's start, or there and ends in the span.
So with the starts from right to left, and at each the lengths from short to long, every question asks "is the answer
at most this one?", and isolation is the bisection of one ladder. A ladder knows its weights as sums, so that nothing
needs to be done for every rung: a text of 100,000 units costs no more a question than one of 500.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

WIDE = (0.06, 0.34, 0.20, 0.20, 0.06, 0.04, 0.03, 0.02)
"""Lengths of the parts of known rules in Chinese, from 1 (refs/STATISTICS 1); the rest are longer."""
NARROW = (0.01, 0.03, 0.07, 0.10, 0.12, 0.12, 0.11, 0.10, 0.08, 0.06, 0.04, 0.03, 0.02, 0.02, 0.01, 0.01)
"""The same of words in alphabets: own knowledge, unchecked; a wrong one costs two or three questions a part."""
FIRST_WIDE = "\u2e80"
"""Where the scripts that write a word in a few characters begin: the radicals of CJK, then kana, Hanzi, Hangul."""

Rung = tuple[int, int]
"""(place of the start counted from the right end, length): length 0 is the rung below the first length there."""


def _sums(shares: Sequence[float], most: int) -> list[float]:
    """The weight of lengths up to 0, 1 ... most.

    Behind the table it falls with the square of the length: somewhere a whole sentence is a rule, and must be found.
    """
    heads = list(accumulate(shares, initial=0.0))[: most + 1]
    last = len(shares)
    return heads + [1 - (1 - sum(shares)) * last / length for length in range(last + 1, most + 1)]


class Ladder:
    """The weights of all rungs of a text."""

    def __init__(self, lengths: Sequence[Sequence[float]]) -> None:
        """`lengths`: of each start, from the right, the sums of the weights of lengths up to 0, 1 ..."""
        self.end = len(lengths)
        self._lengths = lengths
        self._rows = list(
            accumulate((sums[min(row, len(sums) - 2) + 1] for row, sums in enumerate(lengths)), initial=0.0)
        )

    @classmethod
    def of_words(cls, text: Sequence[str]) -> "Ladder":
        """Of words of any length."""
        wide, narrow = _sums(WIDE, len(text)), _sums(NARROW, len(text))
        return cls([wide if unit >= FIRST_WIDE else narrow for unit in reversed(text)])

    @classmethod
    def of_units(cls, size: int) -> "Ladder":
        """Of single units, each as likely as any other."""
        return cls([(0.0, 1.0)] * size)

    def below(self, start: int) -> float:
        """The weight of all words that start there or further right."""
        return self._rows[self.end - start]

    def weight(self, rung: Rung) -> float:
        """The weight of this rung and all before it."""
        row, length = rung
        return self._rows[row] + self._lengths[row][length]

    def at(self, weight: float, base: int) -> Rung:
        """The rung on which a weight falls, of those at or right of `base`."""
        row = min(bisect_right(self._rows, weight), self.end - base) - 1
        lengths = self._lengths[row]
        most = min(row + 1, len(lengths) - 1)
        return row, max(1, min(bisect_right(lengths, weight - self._rows[row], hi=most + 1), most))

    def span(self, rung: Rung) -> tuple[int, int]:
        """Where the word of a rung stands; an empty span for length 0."""
        row, length = rung
        start = self.end - 1 - row
        return start, start + length
