"""Opens QUIC Initial packets, whose keys follow from what they carry in plain sight, and takes the ClientHello out.

A censor of names in QUIC does this (refs/BEYOND 2.8), and it is no secret: version and connection id give the keys
(RFC 9001 5.2 for version 1, RFC 9369 3.3 for version 2). Only Initials of clients are read here, lenient where a
censor may be, and never more than a first flight of bytes is kept.
"""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

V1, V2 = 0x00000001, 0x6B3343CF
_SALTS = {
    V1: bytes.fromhex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a"),
    V2: bytes.fromhex("0dede3def700a6db819381be6e269dcbf9bd2ed9"),
}
_TYPES = {V1: 0, V2: 1}
"""The long packet type of an Initial (RFC 9000 17.2.2, RFC 9369 3.2)."""
_LABELS = {V1: b"quic ", V2: b"quicv2 "}
_CID_MAX = 20
"""RFC 9000 17.2."""
_TAG = 16
_SAMPLE = 16
_CRYPTO_LIMIT = 16384
"""Bytes of a handshake that are put together; a ClientHello with two post-quantum key shares has some 4 kB."""
_PIECES = 64
_PADDING, _PING, _ACK, _ACK_ECN, _CRYPTO, _CLOSE = 0x00, 0x01, 0x02, 0x03, 0x06, 0x1C


@dataclass(slots=True, frozen=True)
class Initial:
    """One Initial packet, still closed."""

    version: int
    dcid: bytes
    raw: bytes
    """From its first byte to the end that it states."""
    number_at: int
    """Where its packet number begins."""


@dataclass(slots=True, frozen=True)
class Keys:
    """What protects a client's Initials."""

    key: bytes
    iv: bytes
    hp: bytes


class _Reader:
    """Reads QUIC's numbers (RFC 9000 16); ValueError where the bytes end."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data = data
        self.at = at

    def take(self, size: int) -> bytes:
        piece = self.data[self.at : self.at + size]
        if len(piece) < size:
            raise ValueError("a QUIC packet ends within a field")
        self.at += size
        return piece

    def number(self) -> int:
        first = self.take(1)
        rest = self.take((1 << (first[0] >> 6)) - 1)
        return int.from_bytes(bytes((first[0] & 0x3F,)) + rest, "big")


def initials(datagram: bytes) -> Iterator[Initial]:
    """The Initial packets at the start of a datagram (RFC 9000 12.2); other packets end the search."""
    at = 0
    while at < len(datagram):
        try:
            found = _header(datagram, at)
        except ValueError:
            return
        if found is None:
            return
        yield found
        at += len(found.raw)


def _header(datagram: bytes, at: int) -> Initial | None:
    """The Initial that begins at `at`; `None` if it is another packet, ValueError if it is cut off."""
    read = _Reader(datagram, at)
    first = read.take(1)[0]
    version = int.from_bytes(read.take(4), "big")
    if version not in _SALTS or first >> 6 != 3 or first >> 4 & 3 != _TYPES[version]:
        return None
    dcid = read.take(read.take(1)[0])
    scid = read.take(read.take(1)[0])
    if max(len(dcid), len(scid)) > _CID_MAX:
        return None
    read.take(read.number())  # token
    size = read.number()
    number_at = read.at - at
    read.take(size)
    if size < 4 + _SAMPLE:
        return None
    return Initial(version, dcid, datagram[at : read.at], number_at)


@lru_cache(maxsize=1024)
def client_keys(version: int, dcid: bytes) -> Keys:
    """The keys of a client's Initials, by version and the first connection id that it chose (RFC 9001 5.2)."""
    secret = _expand(hmac.digest(_SALTS[version], dcid, "sha256"), b"client in", 32)
    label = _LABELS[version]
    return Keys(
        _expand(secret, label + b"key", 16), _expand(secret, label + b"iv", 12), _expand(secret, label + b"hp", 16)
    )


def _expand(secret: bytes, label: bytes, size: int) -> bytes:
    """HKDF-Expand-Label for up to 32 bytes (RFC 8446 7.1, RFC 5869 2.3)."""
    label = b"tls13 " + label
    info = size.to_bytes(2, "big") + bytes((len(label),)) + label + b"\0"
    return hmac.digest(secret, info + b"\x01", "sha256")[:size]


def opened(packet: Initial, keys: Keys) -> bytes | None:
    """The frames of an Initial; `None` if these are not its keys (RFC 9001 5.3, 5.4)."""
    raw, at = packet.raw, packet.number_at
    sample = raw[at + 4 : at + 4 + _SAMPLE]
    # One block of AES hides the header: that is how the protocol is defined, and nothing of ours is hidden by it.
    mask = Cipher(algorithms.AES(keys.hp), modes.ECB()).encryptor().update(sample)  # noqa: S305
    first = raw[0] ^ mask[0] & 0x0F
    size = (first & 3) + 1
    number = bytes(byte ^ bit for byte, bit in zip(raw[at : at + size], mask[1:], strict=False))
    nonce = int.from_bytes(keys.iv, "big") ^ int.from_bytes(number, "big")
    head = bytes((first,)) + raw[1:at] + number
    try:
        return AESGCM(keys.key).decrypt(nonce.to_bytes(12, "big"), raw[at + size :], head)
    except InvalidTag:
        return None


def crypto_frames(frames: bytes) -> Iterator[tuple[int, bytes]]:
    """(offset, bytes) of the CRYPTO frames; a frame that no Initial may hold ends it (RFC 9000 17.2.2, 19)."""
    read = _Reader(frames)
    try:
        while read.at < len(frames):
            kind = read.number()
            if kind in {_PADDING, _PING}:
                continue
            if kind in {_ACK, _ACK_ECN}:
                _skip_ack(read, ecn=kind == _ACK_ECN)
            elif kind == _CRYPTO:
                offset = read.number()
                yield offset, read.take(read.number())
            elif kind == _CLOSE:
                read.number()
                read.number()
                read.take(read.number())
            else:
                return
    except ValueError:  # cut off: what came before stands
        return


def _skip_ack(read: _Reader, *, ecn: bool) -> None:
    read.number()
    read.number()
    ranges = read.number()
    read.number()
    for _ in range(2 * ranges + 3 * ecn):
        read.number()


class Handshake:
    """Puts a client's handshake together from the Initials of one flow."""

    def __init__(self, versions: frozenset[int] = frozenset(_SALTS)) -> None:
        self._versions = versions
        self._dcid: bytes | None = None
        self._pieces: dict[int, bytes] = {}
        self.data = b""
        """What has come, in order, without holes."""
        self.initials = 0
        """How many packets could be opened."""

    def feed(self, datagram: bytes) -> None:
        """Take in a datagram of the client; what is no Initial, or is not to be opened, is passed over."""
        for packet in initials(datagram):
            if packet.version not in self._versions:
                continue
            frames = self._open(packet)
            if frames is None:
                continue
            self.initials += 1
            for offset, piece in crypto_frames(frames):
                if offset < _CRYPTO_LIMIT and len(self._pieces) < _PIECES:
                    self._pieces[offset] = max(piece, self._pieces.get(offset, b""), key=len)
        for at in sorted(self._pieces):
            if at > len(self.data) or len(self.data) >= _CRYPTO_LIMIT:
                break
            self.data += self._pieces.pop(at)[len(self.data) - at :]

    def _open(self, packet: Initial) -> bytes | None:
        """By the flow's first connection id, which stays the keys' source, or else by the packet's own (a Retry)."""
        for dcid in dict.fromkeys((self._dcid or packet.dcid, packet.dcid)):
            frames = opened(packet, client_keys(packet.version, dcid))
            if frames is not None:
                self._dcid = dcid
                return frames
        return None
