"""Flows that every censor has settled: their packets pass by one look at a table, before anything is parsed.

Most packets of a lab belong to such flows, so this decides how fast it is. Nothing is written for a packet that is
found: the table is two generations, of which the older goes from time to time, and what is used moves to the younger.
"""

import struct

from hushmap.lab.censors.box import FLOWS_MAX, IDLE_S
from hushmap.lab.packet import SYN, TCP

_FOUR = struct.Struct("!6xHBBH12s9xB").unpack_from
"""Of an IPv4 header without options and TCP: fragment, TTL, protocol, checksum, both ends, flags."""
_SIX = struct.Struct("!6xBB36s9xB").unpack_from
"""Of an IPv6 header and TCP: protocol, hop limit, both ends, flags."""
_MIDDLE = struct.Struct("!BBH").pack
_PLAIN4 = 0x45
"""Version 4, and a header of five words."""
_SHORTEST4, _SHORTEST6 = 40, 60
_PART = 0x3FFF
"""More fragments, or an offset (RFC 791)."""
_BYTES = tuple(bytes((number,)) for number in range(256))


class Decided:
    """The table of one path, for TCP; a SYN takes its flow out again, for it may begin another."""

    def __init__(self, hops: int) -> None:
        self._hops = hops
        self._young: set[bytes] = set()
        self._old: set[bytes] = set()
        self._turn = IDLE_S
        """When the older generation goes."""

    def __len__(self) -> int:
        return len(self._young | self._old)

    def add(self, raw: bytes, now: float) -> None:
        """From now on packets of this flow, if it is one of TCP, are found in both directions."""
        self._turn_if_due(now)
        read = _read(raw)
        if read is not None:
            ends = read[3]
            self._young |= {ends, _reversed(ends)}

    def aged(self, raw: bytes, now: float) -> bytes | None:
        """The packet as it comes out at the other end, if its flow is known and its TTL suffices."""
        read = _read(raw)
        if read is None:
            return None
        total, ttl, flags, ends = read
        if now >= self._turn:
            self._turn_if_due(now)
        if ends not in self._young:
            if ends not in self._old:
                return None
            self._young |= {ends, _reversed(ends)}
        if flags & SYN:
            for known in (self._young, self._old):
                known -= {ends, _reversed(ends)}
            return None
        ttl -= self._hops
        if ttl <= 0:
            return None
        if total is None:
            return raw[:7] + _BYTES[ttl] + raw[8:]
        total += self._hops << 8  # RFC 1624: what the TTL loses the sum gains
        return raw[:8] + _MIDDLE(ttl, TCP, (total & 0xFFFF) + (total >> 16)) + raw[12:]

    def _turn_if_due(self, now: float) -> None:
        """The younger generation becomes the older, if it is too old or too large."""
        if now < self._turn and len(self._young) < 2 * FLOWS_MAX:
            return
        self._old = self._young if now < self._turn + IDLE_S else set()
        self._young = set()
        self._turn = now + IDLE_S


def _read(raw: bytes) -> tuple[int | None, int, int, bytes] | None:
    """(checksum of an IPv4 header, TTL, flags, ends) of a plain TCP segment; `None` for all else."""
    if len(raw) >= _SHORTEST4 and raw[0] == _PLAIN4:
        parts, ttl, protocol, total, ends, flags = _FOUR(raw)
        return None if protocol != TCP or parts & _PART else (total, ttl, flags, ends)
    if len(raw) >= _SHORTEST6 and raw[0] >> 4 == 6:
        protocol, ttl, ends, flags = _SIX(raw)
        return None if protocol != TCP else (None, ttl, flags, ends)
    return None


def _reversed(ends: bytes) -> bytes:
    """The same two, as packets of the other direction have them."""
    size = len(ends) // 2 - 2
    return ends[size : 2 * size] + ends[:size] + ends[-2:] + ends[-4:-2]
