"""Inputs -> rows of all tables in one pass: read, judged and made into columns in the process that judged them.

What comes back from a worker is Arrow's own bytes, so that whoever takes them copies and parses nothing.
"""

from collections.abc import Iterable, Iterator
from typing import Self

import msgspec
import pyarrow as pa

from hushmap.archive.rows import ALL, Facts, Row, batches_of, rows_of
from hushmap.archive.schema import arrow_schema
from hushmap.judge import Batch, Judged, Kept, Origin, Ours, Task, Wanted, batches
from hushmap.model import Knowledge
from hushmap.runs import Reject

_ODD = "holds what no table can"


class _Packed(msgspec.Struct, frozen=True):
    """What a worker sends."""

    tables: dict[str, bytes]
    twice: int = 0
    """Records that stood twice in one task."""


class Gathering:
    """Rows of the records of one task."""

    tables: frozenset[str] = ALL

    def __init__(self, origin: Origin) -> None:
        """`origin` says what the manifest does, where there is one."""
        self._facts = Facts(label=origin.label, deck=origin.deck)
        self._begin()

    def _begin(self) -> None:
        self._each: list[tuple[str, dict[str, list[Row]]]] = []
        self._seen: set[str] = set()
        self._twice = 0

    def add(self, found: Judged | Kept) -> None:
        """Make the rows of one record; once, however often it comes."""
        if found.record.id in self._seen:
            self._twice += 1
            return
        rows = rows_of(found, self._facts, self.tables)
        self._seen.add(found.record.id)
        self._each.append((found.source, rows))

    def done(self) -> tuple[bytes, list[Reject]]:
        """The columns; a record that does not fit into them is set aside, and harms no other."""
        each, twice = self._each, self._twice
        self._begin()
        rejects: list[Reject] = []
        tables = self._columns(each, rejects)
        sent = {name: batch.serialize().to_pybytes() for name, batch in tables.items() if batch.num_rows}
        return msgspec.msgpack.encode(_Packed(sent, twice)), rejects

    def _columns(
        self, each: list[tuple[str, dict[str, list[Row]]]], rejects: list[Reject]
    ) -> dict[str, pa.RecordBatch]:
        try:
            return batches_of([rows for _, rows in each], self.tables)
        except ValueError as error:
            if len(each) == 1:
                rejects.append(Reject(source=each[0][0], error=" ".join(f"{_ODD}: {error}".split())[:300]))
                return {}
        parts = [self._columns(half, rejects) for half in (each[: len(each) // 2], each[len(each) // 2 :])]
        names = {name for part in parts for name in part}
        return {name: pa.concat_batches([part[name] for part in parts if name in part]) for name in names}


class _OfVerdicts(Gathering):
    """Without steps, which are nine tenths of all rows."""

    tables = ALL - {"steps"}


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """What some records of one input came to."""

    batch: Batch
    """Counts and rejects."""
    tables: dict[str, pa.RecordBatch]
    """Rows; a table without any is not here."""
    twice: int = 0
    """Records that came twice in one task, of which the second was left out."""

    @classmethod
    def of(cls, batch: Batch) -> Self:
        """The rows that a worker sent; they stay where the bytes are."""
        packed = msgspec.msgpack.decode(batch.gathered, type=_Packed)
        batch.gathered = b""
        tables = {
            name: pa.ipc.read_record_batch(pa.py_buffer(data), arrow_schema(name))
            for name, data in packed.tables.items()
        }
        return cls(batch=batch, tables=tables, twice=packed.twice)


def made(
    found: Iterable[Task | Ours], knowledge: Knowledge, *, jobs: int | None = 1, steps: bool = True
) -> Iterator[Made]:
    """The rows of tasks (`judge.tasks`), in their order, made in as many processes as `judge.batches` says.

    Raises:
        RunsError: A worker process ended.
    """
    wanted = Wanted(gather=Gathering if steps else _OfVerdicts)
    return map(Made.of, batches(found, knowledge, wanted, jobs=jobs))
