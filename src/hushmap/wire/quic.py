"""What QUIC says in plain sight and at its end: error codes as failures, versions as names, resets that are proven.

Only what needs no connection is here; the connection itself is aioquic's (RFC 9000, RFC 9001 section 4.8).
"""

import hmac

from hushmap.model import Failure

NO_ERROR, CONNECTION_REFUSED = 0x0, 0x2
_ALERTS = range(0x100, 0x200)
"""CRYPTO_ERROR: a TLS alert's number in its low byte (RFC 9001 section 4.8)."""
_VERSIONS = {0x00000001: "QUICv1", 0x6B3343CF: "QUICv2"}
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


def offers_versions(datagram: bytes) -> bool:
    """Whether a datagram is a Version Negotiation packet: its version is 0 (RFC 9000 section 17.2.1)."""
    return len(datagram) > 6 and datagram[0] >= 0x80 and datagram[1:5] == bytes(4)
