"""PATHs as tables: archives, and everything else as if it were one."""

import msgspec
import pytest

from hushmap.archive import Filters, Source, digest, open_tables, source
from hushmap.archive.places import Folder
from hushmap.codec import encode_record
from hushmap.model import Knowledge
from hushmap.runs import RunsError, inputs
from unit.archive.kept import add, line

SOURCE = {"source"}
"""The column that says where a record was found: an archive knows the way from what was added."""


@pytest.fixture
def opened():
    """Open PATHs; the tables, and what was said."""

    def made(*paths):
        sources = [source(path, lambda path=path: inputs(path)) for path in paths]
        said = []
        every.append(open_tables(sources, Knowledge, say=said.append))
        return every[-1], said

    every = []
    yield made
    for tables in every:
        tables.close()


def listed(tables, table="verdicts", column="record"):
    """The values of a column, sorted."""
    return sorted(tables.arrow(tables.table(table))[column].to_pylist())


def test_an_archive_and_what_it_was_made_of_say_the_same(opened, root, two):
    """Every table has the same rows, whether it was written first or is made for the question."""
    add(root, two)
    (kept, nothing), (loose, said) = opened(root), opened(two)
    for table in ("records", "verdicts", "steps", "triggers"):
        one, other = (
            tables.arrow(tables.table(table).drop(*SOURCE & {*tables.table(table).columns}))
            for tables in (kept, loose)
        )
        assert digest(one) == digest(other)
    assert listed(kept) == ["21-a.example", "22-b.example"]
    assert nothing == []
    assert said == ["2 records judged for this; hushmap archive add keeps them so"] * 2


def test_what_is_given_twice_counts_once(opened, root, two, file):
    """As a file and in its folder, as an archive and what it was made of; what is new is added."""
    more = file("more.jsonl", line("a.example"), line("c.example", day=22))
    add(root, two)
    tables, said = opened(root, two, more, more.parent / "more.jsonl")
    assert listed(tables) == ["21-a.example", "22-b.example", "22-c.example"]
    assert listed(tables, "records") == listed(tables)
    assert said == ["1 records judged for this; hushmap archive add keeps them so"]


def test_a_day_that_is_not_meant_is_not_there(opened, root, two):
    """Files of other days are named by their folders."""
    add(root, two)
    tables, _ = opened(root)
    day = tables.frame(columns=["day"])["day"].max().date()
    assert tables.frame("verdicts", Filters(since=day), ["domain"])["domain"].tolist() == ["b.example"]


def test_a_run_s_label_and_deck_are_told(opened, tmp_path):
    """They stand in its manifest, not in its records."""
    from golden.ooni_export import record
    from hushmap.runs import Manifest
    from hushmap.runs.manifest import encode_manifest

    run = tmp_path / "20261121T2233Z-3f9c"
    run.mkdir()
    manifest = Manifest(run=run.name, started="2026-11-21T22:33:00Z", deck="mine", targets=(), label="spring")
    (run / "manifest.json").write_bytes(encode_manifest(manifest))
    nothing, _ = opened(run)
    assert nothing.arrow(nothing.records).num_rows == 0
    one = msgspec.structs.replace(record(), run=run.name)
    (run / "records.jsonl").write_bytes(encode_record(one))
    tables, _ = opened(run)
    assert (listed(tables, column="label"), listed(tables, column="deck")) == (["spring"], ["mine"])


def test_damaged_lines_are_told_and_harm_no_other(opened, file):
    """The first of each PATH is named with its place."""
    path = file("some.jsonl", line(), b"{\n")
    tables, said = opened(path)
    assert listed(tables) == ["21-a.example"]
    assert said[0].startswith(f"{path}: 1 could not be read, the first {path}:2: ")


def test_no_record_at_all_is_one_line(opened, file):
    """What is no file of records was not meant; beside an archive it is told, and the archive answers."""
    tables, _ = opened(file("notes.jsonl", b"hello\n"))
    with pytest.raises(RunsError, match="no line of it is a record; give an archive, a run folder"):
        tables.verdicts  # noqa: B018 (it is made when it is asked for)


def test_an_archive_is_known_where_it_lies(root, two):
    """Here or elsewhere; what is none keeps its inputs."""
    assert source(two, tuple).archive is None
    add(root, two)
    assert source(root, tuple).archive is not None
    assert source("s3://bucket/x", tuple, Folder(root)).archive is not None
    assert source("s3://bucket/x", tuple, Folder(root / "none")) == Source(name="s3://bucket/x", inputs=tuple)
