"""FLOOR 6: tables of what was judged, by day, in Parquet: many runs and many of OONI's files as one.

A measurement becomes rows when it is added, with its verdict; what reads an archive asks tables and decodes nothing.
Nothing needs one: what is no archive is opened in memory by the same names. pyarrow, duckdb and ibis come with the
extra `archive` and are loaded by the first call.

schema  the columns, with units        rows  a judged record -> its rows
opening  any PATH -> tables           tables  the four, for ibis and pandas
asking  which rows, and how many      engine  DuckDB, or spark
digesting  a table -> one hash of what it says
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from hushmap.runs import RunsError

if TYPE_CHECKING:
    from hushmap.archive.asking import Filters, counted, in_order, narrowed
    from hushmap.archive.digesting import digest
    from hushmap.archive.engine import connect
    from hushmap.archive.opening import Source, open_tables, source
    from hushmap.archive.rows import Facts, arrow, rows_of
    from hushmap.archive.schema import SCHEMA, TABLES, Column, arrow_schema
    from hushmap.archive.tables import Tables, framed

_HOMES = {
    "Column": "schema",
    "Facts": "rows",
    "Filters": "asking",
    "SCHEMA": "schema",
    "Source": "opening",
    "TABLES": "schema",
    "Tables": "tables",
    "arrow": "rows",
    "arrow_schema": "schema",
    "connect": "engine",
    "counted": "asking",
    "digest": "digesting",
    "framed": "tables",
    "in_order": "asking",
    "narrowed": "asking",
    "open_tables": "opening",
    "rows_of": "rows",
    "source": "opening",
}

_EXTRAS = {"duckdb": "archive", "ibis": "archive", "pyarrow": "archive", "sqlglot": "archive", "pyspark": "spark"}
"""What comes with which extra."""

__all__ = [
    "SCHEMA",
    "TABLES",
    "Column",
    "Facts",
    "Filters",
    "Source",
    "Tables",
    "arrow",
    "arrow_schema",
    "connect",
    "counted",
    "digest",
    "framed",
    "in_order",
    "narrowed",
    "open_tables",
    "rows_of",
    "source",
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
