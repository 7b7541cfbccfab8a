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

_QUOTE4 = 548
"""RFC 1812 4.3.2.3: as much of the offending packet as fits into 576 bytes."""
_QUOTE6 = 1184
"""RFC 4443 2.4 c: as much as fits into the minimum MTU of 1280 bytes, with a margin."""


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

    @property
    def server(self) -> bytes:
        """The address on the internet side."""
        return self.target if self.outward else self.source


def parse(raw: bytes, *, outward: bool = True) -> Packet:
    """Parse one packet; `ValueError` if it is cut off.

    A fragment, an extension header or an unknown protocol leaves ports and payload empty.
    """
    try:
        if raw[0] >> 4 == 4:
            start, protocol, source, target = (raw[0] & 15) * 4, raw[9], raw[12:16], raw[16:20]
            if (raw[6] & 0x3F) or raw[7]:  # more fragments, or an offset
                protocol = OPAQUE
        elif raw[0] >> 4 == 6:
            start, protocol, source, target = 40, raw[6], raw[8:24], raw[24:40]
        else:
            raise ValueError("neither IPv4 nor IPv6")
        if protocol == TCP:
            sport, dport, seq, ack, offset, flags = struct.unpack_from("!HHIIBB", raw, start)
            payload = raw[start + (offset >> 4) * 4 :]
            return Packet(raw, outward, TCP, source, target, sport, dport, seq, ack, flags, payload)
        if protocol == UDP:
            sport, dport = struct.unpack_from("!HH", raw, start)
            return Packet(raw, outward, UDP, source, target, sport, dport, payload=raw[start + 8 :])
    except (IndexError, struct.error) as error:
        raise ValueError("packet cut off") from error
    return Packet(raw, outward, protocol, source, target)


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


def ip(source: bytes, target: bytes, protocol: int, body: bytes, *, ttl: int = 64, ident: int = 0) -> bytes:
    """An IP packet of the family of its addresses."""
    if len(source) == 16:
        return struct.pack("!IHBB16s16s", 0x60000000, len(body), protocol, ttl, source, target) + body
    head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(body), ident, 0, ttl, protocol, 0, source, target)
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + body


def tcp(
    source: tuple[bytes, int],
    target: tuple[bytes, int],
    *,
    seq: int,
    ack: int,
    flags: int,
    payload: bytes = b"",
    ttl: int = 64,
    ident: int = 0,
) -> bytes:
    """A TCP segment in its packet; ends are (address, port)."""
    head = struct.pack(
        "!HHIIBBHHH", source[1], target[1], seq & 0xFFFFFFFF, ack & 0xFFFFFFFF, 0x50, flags, 0xFFFF, 0, 0
    )
    pseudo = _pseudo(source[0], target[0], TCP, 20 + len(payload))
    total = checksum(pseudo + head + payload)
    body = head[:16] + struct.pack("!H", total) + head[18:] + payload
    return ip(source[0], target[0], TCP, body, ttl=ttl, ident=ident)


def udp(
    source: tuple[bytes, int], target: tuple[bytes, int], payload: bytes, *, ttl: int = 64, ident: int = 0
) -> bytes:
    """A UDP datagram in its packet; ends are (address, port)."""
    head = struct.pack("!HHHH", source[1], target[1], 8 + len(payload), 0)
    pseudo = _pseudo(source[0], target[0], UDP, 8 + len(payload))
    total = checksum(pseudo + head + payload) or 0xFFFF  # RFC 768: zero means none
    body = head[:6] + struct.pack("!H", total) + payload
    return ip(source[0], target[0], UDP, body, ttl=ttl, ident=ident)


def time_exceeded(router: tuple[bytes, bytes], offender: bytes, *, ttl: int = 64) -> bytes:
    """The ICMP or ICMPv6 error of a router (its v4 and v6 address) at which a packet's TTL ran out."""
    if offender[0] >> 4 == 4:  # RFC 792: type 11 code 0
        body = struct.pack("!BBHI", 11, 0, 0, 0) + offender[:_QUOTE4]
        body = body[:2] + struct.pack("!H", checksum(body)) + body[4:]
        return ip(router[0], offender[12:16], ICMP, body, ttl=ttl)
    body = struct.pack("!BBHI", 3, 0, 0, 0) + offender[:_QUOTE6]  # RFC 4443: type 3 code 0
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
