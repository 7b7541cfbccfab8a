"""What `hushmap query` answers with: columns and rows of plain values, from the tables and from the analysis."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from hushmap import analysis, archive
from hushmap.cli.export_rows import Cell
from hushmap.cli.fault import Fault

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from hushmap.archive import Filters, Tables

FOUND = frozenset("outcome verdict_label group evidence scope reason rule rules knowledge mechanism".split())
"""Columns of verdicts that say what was found: a share of what was found among what was found says nothing."""
PERIODS = {"week": "W", "month": "M"}
"""Columns that are made of the day: the first day of each."""
ORDER = {
    "verdicts": ("started", "record"),
    "records": ("started", "record"),
    "steps": ("day", "record", "trial", "n"),
    "triggers": ("day", "record", "place", "trigger"),
}
"""Of a table's rows, so that the same question gives the same lines."""


class Answer(msgspec.Struct, frozen=True):
    """Columns, and rows as they come."""

    columns: tuple[str, ...]
    rows: Iterable[Sequence[Any]]
    notes: tuple[str, ...] = ()
    """What the figures are of."""


def shown(table: str, columns: Sequence[str]) -> tuple[str, ...]:
    """The columns of rows: those that are asked for, or every one.

    Raises:
        Fault: There is no such column.
    """
    every = tuple(column.name for column in archive.TABLES[table])
    return _known(columns, every, table) if columns else every


def kinds(table: str, by: Sequence[str]) -> tuple[str, ...]:
    """The columns of groups, some of which are made for it.

    Raises:
        Fault: There is no such column, or it is a list.
    """
    plain = [column.name for column in archive.TABLES[table] if column.kind != "texts"]
    return _known(by, (*plain, *PERIODS, *(["mechanism"] if table == "verdicts" else [])), table)


def listed(tables: "Tables", table: str, filters: "Filters", columns: Sequence[str]) -> Answer:
    """Rows of a table, in their order; `columns` as `shown` gives them."""
    found = tables.where(table, filters)
    found = found.order_by(archive.in_order(ORDER[table])).select(*columns)
    return Answer(tuple(columns), _rows(tables, found))


def grouped(tables: "Tables", table: str, filters: "Filters", names: Sequence[str], least: int | None) -> Answer:
    """Of verdicts shares for each group, else counts; `names` as `kinds` gives them."""
    found = tables.where(table, filters)
    for name in names:
        if name in PERIODS:
            found = found.mutate(**{name: found["day"].truncate(PERIODS[name])})
    if table != "verdicts" or FOUND & set(names):
        counts = archive.counted(found, names)
        return Answer(tuple(counts.columns), _rows(tables, counts), ("counts of what lies there, not shares",))
    frame = analysis.rates(found, names) if least is None else analysis.rates(found, names, min_n=least)
    rows = ([plain_value(cell) for cell in row] for row in frame.itertuples(index=False, name=None))
    return Answer(tuple(map(str, frame.columns)), rows, (analysis.DENOMINATOR,))


def plain_value(value: Any) -> Any:
    """A value as CSV and JSON have it; what is absent is nothing."""
    if value is None or (isinstance(value, float) and value != value) or str(value) in {"NaT", "<NA>"}:  # noqa: PLR0124
        return None
    if isinstance(value, datetime):
        whole = value.isoformat()
        return whole.removesuffix("T00:00:00") if value.tzinfo is None else whole.replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else value


def cell(value: Any) -> Cell:
    """A value as one cell of CSV."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(map(str, value)) if isinstance(value, list) else value


def _rows(tables: "Tables", found: "ir.Table") -> Iterator[list[Any]]:
    for batch in tables.batches(found):
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            yield [plain_value(value) for value in row]


def _known(wanted: Sequence[str], there: Sequence[str], table: str) -> tuple[str, ...]:
    for name in wanted:
        if name not in there:
            raise Fault(f"{name[:40]}: no such column of {table}; there are {', '.join(there)}")
    return tuple(dict.fromkeys(wanted))
