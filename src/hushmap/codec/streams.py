"""A stream of bytes -> the JSON documents in it, each with its place, whatever they are packed in and laid out as.

One document a line is what archives hold; people also have one measurement spread over many lines, and lists of
them. Memory is bounded by `LINE_LIMIT`: a line beyond it is passed over and said, never held. What is no text at all
is told once, in words, and not line by line.
"""

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from hushmap.codec.layout import SPACE, is_json, is_whole, spans
from hushmap.codec.native import LINE_LIMIT
from hushmap.codec.unpacking import unpacked

_LOOKED_AT = 512
"""Bytes that are enough to tell text from what is none: a tar archive says so at byte 257."""

_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class Document(msgspec.Struct, frozen=True, gc=False):
    """One JSON document, not yet read."""

    number: int
    """Of its line from 1; where documents are laid out over several lines, which of them it is."""
    offset: int
    """Of its first byte, after unpacking."""
    data: bytes
    """Without the newline."""
    ended: bool = True
    """Whether something ended it: a line without its newline may be cut short."""


class Damaged(msgspec.Struct, frozen=True, gc=False):
    """A place in a stream where no document could be had, and why, in one line."""

    number: int
    offset: int
    error: str


class Block(msgspec.Struct, frozen=True, gc=False):
    """Lines, not yet cut apart: what is handed to another process at once."""

    number: int
    """Of its first line."""
    offset: int
    data: bytes


def documents(stream: BinaryIO, name: str) -> Iterator[Document | Damaged]:
    """Every document of `stream` in its order; empty lines are none. Nothing is raised for what the stream holds."""
    for piece in blocks(stream, name):
        if isinstance(piece, Block):
            yield from documents_of(piece)
        else:
            yield piece


def documents_of(block: Block) -> Iterator[Document | Damaged]:
    """The lines of a block."""
    data, number, start = block.data, block.number - 1, 0
    for number, end in enumerate(_newlines(data), block.number):
        size, offset = end - start, block.offset + start
        if size > LINE_LIMIT:
            yield _too_long(number, offset, size)
        elif (line := data[start:end]) and not line.isspace():
            yield Document(number, offset, line)
        start = end + 1
    last = data[start:]
    if last and not last.isspace():
        yield Document(number + 1, block.offset + start, last, ended=False)


def _newlines(data: bytes) -> Iterator[int]:
    """Where they stand. `find` goes in strides; `split` and `count` look at every byte: five times longer."""
    find, end = data.find, -1
    while (end := find(b"\n", end + 1)) >= 0:
        yield end


def blocks(stream: BinaryIO, name: str) -> Iterator[Block | Document | Damaged]:
    """The same as `documents`, with lines still in blocks; `name` is what the stream is called, for its packing."""
    pieces = _Pieces(stream, name)
    head = pieces.gathered(_LOOKED_AT)
    if fault := _no_text(head[:_LOOKED_AT]) or ("" if head or pieces.broken else "it is empty"):
        yield Damaged(1, 0, fault)
        return
    offset = len(_BOM) if head.startswith(_BOM) else 0
    pieces.back(head[offset:])
    if head[offset:].lstrip(SPACE)[:1] in {b"{", b"["}:
        held = _with_first_line(pieces)
        first = held.lstrip(SPACE).partition(b"\n")[0]
        if len(first) <= LINE_LIMIT and not (first.startswith(b"{") and is_whole(first)):
            held += pieces.gathered(LINE_LIMIT + 1 - len(held))
            found = _spread(held, first, offset, pieces)
            if found is not None:
                yield from found
                return
        pieces.back(held)
    yield from _by_line(pieces, offset)


class _Pieces:
    """Unpacked pieces that can be put back, and what broke them off."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self.broken = ""
        self._back: list[bytes] = []
        self._rest = self._pieces(stream, name)

    def _pieces(self, stream: BinaryIO, name: str) -> Iterator[bytes]:
        try:
            yield from unpacked(stream, name)
        except (OSError, ValueError) as error:
            reason = (error.strerror if isinstance(error, OSError) else None) or str(error) or "it cannot be read"
            self.broken = " ".join(reason.split())

    def __iter__(self) -> "_Pieces":
        return self

    def __next__(self) -> bytes:
        return self._back.pop() if self._back else next(self._rest)

    def back(self, data: bytes) -> None:
        """Give `data` again before anything else."""
        if data:
            self._back.append(data)

    def gathered(self, enough: int) -> bytes:
        """At least so many bytes, if there are so many."""
        found, size = [], 0
        while size < enough and (piece := next(self, b"")):
            found.append(piece)
            size += len(piece)
        return b"".join(found)


def _no_text(head: bytes) -> str:
    """What these first bytes are if they are no text in UTF-8."""
    if head.startswith(_UTF_16):
        return "text in UTF-16: save it as UTF-8"
    if head[257:262] == b"ustar":
        return "a tar archive: unpack it and give the files in it"
    if b"\x00" in head:
        return "no text: binary data, or text in UTF-16"
    return ""


def _with_first_line(pieces: _Pieces) -> bytes:
    """Bytes up to a newline after the first sign that is no space, or beyond the bound."""
    held, size = [pieces.gathered(_LOOKED_AT)], 0
    found = b"\n" in held[0].lstrip(SPACE)
    while not found and size <= LINE_LIMIT and (piece := next(pieces, b"")):
        held.append(piece)
        size += len(piece)
        found = b"\n" in piece
    return b"".join(held)


def _spread(held: bytes, first: bytes, offset: int, pieces: _Pieces) -> Iterator[Document | Damaged] | None:
    """The documents of a list or of objects over several lines; `None` where each line stands for itself."""
    a_list, alone = first.startswith(b"["), first.strip(SPACE) in {b"[", b"{"}
    if a_list and is_whole(first) and held.lstrip(SPACE)[len(first) :].strip(SPACE):
        return None
    if len(held) > LINE_LIMIT:
        too_long = f"more than {LINE_LIMIT} bytes that are not one measurement a line: write them so (jq -c)"
        return iter([Damaged(1, offset, too_long)]) if a_list or alone else None
    if not a_list and not alone and not is_json(held):
        return None
    return _objects(held, offset, pieces)


def _objects(held: bytes, offset: int, pieces: _Pieces) -> Iterator[Document | Damaged]:
    """Each object with its number; `broken` is told in place of what it left behind."""
    number, fault = 0, ""
    for start, end, fault in spans(held):
        number += 1
        if not fault:
            yield Document(number, offset + start, held[start:end])
        elif not pieces.broken:
            yield Damaged(number, offset + start, fault)
    if pieces.broken:
        yield Damaged(number + (not fault), offset + len(held), pieces.broken)
    elif not number:
        yield Damaged(1, offset, "a list without a measurement")


def _by_line(pieces: _Pieces, offset: int) -> Iterator[Block | Damaged]:
    number, size = 1, 0
    held: list[bytes | memoryview] = []
    lost = 0
    """Bytes that were passed over of a line beyond the bound."""
    for piece in pieces:
        rest = piece
        if lost:
            end = rest.find(b"\n") + 1
            lost += end or len(rest)
            if not end:
                continue
            yield _too_long(number, offset, lost - 1)
            number, offset, lost, rest = number + 1, offset + lost, 0, rest[end:]
        cut = rest.rfind(b"\n") + 1
        if cut:
            held.append(memoryview(rest)[:cut])  # copied once, below
            block = Block(number, offset, b"".join(held))
            yield block
            number, offset = number + sum(1 for _ in _newlines(block.data)), offset + len(block.data)
            held, size = [], 0
        held.append(rest[cut:])
        size += len(rest) - cut
        if size > LINE_LIMIT:
            lost, size, held = size, 0, []
    if pieces.broken:
        yield Damaged(number, offset, pieces.broken)
    elif lost:
        yield _too_long(number, offset, lost)
    elif size:
        yield Block(number, offset, b"".join(held))


def _too_long(number: int, offset: int, size: int) -> Damaged:
    return Damaged(number, offset, f"a line of {size} bytes is longer than {LINE_LIMIT}")
