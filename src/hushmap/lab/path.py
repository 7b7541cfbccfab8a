"""The path between client and internet: hops that count TTL down, delay, loss, and the censors between them.

It is the simulated network: a packet read from one TUN device comes out of the other only because it says so. The
engine takes times as arguments and returns packets with their due times; the loop around it holds the two devices.
In a path without delay an injected answer wins the race in only 3 of 4 cases; with delay the order is a parameter
(refs/LAB 2, Race realism).
"""

import errno
import heapq
import os
import select
import time
from collections.abc import Callable, Iterator, Sequence
from ipaddress import ip_address
from typing import NamedTuple

from hushmap.lab.addresses import CLIENT, CLIENT6
from hushmap.lab.censors.box import DECIDED, Act, Box, Passage
from hushmap.lab.decided import Decided
from hushmap.lab.line import Line
from hushmap.lab.packet import ttl_of, with_ttl
from hushmap.lab.routers import Routers

_CLIENTS = frozenset({ip_address(CLIENT).packed, ip_address(CLIENT6).packed})
_BATCH = 64
"""Packets read from one device before the other gets its turn."""
_LONGEST = 65536
_HEAD4, _HEAD6 = 20, 40
OUT, _LINE = -1, -2
"""Steps of a packet that has all boxes behind it: it comes out; it has the client's line before it."""


class Due(NamedTuple):
    """A packet that is to come out, or to go on, at a time."""

    at: float
    number: int
    outward: bool
    raw: bytes
    by: Act | None = None
    """The censor that sent it."""
    step: int = OUT
    """How many boxes it has behind it, if it has to go on from there."""


Tap = Callable[[bytes, bool, Act | None], None]
"""Shown every packet that enters or leaves: its bytes, whether at the client's end, and the censor that sent it."""


class Path:
    """The engine; times are seconds since the client's first packet, and each is asked about in its order."""

    def __init__(self, *, routers: Routers, delay: float, boxes: Sequence[Box], out: Line, back: Line) -> None:
        self._hops = routers.hops
        self._routers = routers
        self._delay = delay
        near = [(box, box.at) for box in sorted(boxes, key=lambda box: box.at)]
        far = [(box, self._hops - at) for box, at in reversed(near)]
        self._ways = (far, near)  # by `outward`: each box, and how many hops lie before it
        self._out, self._back = out, back
        self._arrives = _LINE if back.waits else OUT
        self._decided = Decided(self._hops)
        self._number = 0

    def receive(self, raw: bytes, now: float, *, outward: bool) -> list[Due]:
        """A packet enters at one end; what comes of it, and when. `survives` is asked again at the client."""
        if outward and not (self._out.lossless and not self._out.waits):
            return self._enters(raw, now)
        aged = self._decided.aged(raw, now)
        if aged is not None:
            self._number += 1
            return [Due(now + self._delay, self._number, outward, aged, None, OUT if outward else self._arrives)]
        return list(self._walk(raw, now, outward=outward)) if _of_client(raw, outward=outward) else []

    def goes_on(self, due: Due) -> list[Due]:
        """What becomes of a packet whose step is not the last, at the time that it was due."""
        if due.step != _LINE:
            return list(self._walk(due.raw, due.at, outward=due.outward, step=due.step, by=due.by))
        over = self._back.passes(len(due.raw), due.at)
        return [] if over is None else [self._due(due.at + over, due.raw, outward=False, by=due.by, step=OUT)]

    def survives(self, due: Due, now: float) -> bool:
        """Whether a packet for the client gets over the access line when it is due."""
        return due.outward or self._back.lossless or not self._back.loses(now)

    def _enters(self, raw: bytes, now: float) -> list[Due]:
        """The client's packet comes to its line, which may lose it or let it wait."""
        if not _of_client(raw, outward=True) or self._out.loses(now):
            return []
        over = self._out.passes(len(raw), now)
        if over is None:
            return []
        if over:
            return [self._due(now + over, raw, outward=True, step=0)]
        return list(self._walk(raw, now, outward=True))

    def _walk(self, raw: bytes, now: float, *, outward: bool, step: int = 0, by: Act | None = None) -> Iterator[Due]:
        """From box to box; what each sends, and the packet itself unless it ends at one."""
        ttl = ttl_of(raw)
        decided = step == 0
        for number, (box, crossed) in enumerate(self._ways[outward][step:], step + 1):
            if ttl <= crossed:
                yield from self._exceeded(raw, ttl, now, outward=outward)
                return
            passage = box.see(raw, now, outward=outward)
            if passage is DECIDED:
                continue
            decided = False
            yield from self._injected(passage, box.at, now + self._share(crossed))
            if not passage.forward:
                return
            if passage.instead or passage.hold:
                raw, by = passage.instead or raw, passage.by
            if passage.hold:
                yield self._due(now + passage.hold, raw, outward=outward, by=by, step=number)
                return
        if ttl <= self._hops:
            yield from self._exceeded(raw, ttl, now, outward=outward)
            return
        if decided:
            self._decided.add(raw, now)
        yield self._due(now + self._delay, with_ttl(raw, ttl - self._hops), outward=outward, by=by)

    def _injected(self, passage: Passage, at: int, there: float) -> Iterator[Due]:
        """What a box at this place sends, at the time that the packet is there."""
        for injection in passage.inject:
            left = self._hops - at if injection.outward else at
            spare = ttl_of(injection.raw) - left
            if spare > 0:
                due = there + injection.delay + self._share(left)
                yield self._due(due, with_ttl(injection.raw, spare), outward=injection.outward, by=passage.by)

    def _exceeded(self, raw: bytes, ttl: int, now: float, *, outward: bool) -> Iterator[Due]:
        """The router at which the TTL ran out says so, to the sender."""
        answer = self._routers.exceeded(raw, ttl, now, outward=outward)
        if answer is not None:
            yield self._due(now + 2 * self._share(max(ttl, 1)), answer, outward=not outward)

    def _share(self, hops: int) -> float:
        """Seconds for so many hops in one direction."""
        return self._delay * hops / self._hops

    def _due(self, at: float, raw: bytes, *, outward: bool, by: Act | None = None, step: int | None = None) -> Due:
        self._number += 1
        if step is None:
            step = OUT if outward else self._arrives
        return Due(at, self._number, outward, raw, by, step)


def _of_client(raw: bytes, *, outward: bool) -> bool:
    """Whether it is a packet of the client's; neighbour discovery and answers to dead addresses lead nowhere."""
    version = raw[0] >> 4 if raw else 0
    if version == 4 and len(raw) >= _HEAD4:
        return (raw[12:16] if outward else raw[16:20]) in _CLIENTS
    return version == 6 and len(raw) >= _HEAD6 and (raw[8:24] if outward else raw[24:40]) in _CLIENTS


class _Carrier:
    """Holds the two TUN devices, and the packets that are on their way."""

    def __init__(self, path: Path, client: int, internet: int, tap: Tap | None) -> None:
        self._path = path
        self._tap = tap
        self._client = client
        self._internet = internet
        self._waiting: list[Due] = []
        self._zero: float | None = None

    def pause(self) -> float:
        """Seconds until the next packet is due, at most one."""
        if self._zero is None or not self._waiting:
            return 1.0
        return min(1.0, max(0.0, self._waiting[0].at - (time.monotonic() - self._zero)))

    def take(self, descriptor: int) -> None:
        """Read what lies at one end. The clock starts with the client's first packet."""
        outward = descriptor == self._client
        receive, waiting, tap = self._path.receive, self._waiting, self._tap
        for _ in range(_BATCH):
            try:
                raw = os.read(descriptor, _LONGEST)
            except BlockingIOError:
                return
            now = time.monotonic()
            if self._zero is None:
                if not outward:
                    continue
                self._zero = now
            if tap is not None:
                tap(raw, outward, None)
            for due in receive(raw, now - self._zero, outward=outward):
                heapq.heappush(waiting, due)

    def give(self) -> None:
        """Write what is due, and let go on what has come to a place from where it goes on."""
        waiting = self._waiting
        while waiting and self._zero is not None:
            now = time.monotonic() - self._zero
            if waiting[0].at > now:
                return
            while waiting and waiting[0].at <= now:
                due = heapq.heappop(waiting)
                if due.step != OUT:
                    for further in self._path.goes_on(due):
                        heapq.heappush(waiting, further)
                elif due.outward or self._path.survives(due, now):
                    if self._tap is not None:
                        self._tap(due.raw, not due.outward, due.by)
                    _write(self._internet if due.outward else self._client, due.raw)


def carry(path: Path, client: int, internet: int, stop: int, tap: Tap | None = None) -> None:
    """Carry packets between the two TUN devices until `stop` becomes readable (its other end closed)."""
    poller = select.epoll()
    for descriptor in (client, internet, stop):
        poller.register(descriptor, select.EPOLLIN)
    carrier = _Carrier(path, client, internet, tap)
    while True:
        for descriptor, _ in poller.poll(carrier.pause()):
            if descriptor == stop:
                return
            carrier.take(descriptor)
        carrier.give()


def _write(descriptor: int, raw: bytes) -> None:
    """Hand a packet to the kernel, which may refuse it as a full queue or a malformed packet: then it is lost."""
    try:
        os.write(descriptor, raw)
    except OSError as error:
        if error.errno not in {errno.EAGAIN, errno.EINVAL, errno.ENOBUFS}:
            raise
