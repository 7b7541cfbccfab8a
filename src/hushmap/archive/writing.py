"""Rows as they come -> files by day, never more in memory than a bound, whatever the input's size.

Tables are gathered apart, since a measurement has twenty steps and one verdict: where all of them together are too
much, the largest is written, so that verdicts come in few large files. Rows of a day stand by target and time, so
that a question about one target reads a small part of a file.
"""

import hashlib
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hushmap.archive.ledger import DataFile
from hushmap.archive.places import Place
from hushmap.archive.schema import TABLES, arrow_schema

ENOUGH = 128 * 1024 * 1024
"""Bytes of rows that are gathered: with what is being written and the copies of sorting some 400 MB in all."""
GROUP = 32 * 1024
"""Rows of a row group: the least that an engine reads. A few of them hold one target's day."""
_AT_ONCE = 2
"""Tables that are written at the end together, when nothing more comes that memory would be needed for."""
LEVEL = 3
"""Of zstd: 9 is a tenth smaller, and takes six times as long (measured on JSON, refs/STORAGE_UI 1)."""

_ORDER = {
    "records": ("day", "domain", "target", "started"),
    "steps": ("day",),
    "verdicts": ("day", "domain", "target", "started"),
    "triggers": ("day", "trigger"),
}


class Writer:
    """Takes rows, writes them as files of one import; what it wrote counts when the import is told of."""

    def __init__(self, place: Place, import_: str, enough: int = ENOUGH) -> None:
        """`import_` begins the files' names."""
        self._place, self._import, self._enough = place, import_, enough
        self._held: dict[str, list[pa.RecordBatch]] = {table: [] for table in TABLES}
        self._size = dict.fromkeys(TABLES, 0)
        self._files: list[DataFile] = []
        self._numbers = dict.fromkeys(TABLES, 0)
        self._worker = ThreadPoolExecutor(_AT_ONCE)
        self._under_way: list[Future[None]] = []

    def stop(self) -> None:
        """Write nothing more; a second call does nothing."""
        self._worker.shutdown(cancel_futures=True)

    def add(self, tables: dict[str, pa.RecordBatch]) -> None:
        """Take some rows of each table; some are written meanwhile, in a thread of their own.

        Raises:
            RunsError: The place refuses.
        """
        for table, batch in tables.items():
            if batch.num_rows:
                self._held[table].append(batch)
                self._size[table] += batch.nbytes
        if sum(self._size.values()) >= self._enough:
            self._wait()  # one is written at a time: more would be held in memory
            self._write(max(self._size, key=self._size.__getitem__))

    def done(self) -> tuple[DataFile, ...]:
        """Write what is left, and say what was written.

        Raises:
            RunsError: The place refuses.
        """
        self._wait()
        for table in TABLES:
            self._write(table)
        self._wait()
        self.stop()
        return tuple(sorted(self._files, key=lambda file: file.name))

    def _write(self, table: str) -> None:
        held, self._held[table], self._size[table] = self._held[table], [], 0
        if held:
            self._under_way.append(self._worker.submit(self._store, table, held))

    def _wait(self) -> None:
        """Until what is being written stands."""
        under_way, self._under_way = self._under_way, []
        for one in under_way:
            one.result()

    def _store(self, table: str, held: list[pa.RecordBatch]) -> None:
        rows = pa.Table.from_batches(held, arrow_schema(table))
        held.clear()
        for day, some in by_day(table, rows):
            data = parquet_bytes(some)
            name = f"{table}/day={day}/{self._import[:24]}-{self._numbers[table]:05d}.parquet"
            self._numbers[table] += 1
            self._place.write(name, data)
            sha256 = hashlib.sha256(data).hexdigest()
            self._files.append(DataFile(name=name, sha256=sha256, rows=some.num_rows, size=len(data)))


def by_day(table: str, rows: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """The rows of each day, in the order in which they are to stand in its file."""
    order = _ORDER[table]
    if len(order) > 1 or not _in_order(rows["day"]):
        rows = rows.take(pc.sort_indices(rows, sort_keys=[(column, "ascending") for column in order]))
    start = 0
    for entry in pc.value_counts(rows["day"]):
        length = entry["counts"].as_py()
        yield entry["values"].as_py().isoformat(), rows.slice(start, length)
        start += length


def _in_order(days: pa.ChunkedArray) -> bool:
    """Whether no day stands after a later one: as archives come, and nothing has to be moved."""
    numbers = days.cast(pa.int32()).to_numpy()
    return bool((numbers[1:] >= numbers[:-1]).all())


def parquet_bytes(rows: pa.Table) -> bytes:
    """Rows as one file."""
    sink = pa.BufferOutputStream()
    pq.write_table(
        rows,
        sink,
        row_group_size=GROUP,
        compression="zstd",
        compression_level=LEVEL,
        use_dictionary=[column for column in rows.column_names if column != "record"],
        write_page_index=True,
    )
    data: bytes = sink.getvalue().to_pybytes()
    return data
