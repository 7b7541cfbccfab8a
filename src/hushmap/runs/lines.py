"""Files of lines that survive `kill -9` and a full disk: append, sync, read again, cut what was torn.

A line counts once its newline is on the disk. What stands after the last newline is the torn end of an append that
never returned: it is cut before anything is appended, so that two lines never grow together. Any other line that
cannot be read was damaged later; who reads it sets it aside and counts it.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from hushmap.codec import LINE_LIMIT
from hushmap.runs.errors import RunsError

_CHUNK = 64 * 1024


def _reading(path: Path) -> BinaryIO | None:
    """`path` for reading, `None` where there is no file; `RunsError` if the system refuses."""
    try:
        return path.open("rb")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise RunsError(path, error.strerror or "cannot be read", "check its permissions") from None


def extent(path: Path) -> tuple[int, int]:
    """Bytes of `path` up to and including its last newline, and those after it; 0 where there is no file."""
    opened = _reading(path)
    if opened is None:
        return 0, 0
    with opened as file:
        size = at = file.seek(0, os.SEEK_END)
        while at > 0:
            start = max(0, at - _CHUNK)
            file.seek(start)
            newline = file.read(at - start).rfind(b"\n")
            if newline >= 0:
                return start + newline + 1, size - (start + newline + 1)
            at = start
    return 0, size


def open_file(path: Path, flags: int) -> int:
    """Open a file for its owner's eyes only; `RunsError` if the system refuses."""
    try:
        return os.open(path, flags | os.O_CLOEXEC, 0o600)
    except OSError as error:
        reason = error.strerror or "cannot be opened"
        raise RunsError(path, reason, "check its permissions and the room on the disk") from None


class LineFile:
    """A file that only grows, by synced lines. One writer; the run's lock sees to that."""

    def __init__(self, path: Path) -> None:
        """Open for appending; a torn end is cut, and its length is in `cut`."""
        self.path = path
        whole, self.cut = extent(path)
        self._file = open_file(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        if self.cut:
            os.ftruncate(self._file, whole)
            os.fsync(self._file)
        self._size = os.fstat(self._file).st_size
        self._gathered = b""
        self._torn = False

    def append(self, line: bytes, *, lasting: bool = True) -> None:
        """Append one line, newline included, and return when it is on the disk; not `lasting`: when it is written.

        Raises:
            RunsError: The disk is full or failing; nothing of the line is left behind.
        """
        self.gather(line)
        self.sync(lasting=lasting)

    def gather(self, line: bytes) -> None:
        """Take one line, newline included, that the next `sync` writes."""
        if not line.endswith(b"\n") or line.find(b"\n") != len(line) - 1:
            raise AssertionError("not one line")
        self._gathered += line

    def sync(self, *, lasting: bool = True) -> None:
        """Append all that was gathered, and return when it is on the disk, or written.

        Raises:
            RunsError: The disk is full or failing; nothing of what was gathered is left behind.
        """
        lines, self._gathered = self._gathered, b""
        if not lines:
            return
        if self._torn:  # half a line may stand at its end: nothing may follow it
            raise RunsError(self.path, "an earlier write failed", "make room on the disk, then: hushmap run --resume")
        try:
            done = 0
            while done < len(lines):
                done += os.write(self._file, lines[done:])
            if lasting:
                os.fsync(self._file)
        except BaseException as error:
            self._torn = True
            with contextlib.suppress(OSError):  # the first reason is the one to tell
                os.ftruncate(self._file, self._size)
                self._torn = False
            if not isinstance(error, OSError):
                raise  # an interrupt: the lines count as never written
            reason = error.strerror or "write failed"
            raise RunsError(self.path, reason, "make room on the disk, then: hushmap run --resume") from error
        self._size += len(lines)

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def numbered(path: Path) -> Iterator[tuple[int, bytes]]:
    """Every whole line of `path` with its number from 1, without its newline; nothing where there is no file.

    A line longer than any that codec would read is given cut to one byte more than that, so that codec refuses it.
    """
    opened = _reading(path)
    if opened is None:
        return
    with opened as file:
        number = 0
        while line := file.readline(LINE_LIMIT + 2):
            number += 1
            rest = line
            while not rest.endswith(b"\n"):
                rest = file.readline(LINE_LIMIT)
                if not rest:
                    return
            yield number, line.removesuffix(b"\n")


def replace(path: Path, data: bytes) -> None:
    """Write `path` so that a reader sees the old file or the whole new one, never a part."""
    beside = path.with_name(f".{path.name}.new")
    file = open_file(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    try:
        done = 0
        while done < len(data):
            done += os.write(file, data[done:])
        os.fsync(file)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise RunsError(path, error.strerror or "write failed", "make room on the disk") from error
    finally:
        os.close(file)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` as lasting as the bytes behind them."""
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)
