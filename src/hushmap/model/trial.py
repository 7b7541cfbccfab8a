"""An attempt as planned, and the trial it became.

An inquiry asks `Attempt`s; the runner carries each out through `net` and tells the inquiry the `Trial`. The
attempt says why it was made (role, pair, change, causes), the trial adds what happened. Neither says what it means.
"""

from enum import StrEnum

import msgspec

from hushmap.model.ask import Ask
from hushmap.model.step import Connect, Exchange, Fetch, Handshake, Hop, Resolve, Step

IDS_PER_TARGET = 10_000
"""Ids of one target's trials share `id // IDS_PER_TARGET`; the sentinel's are below. No inquiry asks a hundredth."""


class Role(StrEnum):
    """Why an attempt was made."""

    SUBJECT = "subject"
    """Asks about the target."""
    BASELINE = "baseline"
    """A harmless twin, asked from here."""
    CANARY = "canary"
    """Something known to be blocked here: proves that the measurement can see blocking."""
    SENTINEL = "sentinel"
    """Watches this computer's own connection."""


class Side(StrEnum):
    """From where it was asked."""

    HERE = "here"
    HELPER = "helper"
    PEER = "peer"


class Attempt(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, kw_only=True):
    """One thing to try, and why. `id` is unique in a run and stable over a resume."""

    id: int
    ask: Ask
    role: Role = Role.SUBJECT
    side: Side = Side.HERE
    round: int = 0
    """0 is the survey, what any client would do; pairs and repeats come in later rounds."""
    causes: tuple[int, ...] = ()
    """Ids of the trials whose answers this one used."""
    pair: int | None = None
    """Trials of one bracketed pair share its number (unique within a target)."""
    changed: str | None = None
    """The one thing in which the pair's subject and baseline differ: sni, host, path, name, address ..."""
    bystander: bool = False
    """The baseline that closes a bracket, on an address that the subject did not touch."""
    cooling: bool = False
    """A baseline that measures how long residual blocking lasts; allowed on a burned address."""
    alone: bool = False
    """Must run with nothing else in flight (the quiet lane)."""
    not_before: float = 0.0
    """Earliest start, seconds since the run began."""


class Trial(Attempt, frozen=True, gc=False, omit_defaults=True, kw_only=True):
    """An attempt and what came of it."""

    steps: tuple[Step, ...] = ()
    undone: str | None = None
    """Why it could not be carried out (`no_ipv6`, `excluded`, `budget` ...). Never evidence."""
    in_flight: int = 0
    """How many other attempts were under way when it started, or started before it ended."""
    t0: float = 0.0
    t: float = 0.0

    @property
    def resolves(self) -> tuple[Resolve, ...]:
        """The name lookups, one per query type."""
        return tuple([step for step in self.steps if isinstance(step, Resolve)])

    @property
    def connect(self) -> Connect | None:
        """The TCP step, if it was reached."""
        for step in self.steps:
            if isinstance(step, Connect):
                return step
        return None

    @property
    def handshake(self) -> Handshake | None:
        """The TLS step, if it was reached."""
        for step in self.steps:
            if isinstance(step, Handshake):
                return step
        return None

    @property
    def fetch(self) -> Fetch | None:
        """The HTTP step, if it was reached."""
        for step in self.steps:
            if isinstance(step, Fetch):
                return step
        return None

    @property
    def exchange(self) -> Exchange | None:
        """The raw step, if it was reached."""
        for step in self.steps:
            if isinstance(step, Exchange):
                return step
        return None

    @property
    def sent(self) -> bool:
        """Whether packets may have carried what was asked for: where no connection stood, it was never said."""
        return self.undone is None and (self.connect is None or self.connect.failure is None)

    @property
    def hop(self) -> Hop | None:
        """The step with a small TTL, if it was reached."""
        for step in self.steps:
            if isinstance(step, Hop):
                return step
        return None

    @property
    def failed(self) -> Step | None:
        """The step that failed, or `None`."""
        for step in self.steps:
            if step.failure is not None:
                return step
        return None


def trial_of(
    attempt: Attempt,
    steps: tuple[Step, ...] = (),
    *,
    undone: str | None = None,
    in_flight: int = 0,
    t0: float = 0.0,
    t: float = 0.0,
) -> Trial:
    """The trial that `attempt` became."""
    fields = {name: getattr(attempt, name) for name in Attempt.__struct_fields__}
    return Trial(**fields, steps=steps, undone=undone, in_flight=in_flight, t0=t0, t=t)
