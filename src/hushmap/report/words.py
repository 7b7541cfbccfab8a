"""The pages' own words, by language: headings, columns, steps, failures. Nothing here stands beside an outcome.

What is said of an outcome comes from `detect.say` alone (UX 3); this is the furniture around it. The texts are data,
`texts/LANGUAGE/PART.toml`, so that a translator needs no Python: a part for each kind of page, the same parts and
keys in every language. `{field}` is filled by `Words`; a key with `.one` serves the number 1 where there is need.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from hushmap.model import CATEGORIES

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "ug", "ur"})
"""Languages written from right to left, by ISO 639-1 code."""
_TEXTS = files("hushmap.report").joinpath("texts")


@cache
def languages() -> tuple[str, ...]:
    """The languages that there are pages in, by ISO 639-1 code."""
    return tuple(sorted(folder.name for folder in _TEXTS.iterdir() if folder.is_dir()))


@cache
def texts(lang: str) -> Mapping[str, str]:
    """Every text of one language.

    Raises:
        ValueError: A part says again what another has said.
    """
    found: dict[str, str] = {}
    for part in sorted(_TEXTS.joinpath(lang).iterdir(), key=lambda part: part.name):
        own: dict[str, str] = tomllib.loads(part.read_text(encoding="utf-8"))
        if twice := found.keys() & own.keys():
            raise ValueError(f"{lang}/{part.name}: {min(twice)} stands in another part")
        found |= own
    return MappingProxyType(found)


class Words:
    """The texts of one language; calling it fills one."""

    def __init__(self, lang: str) -> None:
        code = lang.replace("_", "-").split("-")[0].lower()
        if code not in languages():
            raise ValueError(f"no page in language {lang!r}; there are: {', '.join(languages())}")
        self.lang = lang.replace("_", "-")
        self.direction = "rtl" if code in RIGHT_TO_LEFT else "ltr"
        self._texts = texts(code)

    def __call__(self, key: str, **fields: str) -> str:
        """The text under `key`. Fields are inserted in one pass; a foreign one is never a template."""
        return self._texts[key].format_map(fields) if fields else self._texts[key]

    def category(self, code: str | None) -> str:
        """A Citizen Lab category in words; an unknown code as it is."""
        return "" if code is None else self._texts.get(f"category.{code}", CATEGORIES.get(code, code))

    def code(self, kind: str, code: str) -> str:
        """A code of our tables in words, with itself behind, by which it is found there; an unknown one as it is."""
        told = self.plain(kind, code)
        return code if told == code else self("code", told=told, code=code)

    def plain(self, kind: str, code: str) -> str:
        """A code of our tables in words alone, for a narrow place; an unknown one as it is."""
        return self._texts.get(f"code.{kind}.{code}", code)

    def place(self, place: str, encoding: str) -> str:
        """Where a word was put, and how it was written; empty where it was no word."""
        told = (self.plain("place", place), self.plain("encoding", encoding))
        return self("site.join").join(filter(None, told))

    def line(self, kind: str) -> str:
        """The kind of a line in words; one that its person made up as it is."""
        return self._texts.get(f"line.{kind}", kind)

    def count(self, key: str, n: int) -> str:
        """The form of `key` that goes with the number."""
        return self(f"{key}.one" if n == 1 and f"{key}.one" in self._texts else f"{key}.other", n=f"{n:,}")

    def lasting(self, seconds: float) -> str:
        """A duration: milliseconds below one second."""
        if seconds < 1:
            return self("milliseconds", n=f"{max(0, round(seconds * 1000))}")
        return self("seconds", n=f"{seconds:.1f}")
