"""All faults of a list at once, and the list without the rows that have one.

A list that is measured stops at its first fault; one that somebody else keeps (Citizen Lab's, by many hands) is
looked through whole, so that what is left out is left out knowingly, row by row.
"""

import csv
import io

import msgspec

from hushmap.catalog.errors import CatalogError
from hushmap.catalog.lists import COMMON, site
from hushmap.catalog.rows import rows
from hushmap.catalog.source import text_of
from hushmap.model import Target


class Linted(msgspec.Struct, frozen=True, kw_only=True):
    """What a list of sites holds."""

    targets: tuple[Target, ...]
    """Of the rows without a fault."""
    faults: tuple[CatalogError, ...]
    """One for each row that has any, in the order of the file."""
    data: bytes
    """The list as it was given, or written anew without the rows that have faults."""


def lint_sites(path: str, data: bytes) -> Linted:
    """Look through a list of web sites in Citizen Lab's columns; `path` is for messages.

    Raises:
        CatalogError: It is no such list at all: no text, no header, quotes that are never closed.
    """
    source = text_of(path, data)
    faults: list[CatalogError] = []
    first: dict[str, Target] = {}
    kept: list[dict[str, str]] = []
    for row in rows(source, required=frozenset({"url"}), allowed=COMMON, bad=faults.append):
        try:
            target = site(row)
            other = first.get(target.key)
            if other is not None:
                raise row.fault("url", f"the same as {other.line}", "remove one of them")
        except CatalogError as fault:
            faults.append(fault)
            continue
        first[target.key] = target
        kept.append({name: cell.text for name, cell in row.cells.items()})
    return Linted(targets=tuple(first.values()), faults=tuple(faults), data=_written(kept) if faults else data)


def _written(kept: list[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, kept[0].keys() if kept else ["url"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(kept)
    return out.getvalue().encode()
