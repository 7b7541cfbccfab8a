"""What several PATHs come to: counts, JSON as it comes, lines set aside, runs written anew."""

import re
from collections.abc import Iterator
from itertools import chain, groupby, islice

import msgspec

from hushmap.cli import screen
from hushmap.cli.fault import Fault
from hushmap.cli.given import STDIN, Given
from hushmap.cli.judge_progress import HowFar
from hushmap.cli.judge_text import JudgeText
from hushmap.cli.setting_aside import Aside
from hushmap.detect import Clusters
from hushmap.judge import Batch, Counters, Judged, Origin, Ours, Strange, Task, Wanted, batches, tasks
from hushmap.model import Knowledge
from hushmap.net import Clock
from hushmap.runs import Input, Reject, RunFolder, RunsError

_LISTED = 1_000
"""Inputs that are looked at for their size before the work begins; a bucket may hold millions."""
_NOTED = 10
"""PATHs whose damage is told in a line of its own."""

_BYTE = re.compile(r"\((?:byte|char) (\d+)\)")
"""Where in a line its JSON ends to be JSON, as both readers say it."""


_HINT = "give a run folder, or a file of records"


class _Part(msgspec.Struct, kw_only=True):
    """What one PATH came to."""

    given: Given
    aside: Aside
    read: int = 0
    """Records that were read, judged or not."""
    rejects: int = 0
    first: Reject | None = None
    """Of its rejects."""
    unlisted: str = ""
    """Why not all of it could be listed."""

    def place(self, reject: Reject) -> str:
        """`file:line:column: what is wrong`; the column where the reader of JSON knows it."""
        name, _, line = reject.source.rpartition(":")
        text = self.given.text.rstrip("/")
        if "://" not in name and text != STDIN:
            name = text if text.rpartition("/")[2] == name else f"{text}/{name}"
        byte = _BYTE.search(reject.error)
        column = f":{int(byte[1]) + 1}" if byte else ""
        return f"{name}:{line}{column}: {reject.error}"

    def note(self) -> str:
        """What was wrong with it, if anything."""
        if self.unlisted:
            return f"{self.unlisted}; what follows it was not read" if self.read else self.unlisted
        if self.first is None:
            return "" if self.read else f"no record in {self.given.text}: {_HINT}"
        if not self.read:
            return f"{self.place(self.first)}; no line of it is a record: {_HINT}"
        return f"{self.place(self.first)}; it was set aside: write it anew, or judge without it"


class Tally:
    """Judges what was given, and counts."""

    def __init__(self, knowledge: Knowledge, wanted: Wanted, clock: Clock) -> None:
        self.counters = Counters(wanted.examples)
        self.clusters = Clusters()
        self._knowledge, self._wanted, self._clock = knowledge, wanted, clock
        self._parts: list[_Part] = []
        self._asides: dict[str, Aside] = {}
        self._believed = False
        """Whether any record was read: before, what cannot be read may be no file of records at all."""
        self._set_aside: list[str] = []
        self._written: list[str] = []

    def judge(self, every: list[Given], jobs: int | None) -> None:
        """Judge them in their order; runs that follow each other one by one, all else as one stream."""
        for is_run, some in groupby(every, key=lambda one: one.run is not None):
            if is_run:
                for one in some:
                    self._run(one)
            else:
                self._stream([*some], jobs)

    def _run(self, one: Given) -> None:
        """Judge a run folder; its verdicts and page are written anew."""
        from hushmap.cli.finishing import finish  # noqa: PLC0415 (it draws pages: only a run has one)

        assert one.run is not None
        folder = RunFolder.open(one.run)
        finished = finish(folder, self._knowledge)
        every: list[Judged | Reject] = [*finished.judged, *finished.rejects]
        strange = Strange()
        for found in every:
            self.counters.add(found)
            if self._wanted.strange and isinstance(found, Judged):
                strange.look(found.record, self._knowledge)
            if self._wanted.objects and isinstance(found, Judged):
                screen.out_json(found.object)
        strange.sort(self.clusters)
        self._written += [str(folder.verdicts_path), finished.page]
        if finished.rejects:
            self._set_aside.append(str(folder.rejected_path))

    def _stream(self, some: list[Given], jobs: int | None) -> None:
        found = self._inputs(some)
        known = [*islice(found, _LISTED)]
        progress = HowFar(self._clock, _size(known))
        try:
            found_tasks = self._tasks(chain(known, found), by_path=jobs != 1)
            for batch in batches(found_tasks, self._knowledge, self._wanted, jobs=jobs):
                self._take(batch)
                progress.step(batch.read, batch.counters.read)
        finally:
            progress.close()

    def _inputs(self, some: list[Given]) -> Iterator[tuple[int, Input]]:
        """Every input with the number of its PATH."""
        for one in some:
            number = len(self._parts)
            self._parts.append(_Part(given=one, aside=self._asides.setdefault(one.stem, Aside(one.stem))))
            try:
                yield from ((number, each) for each in one.inputs())
            except RunsError as error:
                self._parts[number].unlisted = str(error)

    def _tasks(self, found: Iterator[tuple[int, Input]], *, by_path: bool) -> Iterator[Task | Ours]:
        for number, one in found:
            yield from tasks(one, Origin(self._parts[number].given.called(one), number), by_path=by_path)

    def _take(self, batch: Batch) -> None:
        part, counters = self._parts[batch.origin.of], batch.counters
        part.read += counters.read - counters.rejects
        part.rejects += counters.rejects
        part.first = part.first or next(iter(batch.rejects), None)
        self._believed |= part.read > 0
        part.aside.add(batch.rejects, believed=self._believed)
        self.counters.join(counters)
        batch.strange.sort(self.clusters)
        screen.out_lines(batch.objects)

    def end(self) -> None:
        """Say what was set aside.

        Raises:
            Fault: Nothing was a record.
        """
        notes = [note for part in self._parts if (note := part.note())]
        if self._parts and not self._written and not any(part.read for part in self._parts):
            raise Fault(notes[0])
        for aside in self._asides.values():
            aside.close(believed=self._believed or bool(self._written))
        for text in notes[:_NOTED]:
            screen.note(f"hushmap: {text}")
        if len(notes) > _NOTED:
            screen.note(f"hushmap: {len(notes) - _NOTED} more were damaged; each stands in what was set aside")

    def text(self) -> JudgeText:
        """The counts, for people."""
        counters = self.counters
        aside = [str(aside.path) for aside in self._asides.values() if aside.written]
        return JudgeText(
            sites=counters.sites,
            words=counters.words,
            blocked=counters.blocked,
            reasons=counters.reasons,
            kept=counters.kept,
            claims=counters.claims,
            partings=counters.partings,
            rejects=counters.rejects,
            set_aside=(*self._set_aside, *aside),
            written=tuple(self._written),
            seconds=self._clock.now(),
            knowledge=self._knowledge.sha256,
            single=counters.single,
        )


def _size(known: list[tuple[int, Input]]) -> int | None:
    """Bytes of all, as they lie there; `None` where that is not known."""
    sizes = [one.size for _, one in known]
    return None if len(known) == _LISTED or None in sizes else sum(size for size in sizes if size is not None)
