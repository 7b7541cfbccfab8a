"""What can be read at a path of this computer: one file, a bundle, or every file of records beneath a folder.

Only names are looked at here, but for a bundle, of which nothing is read before all of it was looked at: what is in a
file, and how it is packed, is codec's business. The order is that of the
names, so that two people who judge the same folder get the same lines in the same order.
"""

import errno
import stat
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

import msgspec

from hushmap.runs.bundle import SUFFIX, is_bundle, members
from hushmap.runs.errors import RunsError

SUFFIXES = (".json", ".jsonl", ".gz", ".zst")
"""Of a file in a folder; a file that is named by itself may have any name."""

ARCHIVE = "archive.json"
"""Marks the folder of an archive."""
_MADE, _RECORDS = "made.json", "records"
"""Example data: how they were made, and their folder of records. What lies beside is their truth and verdicts."""

_ARCHIVES = (".tar.gz", ".tar.zst")
"""In OONI's bucket these hold once more what lies beside them line by line. own knowledge, unchecked."""


class Input(msgspec.Struct, frozen=True, kw_only=True):
    """Something that can be opened, once or again; it may be sent to another process."""

    name: str
    """As it is to be named to people: the path or URL."""
    open: Callable[[], BinaryIO]
    """Bytes as they lie there, packed or not. `RunsError` where they cannot be had."""
    size: int | None = None
    """Bytes as they lie there, where that is known."""
    path: Path | None = None
    """Where it lies on this computer."""


def is_input(name: str) -> bool:
    """Whether a file of this name, found in a folder or bucket, may hold records."""
    return name.endswith(SUFFIXES) and not name.startswith(".") and not name.endswith(_ARCHIVES)


def inputs(path: Path) -> Iterator[Input]:
    """The file at `path`, or the files beneath the folder, sorted by name, each once.

    Hidden files and folders are left out; of a run folder or of example data only records are given, of a bundle
    those of each run.

    Raises:
        RunsError: There is nothing at `path`, or nothing in the folder that could hold records; a bundle is damaged.
    """
    state = _state(path)
    if state is None:
        raise RunsError(path, "there is no such file or folder", "check the name")
    if not state.is_folder:
        yield from _file(path, state)
        return
    found = False
    for one in _walk(path, {state.itself}):
        found = True
        yield one
    if not found:
        what = "holds no file that could hold records"
        raise RunsError(path, what, f"give one with files named *{', *'.join((*SUFFIXES, SUFFIX))}")


class _State(msgspec.Struct, frozen=True):
    """What the system says of a path."""

    is_folder: bool
    is_file: bool
    size: int
    itself: tuple[int, int]
    """Device and inode: the same however it was reached."""


def _state(path: Path) -> _State | None:
    """Nothing where nothing is, as behind a link to nothing."""
    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno in {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}:
            return None
        raise _unreadable(path, error) from None  # ValueError: a NUL in the name
    return _State(
        stat.S_ISDIR(found.st_mode), stat.S_ISREG(found.st_mode), found.st_size, (found.st_dev, found.st_ino)
    )


def _unreadable(path: Path, error: OSError | ValueError) -> RunsError:
    reason = getattr(error, "strerror", None) or str(error)
    return RunsError(path, reason, "check the name and its permissions")


def _walk(folder: Path, seen: set[tuple[int, int]]) -> Iterator[Input]:
    """`seen` holds what was given or entered: a link that leads back leads nowhere."""
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError as error:
        raise _unreadable(folder, error) from None
    if {"manifest.json", "records.jsonl"} <= set(names):
        names = ["records.jsonl"]
    if {_MADE, _RECORDS} <= set(names):
        names = [_RECORDS]
    if ARCHIVE in names:
        return  # its tables hold what was judged, and its lists of them are no records
    for name in names:
        state = None if name.startswith(".") else _state(folder / name)
        readable = state is not None and (state.is_folder or (state.is_file and (is_input(name) or is_bundle(name))))
        if state is None or state.itself in seen or not readable:
            continue
        seen.add(state.itself)
        if state.is_folder:
            yield from _walk(folder / name, seen)
        else:
            yield from _file(folder / name, state)


def _file(path: Path, state: _State) -> Iterator[Input]:
    """One file, or what a bundle holds."""
    if is_bundle(path.name):
        for name, size, opener in members(path):
            yield Input(name=f"{path}/{name}", open=opener, size=size)
        return
    yield Input(name=str(path), open=partial(_opened, path), size=state.size if state.is_file else None, path=path)


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise _unreadable(path, error) from None
