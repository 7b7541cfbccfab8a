"""Reads what a kernel tells of an ICMP error about a packet of ours: Linux's sock_extended_err and who sent it.

A program without privileges never sees the ICMP packet itself. Linux keeps its sender, type and code on the error
queue of the socket whose packet it was (linux/errqueue.h, struct sock_extended_err followed by a socket address).
"""

import ipaddress
import struct

import msgspec

_HEAD = struct.Struct("=IBBBBII")
"""errno, origin, type, code, pad, info, data: in the machine's own byte order."""
_FAMILY = struct.Struct("=H")
_V4, _V6 = 2, 3
"""SO_EE_ORIGIN_ICMP and SO_EE_ORIGIN_ICMP6."""
_FAMILIES = {2: (4, 4), 10: (8, 16)}
"""Linux's AF_INET and AF_INET6: where in the socket address the IP address begins, and how long it is."""


class IcmpError(msgspec.Struct, frozen=True, kw_only=True):
    """One ICMP error, as the kernel tells it."""

    errno: int
    """What the kernel makes of it."""
    kind: int
    code: int
    version: int
    """4 or 6: whose types and codes they are."""
    router: str | None = None
    """Who sent it; `None` where the kernel does not say."""

    @property
    def expired(self) -> bool:
        """Whether the TTL or hop limit ran out on the way."""
        return (self.kind, self.code) == ((11, 0) if self.version == 4 else (3, 0))


def read(data: bytes) -> IcmpError | None:
    """The error in a control message of the error queue; `None` if it is none of ICMP's (a local one, a time stamp).

    Raises:
        ValueError: The message is cut off.
    """
    if len(data) < _HEAD.size:
        raise ValueError(f"an error of the queue has {_HEAD.size} bytes at least, not {len(data)}")
    errno, origin, kind, code, *_ = _HEAD.unpack_from(data)
    if origin not in {_V4, _V6}:
        return None
    return IcmpError(
        errno=errno, kind=kind, code=code, version=4 if origin == _V4 else 6, router=_offender(data[_HEAD.size :])
    )


def _offender(address: bytes) -> str | None:
    """The address in SO_EE_OFFENDER; AF_UNSPEC, or nothing, where it is not known."""
    if len(address) < _FAMILY.size:
        return None
    (family,) = _FAMILY.unpack_from(address)
    if family not in _FAMILIES:
        return None
    start, size = _FAMILIES[family]
    packed = address[start : start + size]
    if len(packed) < size:
        raise ValueError("the offender's address is cut off")
    return str(ipaddress.ip_address(packed))
