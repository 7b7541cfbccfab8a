"""What an archive says of itself."""

import json

import pytest

from hushmap.archive.ledger import DataFile, Import, Ledger, Part, encoded, import_id, is_archive, live, marker
from hushmap.archive.places import Folder
from hushmap.runs import RunsError

PART = Part(name="a", sha256="aa", rules="1", knowledge="none", records=1)
FILE = DataFile(name="records/day=2026-11-21/x-00000.parquet", sha256="00", rows=1, size=9)


@pytest.fixture
def place(tmp_path):
    """An archive without imports."""
    made = Folder(tmp_path)
    made.write("archive.json", b'{"schema":1}')
    return made


def _write(place, id_, made="2026-11-22T10:00:00Z", **more):
    one = Import(**{"id": id_, "made": made, "parts": (PART,), "files": (FILE,)} | more)
    place.write(marker(id_), encoded(one))
    return one


def test_imports_that_count_are_those_that_none_replaces(place):
    """A replaced one is known still, for whoever removes it; an import does not replace itself."""
    old, new = _write(place, "old"), _write(place, "new", replaces=("old", "new", "gone"), files=())
    ledger = Ledger.open(place)
    assert (ledger.imports, ledger.replaced) == ((new,), (old,))
    assert live(place)["records"] == ()


def test_the_hash_is_that_of_what_was_read_and_how(place):
    """Neither order nor time nor names matter."""
    first = Ledger.open(place).sha256
    _write(place, "b")
    _write(place, "a", made="2025-11-22T10:00:00Z")
    ledger = Ledger.open(place)
    assert [one.id for one in ledger.imports] == ["a", "b"]
    assert ledger.sha256 != first
    other = Part(name="b", sha256="bb", rules="1", knowledge="none")
    assert import_id([PART, other]) == import_id([other, PART])
    assert import_id([PART]) != import_id([Part(name="a", sha256="aa", rules="2", knowledge="none")])


def test_files_by_table_and_day(place):
    """Every table is there, also one without a file."""
    _write(place, "a")
    files = Ledger.open(place).files
    assert (files["records"], files["steps"]) == ((FILE,), ())
    assert (FILE.table, FILE.day) == ("records", "2026-11-21")
    assert live(place)["records"] == (FILE.name,)


def test_a_place_without_a_head_is_no_archive(tmp_path):
    """Said with the way to make one."""
    assert not is_archive(Folder(tmp_path))
    with pytest.raises(RunsError, match="is no archive; make one: hushmap archive add"):
        Ledger.open(Folder(tmp_path))


@pytest.mark.parametrize(("number", "said"), [(2, "is newer than this Hushmap reads"), (0, "was never in use")])
def test_another_schema_is_refused(place, number, said):
    """Of the archive, and of each import."""
    _write(place, "a", schema=number)
    assert is_archive(place)
    with pytest.raises(RunsError, match=said):
        Ledger.open(place)
    place.remove(marker("a"))
    place.write("archive.json", json.dumps({"schema": number}).encode())
    with pytest.raises(RunsError, match=said):
        Ledger.open(place)


@pytest.mark.parametrize("data", [b"", b"{}", b"\xff", b"[]"])
def test_a_damaged_file_is_named(place, data):
    """Nothing is guessed of an archive whose books are damaged."""
    place.write("imports/a.json", data)
    with pytest.raises(RunsError, match=r"imports/a\.json: "):
        Ledger.open(place)
    place.write("archive.json", data)
    with pytest.raises(RunsError, match=r"archive\.json: "):
        Ledger.open(place)


def test_an_import_that_is_removed_meanwhile_is_none(place, monkeypatch):
    """It was replaced, and somebody adds while this reads."""
    _write(place, "a")
    gone = _write(place, "b")
    read = Folder.read
    monkeypatch.setattr(Folder, "read", lambda self, name: None if gone.id in name else read(self, name))
    assert [one.id for one in Ledger.open(place).imports] == ["a"]


def test_what_a_crash_left_beside_is_no_import(place):
    """Neither a half-written marker nor another file counts."""
    place.write("imports/.a.json.new", b"{")
    place.write("imports/readme.txt", b"")
    assert Ledger.open(place).imports == ()


@pytest.mark.parametrize(
    "name", ["../x", "records/day=2026-11-21/../../x.parquet", "/etc/x", "other/day=2026-11-21/x.parquet"]
)
def test_no_import_leads_out_of_the_archive(place, name):
    """An archive may come from anyone."""
    _write(place, "a", files=(DataFile(name=name, sha256="", rows=1, size=1),))
    with pytest.raises(RunsError, match="no file of an archive"):
        Ledger.open(place)
