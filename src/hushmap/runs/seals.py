"""The seal of a run: a list of its files with their hashes, which a signature is put under.

A run may go on, be amended, judged again: a seal says how it was when it was sealed, and checking says what changed.
"""

import hashlib
from pathlib import Path

import msgspec

from hushmap.runs.errors import RunsError, one_line
from hushmap.runs.folder import read_manifest
from hushmap.runs.lines import replace

SEAL = "seal.json"
SEALED = ("manifest.json", "journal.jsonl", "records.jsonl")
"""What a run has seen; verdicts can be made again, and change with the rules."""
_SCHEMA = "hushmap.seal/1"


class Seal(msgspec.Struct, frozen=True, kw_only=True):
    """seal.json."""

    schema: str = _SCHEMA
    run: str
    files: dict[str, str]
    """sha256 by name."""


def write_seal(path: Path) -> Path:
    """Write the seal of the run at `path`; where it lies.

    Raises:
        RunsError: It is no run, or the system refuses.
    """
    seal = Seal(run=read_manifest(path).run, files=_files(path))
    replace(path / SEAL, msgspec.json.format(msgspec.json.encode(seal), indent=1) + b"\n")
    return path / SEAL


def check_seal(path: Path) -> Seal:
    """The seal of the run at `path`, if every file is as it was.

    Raises:
        RunsError: There is none, or a file was changed since.
    """
    try:
        seal = msgspec.json.decode((path / SEAL).read_bytes(), type=Seal)
    except OSError as error:
        raise RunsError(path / SEAL, error.strerror or "cannot be read", "seal the run: hushmap seal RUN") from None
    except (msgspec.MsgspecError, RecursionError) as error:
        raise RunsError(path / SEAL, f"is no seal: {one_line(error)}", "seal the run again") from None
    now = _files(path)
    other = sorted(name for name in {*now, *seal.files} if now.get(name) != seal.files.get(name))
    if other:
        raise RunsError(path / other[0], "is not what was sealed", "it was changed since; see seal.json")
    return seal


def _files(path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in SEALED:
        try:
            with (path / name).open("rb") as file:
                found[name] = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise RunsError(path / name, error.strerror or "cannot be read", "check its permissions") from None
    return found
