"""OpenVPN's first packet and its answer: client and server hard reset, with and without an authentication code.

A server that authenticates packets (tls-auth, tls-crypt) lets those of strangers fall, so silence shows nothing;
a server reset that names our session shows a live server. Layout: OpenVPN protocol description, "Control channel".
"""

import hashlib
import hmac

SESSION = 8
_CLIENT, _SERVER = 7, 8
"""P_CONTROL_HARD_RESET_CLIENT_V2 and P_CONTROL_HARD_RESET_SERVER_V2."""
_CODES = (0, 20, 32, 64)
"""Lengths of the code: none, SHA-1 (the default), SHA-256, SHA-512."""
_STAMP = 8
"""A packet id and a time, where there is a code."""
LONGEST = 1 + SESSION + max(_CODES) + _STAMP + 1 + 4
"""Bytes of a client's reset, which acknowledges nothing."""
_ACKS = 8
"""Packets acknowledged at once, at most."""


def reset(session: bytes, key: bytes | None = None, at: int = 0) -> bytes:
    """A client's hard reset as it goes in a datagram; with a tls-auth `key` and a time it has a SHA-1 code.

    Raises:
        ValueError: The session id has another length than 8 bytes.
    """
    if len(session) != SESSION:
        raise ValueError(f"a session id has {SESSION} bytes, not {len(session)}")
    opcode, rest = bytes([_CLIENT << 3]), b"\0" + bytes(4)  # no packet is acknowledged; this is packet 0
    if key is None:
        return opcode + session + rest
    stamp = (1).to_bytes(4, "big") + at.to_bytes(4, "big")
    code = hmac.new(key, stamp + opcode + session + rest, hashlib.sha1).digest()
    return opcode + session + code + stamp + rest


def framed(packet: bytes) -> bytes:
    """`packet` as it goes over TCP, its length first."""
    return len(packet).to_bytes(2, "big") + packet


def asks(data: bytes) -> bool:
    """Whether `data` is a client's hard reset, in a datagram or over TCP."""
    return any(packet[:1] == bytes([_CLIENT << 3]) and _acks(packet) is not None for packet in _packets(data))


def answers(sent: bytes, data: bytes) -> bool:
    """Whether `data` begins with a server's hard reset that acknowledges the one `sent`."""
    return any(
        packet[:1] == bytes([_SERVER << 3]) and _acks(packet) == asked[1 : 1 + SESSION]
        for asked in _packets(sent)
        for packet in _packets(data)
    )


def bare(data: bytes) -> bytes:
    """`data`, in which nothing tells of the asker."""
    return data


def _packets(data: bytes) -> tuple[bytes, ...]:
    """What `data` may be: a datagram, or the first packet of a stream."""
    length = int.from_bytes(data[:2], "big")
    return (data, data[2 : 2 + length]) if 0 < length <= len(data) - 2 else (data,)


def _acks(packet: bytes) -> bytes | None:
    """The session that a reset acknowledges, empty for none; `None` if it is no whole reset of any layout."""
    for code in _CODES:
        at = 1 + SESSION + (code + _STAMP if code else 0)
        count = packet[at] if at < len(packet) else _ACKS + 1
        remote = at + 1 + 4 * count
        end = remote + (SESSION if count else 0) + 4
        if count <= _ACKS and len(packet) == end:
            return packet[remote : remote + SESSION] if count else b""
    return None
