"""TLS as far as the path sees it and a handshake is judged by it: a true ClientHello, and records for secrets.

What a censor reads is in the open and is what the client's own library writes. The server's flight names the
certificate that it would hold; what is encrypted is of the right size and shape and cannot be read as text. No key is
made, so that equal seeds give equal bytes.
"""

import functools
import ssl
from collections.abc import Iterator

HANDSHAKE, ALERT, DATA = 22, 21, 23
_RECORD = 16384
"""RFC 8446 5.1."""
_FLIGHT = 960
"""Bytes of ServerHello to Finished with one elliptic certificate, as the lab's are. Measured of the lab's servers."""
FINISHED = b"\x14\x03\x03\x00\x01\x01\x17\x03\x03\x00\x35" + bytes(53)
"""What a client sends before its first data: change_cipher_spec and its Finished (RFC 8446 D.4)."""
_VEIL = bytes(byte ^ 0xA5 for byte in range(256))
_TAG = 17
"""Bytes that a record of TLS 1.3 adds: the type inside, and the tag of the cipher (RFC 8446 5.2)."""


@functools.lru_cache(maxsize=4096)
def hello(name: str | None) -> bytes:
    """The ClientHello that the tool's own library sends for a name; made once for each."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(["http/1.1"])
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = context.wrap_bio(incoming, outgoing, server_hostname=name)
    try:
        client.do_handshake()
    except ssl.SSLWantReadError:
        return outgoing.read()
    raise AssertionError("a handshake needs two")


def flight(certificate: int) -> bytes:
    """The server's answer to a hello, by whose certificate; the client reads the number."""
    body = b"\x02" + (_FLIGHT - 9).to_bytes(3, "big") + certificate.to_bytes(4, "big")
    return bytes((HANDSHAKE, 3, 3)) + (_FLIGHT - 5).to_bytes(2, "big") + body.ljust(_FLIGHT - 5, b"\0")


def alert(number: int) -> bytes:
    """A fatal alert in the open (RFC 8446 6)."""
    return bytes((ALERT, 3, 3, 0, 2, 2, number))


def sealed(data: bytes) -> bytes:
    """Records that hold data."""
    veiled = data.translate(_VEIL)
    pieces = (veiled[at : at + _RECORD] for at in range(0, len(veiled), _RECORD))
    return b"".join(
        bytes((DATA, 3, 3)) + (len(piece) + _TAG).to_bytes(2, "big") + piece + bytes(_TAG) for piece in pieces
    )


class Records:
    """Takes bytes of a connection, gives whole records."""

    def __init__(self) -> None:
        self._data = b""

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """(type, contents) of each record that is now whole; contents of data records are read.

        Raises:
            ValueError: These are no records.
        """
        self._data += data
        while len(self._data) >= 5:
            kind, version = self._data[0], self._data[1]
            if not 20 <= kind <= DATA or version != 3:
                raise ValueError("no TLS")
            size = int.from_bytes(self._data[3:5], "big")
            if len(self._data) < 5 + size:
                return
            body, self._data = self._data[5 : 5 + size], self._data[5 + size :]
            yield kind, body[:-_TAG].translate(_VEIL) if kind == DATA else body
