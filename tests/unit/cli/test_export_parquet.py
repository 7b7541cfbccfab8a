"""Records as a Parquet file in an archive's columns."""

import sys

import pyarrow.parquet as pq

from hushmap.archive import arrow_schema
from hushmap.cli.export_parquet import _TOGETHER, Sheet


def test_a_run_becomes_a_table_with_its_verdicts(measured, hushmap, home):
    """One row a record, in the columns of the archive; the table of triggers likewise, if it is empty too."""
    done = hushmap("export", "--format", "parquet", measured, "-o", "a.parquet")
    assert done.exit_code == 0, done.output
    assert "2 records written to a.parquet (Parquet" in done.stderr
    found = pq.read_table(home / "a.parquet")
    assert found.schema.names == arrow_schema("verdicts").names
    assert sorted(found["outcome"].to_pylist()) == ["blocked", "ok"]
    assert {*found["country"].to_pylist()} == {"XE"}
    done = hushmap("export", "--format", "parquet", "--triggers", measured, "-o", "t.parquet")
    assert done.exit_code in {0, 2}, done.output


def test_what_is_not_installed_is_named(measured, hushmap, home, monkeypatch):
    """With what to type, and no file."""
    monkeypatch.setitem(sys.modules, "hushmap.cli.export_parquet", None)
    done = hushmap("export", "--format", "parquet", measured, "-o", "a.parquet")
    assert (done.exit_code, "pip install 'hushmap[archive]'" in done.stderr) == (2, True), done.stderr
    assert not (home / "a.parquet").exists()


def test_many_records_are_one_table(judged):
    """Rows are made some at a time; none is lost."""
    one = next(found for found in judged if found.record.experiment == "web")
    sheet = Sheet(triggers=False)
    for _ in range(_TOGETHER + 1):
        sheet.add(one)
    assert sheet.data().startswith(b"PAR1")
    assert sheet.rows == _TOGETHER + 1
    empty = Sheet(triggers=True)
    assert empty.data().startswith(b"PAR1")
    assert empty.rows == 0
