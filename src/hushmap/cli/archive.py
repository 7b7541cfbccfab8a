"""`hushmap archive`: many runs and many of OONI's files as tables, from which questions are answered at once."""

from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

import click
import msgspec

from hushmap import __version__, inputs
from hushmap.archive import Added, Entry, Folder, Importer, Place, Told, entry_of, verify
from hushmap.cli import screen
from hushmap.cli.archive_text import added_lines, verified_lines
from hushmap.cli.fault import Exit, Fault
from hushmap.cli.given import Given, given
from hushmap.cli.judge_progress import HowFar
from hushmap.cli.knowing import knowledge
from hushmap.cli.options import examples, json_option, marks_option
from hushmap.cli.setting_aside import Aside
from hushmap.judge import Batch
from hushmap.net import Clock
from hushmap.runs import Input, RunsError

ARCHIVE = "results/archive"
"""Where it lies unless `-o` says otherwise."""
_LISTED = 1_000
"""Inputs that are looked at for their size before the work begins."""


@examples("hushmap archive add results/runs", "hushmap archive verify")
@click.group("archive")
def command() -> None:
    """Make runs and OONI's files into tables that questions are answered from at once.

    It is never needed: query, incidents and report take run folders and files as they are, and judge them each time.
    """


@examples(
    "hushmap archive add results/runs",
    "hushmap archive add 2026-11.jsonl.gz s3://BUCKET/PREFIX -o results/archive",
)
@command.command("add")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option(
    "-o", "--archive", "where", metavar="DIR", default=ARCHIVE, show_default=True,
    help="The archive, made where there is none: a folder, or s3://BUCKET/PREFIX.",
)  # fmt: skip
@marks_option("Block notices")
@click.option(
    "--jobs", type=click.IntRange(min=1, max=256), metavar="N",
    help="Work in N processes; by default in one, or for large inputs in as many as there are processors.",
)  # fmt: skip
@json_option
def add(*, paths: tuple[str, ...], where: str, marks: tuple[Path, ...], jobs: int | None, as_json: bool) -> int:
    """Read, judge and keep as tables: run folders, OONI's files, s3://, https://, - for stdin.

    What is there already is passed over; a run that grew, or what other rules had judged, takes its own place. Ended
    halfway, the same command completes it.
    """
    clock = Clock()
    adding = _Adding([given(path) for path in paths], clock)
    importer = Importer(place(where), knowledge(marks), now=lambda: _now(clock), software=f"hushmap {__version__}")
    told = Told(batch=adding.took)
    try:
        added = importer.add(adding.entries(), jobs=jobs, told=told)
    finally:
        adding.close()
    if adding.faults and not (added.records or added.there):
        raise Fault(adding.faults[0])
    for fault in adding.faults:
        screen.note(f"hushmap: {fault}")
    if not (added.records or added.there or added.twice):
        raise Fault(f"{paths[0]}: no record in it; give a run folder, or a file of records")
    _say(added, where, clock, adding, as_json=as_json)
    return Exit.DONE


def _now(clock: Clock) -> str:
    now: str = clock.iso()
    return now


def _say(added: Added, where: str, clock: Clock, adding: "_Adding", *, as_json: bool) -> None:
    if as_json:
        screen.out_json({"schema": "hushmap.archive-added/1", "archive": where, **msgspec.to_builtins(added)})
    else:
        screen.out(added_lines(added, where, clock.now(), adding.set_aside))


@examples("hushmap archive verify", "hushmap archive verify s3://BUCKET/PREFIX --json")
@command.command("verify")
@click.argument("where", metavar="[DIR]", default=ARCHIVE)
@json_option
def verify_(*, where: str, as_json: bool) -> int:
    """See that every file is whole and as its import says, and that no record stands there twice.

    Exit code 1 if something is wrong.
    """
    checked = verify(place(where))
    if as_json:
        screen.out_json({"schema": "hushmap.archive-verified/1", "archive": where, **msgspec.to_builtins(checked)})
    else:
        screen.out(verified_lines(checked, where))
    return Exit.NO if checked.problems else Exit.DONE


def place(where: str) -> Place:
    """What is meant by DIR.

    Raises:
        RunsError: It cannot be spoken to.
    """
    if "://" in where and not Path(where).exists():
        from hushmap.remote import bucket_place  # noqa: PLC0415 (only a bucket needs what reads buckets)

        found: Place = bucket_place(where, screen.note)
        return found
    return Folder(Path(where))


class _Adding:
    """What was given, how far it is, and what could not be read."""

    def __init__(self, every: list[Given], clock: Clock) -> None:
        self._every, self._clock = every, clock
        self._asides: dict[str, Aside] = {}
        self._progress: HowFar | None = None
        self._believed = False
        self.faults: list[str] = []

    def entries(self) -> Iterator[Entry]:
        """Every input; those that can be listed soon are looked at for their size first."""
        found = self._found()
        known = [*islice(found, _LISTED)]
        sizes = [entry.input.size for entry in known]
        total = None if len(known) == _LISTED or None in sizes else sum(size or 0 for size in sizes)
        self._progress = HowFar(self._clock, total, verb="archive")
        yield from chain(known, found)

    def _found(self) -> Iterator[Entry]:
        for number, one in enumerate(self._every):
            try:
                yield from (entry_of(each, one.called(each), number) for each in self._inputs(one))
            except RunsError as error:
                self.faults.append(str(error))

    @staticmethod
    def _inputs(one: Given) -> Iterator[Input]:
        return inputs(one.run) if one.run is not None else one.inputs()

    def took(self, batch: Batch) -> None:
        """Some more was read."""
        if self._progress is not None:
            self._progress.step(batch.read, batch.counters.read)
        self._believed |= batch.counters.read > batch.counters.rejects
        if batch.rejects:
            stem = self._every[batch.origin.of].stem
            self._asides.setdefault(stem, Aside(stem)).add(batch.rejects, believed=self._believed)

    def close(self) -> None:
        """Take the bar away, and keep what was set aside."""
        if self._progress is not None:
            self._progress.close()
        for aside in self._asides.values():
            aside.close(believed=self._believed)

    @property
    def set_aside(self) -> tuple[str, ...]:
        """The files with what could not be read."""
        return tuple(str(aside.path) for aside in self._asides.values() if aside.written)
