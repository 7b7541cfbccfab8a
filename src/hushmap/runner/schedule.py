"""The lane: which of the attempts that wait may start now.

Pure: time comes as an argument, and whoever carries an attempt out says when it is over. METHOD 3 gives the limits:
one attempt at a time to a server address, few flows a second on the line and to one host, and a quiet lane, in which
what raised a suspicion is repeated with nothing else on the link. Both kinds of work get their turn: a quiet attempt
is waited for only so long, then the link is drained and several quiet attempts follow one another; after a turn the
rest goes on, but a bracketed pair that was begun in quiet is finished in quiet.
"""

from bisect import insort
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import msgspec

from hushmap.model import IDS_PER_TARGET, Attempt, Layer, Role, Side

SLOWEST = 1.0
"""Flows a second below which a lossy line is not slowed further (UX 1: "slowed to 1 request a second")."""

LATE = 0.05
"""Seconds by which a start that came late is not held against the next: a loop that is busy for a moment would else
never come near its pace. Starts are wider apart by as much of a second, so that no second ever has one too many."""
CROWD = 16
"""Attempts of one kind that wait at once where many more will follow: nearly a second's."""

_SERVED = frozenset({Layer.TCP, Layer.TLS, Layer.HTTP, Layer.RAW})
"""Layers that reach a server of someone's; resolvers are made to be asked by many at once."""


class Rates(msgspec.Struct, frozen=True, kw_only=True):
    """The limits of one lane, in seconds and per second of real time."""

    flows: float = 20.0
    """New flows a second (METHOD 3): more fills the port table of a shared address (CGNAT) and raises alarms."""
    in_flight: int = 64
    per_host: float = 1.0
    """New attempts a second to one server address: less than a person clicking."""
    helper: int = 32
    """Asks of the helper at a time: half of what a helper of ours takes from all who ask it. Most of them wait for a
    server that does not answer, and fewer would make everybody else wait with them."""
    patience: float = 2.0
    """How long a quiet attempt waits for others of its kind before the link is drained for it."""
    batch: int = 4
    """As many quiet attempts drain the link at once."""
    linger: float = 1.5
    """How long a quiet link stays so for an attempt that is not yet due: the pace of one host is a second."""
    turn: float = 20.0
    """The longest turn of quiet attempts while others wait; three times as long for a crowd of them, since each turn
    begins with waiting for what is under way, unless a crowd waits to be asked for the first time, too."""
    between: float = 10.0
    """The least time for others between two quiet turns."""
    crowded: float = 90.0
    """The same while a crowd waits to be asked for the first time: what was suspected can wait, and is spaced by a
    minute anyway; each quiet turn costs everybody the longest time-out that is under way."""

    def scaled(self, scale: float) -> "Rates":
        """All waiting times divided, all rates multiplied by `scale` (1 everywhere but in a lab)."""
        return msgspec.structs.replace(
            self,
            flows=self.flows * scale,
            per_host=self.per_host * scale,
            patience=self.patience / scale,
            linger=self.linger / scale,
            turn=self.turn / scale,
            between=self.between / scale,
            crowded=self.crowded / scale,
        )


def target_of(attempt_id: int) -> int | None:
    """The place in the run order of the target that an attempt is about; `None`: the sentinel's."""
    return attempt_id // IDS_PER_TARGET - 1 if attempt_id >= IDS_PER_TARGET else None


def host_of(attempt: Attempt) -> str | None:
    """The server address that takes one attempt at a time; `None` where there is no such limit."""
    if attempt.side is not Side.HERE or attempt.ask.layer not in _SERVED:
        return None
    return attempt.ask.address


def _urgency(attempt: Attempt) -> int:
    """Sentinels first; then what closes an open bracket, or frees an address for all; pairs before new targets."""
    if attempt.role is Role.SENTINEL:
        return 0
    if attempt.cooling or (attempt.pair is not None and attempt.causes):
        return 1
    return 2 if attempt.round else 3


class _Wait:
    """One attempt that waits, for a server or a port of ours that takes one at a time."""

    __slots__ = ("attempt", "cost", "due_since", "host", "rank")

    def __init__(self, attempt: Attempt, order: int, host: str | None) -> None:
        self.attempt = attempt
        self.host = host
        self.rank = (_urgency(attempt), order)
        self.cost = 2 if attempt.ask.layer is Layer.DNS and "+" in attempt.ask.qtype else 1
        self.due_since: float | None = None


class Lane:
    """All attempts that wait or are under way in one run."""

    def __init__(self, rates: Rates, ready: Callable[[Attempt], float]) -> None:
        """`ready` is the cool-down's word on an attempt: its earliest start, 0 where nothing holds it."""
        self.rates = rates
        self.flows = rates.flows
        self.hold = False
        """While the network is lost, only the sentinel may start."""
        self._ready = ready
        self._waiting: list[_Wait] = []
        self._elsewhere: list[_Wait] = []
        self._here: dict[int, Attempt] = {}
        self._alone: set[int] = set()
        self._there: set[int] = set()
        self._beside: dict[int, int] = {}
        self._busy: set[str | None] = set()
        self._hosts: dict[int, str | None] = {}
        self._apart: set[tuple[str, int]] = set()
        self._host_next: dict[str, float] = {}
        self._next_flow = 0.0
        self._order = 0
        self._calling = 0
        """Quiet attempts that wait."""
        self._quiet = False
        self._drained: float | None = None
        self._open_until = 0.0
        self._crowd_until: float | None = None
        self._first = 0
        """Attempts due now, when it was last looked, of those that ask for the first time."""
        self._begun: set[tuple[int | None, int | None]] = set()

    @property
    def in_flight(self) -> int:
        """Attempts from here that are under way."""
        return len(self._here)

    @property
    def waiting(self) -> int:
        """Attempts that wait."""
        return len(self._waiting) + len(self._elsewhere)

    def add(self, attempt: Attempt) -> None:
        """Put an attempt into the queue."""
        self._order += 1
        queue = self._waiting if attempt.side is Side.HERE else self._elsewhere
        insort(queue, _Wait(attempt, self._order, self._host_of(attempt)), key=lambda wait: wait.rank)
        self._calling += attempt.alone

    def separate(self, address: str, ports: Iterable[int]) -> None:
        """Ports of our own echo are each a server of its own from now on: a hit at one is not held against others."""
        self._apart |= {(address, port) for port in ports}

    def eased(self, attempt: Attempt, ports: Sequence[int], now: float) -> Attempt:
        """The attempt toward that of some ports which is at rest first, and least asked; the nearest of equals."""
        address, asked = attempt.ask.address, attempt.ask.port or 0
        waiting = Counter(wait.host for wait in self._waiting)
        best, least = attempt, (float("inf"), 0)
        for port in sorted(ports, key=lambda port: (port < asked, port)):
            moved = msgspec.structs.replace(attempt, ask=msgspec.structs.replace(attempt.ask, port=port))
            host = f"{address} {port}"
            rests = max(now, self._ready(moved), self._host_next.get(host, 0.0))
            rank = (rests, waiting[host] + (host in self._busy))
            if rank < least:
                best, least = moved, rank
            if least <= (now, 0):
                break  # none is better, and the nearest comes first
        return best

    def _host_of(self, attempt: Attempt) -> str | None:
        host, ask = host_of(attempt), attempt.ask
        return f"{host} {ask.port}" if (host or "", ask.port or 0) in self._apart else host

    def drop(self, target: int) -> tuple[Attempt, ...]:
        """Take back what waits for a target whose inquiry has ended."""
        gone = []
        for queue in (self._waiting, self._elsewhere):
            gone += [wait.attempt for wait in queue if target_of(wait.attempt.id) == target]
            queue[:] = [wait for wait in queue if target_of(wait.attempt.id) != target]
        self._calling -= sum(attempt.alone for attempt in gone)
        return tuple(gone)

    def pace(self, times: float, slowest: float) -> bool:
        """Multiply the pace, never below `slowest` nor above that of the run; whether that changed anything."""
        before = self.flows
        self.flows = min(self.rates.flows, max(slowest, before * times))
        return self.flows != before

    def start(self, now: float, most: float = float("inf")) -> tuple[Attempt, ...]:
        """The attempts that start now, in order, and so many at most; they count as under way from here on."""
        self._take_turns(now)
        started: list[Attempt] = []
        for queue, may in ((self._elsewhere, self._may_elsewhere), (self._waiting, self._may)):
            for wait in list(queue):
                if len(started) < most and may(wait, now):
                    queue.remove(wait)
                    self._begin(wait, now)
                    started.append(wait.attempt)
        return tuple(started)

    def beside(self, attempt_id: int) -> int:
        """How many others from here have been under way with an attempt at some time."""
        return self._beside.get(attempt_id, 0)

    def finish(self, attempt_id: int) -> None:
        """An attempt is over, and what came of it is known: its place is free."""
        self._beside.pop(attempt_id, None)
        self._there.discard(attempt_id)
        self._alone.discard(attempt_id)
        attempt = self._here.pop(attempt_id, None)
        if attempt is not None:
            self._busy.discard(self._hosts.pop(attempt_id))

    def wake(self, now: float) -> float | None:
        """When something could start though nothing ended until then; `None`: never."""
        if self._waiting and now < self._next_flow:
            return self._next_flow  # nothing from here before that; what the helper does waits for its own
        times = [self._open_until, self._crowd_until or 0.0]
        for wait in self._waiting:
            times.append(self._due(wait))
            if wait.due_since is not None:
                times.append(wait.due_since + self.rates.patience)
        if self._drained is not None:
            times.append(self._drained + self.rates.turn)
        times.extend(wait.attempt.not_before for wait in self._elsewhere if wait.attempt.not_before)
        later = [time for time in times if time > now]
        return min(later) if later and self.waiting else None

    def _due(self, wait: _Wait) -> float:
        pace = self._host_next.get(wait.host, 0.0) if wait.host is not None else 0.0
        return max(self._rested(wait), pace)

    def _rested(self, wait: _Wait) -> float:
        """Its earliest start but for the pace of its host, which others may use up before it."""
        if wait.attempt.role is Role.SENTINEL:
            return 0.0  # it watches the line, wherever an address must rest
        return max(wait.attempt.not_before, self._ready(wait.attempt))

    def _may_elsewhere(self, wait: _Wait, now: float) -> bool:
        free = len(self._there) < self.rates.helper and not self.hold and wait.attempt.not_before <= now
        return free or wait.attempt.role is Role.SENTINEL

    def _may(self, wait: _Wait, now: float) -> bool:
        attempt = wait.attempt
        if self._alone or now < self._next_flow or len(self._here) >= self.rates.in_flight:
            return False
        if wait.host in self._busy or self._due(wait) > now:
            return False
        if attempt.role is Role.SENTINEL:
            return True
        if self.hold:
            return False
        if attempt.alone:
            empty = self._quiet and self._drained is not None and not self._here
            return empty and (not self._turn_over(now) or self._pair(attempt) in self._begun)
        return not self._quiet or (self._drained is None and attempt.bystander)

    def _begin(self, wait: _Wait, now: float) -> None:
        attempt = wait.attempt
        self._beside[attempt.id] = len(self._here) if attempt.side is Side.HERE else 0
        self._calling -= attempt.alone
        if attempt.side is not Side.HERE:
            self._there.add(attempt.id)
            return
        for other in self._here:
            self._beside[other] += 1
        self._here[attempt.id] = attempt
        self._hosts[attempt.id] = wait.host
        self._next_flow = max(self._next_flow, now - LATE) + wait.cost * (1 + LATE) / self.flows
        if wait.host is not None:
            self._busy.add(wait.host)
            self._host_next[wait.host] = now + 1.0 / self.rates.per_host
        if attempt.alone:
            self._alone.add(attempt.id)
            self._begun.add(self._pair(attempt))

    def _take_turns(self, now: float) -> None:
        """Open the lane, drain it, or keep it quiet."""
        if not self._quiet and not self._calling:
            return
        alone, due, others, closing, first = [], [], False, False, 0
        for wait in self._waiting:
            if wait.attempt.role is Role.SENTINEL:
                continue
            if not wait.attempt.alone:
                # Not `_due`: quiet attempts to the same host would use up its pace, and nobody else be due ever.
                rested = self._rested(wait) <= now
                others = others or rested
                first += rested and not wait.attempt.round
                closing = closing or (wait.attempt.bystander and self._due(wait) <= now + self.rates.linger)
                continue
            when = self._due(wait)
            alone.append((wait, when))
            if when <= now:
                wait.due_since = now if wait.due_since is None else wait.due_since
                due.append(wait)
            else:
                wait.due_since = None
        self._first = first
        if self._quiet:
            self._stay_quiet(now, alone, others=others)
        elif due and now >= self._open_until and not self.hold and not self._crowded(now, first):
            longest = now - min(wait.due_since for wait in due if wait.due_since is not None)
            idle = not others and not self._here
            self._quiet = idle or longest >= self.rates.patience or len(due) >= self.rates.batch
        if self._quiet and self._drained is None and not self._here and not closing:
            self._drained = now  # brackets are closed first: one that waited for a turn to end would be too wide

    def _crowded(self, now: float, first: int) -> bool:
        """Whether those who wait to be asked for the first time come before a quiet turn."""
        if first >= CROWD and self._crowd_until is None:
            self._crowd_until = now + self.rates.crowded
        return first >= CROWD and now < (self._crowd_until or 0.0)

    def _stay_quiet(self, now: float, alone: list[tuple[_Wait, float]], *, others: bool) -> None:
        if self._alone:
            return
        if self._turn_over(now) and not others:
            self._drained = now  # nobody waits for the end of this turn: it is followed by another
        over = self._turn_over(now)
        wanted = [
            when
            for wait, when in alone
            if when <= now + self.rates.linger and (not over or self._pair(wait.attempt) in self._begun)
        ]
        if wanted and not self.hold:
            return
        self._quiet = False
        self._drained = None
        self._begun.clear()
        self._open_until = now + self.rates.between if over else now
        self._crowd_until = now + self.rates.crowded

    def _turn_over(self, now: float) -> bool:
        longest = self.rates.turn * (3 if self._calling >= CROWD > self._first else 1)
        return self._drained is not None and now >= self._drained + longest

    @staticmethod
    def _pair(attempt: Attempt) -> tuple[int | None, int | None]:
        return target_of(attempt.id), attempt.pair
