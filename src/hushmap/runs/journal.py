"""The journal: every trial the moment it ended, so that a run can be killed anywhere and go on.

A line is one event. Resume is replay: the same inquiries are told the same trials and come to the same questions.
Trial ids are unique in a run, so that a trial met twice is told once.
"""

from pathlib import Path
from typing import Any

import msgspec

from hushmap.codec import decode_trial, encode_trial
from hushmap.model import Trial, Void
from hushmap.runs.errors import one_line
from hushmap.runs.lines import numbered

RUN_ITSELF = -1
"""The `target` of trials that belong to no target: the sentinel's."""


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """An event of the run that is no trial: a sentinel's result, a pause, the end."""

    name: str
    t: float = 0.0
    facts: dict[str, Any] = msgspec.field(default_factory=dict)


class _Trial(msgspec.Struct, frozen=True, tag_field="kind", tag="trial"):
    target: int
    trial: msgspec.Raw


class _Void(msgspec.Struct, frozen=True, tag_field="kind", tag="void"):
    target: int
    voids: tuple[Void, ...]


class _Sealed(msgspec.Struct, frozen=True, tag_field="kind", tag="sealed"):
    target: int


class _Mark(msgspec.Struct, frozen=True, tag_field="kind", tag="mark"):
    mark: Mark


_Line = _Trial | _Void | _Sealed | _Mark


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


_line: msgspec.json.Decoder[_Line] = msgspec.json.Decoder(_Line)


def trial_line(target: int, trial: Trial) -> bytes:
    """A trial of one target, or of the run itself (-1)."""
    return _encode(_Trial(target, msgspec.Raw(encode_trial(trial).rstrip(b"\n"))))


def void_line(target: int, voids: tuple[Void, ...]) -> bytes:
    """Trials of one target that count no more."""
    return _encode(_Void(target, voids))


def sealed_line(target: int) -> bytes:
    """The record of a target is on the disk."""
    return _encode(_Sealed(target))


def mark_line(mark: Mark) -> bytes:
    """An event of the run."""
    return _encode(_Mark(mark))


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
        if isinstance(line, _Mark):
            self.marks.append(line.mark)
        elif isinstance(line, _Void):
            self.voids.append((line.target, line.voids))
        elif isinstance(line, _Sealed):
            self.sealed.add(line.target)
        else:
            trial = decode_trial(bytes(line.trial))
            if trial.id in self.trials:
                self.doubled += 1
            else:
                self.trials[trial.id] = (line.target, trial)


def replay(path: Path, torn: int = 0) -> Replay:
    """Read a journal; lines that cannot be read become `rejects`, and `torn` is handed on."""
    found = _Builder()
    for number, data in numbered(path):
        try:
            found.tell(data)
        except (ValueError, RecursionError) as error:
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
