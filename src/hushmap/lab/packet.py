"""IPv4 and IPv6 packets with TCP, UDP and ICMP, as the path reads and forges them.

The path reads every packet of the lab in Python, so parsing is a few slices: 2 microseconds where a general library
takes 8 to 86 (refs/LAB 2). TUN devices give whole packets with full checksums, so nothing needs offload tricks.
"""

import struct
from dataclasses import dataclass

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
TCP, UDP, ICMP, ICMP6 = 6, 17, 1, 58
OPAQUE = 255
"""Protocol number given to fragments, of which only the first has ports (IANA: reserved)."""
FRAGMENT = 44
EXTENSIONS = frozenset({0, 43, FRAGMENT, 60})
"""IPv6 headers that may stand before the transport's (RFC 8200 4: hop-by-hop, routing, fragment, destination)."""
_EXTENSIONS_MAX = 8
"""RFC 8200 4.1: each stands once, destination options twice; a longer chain is not read."""
_DONT_FRAGMENT = 0x4000

_QUOTE4 = 548
"""RFC 1812 4.3.2.3: as much of the offending packet as fits into 576 bytes."""
_QUOTE6 = 1232
"""RFC 4443 2.4 c: as much as fits into the minimum MTU of 1280 bytes."""


@dataclass(slots=True, frozen=True)
class Packet:
    """One packet, parsed; addresses are packed bytes."""

    raw: bytes
    outward: bool
    """From the client toward the internet."""
    protocol: int
    source: bytes
    target: bytes
    sport: int = 0
    dport: int = 0
    seq: int = 0
    ack: int = 0
    flags: int = 0
    payload: bytes = b""
    start: int = 0
    """Where the transport header begins in `raw`."""

    @property
    def server(self) -> bytes:
        """The address on the internet side."""
        return self.target if self.outward else self.source

    @property
    def after(self) -> int:
        """The sequence number that follows a TCP segment, which its receiver acknowledges (RFC 9293 3.4)."""
        return (self.seq + len(self.payload) + bool(self.flags & SYN) + bool(self.flags & FIN)) & 0xFFFFFFFF

    @property
    def options(self) -> bytes:
        """The options of a TCP segment; empty if its header has exactly 20 bytes."""
        return self.raw[self.start + 20 : self.start + (self.raw[self.start + 12] >> 4) * 4]

    @property
    def window(self) -> int:
        """The window of a TCP segment as written, not scaled."""
        return int.from_bytes(self.raw[self.start + 14 : self.start + 16], "big")


def parse(raw: bytes, *, outward: bool = True) -> Packet:
    """Parse one packet; `ValueError` if it is cut off.

    A fragment or an unknown protocol leaves ports and payload empty.
    """
    try:
        if raw[0] >> 4 == 4:
            start, protocol, source, target = (raw[0] & 15) * 4, raw[9], raw[12:16], raw[16:20]
            if (raw[6] & 0x3F) or raw[7]:  # more fragments, or an offset
                protocol = OPAQUE
        elif raw[0] >> 4 == 6:
            start, protocol, source, target = 40, raw[6], raw[8:24], raw[24:40]
            if protocol in EXTENSIONS:
                protocol, start = past_extensions(raw)
        else:
            raise ValueError("neither IPv4 nor IPv6")
        if protocol == TCP:
            sport, dport, seq, ack, offset, flags = struct.unpack_from("!HHIIBB", raw, start)
            payload = raw[start + (offset >> 4) * 4 :]
            return Packet(raw, outward, TCP, source, target, sport, dport, seq, ack, flags, payload, start)
        if protocol == UDP:
            sport, dport = struct.unpack_from("!HH", raw, start)
            return Packet(raw, outward, UDP, source, target, sport, dport, payload=raw[start + 8 :], start=start)
    except (IndexError, struct.error) as error:
        raise ValueError("packet cut off") from error
    return Packet(raw, outward, protocol, source, target, start=start)


def past_extensions(raw: bytes) -> tuple[int, int]:
    """(protocol, where it begins) behind the extension headers of an IPv6 packet; a fragment is `OPAQUE`.

    A fragment header that parts nothing (offset 0, no more to come: RFC 6946) is read over. What is cut off or has an
    endless chain is `OPAQUE` too: nobody reads a name behind it.
    """
    protocol, start = raw[6], 40
    for _ in range(_EXTENSIONS_MAX):
        if protocol not in EXTENSIONS:
            return protocol, start
        if len(raw) < start + 8:
            break
        if protocol != FRAGMENT:
            protocol, start = raw[start], start + 8 * (raw[start + 1] + 1)
            continue
        if int.from_bytes(raw[start + 2 : start + 4], "big") & 0xFFF9:  # an offset, or more fragments
            break
        protocol, start = raw[start], start + 8
    return OPAQUE, start


def checksum(data: bytes) -> int:
    """The Internet checksum (RFC 1071)."""
    if len(data) & 1:
        data += b"\0"
    total = int.from_bytes(data, "big") % 0xFFFF
    return (0xFFFF - total) & 0xFFFF


def _pseudo(source: bytes, target: bytes, protocol: int, size: int) -> bytes:
    """The pseudo header that transport checksums cover (RFC 9293 3.1, RFC 8200 8.1)."""
    if len(source) == 4:
        return source + target + struct.pack("!BBH", 0, protocol, size)
    return source + target + struct.pack("!IHBB", size, 0, 0, protocol)


def ip(
    source: bytes, target: bytes, protocol: int, body: bytes, *, ttl: int = 64, ident: int = 0, df: bool = False
) -> bytes:
    """An IP packet of the family of its addresses; `ident` and `df` (do not fragment) are of IPv4 only."""
    if len(source) == 16:
        return struct.pack("!IHBB16s16s", 0x60000000, len(body), protocol, ttl, source, target) + body
    parts = _DONT_FRAGMENT if df else 0
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(body), ident, parts, ttl, protocol, 0, source, target)
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + body


def tcp(
    source: tuple[bytes, int],
    target: tuple[bytes, int],
    *,
    seq: int,
    ack: int,
    flags: int,
    payload: bytes = b"",
    options: bytes = b"",
    ttl: int = 64,
    ident: int = 0,
    df: bool = False,
) -> bytes:
    """A TCP segment in its packet; ends are (address, port), options whole words of four bytes."""
    size = 20 + len(options)
    numbers = (source[1], target[1], seq & 0xFFFFFFFF, ack & 0xFFFFFFFF)
    head = struct.pack("!HHIIBBHHH", *numbers, size << 2, flags, 0xFFFF, 0, 0) + options
    body = _summed(source[0], target[0], TCP, head + payload)
    return ip(source[0], target[0], TCP, body, ttl=ttl, ident=ident, df=df)


def udp(
    source: tuple[bytes, int],
    target: tuple[bytes, int],
    payload: bytes,
    *,
    ttl: int = 64,
    ident: int = 0,
    df: bool = False,
) -> bytes:
    """A UDP datagram in its packet; ends are (address, port)."""
    head = struct.pack("!HHHH", source[1], target[1], 8 + len(payload), 0)
    body = _summed(source[0], target[0], UDP, head + payload)
    return ip(source[0], target[0], UDP, body, ttl=ttl, ident=ident, df=df)


def _summed(source: bytes, target: bytes, protocol: int, body: bytes) -> bytes:
    """A TCP segment or UDP datagram with its checksum, whatever stood in its place."""
    at = 16 if protocol == TCP else 6
    body = body[:at] + b"\0\0" + body[at + 2 :]
    total = checksum(_pseudo(source, target, protocol, len(body)) + body)
    if protocol == UDP:
        total = total or 0xFFFF  # RFC 768: zero means none
    return body[:at] + struct.pack("!H", total) + body[at + 2 :]


def changed(
    packet: Packet,
    *,
    source: tuple[bytes, int] | None = None,
    target: tuple[bytes, int] | None = None,
    seq: int | None = None,
    ack: int | None = None,
    window: int | None = None,
    options: bytes | None = None,
    payload: bytes | None = None,
) -> bytes:
    """A TCP segment or UDP datagram with other ends, numbers or contents; all else, its TTL too, stays as it was."""
    near, sport = source or (packet.source, packet.sport)
    far, dport = target or (packet.target, packet.dport)
    payload = packet.payload if payload is None else payload
    ports = struct.pack("!HH", sport, dport)
    if packet.protocol == TCP:
        options = packet.options if options is None else options
        numbers = struct.pack(
            "!IIBBH",
            packet.seq if seq is None else seq & 0xFFFFFFFF,
            packet.ack if ack is None else ack & 0xFFFFFFFF,
            20 + len(options) << 2,
            packet.flags,
            packet.window if window is None else min(window, 0xFFFF),
        )
        body = ports + numbers + packet.raw[packet.start + 16 : packet.start + 20] + options + payload
    else:
        body = ports + struct.pack("!HH", 8 + len(payload), 0) + payload
    body = _summed(near, far, packet.protocol, body)
    raw, start = packet.raw, packet.start
    if len(near) == 16:
        size = struct.pack("!H", start - 40 + len(body))
        return raw[:4] + size + raw[6:8] + near + far + raw[40:start] + body
    size = struct.pack("!H", start + len(body))
    head = raw[:2] + size + raw[4:10] + b"\0\0" + near + far + raw[20:start]
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + body


def time_exceeded(router: tuple[bytes, bytes], offender: bytes, *, ttl: int = 64) -> bytes:
    """The ICMP or ICMPv6 error of a router (its v4 and v6 address) at which a packet's TTL ran out.

    It quotes the packet as it came in, with a TTL of 1.
    """
    return _error(router, with_ttl(offender, 1), (11, 0), (3, 0), ttl)  # RFC 792, RFC 4443 3.3


def prohibited(router: tuple[bytes, bytes], offender: bytes, *, ttl: int = 64) -> bytes:
    """The ICMP or ICMPv6 error of a router that refuses to pass a packet: "administratively prohibited"."""
    return _error(router, offender, (3, 13), (1, 1), ttl)  # RFC 1812 5.2.7.1, RFC 4443 3.1


def unanswerable(raw: bytes) -> bool:
    """Whether no ICMP error may be sent of a packet: it is one, or an IPv4 fragment but the first (RFC 1122 3.2.2).

    Of ICMPv6 only errors are excepted (RFC 4443 2.4 e); kernel routers speak of every fragment there.
    """
    if raw[0] >> 4 == 4:
        start = (raw[0] & 15) * 4
        return bool(int.from_bytes(raw[6:8], "big") & 0x1FFF) or (
            raw[9] == ICMP and raw[start : start + 1] not in {b"\x08", b"\x00"}
        )
    return raw[6] == ICMP6 and raw[40:41] < b"\x80"


def _error(
    router: tuple[bytes, bytes], offender: bytes, what: tuple[int, int], what6: tuple[int, int], ttl: int
) -> bytes:
    if offender[0] >> 4 == 4:
        body = struct.pack("!BBHI", *what, 0, 0) + offender[:_QUOTE4]
        body = body[:2] + struct.pack("!H", checksum(body)) + body[4:]
        return ip(router[0], offender[12:16], ICMP, body, ttl=ttl)
    body = struct.pack("!BBHI", *what6, 0, 0) + offender[:_QUOTE6]
    source, target = router[1], offender[8:24]
    total = checksum(_pseudo(source, target, ICMP6, len(body)) + body)
    return ip(source, target, ICMP6, body[:2] + struct.pack("!H", total) + body[4:], ttl=ttl)


def ttl_of(raw: bytes) -> int:
    """TTL or hop limit."""
    return raw[8] if raw[0] >> 4 == 4 else raw[7]


def with_ttl(raw: bytes, ttl: int) -> bytes:
    """The same packet with another TTL; the v4 header checksum is updated as in RFC 1624."""
    if raw[0] >> 4 != 4:
        return raw[:7] + bytes((ttl,)) + raw[8:]
    total = (raw[10] << 8 | raw[11]) + ((raw[8] - ttl) << 8)
    while not 0 <= total <= 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return raw[:8] + bytes((ttl, raw[9])) + struct.pack("!H", total) + raw[12:]
