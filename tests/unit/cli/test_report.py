"""`hushmap report`: one page of several networks, each judged with what the others saw."""

import json

import pytest

from elsewhere import FAR, HOME, NEAR, by_pairs, seen
from hushmap.codec import encode_record

LATER = "2026-11-21T12:30:00Z"


@pytest.fixture
def three(home):
    """Three files of three networks; on the first the address fails."""
    records = {
        "a.jsonl": seen(HOME, *by_pairs(), run="a"),
        "b.jsonl": seen(NEAR, run="b", at=LATER),
        "c.jsonl": seen(FAR, run="c"),
    }
    for name, record in records.items():
        (home / name).write_bytes(encode_record(record))
    return [*records]


def test_networks_are_joined_on_one_page(hushmap, three, home):
    """The verdict is that of the runs together; what was done is told on one line."""
    done = hushmap("report", *three, "-o", "page", "--title", "Exampleland")
    assert (done.exit_code, done.stdout) == (0, "3 records, 3 compared with another network: page/index.html\n")
    page = (home / "page" / "index.html").read_text()
    assert "Blocked on at least one of 3 networks: 1 of 1 site" in page
    assert "on Net-B (AS64502) the same address answered in the same hour" in page
    assert "hushmap report a.jsonl b.jsonl c.jsonl -o page" in page
    assert hushmap("report", *three, "-o", "page").exit_code == 0, "its own page may be written again"


def test_a_run_brings_the_name_of_its_deck_and_another_language(hushmap, measured, home):
    """JSON tells programs where the page is."""
    done = hushmap("report", measured, "-o", home / "seite", "--lang", "zh", "--json")
    found = json.loads(done.stdout)
    assert (found["records"], found["compared"], found["rejects"]) == (2, 0, 0)
    assert 'lang="zh"' in (home / "seite" / "index.html").read_text()


def test_a_bundle_is_a_path_like_any_other(hushmap, measured, home):
    """Its deck names the page; a published run is judged like the run."""
    made = hushmap("publish", measured, "-o", "net-a.hush", "--own-vantage", "--yes-i-read-it")
    assert made.exit_code == 0, made.output
    done = hushmap("report", "net-a.hush", "-o", "page", "--json")
    assert json.loads(done.stdout)["records"] == 2, done.output
    assert "<h1><bdi>own-list</bdi></h1>" in (home / "page" / "index.html").read_text()


def test_other_files_are_not_overwritten_and_damage_is_said(hushmap, three, home):
    """Exit code 2 with a remedy; a damaged line harms no other."""
    (home / "full").mkdir()
    (home / "full" / "thesis.txt").write_text("x")
    done = hushmap("report", *three, "-o", "full")
    assert (done.exit_code, "the folder holds other files (thesis.txt)" in done.stderr) == (2, True)
    (home / "a.jsonl").write_bytes((home / "a.jsonl").read_bytes() + b"{}\n")
    done = hushmap("report", *three, "-o", "page")
    assert (done.exit_code, done.stderr[:32]) == (0, "hushmap: 1 line could not be rea")
    (home / "none.jsonl").write_bytes(b"{}\n")
    done = hushmap("report", "none.jsonl", "-o", "other")
    assert (done.exit_code, "no record in none.jsonl" in done.stderr) == (2, True)
    assert not (home / "other").exists()
