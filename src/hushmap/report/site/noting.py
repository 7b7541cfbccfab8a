"""What was left out of a site, in sentences for its readers; the maker is told on the terminal as well."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hushmap.report.words import Words

if TYPE_CHECKING:
    from hushmap.archive import Tables


def notes(tables: "Tables", rejects: int, words: Words) -> Iterator[str]:
    """What could not be read, and attempts that were found void."""
    if rejects:
        yield words.count("site.note.rejects", rejects)
    every = tables.records
    (void,) = tables.arrow(every.aggregate(n=every["voids"].sum().cast("int64")))["n"].to_pylist()
    if void:
        yield words.count("site.note.void", void)
