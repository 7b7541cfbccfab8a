"""The files that others go on with: verdicts, what was found of each target by day, shares, incidents, triggers.

Written from the tables as rows come, so that a site of a million measurements needs no more memory than one of ten.
Each file is told with its columns, length and hash, from which the package's description and the data page are made.
What tells apart the people of one network is left out: no count of the site needs it, and it cannot be taken back.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import ibis
import ibis.expr.types as ir
import msgspec
import pyarrow as pa

from hushmap import analysis, archive
from hushmap.archive import Column
from hushmap.report.site.book import Book
from hushmap.report.site.made import Download, Field
from hushmap.report.site.sheets import File, csv_head, csv_rows, even, json_rows, parquet
from hushmap.report.site.telling import FAILED, UNDECIDED

KEPT_BACK = ("resolver", "session", "label")
"""Columns of verdicts and triggers that stay: which line at home it was, and what ties a group's runs together."""
_OF_A_DAY = ("day", "country", "experiment", "target", "domain", "category", "place", "encoding")
_TARGETS = (
    Field(name="label", kind="text", what="What the verdicts say, in English"),
    Field(name="how", kind="text", what="The mechanism that names them; empty where there is none"),
    Field(name="tests", kind="int64", unit="measurements", what="Measurements of that day with this label and how"),
    Field(name="vantages", kind="int64", unit="networks", what="On so many networks"),
    Field(name="decided", kind="int64", unit="measurements", what="Of that day, whatever their label, that decided"),
    Field(name="failed", kind="int64", unit="measurements", what="Of the decided, that did not work in some way"),
)
"""One row for each target, day, label and how: as analysts asked for it."""
_SHARES = (
    Field(name="country", kind="text", unit="ISO 3166 alpha-2", what="The country of the line"),
    Field(name="asn", kind="int64", unit="AS number", what="The network of the line"),
    Field(name="network", kind="text", what="The network's name"),
    Field(name="target", kind="text", what="What was asked about"),
    Field(name="experiment", kind="text", what="The test; each asks a question of its own"),
    Field(name="found", kind="text", what="The group that the share is of"),
    Field(name="share", kind="float64", unit="share", what="Of the bursts; empty where there are too few of them"),
    Field(name="low", kind="float64", unit="share", what="Its 95 % interval"),
    Field(name="high", kind="float64", unit="share", what="Its 95 % interval"),
    Field(name="n", kind="int64", unit="bursts", what="One line, gaps of 10 minutes at most, something decided"),
    Field(name="k", kind="float64", unit="bursts", what="Sum of the values of the bursts, each between 0 and 1"),
    Field(name="attempts", kind="int64", unit="measurements", what="In the bursts"),
    Field(name="left_out", kind="int64", unit="measurements", what="Not counted: they decide nothing"),
    Field(name="days", kind="int64", unit="days", what="With a measurement"),
    Field(name="gaps", kind="text", what="Days of the period without a measurement; they are not zero"),
)
_COUNTS = ("attempts", "sessions", "lines")
_LISTS = ("hosts", "hosts_working", "mechanisms")
_FORMATS = ("csv", "jsonl", "parquet")
"""JSON says the names of columns in every row, so it is packed: a fortieth is left of it."""


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One table on its way into files."""

    name: str
    fields: tuple[Field, ...]
    formats: tuple[str, ...]
    batches: Iterable[pa.RecordBatch]


def schema(fields: Iterable[Field]) -> pa.Schema:
    """Columns as arrow has them."""
    return pa.schema([(field.name, Column(field.name, field.kind, field.unit, field.what).type) for field in fields])


def write(folder: Path, tables: archive.Tables, book: Book) -> tuple[Download, ...]:
    """Write the files into `folder`/downloads, and tell of each; a table without a row has no file."""
    place = folder / "downloads"
    place.mkdir(parents=True, exist_ok=True)
    found = [one for sheet in _sheets(tables, book) for one in _written(place, sheet)]
    return tuple(one for one in found if one.rows)


def _sheets(tables: archive.Tables, book: Book) -> Iterator[Sheet]:
    yield Sheet(
        name="targets",
        fields=(*_named("verdicts", _OF_A_DAY), *_TARGETS),
        formats=_FORMATS[:1],
        batches=tables.batches(by_day(tables.verdicts)),
    )
    if book.first is not None:
        yield Sheet(name="shares", fields=_SHARES, formats=_FORMATS[:1], batches=_shares(tables))
    yield Sheet(name="incidents", fields=INCIDENTS, formats=_FORMATS[:2], batches=_incidents(book.incidents))
    for table, order in (("verdicts", "day domain target started record"), ("triggers", "day trigger record place")):
        fields = tuple(_field(column) for column in archive.TABLES[table] if column.name not in KEPT_BACK)
        rows = tables.table(table).select(*(field.name for field in fields))
        rows = rows.order_by(archive.in_order(order.split()))
        yield Sheet(name=table, fields=fields, formats=_FORMATS, batches=tables.batches(rows))


def by_day(verdicts: ir.Table) -> ir.Table:
    """Each target, day and country by label and how: measurements, and networks that they came from.

    Networks are told apart as everywhere: by number, else by name, else by run.
    """
    line = ibis.coalesce(verdicts["asn"].cast("string"), verdicts["network"].nullif(""), verdicts["run"])
    key = [*_OF_A_DAY, "verdict_label", "mechanism"]
    fared = {"decided": ~verdicts["group"].isin(sorted(UNDECIDED)), "failed": verdicts["group"].isin(sorted(FAILED))}
    each = archive.counted(verdicts.mutate(line=line, **fared), [*key, *fared, "line"])
    both = each.group_by(key).aggregate(
        tests=each["n"].sum().cast("int64"),
        vantages=each["line"].nunique().cast("int64"),
        **{name: each["n"].sum(where=each[name]) for name in fared},
    )
    # A label alone does not tell how the day was: beside it stands what was seen of the target in all.
    day = {name: both[name].sum().over(ibis.window(group_by=_OF_A_DAY)) for name in fared}
    whole = {name: ibis.coalesce(number, 0).cast("int64") for name, number in day.items()}
    named = both.select(*_OF_A_DAY, "tests", "vantages", label="verdict_label", how="mechanism", **whole)
    columns = [*_OF_A_DAY, *(field.name for field in _TARGETS)]
    return named.select(*columns).order_by(archive.in_order(columns))


def _shares(tables: archive.Tables) -> Iterator[pa.RecordBatch]:
    frame = analysis.rates(tables.verdicts, ["country", "asn", "network", "target"]).astype({"asn": "Int64"})
    made = pa.Table.from_pandas(frame[[field.name for field in _SHARES]], preserve_index=False)
    yield from made.cast(schema(_SHARES)).to_batches()


def _incidents(found: Iterable[analysis.Incident]) -> Iterator[pa.RecordBatch]:
    yield pa.RecordBatch.from_pylist([analysis.plain(one) for one in found], schema(INCIDENTS))


def _kind(name: str, unit: str) -> str:
    """The kind of a column of incidents, by its unit."""
    if name in _LISTS:
        return "texts"
    if name == "partial":
        return "bool"
    kinds: Mapping[str, str] = {"UTC": "time", "AS number": "int64", "share": "float64"}
    return "int64" if unit in _COUNTS or name in _COUNTS else kinds.get(unit, "text")


INCIDENTS = tuple(
    Field(name=name, kind=_kind(name, unit), unit=unit, what=what) for name, (unit, what) in analysis.INCIDENT.items()
)
"""The columns of incidents."""


def _named(table: str, names: Iterable[str]) -> list[Field]:
    known = {column.name: column for column in archive.TABLES[table]}
    return [_field(known[name]) for name in names]


def _field(column: Column) -> Field:
    return Field(name=column.name, kind=column.kind, unit=column.unit, what=column.what)


def _written(place: Path, sheet: Sheet) -> Iterator[Download]:
    """A table in each of its formats, in one pass."""
    names = {form: f"{sheet.name}.{form}" + (".gz" if form == "jsonl" else "") for form in sheet.formats}
    files = {form: File(place / name) for form, name in names.items()}
    for file in files.values():
        file.open()
    rows = _fill(files, sheet)
    for form, file in files.items():
        file.close(keep=rows > 0)
        yield Download(
            name=sheet.name,
            path=f"downloads/{names[form]}",
            format=form,
            rows=rows,
            length=file.length,
            sha256=file.sha256,
            fields=sheet.fields,
        )


def _fill(files: Mapping[str, File], sheet: Sheet) -> int:
    """Every row into every file; how many there were."""
    rows, names = 0, [field.name for field in sheet.fields]
    binary = parquet(files["parquet"], schema(sheet.fields)) if "parquet" in files else None
    files["csv"].write(csv_head(names))
    for table in even(sheet.batches, schema(sheet.fields)):
        rows += table.num_rows
        files["csv"].write(csv_rows(table))
        if "jsonl" in files:
            files["jsonl"].write(json_rows(table))
        if binary is not None:
            binary.write_table(table, row_group_size=table.num_rows)
    if binary is not None:
        binary.close()
    return rows
