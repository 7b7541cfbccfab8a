"""What TLS says in plain sight: the name in a ClientHello, whether a server spoke TLS, the number of an alert.

A censor of names reads the ClientHello, so the lab's censors and echo servers must read it as bytes; a measurement
must tell "the server spoke TLS and refused" from "something closed the connection". Only record framing and the
unencrypted start of a connection are read here (RFC 8446 sections 4.1.2, 5.1 and 6, RFC 6066 section 3).
"""

from collections.abc import Iterator

ALERTS: dict[int, str] = {
    0: "close_notify",
    10: "unexpected_message",
    20: "bad_record_mac",
    21: "decryption_failed",
    22: "record_overflow",
    30: "decompression_failure",
    40: "handshake_failure",
    41: "no_certificate",
    42: "bad_certificate",
    43: "unsupported_certificate",
    44: "certificate_revoked",
    45: "certificate_expired",
    46: "certificate_unknown",
    47: "illegal_parameter",
    48: "unknown_ca",
    49: "access_denied",
    50: "decode_error",
    51: "decrypt_error",
    60: "export_restriction",
    70: "protocol_version",
    71: "insufficient_security",
    80: "internal_error",
    86: "inappropriate_fallback",
    90: "user_canceled",
    100: "no_renegotiation",
    109: "missing_extension",
    110: "unsupported_extension",
    111: "certificate_unobtainable",
    112: "unrecognized_name",
    113: "bad_certificate_status_response",
    114: "bad_certificate_hash_value",
    115: "unknown_psk_identity",
    116: "certificate_required",
    120: "no_application_protocol",
    121: "ech_required",
}
"""IANA, TLS alerts; reserved ones too, for old servers still send them."""

_CHANGE_CIPHER, _ALERT, _HANDSHAKE = 20, 21, 22
_FATAL = 2
_RECORD_LIMIT = 2**14 + 2048
"""RFC 5246 section 6.2.3: the longest record of any version, encrypted ones included."""
_HELLO_LIMIT = 2**16
"""A ClientHello with two post-quantum key shares has some 4 kB; its three vectors together could not pass 200 kB."""
_CLIENT_HELLO = 1
_SERVER_NAME = 0
_HOST_NAME = 0


class _Short(ValueError):  # noqa: N818  (it is no error of anybody's: the rest has not come yet)
    """The bytes end before the value does."""


class _Cursor:
    """Reads big-endian numbers and length-prefixed vectors (RFC 8446 section 3)."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, size: int) -> bytes:
        end = self.at + size
        if end > len(self.data):
            raise _Short
        piece = self.data[self.at : end]
        self.at = end
        return piece

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "big")

    def vector(self, prefix: int) -> bytes:
        return self.take(self.number(prefix))

    @property
    def left(self) -> bool:
        return self.at < len(self.data)


def client_hello_sni(stream: bytes) -> tuple[str, str | None]:
    """What the first bytes of a connection say: ("need" | "no" | "ok", the server name as sent).

    "need": the start of a ClientHello, more must come. "no": no ClientHello. "ok": a whole one, with its name or
    `None` if it has none. The hello may lie in several records, which is how some programs hide it.
    """
    try:
        body = _hello_body(stream)
    except _Short:
        return "need", None
    except ValueError:
        return "no", None
    try:
        return "ok", _server_name(body)
    except ValueError:
        return "no", None


def server_spoke(data: bytes) -> bool:
    """Whether `data` begins with a TLS record that holds a handshake message or an alert."""
    return _is_record(data[:5]) and data[0] in {_ALERT, _HANDSHAKE}


def alert(data: bytes) -> int | None:
    """The number of the alert in the plaintext records at the start of `data`: the first fatal, else the first."""
    warning: int | None = None
    for kind, fragment in _records(data):
        if kind == _CHANGE_CIPHER:
            break  # what follows is encrypted, and an alert there has no number to read
        if kind == _ALERT and len(fragment) == 2:
            if fragment[0] == _FATAL:
                return fragment[1]
            warning = fragment[1] if warning is None else warning
    return warning


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Whole records, up to the first that is none."""
    at = 0
    while _is_record(data[at : at + 5]):
        length = int.from_bytes(data[at + 3 : at + 5], "big")
        fragment = data[at + 5 : at + 5 + length]
        if len(fragment) < length:
            return
        yield data[at], fragment
        at += 5 + length


def _is_record(head: bytes) -> bool:
    """Whether `head` is the head of a record of any kind (RFC 8446 section 5.1)."""
    return (
        len(head) == 5
        and 20 <= head[0] <= 24
        and head[1] == 3
        and head[2] <= 4
        and 0 < int.from_bytes(head[3:5], "big") <= _RECORD_LIMIT
    )


def _hello_body(stream: bytes) -> bytes:
    """The body of the ClientHello that `stream` begins with; _Short if more must come, ValueError if it is none."""
    records = _Cursor(stream)
    message = bytearray()
    while True:
        if records.number(1) != _HANDSHAKE or records.number(1) != 3:
            raise ValueError("no handshake record")
        records.take(1)
        length = records.number(2)
        if not 0 < length <= _RECORD_LIMIT:
            raise ValueError("no length of a record")
        # A part of a record is read too: a wrong first byte is known before the record is whole.
        message += stream[records.at : records.at + length]
        if message and message[0] != _CLIENT_HELLO:
            raise ValueError("no ClientHello")
        size = int.from_bytes(message[1:4], "big") if len(message) >= 4 else 0
        if size > _HELLO_LIMIT:
            raise ValueError("too long for a ClientHello")
        if len(message) >= 4 and len(message) >= 4 + size:
            return bytes(message[4 : 4 + size])
        records.take(length)


def _server_name(body: bytes) -> str | None:
    """The host_name of a ClientHello's body."""
    hello = _Cursor(body)
    hello.take(2 + 32)  # legacy_version, random
    hello.vector(1)  # legacy_session_id
    hello.vector(2)  # cipher_suites
    hello.vector(1)  # legacy_compression_methods
    if not hello.left:
        return None
    extensions = _Cursor(hello.vector(2))
    while extensions.left:
        kind, content = extensions.number(2), extensions.vector(2)
        if kind == _SERVER_NAME:
            names = _Cursor(_Cursor(content).vector(2))
            while names.left:
                name_kind, name = names.number(1), names.vector(2)
                if name_kind == _HOST_NAME:
                    return name.decode("ascii", "backslashreplace")
    return None
