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
_SPACE = re.compile(r"[ \t\r\n]+")
_HIDDEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Unicode categories that show nothing, reorder what is around them, or cannot be encoded."""
_JOINERS = frozenset("\u200c\u200d")
"""Zero-width (non-)joiner: Persian and several Indic scripts cannot be spelled without them."""


def visible(text: str, limit: int = LIMIT) -> str:
    """Foreign text that is safe to show: white space folded, controls and bidi marks spelled out, length bounded."""
    cut = text[: limit + 1]
    shown = _SPACE.sub(" ", cut[:limit]).strip()
    if not (shown.isascii() and shown.isprintable()):  # most is, and needs no look at each character
        shown = "".join(
            f"\u2039U+{ord(char):04X}\u203a"
            if unicodedata.category(char) in _HIDDEN and char not in _JOINERS
            else char
            for char in shown
        )
    return shown + "…" if len(cut) > limit else shown


def quotable(text: str) -> str:
    """`text` for use between our quotation marks: it cannot close them and go on in our voice."""
    return visible(re.sub('["\u201c-\u201f\u300c\u300d]', "'", text))


@cache
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
def _pieces(template: str) -> tuple[tuple[tuple[frozenset[str], tuple[str, ...]], ...], ...]:
    """Runs of alternatives; text outside brackets is a run of one.

    An alternative is the names that it needs, and its pieces: text and names by turns.
    """
    runs = [piece.split("|") if i % 2 else [piece] for i, piece in enumerate(_CHOICE.split(template))]
    return tuple(tuple((names(text), tuple(_FIELD.split(text))) for text in run) for run in runs)


def names(template: str) -> frozenset[str]:
    """The fields that `template` can use."""
    return frozenset(_FIELD.findall(template))


def fill(template: str, fields: dict[str, str]) -> str | None:
    """`template` with its fields; `None` if one that stands outside brackets is missing."""
    done: list[str] = []
    for i, alternatives in enumerate(_pieces(template)):
        for needed, pieces in alternatives:
            if needed <= fields.keys():
                done += (fields[piece] if j % 2 else piece for j, piece in enumerate(pieces))
                break
        else:
            if not i % 2:
                return None
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
    text = fill(messages[form], {"n": f"{n:,}", **fields})
    assert text is not None, form
    return text
