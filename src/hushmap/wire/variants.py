"""Three forms of a word: the bytes that are sent, what people are shown, and a key by which variants find each other.

A filter may take 乾淨 and 干净, or a word with an invisible character in it, for two words, and people for one
(refs/KEYWORDS 2.8). So variants are linked by their key and never merged: each is asked about by itself, and what
holds for one is said of that one only. Traditional characters become simplified ones by OpenCC's tables, of phrases
too, if it is installed (extra zh); without it the key leaves them as they are, and says so.
"""

import functools
import importlib.util
import unicodedata
from collections.abc import Callable, Iterable

_FOUND = importlib.util.find_spec("opencc") is not None
if _FOUND:
    import opencc

Simplify = Callable[[str], str]
REMEDY = "words in traditional and simplified characters are not linked; install 'hushmap[zh]' for that"
"""What to say where no table is installed."""

_INVISIBLE = frozenset(
    map(
        chr,
        (
            0x00AD,
            0x034F,
            *range(0x180B, 0x180F),
            *range(0x200B, 0x2010),
            *range(0x202A, 0x202F),
            *range(0x2060, 0x2070),
            *range(0xFE00, 0xFE10),
            0xFEFF,
        ),
    )
)
"""Format, direction and zero-width characters, and what chooses a shape, which NFKC leaves (refs/KEYWORDS 2.8)."""
_ROUNDS = 3
"""Foldings after which a key stays as it is: one may make a character that another one changes."""


@functools.cache
def simplifier() -> Simplify | None:
    """How traditional characters become simplified ones; `None`: no table is installed."""
    if not _FOUND:
        return None
    convert: Simplify = opencc.OpenCC("t2s").convert
    return convert


def match_key(text: str, simplify: Simplify | None = None) -> str:
    """What all variants of a word have in common: for links, never for verdicts."""
    for _ in range(_ROUNDS):
        seen = "".join(char for char in text if char not in _INVISIBLE)
        text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold())
        text = text if simplify is None else simplify(text)
    return text


def display(text: str) -> str:
    """`text` as people can tell it from its variants: what cannot be seen is written by its number."""
    return "".join(f"[U+{ord(char):04X}]" if _unseen(char) else char for char in text)


def linked(texts: Iterable[str], simplify: Simplify | None = None) -> tuple[tuple[str, ...], ...]:
    """Those of different texts that are variants of each other, in groups of two or more, in order."""
    groups: dict[str, list[str]] = {}
    for text in dict.fromkeys(texts):
        groups.setdefault(match_key(text, simplify), []).append(text)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def _unseen(char: str) -> bool:
    return char in _INVISIBLE or unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
