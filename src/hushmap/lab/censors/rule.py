"""What a censor's rule is given and what it may do: packet and flow in, action out.

A rule is pure: `inspect(packet, flow, now)` touches no socket, no clock and no chance, so each is tested as a
function (STYLE 4.14). What a rule does to the network is written down as a `Sighting` at the moment it does it: that
log is the truth against which verdicts are scored.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from hushmap.lab.packet import ACK, FIN, PSH, RST, SYN, TCP, Packet, tcp

STREAM_LIMIT = 16384
"""Bytes of a flow's first direction that a censor keeps; one TLS record (RFC 8446 5.1)."""
RST_OFFSETS = (0, 1460, 4380)
"""Sequence offsets of the three resets of a legacy injector (refs/BEYOND 2.6)."""


@dataclass(slots=True)
class Flow:
    """What a censor remembers of one flow, seen from the side that opened it."""

    client: bytes
    server: bytes
    cport: int
    sport: int
    opened: float
    last: float = 0.0
    settled: bool = False
    """Every rule has seen enough and lets it pass: packets are no longer parsed."""
    silenced: bool = False
    """An in-path censor discards all that follows."""
    burned: float = 0.0
    """Until when its 3-tuple is under residual blocking."""
    logged: bool = False
    sent: bytes = b""
    """The stream from the opener, in order, without holes, at most `STREAM_LIMIT`."""
    _start: int | None = None
    _pieces: dict[int, bytes] = field(default_factory=dict)

    def feed(self, packet: Packet) -> None:
        """Take in a TCP segment of the opener; holes are kept until they are filled."""
        if packet.flags & SYN:
            self._start = (packet.seq + 1) & 0xFFFFFFFF
        if not packet.payload:
            return
        if self._start is None:  # the handshake was before our time
            self._start = packet.seq
        offset = (packet.seq - self._start) & 0xFFFFFFFF
        if offset < STREAM_LIMIT:
            self._pieces.setdefault(offset, packet.payload)
        while len(self.sent) < STREAM_LIMIT:
            piece = self._next()
            if not piece:
                break
            self.sent += piece

    def _next(self) -> bytes:
        """The bytes that follow what is there, from a piece that covers them."""
        end = len(self.sent)
        for offset in sorted(self._pieces):
            piece = self._pieces[offset]
            if offset <= end < offset + len(piece):
                return piece[end - offset :]
        return b""


@dataclass(slots=True, frozen=True)
class Injection:
    """A packet that the censor sends."""

    raw: bytes
    outward: bool
    """Toward the internet; else toward the client."""
    delay: float = 0.0
    """Seconds that the censor takes."""


@dataclass(slots=True, frozen=True)
class Sighting:
    """What a rule did, in METHOD 2's words."""

    mechanism: str
    what: str
    """The name, word or address that it acted on."""


@dataclass(slots=True, frozen=True)
class Action:
    """What one rule does about one packet."""

    sighting: Sighting
    inject: tuple[Injection, ...] = ()
    drop: bool = False
    """Discard this packet; a censor on the path (not in it) cannot, and its box does not."""
    silence: bool = False
    """Discard all that follows in this flow; the same limit."""
    burn: float = 0.0
    """Seconds of residual blocking of (client, server, server port) from now on."""


class Settled:
    """A rule's answer: this flow cannot concern me any more."""


SETTLED = Settled()
Answer = Action | Settled | None
"""`None`: nothing to do about this packet, but keep showing me the flow."""


class Rule(Protocol):
    """One thing that a censor looks for."""

    kind: str

    def inspect(self, packet: Packet, flow: Flow, now: float) -> Answer:
        """What to do about a packet; `now` is in seconds since the path began."""
        ...


def match(name: str, names: frozenset[str], words: tuple[str, ...]) -> str | None:
    """The entry that covers a host name: the name itself, a parent domain of it, or a word anywhere inside."""
    labels = name.lower().rstrip(".").split(".")
    for first in range(len(labels)):
        suffix = ".".join(labels[first:])
        if suffix in names:
            return suffix
    return next((word for word in words if word in name.lower()), None)


def resets(packet: Packet, *, ttl: int = 64, ident: int = 0) -> tuple[Injection, ...]:
    """Resets to both ends of a flow, forged from one packet of its opener (refs/BEYOND 2.6).

    The opener gets three, so that one still lands in its window if the true answer was faster; the server gets one
    that takes the place of the packet seen, whether or not that packet arrives.
    """
    opener, server = (packet.source, packet.sport), (packet.target, packet.dport)
    after = packet.seq + len(packet.payload) + (1 if packet.flags & SYN else 0)
    back = tuple(
        Injection(
            tcp(server, opener, seq=packet.ack + offset, ack=after, flags=RST | ACK, ttl=ttl, ident=ident),
            outward=not packet.outward,
        )
        for offset in (RST_OFFSETS if packet.flags & ACK else (0,))
    )
    seqs = (packet.seq,) if not packet.payload else (packet.seq, after)
    on = tuple(
        Injection(
            tcp(opener, server, seq=seq, ack=packet.ack, flags=RST | ACK, ttl=ttl, ident=ident),
            outward=packet.outward,
        )
        for seq in seqs
    )
    return back if packet.flags & SYN else back + on


def forged_page(packet: Packet, page: bytes) -> tuple[Injection, ...]:
    """A response that seems to come from the server, the end of the connection, and a reset for the server."""
    opener, server = (packet.source, packet.sport), (packet.target, packet.dport)
    after = packet.seq + len(packet.payload)
    answer = tcp(server, opener, seq=packet.ack, ack=after, flags=PSH | ACK | FIN, payload=page)
    reset = tcp(opener, server, seq=packet.seq, ack=packet.ack, flags=RST | ACK)
    return Injection(answer, outward=not packet.outward), Injection(reset, outward=packet.outward)


def on_stream(
    packet: Packet, flow: Flow, port: int, find: Callable[[bytes], str | Settled | None], act: Callable[[str], Action]
) -> Answer:
    """The common way of a rule on a TCP stream: wait for the opener's bytes, find, act on every packet with data.

    Acting again on a retransmission matters: the first forged packet may have been lost.
    """
    if packet.protocol != TCP or flow.sport != port:
        return SETTLED
    if not packet.outward or not packet.payload:
        return None
    found = find(flow.sent)
    if found is None:
        return None if len(flow.sent) < STREAM_LIMIT else SETTLED
    return act(found) if isinstance(found, str) else found
