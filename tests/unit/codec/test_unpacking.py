"""Packed bytes to plain ones: told by their first bytes, bounded, and what came before damage is kept."""

import bz2
import gzip
import io
import lzma
import random

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from hushmap.codec.unpacking import PIECE, is_packed, unpacked

SKIPPABLE = b"\x5f\x2a\x4d\x18\x04\x00\x00\x00note"


def unpack(data, step=None):
    """All of it, however slowly the stream gives it."""
    return b"".join(unpacked(io.BytesIO(data) if step is None else Slow(data, step)))


class Slow(io.RawIOBase):
    """A stream that gives a few bytes at a time, and has no read1."""

    def __init__(self, data, step):
        self.data, self.step = data, step

    def read(self, size=-1):
        """The next few."""
        given, self.data = self.data[: self.step], self.data[self.step :]
        return given


@given(st.lists(st.binary(max_size=300), max_size=4), st.integers(1, 50), st.sampled_from(["plain", "gz", "zst"]))
def test_what_was_packed_comes_back(parts, step, kind):
    """Any number of members or frames, at any pace, gives the bytes that were packed."""
    pack = {"plain": bytes, "gz": gzip.compress, "zst": zstandard.compress}[kind]
    packed = b"".join(map(pack, parts))
    if kind == "plain" and is_packed(packed):
        return
    if not packed.startswith((b"BZh", b"PK", b"7z", b"\xfd7z", b"\x04\x22")):
        assert unpack(packed, step) == unpack(packed) == b"".join(parts)


@given(
    st.binary(max_size=400), st.sampled_from([b"", b"\x1f\x8b", b"\x1f\x8b\x08\x00", b"\x28\xb5\x2f\xfd", SKIPPABLE])
)
def test_hostile_bytes_end_in_one_line(data, head):
    """Whatever the bytes are, they unpack or end in a ValueError of one line."""
    said = ""
    try:
        unpack(head + data)
    except ValueError as error:
        said = str(error)
    assert said.isprintable()


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_what_came_before_the_damage_is_given(pack):
    """A file that was cut short, or has a damaged byte, gives the whole members before it."""
    first, second = b"one line\n" * 10, random.Random(1).randbytes(5000)
    packed = pack(first) + pack(second)
    found = []
    with pytest.raises(ValueError, match="cut short"):
        found.extend(unpacked(io.BytesIO(packed[:-10])))
    assert b"".join(found).startswith(first)
    broken = bytearray(packed)
    at = len(pack(first)) + 6
    broken[at : at + 40] = b"\xff" * 40
    found = []
    with pytest.raises(ValueError, match="are damaged: "):
        found.extend(unpacked(io.BytesIO(bytes(broken))))
    assert b"".join(found).startswith(first)


def test_zeros_after_the_last_member_are_padding():
    """A gzip file padded to a block is read; other bytes after it are damage."""
    packed = gzip.compress(b"x\n")
    assert unpack(packed + bytes(600)) == unpack(packed + bytes(600), 7) == b"x\n"
    assert unpack(packed + bytes(5) + packed) == b"x\nx\n"
    with pytest.raises(ValueError, match="damaged"):
        unpack(packed + b"junk")


def test_frames_without_data_are_passed_over():
    """Skippable frames of zstd may stand first, between and last."""
    packed = SKIPPABLE + zstandard.compress(b"a") + SKIPPABLE + zstandard.compress(b"b") + SKIPPABLE
    assert unpack(packed) == unpack(packed, 3) == b"ab"


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_bomb_is_given_in_pieces(pack):
    """A hundred megabytes from a few kilobytes never stand in memory at once."""
    size = 100 * 1024 * 1024
    packed = pack(bytes(size))
    assert len(packed) < size // 500
    pieces = [len(piece) for piece in unpacked(io.BytesIO(packed))]
    assert sum(pieces) == size
    assert max(pieces) <= 33 * 1024 * 1024


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (bz2.compress(b"x"), "bzip2 data"),
        (lzma.compress(b"x"), "xz data"),
        (b"\x04\x22\x4d\x18rest of it", "lz4 data"),
        (b"PK\x03\x04rest of it", "a zip archive"),
        (b"7z\xbc\xaf\x27\x1crest", "a 7z archive"),
    ],
)
def test_other_packings_are_named(data, what):
    """What is packed in another way is said by its name, with the remedy."""
    with pytest.raises(ValueError, match=f"^{what}, which is not read: unpack it"):
        unpack(data)


def test_plain_bytes_stay():
    """Nothing is nothing; text is text, in pieces."""
    assert list(unpacked(io.BytesIO())) == []
    assert [len(piece) for piece in unpacked(io.BytesIO(b"x" * (2 * PIECE)))] == [PIECE, PIECE]
    assert not is_packed(b"\x40\x2a\x4d\x18")


def test_a_stream_that_fails_says_so():
    """An error of the disk or network is not swallowed."""

    class Failing(io.RawIOBase):
        def read(self, size=-1):
            raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output"):
        list(unpacked(Failing()))
