"""TOML with the place of each key, which the standard parser does not tell.

The place is found again in the text by a search for the key's own line. A multi-line string could mislead that
search; it only ever chooses the line named in an error, never a value.
"""

import re
import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from hushmap.catalog.errors import CatalogError, among, shown
from hushmap.catalog.source import Text

_TOML_PLACE = re.compile(
    r"^(?P<what>.*?) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$", re.DOTALL
)
FILE_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
"""What a thing that is a file of its own in `probes/` may be called there; lists and commands name it so."""
_INTEGERS = 1 << 63
"""TOML 1.0, Integer: 64 bits with a sign."""
_HEADER = re.compile(r"^[ \t]*\[", re.MULTILINE)


class Table:
    """A TOML table and where it stands in its file."""

    def __init__(self, source: Text, values: dict[str, Any], start: int, end: int) -> None:
        """`start` and `end` bound the table's lines in the text."""
        self.source = source
        self.values = values
        self._start = start
        self._end = end

    def fault(self, key: str, what: str, remedy: str) -> CatalogError:
        """An error about `key`, or about the table where the key does not appear."""
        pattern = re.compile(rf"""^[ \t]*["']?{re.escape(key)}["']?[ \t]*[=.]""", re.MULTILINE)
        found = pattern.search(self.source.text, self._start, self._end)
        index = self._start if found is None else found.end() - len(found.group().lstrip())
        return self.source.fault(*self.source.at(index), what, remedy)

    def only(self, known: Iterable[str]) -> None:
        """Refuse every key that is not in `known`."""
        for key in self.values:
            if key not in known:
                raise self.fault(key, f"unknown key {shown(key)}", f"known are {among(sorted(known))}")

    def text(self, key: str, default: str | None = None) -> str:
        """The non-empty one-line string at `key`."""
        value = self.values.get(key, default)
        if value is None:
            raise self.fault(key, f"no {key}", f'add {key} = "..."')
        if not isinstance(value, str) or (value != default and (not value.strip() or not value.isprintable())):
            raise self.fault(key, f"{key} is not one line of text", f'write {key} = "..."')
        return value

    def file_name(self, key: str) -> str:
        """The text at `key`, which is the name of the file, too."""
        name = self.text(key)
        if name != Path(self.source.path).stem or not FILE_NAME.fullmatch(name):
            what = f"{shown(name)} is not the file's name"
            raise self.fault(key, what, "use small letters, digits and hyphens, and the same name for the file")
        return name

    def texts(self, key: str) -> tuple[str, ...]:
        """The list of strings at `key`."""
        value = self.values.get(key)
        if (
            not isinstance(value, list)
            or not value
            or not all(isinstance(item, str) and item.strip() for item in value)
        ):
            raise self.fault(key, f"{key} is not a list of texts", f'write {key} = ["...", "..."]')
        return tuple(value)

    def tables(self, key: str) -> tuple["Table", ...]:
        """The tables `[[key]]`."""
        values = self.values.get(key)
        if not isinstance(values, list) or not values or not all(isinstance(value, dict) for value in values):
            raise self.fault(key, f"no [[{key}]]", f"add at least one [[{key}]]")
        text = self.source.text
        pattern = re.compile(rf"^[ \t]*\[\[[ \t]*{re.escape(key)}[ \t]*\]\]", re.MULTILINE)
        heads = [found.start() for found in pattern.finditer(text)]
        if len(heads) != len(values):
            heads = [0] * len(values)
        ends = [_next_header(text, head) for head in heads]
        return tuple(
            Table(self.source, value, head, end) for value, head, end in zip(values, heads, ends, strict=True)
        )


def iso_day(text: str) -> date | None:
    """The day written YYYY-MM-DD, as records, files and this program write it; Python reads other ways, too."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def _next_header(text: str, start: int) -> int:
    found = _HEADER.search(text, text.find("\n", start) + 1 or len(text))
    return found.start() if found else len(text)


def parse(source: Text) -> Table:
    """The top table of a TOML file."""
    try:
        values = tomllib.loads(source.text)
    except RecursionError:
        raise source.fault(1, 1, "is nested too deeply", "write plain tables") from None
    except ValueError as error:
        raise _syntax(source, str(error)) from None
    first = _HEADER.search(source.text)
    key = _too_great(values)
    if key is not None:
        what = f"{shown(key)[1:-1]} is a number of more than 64 bits"
        raise Table(source, values, 0, len(source.text)).fault(key, what, "write a smaller one")
    return Table(source, values, 0, first.start() if first else len(source.text))


def _too_great(values: dict[str, Any]) -> str | None:
    """The key of a number that TOML does not have: Python reads it, and may refuse to write it in an error."""
    waiting: list[tuple[str, Any]] = list(values.items())
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.items()
        elif isinstance(value, list):
            waiting += ((key, item) for item in value)
        elif isinstance(value, int) and not -_INTEGERS <= value < _INTEGERS:
            return key
    return None


def _syntax(source: Text, message: str) -> CatalogError:
    found = _TOML_PLACE.match(message)
    what = found["what"] if found else message
    if found and found["line"]:
        line, column = int(found["line"]), int(found["column"])
    else:
        line, column = source.at(len(source.text)) if found else (1, 1)
    return source.fault(line, column, f"not TOML: {what}", "see probes/README.md for the format")
