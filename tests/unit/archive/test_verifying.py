"""Is an archive what its imports say."""

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hushmap.archive.ledger import Ledger, encoded, marker
from hushmap.archive.places import Folder
from hushmap.archive.verifying import verify
from unit.archive.kept import add


@pytest.fixture
def whole(root, two):
    """An archive of two records."""
    add(root, two)
    return root


def _what(root):
    return [problem.what for problem in verify(Folder(root)).problems]


def _changed(root, change):
    """Change the first file of verdicts, and let its import say so."""
    place = Folder(root)
    (one,) = Ledger.open(place).imports
    file = next(file for file in one.files if file.table == "verdicts")
    table = change(pq.read_table(pa.BufferReader(place.read(file.name)), partitioning=None))
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    data = sink.getvalue().to_pybytes()
    place.write(file.name, data)
    import hashlib

    new = msgspec.structs.replace(file, sha256=hashlib.sha256(data).hexdigest())
    files = tuple(new if other == file else other for other in one.files)
    place.write(marker(one.id), encoded(msgspec.structs.replace(one, files=files)))


def test_a_whole_archive_has_no_problem(whole):
    """What there is is counted."""
    checked = verify(Folder(whole))
    assert (checked.problems, checked.imports, checked.inputs, checked.files) == ([], 1, 1, 6)
    assert checked.rows == {"records": 2, "steps": 12, "verdicts": 2, "triggers": 0}
    assert checked.sha256 == Ledger.open(Folder(whole)).sha256
    assert checked.size > 0


def test_a_changed_file_is_found(whole):
    """By its hash; so is one that is gone."""
    first, second = sorted(whole.glob("verdicts/*/*.parquet"))
    first.write_bytes(first.read_bytes() + b"x")
    second.unlink()
    assert _what(whole) == ["was changed: its hash is not that of the import", "is not there"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: rows.drop_columns(["rule"]), "has other columns than verdicts"),
        (lambda rows: pa.concat_tables([rows, rows]), "has 2 rows, and the import says 1"),
        (
            lambda rows: rows.set_column(0, "day", pa.array(["2026-01-01"]).cast(pa.date32())),
            "holds rows of another day: 2026-01-01",
        ),
    ],
)
def test_what_its_import_could_not_know_is_found(whole, change, said):
    """Columns, rows and days, though the hash is right."""
    _changed(whole, change)
    assert said in _what(whole)


def test_a_record_that_stands_twice_is_found(whole):
    """In one file or in two."""
    _changed(whole, lambda rows: pa.concat_tables([rows, rows]))
    assert "1 records stand there twice" in _what(whole)


def test_what_is_no_parquet_is_found(whole):
    """Though its import says so."""
    place = Folder(whole)
    (one,) = Ledger.open(place).imports
    import hashlib

    place.write(one.files[0].name, b"x")
    new = msgspec.structs.replace(one.files[0], sha256=hashlib.sha256(b"x").hexdigest())
    place.write(marker(one.id), encoded(msgspec.structs.replace(one, files=(new, *one.files[1:]))))
    assert _what(whole)[0].startswith("cannot be read: ")


def test_an_import_that_says_it_read_something_else_is_found(whole):
    """Its id is that of what it read."""
    place = Folder(whole)
    (one,) = Ledger.open(place).imports
    place.write(marker(one.id), encoded(msgspec.structs.replace(one, parts=())))
    assert _what(whole) == ["its id is not that of what it says it read"]


def test_what_a_crash_left_is_no_problem(whole):
    """It is counted; readers never see it."""
    (whole / "records" / "day=2026-11-21" / "left-00000.parquet").write_bytes(b"x")
    checked = verify(Folder(whole))
    assert (checked.problems, checked.left) == ([], 1)
