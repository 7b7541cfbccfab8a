"""Inputs cut into tasks of a few megabytes, and what one task comes to; the same in one process or in many.

A task is data: lines, or where in a file of this computer they stand. What it comes to is small: counts, rejects, and
JSON only if it is wanted. So a worker process is told little and tells little, and memory holds a few tasks, however
large an input is. A file of our own records is no task: it is read twice, by whoever cuts, from a copy if it does not
lie on this computer.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, Protocol, cast

import msgspec

from hushmap.codec import Block, Damaged, Document, blocks, documents_of, is_packed
from hushmap.detect import TABLES, judge_all
from hushmap.judge.counting import Counters
from hushmap.judge.keeping import Stream
from hushmap.judge.reading import (
    LOOKED_AT,
    Found,
    all_safely,
    begins_native,
    found_in_ours,
    read_foreign,
    safely,
    unopened,
)
from hushmap.judge.results import Judged, Kept
from hushmap.judge.strange import Strange
from hushmap.model import Knowledge
from hushmap.runs import Input, Reject, RunsError

ENOUGH = 4 * 1024 * 1024
"""Bytes of documents that are put together for one task: some 80 ms of work, far more than handing it over, and than
what is the same for every task: a column of Arrow takes as long to begin as thirty rows of it."""
_RECORDS = 500
"""Records of a file of ours, or objects of a list, that are told at once."""
_REJECTS = 10_000
"""Rejects of one task that are told one by one; a file with more is no damaged file but one of another kind."""
_NAME = 60
"""Characters of a test's name; OONI's longest has 33."""
_TOGETHER, _LIGHT = 64, 512 * 1024
"""Documents that are read and judged together, and their bytes: the processor fetches the code of each step once for
all of them, which is worth more than that their records (30 kB each) all stay in its own memory; twice as many gain
nothing more."""

_HEAP = 20_000
"""Objects more than were freed; the documents that are judged together come to some 4,000 and leave none."""


class Gatherer(Protocol):
    """Makes more of records where they are judged, in whichever process, than this room knows of."""

    def add(self, found: Judged | Kept) -> None:
        """Take one record; an error of it is this record's alone."""
        ...

    def done(self) -> tuple[bytes, list[Reject]]:
        """What all that was taken since the last time comes to, and which records could not become part of it."""
        ...


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is to come of each record beside its counts."""

    lang: str = "en"
    objects: bool = False
    """Its verdict as JSON."""
    strange: bool = False
    """Its pages that may be notices not yet known."""
    examples: int = 0
    """Records that are kept of each way in which OONI's conclusion and ours part."""
    gather: Callable[["Origin"], Gatherer] | None = None
    """Begins what else is made of the records of one task; a class or function that other processes find by name."""


class Origin(msgspec.Struct, frozen=True):
    """Which input something came from."""

    name: str
    """What sources call it."""
    of: int = 0
    """Which of several things that were asked for it belongs to."""
    label: str | None = None
    """What the manifest of its run says of it, where it is a run's."""
    deck: str | None = None


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """Documents of one input, in the order of its tasks."""

    origin: Origin
    read: int = 0
    """Bytes of the input, as they lie there, that were read for this task: how far the work has come."""
    pieces: tuple[Document | Damaged | Block, ...] = ()
    path: Path | None = None
    """Where the bytes of its blocks stand as they are, so that they need not be handed over."""
    sizes: tuple[int, ...] = ()
    """Of the blocks at `path`."""

    @property
    def weight(self) -> int:
        """Bytes of its documents."""
        return sum(self.sizes) + sum(len(piece.data) for piece in self.pieces if not isinstance(piece, Damaged))


class Ours(msgspec.Struct, frozen=True, kw_only=True):
    """An input that holds our own records."""

    origin: Origin
    input: Input
    read: int = 0
    """Bytes of it that were not told before; of a copy most were, when it was made."""

    @property
    def weight(self) -> int:
        """Bytes of it, as they lie there."""
        return self.input.size or 0


class Batch(msgspec.Struct, kw_only=True):
    """What a task came to."""

    origin: Origin
    counters: Counters
    objects: bytes = b""
    """JSON Lines of the verdicts, in their order."""
    gathered: bytes = b""
    """What `Wanted.gather` made."""
    rejects: list[Reject] = msgspec.field(default_factory=list)
    strange: Strange = msgspec.field(default_factory=Strange)
    read: int = 0


def tasks(one: Input, origin: Origin, *, by_path: bool = False) -> Iterator[Task | Ours]:
    """The tasks of an input, its lines handed over or, with `by_path`, told by their place where that can be.

    Nothing is raised for what it holds, or if it cannot be opened.
    """
    try:
        with one.open() as stream:
            counted = Stream(one, stream)
            found = blocks(cast("BinaryIO", counted), origin.name)
            first = [*islice(found, 1)]
            start = [piece for part in first for piece in _pieces(part)][:LOOKED_AT]
            if not begins_native(start):
                counted.forget()
                place = one.path if by_path and one.size is not None and not is_packed(counted.head) else None
                yield from _cut(chain(first, found), origin, counted, place, ENOUGH if one.size is not None else 1)
                return
            for whole in counted.again():
                read = counted.more() if whole is not one else one.size or 0
                yield Task(origin=origin, read=read) if whole is None else Ours(origin=origin, input=whole, read=read)
    except RunsError as error:
        yield Task(origin=origin, pieces=(Damaged(1, 0, unopened(error)),))


def _cut(
    found: Iterable[Block | Document | Damaged], origin: Origin, counted: Stream, place: Path | None, enough: int
) -> Iterator[Task]:
    """Tasks of `enough` bytes; lines of a file that stands at `place` as it is are told by where they stand."""
    held: list[Block | Document | Damaged] = []
    size = 0
    for piece in found:
        held.append(piece)
        size += len(piece.data) if not isinstance(piece, Damaged) else 0
        if size >= enough or len(held) >= _RECORDS:
            yield _task(held, origin, counted.more(), place)
            held, size = [], 0
    if held:
        yield _task(held, origin, counted.more(), place)


def _task(held: Sequence[Block | Document | Damaged], origin: Origin, read: int, place: Path | None) -> Task:
    """One task; where there is no damage between its blocks they need not be handed over."""
    lines = [piece for piece in held if isinstance(piece, Block)]
    if place is None or len(lines) < len(held):
        return Task(origin=origin, pieces=tuple(held), read=read)
    told = tuple(Block(one.number, one.offset, b"") for one in lines)
    return Task(origin=origin, pieces=told, path=place, sizes=tuple(len(one.data) for one in lines), read=read)


def _pieces(piece: Block | Document | Damaged) -> Iterable[Document | Damaged]:
    return documents_of(piece) if isinstance(piece, Block) else (piece,)


def _documents(task: Task) -> Iterator[Document | Damaged]:
    for piece in task.pieces if task.path is None else _reopened(task.path, task):
        yield from _pieces(piece)


def _reopened(path: Path, task: Task) -> Iterator[Block | Damaged]:
    """The blocks of a task from where they stand, one in memory at a time."""
    told = task.pieces[0]
    try:
        with path.open("rb") as file:
            for told, size in zip(task.pieces, task.sizes, strict=True):
                file.seek(told.offset)
                yield Block(told.number, told.offset, file.read(size))
    except OSError as error:  # it was there when it was cut
        yield Damaged(told.number, told.offset, error.strerror or "it cannot be read")


def work(task: Task, knowledge: Knowledge, wanted: Wanted) -> Batch:
    """What a task comes to."""
    teller = _Teller(task.origin, knowledge, wanted)
    with undisturbed():
        for pieces in together(_documents(task)):
            teller.tell(read_foreign(pieces, task.origin.name))
        return teller.done(task.read)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let Python look for cycles of garbage only where much heaps up: records hold none, and are many objects."""
    before = gc.get_threshold()
    gc.set_threshold(_HEAP, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def together(found: Iterable[Document | Damaged]) -> Iterator[list[Document | Damaged]]:
    """Documents in the groups in which they are read and judged."""
    held: list[Document | Damaged] = []
    size = 0
    for piece in found:
        held.append(piece)
        size += len(piece.data) if isinstance(piece, Document) else 0
        if len(held) == _TOGETHER or size >= _LIGHT:
            yield held
            held, size = [], 0
    if held:
        yield held


def work_ours(ours: Ours, knowledge: Knowledge, wanted: Wanted) -> Iterator[Batch]:
    """What an input of our own records comes to, some hundred records at a time."""
    teller = _Teller(ours.origin, knowledge, wanted)
    read = ours.read
    for number, found in enumerate(found_in_ours(ours.input, ours.origin.name), 1):
        teller.tell([found])
        if number % _RECORDS == 0:
            yield teller.done(read)
            read = 0
    yield teller.done(read)


class _Teller:
    """Judges one after the other, and tells what they come to."""

    def __init__(self, origin: Origin, knowledge: Knowledge, wanted: Wanted) -> None:
        self._origin, self._knowledge, self._wanted = origin, knowledge, wanted
        self._batch = Batch(origin=origin, counters=Counters(wanted.examples))
        self._lines: list[bytes] = []
        self._gatherer = wanted.gather(origin) if wanted.gather is not None else None

    def tell(self, found: Sequence[Found | Reject]) -> None:
        """Judge some records together, and count them. A fault of ours in one record leaves the others be."""
        more = self._wanted.strange or self._wanted.objects
        for told in all_safely(self._judged, found, lambda one: one.source):
            line = safely(told.source, partial(self._more, told)) if more and isinstance(told, Judged) else b""
            if self._gatherer is not None and not isinstance(told, Reject):
                line = safely(told.source, partial(self._gatherer.add, told)) or line
            self._count(line if isinstance(line, Reject) else told)
            if line and not isinstance(line, Reject):
                self._lines.append(line)

    def _judged(self, found: Sequence[Found | Reject]) -> list[Judged | Kept | Reject]:
        return judged(found, self._knowledge, self._wanted.lang)

    def _more(self, told: Judged) -> bytes:
        """What is wanted beside the counts; its line of JSON is told."""
        if self._wanted.strange:
            self._batch.strange.look(told.record, self._knowledge)
        return encoded(told) if self._wanted.objects else b""

    def _count(self, told: Judged | Kept | Reject) -> None:
        batch = self._batch
        batch.counters.add(told)
        if isinstance(told, Reject) and len(batch.rejects) < _REJECTS:
            batch.rejects.append(told)

    def done(self, read: int) -> Batch:
        """All that was told since the last time."""
        batch = self._batch
        self._batch = Batch(origin=self._origin, counters=Counters(self._wanted.examples))
        batch.objects, self._lines = b"".join(self._lines), []
        batch.read = read
        if self._gatherer is not None:
            batch.gathered, refused = self._gatherer.done()
            for reject in refused:
                batch.counters.add(reject)
                batch.rejects.append(reject)
        return batch


def judged(found: Sequence[Found | Reject], knowledge: Knowledge, lang: str = "en") -> list[Judged | Kept | Reject]:
    """Records that were read, each judged if there are rules for its test; a dozen at once are judged faster."""
    known = [one.record for one in found if isinstance(one, Found) and one.record.experiment in TABLES]
    verdicts = iter(judge_all(known, knowledge))
    return [
        one
        if isinstance(one, Reject)
        else Judged(record=one.record, verdict=next(verdicts), source=one.source, lang=lang)
        if one.record.experiment in TABLES
        else Kept(one.record.experiment[:_NAME], one.source, one.record)
        for one in found
    ]


def encoded(found: Judged) -> bytes:
    """The object as a line of JSON."""
    return msgspec.json.encode(found.object) + b"\n"
