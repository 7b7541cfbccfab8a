"""PATHs of the command line as tables."""

import pytest

from hushmap.cli.fault import Fault
from hushmap.cli.query_opening import opened, source
from hushmap.runs import RunsError
from unit.archive.kept import add, line


def count(tables):
    """How many records there are."""
    return tables.records.count().to_pyarrow().as_py()


def test_runs_archives_and_files_are_one(home, measured, capsys):
    """By folder or id, by file; what is no archive is judged."""
    (home / "some.jsonl").write_bytes(line("a.example"))
    add(home / "archive", home / "some.jsonl")
    with opened((str(measured), "archive", "some.jsonl")) as tables:
        assert count(tables) == 3
    assert capsys.readouterr().err.splitlines() == [
        "hushmap: 2 records judged for this; hushmap archive add keeps them so"
    ]


def test_a_run_by_its_id(home, measured, monkeypatch):
    """As everywhere."""
    monkeypatch.setattr("hushmap.cli.given.RUNS", measured.parent)
    with opened((measured.name,)) as tables:
        assert count(tables) == 2


def test_what_is_not_there_is_one_line(home):
    """Before anything is opened."""
    with pytest.raises(Fault, match="gone: there is no such file, folder or run"):
        opened(("gone",))


def test_stdin_and_the_web_are_no_archives(monkeypatch):
    """They are read as records."""
    assert source("-").archive is None
    assert source("https://host.example/some.jsonl").archive is None


def test_a_bucket_is_asked_whether_it_is_an_archive(monkeypatch):
    """By whoever speaks to buckets."""
    asked = []

    class Place:
        filesystem = None

        def read(self, name):
            asked.append(name)

    monkeypatch.setattr("hushmap.cli.query_opening.place", lambda _: Place())
    assert source("s3://bucket/prefix").archive is None
    assert asked == ["archive.json"]


def test_an_engine_that_is_none(home, measured):
    """Is said in one line."""
    with pytest.raises(RunsError, match="is no engine"):
        opened((str(measured),), engine="oracle")


def test_a_copy_beside_what_may_be_its_run_is_told(home, measured, hushmap, capsys):
    """Nothing in either says that they are one: whoever gives both is warned; copies by themselves are fine."""
    assert hushmap("publish", measured, "-o", "a.hush", "--yes-i-read-it").exit_code == 0
    for paths, told in ((("a.hush",), False), (("a.hush", str(measured)), True)):
        opened(paths).close()
        assert ("both are counted" in capsys.readouterr().err) is told
