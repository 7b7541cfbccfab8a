"""Where a person's own things lie: settings and the consent register, in the XDG base directories.

The specification (XDG Base Directory 0.8) says that a value that is not an absolute path is to be ignored.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from hushmap.runs.errors import RunsError
from hushmap.runs.lines import LineFile, numbered, sync_folder

_One = TypeVar("_One")


def config_dir() -> Path:
    """The folder of settings.toml."""
    return _base("XDG_CONFIG_HOME", ".config") / "hushmap"


def data_dir() -> Path:
    """The folder of consent.jsonl."""
    return _base("XDG_DATA_HOME", ".local/share") / "hushmap"


def _base(variable: str, beneath: str) -> Path:
    given = os.environ.get(variable, "")
    if given and Path(given).is_absolute():
        return Path(given)
    try:
        return Path.home() / beneath
    except RuntimeError:
        raise RunsError(variable, "there is no home folder", f"set {variable} to an absolute path") from None


def private_folder(path: Path) -> None:
    """Make `path` for its owner's eyes only."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise RunsError(path, error.strerror or "cannot be made", "check the permissions above it") from None


def keep(path: Path, line: bytes) -> None:
    """Append one line, without its end, to a register of the person's own; it is on the disk when this returns."""
    private_folder(path.parent)
    file = LineFile(path)
    try:
        file.append(line + b"\n")
    finally:
        file.close()
    sync_folder(path.parent)


def kept(path: Path, decoder: msgspec.json.Decoder[_One]) -> Iterator[_One]:
    """What was kept in a register, oldest first; a line that cannot be read tells of nothing."""
    for _, line in numbered(path):
        try:
            yield decoder.decode(line)
        except (ValueError, RecursionError):
            continue
