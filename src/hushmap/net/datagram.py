"""Lookups by datagram: a socket and a source port of its own for each, and one pair of ears for all.

A lookup waits much and works little, and a run has hundreds of them. Their sockets stand in one epoll of our own,
which the event loop knows as a single file, and each lookup is a small machine that is turned when something came or
fell due: no task is woken for anything but its end. That is four times as fast as a coroutine that waits by itself.
"""

import asyncio
import select
import socket
from collections import deque

from hushmap.model import Failure, is_bogon
from hushmap.net.limits import Limits
from hushmap.net.lookup import Lookup

SENDS = (0.0, 0.2, 0.4, 0.8)
"""When a query is sent, as shares of its time-out: 0, 1, 2 and 4 s of 5 (STATISTICS 6)."""

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
        self._settle(asyncio.get_running_loop())
        file = sock.fileno()
        rounds = self._rounds.setdefault(lookup.resolver, deque(maxlen=ROUNDS))
        asked = self._asked[file] = _Asked(sock, lookup, limit, rounds, self._limits)
        self._epoll.register(file, select.EPOLLIN)
        try:
            asked.turn()
            await asked.over
        finally:
            asked.rest()
            del self._asked[file]
            self._epoll.unregister(file)

    def _settle(self, loop: asyncio.AbstractEventLoop) -> None:
        """Be known to the loop that runs now; a new one forgot whatever an old one had."""
        if self._loop is not loop:
            self._loop, self._epoll = loop, select.epoll()
            loop.add_reader(self._epoll.fileno(), self._hear)

    def _hear(self) -> None:
        for file, _ in self._epoll.poll(0):
            self._asked[file].hear()


class _Asked:
    """One question under way: what is to be done next, and when."""

    __slots__ = ("_alarm", "_due", "_end", "_limits", "_lookup", "_loop", "_refused", "_rounds", "_sock", "over")

    def __init__(
        self, sock: socket.socket, lookup: Lookup, limit: float, rounds: deque[float], limits: Limits
    ) -> None:
        self._sock, self._lookup, self._rounds, self._limits = sock, lookup, rounds, limits
        self._loop = asyncio.get_running_loop()
        self._due = [lookup.t0 + share * limit for share in SENDS]
        self._end = lookup.t0 + limit
        self._refused = False
        self._alarm: asyncio.TimerHandle | None = None
        self.over: asyncio.Future[None] = self._loop.create_future()

    def hear(self) -> None:
        """Something came: an answer, or an error that the datagram before met."""
        heard = len(self._lookup.answers)
        self._lookup.take(self._sock)
        self._learn(heard)
        self.turn()

    def turn(self) -> None:
        """Send what is due, or end; and set the alarm for what comes next."""
        lookup = self._lookup
        now = lookup.now()
        if now >= self._end:
            if not lookup.answers and lookup.failure is None:
                lookup.failure = Failure.TIMEOUT
            if not self.over.done():
                self.over.set_result(None)
            return
        if self._due and now >= self._due[0] and not lookup.answers:
            self._due.pop(0)
            lookup.send(self._sock)
        wake = self._end if lookup.answers or not self._due else min(self._due[0], self._end)
        self.rest()
        self._alarm = self._loop.call_later(wake - now, self._ring)

    def rest(self) -> None:
        """No alarm any more."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _ring(self) -> None:
        self._alarm = None
        self.hear()

    def _learn(self, heard: int) -> None:
        """Draw the consequences of what came since there were `heard` answers."""
        lookup = self._lookup
        if lookup.answers and not heard:
            self._end = lookup.answers[0].t + patience(lookup, self._rounds, self._limits)
        elif lookup.failure is not None and not lookup.answers and not self._refused:
            # ICMP says that nobody listens. Whoever would answer all the same may have been lost on the way: the
            # question is sent twice more, and the usual wait follows.
            now, late, self._refused = lookup.now(), self._limits.late, True
            self._due, self._end = [now + late / 2, now + late], min(self._end, now + 2 * late)
