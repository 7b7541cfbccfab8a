"""The page's own words, by language: headings, columns, steps, failures. Nothing here stands beside an outcome.

What is said of an outcome comes from `detect.say` alone (UX 3); this is the furniture around it. `{field}` is filled
by `text`; a key with `.one` serves the number 1 where a language needs it.
"""

from hushmap.model import CATEGORIES
from hushmap.report.texts_en import EN
from hushmap.report.texts_zh import ZH

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "ug", "ur"})
"""Languages written from right to left, by ISO 639-1 code."""

TEXTS: dict[str, dict[str, str]] = {"en": EN, "zh": ZH}


class Words:
    """The texts of one language; calling it fills one."""

    def __init__(self, lang: str) -> None:
        code = lang.replace("_", "-").split("-")[0].lower()
        if code not in TEXTS:
            raise ValueError(f"no page in language {lang!r}; there are: {', '.join(sorted(TEXTS))}")
        self.lang = lang.replace("_", "-")
        self.direction = "rtl" if code in RIGHT_TO_LEFT else "ltr"
        self._texts = TEXTS[code]

    def __call__(self, key: str, **fields: str) -> str:
        """The text under `key`. Fields are inserted in one pass; a foreign one is never a template."""
        return self._texts[key].format_map(fields) if fields else self._texts[key]

    def category(self, code: str | None) -> str:
        """A Citizen Lab category in words; an unknown code as it is."""
        return "" if code is None else self._texts.get(f"category.{code}", CATEGORIES.get(code, code))

    def count(self, key: str, n: int) -> str:
        """The form of `key` that goes with the number."""
        return self(f"{key}.one" if n == 1 and f"{key}.one" in self._texts else f"{key}.other", n=f"{n:,}")

    def lasting(self, seconds: float) -> str:
        """A duration: milliseconds below one second."""
        if seconds < 1:
            return self("milliseconds", n=f"{max(0, round(seconds * 1000))}")
        return self("seconds", n=f"{seconds:.1f}")
