"""An engine that answers: DuckDB in this process, or a Spark cluster, by a URL.

Outgrowing one computer changes this URL and nothing else: both read the same Parquet files and take the same ibis
expressions. Spark is loaded where it is asked for only, since it starts a Java machine.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from hushmap.runs import RunsError

DUCKDB = "duckdb"
_SPARK = re.compile(r"spark://[A-Za-z0-9.\-]+:[0-9]{1,5}")
_LOCAL_ONLY = ("autoinstall_known_extensions", "autoload_known_extensions")
"""Settings by which DuckDB would fetch parts of itself from elsewhere: nothing here is contacted unasked."""
_BATCH = 4_096
"""Rows that are fetched at once."""


class Engine(Protocol):
    """What tables are made of."""

    def parquet(self, name: str, files: Sequence[str]) -> ir.Table:
        """A table that reads these files when it is asked something."""
        ...

    def held(self, name: str, table: pa.Table) -> ir.Table:
        """A table of what this process holds."""
        ...

    def batches(self, found: ir.Table) -> Iterator[pa.RecordBatch]:
        """The rows of an answer as they come."""
        ...

    def close(self) -> None:
        """Let go of everything."""
        ...


def connect(url: str = DUCKDB, filesystem: Any = None) -> Engine:
    """The engine at `url`; with `filesystem` (fsspec's) it reads files that lie elsewhere.

    Raises:
        RunsError: There is no such engine, or it cannot be had.
    """
    if url == DUCKDB:
        return Duck(filesystem)
    if not _SPARK.fullmatch(url):
        raise RunsError(url[:200], "is no engine", "write duckdb, or spark://HOST:PORT")
    engine: Engine = sys.modules[__package__].Spark(url)  # loaded only now: who asks no cluster needs no pyspark
    return engine


class Duck:
    """DuckDB in this process."""

    def __init__(self, filesystem: Any = None) -> None:
        self._backend = ibis.duckdb.connect()
        for setting in _LOCAL_ONLY:
            self._backend.raw_sql(f"SET {setting} = false")
        if filesystem is not None:
            self._backend.register_filesystem(filesystem)

    def parquet(self, name: str, files: Sequence[str]) -> ir.Table:
        """A view of the files; those of days that are not meant are not opened, since their folders name the day."""
        listed = ", ".join(f"'{file.replace(chr(39), 2 * chr(39))}'" for file in files)
        self._backend.raw_sql(
            f'CREATE OR REPLACE TEMP VIEW "{name}" AS '  # noqa: S608 (names of tables are ours, files are quoted)
            f"SELECT * FROM read_parquet([{listed}], hive_partitioning = true, hive_types = {{'day': DATE}})"
        )
        return self._backend.table(name)

    def held(self, name: str, table: pa.Table) -> ir.Table:
        """The table where it lies in memory."""
        self._backend.con.register(name, table)
        return self._backend.table(name)

    def batches(self, found: ir.Table) -> Iterator[pa.RecordBatch]:
        """As DuckDB makes them; an answer may be larger than memory."""
        # ibis 12 asks for them by a name that DuckDB 2 no longer has.
        yield from self._backend.con.sql(self._backend.compile(found)).fetch_record_batch(_BATCH)

    def close(self) -> None:
        """End the connection, and with it what it holds."""
        self._backend.disconnect()
