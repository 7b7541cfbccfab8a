"""By what a page is known: status, header, redirect, text.

A manifest is written by people, and one that somebody passed on may hold an expression that a page can make slow;
those that could be are run on the beginning of a page only (model.expressions).
"""

import functools
import re
from collections.abc import Iterable, Sequence

import msgspec

from hushmap.model import REACH, Sign, compiled, expression


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to know a page by."""

    status: int
    headers: Sequence[tuple[str, str]] = ()
    """Names in lower case, in order."""
    text: str = ""


def matched(signs: Iterable[tuple[str, Sign]], page: Told) -> tuple[str, ...]:
    """The names of which any sign is there, each once, in the order of the signs."""
    return tuple(dict.fromkeys(name for name, sign in signs if is_there(sign, page)))


def is_there(sign: Sign, page: Told) -> bool:
    """Whether a page bears a sign."""
    value = sign.value
    match sign.kind:
        case "status":
            return str(page.status) == value
        case "header":
            name, _, wanted = value.partition(":")
            found = [text for each, text in page.headers if each == name.strip().lower()]
            return any(wanted.strip() in text for text in found)
        case "url":
            return any(value in text for each, text in page.headers if each == "location")
        case "text":
            return value in page.text
        case "regex":
            return _found(value, page.text)
    return False


def _found(pattern: str, text: str) -> bool:
    linear, pieces = _compiled(pattern)
    rest = text if linear else text[:REACH]
    for piece in pieces:
        found = piece.search(rest)
        if found is None:
            return False
        rest = rest[found.end() :]
    return True


@functools.lru_cache(maxsize=256)
def _compiled(pattern: str) -> tuple[bool, tuple[re.Pattern[str], ...]]:
    told = expression(pattern)
    return told.linear, tuple(map(compiled, told.pieces))
