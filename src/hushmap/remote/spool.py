"""A file of measurements that grows one by one, and beside it what tells how far it is.

A measurement is written and synced before the state says so; whatever stands beyond the state's last word is cut when
the file is opened again. So a kill at any moment loses at most one measurement, and none is ever there twice. Packed
files grow by whole members, which every reader of that format takes as one file.
"""

import fcntl
import gzip
import os
from pathlib import Path
from typing import Annotated, Self

import msgspec
import zstandard

from hushmap.remote.ooni_api import Query
from hushmap.runs import LineFile, RunsError, numbered

STATE = ".state"
"""Added to the file's own name."""


class _Begun(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="query"):
    query: Query


class _Got(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, tag_field="kind", tag="got"):
    """One measurement of the list: where the file ends with it, or why it could not be had."""

    uid: str
    end: Annotated[int, msgspec.Meta(ge=0, le=2**62)]
    started: str = ""
    why: str = ""


_line: msgspec.json.Decoder[_Begun | _Got] = msgspec.json.Decoder(_Begun | _Got)


def packed(name: str, line: bytes) -> bytes:
    """`line` as a file of this name holds it."""
    if name.endswith(".gz"):
        return gzip.compress(line, mtime=0)
    return zstandard.ZstdCompressor(level=10).compress(line) if name.endswith(".zst") else line


class Spool:
    """One such file, open for writing; no other process may write it meanwhile."""

    def __init__(self, path: Path, query: Query) -> None:
        """Begin `path`, or go on with it.

        Raises:
            RunsError: It is somebody else's, another question's, damaged, or the system refuses.
        """
        self.path, self.state_path = path, path.with_name(path.name + STATE)
        self.seen: set[str] = set()
        self.written = self.missing = self.end = 0
        self.started = ""
        """When the last measurement began."""
        self.why = ""
        """Why the first that is missing could not be had."""
        resumed = self.state_path.exists()
        if not resumed and path.exists():
            raise RunsError(path, "is there already", "choose another name with -o, or move it away")
        self._file = self._opened(path)
        try:
            self._state = LineFile(self.state_path)
        except BaseException:
            os.close(self._file)
            raise
        try:
            if not self._read(query):
                self._state.append(msgspec.json.encode(_Begun(query=query)) + b"\n")
            self._cut()
        except BaseException:
            self._let_go()
            raise

    @staticmethod
    def _opened(path: Path) -> int:
        try:
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            what = error.strerror or "cannot be written"
            raise RunsError(path, what, "choose another name with -o") from None
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            raise RunsError(path, "another hushmap is writing it", "wait until it ends, or stop it") from None
        return file

    def _read(self, query: Query) -> bool:
        """Take up what the state tells; whether it told anything."""
        begun = False
        for number, line in numbered(self.state_path):
            try:
                found = _line.decode(line)
            except (ValueError, RecursionError) as error:
                raise RunsError(f"{self.state_path}:{number}", f"is damaged: {error}", self._afresh) from None
            if isinstance(found, _Got):
                self._take(found)
            elif found.query != query:
                raise RunsError(self.path, f"was begun for another question ({found.query.words})", self._afresh)
            begun = True
        return begun

    @property
    def _afresh(self) -> str:
        return f"choose another name with -o, or remove it and {self.state_path.name}"

    def _take(self, got: _Got) -> None:
        self.seen.add(got.uid)
        self.end = got.end
        self.written += not got.why
        self.missing += bool(got.why)
        self.why = self.why or got.why
        self.started = max(self.started, got.started)

    def _cut(self) -> None:
        size = os.fstat(self._file).st_size
        if size < self.end:
            raise RunsError(self.path, f"is shorter than it was ({size:,} of {self.end:,} bytes)", self._afresh)
        os.ftruncate(self._file, self.end)
        os.lseek(self._file, self.end, os.SEEK_SET)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, uid: str, started: str, line: bytes) -> None:
        """Keep a measurement; on the disk when this returns.

        Raises:
            RunsError: The disk is full or failing; the file is as it was.
        """
        data = packed(self.path.name, line)
        try:
            done = 0
            while done < len(data):
                done += os.write(self._file, data[done:])
            os.fsync(self._file)
        except OSError as error:
            self._cut()
            raise RunsError(self.path, error.strerror or "write failed", "make room, then go on") from None
        self._keep(_Got(uid=uid, started=started, end=self.end + len(data)))

    def miss(self, uid: str, started: str, why: str) -> None:
        """Keep that a measurement could not be had, so that it is not asked for again."""
        self._keep(_Got(uid=uid, started=started, end=self.end, why=why))

    def _keep(self, got: _Got) -> None:
        try:
            self._state.append(msgspec.json.encode(got) + b"\n")
        except RunsError as error:
            self._cut()
            what = getattr(error.__cause__, "strerror", None) or "write failed"
            raise RunsError(self.state_path, what, "make room, then go on") from None
        self._take(got)

    def close(self, *, complete: bool = False) -> None:
        """Let go of the file; a second call does nothing.

        When it is complete the state goes, and where nothing came at all nothing is left behind.
        """
        if self._file < 0:
            return
        if complete or not self.seen:
            self.state_path.unlink(missing_ok=True)
            if not self.written:
                self.path.unlink(missing_ok=True)
        self._let_go()

    def _let_go(self) -> None:
        self._state.close()
        os.close(self._file)
        self._file = -1
