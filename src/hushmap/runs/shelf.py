"""What a person fetched: lists, fingerprints, databases, each with where it came from and under which licence.

None of it comes with Hushmap, mostly because of those licences. A file is on the shelf when the index names it: the
file is written first, so that a crash between the two leaves the shelf as it was.
"""

import fcntl
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from hushmap.runs.errors import RunsError
from hushmap.runs.lines import open_file, replace
from hushmap.runs.xdg import data_dir, private_folder

FETCHED = ("asn", "fingerprints", "lists", "words")

_REMEDY = "remove it, and fetch its files again"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """One file on the shelf."""

    kind: str
    name: str
    source: str
    """The address or file that it was taken from."""
    sha256: str
    licence: str
    when: str
    """UTC."""
    rows: int

    @property
    def path(self) -> Path:
        """Where it lies."""
        return _shelf() / self.kind / self.name


def fetched(kind: str) -> tuple[Path, ...]:
    """The files of this kind, sorted by name."""
    return tuple(one.path for one in fetched_entries(kind))


def fetched_entries(kind: str) -> tuple[Fetched, ...]:
    """The same with what is known of them; a file that was deleted by hand is no longer there.

    Raises:
        RunsError: The index was damaged.
    """
    return tuple(one for one in _index() if one.kind == kind and one.path.is_file())


def store(kind: str, name: str, data: bytes, *, source: str, licence: str, when: str, rows: int) -> Fetched:
    """Put a file on the shelf, in the place of one of the same kind and name.

    Raises:
        RunsError: The name is none for a file, or the system refuses.
    """
    if kind not in FETCHED:
        raise AssertionError(kind)
    if not _NAME.fullmatch(name):
        raise RunsError(name[:100], "is no name for a file to be kept", "use letters, digits, dots and hyphens")
    digest = hashlib.sha256(data).hexdigest()
    entry = Fetched(kind=kind, name=name, source=source, sha256=digest, licence=licence, when=when, rows=rows)
    with _alone():
        others = [one for one in _index() if (one.kind, one.name) != (kind, name)]
        private_folder(entry.path.parent)
        replace(entry.path, data)
        entries = sorted((*others, entry), key=lambda one: (one.kind, one.name))
        replace(_shelf() / "index.json", msgspec.json.format(msgspec.json.encode(entries), indent=1) + b"\n")
    return entry


def _shelf() -> Path:
    return data_dir() / "fetched"


def _index() -> list[Fetched]:
    path = _shelf() / "index.json"
    try:
        found = msgspec.json.decode(path.read_bytes(), type=list[Fetched])
    except FileNotFoundError:
        return []
    except OSError as error:
        raise RunsError(path, error.strerror or "cannot be read", "check its permissions") from None
    except (ValueError, RecursionError) as error:
        raise RunsError(path, f"cannot be read: {error}", _REMEDY) from None
    for one in found:
        if not _NAME.fullmatch(one.name):
            raise RunsError(path, f"cannot be read: {one.name[:60]!r} is no name of a file that is kept", _REMEDY)
    return found


@contextmanager
def _alone() -> Iterator[None]:
    """Let no other process change the index meanwhile."""
    private_folder(_shelf())
    held = open_file(_shelf() / "lock", os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)
