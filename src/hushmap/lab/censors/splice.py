"""Leads a TCP connection to another server once its ClientHello was seen, without the client noticing.

The handshake with the true server is over when the name comes. So the censor takes that server's place: it ends the
connection there, opens one to its own service in the client's name, hands over what the client has said, and then
writes each segment's addresses and numbers anew. The client's own sequence numbers are kept; the server's differ by a
constant. Options are left out: a time stamp of another machine would look like an old segment (RFC 7323 5).
"""

from dataclasses import dataclass

from hushmap.lab.censors.flow import Flow, Table
from hushmap.lab.censors.forge import SEGMENT, Injection
from hushmap.lab.censors.rule import SETTLED, Action, Answer, Sighting
from hushmap.lab.packet import ACK, PSH, RST, SYN, Packet, changed, tcp

_MSS = bytes((2, 4)) + SEGMENT.to_bytes(2, "big")
_WINDOW_SCALE = 3
_SCALE_MAX = 14
"""RFC 7323 2.3."""


@dataclass(slots=True)
class _Leg:
    """One connection that was led elsewhere."""

    client: tuple[bytes, int]
    server: tuple[bytes, int]
    to: tuple[bytes, int]
    start: int
    """The sequence number of the client's first byte."""
    said: int
    """The next one that the client expects of its server."""
    hello: bytes
    scales: tuple[int, int]
    """By how many bits the windows of client and server are shifted."""
    shift: int | None = None
    """What is added to the service's sequence numbers; `None` until it answers."""

    def syn(self) -> Injection:
        """What opens the connection to the service."""
        raw = tcp(self.client, self.to, seq=self.start - 1, ack=0, flags=SYN, options=_MSS)
        return Injection(raw, outward=True)

    def reset(self) -> Injection:
        """What ends the one to the true server."""
        return Injection(tcp(self.client, self.server, seq=self.start, ack=self.said, flags=RST | ACK), outward=True)

    def begin(self, theirs: int) -> tuple[Injection, ...]:
        """What is sent once the service has answered with its own sequence number."""
        first = (theirs + 1) & 0xFFFFFFFF
        self.shift = self.said - first
        pieces = [self.hello[at : at + SEGMENT] for at in range(0, len(self.hello), SEGMENT)]
        return tuple(
            Injection(
                tcp(self.client, self.to, seq=self.start + n * SEGMENT, ack=first, flags=PSH | ACK, payload=piece),
                outward=True,
            )
            for n, piece in enumerate(pieces)
        )


class Splices:
    """The connections of one rule that were led elsewhere."""

    def __init__(self, to: dict[int, bytes]) -> None:
        self._to = to
        self._legs: Table[tuple[bytes, int, int], _Leg] = Table()

    def note(self, packet: Packet, flow: Flow) -> None:
        """Remember the window scales that a handshake agrees on."""
        if packet.flags & SYN:
            flow.kept[self, packet.outward] = _scale(packet.options)

    def lead(self, sighting: Sighting, packet: Packet, flow: Flow, now: float) -> Answer:
        """A connection is to be led elsewhere from this packet of the client on."""
        to = self._to.get(len(flow.server))
        ours: int | None = flow.kept.get((self, True))
        theirs: int | None = flow.kept.get((self, False))
        if to is None or to == flow.server or ours is None or theirs is None:
            return SETTLED  # no service of this family, or no handshake seen: nothing can be led
        both = min(ours, theirs) >= 0  # RFC 7323 2.2: else neither shifts
        leg = _Leg(
            client=(flow.client, flow.cport),
            server=(flow.server, flow.sport),
            to=(to, flow.sport),
            start=flow.out.start,
            said=packet.ack,
            hello=flow.sent,
            scales=(ours, theirs) if both else (0, 0),
        )
        flow.kept[self] = leg
        self._legs.put((flow.client, flow.cport, flow.sport), leg, now)
        return Action(sighting, (leg.reset(), leg.syn()), drop=True)

    def led(self, packet: Packet, flow: Flow, now: float) -> Action | None:
        """What becomes of a packet of a connection that was led elsewhere; `None` if it is none."""
        leg: _Leg | None
        if not packet.outward and packet.source in self._to.values():
            leg = self._legs.get((packet.target, packet.dport, packet.sport), now)
            return None if leg is None else _back(leg, packet)
        leg = flow.kept.get(self)
        if leg is None:
            return None
        self._legs.put((flow.client, flow.cport, flow.sport), leg, now)
        if not packet.outward or leg.shift is None:
            return Action(
                None, drop=True
            )  # the true server's last words, or a retransmission before the service is there
        window = packet.window << leg.scales[0]
        raw = changed(packet, target=leg.to, ack=packet.ack - leg.shift, window=window, options=b"")
        return Action(None, replace=raw)


def _back(leg: _Leg, packet: Packet) -> Action:
    """A segment of the service, as the client is to see it."""
    if leg.shift is None:
        if packet.flags & SYN and packet.flags & ACK:
            return Action(None, leg.begin(packet.seq), drop=True)
        return Action(None, drop=True)
    if packet.flags & SYN:  # its answer once more: it missed what came of the first
        return Action(None, leg.begin(packet.seq), drop=True)
    window = max(1, packet.window >> leg.scales[1]) if packet.window else 0
    raw = changed(packet, source=leg.server, seq=packet.seq + leg.shift, window=window, options=b"")
    return Action(None, replace=raw)


def _scale(options: bytes) -> int:
    """The window scale among TCP options; -1 if it is not offered."""
    at = 0
    while at < len(options) and options[at]:
        if options[at] == 1:
            at += 1
            continue
        if at + 1 >= len(options) or options[at + 1] < 2:
            break
        if options[at] == _WINDOW_SCALE and at + 2 < len(options):
            return min(options[at + 2], _SCALE_MAX)
        at += options[at + 1]
    return -1
