"""Streams to documents: every layout and packing, places that are right, and bounds that hold."""

import gzip
import io
import json

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from hushmap.codec import streams as module
from hushmap.codec.streams import Block, Damaged, Document, blocks, documents, documents_of

LIMIT = 3000


@pytest.fixture
def small(monkeypatch):
    """A bound that a test can pass."""
    monkeypatch.setattr(module, "LINE_LIMIT", LIMIT)


class Slow(io.RawIOBase):
    """A stream that gives a few bytes at a time, and fails at its end if it is told to."""

    def __init__(self, data, step, error=None):
        self.data, self.step, self.error = data, step, error

    def read(self, size=-1):
        """The next few."""
        given, self.data = self.data[: self.step], self.data[self.step :]
        if not given and self.error:
            raise self.error
        return given


def read(data, name="x.jsonl", step=None):
    """Every document or damage."""
    return list(documents(Slow(data, step) if step else io.BytesIO(data), name))


def texts(found):
    """The documents' texts."""
    return [one.data for one in found if isinstance(one, Document)]


OBJECTS = st.dictionaries(st.text(max_size=4), st.text(max_size=8) | st.lists(st.integers(), max_size=3), max_size=3)


@given(
    st.lists(OBJECTS, min_size=1, max_size=5),
    st.sampled_from(["lines", "ended lines", "list", "spread list", "spread", "one"]),
    st.sampled_from([bytes, gzip.compress, zstandard.compress]),
    st.sampled_from([b"", b"\xef\xbb\xbf"]),
    st.sampled_from([None, 1, 7]),
)
def test_every_layout_gives_the_same_objects(objects, layout, pack, mark, step):
    """Lines, lists and objects over many lines, packed or not, fast or slow: the same objects at their places."""
    text = {
        "lines": "\n\n".join(map(json.dumps, objects)),
        "ended lines": "".join(f"{json.dumps(one)}\r\n" for one in objects),
        "list": json.dumps(objects),
        "spread list": json.dumps(objects, indent=1),
        "spread": "\n".join(json.dumps(one, indent=1) for one in objects if one),
        "one": json.dumps(objects[0], indent=2) + "\n\n",
    }[layout]
    data = mark + text.encode()
    found = read(pack(data), step=step)
    expected = {"one": objects[:1], "spread": [one for one in objects if one]}.get(layout, objects)
    if not expected:
        return
    assert [json.loads(one.data) for one in found] == expected
    for one in found:
        assert data[one.offset : one.offset + len(one.data)] == one.data


def test_lines_have_their_numbers():
    """A line's number counts empty lines too; only the last may lack its newline."""
    found = read(b'\n{"a":1}\n  \nrubbish\n{"b":2}')
    assert [(one.number, one.offset, one.data, one.ended) for one in found] == [
        (2, 1, b'{"a":1}', True),
        (4, 12, b"rubbish", True),
        (5, 20, b'{"b":2}', False),
    ]
    assert read(b"\n \n") == read(b"{}\n\n ")[1:] == []


@pytest.mark.parametrize(
    ("data", "name", "error"),
    [
        (b"", "x", "it is empty"),
        (gzip.compress(b"", mtime=0), "x", "it is empty"),
        ('{"a":1}'.encode("utf-16"), "x", "text in UTF-16: save it as UTF-8"),
        ('{"a":1}'.encode("utf-16-be"), "x", "no text: binary data, or text in UTF-16"),
        (b"\x89PNG\r\n\x1a\n\x00", "x.png", "no text: binary data, or text in UTF-16"),
        (b"\x00" * 900, "x.jsonl.gz", "no .gz file, whatever its name says"),
        (b"\x00" * 900, "x.zst", "no .zst file, whatever its name says"),
        (gzip.compress(b"\x00" * 900, mtime=0), "x.gz", "no text: binary data, or text in UTF-16"),
        (b"x" * 257 + b"ustar\x0000", "x.tar", "a tar archive: unpack it and give the files in it"),
        (b"BZh91AY", "x.bz2", "bzip2 data, which is not read: unpack it, or pack it as .gz or .zst"),
        (b"[]\n", "x", "a list without a measurement"),
        (b"[1, 2]", "x", "a list without a measurement"),
        (gzip.compress(b"[]", mtime=0)[:-4], "x", "the gzip data are cut short"),
    ],
)
def test_what_is_no_text_is_said_once(data, name, error):
    """One line for the whole file, in words."""
    (found,) = read(data, name)
    assert (found.number, found.error) == (1, error)


def test_lists_a_line_are_lines():
    """A list on each line is no list of measurements: each line is given, to be refused for what it is."""
    assert texts(read(b"[]\n[]\n")) == [b"[]", b"[]"]
    assert texts(read(b"[1]\n\n  \n[2]", step=1)) == [b"[1]", b"[2]"]


def test_a_damaged_first_line_spoils_no_other():
    """If the first line is no JSON, nor the whole, every line stands for itself."""
    assert texts(read(b'{"a":\n{"b":2}\n')) == [b'{"a":', b'{"b":2}']
    assert texts(read(b'{"a":1,\n"b":2}\n')) == [b'{"a":1,\n"b":2}']
    assert texts(read(b'{"a":"\\ud800"}\n{"b":2}\n')) == [b'{"a":"\\ud800"}', b'{"b":2}']


def test_one_damaged_object_of_a_list_is_one_reject():
    """What is before the damage is given; the damage is told once."""
    found = read(b'[\n{"a":1},\n{"b" 2},\n{"c":')
    assert texts(found) == [b'{"a":1}', b'{"b" 2}']
    assert found[-1] == Damaged(3, 20, "it is cut short: a bracket is open")


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_file_cut_short_is_read_as_far_as_it_goes(pack):
    """Lines before the cut are documents; the rest is told by what cut it."""
    line = json.dumps({"a": list(range(2000))}).encode() + b"\n"
    data = pack(line * 3) + pack(line * 50)
    found = read(data[:-20])
    assert set(texts(found)) == {line[:-1]}
    assert len(found) >= 4
    assert "cut short" in found[-1].error
    assert (found[-1].number, found[-1].offset) == (len(found), len(line) * (len(found) - 1))
    spread = json.dumps([{"a": 1}, {"b": list(range(9))}], indent=1).encode()
    (first, last) = read(pack(spread[:20]) + pack(spread[20:])[:-14])
    assert first.data == b'{\n  "a": 1\n }'
    assert (last.number, "cut short" in last.error) == (2, True)


def test_a_damaged_end_after_whole_objects_is_told():
    """If all objects are whole and the packing is not, both are true."""
    first, last = read(gzip.compress(b'{\n"a":1}')[:-4])
    assert first.data == b'{\n"a":1}'
    assert last == Damaged(2, 8, "the gzip data are cut short")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(5, "Input/output error"), "Input/output error"),
        (OSError(), "it cannot be read"),
        (ValueError("a\nb"), "a b"),
    ],
)
def test_a_stream_that_fails_is_told(error, said):
    """An error of disk or network ends the stream as a reject, after what could be read."""
    found = list(documents(Slow(b'{"a":1}\n{"b":2}\n{"c"', 9, error), "x"))
    assert texts(found) == [b'{"a":1}', b'{"b":2}']
    assert found[-1] == Damaged(3, 16, said)


@pytest.mark.parametrize("step", [None, 1, 100, 999])
@pytest.mark.parametrize("long", [LIMIT, LIMIT + 1, LIMIT * 4])
def test_a_line_beyond_the_bound_is_passed_over(small, step, long):
    """Its length is told, and the lines around it are read with their right places, first, between and last."""
    big = b'{"a":"' + b"x" * (long - 8) + b'"}'
    small_line = b'{"b":1}'
    for order in ([big, small_line], [small_line, big, small_line], [small_line, big]):
        for end in (b"\n", b""):
            data = b"\n".join(order) + end
            found = read(data, step=step)
            assert len(found) == len(order)
            offset = 0
            for number, (one, line) in enumerate(zip(found, order, strict=True), 1):
                assert (one.number, one.offset) == (number, offset)
                offset += len(line) + 1
                if len(line) > LIMIT:
                    assert one.error == f"a line of {long} bytes is longer than {LIMIT}"
                else:
                    assert one.data == line


def test_a_list_beyond_the_bound_is_told(small):
    """A list or an object over many lines has to be within the bound; lines need not be."""
    said = f"more than {LIMIT} bytes that are not one measurement a line: write them so (jq -c)"
    many = [{"a": "x" * 40}] * 100
    assert read(json.dumps(many, indent=1).encode()) == [Damaged(1, 0, said)]
    assert read(json.dumps(many).encode())[0].error.startswith("a line of ")
    assert read(("[" + ",\n".join(map(json.dumps, many)) + "]").encode()) == [Damaged(1, 0, said)]
    assert read(json.dumps(many[0] | {"b": many}, indent=1).encode()) == [Damaged(1, 0, said)]
    rows = [b'{"a":', *[b'{"b":2}'] * 600]
    assert texts(read(b"\n".join(rows))) == rows
    assert len(read(b"[]\n" * 2000)) == 2000


def test_a_block_has_whole_lines(small):
    """Blocks are what another process gets: lines that are whole, with the place of the first."""
    data = b'{"a":1}\n' * 1000
    found = list(blocks(Slow(data, 700), "x"))
    assert all(isinstance(one, Block) and one.data.endswith(b"}\n") for one in found)
    assert b"".join(one.data for one in found) == data
    assert [one.number for one in found] == [1 + one.offset // 8 for one in found]
    assert [line.number for one in found for line in documents_of(one)] == list(range(1, 1001))


@given(
    st.binary(max_size=300) | st.text(alphabet='[]{}",\\a:1\n ', max_size=80).map(str.encode),
    st.sampled_from([None, 1, 9]),
)
def test_hostile_streams_never_raise(data, step):
    """Whatever a stream holds, it comes as documents and damages in the order of their places."""
    found = read(data, step=step)
    assert [one.offset for one in found] == sorted(one.offset for one in found)
    assert all(one.error.isprintable() for one in found if isinstance(one, Damaged))
    for pack in (gzip.compress, zstandard.compress):
        packed = pack(data)
        assert read(packed, step=step) == read(packed)
        read(packed[: len(data) // 2], step=step)
