"""Which strings of a text to mask next, so that every rule is found, also those that share a part with another.

Masking one part of each known rule leaves the rules that are not known. Which part matters: two rules that share one
both vanish with it. So each part takes its turn, which is Reiter's tree of hitting sets (A theory of diagnosis from
first principles, 1987): the fewest maskings are tried first, and nothing that masks more than what is harmless.
"""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from hushmap.sampling.asking import Span

Word: TypeAlias = tuple[str, ...]
"""Units of a text."""
Mask: TypeAlias = frozenset[Word]
"""Words that are masked wherever they stand."""


def covered(text: Sequence[str], mask: Mask) -> tuple[Span, ...]:
    """The spans of a text that a mask hides; words that overlap or touch make one."""
    found: list[Span] = []
    for start, stop in sorted(span for word in mask for span in _places(text, word)):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(stop, found[-1][1]))
        else:
            found.append((start, stop))
    return tuple(found)


def _places(text: Sequence[str], word: Word) -> Iterator[Span]:
    for start in range(len(text) - len(word) + 1):
        if text[start] == word[0] and tuple(text[start : start + len(word)]) == word:
            yield start, start + len(word)


class Masks:
    """The tree: `next` is the mask to try, and what came of it is told."""

    def __init__(self, text: Sequence[str]) -> None:
        self._text = text
        self._open: list[Mask] = [frozenset()]
        self._harmless: list[Mask] = []
        self._rules: list[frozenset[Word]] = []

    def next(self) -> Mask | None:
        """A mask under which no known rule stands, and that masks more than no harmless one; `None` at the end."""
        while self._open:
            mask = self._open[0]
            if any(known <= mask for known in self._harmless):
                self._open.pop(0)
                continue
            hidden = covered(self._text, mask)
            standing = next((rule for rule in self._rules if all(self._seen(part, hidden) for part in rule)), None)
            if standing is None:
                return mask
            self._branch(standing)
        return None

    def _branch(self, rule: frozenset[Word]) -> None:
        """Instead of the next mask, those that also mask a part of a rule."""
        mask = self._open.pop(0)
        self._open += sorted({mask | {part} for part in rule - mask} - set(self._open), key=sorted)

    def _seen(self, word: Word, hidden: tuple[Span, ...]) -> bool:
        """Whether it is somewhere where nothing of it is hidden."""
        places = _places(self._text, word)
        return any(all(stop <= low or start >= high for low, high in hidden) for start, stop in places)

    def harmless(self) -> None:
        """Under the next mask the text is harmless."""
        self._harmless.append(self._open.pop(0))

    def found(self, rule: frozenset[Word]) -> None:
        """Under the next mask this rule was found."""
        self._rules.append(rule)
        self._branch(rule)
