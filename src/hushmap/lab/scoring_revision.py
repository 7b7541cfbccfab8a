"""Which program was measured: one short text that changes when anything changes that a verdict hangs on.

A result is true of the rules and the code that gave it. What only plans, counts or prints is left out, so that a
better sentence does not cost an hour of measuring.
"""

import hashlib
import platform
import re
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from hushmap.catalog import probes_dir

PACKAGE = Path(__file__).resolve().parents[1]
_COUNTS_ONLY = frozenset({
    "cli/lab.py", "cli/lab_score.py", "lab/scoring.py", "lab/scoring_faults.py", "lab/scoring_kept.py",
    "lab/scoring_labels.py", "lab/scoring_plan.py", "lab/scoring_pool.py", "lab/scoring_pure.py",
    "lab/scoring_revision.py", "lab/scoring_tally.py", "lab/scoring_text.py", "lab/scoring_watch.py",
})  # fmt: skip
"""Files on which no row hangs: a lab's own scenario is part of what its result is kept under."""
_LONG = 16
"""Hex digits: enough that no two revisions of one state file are ever taken for one another."""


def revision(package: Path = PACKAGE, probes: Path | None = None) -> str:
    """The revision of the program that labs start: its files, its data, and what it stands on."""
    whole = hashlib.sha256(_stands_on().encode())
    for root in (package, probes or probes_dir()):
        for path in sorted(root.rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.is_file() and "__pycache__" not in path.parts and name not in _COUNTS_ONLY:
                looks = path.stat()
                whole.update(name.encode() + b"\0" + _digest(path, looks.st_mtime_ns, looks.st_size))
    return whole.hexdigest()[:_LONG]


@lru_cache(maxsize=4096)
def _digest(path: Path, *looks: int) -> bytes:
    """The hash of a file that looks like this; asked after every lab of a score, of files that hardly ever change."""
    del looks
    return hashlib.sha256(path.read_bytes()).digest()


def _stands_on() -> str:
    """Python and the libraries that the package asks for, by version."""
    try:
        asked = requires("hushmap") or []
    except PackageNotFoundError:  # run from a bare folder
        asked = []
    names = sorted({re.split(r"[^A-Za-z0-9._-]", one, maxsplit=1)[0] for one in asked if "extra ==" not in one})
    return " ".join([platform.python_version(), *(f"{name}=={version(name)}" for name in names)])
