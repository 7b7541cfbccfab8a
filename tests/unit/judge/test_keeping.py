"""What can be read once is read twice."""

import io

import pytest

from hushmap.judge import keeping
from hushmap.judge.keeping import Stream
from hushmap.runs import Input, RunsError

DATA = b"0123456789" * 9


def input_of(**more):
    """An input that can be opened once."""
    left = [io.BytesIO(DATA)]
    return Input(name="x", open=left.pop, **more)


@pytest.mark.parametrize("begun", [0, 7, len(DATA)])
def test_what_lies_elsewhere_is_kept_from_its_first_byte(begun, monkeypatch):
    """Wherever it was read to; the copy is opened as often as needed, and each time begins at the beginning."""
    monkeypatch.setattr(keeping, "_PIECE", 40)
    one, pieces = input_of(), 0
    with one.open() as opened:
        stream = Stream(one, opened)
        if begun:
            assert stream.read(begun) == DATA[:begun]
            assert stream.head == DATA[:8][:begun]
        for whole in stream.again():
            if whole is None:
                pieces += 1
                continue
            assert (whole.name, whole.size, whole.path) == ("x", len(DATA), None)
            for _ in range(2):
                with whole.open() as file:
                    assert file.read() == DATA
    assert pieces == -(-(len(DATA) - begun) // 40)


def test_a_file_of_this_computer_is_no_copy(tmp_path):
    """It is opened again where it lies; a pipe that has a name is kept."""
    for size, same in ((len(DATA), True), (None, False)):
        one = input_of(path=tmp_path / "x", size=size)
        with one.open() as opened:
            *_, whole = Stream(one, opened).again()
            assert (whole is one) is same


def test_what_is_forgotten_fills_no_memory():
    """Others' measurements are read once, however many there are."""
    one = input_of()
    with one.open() as opened:
        stream = Stream(one, opened)
        stream.read(5)
        stream.forget()
        assert (stream.more(), stream.more(), stream._held) == (5, 0, None)


def test_what_cannot_be_kept_is_one_line():
    """A full disk, a stream that breaks off: nothing of it is judged, since a later line may void an earlier one."""

    class Broken(io.RawIOBase):
        def read(self, size=-1):
            raise OSError(28, "No space left on device")

    one = Input(name="x", open=Broken)
    with one.open() as opened, pytest.raises(RunsError, match="x: cannot be kept while it is read: No space left on"):
        [*Stream(one, opened).again()]
