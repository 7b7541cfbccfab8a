"""A folder as a place."""

import pytest

from hushmap.archive.places import LOCK, Folder
from hushmap.runs import RunBusyError, RunsError


def test_what_is_written_can_be_read_listed_and_removed(tmp_path):
    """Files by name, folders made as needed, sorted; what is not there is nothing."""
    place = Folder(tmp_path / "new")
    assert (place.read("a/b"), [*place.names()]) == (None, [])
    place.write("b/2", b"two")
    place.write("a/1", b"one")
    place.write("a/1", b"more")
    assert (place.read("a/1"), place.read("a/1/x")) == (b"more", None)
    assert [*place.names()] == ["a/1", "b/2"]
    assert [*place.names("b/")] == ["b/2"]
    assert place.url("a/1") == str(tmp_path / "new" / "a" / "1")
    place.remove("a/1")
    place.remove("a/1")
    assert [*place.names()] == ["b/2"]


def test_what_the_disk_refuses_is_one_line(tmp_path):
    """Nothing is left beside the name; the error says which file it was."""
    place = Folder(tmp_path)
    (tmp_path / "full").mkdir()
    with pytest.raises(RunsError, match=r"full: .*; make room on the disk"):
        place.write("full", b"data")
    assert [*place.names()] == []
    with pytest.raises(RunsError, match=r"full: .*; check its permissions"):
        place.read("full")
    with pytest.raises(RunsError, match=r"full: .*; check its permissions"):
        place.remove("full")


def test_one_writer_at_a_time(tmp_path):
    """A second one is told so, and the place is free when the first ends, however that comes."""
    place = Folder(tmp_path / "new")
    with place.held() as alone:
        assert alone
        with pytest.raises(RunBusyError, match="another hushmap is adding"), Folder(tmp_path / "new").held():
            pass
    with pytest.raises(KeyError), place.held():
        raise KeyError
    with place.held():
        assert [*place.names()] == [LOCK]


def test_a_file_is_no_folder(tmp_path):
    """An archive cannot lie where a file is."""
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(RunsError, match="choose another folder"), Folder(tmp_path / "file").held():
        pass
