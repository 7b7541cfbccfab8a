"""Inputs -> imports of an archive: what is there already is passed over, what was judged by older rules is replaced.

Some hundred megabytes of inputs are one import. Its files are written first and its marker last, so that a crash
costs one import's work: readers never saw it, and adding the same again begins with it.
"""

from collections.abc import Callable, Iterable, Iterator

import msgspec

from hushmap.archive.arriving import Entry, Item, hashed
from hushmap.archive.grouping import Group
from hushmap.archive.ledger import HEAD, Head, Import, Ledger, encoded, import_id, is_archive, marker, see_head
from hushmap.archive.making import made
from hushmap.archive.places import LOCK, Place, half_written
from hushmap.archive.schema import SCHEMA, TABLES
from hushmap.detect import RULES_VERSION
from hushmap.judge import Batch, Ours, Task, tasks
from hushmap.model import Knowledge
from hushmap.runs import RunsError

TOGETHER = 1024 * 1024 * 1024
"""Bytes of inputs, unpacked, that make one import: some minutes of work, which is what a crash costs."""
MOST = 5_000
"""Inputs of one import: its marker is read whole by every reader."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """Who is told of what while it goes on."""

    batch: Callable[[Batch], None] = lambda _: None
    """Records that were read; `origin.of` is the entry's."""
    stored: Callable[[Import], None] = lambda _: None
    """An import that stands."""


class Added(msgspec.Struct, kw_only=True):
    """What adding came to."""

    imports: list[str] = msgspec.field(default_factory=list)
    """Ids of new imports."""
    inputs: int = 0
    there: int = 0
    """Inputs that were there already."""
    records: int = 0
    """Records that were added, or judged anew."""
    twice: int = 0
    """Records that came again, in this or another input: the first counts."""
    rejects: int = 0
    replaced: int = 0
    """Inputs that were judged anew, or that grew."""


class Importer:
    """Adds to one archive."""

    def __init__(self, place: Place, knowledge: Knowledge, *, now: Callable[[], str], software: str = "") -> None:
        """`now` gives the time, UTC, `YYYY-MM-DDTHH:MM:SSZ`."""
        self._place, self._knowledge, self._now, self._software = place, knowledge, now, software
        self._hash = f"sha256:{knowledge.sha256}" if knowledge.sha256 else "none"
        self._items: list[Item] = []
        self.added = Added()

    def add(self, entries: Iterable[Entry], *, jobs: int | None = 1, told: Told | None = None) -> Added:
        """Add inputs; each import stands when it is done, whatever becomes of the next.

        Raises:
            RunsError: It is no archive, or of a newer Hushmap; another process adds to it; the place refuses.
        """
        told = told or Told()
        with self._place.held() as alone:
            begin(self._place, self._software)
            sweep(self._place, orphans=alone)
            group: Group | None = None
            try:
                for one in made(self._tasks(entries, by_path=jobs != 1), self._knowledge, jobs=jobs):
                    item = self._items[one.batch.origin.of]
                    if group is None or group.number != item.group:
                        self._store(group, told)
                        group = Group(self._place, item.group, f"{self._now()} {item.entry.name}")
                    group.take(item, one)
                    one.batch.origin = msgspec.structs.replace(one.batch.origin, of=item.entry.of)
                    told.batch(one.batch)
                self._store(group, told)
            finally:
                if group is not None:
                    group.writer.stop()
        return self.added

    def _tasks(self, entries: Iterable[Entry], *, by_path: bool) -> Iterator[Task | Ours]:
        """The tasks of what is not there yet; the number of a task's origin is its item's.

        The first input of an empty archive has nothing to be compared with: its hash is taken while it is read, so
        that nobody waits for it.
        """
        there, stale = self._there()
        nothing = not there and not stale
        group = size = members = 0
        for entry in entries:
            self.added.inputs += 1
            sha256 = None if nothing else hashed(entry.input, again=entry.name in stale)
            nothing = False
            if sha256 in there:
                self.added.there += 1
                continue
            if members and (size + entry.weight > TOGETHER or members >= MOST):
                group, size, members = group + 1, 0, 0
            size, members = size + entry.weight, members + 1
            item = Item(entry, sha256, group)
            self._items.append(item)
            yield from tasks(item.input, item.origin(len(self._items) - 1), by_path=by_path)
            there |= {item.sha256} if item.sha256 is not None else set()

    def _there(self) -> tuple[set[str], set[str]]:
        """The hashes of inputs that need not be judged again, and the names of those that have to be."""
        parts = [part for one in Ledger.open(self._place).imports for part in one.parts]
        now = [part for part in parts if (part.rules, part.knowledge) == (RULES_VERSION, self._hash)]
        return {part.sha256 for part in now}, {part.name for part in parts if part not in now}

    def _store(self, group: Group | None, told: Told) -> None:
        """Make an import of a group: its marker is the moment from which it counts."""
        if group is None:
            return
        items = [item for item in self._items if item.group == group.number]
        replaced = group.end(items)
        known = {part.sha256 for one in Ledger.open(self._place).imports for part in one.parts}
        new = [item for item in items if not (item.late and item.sha256 in known)]
        self.added.there += len(items) - len(new)
        self.added.rejects += sum(item.rejects for item in new)
        new = [item for item in new if item.records or item.twice]  # what holds no record is no part of an archive
        files = group.writer.done()
        if not new:
            return
        own = tuple(item.part(RULES_VERSION, self._hash) for item in new)
        every = (*own, *group.carried(items, replaced))
        one = Import(
            id=import_id(every),
            made=self._now(),
            software=self._software,
            parts=every,
            files=files,
            replaces=tuple(old.id for old in replaced),
        )
        self._place.write(marker(one.id), encoded(one))
        self.added.imports.append(one.id)
        self.added.replaced += sum(len(old.parts) for old in replaced) - (len(every) - len(own))
        for part in own:
            self.added.records += part.records
            self.added.twice += part.twice
        told.stored(one)


def begin(place: Place, software: str) -> None:
    """Make an archive where none is.

    Raises:
        RunsError: There is something else.
    """
    if is_archive(place):
        see_head(place)
        return
    other = next((name for name in place.names() if name not in {LOCK, half_written(HEAD)}), None)
    if other is not None:
        what = f"is no archive, and not empty: it holds {other[:80]!r}"
        raise RunsError(place.name, what, "choose another folder with -o")
    place.write(HEAD, encoded(Head(schema=SCHEMA, software=software)))


def sweep(place: Place, *, orphans: bool) -> None:
    """Remove what does not count: replaced imports, and with `orphans` what a crash left.

    Where other writers cannot be kept out, what no import names may be another's work under way.
    """
    ledger = Ledger.open(place)
    for one in ledger.replaced:
        place.remove(marker(one.id))
        for file in one.files:
            place.remove(file.name)
    if orphans:
        counts = {file.name for files in ledger.files.values() for file in files}
        ours = tuple(f"{table}/" for table in TABLES)
        for name in [*place.names()]:
            left = name.startswith(ours) and name not in counts
            if left or name.rpartition("/")[2].endswith(".json.new"):
                place.remove(name)
