"""Files of lines: appended and synced, read again, cut where they were torn."""

import os

import pytest

from hushmap.runs import lines
from hushmap.runs.errors import RunsError
from hushmap.runs.lines import LineFile, extent, numbered, open_file, replace


def test_lines_are_appended_and_read(tmp_path):
    """What was appended is read with its numbers, and the file is for its owner only."""
    path = tmp_path / "a"
    file = LineFile(path)
    file.append(b"one\n")
    file.append(b"\n")
    file.append("三\n".encode())
    assert list(numbered(path)) == [(1, b"one"), (2, b""), (3, "三".encode())]
    assert path.stat().st_mode & 0o777 == 0o600
    file.close()
    file.close()


def test_gathered_lines_are_written_by_one_sync(tmp_path, monkeypatch):
    """Nothing stands in the file before, all of it in order after, and one sync has made it last; then none is due."""
    path, synced = tmp_path / "a", []
    file = LineFile(path)
    monkeypatch.setattr(os, "fsync", synced.append)
    file.gather(b"one\n")
    file.gather(b"two\n")
    assert path.read_bytes() == b""
    file.sync()
    file.sync()
    assert (path.read_bytes(), len(synced)) == (b"one\ntwo\n", 1)
    file.append(b"three\n", lasting=False)
    assert (path.read_bytes(), len(synced)) == (b"one\ntwo\nthree\n", 1)
    file.close()


@pytest.mark.parametrize("line", [b"", b"one", b"one\ntwo\n", b"\none\n"])
def test_only_one_line_is_appended(tmp_path, line):
    """Anything but exactly one line is a fault of the caller."""
    file = LineFile(tmp_path / "a")
    with pytest.raises(AssertionError, match="not one line"):
        file.append(line)
    file.close()


@pytest.mark.parametrize("size", [0, 1, 5, 64 * 1024 - 1, 64 * 1024, 200_000])
def test_a_torn_end_is_measured_and_cut(tmp_path, size):
    """Bytes after the last newline, few or many, are counted, not read, and gone after the next opening."""
    path = tmp_path / "a"
    path.write_bytes(b"one\ntwo\n" + b"x" * size)
    assert extent(path) == (8, size)
    assert [line for _, line in numbered(path)] == [b"one", b"two"]
    file = LineFile(path)
    assert file.cut == size
    file.append(b"three\n")
    file.close()
    assert path.read_bytes() == b"one\ntwo\nthree\n"


def test_a_file_of_one_torn_line_is_empty(tmp_path):
    """Where no newline stands, nothing was written; where no file is, neither."""
    path = tmp_path / "a"
    assert (extent(path), list(numbered(path))) == ((0, 0), [])
    path.write_bytes(b"x" * 70_000)
    assert (extent(path), list(numbered(path))) == ((0, 70_000), [])


def test_a_line_too_long_is_given_cut(tmp_path, monkeypatch):
    """A monstrous line is handed on longer than codec takes, and never held whole; the next line is its own."""
    monkeypatch.setattr(lines, "LINE_LIMIT", 10)
    path = tmp_path / "a"
    path.write_bytes(b"0123456789\n" + b"x" * 95 + b"\nok\n" + b"y" * 50)
    assert list(numbered(path)) == [(1, b"0123456789"), (2, b"x" * 12), (3, b"ok")]


@pytest.mark.parametrize("act", ["write", "fsync"])
def test_a_failing_disk_leaves_nothing_behind(tmp_path, monkeypatch, act):
    """An append that fails half-way is one line of error, and the file is as it was."""
    path = tmp_path / "a"
    file = LineFile(path)
    file.append(b"one\n")
    real = os.write

    def half(handle, data):
        if len(data) < 5:
            raise OSError(28, "No space left on device")
        return real(handle, data[:3])

    def fail(_handle):
        raise OSError(5, "")

    monkeypatch.setattr(os, act, half if act == "write" else fail)
    with pytest.raises(RunsError, match=r"No space left|write failed"):
        file.append(b"second line\n")
    monkeypatch.undo()
    assert path.read_bytes() == b"one\n"
    file.append(b"three\n")
    file.close()
    assert path.read_bytes() == b"one\nthree\n"


def test_nothing_follows_half_a_line(tmp_path, monkeypatch):
    """Where what was begun cannot be taken back either, the file takes no more; what was kept stays."""
    path = tmp_path / "a"
    file = LineFile(path)
    file.append(b"one\n")
    real = os.write

    def half(handle, data):
        real(handle, data[:3])
        raise OSError(5, "Input/output error")

    def never(_handle, _size):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "write", half)
    monkeypatch.setattr(os, "ftruncate", never)
    with pytest.raises(RunsError, match="Input/output error"):
        file.append(b"second line\n")
    monkeypatch.undo()
    with pytest.raises(RunsError, match="an earlier write failed"):
        file.append(b"three\n")
    file.close()
    assert path.read_bytes() == b"one\nsec"
    again = LineFile(path)
    again.append(b"four\n")
    again.close()
    assert path.read_bytes() == b"one\nfour\n"


def test_an_interrupt_leaves_nothing_behind(tmp_path, monkeypatch):
    """Ctrl-C in the middle of an append takes the line back, and is not swallowed."""
    file = LineFile(tmp_path / "a")

    def interrupt(_handle):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        file.append(b"one\n")
    monkeypatch.undo()
    assert (tmp_path / "a").read_bytes() == b""
    file.close()


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path, monkeypatch):
    """A reader sees the old or the new file; after a failure the old one, and no rest beside it."""
    path = tmp_path / "a"
    replace(path, b"old")
    replace(path, b"new")
    assert path.read_bytes() == b"new"

    def fail(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(RunsError, match="No space left on device; make room"):
        replace(path, b"newer")
    assert path.read_bytes() == b"new"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a"]


def test_a_file_that_cannot_be_opened_is_said(tmp_path):
    """What the system refuses is one line."""
    with pytest.raises(RunsError, match=r"Is a directory|No such file"):
        open_file(tmp_path, os.O_WRONLY)
    with pytest.raises(RunsError, match="Is a directory; check its permissions"):
        list(numbered(tmp_path))
