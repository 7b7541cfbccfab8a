"""Writes what crosses a lab's path as a pcapng file that any packet tool opens, with the truth beside forged packets.

For the lab only: its addresses are documentation's, so a capture of it shows no one. A measurement of a real network
is never written down like this: whole packets hold the addresses of the person who measures, and those do not reach
the disk. A packet that crosses the whole path stands there twice, once at each end, so forged and lost ones show;
a tool that follows streams takes the second for a retransmission. Format: draft-ietf-opsawg-pcapng. Each packet is
one write of one whole block: the file can be read at any moment and after any death.
"""

import os
import struct
import time
from collections.abc import Callable
from pathlib import Path

from hushmap.lab.censors.box import Act

_SECTION, _INTERFACE, _PACKET = 0x0A0D0D0A, 1, 6
_BYTE_ORDER = 0x1A2B3C4D
_UNKNOWN_LENGTH = 0xFFFFFFFFFFFFFFFF
_COMMENT, _NAME, _PROGRAM, _RESOLUTION = 1, 2, 4, 9
"""Option codes: the first of every block, the others of interfaces and sections."""
_LINKTYPE_RAW = 101
"""Packets begin with their IPv4 or IPv6 header, as a TUN device gives them."""
_NANOSECONDS = b"\x09"
"""Times count in units of 10 to the minus this."""
ENDS = ("client", "internet")
"""The interfaces, in the order of their numbers."""


class Capture:
    """Appends packets to a file that is there already: its owner is who made it, whoever runs the lab."""

    def __init__(self, path: Path, title: str, *, now: Callable[[], int] = time.time_ns) -> None:
        self._now = now
        self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
        section = struct.pack("=IHHQ", _BYTE_ORDER, 1, 0, _UNKNOWN_LENGTH)
        head = _block(_SECTION, section, (_PROGRAM, b"hushmap lab"), (_COMMENT, title.encode()))
        interface = struct.pack("=HHI", _LINKTYPE_RAW, 0, 0)
        for end in ENDS:
            head += _block(_INTERFACE, interface, (_NAME, end.encode()), (_RESOLUTION, _NANOSECONDS))
        os.write(self._descriptor, head)

    def close(self) -> None:
        """Give the file back."""
        os.close(self._descriptor)

    def packet(self, raw: bytes, at_client: bool, by: Act | None) -> None:
        """Append a packet seen at one end, now; one that a censor sent says so."""
        high, low = divmod(self._now(), 1 << 32)
        head = struct.pack("=IIIII", ENDS.index("client" if at_client else "internet"), high, low, len(raw), len(raw))
        said = () if by is None else ((_COMMENT, spoken(by).encode()),)
        os.write(self._descriptor, _block(_PACKET, head + _padded(raw), *said))


def spoken(by: Act) -> str:
    """An act as the comment beside a packet: the rule, then mechanism and what it was done about."""
    kind, sighting = by
    return kind if sighting is None else f"{kind}: {sighting.mechanism} {sighting.what}"


def _block(kind: int, body: bytes, *options: tuple[int, bytes]) -> bytes:
    """A block: its kind, its length before and behind, options in between."""
    if options:
        body += b"".join(struct.pack("=HH", code, len(value)) + _padded(value) for code, value in options)
        body += bytes(4)
    size = struct.pack("=I", 12 + len(body))
    return struct.pack("=I", kind) + size + body + size


def _padded(value: bytes) -> bytes:
    return value + bytes(-len(value) % 4)
