"""What a pure run keeps: its records, and what its network did, in memory."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from hushmap.lab.truth import TruthEvent, TruthLog
from hushmap.model import Amend, Record, Trial, Void, amended
from hushmap.runs import Reject, Replay


class KeptRun:
    """A run folder that is not on the disk."""

    def __init__(self) -> None:
        self._records: list[Record] = []
        self._amends: list[Amend] = []

    @property
    def sealed(self) -> list[Record]:
        """Every record, with what was found void later."""
        return [amended(record, tuple(self._amends)) for record in self._records]

    def together(self) -> AbstractContextManager[object]:
        """It is all kept anyway."""
        return nullcontext()

    def journal_append(self, trial: Trial, target: int) -> None:
        """Nothing can be lost here."""

    def journal_void(self, target: int, voids: tuple[Void, ...]) -> None:
        """Nor this."""

    def journal_mark(self, name: str, t: float = 0.0, **facts: Any) -> None:
        """Nor this."""

    def seal(self, record: Record, target: int) -> None:
        """Keep a finished target's record."""
        del target
        self._records.append(record)

    def amend(self, amend: Amend) -> None:
        """Keep that trials of a sealed record count no more."""
        self._amends.append(amend)

    def replay(self) -> Replay:
        """There was no earlier process."""
        return Replay()

    def records(self) -> Iterator[Record | Reject]:
        """None, when a run begins."""
        return iter(())


class KeptTruth(TruthLog):
    """A truth log in memory, on the run's own time."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self.events: list[TruthEvent] = []

    def close(self) -> None:
        """Nothing is open."""

    def write(self, *, by: str, kind: str, mechanism: str, what: str, to: str = "") -> None:
        """Append one event, now."""
        self.events.append(TruthEvent(at=self._now(), by=by, kind=kind, mechanism=mechanism, what=what, to=to))
