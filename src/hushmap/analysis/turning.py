"""When a stream turned: both detectors over its attempts, in order, without looking ahead.

D1 is quick and its alarm provisional; D2 bounds false alarms over the whole stream, and confirms. Whichever speaks
first opens an incident, and closes it. A lifting that D2 has not confirmed when failures are back was none: the
incident goes on. An alarm also waits for three sessions that show the new state: what one tester saw in ten minutes
is one tester's, however often it was tried. Waiting can only make false alarms rarer, so both guarantees stand.
"""

from collections.abc import Sequence

import msgspec

from hushmap.analysis.stream import Point, sessions
from hushmap.sampling import ALPHA_OF_CHANGE, Change, Fall, Rise

PER_SESSION = 3
"""Attempts of one session that are told to the detectors; more are one tester's burst. With one each, the onset that
refs/STATISTICS 3 describes is confirmed an hour later, with all, a burst outweighs days of others."""
LEAST_SESSIONS = 3
"""Sessions that must show the new state before an alarm counts."""


class Told(msgspec.Struct, frozen=True):
    """An attempt as the detectors get it."""

    point: Point
    session: int


class Turn(msgspec.Struct, kw_only=True):
    """An incident by places in what was told; alarms are the places of the tests that made them."""

    change: int
    """The first test after the change, at its likeliest place."""
    alarm: int
    """The first alarm, of either detector."""
    confirmed: int | None = None
    """Where D2 alarmed."""
    lifted: int | None = None
    """The first test after the lifting."""
    lifting_alarm: int | None = None
    lifting_confirmed: int | None = None


def told(points: Sequence[Point]) -> list[Told]:
    """What of a stream is told to the detectors."""
    counts: dict[int, int] = {}
    kept = []
    for point, session in zip(points, sessions(points), strict=True):
        counts[session] = counts.get(session, 0) + 1
        if counts[session] <= PER_SESSION:
            kept.append(Told(point, session))
    return kept


class Turning:
    """Finds the turns of one stream, test by test."""

    def __init__(self, alpha: float = ALPHA_OF_CHANGE) -> None:
        self.turns: list[Turn] = []
        self._alpha = alpha
        self._seen: list[Told] = []
        self._open: Turn | None = None
        self._quick: Rise | Fall = Rise()
        self._rise = Change(alpha=alpha)
        self._rise_from = 0
        """The place from which the sure detector of a rise was told."""
        self._fall = Change(alpha=alpha, falls=True)
        self._since = 0
        """No turn lies before it: the last lifting."""

    def tell(self, one: Told) -> None:
        """Take one test."""
        self._seen.append(one)
        x = int(one.point.failing)
        quick = self._quick.tell(x) is not None
        sure = self._rise.tell(x) if self._open is None or self._open.confirmed is None else None
        if self._open is None:
            if (quick or sure) and self._enough(self._likeliest(), failing=True):
                self._begin(sure=sure is not None)
            return
        if sure is not None:
            self._confirm()
        fell = self._fall.tell(x) is not None
        if self._open.lifting_alarm is None:
            self._failing(quick=quick, fell=fell)
        else:
            self._lifted(quick=quick, fell=fell)

    @property
    def _now(self) -> int:
        return len(self._seen) - 1

    def _likeliest(self, start: int | None = None) -> int:
        """The likeliest place of a rise since the last turn; the sure detector knows it if it was told all that."""
        since = self._since if start is None else start
        if since == self._rise_from and (self._open is None or self._open.confirmed is None):
            return since + self._rise.place
        change = Change(alpha=self._alpha)
        for one in self._seen[since:]:
            change.tell(int(one.point.failing))
        return since + change.place

    def _enough(self, since: int, *, failing: bool) -> bool:
        """Whether enough sessions show the new state."""
        return len({one.session for one in self._seen[since:] if one.point.failing is failing}) >= LEAST_SESSIONS

    def _level(self, turn: Turn) -> Fall:
        """What a lifting must fall below."""
        seen = self._seen[turn.change :]
        return Fall(sum(one.point.failing for one in seen), len(seen))

    def _begin(self, *, sure: bool) -> None:
        turn = Turn(change=self._likeliest(), alarm=self._now, confirmed=self._now if sure else None)
        self.turns.append(turn)
        self._open = turn
        self._quick = self._level(turn)
        self._fall = Change(alpha=self._share(), falls=True)
        for one in self._seen[turn.change :]:
            self._fall.tell(int(one.point.failing))

    def _confirm(self) -> None:
        assert self._open is not None
        if self._enough(self._open.change, failing=True):
            self._open.confirmed = self._now

    def _failing(self, *, quick: bool, fell: bool) -> None:
        """Has it been lifted?"""
        assert self._open is not None
        place = self._open.change + self._fall.place
        if (quick or fell) and self._enough(place, failing=False):
            self._open.lifted, self._open.lifting_alarm = place, self._now
            self._quick = Rise()
            if fell:
                self._end()

    def _lifted(self, *, quick: bool, fell: bool) -> None:
        """Is the lifting confirmed, or was it none?"""
        turn = self._open
        assert turn is not None
        assert turn.lifted is not None
        if fell:
            self._end()
        elif quick and self._enough(self._likeliest(turn.lifted), failing=True):
            if turn.confirmed is None:  # two provisional ones: that the first was real is not known
                self._since, self._open = turn.lifted, None
                self._begin(sure=False)
            else:
                turn.lifted = turn.lifting_alarm = None
                self._quick = self._level(turn)

    def _end(self) -> None:
        """The lifting is confirmed; what comes is another incident, at half the chance of a false alarm."""
        turn = self._open
        assert turn is not None
        assert turn.lifted is not None
        turn.lifting_confirmed = self._now
        self._open, self._since = None, turn.lifted
        self._rise, self._rise_from = Change(alpha=self._share()), turn.lifted
        for one in self._seen[turn.lifted :]:
            self._rise.tell(int(one.point.failing))

    def _share(self) -> float:
        """Of the chance of a false alarm: all for the first incident, half for the next, and so on."""
        sure = sum(turn.lifting_confirmed is not None for turn in self.turns)
        return float(self._alpha / 2**sure)


def turns(points: Sequence[Point], *, alpha: float = ALPHA_OF_CHANGE) -> tuple[list[Told], list[Turn]]:
    """What of a stream was told, and where it turned."""
    kept, turning = told(points), Turning(alpha)
    if len({one.session for one in kept if one.point.failing}) < LEAST_SESSIONS:
        return kept, []  # most streams of most archives: nothing failed
    for one in kept:
        turning.tell(one)
    return kept, turning.turns
