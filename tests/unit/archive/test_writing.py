"""Rows become files by day."""

import hashlib

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hushmap.archive.places import Folder
from hushmap.archive.rows import arrow
from hushmap.archive.schema import TABLES, arrow_schema
from hushmap.archive.writing import Writer, by_day, parquet_bytes
from hushmap.codec import read_ooni
from hushmap.judge import judge_one
from hushmap.runs import RunsError
from unit.archive.kept import KNOWLEDGE, line


def _tables(*sites):
    return arrow([judge_one(read_ooni(line(name, day)), KNOWLEDGE) for name, day in sites])


def test_a_file_has_the_rows_of_one_day_in_order(tmp_path):
    """By target, so that a question about one reads little; each file is whole by itself."""
    writer = Writer(Folder(tmp_path), "abc")
    writer.add(_tables(("b.example", 21), ("c.example", 22), ("a.example", 21)))
    files = {file.name: file for file in writer.done()}
    assert {file.table for file in files.values()} == {"records", "steps", "verdicts"}
    (file,) = [file for file in files.values() if file.table == "verdicts" and file.day == "2026-11-21"]
    data = (tmp_path / file.name).read_bytes()
    assert (hashlib.sha256(data).hexdigest(), len(data)) == (file.sha256, file.size)
    rows = pq.read_table(pa.BufferReader(data), partitioning=None)
    assert rows.schema == arrow_schema("verdicts")
    assert rows["domain"].to_pylist() == ["a.example", "b.example"]
    assert file.rows == 2


def test_much_is_written_as_it_comes(tmp_path):
    """Where all that is held is too much, the largest table is written; nothing is lost or doubled."""
    writer = Writer(Folder(tmp_path), "abc", enough=1)
    for name in "abc":
        writer.add(_tables((f"{name}.example", 21)))
    files = writer.done()
    counts = {table: sum(file.rows for file in files if file.table == table) for table in TABLES}
    assert counts == {"records": 3, "steps": 18, "verdicts": 3, "triggers": 0}
    assert len({file.name for file in files}) == len(files) >= 5


def test_a_full_disk_is_told(tmp_path):
    """Also where it was met in the background."""
    (tmp_path / "records").write_bytes(b"")
    writer = Writer(Folder(tmp_path), "abc")
    writer.add(_tables(("a.example", 21)))
    with pytest.raises(RunsError, match="make room on the disk"):
        writer.done()
    writer.stop()
    writer.stop()


@pytest.mark.parametrize("table", TABLES)
def test_no_rows_make_no_file(table):
    """A table without rows has no day; as a file of its own it still has its columns."""
    empty = arrow_schema(table).empty_table()
    assert [*by_day(table, empty)] == []
    assert pq.read_table(pa.BufferReader(parquet_bytes(empty))).schema == arrow_schema(table)
