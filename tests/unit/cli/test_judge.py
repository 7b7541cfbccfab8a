"""`hushmap judge`: records to verdicts, any time, again."""

import json

import pytest

from hushmap.cli.fault import Exit


def test_a_run_is_judged_again(measured, hushmap):
    """Its verdicts and page are written anew; the counts are on stdout."""
    (measured / "verdicts.jsonl").write_text("")
    done = hushmap("judge", measured)
    assert done.exit_code == 0
    assert done.stdout.startswith("2 of 2 records judged in ")
    assert "  1 Reachable · 1 Blocked" in done.stdout
    assert "  of the 1 blocked: 1 controlled" in done.stdout
    assert len((measured / "verdicts.jsonl").read_text().splitlines()) == 2


def test_a_file_of_records_with_damaged_lines(measured, hushmap, home):
    """Damaged lines are set aside beside us with their place, counted, and never a verdict."""
    records = (measured / "records.jsonl").read_bytes()
    (home / "some.jsonl").write_bytes(records + b'{"kind":"record"}\n')
    done = hushmap("judge", "some.jsonl")
    assert (done.exit_code, done.stdout.splitlines()[0].partition(" judged")[0]) == (0, "2 of 3 records")
    assert "1 line set aside in some.rejected.jsonl; no verdict rests on them" in done.stdout
    assert done.stderr.startswith("hushmap: some.jsonl:3: ")
    assert "it was set aside" in done.stderr
    reject = json.loads((home / "some.rejected.jsonl").read_text())
    assert (reject["schema"], reject["source"]) == ("hushmap.reject/1", "some.jsonl:3")


def test_json_is_one_object_a_record_in_the_order_of_the_input(measured, hushmap):
    """--json prints the judge's objects and nothing else."""
    lines = hushmap("judge", measured / "records.jsonl", measured, "--json").stdout.splitlines()
    found = [json.loads(line) for line in lines]
    assert [one["schema"] for one in found] == ["hushmap.verdict/1"] * 4
    assert [one["record"] for one in found[:2]] == [one["record"] for one in found[2:]]


def test_fail_on_makes_a_check_of_it(measured, hushmap):
    """Exit code 1 if a verdict has the outcome, else 0."""
    assert hushmap("judge", measured, "--fail-on", "blocked").exit_code == Exit.NO
    assert hushmap("judge", measured, "--fail-on", "down").exit_code == Exit.DONE


def test_more_fingerprints_change_the_knowledge(measured, hushmap, home):
    """--fingerprints adds notices; a fault in the file is one line with its place."""
    head = "name,scope,location_found,pattern_type,pattern,expected_countries,source,notes\n"
    (home / "more.csv").write_text(head + "x.title,nat,title,full,No such page here,,own,\n")
    plain = json.loads(hushmap("judge", measured, "--json").stdout.splitlines()[0])["knowledge"]
    more = hushmap("judge", measured, "--json", "--fingerprints", "more.csv").stdout.splitlines()[0]
    assert json.loads(more)["knowledge"] != plain
    (home / "more.csv").write_text(head + "x.title,nat,nowhere,full,No such page here,,own,\n")
    done = hushmap("judge", measured, "--fingerprints", "more.csv")
    assert (done.exit_code, done.stderr[:24]) == (2, "hushmap: more.csv:2:13: ")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("gone", "gone: there is no such file, folder or run"),
        ("gone/x.jsonl", "gone/x.jsonl: there is no such file or folder"),
        ("sites.csv", "sites.csv:1:1: JSON is malformed"),
        ("empty-folder", "is no run folder"),
    ],
)
def test_what_cannot_be_judged_is_one_line(hushmap, home, path, said):
    """Exit code 2, one line, and nothing left behind."""
    (home / "empty-folder").mkdir()
    done = hushmap("judge", path)
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1)
    assert said in done.stderr
    assert list(home.glob("*.rejected.jsonl")) == []


def test_a_run_is_found_by_its_id(measured, hushmap, home):
    """Under results/runs an id, or part of one, is enough; the page says to type it so."""
    (home / "results").mkdir()
    measured.parent.rename(home / "results" / "runs")
    assert hushmap("judge", measured.name).exit_code == 0


def test_a_folder_where_nothing_can_be_written(measured, hushmap, home, monkeypatch):
    """If what is set aside has no place, that is said."""
    (home / "some.jsonl").write_bytes((measured / "records.jsonl").read_bytes() + b"{}\n")
    (home / "some.rejected.jsonl").mkdir()
    done = hushmap("judge", "some.jsonl")
    assert done.exit_code == 2
    assert "go to a folder in which you may write" in done.stderr


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "hushmap: no record in none.jsonl: give a run folder, or a file of records"),
        (b"\xef\xbb\xbf{}\n", "hushmap: none.jsonl:1:1: begins with a byte-order mark; save it as UTF-8 without one"),
    ],
)
def test_a_file_without_a_record_is_said(hushmap, home, data, said):
    """Nothing was judged: exit code 2, and why."""
    (home / "none.jsonl").write_bytes(data)
    done = hushmap("judge", "none.jsonl")
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", f"{said}\n")
