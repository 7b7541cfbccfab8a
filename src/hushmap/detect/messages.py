"""Turns a message key and fields into words of one language.

A catalogue (messages_en, messages_zh) is data: key to template. `{field}` is a field; `[[a|b]]` is the first of its
alternatives whose fields are all there, or nothing; a template that lacks a field outside brackets says nothing at
all (`None`). So which half-sentences a verdict can support stands in the catalogue, where a translator can reorder
them, and no code glues grammar. Fields are never read as templates. UX 3 holds the wording's law.
"""

import re
import unicodedata
from functools import cache

from hushmap.detect.messages_en import MESSAGES as EN
from hushmap.detect.messages_zh import MESSAGES as ZH

CATALOGUES: dict[str, dict[str, str]] = {"en": EN, "zh": ZH}
"""A new language is a new row, and nothing else."""

LIMIT = 200
"""Characters kept of one foreign string: METHOD 5 and UX 3 quote at most this much of a notice."""

_CHOICE = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
_FIELD = re.compile(r"\{(\w+)\}")
_HIDDEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Unicode categories that show nothing, reorder what is around them, or cannot be encoded."""
_JOINERS = frozenset("\u200c\u200d")
"""Zero-width (non-)joiner: Persian and several Indic scripts cannot be spelled without them."""


def visible(text: str, limit: int = LIMIT) -> str:
    """Foreign text that is safe to show: white space folded, controls and bidi marks spelled out, length bounded."""
    cut = text[: limit + 1]
    shown = "".join(
        f"\u2039U+{ord(char):04X}\u203a" if unicodedata.category(char) in _HIDDEN and char not in _JOINERS else char
        for char in re.sub(r"[ \t\r\n]+", " ", cut[:limit]).strip()
    )
    return shown + "…" if len(cut) > limit else shown


def quotable(text: str) -> str:
    """`text` for use between our quotation marks: it cannot close them and go on in our voice."""
    return visible(re.sub('["\u201c-\u201f\u300c\u300d]', "'", text))


def catalogue(lang: str) -> dict[str, str]:
    """The messages of `lang` (`zh`, `zh-CN`, `en_GB` ...).

    Raises:
        ValueError: there is no catalogue for that language.
    """
    found = CATALOGUES.get(re.split("[-_]", lang, maxsplit=1)[0].lower())
    if found is None:
        raise ValueError(f"no messages in language {lang!r}; there are: {', '.join(sorted(CATALOGUES))}")
    return found


@cache
def _pieces(template: str) -> tuple[tuple[str, ...], ...]:
    """Runs of alternatives; text outside brackets is a run of one."""
    return tuple(tuple(piece.split("|")) if i % 2 else (piece,) for i, piece in enumerate(_CHOICE.split(template)))


def names(template: str) -> frozenset[str]:
    """The fields that `template` can use."""
    return frozenset(_FIELD.findall(template))


def fill(template: str, fields: dict[str, str]) -> str | None:
    """`template` with its fields; `None` if one that stands outside brackets is missing."""
    done = []
    for i, alternatives in enumerate(_pieces(template)):
        fitting = (text for text in alternatives if names(text) <= fields.keys())
        text = next(fitting, "" if i % 2 else None)
        if text is None:
            return None
        done.append(_FIELD.sub(lambda match: fields[match[1]], text))
    return "".join(done)


def nearest(messages: dict[str, str], prefix: str, mechanism: str) -> str | None:
    """The template of `mechanism` under `prefix`, else of its trigger (`tls.*.sni`), else of its family."""
    parts = mechanism.split(".")
    keys = [".".join([prefix, *parts[:end]]) for end in range(len(parts), 0, -1)]
    keys.insert(1, ".".join([prefix, parts[0], "*", parts[-1]]))
    return next((messages[key] for key in keys if key in messages), None)


def counted(messages: dict[str, str], key: str, n: int, **fields: str) -> str:
    """The form of `key` that goes with the number `n`. Chinese has one form, English two (CLDR: one, other)."""
    form = f"{key}.one" if n == 1 and f"{key}.one" in messages else f"{key}.other"
    text = fill(messages[form], {"n": f"{n}", **fields})
    assert text is not None, form
    return text
