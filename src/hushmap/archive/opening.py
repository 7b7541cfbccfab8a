"""What several PATHs hold, as tables: archives as they lie there, everything else decoded and judged for it.

An archive is a saving and never a step that is required: a run folder, a bundle, a file of OONI's have the same
tables, which then live in memory, without bodies and in columns. They are judged when a table is asked for first.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path

import msgspec
import pyarrow as pa

from hushmap.archive.engine import DUCKDB, connect
from hushmap.archive.ledger import is_archive, live
from hushmap.archive.places import Folder, Place
from hushmap.archive.rows import Facts, arrow
from hushmap.archive.schema import TABLES, arrow_schema
from hushmap.archive.tables import Part, Tables
from hushmap.judge import Found, Judged, Kept, found_in, found_in_run, judged
from hushmap.model import Knowledge
from hushmap.runs import Input, Reject, RunFolder

_LIGHT = frozenset({"records", "verdicts", "triggers"})
"""Tables that are made together: a row or a few for each record. Steps are twenty times as many."""
_TOGETHER = 32
"""Records that are judged at once: a dozen are judged a third faster than one by one, and more fill the caches."""
_MANIFEST = "manifest.json"
_BATCH = 2_048
"""Records that become one batch of Arrow's."""


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """What one PATH is: an archive, a run folder, or inputs that hold records."""

    name: str
    """As people know it."""
    archive: Place | None = None
    """Where the archive lies."""
    run: Path | None = None
    """The run folder."""
    inputs: Callable[[], Iterable[Input]] = tuple
    """What holds the records, if it is neither."""


def source(path: str | Path, inputs: Callable[[], Iterable[Input]], elsewhere: Place | None = None) -> Source:
    """What a PATH is: `elsewhere` is looked at for an archive if it is not here, `inputs` if it is none nor a run.

    Raises:
        RunsError: It cannot be looked at.
    """
    place = elsewhere if elsewhere is not None else Folder(Path(path))
    if is_archive(place):
        return Source(name=str(path), archive=place)
    run = Path(path) if elsewhere is None and (Path(path) / _MANIFEST).is_file() else None
    return Source(name=str(path), run=run, inputs=inputs)


class Notes(msgspec.Struct):
    """What there is to say of what was judged for these tables."""

    records: int = 0
    """Judged, or kept without rules for their test."""
    rejects: int = 0
    first: Reject | None = None
    """Of the rejects."""


def open_tables(
    sources: Sequence[Source],
    knowledge: Callable[[], Knowledge],
    *,
    engine: str = DUCKDB,
    say: Callable[[str], None] = lambda _: None,
) -> Tables:
    """The tables of everything at `sources`; `say` is told what had to be judged, and what could not be read.

    Raises:
        RunsError: The engine cannot be had; an archive is none, or newer than this program.
    """
    parts: list[Part] = [
        Stored(one.archive) if one.archive is not None else Told(one, knowledge, say) for one in sources
    ]
    elsewhere = [one.archive.filesystem for one in sources if one.archive is not None and one.archive.filesystem]
    return Tables(connect(engine, next(iter(elsewhere), None)), parts)


class Stored:
    """An archive, as it was when it was asked first."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def files(self, table: str) -> Sequence[str]:
        """The files of a table that an import vouches for."""
        return [self._place.url(name) for name in self._live[table]]

    def held(self, table: str) -> None:
        """Nothing is."""

    @cached_property
    def _live(self) -> dict[str, tuple[str, ...]]:
        return live(self._place)


class Told:
    """Records that were opened where they lie, and judged for these tables."""

    def __init__(self, source: Source, knowledge: Callable[[], Knowledge], say: Callable[[str], None]) -> None:
        self._source, self._knowledge, self._say = source, knowledge, say

    def files(self, table: str) -> Sequence[str]:  # noqa: ARG002 (as archives have it)
        """There is none."""
        return ()

    def held(self, table: str) -> pa.Table:
        """The rows of a table."""
        return self._light[table] if table in _LIGHT else self._steps[table]

    @cached_property
    def _light(self) -> dict[str, pa.Table]:
        return self._made(_LIGHT)

    @cached_property
    def _steps(self) -> dict[str, pa.Table]:
        return self._made(frozenset(TABLES) - _LIGHT)

    def _made(self, tables: Collection[str]) -> dict[str, pa.Table]:
        notes, knowledge = Notes(), self._knowledge()
        batches: dict[str, list[pa.RecordBatch]] = {table: [] for table in tables}
        for facts, found in self._found():
            while some := [*islice(found, _BATCH)]:
                told = [one for few in _parted(some) for one in judged(few, knowledge)]
                for table, batch in arrow(_noted(told, notes), facts, tables).items():
                    batches[table].append(batch)
        self._say(_said(self._source.name, notes))
        return {table: pa.Table.from_batches(made, arrow_schema(table)) for table, made in batches.items()}

    def _found(self) -> Iterator[tuple[Facts, Iterator[Found | Reject]]]:
        if self._source.run is not None:
            manifest = RunFolder.open(self._source.run).manifest
            yield Facts(label=manifest.label or None, deck=manifest.deck or None), found_in_run(self._source.run)
            return
        for one in self._source.inputs():
            yield Facts(), found_in(one)


def _parted(some: Sequence[Found | Reject]) -> Iterator[Sequence[Found | Reject]]:
    return (some[at : at + _TOGETHER] for at in range(0, len(some), _TOGETHER))


def _noted(told: Iterable[Judged | Kept | Reject], notes: Notes) -> list[Judged | Kept]:
    """What has rows; what has none is counted."""
    kept = []
    for one in told:
        if isinstance(one, Reject):
            notes.rejects += 1
            notes.first = notes.first or one
        else:
            notes.records += 1
            kept.append(one)
    return kept


def _said(name: str, notes: Notes) -> str:
    text = f"{name}: {notes.records:,} records judged for this"
    if notes.first is not None:
        text += f"; {notes.rejects:,} could not be read, first {notes.first.source}: {notes.first.error}"
    return text
