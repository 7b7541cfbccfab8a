"""Inputs that become one import: their rows without those that are there, and what they take the place of.

An older import of which one input is judged anew is replaced as a whole: what it holds of other inputs is carried
over, so that readers have to know nothing but which imports count.
"""

import hashlib
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hushmap.archive.arriving import Item
from hushmap.archive.ledger import DataFile, Import, Ledger, Part
from hushmap.archive.making import Made
from hushmap.archive.places import Place
from hushmap.archive.schema import arrow_schema
from hushmap.archive.seen import Seen
from hushmap.archive.writing import Writer
from hushmap.runs import RunsError


class Group:
    """One import in the making."""

    def __init__(self, place: Place, number: int, now: str) -> None:
        """`now` and what the archive holds name its files, so that they are nobody else's."""
        self.number = number
        self._place = place
        self._ledger = Ledger.open(place)
        self._arrived: set[int] = set()
        self._old: dict[str, Import] = {}
        self._seen = Seen(self._known)
        self.writer = Writer(place, hashlib.sha256(f"{now} {self._ledger.sha256}".encode()).hexdigest())

    def take(self, item: Item, one: Made) -> None:
        """Rows of an item: those of records that are not there."""
        self._arrive(item)
        counters, records = one.batch.counters, one.tables.get("records")
        item.rejects += counters.rejects
        item.twice += one.twice
        if records is None:
            return
        new = self._seen.take(records["record"].to_pylist(), records["day"].cast(pa.string()).to_pylist())
        item.records += sum(new)
        item.twice += len(new) - sum(new)
        if all(new):
            self.writer.add(one.tables)
        elif any(new):
            ids = records["record"].filter(pa.array(new))
            self.writer.add({table: _only(batch, ids) for table, batch in one.tables.items()})

    def _arrive(self, item: Item) -> None:
        """See what an item takes the place of; what that holds is no longer there."""
        if id(item) in self._arrived:
            return
        self._arrived.add(id(item))
        for old in self._ledger.imports:
            if old.id not in self._old and any(_superseded(part, item) for part in old.parts):
                self._old[old.id] = old
                for file in old.files:
                    if file.table == "records" and self._seen.knows(file.day):
                        self._seen.forget(file.day, self._ids(file))

    def end(self, items: Sequence[Item]) -> tuple[Import, ...]:
        """Carry over what replaced imports hold of others; these are given."""
        for item in items:
            self._arrive(item)
        for old in self._old.values():
            if self.carried(items, [old]):
                for file in old.files:
                    for batch in self._left(file):
                        self.writer.add({file.table: batch})
        return tuple(self._old.values())

    def carried(self, items: Sequence[Item], olds: Sequence[Import]) -> tuple[Part, ...]:
        """The inputs of replaced imports that are not judged anew."""
        return tuple(part for old in olds for part in old.parts if not any(_superseded(part, item) for item in items))

    def _left(self, file: DataFile) -> Iterator[pa.RecordBatch]:
        rows = read(self._place, file)
        left = [not held for held in self._seen.held(rows["record"].to_pylist(), file.day)]
        yield from rows.filter(pa.array(left, pa.bool_())).combine_chunks().to_batches()

    def _known(self, day: str) -> Iterator[str]:
        """The records that other imports hold of a day."""
        for one in self._ledger.imports:
            for file in one.files if one.id not in self._old else ():
                if file.table == "records" and file.day == day:
                    yield from self._ids(file)

    def _ids(self, file: DataFile) -> list[str]:
        found: list[str] = read(self._place, file, ["record"])["record"].to_pylist()
        return found


def read(place: Place, file: DataFile, columns: list[str] | None = None) -> pa.Table:
    """The rows of a file.

    Raises:
        RunsError: It is not there, or damaged.
    """
    data = place.read(file.name)
    try:
        if data is None:
            raise pa.ArrowInvalid("it is not there")
        names = columns or arrow_schema(file.table).names
        return pq.read_table(pa.BufferReader(data), columns=names, partitioning=None)
    except (pa.ArrowException, OSError) as error:
        where = f"{place.name}/{file.name}"
        raise RunsError(where, " ".join(str(error).split()), "see what is damaged: hushmap archive verify") from None


def _superseded(part: Part, item: Item) -> bool:
    """Whether an item is this input: judged anew, or the same run with more of it."""
    if item.late:
        return False
    return part.sha256 == item.sha256 or (part.run is not None and part.run == item.entry.run)


def _only(batch: pa.RecordBatch, ids: pa.Array) -> pa.RecordBatch:
    return batch.filter(pc.is_in(batch["record"], value_set=ids))
