"""What a censor remembers of one flow: its ends, its two streams, and what rules keep about it.

All memory of rules lies here or in a `Table`, so that it goes when the flow goes: a censor that remembers for ever
would fill the machine, and one whose memory has no bound is no model of a real one.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Generic, Literal, TypeVar

from hushmap.lab.censors.forge import LEGACY, Style
from hushmap.lab.packet import SYN, TCP, Packet

STREAM_LIMIT = 16384
"""Bytes of each direction of a flow that a censor keeps; one TLS record (RFC 8446 5.1)."""
_HOLES = 64
"""Segments kept behind a hole; a window of 64 full ones is more than a first flight has (RFC 6928: ten)."""

Scope = Literal["4-tuple", "3-tuple", "2-tuple"]
Renewal = Literal["no", "by-hits", "by-triggers"]
Key = TypeVar("Key")
Value = TypeVar("Value")


class Stream:
    """The bytes of one direction, in order, without holes, near `STREAM_LIMIT` at most."""

    __slots__ = ("_begun", "_pieces", "data", "start")

    def __init__(self) -> None:
        self.data = b""
        self.start = 0
        """The sequence number of its first byte, once anything was seen."""
        self._begun = False
        self._pieces: dict[int, bytes] = {}

    def feed(self, packet: Packet) -> None:
        """Take in a segment of this direction; what lies behind a hole is kept until that is filled."""
        first = packet.seq
        if packet.flags & SYN:
            first = (first + 1) & 0xFFFFFFFF
            self.start, self._begun = first, True
        if not packet.payload or len(self.data) >= STREAM_LIMIT:
            return
        if not self._begun:  # the handshake was before our time
            self.start, self._begun = first, True
        offset = (first - self.start) & 0xFFFFFFFF
        if offset <= len(self.data):
            self.data += packet.payload[len(self.data) - offset :]
        elif offset < STREAM_LIMIT and len(self._pieces) < _HOLES:
            self._pieces[offset] = max(packet.payload, self._pieces.get(offset, b""), key=len)
        for at in sorted(self._pieces):
            if at > len(self.data):
                break
            self.data += self._pieces.pop(at)[len(self.data) - at :]


@dataclass(slots=True, frozen=True)
class Burn:
    """A rule's wish that a tuple go on being blocked, whatever is sent there (refs/BEYOND 2.7)."""

    seconds: float
    scope: Scope = "3-tuple"
    """Client and server with both ports, with the server's, or with none."""
    way: Literal["reset", "drop"] = "reset"
    share: float = 1.0
    """Of the flows that follow, so many are hit."""
    renewed: Renewal = "by-hits"
    """What starts the time anew: nothing; a hit on a flow that was still free; a trigger on a blocked tuple too."""
    onset: float = 0.0
    """Seconds until it begins."""
    style: Style = LEGACY


@dataclass(slots=True)
class Burned:
    """A tuple under residual blocking; every flow that it covers holds the same one."""

    start: float
    until: float
    burn: Burn
    cause: str
    """The mechanism of the hit that it follows."""


@dataclass(slots=True)
class Flow:
    """One flow, seen from the side that opened it."""

    client: bytes
    server: bytes
    cport: int
    sport: int
    opened: float
    last: float = 0.0
    protocol: int = TCP
    settled: bool = False
    """Every rule has seen enough and lets it pass: packets are no longer parsed."""
    silenced: bool = False
    """An in-path censor discards all that follows."""
    burned: Burned | None = None
    """Its tuple is, or was, under residual blocking."""
    logged: bool = False
    shaken: bool = False
    """The SYN of the opener was seen."""
    begun: bool = False
    """The opener has sent data."""
    packets: int = 0
    """How many the opener has sent."""
    answers: int = 0
    """How many with data came back."""
    out: Stream = field(default_factory=Stream)
    back: Stream = field(default_factory=Stream)
    kept: dict[object, Any] = field(default_factory=dict)
    """What rules remember of it, each under a key of its own."""

    @property
    def sent(self) -> bytes:
        """The stream from the opener."""
        return self.out.data

    def take(self, packet: Packet) -> None:
        """Learn from a packet before any rule is asked."""
        self.packets += packet.outward
        if packet.protocol != TCP:
            return
        if packet.outward:
            self.shaken = self.shaken or bool(packet.flags & SYN)
            self.begun = self.begun or bool(packet.payload)
            self.out.feed(packet)
        else:
            self.answers += bool(packet.payload)
            self.back.feed(packet)

    def forget(self) -> None:
        """Let go of contents that no rule will ask for."""
        self.out, self.back = Stream(), Stream()
        self.kept.clear()

    def fate(self, seed: int, *what: object) -> float:
        """A number from 0 to below 1 by hash of seed, ends and `what`: a rule has no chance of its own."""
        text = f"{seed} {self.protocol} {self.client.hex()} {self.cport} {self.server.hex()} {self.sport} {what}"
        return int.from_bytes(blake2b(text.encode(), digest_size=6).digest(), "big") / 2**48


class Table(Generic[Key, Value]):
    """A rule's memory across flows: bounded, and idle entries expire. The least recently used goes first."""

    def __init__(self, *, limit: int = 4096, idle: float = 60.0) -> None:
        self._limit = limit
        self._idle = idle
        self._entries: OrderedDict[Key, tuple[float, Value]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Key, now: float) -> Value | None:
        """What was put there, if it was used within the idle time; using it keeps it."""
        found = self._entries.get(key)
        if found is None or now - found[0] >= self._idle:
            return None
        self.put(key, found[1], now)
        return found[1]

    def put(self, key: Key, value: Value, now: float) -> None:
        """Remember; the oldest goes if they are too many or too old."""
        self._entries[key] = (now, value)
        self._entries.move_to_end(key)
        while True:
            oldest = next(iter(self._entries.values()))[0]
            if len(self._entries) <= self._limit and now - oldest < self._idle:
                return
            self._entries.popitem(last=False)
