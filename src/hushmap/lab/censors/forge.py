"""Forged TCP packets: resets, the end of a connection, an answer in the server's place.

Injectors are told apart by what their packets look like (refs/BEYOND 2.6): how many come, at which sequence numbers,
to whom, with which TTL and identification. All of that is a `Style`, so that a scenario can draw one.
"""

from dataclasses import dataclass
from typing import Literal, TypedDict

from hushmap.lab.packet import ACK, FIN, PSH, RST, SYN, Packet, tcp

RST_OFFSETS = (0, 1460, 4380)
"""Sequence offsets of the three resets of a legacy injector (refs/BEYOND 2.6)."""
SEGMENT = 1220
"""Bytes of a forged segment: the least that any path of IPv6 carries, less its headers (RFC 8200 5)."""


@dataclass(slots=True, frozen=True)
class Injection:
    """A packet that the censor sends."""

    raw: bytes
    outward: bool
    """Toward the internet; else toward the client."""
    delay: float = 0.0
    """Seconds that the censor takes."""
    mirror: bool = False
    """It goes out with the TTL that the packet it answers still had (refs/BEYOND 2.5)."""


@dataclass(slots=True, frozen=True)
class Style:
    """How an injector's packets look; the legacy one if nothing is said."""

    sides: Literal["both", "client"] = "both"
    resets: int = 3
    """How many the sender of the offending packet gets."""
    advance: bool = True
    """Each at a higher sequence number; else all at the next one."""
    bare: bool = False
    """RST without ACK."""
    payload: bytes = b""
    """What a reset carries."""
    ttl: int = 64
    ident: int = 0
    df: bool = False


LEGACY = Style()


def resets(packet: Packet, style: Style = LEGACY) -> tuple[Injection, ...]:
    """Resets to both ends of a flow, forged from one packet of it (refs/BEYOND 2.6).

    The sender gets three, so that one still lands in its window if the true answer was faster; the other end gets one
    that takes the place of the packet seen, whether or not that packet arrives.
    """
    sender, receiver = (packet.source, packet.sport), (packet.target, packet.dport)
    opens = bool(packet.flags & SYN)
    # A reset that answers a SYN must acknowledge it, or nobody believes it (RFC 9293 3.10.7.3).
    flags = RST if style.bare and not opens else RST | ACK
    look = _look(style)

    def forged(ends: tuple[tuple[bytes, int], tuple[bytes, int]], seq: int, ack: int, *, outward: bool) -> Injection:
        raw = tcp(*ends, seq=seq, ack=ack if flags & ACK else 0, flags=flags, payload=style.payload, **look)
        return Injection(raw, outward=outward)

    offsets = RST_OFFSETS[: style.resets] if style.advance else (0,) * style.resets
    back = tuple(
        forged((receiver, sender), packet.ack + offset, packet.after, outward=not packet.outward)
        for offset in (offsets if packet.flags & ACK else (0,))
    )
    seqs = () if opens else (packet.seq, packet.after) if packet.payload else (packet.seq,)
    on = tuple(forged((sender, receiver), seq, packet.ack, outward=packet.outward) for seq in seqs)
    return tuple(each for each in back + on if style.sides == "both" or not each.outward)


def ending(packet: Packet, answer: bytes = b"", style: Style = LEGACY) -> tuple[Injection, ...]:
    """The server's last words, or none, and its FIN, to the client, forged from a packet of either; a reset to it."""
    if packet.outward:
        client, server = (packet.source, packet.sport), (packet.target, packet.dport)
        said, heard, begun = packet.ack, packet.after, packet.seq
    else:
        client, server = (packet.target, packet.dport), (packet.source, packet.sport)
        said, heard, begun = packet.seq, packet.ack, packet.ack
    look = _look(style)
    pieces = [answer[at : at + SEGMENT] for at in range(0, len(answer), SEGMENT)] or [b""]
    forged = []
    for number, piece in enumerate(pieces):
        flags = ACK | (PSH if piece else 0) | (FIN if number == len(pieces) - 1 else 0)
        raw = tcp(server, client, seq=said + number * SEGMENT, ack=heard, flags=flags, payload=piece, **look)
        forged.append(Injection(raw, outward=False))
    if style.sides == "both":
        reset = tcp(client, server, seq=begun, ack=said, flags=RST | ACK, **look)
        forged.append(Injection(reset, outward=True))
    return tuple(forged)


class _Look(TypedDict):
    ttl: int
    ident: int
    df: bool


def _look(style: Style) -> _Look:
    return {"ttl": style.ttl, "ident": style.ident, "df": style.df}
