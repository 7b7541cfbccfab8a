"""Is an archive what its imports say: every file whole, every column as it should be, every record once.

Nothing is changed. What no import names is no fault: a crash leaves it, readers never see it, and the next import
removes it.
"""

import hashlib
from collections.abc import Iterator

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from hushmap.archive.ledger import DataFile, Import, Ledger, import_id
from hushmap.archive.places import Place
from hushmap.archive.schema import TABLES, arrow_schema

_ONCE = ("records", "verdicts")
"""Tables in which a record has one row."""


class Problem(msgspec.Struct, frozen=True):
    """Something that is not as it should be."""

    where: str
    what: str


class Checked(msgspec.Struct, kw_only=True):
    """What was looked at."""

    imports: int = 0
    inputs: int = 0
    files: int = 0
    size: int = 0
    rows: dict[str, int] = msgspec.field(default_factory=lambda: dict.fromkeys(TABLES, 0))
    left: int = 0
    """Files that no import names."""
    sha256: str = ""
    """The archive's hash."""
    problems: list[Problem] = msgspec.field(default_factory=list)


def verify(place: Place) -> Checked:
    """Look at every file of an archive.

    Raises:
        RunsError: It is no archive, or of a newer Hushmap, or its imports cannot be read.
    """
    ledger = Ledger.open(place)
    checked = Checked(imports=len(ledger.imports), sha256=ledger.sha256)
    ids: dict[str, list[NDArray[np.int64]]] = {table: [] for table in _ONCE}
    for one in ledger.imports:
        checked.inputs += len(one.parts)
        checked.problems += _of_import(one)
        for file in one.files:
            checked.files += 1
            checked.size += file.size
            checked.rows[file.table] += file.rows
            rows = _rows(place, file, checked.problems)
            if rows is not None and file.table in ids:
                ids[file.table].append(np.fromiter(map(hash, rows["record"].to_pylist()), np.int64))
    checked.problems += [Problem(table, what) for table in _ONCE if (what := _twice(ids[table]))]
    named = {file.name for files in ledger.files.values() for file in files}
    named |= {file.name for one in ledger.replaced for file in one.files}
    tables = tuple(f"{table}/" for table in TABLES)
    checked.left = sum(name.startswith(tables) and name not in named for name in place.names())
    return checked


def _of_import(one: Import) -> Iterator[Problem]:
    if one.id != import_id(one.parts):
        yield Problem(f"imports/{one.id[:80]}.json", "its id is not that of what it says it read")


def _rows(place: Place, file: DataFile, problems: list[Problem]) -> pa.Table | None:
    """The rows, if they are what the import says."""
    data = place.read(file.name)
    if data is None:
        problems.append(Problem(file.name, "is not there"))
        return None
    if hashlib.sha256(data).hexdigest() != file.sha256:
        problems.append(Problem(file.name, "was changed: its hash is not that of the import"))
        return None
    try:
        rows = pq.read_table(pa.BufferReader(data), partitioning=None)
    except (pa.ArrowException, OSError) as error:
        problems.append(Problem(file.name, f"cannot be read: {' '.join(str(error).split())[:200]}"))
        return None
    if rows.schema != arrow_schema(file.table):
        problems.append(Problem(file.name, f"has other columns than {file.table}"))
        return None
    if rows.num_rows != file.rows:
        problems.append(Problem(file.name, f"has {rows.num_rows:,} rows, and the import says {file.rows:,}"))
    days = [day.isoformat() for day in pc.unique(rows["day"]).to_pylist() if day is not None]
    if days not in ([file.day], []):
        problems.append(Problem(file.name, f"holds rows of another day: {', '.join(days)[:80]}"))
    return rows


def _twice(ids: list[NDArray[np.int64]]) -> str:
    """What to say of records that stand twice; empty if none does."""
    every = np.concatenate([np.empty(0, np.int64), *ids])
    more = len(every) - len(np.unique(every))
    return f"{more:,} records stand there twice" if more else ""
