"""Carries packets over the lab's own path between two computers that are Python, on a time that is not waited for.

The path, its line and its boxes are the very ones of the lab: what a censor does stands in one place.
"""

import asyncio
import heapq
from abc import ABC, abstractmethod
from collections.abc import Callable

from hushmap.lab.packet import ACK, RST, TCP, Packet, parse, tcp
from hushmap.lab.path import OUT, Due, Path
from hushmap.lab.pure.peer import End, Peer, User

_DIGITS = 9
"""Times are told to the nanosecond."""
Key = tuple[bytes, int, bytes, int]
"""Our address and port, and theirs."""


class Carrier:
    """The path between two computers; packets due at one time come out in the order in which they were sent."""

    def __init__(self, path: Path, loop: asyncio.AbstractEventLoop) -> None:
        self._path = path
        self.loop = loop
        self._waiting: list[Due] = []
        self._timer: asyncio.TimerHandle | None = None
        self._ends: dict[bool, Computer] = {}
        self.cut = False
        """The client's device is off, or leads elsewhere: nothing comes or goes."""

    def join(self, computer: "Computer", *, outward: bool) -> None:
        """Say who sends outward, and who toward the client."""
        self._ends[outward] = computer

    def send(self, raw: bytes, *, outward: bool) -> None:
        """Take a packet of one of the computers."""
        if self.cut:
            return
        for due in self._path.receive(raw, self.loop.time(), outward=outward):
            self._push(due)

    def _push(self, due: Due) -> None:
        # What is due at one time comes in the order in which it was sent, whatever the last digit of a sum is.
        due = due._replace(at=round(due.at, _DIGITS))
        heapq.heappush(self._waiting, due)
        if self._timer is None or due.at < self._timer.when():
            self._wind()

    def _wind(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self.loop.call_at(self._waiting[0].at, self._give) if self._waiting else None

    def _give(self) -> None:
        now = self.loop.time()
        while self._waiting and self._waiting[0].at <= now:
            due = heapq.heappop(self._waiting)
            if due.step != OUT:
                for further in self._path.goes_on(due):
                    self._push(further)
            elif self._path.survives(due, now) and not self.cut:
                self._ends[not due.outward].take(due.raw)
        self._wind()


class Computer(ABC):
    """A computer at one end: its connections, and what it does with packets that belong to none."""

    def __init__(self, carrier: Carrier, *, outward: bool) -> None:
        self._carrier = carrier
        self._outward = outward
        self._connections: dict[Key, Peer] = {}
        carrier.join(self, outward=outward)

    def send(self, raw: bytes) -> None:
        """Send a packet."""
        self._carrier.send(raw, outward=self._outward)

    def now(self) -> float:
        """The time."""
        return self._carrier.loop.time()

    def later(self, seconds: float, call: Callable[[], None]) -> asyncio.TimerHandle:
        """Have something done later."""
        return self._carrier.loop.call_later(seconds, call)

    def forget(self, peer: Peer) -> None:
        """A connection is over."""
        self._connections.pop((*peer.local, *peer.remote), None)

    def begin(self, local: End, remote: End, *, first: int, user: User, stamps: bool = True) -> Peer:
        """A new end of a connection."""
        peer = Peer(self, local, remote, first=first, user=user, stamps=stamps)
        self._connections[(*local, *remote)] = peer
        return peer

    def taken(self, local: End, remote: End) -> bool:
        """Whether there is such a connection already."""
        return (*local, *remote) in self._connections

    def take(self, raw: bytes) -> None:
        """A packet came."""
        packet = parse(raw, outward=not self._outward)
        if packet.protocol != TCP:
            self.other(packet)
            return
        peer = self._connections.get((packet.target, packet.dport, packet.source, packet.sport))
        if peer is not None:
            peer.take(packet)
        else:
            self.strange(packet)

    @abstractmethod
    def other(self, packet: Packet) -> None:
        """A packet that is no TCP came."""

    def strange(self, packet: Packet) -> None:
        """A segment came that belongs to no connection: it is reset (RFC 9293 3.10.7.1)."""
        if packet.flags & RST:
            return
        acknowledges = bool(packet.flags & ACK)
        self.send(
            tcp(
                (packet.target, packet.dport),
                (packet.source, packet.sport),
                seq=packet.ack if acknowledges else 0,
                ack=0 if acknowledges else packet.after,
                flags=RST if acknowledges else RST | ACK,
            )
        )
