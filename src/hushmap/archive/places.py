"""Where an archive lies: a folder of this computer, or whatever else can take and give files by name.

A name is relative to the archive, with slashes. What is written is whole or not there: a crash leaves no half file
under a name. What lies elsewhere is handed in by whoever may speak to it (remote): this room needs no network.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from hushmap.runs import RunBusyError, RunsError


class Place(Protocol):
    """Files by name."""

    name: str
    """The place itself, as it is named to people."""
    filesystem: Any
    """Of fsspec's kind, for engines that read by themselves; `None`: files of this computer."""

    def url(self, name: str) -> str:
        """What an engine opens the file by."""
        ...

    def read(self, name: str) -> bytes | None:
        """The whole file; `None` where there is none. `RunsError` if it cannot be had."""
        ...

    def write(self, name: str, data: bytes) -> None:
        """Make or replace a file: a reader sees all of it, or what was there. `RunsError` where that fails."""
        ...

    def remove(self, name: str) -> None:
        """Take a file away, if it is there."""
        ...

    def names(self, prefix: str = "") -> Iterator[str]:
        """The files whose names begin with `prefix`, sorted."""
        ...

    def held(self) -> contextlib.AbstractContextManager[bool]:
        """Keep other writers out where that is possible, and say whether it is; `RunBusyError` if one is at work."""
        ...


class Folder:
    """A folder of this computer; what is written is on the disk when `write` returns."""

    filesystem: Any = None

    def __init__(self, path: Path) -> None:
        """The folder need not be there to be read, and is made when something is written."""
        self.path = path
        self.name = str(path)

    def url(self, name: str) -> str:
        """Its path."""
        return str(self.path / name)

    def read(self, name: str) -> bytes | None:
        """The whole file."""
        try:
            return (self.path / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise _refused(self.path / name, error, "check its permissions") from None

    def write(self, name: str, data: bytes) -> None:
        """Write beside, sync, rename."""
        path = self.path / name
        beside = path.with_name(f".{path.name}.new")
        try:
            self._make(path.parent)
            with beside.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
            _sync(path.parent)
        except OSError as error:
            with contextlib.suppress(OSError):  # the first reason is the one to tell
                beside.unlink(missing_ok=True)
            raise _refused(path, error, "make room on the disk, or choose another folder") from None

    def _make(self, folder: Path) -> None:
        """Make a folder whose name is as lasting as what will be in it."""
        if folder.is_dir():
            return
        if folder != self.path:
            self._make(folder.parent)
        folder.mkdir(parents=True, exist_ok=True)
        _sync(folder.parent)

    def remove(self, name: str) -> None:
        """Unlink it."""
        try:
            (self.path / name).unlink(missing_ok=True)
        except OSError as error:
            raise _refused(self.path / name, error, "check its permissions") from None

    def names(self, prefix: str = "") -> Iterator[str]:
        """Files beneath, also those that a crash left beside their names."""
        found = sorted(path for path in self.path.rglob("*") if path.is_file())
        inner = (path.relative_to(self.path).as_posix() for path in found)
        return (name for name in inner if name.startswith(prefix))

    @contextlib.contextmanager
    def held(self) -> Iterator[bool]:
        """Hold the folder's lock until the end, however that comes."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            file = os.open(self.path / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise _refused(self.path, error, "choose another folder") from None
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield True
        except BlockingIOError:
            what = "another hushmap is adding to this archive"
            raise RunBusyError(self.path, what, "wait until it ends, or stop it") from None
        finally:
            os.close(file)


LOCK = "lock"
"""The one file of an archive that says nothing."""


def half_written(name: str) -> str:
    """Where a folder has what is on its way to this name; what a crash left there is nothing."""
    folder, slash, own = name.rpartition("/")
    return f"{folder}{slash}.{own}.new"


def _sync(folder: Path) -> None:
    """Make names as lasting as the bytes behind them."""
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _refused(path: Path, error: OSError, remedy: str) -> RunsError:
    return RunsError(path, error.strerror or str(error), remedy)
