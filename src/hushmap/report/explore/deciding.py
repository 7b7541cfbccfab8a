"""The measurements on which a target's page rests: of each network the newest that shows what its cell says.

The columns know their minute, and the tables which record that was; only those days are opened. The most telling few
are set out step by step, as on the page of a site; those of another network are one filter away.
"""

from collections.abc import Mapping
from typing import Any

import ibis
import msgspec

from hushmap.report.explore.columns import MINUTE
from hushmap.report.explore.exploring import Explorer
from hushmap.report.explore.history import is_about, network_of
from hushmap.report.explore.narrowing import target
from hushmap.report.explore.wanted import Wanted
from hushmap.report.site.book import Book, Cell, Key
from hushmap.report.site.telling import rank
from hushmap.report.view import Entry

SHOWN = 4
"""Networks of which the measurement is set out: each may be of another day, and a day more is some 30 ms."""
_READ = ("record", "started", "day", "group", "country", "asn", "network", "run", "place", "encoding")


def decided(explorer: Explorer, wanted: Wanted, at: int, book: Book) -> tuple[Book, Mapping[str, Entry]]:
    """The book of one target with the records of its most telling cells, and these set out."""
    ordered = sorted(book.cells, key=lambda key: (rank(book.cells[key].group), -book.cells[key].n, key))[:SHOWN]
    newest = _newest(explorer, wanted, at, {key: book.cells[key] for key in ordered}) if ordered else {}
    cells = {key: msgspec.structs.replace(book.cells[key], record=row["record"]) for key, row in newest.items()}
    entries = explorer.entries([row["record"] for row in newest.values()], {row["day"] for row in newest.values()})
    return msgspec.structs.replace(book, cells={**book.cells, **cells}), entries


def _newest(explorer: Explorer, wanted: Wanted, at: int, cells: Mapping[Key, Cell]) -> dict[Key, dict[str, Any]]:
    """Of each cell the verdict that it tells of last; of several in one minute that with the greatest time and id."""
    asked, name = explorer.counting.columns.targets[at], target(explorer.counting, at).id
    days = sorted({cell.last.date() for cell in cells.values()})
    table = explorer.tables.verdicts
    # All at once: a question is made into SQL in 60 ms, and each filter of its own is a tenth of that.
    table = table.filter(
        table["day"].isin(days),
        table["target"] == asked.target,
        table["experiment"] == asked.experiment,
        ~ibis.coalesce(table["canary"], ibis.literal(value=False)),
        *([table["label"].isin(wanted.label)] if wanted.label else []),
    )
    found: dict[Key, dict[str, Any]] = {}
    for row in explorer.tables.arrow(table.select(*_READ)).to_pylist():
        key = name, network_of(row).id
        cell = cells.get(key)
        if cell is None or not is_about(row, asked) or row["group"] != cell.group:
            continue
        if int(row["started"].timestamp()) // MINUTE != int(cell.last.timestamp()) // MINUTE:
            continue
        if key not in found or _order(row) > _order(found[key]):
            found[key] = row
    return found


def _order(row: Mapping[str, Any]) -> tuple[Any, str]:
    return row["started"], row["record"]
