"""A filter that hits texts by planted rules and sometimes misleads: what isolation is tested and measured with."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from hushmap.sampling import Question, Span

HANZI = [chr(0x4E00 + number) for number in range(3_000)]
SEPARATOR = "\n"
FILLER = "_"


@dataclass(frozen=True)
class Planted:
    """Strings that must all be there, in any order or in this one, and none of those that lift it."""

    parts: tuple[str, ...]
    unless: tuple[str, ...] = ()
    ordered: bool = False

    def hits(self, text: str) -> bool:
        """Whether it holds in a text without noise."""
        if self.unless and all(each in text for each in self.unless):
            return False
        at = 0
        for part in self.parts:
            found = text.find(part, at)
            if found < 0:
                return False
            if self.ordered:
                at = found + len(part)
        return True


@dataclass
class Filter:
    """Answers questions about a text."""

    text: str
    rules: Sequence[Planted]
    false_hit: float = 0.0
    miss: float = 0.0
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    carriers: int = 0

    def written(self, question: Question) -> str:
        """What a question sends; the harmless text of a carrier is never the same."""
        units = list(self.text)
        for start, stop in question.masked:
            units[start:stop] = FILLER * (stop - start)
        made = SEPARATOR.join("".join(units[start:stop]) for start, stop in question.parts)
        if question.carrier:
            self.carriers += 1
            made = f"<{self.carriers}>{SEPARATOR}{made}"
        return made

    def answer(self, question: Question) -> bool:
        """One noisy answer."""
        text = self.written(question)
        hit = any(rule.hits(text) for rule in self.rules)
        return self.chance.random() >= self.miss if hit else self.chance.random() < self.false_hit


def least(parts: Sequence[str]) -> frozenset[str]:
    """The strings that a rule comes down to: one that stands in another asks for nothing more."""
    return frozenset(part for part in parts if not any(part != other and part in other for other in parts))


def strings(text: str, spans: Sequence[Span]) -> tuple[str, ...]:
    """What stands in spans of a text."""
    return tuple(text[start:stop] for start, stop in spans)
