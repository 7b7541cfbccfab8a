"""The package itself: one place that opens a PATH, and one that makes tables of it."""

import subprocess
import sys

import pytest

import hushmap
from hushmap.archive.places import Folder
from hushmap.runs import RunsError
from unit.archive.kept import add, line


def test_a_path_of_this_computer_is_opened_by_runs(tmp_path):
    """A file's bytes and a folder's files come under their own names, given as text or as a path."""
    (tmp_path / "a.jsonl").write_bytes(b"{}\n")
    for given in (tmp_path, str(tmp_path), tmp_path / "a.jsonl"):
        (one,) = hushmap.inputs(given)
        with one.open() as file:
            assert (one.name, file.read()) == (str(tmp_path / "a.jsonl"), b"{}\n")


def test_a_url_is_opened_by_remote(monkeypatch):
    """What has a scheme is handed to `remote` as it was typed; nobody is told, and it leads nowhere."""
    monkeypatch.setattr(
        "hushmap.remote.inputs", lambda url, say, leads: iter([url, say("x"), leads("x", "y")]), raising=False
    )
    assert list(hushmap.inputs("s3://bucket/prefix")) == ["s3://bucket/prefix", None, False]


def test_a_file_that_is_named_like_a_url_is_a_file(tmp_path, monkeypatch):
    """What lies here is read from here, whatever it is called."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s3:").mkdir()
    (tmp_path / "s3:" / "x").write_bytes(b"1")
    assert [one.size for one in hushmap.inputs("s3://x")] == [1]


def test_nothing_is_one_line():
    """A path where nothing is names itself and the remedy."""
    with pytest.raises(RunsError, match="gone: there is no such file or folder; check the name"):
        list(hushmap.inputs("gone"))


def test_a_path_becomes_tables(tmp_path):
    """One PATH or several, an archive or not; whoever asks is told what was judged for it."""
    (tmp_path / "a.jsonl").write_bytes(line("a.example"))
    (tmp_path / "b.jsonl").write_bytes(line("b.example"))
    said = []
    for given, number in ((tmp_path / "a.jsonl", 1), (str(tmp_path), 2), ([tmp_path, tmp_path / "b.jsonl"], 2)):
        with hushmap.open(given, say=said.append) as tables:
            assert tables.records.count().to_pyarrow().as_py() == number
    assert said[0].startswith("1 records judged")
    add(tmp_path / "archive", tmp_path / "a.jsonl")
    said.clear()
    with hushmap.open(tmp_path / "archive", say=said.append) as tables:
        assert tables.frame(columns=["domain"])["domain"].tolist() == ["a.example"]
    assert said == []


def test_a_bucket_may_hold_an_archive(tmp_path, monkeypatch):
    """Whoever speaks to buckets is asked for it."""
    (tmp_path / "a.jsonl").write_bytes(line("a.example"))
    add(tmp_path / "archive", tmp_path / "a.jsonl")
    monkeypatch.setattr("hushmap.remote.bucket_place", lambda url, say: Folder(tmp_path / "archive"), raising=False)
    with hushmap.open("s3://bucket/prefix") as tables:
        assert tables.verdicts.count().to_pyarrow().as_py() == 1


def test_importing_the_package_loads_nothing_heavy():
    """Who measures waits for no tables."""
    heavy = "pandas duckdb ibis pyarrow numpy pyspark requests fsspec"
    code = f"import sys, hushmap, hushmap.cli.app; print([name for name in {heavy.split()} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"
