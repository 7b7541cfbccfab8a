"""`hushmap export`: records as one file for other tools."""

import csv
import gzip
import io
import json

import msgspec
import pytest

import plain_ooni
from golden.ooni_export import record
from hushmap.cli.export import drafted
from hushmap.cli.fault import Fault
from hushmap.codec import encode_record, read_ooni
from hushmap.model import Platform, Post


@pytest.fixture
def records(home):
    """A file with one record of every kind that export has to tell apart."""
    whole = record()
    changes = (
        {},
        {"id": "r-2", "experiment": "keyword", "target": "weather", "layer": "http-path"},
        {"id": "r-3", "canary": True},
        {"id": "r-4", "started": "soon"},
        {},
    )
    path = home / "some.jsonl"
    path.write_bytes(b"".join(encode_record(msgspec.structs.replace(whole, **change)) for change in changes))
    with path.open("ab") as file:
        file.write(b'{"v":1,"kind":"record"}\n')
    return path


def test_ooni_s_format(records, hushmap, home):
    """What OONI has a test for is in the file, all else is counted with its reason, on stderr."""
    done = hushmap("export", "--format", "ooni", records, "-o", "out.jsonl")
    assert (done.exit_code, done.stdout) == (0, "")
    lines = (home / "out.jsonl").read_bytes().splitlines()
    assert [read_ooni(line).id for line in lines] == [record().id]
    assert plain_ooni.faults(plain_ooni.read(lines[0])) == []
    said = done.stderr.splitlines()
    assert said[0].startswith("1 record written to out.jsonl (OONI's format, ")
    assert "  left out: 1 record of keyword: OONI has no test for it" in said
    assert "  left out: 1 record: a canary, which shows that blocking can be seen and measures nothing" in said
    assert "  left out: 1 record: it cannot be read" in said
    assert "  left out: 1 record: it cannot be written" in said
    assert said[5].startswith("  first fault: ")
    assert "some.jsonl:4: 'soon' is no time - at `$.started`" in said[5]


def test_a_packed_file_is_the_same_each_time(measured, hushmap, home):
    """Of a whole run, by its folder; the bytes do not depend on when it was written. It is for its owner's eyes."""
    for name in ("a.jsonl.gz", "b.jsonl.gz"):
        assert hushmap("export", "--format", "ooni", measured, "-o", name).exit_code == 0
    data = (home / "a.jsonl.gz").read_bytes()
    assert data == (home / "b.jsonl.gz").read_bytes()
    assert (home / "a.jsonl.gz").stat().st_mode & 0o077 == 0
    found = [read_ooni(line) for line in gzip.decompress(data).splitlines()]
    assert sorted(one.target for one in found) == ["https://site-0.example/", "https://site-1.example/"]


def test_the_verdicts_are_the_same_after_an_export(measured, hushmap, home):
    """Who judges the exported file gets what was judged of the run."""
    assert hushmap("export", "--format", "ooni", measured, "-o", "out.jsonl").exit_code == 0
    before, after = (
        [json.loads(line) for line in hushmap("judge", path, "--json").stdout.splitlines()]
        for path in (measured, "out.jsonl")
    )
    assert [one | {"source": ""} for one in before] == [one | {"source": ""} for one in after]


def test_csv_is_a_row_for_each_judged_record(records, hushmap, home):
    """The verdict as judge makes it; words have their own place."""
    done = hushmap("export", "--format", "csv", records, "-o", "out.csv", "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert (told["written"], told["format"], told["file"]) == (4, "csv", "out.csv")
    assert told["left_out"] == [{"why": "unreadable", "test": None, "records": 1}]
    rows = list(csv.DictReader(io.StringIO((home / "out.csv").read_text())))
    assert [row["record"] for row in rows] == [record().id, "r-2", "r-3", "r-4"]
    assert (rows[1]["place"], rows[2]["canary"], rows[0]["rule"] != "") == ("http-path", "yes", True)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_what_a_person_may_have_posted_is_in_no_file(hushmap, home, form):
    """Rows are looked at one by one, and passed on; a public body's is there, and what is unknown is not."""
    body = Post(platform=Platform(id="p", name="P"), public_body=True)
    posts = (msgspec.structs.replace(body, public_body=False), None, body)
    visit = msgspec.structs.replace(record(), experiment="watch")
    every = (
        msgspec.structs.replace(visit, id=f"r-{at}", target=f"post-{at}", post=post) for at, post in enumerate(posts)
    )
    (home / "visits.jsonl").write_bytes(b"".join(map(encode_record, every)))
    done = hushmap("export", "--format", form, "visits.jsonl", "-o", "out")
    assert "  left out: 2 records: a person may have written the post" in done.stderr
    every = [path.read_bytes() for path in (home / "out", *(home / "out").rglob("*")) if path.is_file()]
    assert every
    assert not any(name in data for data in every for name in (b"post-0", b"post-1"))


def test_a_run_is_found_by_its_id_and_counts_once(measured, hushmap, home):
    """What is given twice, as a run and as its file, stands once in the file."""
    (home / "results").mkdir()
    measured.parent.rename(home / "results" / "runs")
    run = home / "results" / "runs" / measured.name
    done = hushmap("export", "--format", "csv", measured.name, run / "records.jsonl", "-o", "out.csv")
    assert done.exit_code == 0
    assert "2 records written" in done.stderr
    assert "  left out: 2 records: it is there already" in done.stderr


def test_what_is_ooni_s_stays_ooni_s(records, hushmap, home):
    """A foreign record is not written as ours; in CSV it is a row like any other, unless no rules are for its test."""
    hushmap("export", "--format", "ooni", records, "-o", "ours.jsonl")
    tree = json.loads((home / "ours.jsonl").read_text())
    for key in ("x_hushmap", "x_hushmap_trials"):
        del tree["test_keys"][key]
    (home / "theirs.jsonl").write_text(json.dumps(tree) + "\n" + json.dumps(tree | {"test_name": "telegram"}) + "\n")
    done = hushmap("export", "--format", "ooni", "theirs.jsonl", "-o", "out.jsonl")
    assert (done.exit_code, done.stderr) == (
        2,
        "hushmap: no record was written: left out: 2 records: OONI's already\n",
    )
    done = hushmap("export", "--format", "csv", "theirs.jsonl", "-o", "out.csv")
    assert "1 record written" in done.stderr
    assert "  left out: 1 record of telegram: there are no rules for its test" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--format", "xlsx", "-o", "x"), "invalid value for '--format': 'xlsx' is not one of 'ooni', 'csv'"),
        (("--format", "ooni", "--fingerprints", "m.csv", "-o", "x"), "--fingerprints is for csv"),
        (
            ("--format", "ooni", "-o", "sites.csv"),
            "sites.csv: is there already; take another name, or give --overwrite",
        ),
        (("--format", "ooni", "-o", "."), ".: is a folder; give a file to write"),
        (("--format", "ooni", "-o", "gone/x"), "gone/x: No such file or directory; make room, or write elsewhere"),
        (("--format", "ooni", "--overwrite", "-o", "some.jsonl"), "some.jsonl: is what is to be read"),
        (("--format", "ooni", "-o", "x", "nowhere"), "nowhere: there is no such file"),
        (("--format", "ooni"), "missing option '-o'"),
    ],
)
def test_what_is_refused_is_one_line(records, hushmap, home, words, said):
    """Exit code 2, one line, and no file is made or changed."""
    before = {path.name: path.read_bytes() for path in home.iterdir() if path.is_file()}
    done = hushmap("export", *words, records)
    assert (done.exit_code, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert said in done.stderr
    assert {path.name: path.read_bytes() for path in home.iterdir() if path.is_file()} == before


def test_a_run_folder_holds_only_what_the_run_left(measured, hushmap):
    """An export is not written into it."""
    done = hushmap("export", "--format", "csv", measured, "-o", measured / "sites.csv")
    assert done.exit_code == 2
    assert "is in a run folder" in done.stderr


def test_overwrite_puts_the_new_file_in_the_place_of_the_old(records, hushmap, home):
    """All of it at once."""
    done = hushmap("export", "--format", "csv", records, "-o", "sites.csv", "--overwrite")
    assert done.exit_code == 0
    assert (home / "sites.csv").read_text().startswith('"record","test"')


def test_more_fingerprints_for_csv(records, hushmap, home):
    """As with judge, they change what the verdicts rest on."""
    head = "name,scope,location_found,pattern_type,pattern,expected_countries,source,notes\n"
    (home / "m.csv").write_text(head + "x.title,nat,title,full,News of today,,own,\n")
    knowledge = set()
    for name, more in (("a.csv", ()), ("b.csv", ("--fingerprints", "m.csv"))):
        hushmap("export", "--format", "csv", records, "-o", name, *more)
        knowledge.add(next(csv.DictReader(io.StringIO((home / name).read_text())))["knowledge"])
    assert len(knowledge) == 2


def half(path, error):
    """Write half a file, and fail."""
    with drafted(path) as file:
        file.write(b"half")
        raise error


def test_nothing_is_left_of_a_file_that_was_not_finished(home):
    """Whatever ends the writing, there is the old file or none."""
    path = home / "out.jsonl"
    with pytest.raises(KeyboardInterrupt):
        half(path, KeyboardInterrupt())
    with pytest.raises(Fault, match=r"out\.jsonl: No space left"):
        half(path, OSError(28, "No space left on device"))
    assert list(home.glob(".out*")) == list(home.glob("out*")) == []


def test_a_url_is_opened_by_the_one_place_that_opens_them(hushmap, monkeypatch):
    """Buckets and web files are read as judge reads them."""
    asked = []

    def found(path, say, leads):
        asked.append(path)
        return iter(())

    monkeypatch.setattr("hushmap.cli.given.inputs", found)
    done = hushmap("export", "--format", "ooni", "s3://bucket.example/x", "-o", "out.jsonl")
    assert (done.exit_code, asked) == (2, ["s3://bucket.example/x"])
    assert done.stderr == "hushmap: no record was written: there is none\n"
