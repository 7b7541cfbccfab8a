"""What an HTTPS record says (RFC 9460): which protocols a site speaks, where, and whether names are hidden.

A site that offers `h3` here speaks QUIC; a censor that forges A records often leaves this one alone. Only what a
measurement compares is read.
"""

import ipaddress

import msgspec

MOST = 8
"""Protocols and addresses that are kept; real records have two or three of each."""
_ALPN, _IPV4, _ECH, _IPV6 = 1, 4, 5, 6
"""SvcParamKeys (RFC 9460 section 14.3.2; ech: RFC 9848)."""
_WIDTHS = {_IPV4: 4, _IPV6: 16}


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """One record in service mode; in alias mode it offers nothing."""

    alpn: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    ech: bool = False


def read(rdata: bytes) -> Service:
    """The record's own data, uncompressed as it must be (RFC 9460 section 2.2).

    Raises:
        ValueError: Malformed: a name, key or value runs over the end, or a value is not of its kind.
    """
    at = _behind_name(rdata, 2)
    alpn: list[str] = []
    hints: list[str] = []
    ech = False
    while at < len(rdata):
        key = int.from_bytes(_piece(rdata, at, 2), "big")
        size = int.from_bytes(_piece(rdata, at + 2, 2), "big")
        value = _piece(rdata, at + 4, size)
        at += 4 + size
        if key == _ALPN:
            alpn += _protocols(value)
        elif key in _WIDTHS:
            hints += _addresses(value, _WIDTHS[key])
        ech |= key == _ECH
    return Service(alpn=tuple(alpn[:MOST]), hints=tuple(hints[:MOST]), ech=ech)


def _piece(data: bytes, at: int, size: int) -> bytes:
    piece = data[at : at + size]
    if len(piece) < size:
        raise ValueError("an HTTPS record ends within a field")
    return piece


def _behind_name(rdata: bytes, at: int) -> int:
    """Where the target name ends."""
    while size := _piece(rdata, at, 1)[0]:
        if size > 63:
            raise ValueError("an HTTPS record has a target that is compressed")
        _piece(rdata, at + 1, size)
        at += 1 + size
    return at + 1


def _protocols(value: bytes) -> list[str]:
    found, at = [], 0
    while at < len(value):
        size = value[at]
        found.append(_piece(value, at + 1, size).decode("ascii", "backslashreplace"))
        at += 1 + size
    return found


def _addresses(value: bytes, width: int) -> list[str]:
    if len(value) % width:
        raise ValueError("an HTTPS record has part of an address")
    return [str(ipaddress.ip_address(value[at : at + width])) for at in range(0, len(value), width)]
