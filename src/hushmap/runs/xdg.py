"""Where a person's own things lie: settings and the consent register, in the XDG base directories.

The specification (XDG Base Directory 0.8) says that a value that is not an absolute path is to be ignored.
"""

import os
from pathlib import Path

from hushmap.runs.errors import RunsError


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
