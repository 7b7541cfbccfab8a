"""The package itself: one place that opens a PATH."""

import pytest

import hushmap
from hushmap.runs import RunsError


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
