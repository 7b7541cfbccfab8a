"""Judged records as one Parquet file, in the columns of an archive's table (docs/reference/archive.md).

Loaded by `hushmap export --format parquet` alone: it needs the extra `archive`.
"""

import pyarrow as pa

from hushmap.archive import arrow, arrow_schema, parquet_bytes
from hushmap.judge import Judged

_TOGETHER = 500
"""Records whose rows are made at once."""


class Sheet:
    """Rows of one table, a few records at a time."""

    def __init__(self, *, triggers: bool) -> None:
        """The verdicts, or with `triggers` what was found to be cut off."""
        self._table = "triggers" if triggers else "verdicts"
        self._held: list[Judged] = []
        self._batches: list[pa.RecordBatch] = []
        self.rows = 0

    def add(self, judged: Judged) -> None:
        """Take one record."""
        self._held.append(judged)
        if len(self._held) >= _TOGETHER:
            self._make()

    def data(self) -> bytes:
        """All of it as a file."""
        self._make()
        return parquet_bytes(pa.Table.from_batches(self._batches, arrow_schema(self._table)))

    def _make(self) -> None:
        if not self._held:
            return
        batch = arrow(self._held, tables={self._table})[self._table]
        self._held = []
        self._batches.append(batch)
        self.rows += batch.num_rows
