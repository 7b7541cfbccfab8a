"""What QUIC says in plain sight and at its end: error codes as failures, versions as names, resets that are proven.

Only what needs no connection is here; the connection itself is aioquic's (RFC 9000, RFC 9001 section 4.8).
"""

import hmac

from hushmap.model import Failure

NO_ERROR, CONNECTION_REFUSED = 0x0, 0x2
_ALERTS = range(0x100, 0x200)
"""CRYPTO_ERROR: a TLS alert's number in its low byte (RFC 9001 section 4.8)."""
_VERSIONS = {0x00000001: "QUICv1", 0x6B3343CF: "QUICv2"}
INITIAL_BYTES = 1200
_INITIAL = 0xC0
"""The upper half of an Initial's first byte: long header, fixed bit, type 0 (RFC 9000 section 17.2.2)."""
_VERSION_1 = bytes((0, 0, 0, 1))
_ID_BYTES = range(8, 21)
TOKEN_BYTES = 16
_SHORTEST_RESET = 21
"""RFC 9000 section 10.3: a shorter datagram is none."""


def closed(code: int, *, ours: bool) -> tuple[Failure, str, int | None]:
    """(failure, detail, alert number) of a connection that was closed with a transport error before it stood.

    `ours`: this side closed it, because what came made no sense.
    """
    alert = code - _ALERTS.start if code in _ALERTS else None
    if ours:
        return Failure.TLS_FAILED, f"quic {code:#x} by us", None
    if alert is not None:
        return Failure.TLS_ALERT, f"alert {alert}", alert
    if code == CONNECTION_REFUSED:
        return Failure.REFUSED, "quic refused", None
    return Failure.EOF, f"quic {code:#x}", None


def version_name(number: int | None) -> str | None:
    """How a version is written in a record; `None`: it is none that we speak."""
    return None if number is None else _VERSIONS.get(number)


def is_reset(datagram: bytes, token: bytes) -> bool:
    """Whether a datagram is a stateless reset: only the server knows its last bytes (RFC 9000 section 10.3)."""
    if len(token) != TOKEN_BYTES or len(datagram) < _SHORTEST_RESET:
        return False
    return hmac.compare_digest(datagram[-TOKEN_BYTES:], token)


def first_id(datagram: bytes) -> bytes | None:
    """The connection id that a client chose for its server; `None`: this is no Initial that begins a connection.

    An Initial that a server may answer has at least 1200 bytes (RFC 9000 section 14.1), QUIC's first version, and an
    id of 8 to 20 bytes (section 7.2).
    """
    if len(datagram) < INITIAL_BYTES or datagram[0] & 0xF0 != _INITIAL or datagram[1:5] != _VERSION_1:
        return None
    size = datagram[5]
    return datagram[6 : 6 + size] if size in _ID_BYTES else None


def offers_versions(datagram: bytes) -> bool:
    """Whether a datagram is a Version Negotiation packet: its version is 0 (RFC 9000 section 17.2.1)."""
    return len(datagram) > 6 and datagram[0] >= 0x80 and datagram[1:5] == bytes(4)
