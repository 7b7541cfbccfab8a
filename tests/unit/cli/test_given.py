"""What a PATH means."""

import pytest

from hushmap.cli.fault import Fault
from hushmap.cli.given import bare, given
from hushmap.runs import Input


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("data/2026-11.jsonl.gz", "2026-11"),
        ("x.json.zst", "x"),
        ("x.jsonl", "x"),
        (".", "records"),
        ("..", "records"),
        ("data/", "data"),
        ("-", "stdin"),
        ("https://host.example/a%20b/20261121.jsonl.gz?signature=secret", "20261121"),
        ("s3://bucket/raw/20261121/", "20261121"),
        ("odd name\n.jsonl", "odd-name-"),
        (".jsonl", "records"),
        ("x" * 300, "x" * 100),
    ],
)
def test_files_about_a_path_are_named_after_it(home, monkeypatch, text, stem):
    """The last part of the name, without what tells the kind of file, and without what no file's name should hold."""
    monkeypatch.setattr("hushmap.cli.given.where", lambda name: home / "sites.csv")
    assert given(text).stem == stem


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/people/maria/net-a.hush", "net-a.hush"),
        ("maria b/x y.hush", "x y.hush"),
        ("../b.hush", "b.hush"),
        ("data/", "data"),
        (".", "."),
        ("-", "-"),
        ("20261121T2233Z-3f9c", "20261121T2233Z-3f9c"),
        ("s3://bucket/raw/c", "s3://bucket/raw/c"),
        ("https://maria:word@host.example/a/b.hush?signature=secret", "https://host.example/a/b.hush"),
    ],
)
def test_others_see_nobodys_folders_and_no_secret(home, path, shown):
    """Of a path the last part, spaces or not; of an address no name, no password, nothing that was signed."""
    assert bare(path) == shown


@pytest.mark.parametrize(
    ("text", "name", "called"),
    [
        ("x.jsonl", "x.jsonl", "x.jsonl"),
        ("deep/x.jsonl", "deep/x.jsonl", "x.jsonl"),
        ("data/", "data/deep/x.jsonl", "deep/x.jsonl"),
        ("s3://bucket/raw/", "s3://bucket/raw/x.jsonl", "s3://bucket/raw/x.jsonl"),
        ("-", "stdin", "stdin"),
    ],
)
def test_sources_are_short_where_a_path_says_the_rest(home, monkeypatch, text, name, called):
    """A file by its name, in a folder by the way from there, elsewhere by its whole address."""
    monkeypatch.setattr("hushmap.cli.given.where", lambda name: home / "sites.csv")
    assert given(text).called(Input(name=name, open=lambda: None)) == called


def test_an_archive_is_told_from_a_folder_without_records(home):
    """Who asks one for whole records learns what it does answer."""
    (home / "ex").mkdir()
    (home / "ex/archive.json").write_text("{}", "utf-8")
    with pytest.raises(Fault, match="ex: is an archive, which holds no whole records; it answers hushmap query"):
        given("ex").inputs()
