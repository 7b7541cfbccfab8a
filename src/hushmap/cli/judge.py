"""`hushmap judge`: judge records again, any time, with these rules and fingerprints."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from hushmap.catalog import fingerprints
from hushmap.cli import screen
from hushmap.cli.fault import Exit, Fault
from hushmap.cli.finishing import finish
from hushmap.cli.judge_text import JudgeText, lines
from hushmap.cli.options import RUNS, examples, json_option
from hushmap.judge import Counters, Judged, judged_path
from hushmap.model import Knowledge, Outcome
from hushmap.net import Clock
from hushmap.runs import Reject, RunFolder, RunsError, find

_BYTE = re.compile(r"\(byte (\d+)\)")
"""Where in a line its JSON ends to be JSON, as msgspec says it."""
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")

ENOUGH_LINES = 100_000
"""Rejects of one file that are kept in memory and set aside; more is not a damaged file but another kind of file."""


@examples("hushmap judge results/runs/20261121T2233Z-3f9c", "hushmap judge records.jsonl --json")
@click.command("judge")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option(
    "--fingerprints",
    "marks",
    metavar="FILE",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Block notices beside the shipped ones, in OONI's columns (repeatable).",
)
@click.option(
    "--fail-on",
    type=click.Choice([outcome.value for outcome in Outcome]),
    multiple=True,
    help="End with exit code 1 if a verdict has this outcome (repeatable).",
)
@json_option
def command(*, paths: tuple[str, ...], marks: tuple[Path, ...], fail_on: tuple[str, ...], as_json: bool) -> int:
    """Judge the records of run folders and record files again; nothing is sent.

    PATH is a run folder, a run's id, or a file of records. A run's verdicts.jsonl and page are written anew. Lines
    that cannot be read are set aside: in the run's rejected.jsonl, or in NAME.rejected.jsonl in the current folder.
    """
    knowledge, clock = fingerprints(marks), Clock()
    tally = Tally(as_json=as_json, fail_on=frozenset(fail_on))
    for path in [where(path) for path in paths]:
        if path.is_dir():
            tally.run(path, knowledge)
        else:
            tally.file(path, knowledge)
    if not as_json:
        screen.out(lines(tally.text(clock.now(), knowledge)))
    return Exit.NO if tally.failed else Exit.DONE


def where(name: str) -> Path:
    """The file or folder that is meant.

    Raises:
        Fault: There is none.
    """
    path = Path(name)
    if path.exists():
        return path
    if "/" not in name:
        try:
            return find(RUNS, name)
        except RunsError:
            raise Fault(f"{name}: there is no such file, folder or run; see the runs: hushmap runs") from None
    raise Fault(f"{name}: there is no such file or folder; check the name")


class Tally:
    """What several inputs come to."""

    def __init__(self, *, as_json: bool, fail_on: frozenset[str]) -> None:
        self.counters = Counters()
        self.failed = False
        self.set_aside: list[str] = []
        self.written: list[str] = []
        self._as_json, self._fail_on, self._single = as_json, fail_on, 0

    def run(self, path: Path, knowledge: Knowledge) -> None:
        """Judge a run folder; its verdicts and page are written anew."""
        folder = RunFolder.open(path)
        finished = finish(folder, knowledge)
        every: list[Judged | Reject] = [*finished.judged, *finished.rejects]
        for found in every:
            self._add(found)
        self.written += [str(folder.verdicts_path), finished.page]
        if finished.rejects:
            self.set_aside.append(str(folder.rejected_path))

    def file(self, path: Path, knowledge: Knowledge) -> None:
        """Judge a file of records; what cannot be read is set aside in the current folder.

        Raises:
            Fault: It holds no record at all.
        """
        _look(path)
        rejects: list[Reject] = []
        judged = 0
        for found in _read(path, knowledge):
            self._add(found)
            judged += isinstance(found, Judged)
            if isinstance(found, Reject) and len(rejects) < ENOUGH_LINES:
                rejects.append(found)
        if rejects and not judged:
            raise Fault(
                f"{place(path, rejects[0])}; no line of it is a record: give a run folder, or a file of records"
            )
        if not judged:
            raise Fault(f"no record in {path}: give a run folder, or a file of records")
        if rejects:
            screen.note(f"hushmap: {place(path, rejects[0])}; it was set aside: write it anew, or judge without it")
            aside = Path(f"{_stem(path.name)}.rejected.jsonl")
            try:
                aside.write_bytes(b"".join(msgspec.json.encode(reject) + b"\n" for reject in rejects))
            except OSError as error:
                raise Fault(f"{aside}: {error.strerror}; go to a folder in which you may write") from None
            self.set_aside.append(str(aside))

    def text(self, seconds: float, knowledge: Knowledge) -> JudgeText:
        """The counts, for people."""
        counters = self.counters
        return JudgeText(
            sites=dict(counters.sites),
            words=dict(counters.words),
            blocked=dict(counters.blocked),
            reasons=dict(counters.reasons),
            rejects=counters.rejects,
            set_aside=tuple(self.set_aside),
            written=tuple(self.written),
            seconds=seconds,
            knowledge=knowledge.sha256,
            single=self._single,
        )

    def _add(self, found: Judged | Reject) -> None:
        self.counters.add(found)
        if isinstance(found, Reject):
            return
        self.failed = self.failed or found.verdict.outcome.value in self._fail_on
        blocked = found.verdict.outcome is Outcome.BLOCKED and not found.word
        self._single += blocked and found.verdict.error_bound is None
        if self._as_json:
            screen.out_json(found.object)


def place(path: Path, reject: Reject) -> str:
    """`file:line:column: what is wrong`; the column where the reader of JSON knows it."""
    line = reject.source.rpartition(":")[2]
    byte = _BYTE.search(reject.error)
    column = f":{int(byte[1]) + 1}" if byte else ""
    return f"{path}:{line}{column}: {reject.error}"


def _look(path: Path) -> None:
    """Refuse what is text of another kind before any line of it is called damaged."""
    try:
        with path.open("rb") as file:
            head = file.read(3)
    except OSError as error:
        raise Fault(f"{path}: {error.strerror}; check its permissions") from None
    if head.startswith(_MARKS):
        raise Fault(f"{path}:1:1: begins with a byte-order mark; save it as UTF-8 without one")


def _stem(name: str) -> str:
    return name.removesuffix(".jsonl") or name


def _read(path: Path, knowledge: Knowledge) -> Iterator[Judged | Reject]:
    try:
        yield from judged_path(path, knowledge)
    except OSError as error:
        raise Fault(f"{path}: {error.strerror}; check its permissions") from None
