"""Gives a network namespace its addresses and routes by rtnetlink, without the `ip` program.

The lab must run where iproute2 is not installed (containers, minimal Debian), and five message kinds are all it
needs. Layouts: rtnetlink(7), netlink(7).
"""

import socket
import struct
from ipaddress import ip_address

from hushmap.lab.namespaces import RefusedError

_NEWLINK, _NEWADDR, _NEWROUTE, _DELROUTE = 16, 20, 24, 25
_REQUEST_ACK, _CREATE, _REPLACE = 0x1 | 0x4, 0x400, 0x100
_IFF_UP = 1
_NODAD = 2
"""No duplicate address detection: with it a v6 address is unusable for its first second (refs/LAB 3)."""
_TABLE_MAIN = 254
_PROTO_STATIC = 4
_SCOPE_LINK = 253
_UNICAST = 1
_IFLA_MTU, _IFLA_TXQLEN = 4, 13
_IFA_ADDRESS, _IFA_LOCAL, _IFA_FLAGS = 1, 2, 8
_RTA_OIF, _RTA_PREFSRC = 4, 7
_MTU = 1500
"""A TUN device's own by default; the loopback keeps its larger one."""
_QUEUE = 2000
"""Packets; the kernel's default of 500 overflows under a burst of many flows (refs/LAB 2)."""


def _attribute(kind: int, value: bytes) -> bytes:
    size = 4 + len(value)
    return struct.pack("=HH", size, kind) + value + bytes(-size % 4)


def _family(address: str) -> int:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


class Netlink:
    """One rtnetlink socket of the current network namespace."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)

    def close(self) -> None:
        """Give the socket back."""
        self._socket.close()

    def up(self, device: str, *, mtu: int = _MTU) -> None:
        """Switch a device on."""
        body = struct.pack("=BxHiII", socket.AF_UNSPEC, 0, socket.if_nametoindex(device), _IFF_UP, _IFF_UP)
        body += _attribute(_IFLA_TXQLEN, struct.pack("=I", _QUEUE))
        self._send(_NEWLINK, body if device == "lo" else body + _attribute(_IFLA_MTU, struct.pack("=I", mtu)))

    def address(self, device: str, address: str, *, peer: str | None = None) -> None:
        """Give a device one address, as a host route of its own (/32, /128); or as a route to its `peer`."""
        raw = ip_address(address).packed
        body = struct.pack("=BBBBI", _family(address), len(raw) * 8, 0, 0, socket.if_nametoindex(device))
        body += _attribute(_IFA_LOCAL, raw) + _attribute(_IFA_ADDRESS, ip_address(peer or address).packed)
        self._send(_NEWADDR, body + _attribute(_IFA_FLAGS, struct.pack("=I", _NODAD)))

    def default(self, device: str, source: str, *, replace: bool = False) -> None:
        """Send everything else out of a device, from `source`; its family is the route's."""
        self._send(_NEWROUTE, _default(device, source), _CREATE | (_REPLACE if replace else 0))

    def cut(self, device: str, source: str) -> None:
        """Take that route away: what has no other way is unreachable."""
        self._send(_DELROUTE, _default(device, source), 0)

    def _send(self, kind: int, body: bytes, flags: int = _CREATE) -> None:
        self._socket.send(struct.pack("=IHHII", 16 + len(body), kind, _REQUEST_ACK | flags, 0, 0) + body)
        answer = self._socket.recv(65536)
        number = -struct.unpack_from("=i", answer, 16)[0]
        if number:
            raise RefusedError("network setup", number)


def _default(device: str, source: str) -> bytes:
    """The body of a message about a default route."""
    head = (_family(source), 0, 0, 0, _TABLE_MAIN, _PROTO_STATIC, _SCOPE_LINK, _UNICAST, 0)
    body = struct.pack("=BBBBBBBBI", *head) + _attribute(_RTA_OIF, struct.pack("=I", socket.if_nametoindex(device)))
    return body + _attribute(_RTA_PREFSRC, ip_address(source).packed)
