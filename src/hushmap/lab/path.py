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
from dataclasses import dataclass
from ipaddress import ip_address

from hushmap.lab.addresses import CLIENT, CLIENT6, hop
from hushmap.lab.censors.box import Act, Box
from hushmap.lab.loss import Link
from hushmap.lab.packet import ICMP, ICMP6, time_exceeded, ttl_of, with_ttl

_CLIENTS = frozenset({ip_address(CLIENT).packed, ip_address(CLIENT6).packed})
_ICMP_PER_S = 100.0
"""Errors that one router sends in a second at most; Linux allows 1,000 in all and one a second to a peer, so real
hops vanish sooner (refs/LAB 3). Own knowledge, unchecked, for other makes."""
_ICMP_BURST = 50.0
_BATCH = 64
"""Packets read from one device before the other gets its turn."""


@dataclass(slots=True, frozen=True, order=True)
class Due:
    """A packet that is to come out at a time."""

    at: float
    number: int
    outward: bool
    raw: bytes
    by: Act | None = None
    """The censor that sent it."""


Tap = Callable[[bytes, bool, Act | None], None]
"""Shown every packet that enters or leaves: its bytes, whether at the client's end, and the censor that sent it."""


class _Allowance:
    """A token bucket for one router's errors."""

    def __init__(self) -> None:
        self._tokens, self._last = _ICMP_BURST, 0.0

    def take(self, now: float) -> bool:
        self._tokens = min(_ICMP_BURST, self._tokens + (now - self._last) * _ICMP_PER_S)
        self._last = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Path:
    """The engine; times are seconds since the client's first packet."""

    def __init__(self, *, hops: int, delay: float, boxes: Sequence[Box], out: Link, back: Link) -> None:
        self._hops = hops
        self._delay = delay
        self._boxes = sorted(boxes, key=lambda box: box.at)
        self._routers = tuple(
            (ip_address(v4).packed, ip_address(v6).packed) for v4, v6 in (hop(number + 1) for number in range(hops))
        )
        self._allowances = tuple(_Allowance() for _ in range(hops))
        self._links = {True: out, False: back}
        self._number = 0

    def receive(self, raw: bytes, now: float, *, outward: bool) -> list[Due]:
        """A packet enters at one end; what comes out of it, and when. `survives` is asked again at the client."""
        if not raw or (raw[0] >> 4 == 4 and len(raw) < 20) or (raw[0] >> 4 != 4 and len(raw) < 40):
            return []
        client = (
            (raw[12:16] if outward else raw[16:20]) if raw[0] >> 4 == 4 else (raw[8:24] if outward else raw[24:40])
        )
        if client not in _CLIENTS:  # neighbour discovery, or an answer to a dead address: it leads nowhere
            return []
        if outward and self._links[True].loses(now):
            return []
        return list(self._walk(raw, now, outward=outward))

    def survives(self, due: Due, now: float) -> bool:
        """Whether a packet for the client gets over the access line when it is due."""
        return due.outward or not self._links[False].loses(now)

    def _walk(self, raw: bytes, now: float, *, outward: bool) -> Iterator[Due]:
        ttl = ttl_of(raw)
        for box in self._boxes if outward else reversed(self._boxes):
            crossed = box.at if outward else self._hops - box.at
            if ttl <= crossed:
                yield from self._exceeded(raw, ttl, now, outward=outward)
                return
            passage = box.see(raw, now, outward=outward)
            there = now + self._share(crossed)
            for injection in passage.inject:
                left = self._hops - box.at if injection.outward else box.at
                spare = ttl_of(injection.raw) - left
                if spare > 0:
                    at = there + injection.delay + self._share(left)
                    yield self._due(at, with_ttl(injection.raw, spare), outward=injection.outward, by=passage.by)
            if not passage.forward:
                return
        if ttl <= self._hops:
            yield from self._exceeded(raw, ttl, now, outward=outward)
            return
        yield self._due(now + self._delay, with_ttl(raw, ttl - self._hops), outward=outward)

    def _exceeded(self, raw: bytes, ttl: int, now: float, *, outward: bool) -> Iterator[Due]:
        """The router at which the TTL ran out says so, to the sender; never about an ICMP error (RFC 1122 3.2.2)."""
        if raw[0] >> 4 == 4:
            error = raw[9] == ICMP and raw[(raw[0] & 15) * 4 : (raw[0] & 15) * 4 + 1] not in {b"\x08", b"\x00"}
        else:
            error = raw[6] == ICMP6 and raw[40:41] < b"\x80"
        number = max(ttl, 1) if outward else self._hops + 1 - max(ttl, 1)
        if error or not self._allowances[number - 1].take(now):
            return
        back = 64 - (number - 1 if outward else self._hops - number)
        answer = time_exceeded(self._routers[number - 1], raw, ttl=back)
        yield self._due(now + 2 * self._share(max(ttl, 1)), answer, outward=not outward)

    def _share(self, hops: int) -> float:
        """Seconds for so many hops in one direction."""
        return self._delay * hops / self._hops

    def _due(self, at: float, raw: bytes, *, outward: bool, by: Act | None = None) -> Due:
        self._number += 1
        return Due(at, self._number, outward, raw, by)


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
        for raw in _read(descriptor):
            now = time.monotonic()
            if self._zero is None:
                if not outward:
                    continue
                self._zero = now
            if self._tap is not None:
                self._tap(raw, outward, None)
            for due in self._path.receive(raw, now - self._zero, outward=outward):
                heapq.heappush(self._waiting, due)

    def give(self) -> None:
        """Write what is due."""
        while self._zero is not None and self._waiting:
            now = time.monotonic() - self._zero
            if self._waiting[0].at > now:
                return
            due = heapq.heappop(self._waiting)
            if self._path.survives(due, now):
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


def _read(descriptor: int) -> Iterator[bytes]:
    for _ in range(_BATCH):
        try:
            yield os.read(descriptor, 65536)
        except BlockingIOError:
            return


def _write(descriptor: int, raw: bytes) -> None:
    """Hand a packet to the kernel, which may refuse it as a full queue or a malformed packet: then it is lost."""
    try:
        os.write(descriptor, raw)
    except OSError as error:
        if error.errno not in {errno.EAGAIN, errno.EINVAL, errno.ENOBUFS}:
            raise
