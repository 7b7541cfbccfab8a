"""The truth log: what the simulated network did to whom, written by those who did it.

Path and resolver append whole lines to one file (O_APPEND, one write each), so that it can be read at any moment and
after any death. Verdicts are scored against it and against the scenario's expectations; no detector reads it.
"""

import os
import time
from pathlib import Path

import msgspec


class TruthEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One act of the simulated network."""

    at: float
    """Unix time, to lie beside a run's own times."""
    by: str
    """`path`, `resolver`, `server` or `line`."""
    kind: str
    """The rule."""
    mechanism: str
    """In METHOD 2's words, with its trigger."""
    what: str
    """The name, word or address that was acted on."""
    to: str = ""
    """`ADDRESS:PORT` of the packet that was acted on."""


class TruthLog:
    """Appends events to a file."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)

    def close(self) -> None:
        """Give the file back."""
        os.close(self._descriptor)

    def write(self, *, by: str, kind: str, mechanism: str, what: str, to: str = "") -> None:
        """Append one event, now."""
        event = TruthEvent(at=time.time(), by=by, kind=kind, mechanism=mechanism, what=what, to=to)
        os.write(self._descriptor, msgspec.json.encode(event) + b"\n")


def read_truth(path: Path) -> list[TruthEvent]:
    """Every event so far."""
    lines = path.read_bytes().splitlines() if path.exists() else []
    return [msgspec.json.decode(line, type=TruthEvent) for line in lines]
