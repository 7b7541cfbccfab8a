"""The journal: every trial the moment it ended, so that a run can be killed anywhere and go on.

A line is one event. Resume is replay: the same inquiries are told the same trials and come to the same questions.
Trial ids are unique in a run, so that a trial met twice is told once.
"""

from pathlib import Path
from typing import Any

import msgspec

from hushmap.codec import decode_trial, encode_trial
from hushmap.model import Trial, Void
from hushmap.runs.lines import numbered

RUN_ITSELF = -1
"""The `target` of trials that belong to no target: the sentinel's."""


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """An event of the run that is no trial: a sentinel's result, a pause, the end."""

    name: str
    t: float = 0.0
    facts: dict[str, Any] = msgspec.field(default_factory=dict)


class _Line(msgspec.Struct, omit_defaults=True, kw_only=True):
    """One line; which fields it must have depends on its kind."""

    kind: str
    target: int | None = None
    trial: msgspec.Raw = msgspec.field(default_factory=msgspec.Raw)
    voids: tuple[Void, ...] = ()
    mark: Mark | None = None


class Reject(msgspec.Struct, frozen=True, kw_only=True):
    """A line that could not be read; set aside, counted, never judged."""

    schema: str = "hushmap.reject/1"
    source: str
    """`file:line`."""
    error: str


class Replay(msgspec.Struct, frozen=True, kw_only=True):
    """What a journal tells, in the order in which it happened."""

    trials: tuple[tuple[int, Trial], ...] = ()
    """(target index, trial); index -1 for the sentinel's."""
    voids: tuple[tuple[int, tuple[Void, ...]], ...] = ()
    sealed: frozenset[int] = frozenset()
    """Targets whose record is written."""
    marks: tuple[Mark, ...] = ()
    rejects: tuple[Reject, ...] = ()
    torn: int = 0
    """Bytes of an append that a crash cut short."""
    doubled: int = 0
    """Trials met a second time and left out."""

    def of(self, target: int) -> tuple[Trial, ...]:
        """The trials of one target."""
        return tuple(trial for index, trial in self.trials if index == target)

    def voids_of(self, target: int) -> tuple[Void, ...]:
        """The voids of one target's trials."""
        return tuple(void for index, voids in self.voids if index == target for void in voids)

    @property
    def last(self) -> float:
        """The latest time on the run clock that the journal knows of."""
        return max([0.0, *(trial.t for _, trial in self.trials), *(mark.t for mark in self.marks)])

    @property
    def next_id(self) -> int:
        """One more than the largest sentinel trial's id, 1 if there is none."""
        return max((trial.id for index, trial in self.trials if index == RUN_ITSELF), default=0) + 1


_line = msgspec.json.Decoder(_Line)


def trial_line(target: int, trial: Trial) -> bytes:
    """A trial of one target, or of the run itself (-1)."""
    return _encode(_Line(kind="trial", target=target, trial=msgspec.Raw(encode_trial(trial).rstrip(b"\n"))))


def void_line(target: int, voids: tuple[Void, ...]) -> bytes:
    """Trials of one target that count no more."""
    return _encode(_Line(kind="void", target=target, voids=voids))


def sealed_line(target: int) -> bytes:
    """The record of a target is on the disk."""
    return _encode(_Line(kind="sealed", target=target))


def mark_line(mark: Mark) -> bytes:
    """An event of the run."""
    return _encode(_Line(kind="mark", mark=mark))


def _encode(line: _Line) -> bytes:
    return msgspec.json.encode(line) + b"\n"


class _Builder:
    """Collects what the lines tell."""

    def __init__(self) -> None:
        self.trials: dict[int, tuple[int, Trial]] = {}
        self.voids: list[tuple[int, tuple[Void, ...]]] = []
        self.sealed: set[int] = set()
        self.marks: list[Mark] = []
        self.rejects: list[Reject] = []
        self.doubled = 0

    def tell(self, data: bytes) -> None:
        """Take one line; ValueError if it cannot be read."""
        line = _line.decode(data)
        if line.kind == "mark" and line.mark is not None:
            self.marks.append(line.mark)
            return
        if line.target is None or line.target < RUN_ITSELF:
            raise ValueError("a line without a target - at `$.target`")
        if line.kind == "trial":
            trial = decode_trial(bytes(line.trial))
            if trial.id in self.trials:
                self.doubled += 1
            else:
                self.trials[trial.id] = (line.target, trial)
        elif line.kind == "void":
            self.voids.append((line.target, line.voids))
        elif line.kind == "sealed":
            self.sealed.add(line.target)
        else:
            raise ValueError("a line of unknown kind - at `$.kind`")


def replay(path: Path, torn: int = 0) -> Replay:
    """Read a journal; lines that cannot be read become `rejects`, and `torn` is handed on."""
    found = _Builder()
    for number, data in numbered(path):
        try:
            found.tell(data)
        except ValueError as error:
            found.rejects.append(Reject(source=f"{path.name}:{number}", error=one_line(error)))
    return Replay(
        trials=tuple(found.trials.values()),
        voids=tuple(found.voids),
        sealed=frozenset(found.sealed),
        marks=tuple(found.marks),
        rejects=tuple(found.rejects),
        torn=torn,
        doubled=found.doubled,
    )


def one_line(error: Exception) -> str:
    """The message of `error`, on one line of at most 300 characters."""
    return " ".join(str(error).split())[:300]
