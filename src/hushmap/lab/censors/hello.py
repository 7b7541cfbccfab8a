"""What a censor reads in a ClientHello, whole or as far as it has come: the server name, and which extensions.

Beside `wire.tls` because a censor is not a strict reader: one that puts neither segments nor records together reads
what lies in the piece before it, and one of ECH looks at extensions (RFC 8446 4.1.2, RFC 6066 3).
"""

from dataclasses import dataclass
from functools import lru_cache

_HANDSHAKE, _CLIENT_HELLO = 22, 1
_RECORD_LIMIT = 2**14 + 2048
"""RFC 5246 6.2.3: the longest record of any version."""
_HELLO_LIMIT = 2**16
_SERVER_NAME = 0
_HELLOS_KEPT = 16
"""Every rule of a box reads the same hello, one after another, and again when it is sent once more."""


@dataclass(slots=True, frozen=True)
class Hello:
    """A ClientHello as far as it could be read."""

    whole: bool
    name: str | None = None
    extensions: tuple[int, ...] = ()


class _EndError(ValueError):
    """The bytes end before the value does."""


class _Reader:
    """Reads numbers and length-prefixed vectors (RFC 8446 3)."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, size: int) -> bytes:
        piece = self._data[self._at : self._at + size]
        if len(piece) < size:
            raise _EndError
        self._at += size
        return piece

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "big")

    def vector(self, prefix: int) -> bytes:
        return self.take(self.number(prefix))

    @property
    def left(self) -> bytes:
        return self._data[self._at :]


def handshake(stream: bytes, *, records: bool = True) -> tuple[bytes, bool] | None:
    """(what the handshake records at the start hold, whether more of it may come); `None`: this is no TLS.

    Without `records` only the first one counts, as for a censor that does not put them together.
    """
    message = b""
    at = 0
    while at < len(stream):
        head = stream[at : at + 5]
        if head[0] != _HANDSHAKE or (len(head) > 1 and head[1] != 3):
            return None if at == 0 else (message, False)
        if len(head) < 5:
            break
        size = int.from_bytes(head[3:], "big")
        if not 0 < size <= _RECORD_LIMIT:
            return None if at == 0 else (message, False)
        part = stream[at + 5 : at + 5 + size]
        message += part
        at += 5 + size
        if not records:
            return message, len(part) < size
    return message, True


@lru_cache(maxsize=_HELLOS_KEPT)
def read(message: bytes) -> Hello | None:
    """Read the handshake message at the start, which may be cut off anywhere; `None` if it is no ClientHello."""
    if message[:1] not in {b"", bytes((_CLIENT_HELLO,))}:
        return None
    if len(message) < 4:
        return Hello(whole=False)
    size = int.from_bytes(message[1:4], "big")
    if size > _HELLO_LIMIT:
        return None
    body = message[4 : 4 + size]
    whole = len(body) == size
    kinds: list[int] = []
    names: list[str] = []
    try:
        _read_body(_Reader(body), kinds, names)
    except _EndError:
        if whole:  # it contradicts itself
            return None
    return Hello(whole, names[0] if names else None, tuple(kinds))


def _read_body(hello: _Reader, kinds: list[int], names: list[str]) -> None:
    """Collect what is there; `_EndError` where it ends too early."""
    hello.take(2 + 32)  # legacy_version, random
    hello.vector(1)  # legacy_session_id
    hello.vector(2)  # cipher_suites
    hello.vector(1)  # legacy_compression_methods
    if not hello.left:
        return
    size = hello.number(2)
    cut = len(hello.left) < size
    extensions = _Reader(hello.left[:size])
    while extensions.left:
        kind = extensions.number(2)
        content = extensions.vector(2)
        kinds.append(kind)
        if kind == _SERVER_NAME:
            listed = _Reader(_Reader(content).vector(2))
            while listed.left:
                host, name = listed.number(1) == 0, listed.vector(2)
                if host:
                    names.append(name.decode("ascii", "backslashreplace"))
    if cut:
        raise _EndError
