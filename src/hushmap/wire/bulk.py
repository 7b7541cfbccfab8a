"""The download of known size that our echo gives: the path that asks for it, and the bytes that come.

A rate is compared over the same bytes, from the same server, under two names (refs/BEYOND 2.9). So they are the same
at every time and for everyone, they are text as all that the echo says, and nothing on the way can make them fewer:
digits of noise, of which a compressor saves no more than the quarter that a digit leaves unused. The path is one that
no site has: an echo of ours is asked for sites' own paths too, and must give those back.
"""

import base64
import functools
import hashlib
import re

LIMIT = 512 * 1024
"""The most that one request gets: some 30 s at the 140 kbit/s of refs/BEYOND 2.9."""
_PATH = re.compile(r"/hushmap-bytes/([1-9][0-9]{0,5})")


def path_of(size: int) -> str:
    """The path at which so many bytes are had.

    Raises:
        ValueError: None, or more than the limit.
    """
    if not 0 < size <= LIMIT:
        raise ValueError(f"a download has from 1 to {LIMIT} bytes, not {size}")
    return f"/hushmap-bytes/{size}"


def size_of(target: str) -> int | None:
    """How many bytes a request's target asks for; `None` if it asks for none, or for too many."""
    match = _PATH.fullmatch(target)
    size = int(match[1]) if match is not None else 0
    return size if 0 < size <= LIMIT else None


def body_of(size: int) -> bytes:
    """The first so many bytes of the noise, at most the limit."""
    return _noise()[:size]


@functools.cache
def _noise() -> bytes:
    return base64.b64encode(hashlib.shake_256(b"hushmap").digest(LIMIT * 3 // 4))
