"""What several PATHs hold, as tables: archives as they lie there, everything else decoded and judged for it.

An archive is a saving and never a step that is required: a run folder, a bundle, a file of OONI's have the same
tables, which then live in memory, without bodies and in columns. They are judged when a table is asked for first.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TypeVar, overload

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from hushmap.archive.arriving import entry_of
from hushmap.archive.engine import DUCKDB, connect
from hushmap.archive.grouping import read
from hushmap.archive.ledger import DataFile, Ledger, is_archive
from hushmap.archive.making import Made, made
from hushmap.archive.places import Folder, Place
from hushmap.archive.schema import TABLES, arrow_schema
from hushmap.archive.seen import Seen
from hushmap.archive.tables import Part, Tables
from hushmap.judge import Origin, Ours, Task, tasks
from hushmap.model import Knowledge
from hushmap.runs import Input, Reject, RunFolder, RunsError

_LIGHT = frozenset(TABLES) - {"steps"}
"""Tables that are made together: a row or a few for each record. Steps are twenty times as many."""

_HINT = "give an archive, a run folder, or a file of records"

Say = Callable[[str], None]
_Kind = TypeVar("_Kind", bound=Tables)


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """What one PATH is: an archive, or inputs that hold records."""

    name: str
    """As people know it."""
    archive: Place | None = None
    """Where the archive lies."""
    inputs: Callable[[], Iterable[Input]] = tuple
    """What holds the records, if it is none."""


def source(path: str | Path, inputs: Callable[[], Iterable[Input]], elsewhere: Place | None = None) -> Source:
    """What a PATH is, here or `elsewhere`: an archive, or what `inputs` gives.

    Raises:
        RunsError: It cannot be looked at.
    """
    place = elsewhere if elsewhere is not None else Folder(Path(path))
    if is_archive(place):
        return Source(name=str(path), archive=place)
    return Source(name=str(path), inputs=tuple if elsewhere is None and _began(Path(path)) else inputs)


def _began(path: Path) -> bool:
    """Whether it is a run that was stopped before its first target was finished: it holds no record."""
    return (path / "manifest.json").is_file() and not RunFolder.open(path).records_path.exists()


@overload
def open_tables(
    sources: Sequence[Source], knowledge: Callable[[], Knowledge], *, engine: str = DUCKDB, say: Say = ...
) -> Tables: ...


@overload
def open_tables(
    sources: Sequence[Source],
    knowledge: Callable[[], Knowledge],
    *,
    engine: str = DUCKDB,
    say: Say = ...,
    kind: type[_Kind],
) -> _Kind: ...


def open_tables(
    sources: Sequence[Source],
    knowledge: Callable[[], Knowledge],
    *,
    engine: str = DUCKDB,
    say: Say = lambda _: None,
    kind: type[Tables] = Tables,
) -> Tables:
    """The tables of everything at `sources`; `say` is told what had to be judged, and what could not be read.

    A record that comes again counts once, but not one that two archives hold: they are read as they are. `kind` is a
    class of tables that knows more to say of them.

    Raises:
        RunsError: The engine cannot be had.
    """
    stored = [Stored(one.archive) for one in sources if one.archive is not None]
    loose = [one for one in sources if one.archive is None]
    elsewhere = next((place.filesystem for one in sources if (place := one.archive) and place.filesystem), None)
    parts: list[Part] = [*stored, *([Judged(loose, stored, knowledge, say)] if loose else [])]
    return kind(connect(engine, elsewhere), parts)


class Stored:
    """An archive, as it was when it was asked first."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def files(self, table: str) -> Sequence[str]:
        """The files of a table that an import vouches for."""
        return [self._place.url(file.name) for file in self._files[table]]

    def held(self, table: str) -> None:
        """Nothing is."""

    def ids(self, day: str) -> Iterator[str]:
        """The records of a day."""
        for file in self._files["records"]:
            if file.day == day:
                yield from read(self._place, file, ["record"])["record"].to_pylist()

    @cached_property
    def _files(self) -> dict[str, tuple[DataFile, ...]]:
        return Ledger.open(self._place).files


class Judged:
    """Records that were opened where they lie, and judged for these tables."""

    def __init__(
        self, sources: Sequence[Source], stored: Sequence[Stored], knowledge: Callable[[], Knowledge], say: Say
    ) -> None:
        """What is `stored` already is passed over."""
        self._sources, self._stored, self._knowledge, self._say = sources, stored, knowledge, say

    def files(self, table: str) -> Sequence[str]:  # noqa: ARG002 (as archives have it)
        """There is none."""
        return ()

    def held(self, table: str) -> pa.Table:
        """The rows of a table."""
        return self._light[table] if table in _LIGHT else self._steps

    @cached_property
    def _light(self) -> dict[str, pa.Table]:
        return self._tables(_LIGHT)

    @cached_property
    def _steps(self) -> pa.Table:
        return self._tables({"steps"})["steps"]

    def _tables(self, names: Iterable[str]) -> dict[str, pa.Table]:
        held: dict[str, list[pa.RecordBatch]] = {table: [] for table in names}
        seen = Seen(lambda day: (one for part in self._stored for one in part.ids(day)))
        read_, faults = Counter[int](), dict[int, list[Reject]]()
        for one in made(self._tasks(), self._knowledge(), jobs=None, steps="steps" in held):
            of = one.batch.origin.of
            number, tables = _new(one, seen)
            read_[of] += number
            faults.setdefault(of, []).extend(one.batch.rejects)
            for table, batch in tables.items():
                if table in held:
                    held[table].append(batch)
        self._tell(read_, faults)
        return {table: pa.Table.from_batches(some, arrow_schema(table)) for table, some in held.items()}

    def _tell(self, read_: Counter[int], faults: Mapping[int, Sequence[Reject]]) -> None:
        """What was judged, and what could not be read."""
        for of, some in faults.items():
            if some:
                name, reject = self._sources[of].name, some[0]
                if not read_.total() and not self._stored:
                    raise RunsError(f"{reject.source}: {reject.error}", "no line of it is a record", _HINT)
                self._say(f"{name}: {len(some):,} could not be read, the first {reject.source}: {reject.error}")
        self._say(f"{read_.total():,} records judged for this; hushmap archive add keeps them so")

    def _tasks(self) -> Iterator[Task | Ours]:
        for of, source in enumerate(self._sources):
            for one in source.inputs():
                entry = entry_of(one, one.name)
                yield from tasks(one, Origin(entry.name, of, entry.label, entry.deck), by_path=True)


def _new(one: Made, seen: Seen) -> tuple[int, dict[str, pa.RecordBatch]]:
    """Its records that did not come before: how many, and their rows."""
    records = one.tables.get("records")
    if records is None:
        return 0, {}
    new = seen.take(records["record"].to_pylist(), [str(day) for day in records["day"].to_pylist()])
    if all(new):
        return len(new), one.tables
    ids = records["record"].filter(pa.array(new))
    return sum(new), {table: batch.filter(pc.is_in(batch["record"], ids)) for table, batch in one.tables.items()}
