"""WireGuard's first packet and the two answers to it (whitepaper section 5.4: messages of types 1, 2 and 3).

Nobody without a registered key is answered, and without the server's own key the first check already fails: an
answer shows that the way is open, silence shows nothing. The parts that only a peer could fill are noise of the
right length.
"""

import hashlib

INITIATION, RESPONSE, COOKIE = 148, 92, 64
"""Lengths of the three messages."""
_TYPES = {INITIATION: b"\x01\0\0\0", RESPONSE: b"\x02\0\0\0", COOKIE: b"\x03\0\0\0"}
_MAC1 = 116
"""Where the first of the two codes stands; it covers what is before it."""
KEY = 32


def initiation(seed: bytes, server: bytes | None = None) -> bytes:
    """A handshake initiation made from `seed`; with the server's public key its first code is right.

    Raises:
        ValueError: The key has another length than 32 bytes.
    """
    if server is not None and len(server) != KEY:
        raise ValueError(f"a public key has {KEY} bytes, not {len(server)}")
    noise = b"".join(hashlib.blake2s(seed, salt=bytes([count])).digest() for count in range(4))
    message = _TYPES[INITIATION] + noise[: _MAC1 - 4]
    code = hashlib.blake2s(noise, digest_size=16).digest()
    if server is not None:
        key = hashlib.blake2s(b"mac1----" + server).digest()
        code = hashlib.blake2s(message, key=key, digest_size=16).digest()
    return message + code + bytes(16)


def asks(data: bytes) -> bool:
    """Whether `data` is a handshake initiation."""
    return len(data) == INITIATION and data[:4] == _TYPES[INITIATION]


def answers(sent: bytes, data: bytes) -> bool:
    """Whether `data` answers the initiation `sent`: a response or a cookie reply that names its sender."""
    if len(data) == RESPONSE:
        return data[:4] == _TYPES[RESPONSE] and data[8:12] == sent[4:8]
    return len(data) == COOKIE and data[:4] == _TYPES[COOKIE] and data[4:8] == sent[4:8]


def bare(data: bytes) -> bytes:
    """`data`, in which nothing tells of the asker."""
    return data
