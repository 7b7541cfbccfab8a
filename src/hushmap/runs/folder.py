"""The run folder: everything that one run leaves, and nothing that a crash could turn into something else.

    manifest.json    what the run set out to do            records.jsonl   sealed records, and later amends
    journal.jsonl    every trial, synced when it ends      rejected.jsonl  lines that could not be read
    verdicts.jsonl   judgements; may be rewritten          report/         the page

The records are the truth about what is sealed: a crash between a record's line and the journal's mark leaves a record
that the next process finds, and a record that stands twice is read once. Folders are for their owner's eyes (0700).
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import msgspec

from hushmap.codec import decode_line, encode_amend, encode_record
from hushmap.model import Amend, Record, Trial, Void, amended
from hushmap.runs import journal
from hushmap.runs.errors import RunBusyError, RunsError, one_line
from hushmap.runs.journal import Mark, Reject, Replay
from hushmap.runs.lines import LineFile, extent, numbered, open_file, replace, sync_folder
from hushmap.runs.manifest import Manifest, decode_manifest, encode_manifest

NAMES = ("manifest.json", "journal.jsonl", "records.jsonl", "rejected.jsonl", "verdicts.jsonl", "lock")
OUR_FAULT = "this is a fault of hushmap: please report it"


def record_id(run: str, target: int) -> str:
    """The id of the record of one target: unique for ever, and readable."""
    return f"{run}-{target:04d}"


def lock(path: Path) -> int:
    """Take the run at `path` for this process until the file is closed or the process ends, however it ends.

    Raises:
        RunBusyError: Another process has it.
    """
    file = open_file(path / "lock", os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        raise RunBusyError(path, "another hushmap is working in this run", "wait until it ends, or stop it") from None
    return file


class RunFolder:
    """One run on the disk. `create` and `open(resume=True)` hold its lock and may write; `open` only reads."""

    def __init__(self, path: Path, manifest: Manifest, held: int | None) -> None:
        """Use `create` or `open`."""
        self.path = path
        self.manifest = manifest
        self._held = held
        self._journal: LineFile | None = None
        self._records: LineFile | None = None
        self._verdicts: LineFile | None = None
        self._torn = 0
        self._gathering = False
        if held is None:
            return
        try:
            self._journal = LineFile(self.journal_path)
            self._torn = self._journal.cut
            self._records = LineFile(self.records_path)
            self._verdicts = LineFile(self.verdicts_path)
        except RunsError:
            self.close()
            raise
        sync_folder(path)

    @property
    def run(self) -> str:
        """The run's id."""
        return self.manifest.run

    @property
    def journal_path(self) -> Path:
        """Every trial, in the order in which they ended."""
        return self.path / "journal.jsonl"

    @property
    def records_path(self) -> Path:
        """Sealed records and amends."""
        return self.path / "records.jsonl"

    @property
    def rejected_path(self) -> Path:
        """Lines that could not be read."""
        return self.path / "rejected.jsonl"

    @property
    def verdicts_path(self) -> Path:
        """Judgements."""
        return self.path / "verdicts.jsonl"

    @property
    def report_path(self) -> Path:
        """The folder of the page; made when asked for."""
        return self.path / "report"

    @classmethod
    def create(cls, base: Path, run_id: str, manifest: Manifest) -> "RunFolder":
        """Make the folder of a new run, with its manifest, and take its lock."""
        path = base / run_id
        if manifest.run != run_id or not run_id or Path(run_id).name != run_id:
            raise RunsError(path, "the manifest is of another run", OUR_FAULT)
        try:
            base.mkdir(parents=True, exist_ok=True)
            path.mkdir(mode=0o700)
        except FileExistsError:
            raise RunsError(path, "there is such a run already", "start again for another id") from None
        except OSError as error:
            raise RunsError(path, error.strerror or "cannot be made", "choose another folder with -o") from None
        held = lock(path)
        replace(path / "manifest.json", encode_manifest(manifest))
        sync_folder(base)
        return cls(path, manifest, held)

    @classmethod
    def open(cls, path: Path | str, *, resume: bool = False) -> "RunFolder":
        """Open a run for reading, or with `resume` to go on with it: then its lock is taken and torn ends are cut."""
        path = Path(path)
        manifest = read_manifest(path)
        return cls(path, manifest, lock(path) if resume else None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every file and give the lock back; a second call does nothing."""
        for file in (self._journal, self._records, self._verdicts):
            if file is not None:
                file.close()
        if self._held is not None:
            os.close(self._held)
            self._held = None
        self._journal = self._records = self._verdicts = None

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is kept within the block is on the disk when the block ends, all of it by one sync of each file.

        A crash within may leave any of the lines, whole and in their order. Records come before the journal, whose
        marks speak of them.
        """
        self._gathering = True
        try:
            yield
        finally:
            self._gathering = False
            for file in (self._records, self._journal):
                if file is not None:
                    file.sync()

    def journal_append(self, trial: Trial, target: int) -> None:
        """Keep a trial of target `target` (-1: the sentinel's); on the disk when this returns."""
        self._append(self._journal, journal.trial_line(target, trial))

    def journal_void(self, target: int, voids: tuple[Void, ...]) -> None:
        """Keep that trials of a target, not yet sealed, count no more."""
        self._append(self._journal, journal.void_line(target, voids))

    def journal_mark(self, name: str, t: float = 0.0, **facts: Any) -> None:
        """Keep an event of the run."""
        self._append(self._journal, journal.mark_line(Mark(name=name, t=t, facts=facts)))

    def seal(self, record: Record, target: int) -> None:
        """Keep the record of a finished target, then mark it sealed. Its id must be `record_id(run, target)`."""
        if record.id != record_id(self.run, target):
            raise ValueError(f"the record of target {target} has the id {record.id}")
        self._append(self._records, encode_record(record))
        self._append(self._journal, journal.sealed_line(target))

    def amend(self, amend: Amend) -> None:
        """Keep that trials of a sealed record count no more."""
        self._append(self._records, encode_amend(amend))

    def append_verdict(self, line: bytes) -> None:
        """Keep one judgement (a line of JSON, newline included); it can be made again, and is not waited for."""
        self._writer(self._verdicts).append(line, lasting=False)

    def write_verdicts(self, lines: Iterable[bytes]) -> None:
        """Write verdicts.jsonl anew, all of it or not at all; `RunBusyError` while another process measures."""
        with self._alone():
            replace(self.verdicts_path, b"".join(lines))
        if self._verdicts is not None:
            self._verdicts.close()
            self._verdicts = LineFile(self.verdicts_path)

    def verdicts(self) -> Iterator[dict[str, Any] | Reject]:
        """The judgements as they were written."""
        for number, line in numbered(self.verdicts_path):
            try:
                yield msgspec.json.decode(line, type=dict[str, Any])
            except (ValueError, RecursionError) as error:
                yield Reject(source=f"verdicts.jsonl:{number}", error=one_line(error))

    def replay(self) -> Replay:
        """All that the journal tells. Sealed is what has a record that can be read, whatever the marks say.

        A record without its mark was written just before a crash; a mark without its record was damaged later, and
        then the trials in the journal make that record again.
        """
        found = journal.replay(self.journal_path, self._torn or extent(self.journal_path)[1])
        indexes = {record_id(self.run, index): index for index in range(len(self.manifest.targets))}
        sealed: set[int] = set()
        rejects = list(found.rejects)
        for line in self._lines():
            if isinstance(line, Reject):
                rejects.append(line)
            elif isinstance(line, Record) and line.id in indexes:
                sealed.add(indexes[line.id])
        if self._held is not None and rejects:
            self.set_aside(rejects)
        return msgspec.structs.replace(found, sealed=frozenset(sealed), rejects=tuple(rejects))

    def records(self) -> Iterator[Record | Reject]:
        """Every sealed record once, amended; a line that cannot be read as a `Reject` in its place."""
        amends = tuple(line for line in self._lines(b'"amend"') if isinstance(line, Amend))
        seen: set[str] = set()
        for line in self._lines():
            if isinstance(line, Reject):
                yield line
            elif isinstance(line, Record) and line.id not in seen:
                seen.add(line.id)
                yield amended(line, amends)

    def set_aside(self, rejects: Iterable[Reject]) -> int:
        """Add to rejected.jsonl those that it does not have yet; how many it has then."""
        with self._alone():
            before = [line for _, line in numbered(self.rejected_path)]
            known = dict.fromkeys((*before, *map(msgspec.json.encode, rejects)))
            if len(known) > len(before):
                replace(self.rejected_path, b"".join(line + b"\n" for line in known))
        return len(known)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the run's lock, for as long as this process does not hold it anyway."""
        held = lock(self.path) if self._held is None else None
        try:
            yield
        finally:
            if held is not None:
                os.close(held)

    def _lines(self, holding: bytes = b"") -> Iterator[Record | Amend | Reject]:
        for number, line in numbered(self.records_path):
            if holding not in line:
                continue
            try:
                yield decode_line(line)
            except ValueError as error:
                yield Reject(source=f"records.jsonl:{number}", error=one_line(error))

    def _append(self, file: LineFile | None, line: bytes) -> None:
        """Append a line; on the disk when this returns, or when the block of `together` ends."""
        writer = self._writer(file)
        writer.gather(line)
        if not self._gathering:
            writer.sync()

    def _writer(self, file: LineFile | None) -> LineFile:
        if file is None:
            raise RunsError(self.path, "the run is open for reading only", OUR_FAULT)
        return file


def read_manifest(path: Path) -> Manifest:
    """The manifest of the run at `path`; `RunsError` if there is none that can be read."""
    file = path / "manifest.json"
    try:
        return decode_manifest(file.read_bytes())
    except FileNotFoundError:
        raise RunsError(path, "is no run folder (no manifest.json)", "see the runs there are: hushmap runs") from None
    except OSError as error:
        raise RunsError(file, error.strerror or "cannot be read", "check its permissions") from None
    except ValueError as error:
        remedy = "the folder is damaged, or of a newer hushmap: its records can still be judged"
        raise RunsError(file, f"cannot be read: {one_line(error)}", remedy) from None
