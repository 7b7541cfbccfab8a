"""CSV rows whose every cell knows its line and column.

The standard reader (our oracle in the tests) knows only the line on which a row ends and forgives stray quotes. This
one reads the same RFC 4180 grammar strictly, so that a fault can be pointed at.
"""

import re
from collections.abc import Callable, Iterator

import msgspec

from hushmap.catalog.errors import CatalogError, among, shown
from hushmap.catalog.source import Text

MAX_ROWS = 50_000
"""More rows than every Citizen Lab list together (39,206: refs/OONI 7)."""

_PLAIN = re.compile(r"[^,\n]*")
_FLAGS = {"": False, "no": False, "yes": True}


class Cell(msgspec.Struct, frozen=True):
    """One value and where it begins."""

    text: str
    """Without the spaces around it."""
    line: int
    column: int
    raw: str = ""
    """With them: they are part of the field (RFC 4180 section 2)."""


class Row(msgspec.Struct, frozen=True):
    """One row under its header."""

    source: Text
    line: int
    cells: dict[str, Cell]

    def get(self, name: str) -> str:
        """The cell's text, or nothing where the list has no such column."""
        cell = self.cells.get(name)
        return cell.text if cell else ""

    def raw(self, name: str) -> str:
        """The cell's text with the spaces around it."""
        cell = self.cells.get(name)
        return cell.raw if cell else ""

    def flag(self, name: str) -> bool:
        """Whether the cell says yes; nothing is no.

        Raises:
            CatalogError: It says anything else.
        """
        value = self.get(name)
        if value not in _FLAGS:
            raise self.fault(name, f"{shown(value)} is neither yes nor no", "write yes, no or nothing")
        return _FLAGS[value]

    def fault(self, name: str, what: str, remedy: str) -> CatalogError:
        """An error about the cell `name`."""
        cell = self.cells.get(name)
        line, column = (cell.line, cell.column) if cell else (self.line, 1)
        return self.source.fault(line, column, what, remedy)


class _Reader:
    """Walks the text once; `line` and `begin` (where that line starts) follow `at`."""

    def __init__(self, source: Text) -> None:
        self.source = source
        self.text = source.text
        self.at = 0
        self.line = 1
        self.begin = 0

    def records(self) -> Iterator[list[Cell]]:
        record: list[Cell] = []
        while self.at < len(self.text):
            line, column = self.line, self.at - self.begin + 1
            value = self._quoted() if self.text[self.at] == '"' else self._plain()
            record.append(Cell(value.strip(), line, column, value))
            if self.text.startswith(",", self.at):
                self.at += 1
                if self.at < len(self.text):
                    continue
                record.append(Cell("", self.line, self.at - self.begin + 1))
            else:
                self.at += 1
                self.line += 1
                self.begin = self.at
            if len(record) > 1 or record[0].text:
                yield record
            record = []

    def _plain(self) -> str:
        found = _PLAIN.match(self.text, self.at)
        value = found.group() if found else ""
        quote = value.find('"')
        if quote >= 0:
            column = self.at - self.begin + quote + 1
            raise self.source.fault(
                self.line, column, "a quote inside a field", 'put the whole field in quotes and write "" for each'
            )
        self.at += len(value)
        return value.removesuffix("\r")

    def _quoted(self) -> str:
        line, column = self.line, self.at - self.begin + 1
        pieces: list[str] = []
        self.at += 1
        while True:
            end = self.text.find('"', self.at)
            if end < 0:
                raise self.source.fault(line, column, "a quoted field is never closed", 'add the closing "')
            pieces.append(self.text[self.at : end])
            breaks = pieces[-1].count("\n")
            if breaks:
                self.line += breaks
                self.begin = self.at + pieces[-1].rfind("\n") + 1
            self.at = end + 1
            if not self.text.startswith('"', self.at):
                break
            pieces.append('"')
            self.at += 1
        if self.text.startswith("\r\n", self.at):
            self.at += 1
        if self.at < len(self.text) and self.text[self.at] not in ",\n":
            where = self.at - self.begin + 1
            raise self.source.fault(self.line, where, "text after a closing quote", "put a comma after the quote")
        return "".join(pieces)


def _header(source: Text, record: list[Cell], required: frozenset[str], allowed: frozenset[str]) -> list[str]:
    names: list[str] = []
    for cell in record:
        if cell.text not in allowed | required:
            known = ", ".join(sorted(allowed | required))
            raise source.fault(cell.line, cell.column, f"unknown column {shown(cell.text)}", f"known are {known}")
        if cell.text in names:
            raise source.fault(cell.line, cell.column, f"column {shown(cell.text)} twice", "keep one of them")
        names.append(cell.text)
    for name in sorted(required - set(names)):
        raise source.fault(record[0].line, 1, f"no column {shown(name)}", "the first line names the columns; add it")
    return names


def rows(
    source: Text,
    *,
    required: frozenset[str],
    allowed: frozenset[str],
    bad: Callable[[CatalogError], None] | None = None,
) -> Iterator[Row]:
    """The rows of a CSV file whose first line names its columns; blank lines are skipped.

    `bad` takes the fault of a row with too few or too many fields, which is then left out.

    Raises:
        CatalogError: at the first fault, which may be after some rows were given.
    """
    records = _Reader(source).records()
    first = next(records, None)
    if first is None:
        raise source.fault(1, 1, "is empty", f"the first line must name the columns ({among(sorted(required))} ...)")
    names = _header(source, first, required, allowed)
    count = 0
    for record in records:
        line = record[0].line
        if len(record) != len(names):
            what = f"{len(record)} fields where the header has {len(names)}"
            column = record[min(len(record), len(names)) - 1].column
            fault = source.fault(line, column, what, "quote a field with a comma")
            if bad is None:
                raise fault
            bad(fault)
            continue
        count += 1
        if count > MAX_ROWS:
            raise source.fault(line, 1, f"more than {MAX_ROWS:,} rows", "split the list")
        yield Row(source, line, dict(zip(names, record, strict=True)))
    if not count:
        raise source.fault(1, 1, "holds no row under its header", "add at least one")
