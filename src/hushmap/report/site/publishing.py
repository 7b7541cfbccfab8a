"""Tables -> a site in a folder: read, drawn, written, in this order, with one page in memory at a time."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from hushmap.report.site import downloads
from hushmap.report.site.added import Added
from hushmap.report.site.book import About, Book
from hushmap.report.site.building import build
from hushmap.report.site.cases import Case, made, only
from hushmap.report.site.evidence import rebuilt, wanted
from hushmap.report.site.figures import figures
from hushmap.report.site.image import missing
from hushmap.report.site.later import Later
from hushmap.report.site.making import Making
from hushmap.report.site.noting import notes
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
    folder: Path,
    tables: "Tables",
    about: About,
    held: Mapping[str, Entry] | None = None,
    *,
    png: bool = False,
    added: Added | None = None,
) -> Published:
    """Make a site of what is in `tables`; one that is in the folder is replaced.

    Args:
        folder: Where it goes.
        tables: What was measured, with its verdicts.
        about: What the makers say.
        held: Measurements that can be shown step by step, by the id of the record; without, from the tables.
        png: Whether pictures are written as PNG too.
        added: What the makers add beside it.

    Raises:
        OthersError: There are other files in the folder.
        ValueError: There are no texts in the language.
        CaseError: What is to be told as a case can be none.
    """
    making = _making(tables, about, held, added or Added())
    with beside(folder) as part:
        files = downloads.write(part, tables, making.book)
        making = msgspec.structs.replace(making, downloads=files)
        making = msgspec.structs.replace(making, figures=figures(making))
        written = write(part, build(making, png=png), [one.path for one in files])
    written = msgspec.structs.replace(written, page=folder / written.page.name)
    fontless = png and missing(making.words("figure.measurements"))
    return Published(book=making.book, written=written, fontless=fontless)


def case_of(
    tables: "Tables", about: About, wanted: str, held: Mapping[str, Entry] | None = None, added: Added | None = None
) -> Case:
    """The case of one incident in `tables`; where `wanted` is empty, of the only one that can be a case.

    Raises:
        CaseError: There is none, or several, or it can be no case.
    """
    making = _making(tables, about, held, added or Added())
    return made(making, wanted or only(making))


def _making(tables: "Tables", about: About, held: Mapping[str, Entry] | None, added: Added) -> Making:
    """All that pages are made of, but drawings and files."""
    words = Words(about.lang)
    about = msgspec.structs.replace(about, notes=(*about.notes, *notes(tables, added.rejects, words)))
    book = read(tables, about)
    if added.others is not None:
        added = msgspec.structs.replace(added, theirs=added.others.of(book))
    evidence = held
    if evidence is None:
        evidence = Later(lambda some: rebuilt(tables, some, about.lang), _in_order(book))
    return Making(book=book, words=words, evidence=evidence, added=added)


def _in_order(book: Book) -> list[str]:
    """The records that pages show, in the order of the pages."""
    place = {target.id: number for number, target in enumerate(book.targets)}
    found = wanted(book)
    return sorted(found, key=lambda record: (place.get(found[record][0], len(place)), record))
