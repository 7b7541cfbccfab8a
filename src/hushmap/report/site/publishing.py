"""Tables -> a site in a folder: read, drawn, written, in this order, with one page in memory at a time."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from hushmap.report.site import downloads
from hushmap.report.site.book import About, Book
from hushmap.report.site.building import build
from hushmap.report.site.evidence import rebuilt, wanted
from hushmap.report.site.figures import figures
from hushmap.report.site.image import missing
from hushmap.report.site.later import Later
from hushmap.report.site.making import Making
from hushmap.report.site.reading import read
from hushmap.report.site.writing import Written, beside, write
from hushmap.report.view import Entry
from hushmap.report.words import Words

if TYPE_CHECKING:
    from hushmap.archive import Tables


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """A site that was made."""

    book: Book
    written: Written
    fontless: bool = False
    """Whether this machine has no font for the language, so that words are missing in the PNG."""


def publish(
    folder: Path, tables: "Tables", about: About, held: Mapping[str, Entry] | None = None, *, png: bool = False
) -> Published:
    """Make a site of what is in `tables`; one that is in the folder is replaced.

    Args:
        folder: Where it goes.
        tables: What was measured, with its verdicts.
        about: What the makers say.
        held: Measurements that can be shown step by step, by the id of the record; without, from the tables.
        png: Whether pictures are written as PNG too.

    Raises:
        OthersError: There are other files in the folder.
        ValueError: There are no texts in the language.
    """
    words = Words(about.lang)
    book = read(tables, about)
    ids = _in_order(book)
    evidence = held if held is not None else Later(lambda some: rebuilt(tables, some, about.lang), ids)
    with beside(folder) as part:
        files = downloads.write(part, tables, book)
        making = Making(book=book, words=words, evidence=evidence, downloads=files)
        making = msgspec.structs.replace(making, figures=figures(making))
        written = write(part, build(making, png=png), [one.path for one in files])
    written = msgspec.structs.replace(written, page=folder / written.page.name)
    return Published(book=book, written=written, fontless=png and missing(words("figure.measurements")))


def _in_order(book: Book) -> list[str]:
    """The records that pages show, in the order of the pages."""
    place = {target.id: number for number, target in enumerate(book.targets)}
    found = wanted(book)
    return sorted(found, key=lambda record: (place.get(found[record][0], len(place)), record))
