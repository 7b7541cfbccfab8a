"""Puts IP datagrams together that came in fragments, for a censor that takes the trouble.

Most do not, and what they cannot read they let pass (own knowledge, unchecked). One that does looks when the last
piece is there; the earlier ones have gone on by then, so that in the path it discards that last piece, without which
nobody has the datagram. Pieces that overlap are never put together (RFC 5722).
"""

import struct
from dataclasses import dataclass, field

from hushmap.lab.censors.flow import Table
from hushmap.lab.packet import EXTENSIONS, FRAGMENT, checksum

_IDLE_S = 30.0
"""Linux waits as long for the rest of a datagram (its ipfrag_time); RFC 8200 4.5 has 60 s."""
_DATAGRAMS_MAX = 256
_PIECES_MAX = 64
"""Of 1,480 bytes each they are more than the longest datagram has."""
_LONGEST = 0xFFFF
_MORE4, _OFFSET4 = 0x2000, 0x1FFF
_MORE6, _OFFSET6 = 1, 0xFFF8


@dataclass(slots=True, frozen=True)
class _Piece:
    """One fragment."""

    key: bytes
    """What it has in common with the others of its datagram."""
    head: bytes
    """The header that the whole would have but for its length."""
    offset: int
    more: bool
    data: bytes


@dataclass(slots=True)
class _Parts:
    """What has come of one datagram."""

    head: bytes = b""
    size: int | None = None
    pieces: dict[int, bytes] = field(default_factory=dict)


class Fragments:
    """The datagrams at one place of which some pieces are there; bounded, and forgotten after a while."""

    def __init__(self) -> None:
        self._parts: Table[bytes, _Parts] = Table(limit=_DATAGRAMS_MAX, idle=_IDLE_S)

    def take(self, raw: bytes, now: float) -> bytes | None:
        """The whole packet if this is the last fragment of it that was missing."""
        piece = _piece4(raw) if raw[0] >> 4 == 4 else _piece6(raw)
        if piece is None:
            return None
        parts = self._parts.get(piece.key, now)
        if parts is None:
            parts = _Parts()
            self._parts.put(piece.key, parts, now)
        if len(parts.pieces) < _PIECES_MAX:
            parts.pieces.setdefault(piece.offset, piece.data)
        if piece.offset == 0:
            parts.head = piece.head
        if not piece.more:
            parts.size = piece.offset + len(piece.data)
        return _whole(parts)


def _whole(parts: _Parts) -> bytes | None:
    """The packet, if its pieces lie one behind the other from first to last."""
    data = b""
    for offset in sorted(parts.pieces):
        if offset != len(data):
            return None
        data += parts.pieces[offset]
    head = parts.head
    if len(data) != parts.size or len(head) + len(data) > _LONGEST:
        return None
    if head[0] >> 4 == 6:
        return head[:4] + struct.pack("!H", len(head) - 40 + len(data)) + head[6:] + data
    head = head[:2] + struct.pack("!H", len(head) + len(data)) + head[4:6] + bytes(2) + head[8:]
    head = head[:10] + bytes(2) + head[12:]
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + data


def _piece4(raw: bytes) -> _Piece | None:
    """An IPv4 fragment (RFC 791 3.2); `None` for a whole packet."""
    word = int.from_bytes(raw[6:8], "big")
    if not word & (_MORE4 | _OFFSET4):
        return None
    start = (raw[0] & 15) * 4
    key = raw[12:20] + raw[9:10] + raw[4:6]
    return _Piece(key, raw[:start], (word & _OFFSET4) * 8, bool(word & _MORE4), raw[start:])


def _piece6(raw: bytes) -> _Piece | None:
    """An IPv6 fragment (RFC 8200 4.5), behind whatever headers stand before its own; `None` for a whole packet."""
    named, at = 6, 40
    while raw[named] in EXTENSIONS and len(raw) >= at + 8:
        if raw[named] == FRAGMENT:
            word = int.from_bytes(raw[at + 2 : at + 4], "big")
            if not word & (_MORE6 | _OFFSET6):
                return None
            head = raw[:named] + raw[at : at + 1] + raw[named + 1 : at]
            key = raw[8:40] + raw[at + 4 : at + 8]
            return _Piece(key, head, word & _OFFSET6, bool(word & _MORE6), raw[at + 8 :])
        named, at = at, at + 8 * (raw[at + 1] + 1)
    return None
