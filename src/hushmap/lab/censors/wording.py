"""Which texts a censor of words acts on: single words, several that must stand together, ones that lift it, a score.

One language for every place in which a word may stand: a URL, a header, a body, raw bytes, a name. What is known of
real rules (refs/KEYWORDS 2.3): all components must be there, in any order or in a given one; they may share
characters; some words lift a rule ("extenuating" combinations); and some filters weigh instead of looking for words.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from hushmap.lab.censors.parameters import Censor, fields, groups

TOGETHER = fields("words", "also", "unless", "ordered")
"""Parameters of whatever looks for words, in names too."""


@dataclass(slots=True, frozen=True)
class Guess:
    """A filter that weighs is not sure: it acts on this share of the flows that say the same."""

    what: str
    chance: float


class Combination:
    """Any of the words, with all that must and none of those that may not stand beside it."""

    def __init__(self, censor: Censor, spell: Callable[[str], Iterable[bytes]], *, bounded: bool = False) -> None:
        self._words, self._also, self._unless = censor.words, censor.also, censor.unless
        self._ordered, self._bounded = censor.ordered, bounded
        self._spelt = {word: tuple(spell(word)) for word in (*self._words, *self._also, *self._unless)}

    def first(self, text: bytes) -> str | None:
        """The first of the words for which the text has all that this censor wants."""
        if not self._words or self.lifted(text):
            return None
        if self._ordered:
            return next((word for word in self._words if self._in_order((word, *self._also), text)), None)
        if any(self._end(word, text) < 0 for word in self._also):
            return None
        return next((word for word in self._words if self._end(word, text) >= 0), None)

    @property
    def liftable(self) -> bool:
        """Whether any word lifts the rule."""
        return bool(self._unless)

    def lifted(self, text: bytes) -> bool:
        """Whether a word stands there that lifts the rule."""
        return any(self._end(word, text) >= 0 for word in self._unless)

    def _in_order(self, words: tuple[str, ...], text: bytes) -> bool:
        """Each behind the end of the one before; the earliest place of each leaves most room for the next."""
        at = 0
        for word in words:
            at = self._end(word, text, at)
            if at < 0:
                return False
        return True

    def _end(self, word: str, text: bytes, start: int = 0) -> int:
        """Where the earliest place of a word ends, in any of its spellings; -1: nowhere."""
        found = [at + len(spelt) for spelt in self._spelt[word] if (at := self._find(spelt, text, start)) >= 0]
        return min(found, default=-1)

    def _find(self, spelt: bytes, text: bytes, start: int) -> int:
        at = text.find(spelt, start)
        while self._bounded and at > 0 and _lettered(text[at - 1]):
            at = text.find(spelt, at + 1)
        return at


class Wording:
    """What a censor of words makes of the bytes in one place.

    Source: refs/KEYWORDS 1 (words that trigger alone, and others only together with one like "search"), 2.3 (several
    components, ordered or not, sharing characters; words that lift a rule; classifiers); refs/BEYOND 2.11 (UTF-8 and
    GB18030, percent-escaped or not). Own knowledge, unchecked: filters that read only the first bytes, or only whole
    words.
    """

    takes = fields(*TOGETHER, "encodings", "escapes", "cased", "first_bytes", "bounded", "score", "spread")
    needs = groups(fields("words"))

    def __init__(self, censor: Censor, *, escapes: bool = False) -> None:
        self._cased, self._encodings = censor.cased, censor.encodings
        self._first = censor.first_bytes
        self._escapes = escapes if censor.escapes is None else censor.escapes
        self._together = Combination(censor, self._spellings, bounded=censor.bounded)
        self._score, self._spread = censor.score, censor.spread
        self._pairs = frozenset(
            pair for word in censor.words for spelt in self._spellings(word) for pair in _pairs_of(spelt)
        )

    @property
    def waits(self) -> bool:
        """Whether a word further on could lift what was found before it."""
        return self._together.liftable

    def within(self, text: bytes) -> str | Guess | None:
        """What is found in a place, given as it is sent; percent-escapes are undone where this censor does that."""
        if self._first:
            text = text[: self._first]
        if self._escapes:
            text = unquote_to_bytes(text)
        text = self._folded(text)
        return self._weighed(text) if self._score else self._together.first(text)

    def _weighed(self, text: bytes) -> Guess | None:
        """A score that falls with every pair of bytes that is taken away, and a chance that falls with it."""
        score = len(self._pairs & set(_pairs_of(text))) / (len(self._pairs) or 1)
        low = self._score - self._spread
        chance = (score - low) / (2 * self._spread) if self._spread else float(score >= self._score)
        if chance <= 0 or self._together.lifted(text):
            return None
        return Guess(f"score {score:.2f}", min(1.0, chance))

    def _spellings(self, word: str) -> Iterator[bytes]:
        for encoding in self._encodings:
            yield self._folded((word if self._cased else word.lower()).encode(encoding))

    def _folded(self, text: bytes) -> bytes:
        return text if self._cased else text.lower()


def faults(censor: Censor) -> Iterator[str]:
    """What is wrong about its parameters of words beyond what is given or not."""
    if not censor.words:
        for name in ("also", "unless"):
            if getattr(censor, name):
                yield f"{name} means nothing without words"
    if censor.ordered and not censor.also:
        yield "ordered means nothing without also"
    if censor.spread and not censor.score:
        yield "spread means nothing without score"
    if censor.score:
        for name in ("also", "ordered", "bounded"):
            if getattr(censor, name):
                yield f"{name} means nothing beside score, which looks for no whole word"


def _pairs_of(text: bytes) -> Iterator[bytes]:
    return (text[at : at + 2] for at in range(len(text) - 1))


def _lettered(byte: int) -> bool:
    """Whether it is a letter or a digit, or a part of one beyond ASCII."""
    return byte >= 0x80 or chr(byte).isalnum()
