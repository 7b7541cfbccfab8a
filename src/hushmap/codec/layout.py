"""Where the objects of a JSON text lie that is not one document a line, found by brackets and quotes alone.

Nothing is decoded here, so that a list of a million objects costs no more memory than its text, and so that one
damaged object of a list is one reject and not the end of all: each is read for itself, later.
"""

import re
from collections.abc import Iterator

import msgspec

SPACE = b" \t\r\n"
"""White space of JSON (RFC 8259, 2)."""

_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|["\[\]{}]', re.DOTALL)
"""A string, a quote that opens one without an end, or a bracket. Possessive, so that no text makes it go back."""
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+("?)', re.DOTALL)
"""A string, with the quote that ends it if there is one."""

_DEEPEST = 1000
"""Brackets within brackets; readers of JSON give up there, and a text of nothing else is not read to its end."""


def is_json(data: bytes) -> bool:
    """Whether `data` is one JSON value as far as brackets, commas and literals go."""
    try:
        msgspec.json.decode(data, type=msgspec.Raw)
    except (ValueError, RecursionError):
        return False
    return True


def is_whole(data: bytes) -> bool:
    """Whether every bracket and string of `data` is closed, though what is within may not be JSON to the letter."""
    if is_json(data):
        return True
    bare, strings = _STRING.subn(rb"\1", data)
    if bare.count(b'"') < strings:
        return False  # one has no end
    return bare.count(b"[") + bare.count(b"{") == bare.count(b"]") + bare.count(b"}")


def spans(data: bytes) -> Iterator[tuple[int, int, str]]:
    """(start, end, fault) of every object of a list, or of objects one after the other.

    A fault is said once, with the last span: what stands there is no whole object, or nothing that a list may hold.
    """
    base = 1 if data.lstrip(SPACE).startswith(b"[") else 0
    depth = start = end = 0
    for token in _TOKEN.finditer(data):
        sign = token[0]
        if sign == b'"' or depth > _DEEPEST:
            depth = -1
        elif sign in b"[{":
            if depth == base:
                start = token.start()
            depth += 1
        elif sign in b"]}":
            depth -= 1
            if depth == base:
                end = token.end()
                yield start, end, ""
        if depth < 0 or (depth == 0 and base):
            rest = data[token.end() :]
            if depth < 0 or rest.strip(SPACE):
                yield (
                    end,
                    len(data),
                    "brackets or quotes do not fit" if depth < 0 else "more after the end of the list",
                )
            return
    if depth:
        yield max(start, end), len(data), "it is cut short: a bracket is open"
