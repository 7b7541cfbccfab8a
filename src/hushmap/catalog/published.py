"""Lists of words that researchers published, as they come: tables of rules, or files with one word a line.

They hold what nobody may send (refs/KEYWORDS 4 and 5): terms of the hard exclusion, telephone numbers, redacted rows.
That is dropped here, and counted, before anything of it is kept. What several words must share is written `A + B`.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from hushmap.catalog.errors import CatalogError, among
from hushmap.catalog.excluded import exclusions
from hushmap.catalog.names import NameFaultError
from hushmap.catalog.source import text_of
from hushmap.catalog.words import checked_word

COLUMNS = ("rule", "result", "keyword_combination", "extenuating", "keyword", "keywords", "word", "term")
"""Columns that hold the words, in the order in which they are looked for; capitals do not count."""
COMBINED = frozenset({"rule", "keyword_combination", "extenuating"})
"""Columns in which a plus without spaces parts words too; elsewhere it may be one's own letter, as in C++."""
SHRUNK = 0.05
"""A snapshot that lost more of its words than this, and had them back in the next, was cut short (KEYWORDS 4)."""

_SPACED, _ANY = re.compile(r"(?<=\s)\+(?=\s)"), re.compile(r"\+")
_HOUR = re.compile(r"(?<!\d)(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)[T_ .-]?([01]\d|2[0-3])(?!\d\d\d)")


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """The words of one file."""

    words: tuple[str, ...]
    """Each once, in the file's order; of several that must all be there `A + B`, sorted."""
    hour: str | None = None
    """When the list was taken, as the file's name says it, in UTC."""
    excluded: int = 0
    """Rows that hold a term of the hard exclusion list."""
    personal: int = 0
    """Rows that hold what looks like a person's address or number."""
    unusable: int = 0
    """Rows that are no word: empty, redacted, too long, or with characters that cannot be seen."""


def read_published(path: str, data: bytes) -> Published:
    """The words of a published list; `path` is for messages, and its name may tell the hour.

    Raises:
        CatalogError: It is no such list.
    """
    source = text_of(path, data)
    name = source.name
    barred, words = exclusions(), dict[str, None]()
    left: Counter[str] = Counter()
    for row in _rows(path, source.text):
        parts = [part for part in row if part]
        rule = " + ".join(sorted(dict.fromkeys(parts)))
        try:
            for part in parts or [""]:
                checked_word(part)
            checked_word(rule)
        except NameFaultError as fault:
            left["personal" if "person" in str(fault.args[0]) else "unusable"] += 1
            continue
        if barred.hit(rule):
            left["excluded"] += 1
        else:
            words[rule] = None
    return Published(words=tuple(words), hour=_hour(name), **left)


def _rows(path: str, text: str) -> Iterator[Sequence[str]]:
    """The parts of every row that may be a rule."""
    first = text.split("\n", 1)[0].strip()
    header = [cell.strip().strip('"').lower() for cell in first.split(",")]
    column = next((name for name in COLUMNS if name in header), None)
    if column is None:
        if len(header) > 1:
            raise CatalogError(path, 1, 1, "no column holds words", f"known are {among(COLUMNS)}")
        yield from (_parted(line, _SPACED) for line in text.split("\n") if line.strip())
        return
    at, comma = header.index(column), _ANY if column in COMBINED else _SPACED
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        next(reader, None)
        yield from (_parted(row[at] if at < len(row) else "", comma) for row in reader if row)
    except csv.Error as error:
        raise CatalogError(path, reader.line_num, 1, f"is no table: {error}", "fetch it again") from None


def _parted(cell: str, comma: re.Pattern[str]) -> list[str]:
    return [part.strip() for part in comma.split(cell.strip())]


def _hour(name: str) -> str | None:
    found = _HOUR.search(name)
    return None if found is None else f"{found[1]}-{found[2]}-{found[3]}T{found[4]}:00:00Z"


def cut_short(sizes: Iterable[int]) -> frozenset[int]:
    """Which snapshots, in the order of their hours, were cut short: those whose words came back in the next."""
    every = list(sizes)
    return frozenset(
        at
        for at in range(1, len(every) - 1)
        if every[at] < every[at - 1] * (1 - SHRUNK) and every[at + 1] >= every[at - 1] * (1 - SHRUNK)
    )
