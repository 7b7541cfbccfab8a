"""`hushmap archive`: runs and measurements as tables."""

import json

import pytest

from hushmap.archive import Folder, Ledger
from unit.judge.foreign import measurement


@pytest.fixture
def ooni(home):
    """A file of two of OONI's measurements."""
    (home / "ooni.jsonl").write_bytes(measurement("a.example") + measurement("b.example"))
    return "ooni.jsonl"


def test_a_run_and_a_file_become_one_archive(measured, hushmap, ooni, home):
    """In results/archive unless it is said; the same again is passed over."""
    done = hushmap("archive", "add", measured, ooni)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("4 records added to results/archive in ")
    assert "· 2 inputs · rules " in done.stdout
    assert len(Ledger.open(Folder(home / "results" / "archive")).imports) == 1
    again = hushmap("archive", "add", measured, ooni)
    assert again.stdout.startswith("0 records added to results/archive in ")
    assert "2 inputs, 2 of them there already" in again.stdout


def test_the_archive_is_verified(hushmap, ooni, home):
    """Exit code 1 where something is wrong, with what and where."""
    hushmap("archive", "add", ooni, "-o", "a")
    done = hushmap("archive", "verify", "a")
    assert (done.exit_code, done.stdout.splitlines()[0]) == (0, "a: as its imports say · 1 import of 1 input")
    assert "  2 records · 12 steps · 2 verdicts · 0 triggers · 3 files, " in done.stdout
    (path,) = home.glob("a/verdicts/*/*.parquet")
    path.write_bytes(b"x")
    done = hushmap("archive", "verify", "a")
    assert done.exit_code == 1
    assert done.stdout.splitlines()[0].endswith("was changed: its hash is not that of the import")
    assert "a: 1 problem · " in done.stdout


def test_programs_are_told_in_json(hushmap, ooni):
    """One object each."""
    added = json.loads(hushmap("archive", "add", ooni, "-o", "a", "--json").stdout)
    assert (added["schema"], added["records"], added["archive"]) == ("hushmap.archive-added/1", 2, "a")
    checked = json.loads(hushmap("archive", "verify", "a", "--json").stdout)
    assert (checked["schema"], checked["rows"]["verdicts"], checked["problems"]) == (
        "hushmap.archive-verified/1",
        2,
        [],
    )


def test_damaged_lines_are_set_aside(hushmap, ooni, home):
    """Counted, kept beside us, and the rest is added."""
    (home / ooni).write_bytes(measurement() + b"{\n")
    done = hushmap("archive", "add", ooni, "-o", "a")
    assert "  1 line set aside in ooni.rejected.jsonl; no verdict rests on them" in done.stdout
    assert json.loads((home / "ooni.rejected.jsonl").read_text())["source"] == "ooni.jsonl:2"


def test_what_holds_no_record_is_one_line(hushmap, home, ooni):
    """Bad input ends with exit code 2; of several the others are added."""
    (home / "x.txt").write_text("hello\n")
    done = hushmap("archive", "add", "x.txt", "-o", "a")
    assert (done.exit_code, done.stderr) == (
        2,
        "hushmap: x.txt: no record in it; give a run folder, or a file of records\n",
    )
    (home / "empty").mkdir()
    done = hushmap("archive", "add", "empty", "-o", "a")
    assert (done.exit_code, "holds no file that could hold records" in done.stderr) == (2, True)
    done = hushmap("archive", "add", "empty", ooni, "-o", "a")
    assert (done.exit_code, "holds no file" in done.stderr, done.stdout[:9]) == (0, True, "2 records")
    done = hushmap("archive", "add", "nothing", "-o", "a")
    assert (done.exit_code, "there is no such file" in done.stderr) == (2, True)


def test_a_folder_that_is_no_archive_is_left_alone(hushmap, home, ooni):
    """One line with the remedy."""
    (home / "letters").mkdir()
    (home / "letters" / "one.txt").write_text("dear")
    done = hushmap("archive", "add", ooni, "-o", "letters")
    assert (done.exit_code, "choose another folder with -o" in done.stderr) == (2, True)
    done = hushmap("archive", "verify", "letters")
    assert (done.exit_code, "is no archive; make one" in done.stderr) == (2, True)


def test_standard_input_is_added(hushmap, home, monkeypatch):
    """As it comes."""
    from click.testing import CliRunner

    from hushmap.cli import main

    done = CliRunner().invoke(main, ["archive", "add", "-", "-o", "a"], input=measurement())
    assert (done.exit_code, done.stdout[:8]) == (0, "1 record")


def test_a_bucket_is_asked_by_remote(hushmap, ooni, monkeypatch, home):
    """What lies elsewhere is remote's to open."""
    asked = []
    monkeypatch.setattr(
        "hushmap.remote.bucket_place", lambda url, say: asked.append(url) or Folder(home / "b"), raising=False
    )
    assert hushmap("archive", "add", ooni, "-o", "s3://bucket/x").exit_code == 0
    assert hushmap("archive", "verify", "s3://bucket/x").exit_code == 0
    assert asked == ["s3://bucket/x"] * 2


def test_it_is_told_how_far_it_is(hushmap, home, monkeypatch):
    """A line every ten seconds where nobody looks."""
    ticks = iter(range(0, 10_000, 11))
    monkeypatch.setattr("hushmap.net.Clock.now", lambda _: next(ticks), raising=False)
    (home / "x.jsonl").write_bytes(measurement())
    done = hushmap("archive", "add", "x.jsonl", "-o", "a")
    assert "archive  100 % · 1 record" in done.stderr
