"""What the loop needs of the world, and what it tells of its work.

Time, network and disk come through three narrow shapes, so that a test can put a fake in their place and run hours of
a run in a moment; `net.Net`, `net.Clock` and `runs.RunFolder` have these shapes. Events go the other way: `cli`
prints them, and decides nothing by them.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any, Protocol

import msgspec

from hushmap.model import Amend, Ask, HelperWatch, Record, Side, Step, Trial, Void
from hushmap.runs import Reject, Replay


class Outcome(Protocol):
    """What came of one ask."""

    @property
    def steps(self) -> tuple[Step, ...]:
        """The network acts, in order."""
        ...

    @property
    def undone(self) -> str | None:
        """Why it could not be carried out."""
        ...


class Net(Protocol):
    """The room with sockets."""

    async def ask(self, ask: Ask, side: Side = Side.HERE, *, keep_body: bool = False) -> Outcome:
        """Carry out one ask; a network failure is a value."""
        ...

    async def watch_helper(self) -> HelperWatch | None:
        """The helper's word that it is online; `None`: it does not answer."""
        ...

    @property
    def clock_offset(self) -> float | None:
        """Seconds to add to this computer's clock, as the helper's pinned key vouches; `None`: unknown."""
        ...


class Clock(Protocol):
    """Run time."""

    def now(self) -> float:
        """Seconds since the run began."""
        ...

    def iso(self, t: float | None = None) -> str:
        """Run time `t` as `YYYY-MM-DDTHH:MM:SSZ`."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class Sealing(Protocol):
    """Where finished targets are kept."""

    def seal(self, record: Record, target: int) -> None:
        """Keep a finished target's record."""
        ...

    def amend(self, amend: Amend) -> None:
        """Keep that trials of a sealed record count no more."""
        ...


class Folder(Sealing, Protocol):
    """The run on the disk."""

    def together(self) -> AbstractContextManager[object]:
        """What is kept within the block is on the disk when the block ends, all of it by one sync."""
        ...

    def journal_append(self, trial: Trial, target: int) -> None:
        """Keep a trial (target -1: the sentinel's); on the disk when this returns."""
        ...

    def journal_void(self, target: int, voids: tuple[Void, ...]) -> None:
        """Keep that trials count no more."""
        ...

    def journal_mark(self, name: str, t: float = 0.0, **facts: Any) -> None:
        """Keep an event of the run."""
        ...

    def replay(self) -> Replay:
        """All that the journal tells."""
        ...

    def records(self) -> Iterator[Record | Reject]:
        """Every sealed record, amended."""
        ...


class Excluding(Protocol):
    """The hard exclusion list."""

    def hit(self, text: str) -> bool:
        """Whether a text holds an excluded term in any form."""
        ...


class Started(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="start"):
    """The network is up, and the run begins or goes on."""

    run: str
    t: float
    targets: int
    sealed: int = 0
    """Records that an earlier process of this run had sealed."""
    helper: bool = False


class TargetDone(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="target"):
    """A target's record is sealed and on the disk."""

    index: int
    record: Record


class Notice(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="notice"):
    """Something that the person should know while it happens."""

    t: float
    code: str
    """`no_helper`, `slowed`, `network_lost`, `network_back`, `helper_silent`, `excluded`, `budget` ..."""
    text: str


class Progress(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="progress"):
    """How far the run has come."""

    t: float
    targets: int
    sealed: int
    finished: int
    """Asked to the end; sealed as soon as the next good look at the network confirms them."""
    repeating: int
    """Something looked wrong there, and is being tried again."""
    trials: int
    bytes: int
    in_flight: int


class Ended(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag="end"):
    """The run's last event, and what `carry_out` returns. `code` is the exit code (UX 5)."""

    code: int
    reason: str
    """`done`, `network_down`, `captive_portal`, `network_changed`, `network_lost`, `budget`, `stopped`; or what ended
    it from outside (`carry_out`'s `until`): `cut_short`, `clock_jumped`; or what a word was answered with: `captcha`,
    `warning_page`."""
    t: float = 0.0
    targets: int = 0
    sealed: int = 0
    bytes: int = 0
    voids: int = 0
    trials: int = 0


Event = Started | TargetDone | Notice | Progress | Ended

DONE, NOTHING, EARLY, INTERRUPTED = 0, 4, 5, 130
"""Exit codes (UX 5) that a run itself can end with."""
