"""What a person fetched stays, with where it came from."""

import hashlib
import json
import os

import pytest

from hushmap.runs import RunsError
from hushmap.runs.shelf import FETCHED, fetched, fetched_entries, store

ABOUT = {"source": "https://lists.example/cn.csv", "licence": "CC0", "when": "2026-11-21T22:33:00Z", "rows": 1}


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A shelf of the test's own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return tmp_path / "hushmap" / "fetched"


def test_nothing_was_fetched_yet():
    """A new home has an empty shelf, and asking makes no folder."""
    assert [fetched(kind) for kind in FETCHED] == [()] * len(FETCHED)


def test_a_file_is_kept_with_its_origin(home):
    """Bytes, hash, source, licence, time and rows; for its owner's eyes only."""
    entry = store("lists", "cn.csv", b"url\n", **ABOUT)
    assert fetched("lists") == (home / "lists" / "cn.csv",)
    assert fetched_entries("lists") == (entry,)
    assert (entry.path.read_bytes(), entry.sha256) == (b"url\n", hashlib.sha256(b"url\n").hexdigest())
    assert entry.path.stat().st_mode & 0o777 == 0o600
    assert fetched("asn") == ()


def test_the_same_name_is_replaced_and_others_stay():
    """Files of one kind are sorted by name; a name is there once."""
    for name, data in (("ru.csv", b"1"), ("cn.csv", b"2"), ("ru.csv", b"3")):
        store("lists", name, data, **ABOUT)
    store("asn", "ru.csv", b"4", **ABOUT)
    assert [path.read_bytes() for path in fetched("lists")] == [b"2", b"3"]
    assert [path.read_bytes() for path in fetched("asn")] == [b"4"]


def test_a_file_that_was_deleted_is_not_there():
    """Who deletes a file by hand has taken it off the shelf."""
    store("lists", "cn.csv", b"", **ABOUT).path.unlink()
    assert fetched("lists") == ()


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "x" * 101, "a b", "nul\0"])
def test_a_name_that_leads_elsewhere_is_refused(name):
    """A name from an address can never leave the shelf."""
    with pytest.raises(RunsError, match="is no name for a file to be kept; use letters"):
        store("lists", name, b"", **ABOUT)


def test_another_kind_is_our_fault():
    """Only known kinds are kept."""
    with pytest.raises(AssertionError):
        store("songs", "a", b"", **ABOUT)


def test_a_damaged_index_is_one_line(home):
    """It names the file and the remedy."""
    store("lists", "cn.csv", b"", **ABOUT)
    (home / "index.json").write_bytes(b'[{"kind":1}]')
    with pytest.raises(RunsError, match=r"index\.json: cannot be read: .*remove it, and fetch its files again"):
        fetched("lists")
    (home / "index.json").unlink()
    (home / "index.json").mkdir()
    with pytest.raises(RunsError, match=r"index\.json: Is a directory; check its permissions"):
        fetched("lists")


def test_a_crash_leaves_the_shelf_as_it_was(home, monkeypatch):
    """A file whose index was not written is not on the shelf."""
    store("lists", "cn.csv", b"old", **ABOUT)
    whole = os.fsync
    calls = []

    def dying(file):
        calls.append(file)
        if len(calls) > 2:
            raise OSError(28, "No space left on device")
        whole(file)

    monkeypatch.setattr(os, "fsync", dying)
    with pytest.raises(RunsError, match="No space left on device"):
        store("lists", "ru.csv", b"new", **ABOUT)
    monkeypatch.undo()
    monkeypatch.setenv("XDG_DATA_HOME", str(home.parent.parent))
    assert [path.name for path in fetched("lists")] == ["cn.csv"]


@pytest.mark.parametrize("name", ["x" * 300, "../cn.csv", "", "a/b", "\0"])
def test_an_index_names_no_other_files(home, name):
    """What could not have been put on the shelf leads nowhere, and is said."""
    store("lists", "cn.csv", b"", **ABOUT)
    index = home / "index.json"
    index.write_bytes(index.read_bytes().replace(b"cn.csv", json.dumps(name)[1:-1].encode()))
    with pytest.raises(RunsError, match=r"is no name of a file that is kept; remove it, and fetch its files again"):
        fetched("lists")
