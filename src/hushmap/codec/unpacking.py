"""Bytes as they lie in a file or bucket -> bytes as they were written: gzip and zstd, told by their first bytes.

OONI publishes gzip files of many members and people pack what they like, so a name decides nothing. What is unpacked
is given in pieces of bounded size and never held: a bomb (a gigabyte from a megabyte) costs time and no memory. What
came before damage is given; the damage is a ValueError at the end.
"""

import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

import zstandard

PIECE = 256 * 1024
"""Bytes that are read, and unpacked, at a time: Python's own work does not count, and memory of this size is kept by
the process, where larger pieces are fetched from the system each time and filled with zeros for nothing."""

_ZSTD_STEP = 1024
"""Packed bytes that zstd is given at a time. It has no bound for what it gives back: at its best, 32 MB for these."""

_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_SKIPPABLE = b"\x2a\x4d\x18"
"""Bytes 2 to 4 of a zstd frame that holds no data; the first has 5 as its high digit (RFC 8878, 3.1.2)."""

_FOREIGN = {
    b"BZh": "bzip2 data",
    b"\xfd7zXZ\x00": "xz data",
    b"\x04\x22\x4d\x18": "lz4 data",
    b"PK\x03\x04": "a zip archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
}
"""What people and archives pack with beside the two; named, so that nobody has to guess."""


def unpacked(stream: BinaryIO, name: str = "") -> Iterator[bytes]:
    """The bytes of `stream`, unpacked if they are packed, in pieces that are not empty; `name` is what it is called.

    Raises:
        ValueError: One line that says what is damaged or not supported, after all that could be had.
        OSError: The stream cannot be read further.
    """
    pieces = _read(stream)
    head = _head(pieces)
    pieces = _again(head, pieces)
    for magic, what in _FOREIGN.items():
        if head.startswith(magic):
            raise ValueError(f"{what}, which is not read: unpack it, or pack it as .gz or .zst")
    told = next((suffix for suffix in (".gz", ".zst") if name.endswith(suffix)), "")
    if is_packed(head):
        yield from (_gzip if head.startswith(_GZIP) else _zstd)(pieces)
    elif told and b"\x00" in head:
        raise ValueError(f"no {told} file, whatever its name says")
    else:
        yield from pieces


def is_packed(head: bytes) -> bool:
    """Whether these first bytes begin something that is unpacked."""
    return head.startswith((_GZIP, _ZSTD)) or (head[1:4] == _SKIPPABLE and head[0] >> 4 == 5)


def _read(stream: BinaryIO) -> Iterator[bytes]:
    """What is there as soon as it is there: a pipe may be slow."""
    read: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
    while piece := read(PIECE):
        yield piece


def _head(pieces: Iterator[bytes], enough: int = 8) -> bytes:
    head = b""
    while len(head) < enough and (piece := next(pieces, b"")):
        head += piece
    return head


def _again(head: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    if head:
        yield head
    yield from pieces


def _gzip(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Every member, one after the other (RFC 1952, 2.2); zeros that pad the end to a block are no member."""
    member = None
    for piece in pieces:
        rest = piece
        while rest or member is not None:
            if member is None:
                rest = rest.lstrip(b"\x00")
                if not rest:
                    break
                member = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
            try:
                data = member.decompress(rest, PIECE)
            except zlib.error as error:
                raise ValueError(f"the gzip data are damaged: {error}") from None
            if data:
                yield data
            rest = member.unused_data if member.eof else member.unconsumed_tail
            if member.eof:
                member = None
            elif not rest and len(data) < PIECE:
                break  # all that these bytes hold; the member goes on in the next piece
    if member is not None:
        raise ValueError("the gzip data are cut short")


def _zstd(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Every frame, one after the other; small outputs are put together, a piece at most."""
    unpacker = zstandard.ZstdDecompressor()
    frame = None
    for piece in pieces:
        ready: list[bytes] = []
        for start in range(0, len(piece), _ZSTD_STEP):
            rest = piece[start : start + _ZSTD_STEP]
            while rest:
                frame = frame or unpacker.decompressobj()
                try:
                    ready.append(frame.decompress(rest))
                except zstandard.ZstdError as error:
                    yield from filter(None, [b"".join(ready)])
                    raise ValueError(f"the zstd data are damaged: {error}") from None
                rest = frame.unused_data if frame.eof else b""
                frame = None if frame.eof else frame
            if sum(map(len, ready)) >= PIECE:
                yield b"".join(ready)
                ready.clear()
        yield from filter(None, [b"".join(ready)])
    if frame is not None:
        raise ValueError("the zstd data are cut short")
