"""FLOOR 6: tables of what was judged, by day, in Parquet: many runs and many of OONI's files as one.

A measurement becomes rows when it is added, with its verdict; what reads an archive asks tables and decodes nothing.
Nothing needs one: what is no archive is opened in memory by the same names. pyarrow, duckdb and ibis come with the
extra `archive` and are loaded by the first call.

schema  the columns, with units        rows  a judged record -> its rows
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from hushmap.runs import RunsError

if TYPE_CHECKING:
    from hushmap.archive.rows import Facts, arrow, rows_of
    from hushmap.archive.schema import SCHEMA, TABLES, Column, arrow_schema

_HOMES = {
    "Column": "schema",
    "Facts": "rows",
    "SCHEMA": "schema",
    "TABLES": "schema",
    "arrow": "rows",
    "arrow_schema": "schema",
    "rows_of": "rows",
}

_EXTRAS = {"duckdb": "archive", "ibis": "archive", "pyarrow": "archive", "sqlglot": "archive", "pyspark": "spark"}
"""What comes with which extra."""

__all__ = [
    "SCHEMA",
    "TABLES",
    "Column",
    "Facts",
    "arrow",
    "arrow_schema",
    "rows_of",
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
