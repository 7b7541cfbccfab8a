"""Lookups by datagram: a socket and a source port of its own for each, and one pair of ears for all.

A lookup waits much and works little, and a run has hundreds of them. Their sockets stand in one epoll of our own,
which the event loop knows as a single file, and each lookup is a small machine that is turned when something came or
fell due: no task is woken for anything but its end. That is four times as fast as a coroutine that waits by itself.
What one turn of the loop asks is sent in one go: whoever takes it from the kernel is woken once, not for each.
"""

import asyncio
import select
import socket
from collections import deque
from heapq import heapify, heappop, heappush

from hushmap.model import Failure, is_bogon
from hushmap.net.limits import Limits
from hushmap.net.lookup import Lookup

SENDS = (0.0, 0.2, 0.4, 0.8)
"""When a query is sent, as shares of its time-out: 0, 1, 2 and 4 s of 5 (STATISTICS 6)."""

_BELLS = 256
"""So many bells may hang before the idle ones are looked for: four for each lookup that a run has in flight."""
ROUNDS = 9
"""Recent round trips of a resolver whose median tells how long a true answer may follow a forged one."""


def suspicious(addresses: tuple[str, ...]) -> bool:
    """Whether an answer cannot be true for a public name: worth a longer wait for the true one."""
    return any(map(is_bogon, addresses))


def patience(lookup: Lookup, rounds: deque[float], limits: Limits) -> float:
    """How long to go on listening after the first answer; `rounds` learns how long that one took."""
    first = lookup.answers[0]
    if first.failure is Failure.DNS_MISBEHAVING or suspicious(first.addresses):
        return limits.late_suspicious
    rounds.append(first.t - lookup.last_sent)
    median = sorted(rounds)[len(rounds) // 2]
    return min(max(limits.late, 3 * median), limits.late_suspicious)


class Ears:
    """Listens for every lookup of a run; remembers round trips for as long."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._rounds: dict[str, deque[float]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._asked: dict[int, _Asked] = {}

    async def listen(self, sock: socket.socket, lookup: Lookup, limit: float) -> None:
        """Send by the schedule until an answer comes, then listen as long as a further one may follow."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._settle(loop)
        rounds = self._rounds.get(lookup.resolver)
        if rounds is None:
            rounds = self._rounds[lookup.resolver] = deque(maxlen=ROUNDS)
        file = sock.fileno()
        asked = self._asked[file] = _Asked(sock, lookup, limit, rounds, self._limits, loop.create_future())
        self._epoll.register(file, select.EPOLLIN)
        if not self._new:
            loop.call_soon(self._begin)
        self._new.append(asked)
        try:
            await asked.over
        finally:
            del self._asked[file]
            self._epoll.unregister(file)

    def _settle(self, loop: asyncio.AbstractEventLoop) -> None:
        """Be known to the loop that runs now; a new one forgot whatever an old one had."""
        self._loop, self._epoll, self._bells = loop, select.epoll(), _Bells(loop)
        self._new: list[_Asked] = []
        loop.add_reader(self._epoll.fileno(), self._hear)

    def _begin(self) -> None:
        """Send the first of every new lookup that was not given up meanwhile."""
        begun, self._new = self._new, []
        for asked in begun:
            if not asked.over.done():
                self._bells.turn(asked)

    def _hear(self) -> None:
        for file, _ in self._epoll.poll(0):
            asked = self._asked[file]
            asked.hear()
            self._bells.turn(asked)


class _Bells:
    """Wakes each lookup when its time has come, by one timer of the loop: nearly every lookup ends before its own.

    A bell hangs until its time comes, though its lookup be over, or wants to be woken later or was woken earlier;
    when most of them have no lookup any more, those are taken down.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._hung: list[tuple[float, int, _Asked]] = []
        self._count = 0
        self._most = _BELLS
        self._timer: asyncio.TimerHandle | None = None

    def turn(self, asked: "_Asked") -> None:
        """Let a lookup do what is due, and see that it is woken for what comes next.

        The loop calls this, and could tell nobody: a fault of ours goes to whoever asked, and holds up no other.
        """
        try:
            pause = asked.turn()
        except Exception as error:  # noqa: BLE001 (raised again where it is awaited)
            asked.over.set_exception(error)
            return
        if pause is not None:
            asked.wake = self._loop.time() + pause
            if asked.bell is None or asked.wake < asked.bell:
                self._hang(asked)
                self._set()

    def _hang(self, asked: "_Asked") -> None:
        asked.bell = asked.wake
        self._count += 1  # two of one moment are never compared as lookups
        heappush(self._hung, (asked.wake, self._count, asked))
        if len(self._hung) > self._most:
            self._hung = [bell for bell in self._hung if not bell[2].over.done()]
            heapify(self._hung)
            self._most = max(_BELLS, 2 * len(self._hung))

    def _set(self) -> None:
        """Have the timer go off with the first bell."""
        if not self._hung or (self._timer is not None and self._timer.when() <= self._hung[0][0]):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_at(self._hung[0][0], self._ring)

    def _ring(self) -> None:
        self._timer = None
        now, hung = self._loop.time(), self._hung
        ripe = []
        while hung and hung[0][0] <= now:
            when, _, asked = heappop(hung)
            if asked.bell == when and not asked.over.done():
                asked.bell = None
                ripe.append(asked)
        for asked in ripe:
            if asked.wake > now:
                self._hang(asked)
            else:
                asked.hear_all()
                self.turn(asked)
        self._set()


class _Asked:
    """One question under way: what is to be done next, and when."""

    __slots__ = ("_due", "_end", "_limits", "_lookup", "_refused", "_rounds", "_sock", "bell", "over", "wake")

    def __init__(
        self,
        sock: socket.socket,
        lookup: Lookup,
        limit: float,
        rounds: deque[float],
        limits: Limits,
        over: asyncio.Future[None],
    ) -> None:
        self._sock, self._lookup, self._rounds, self._limits = sock, lookup, rounds, limits
        t0 = lookup.t0
        self._due = [t0 + share * limit for share in SENDS]
        self._end = t0 + limit
        self._refused = False
        self.over = over
        self.wake = 0.0
        """When it is to be turned though nothing came, by the loop's time."""
        self.bell: float | None = None
        """When the bell rings that hangs for it."""

    def hear(self) -> bool:
        """Something came: an answer, which it tells, or an error that the datagram before met."""
        first = not self._lookup.answers
        found = self._lookup.take(self._sock)
        self._learn(first=first)
        return found

    def hear_all(self) -> None:
        """The last look: what waits is not left for another turn."""
        while self.hear():
            pass

    def turn(self) -> float | None:
        """Send what is due, or end; seconds until something else is due, `None` at the end."""
        lookup = self._lookup
        now = lookup.now()
        if now >= self._end:
            if not lookup.answers and lookup.failure is None:
                lookup.failure = Failure.TIMEOUT
            if not self.over.done():
                self.over.set_result(None)
            return None
        if lookup.answers:
            return self._end - now
        if self._due and now >= self._due[0]:
            del self._due[0]
            lookup.send(self._sock)
        return (min(self._due[0], self._end) if self._due else self._end) - now

    def _learn(self, *, first: bool) -> None:
        """Draw the consequences of what came; `first`: there was no answer before."""
        lookup = self._lookup
        if lookup.answers and first:
            self._end = lookup.answers[0].t + patience(lookup, self._rounds, self._limits)
        elif lookup.failure is not None and not lookup.answers and not self._refused:
            # ICMP says that nobody listens. Whoever would answer all the same may have been lost on the way: the
            # question is sent twice more, and the usual wait follows.
            now, late, self._refused = lookup.now(), self._limits.late, True
            self._due, self._end = [now + late / 2, now + late], min(self._end, now + 2 * late)
