"""Inputs -> rows of all tables in one pass: read, judged and made into columns in the process that judged them.

What comes back from a worker is Arrow's own bytes, so that whoever takes them copies and parses nothing.
"""

from collections.abc import Iterable, Iterator
from typing import Self

import msgspec
import pyarrow as pa

from hushmap.archive.rows import ALL, Facts, Rows
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
        self._rows = Rows(self._facts, self.tables)
        self._seen: set[str] = set()
        self._twice = 0

    def add(self, found: Judged | Kept) -> None:
        """Make the rows of one record; once, however often it comes."""
        if found.record.id in self._seen:
            self._twice += 1
            return
        self._rows.add(found)
        self._seen.add(found.record.id)

    def done(self) -> tuple[bytes, list[Reject]]:
        """The columns; a record that does not fit into them is set aside, and harms no other."""
        rows, twice = self._rows, self._twice
        self._begin()
        rejects: list[Reject] = []
        tables = _fitting(rows, 0, len(rows), rejects)
        sent = {name: batch.serialize().to_pybytes() for name, batch in tables.items() if batch.num_rows}
        return msgspec.msgpack.encode(_Packed(sent, twice)), rejects


def _fitting(rows: Rows, start: int, stop: int, rejects: list[Reject]) -> dict[str, pa.RecordBatch]:
    """The columns of some records; of each half alone, where one of them does not fit."""
    if start == stop:
        return {}
    try:
        return rows.arrow(start, stop)
    except ValueError as error:
        if stop - start == 1:
            rejects.append(Reject(source=rows.sources[start], error=" ".join(f"{_ODD}: {error}".split())[:300]))
            return {}
    middle = (start + stop) // 2
    halves = [_fitting(rows, start, middle, rejects), _fitting(rows, middle, stop, rejects)]
    names = {name for half in halves for name in half}
    return {name: pa.concat_batches([half[name] for half in halves if name in half]) for name in names}


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
