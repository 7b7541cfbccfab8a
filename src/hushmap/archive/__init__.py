"""FLOOR 6: tables of what was judged, by day, in Parquet: many runs and many of OONI's files as one.

A measurement becomes rows when it is added, with its verdict; what reads an archive asks tables and decodes nothing.
Nothing needs one: what is no archive is opened in memory by the same names. pyarrow, duckdb and ibis come with the
extra `archive` and are loaded by the first call.

schema  the columns, with units        rows  a judged record -> its rows
opening  any PATH -> tables           tables  the four, for ibis and pandas
asking  which rows, and how many      engine  DuckDB, or spark
digesting  a table -> one hash of what it says      rebuilding  tables -> records, as far as they tell
making  inputs -> rows, in many processes      writing  rows -> files by day      places  where the files lie
importing  inputs -> imports (arriving: each of them; grouping: those of one; seen: each record once)
ledger  what counts, as imports say            verifying  whether that is so
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from hushmap.runs import RunsError

if TYPE_CHECKING:
    from hushmap.archive.arriving import Entry, entry_of
    from hushmap.archive.asking import Filters, counted, in_order, narrowed
    from hushmap.archive.digesting import digest
    from hushmap.archive.engine import connect
    from hushmap.archive.importing import Added, Importer, Told
    from hushmap.archive.ledger import Ledger, is_archive, live
    from hushmap.archive.making import Made, made
    from hushmap.archive.opening import Source, open_tables, source
    from hushmap.archive.places import Folder, Place
    from hushmap.archive.rebuilding import records_of
    from hushmap.archive.rows import Facts, Rows, arrow
    from hushmap.archive.schema import SCHEMA, TABLES, Column, arrow_schema
    from hushmap.archive.spark import Spark
    from hushmap.archive.tables import Tables, framed
    from hushmap.archive.verifying import Checked, verify
    from hushmap.archive.writing import parquet_bytes

_HOMES = {
    "Added": "importing",
    "Checked": "verifying",
    "Column": "schema",
    "Entry": "arriving",
    "Facts": "rows",
    "Filters": "asking",
    "Folder": "places",
    "Importer": "importing",
    "Ledger": "ledger",
    "Made": "making",
    "Place": "places",
    "Rows": "rows",
    "SCHEMA": "schema",
    "Source": "opening",
    "TABLES": "schema",
    "Spark": "spark",
    "Tables": "tables",
    "Told": "importing",
    "arrow": "rows",
    "arrow_schema": "schema",
    "connect": "engine",
    "counted": "asking",
    "digest": "digesting",
    "entry_of": "arriving",
    "framed": "tables",
    "in_order": "asking",
    "is_archive": "ledger",
    "live": "ledger",
    "made": "making",
    "narrowed": "asking",
    "open_tables": "opening",
    "parquet_bytes": "writing",
    "records_of": "rebuilding",
    "source": "opening",
    "verify": "verifying",
}

_EXTRAS = {"duckdb": "archive", "ibis": "archive", "pyarrow": "archive", "sqlglot": "archive", "pyspark": "spark"}
"""What comes with which extra."""

__all__ = [
    "SCHEMA",
    "TABLES",
    "Added",
    "Checked",
    "Column",
    "Entry",
    "Facts",
    "Filters",
    "Folder",
    "Importer",
    "Ledger",
    "Made",
    "Place",
    "Rows",
    "Source",
    "Spark",
    "Tables",
    "Told",
    "arrow",
    "arrow_schema",
    "connect",
    "counted",
    "digest",
    "entry_of",
    "framed",
    "in_order",
    "is_archive",
    "live",
    "made",
    "narrowed",
    "open_tables",
    "parquet_bytes",
    "records_of",
    "source",
    "verify",
]


def __getattr__(name: str) -> Any:
    """The public name, from the module that holds it (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    except ModuleNotFoundError as missing:
        if missing.name not in _EXTRAS:
            raise
        remedy = f"pip install 'hushmap[{_EXTRAS[missing.name]}]'"
        raise RunsError("archive", f"{missing.name} is not installed", remedy) from None
