"""The time of a series: it goes on while this computer sleeps, and is not turned back with the clock on the wall.

Two clocks are compared at every look. The one that only counts stands still while a computer sleeps (own knowledge,
unchecked: so it is on Linux and macOS); the one on the wall can be set. Neither alone tells how long it has been.
"""

from datetime import datetime
from typing import Protocol

JUMP = 10.0
"""Seconds by which the clocks may part between two looks before that is a jump: a run bears outages of that length
(METHOD 6), and a clock that is kept right by small steps never parts so far. Own choice."""


class TwoClocks(Protocol):
    """What `net.Clock` tells."""

    def now(self) -> float:
        """Seconds that were counted."""
        ...

    def wall(self) -> datetime:
        """What the clock on the wall says, UTC."""
        ...


class Pulse:
    """Seconds since a series began, as far as both clocks tell."""

    def __init__(self, clock: TwoClocks, t: float = 0.0) -> None:
        """Begin at `t`."""
        self.t = t
        self._clock = clock
        self._counted, self._wall = clock.now(), clock.wall()
        self._back = 0.0
        """By how much the clock on the wall was set back, and not yet set right again."""

    def look(self) -> float:
        """Bring `t` up to now; by how many seconds the clock on the wall has jumped since the last look, or 0."""
        counted, wall = self._clock.now(), self._clock.wall()
        went = counted - self._counted
        jump = (wall - self._wall).total_seconds() - went
        self._counted, self._wall = counted, wall
        self.t += went
        if abs(jump) < JUMP:
            return 0.0
        ahead = max(0.0, jump - self._back)
        self._back = max(0.0, self._back - jump)
        self.t += ahead
        return jump
