"""`hushmap query`: shares, counts and rows of whatever is given."""

import csv
import io
import json

import pytest

from hushmap.archive import TABLES as EVERY
from hushmap.archive import Filters
from hushmap.cli import query
from hushmap.cli.fault import Fault
from hushmap.cli.query import TABLES, split, wanted
from unit.archive.kept import add, line

NOTHING = dict.fromkeys("country asn network domain target category experiment outcome mechanism label".split(), ())
NOTHING |= {"since": None, "until": None}


@pytest.fixture
def some(home):
    """A file of three measurements of two days."""
    path = home / "some.jsonl"
    path.write_bytes(line("a.example") + line("b.example") + line("a.example", day=23))
    return path


def test_rows_are_csv_where_no_person_looks(hushmap, some):
    """In the order of time; what was judged for it is said on stderr."""
    done = hushmap("query", some, "--columns", "day,domain,outcome")
    assert done.exit_code == 0, done.output
    rows = list(csv.reader(io.StringIO(done.stdout)))
    assert [row[:2] for row in rows] == [
        ["day", "domain"], ["2026-11-21", "a.example"], ["2026-11-21", "b.example"], ["2026-11-23", "a.example"],
    ]  # fmt: skip
    assert done.stderr == "hushmap: 3 records judged for this; hushmap archive add keeps them so\n"


def test_counts_are_json_for_programs(hushmap, some):
    """One object a group; what was found is counted, and no share is made of it."""
    done = hushmap("query", some, "--by", "domain,outcome", "--json")
    rows = [json.loads(row) for row in done.stdout.splitlines()]
    assert [(row["domain"], row["n"]) for row in rows] == [("a.example", 2), ("b.example", 1)]
    assert "counts of what lies there, not shares" in done.stderr


def test_an_archive_says_the_same_without_judging(hushmap, some, home):
    """Nothing but the note differs."""
    add(home / "archive", some)
    loose, kept = (hushmap("query", path, "--by", "day,domain") for path in (some, "archive"))
    assert kept.exit_code == 0, kept.output
    assert loose.stdout == kept.stdout
    assert "judged" in loose.stderr
    assert "judged" not in kept.stderr
    assert "Shares are of bursts" in kept.stderr


def test_a_person_sees_a_table(hushmap, some, monkeypatch):
    """A few columns, under each other."""
    monkeypatch.setattr(query, "_people", lambda: True)
    shown = hushmap("query", some).stdout.splitlines()
    assert shown[0].split()[:3] == ["started", "network", "asn"]
    assert len(shown) == 4
    assert hushmap("query", some, "--csv").stdout.startswith('"day","record"')


def test_a_run_by_its_folder(hushmap, measured):
    """As any PATH."""
    done = hushmap("query", measured, "--by", "verdict_label", "--json")
    assert {json.loads(row)["verdict_label"] for row in done.stdout.splitlines()} == {"Blocked by name", "Reachable"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--by", "colour"), "colour: no such column of verdicts; there are day, record"),
        (("--columns", "colour"), "colour: no such column of verdicts"),
        (("--by", "day", "--columns", "day"), "--columns is for rows, and --by makes groups of them; take one"),
        (("--csv", "--json"), "--csv or --json, not both"),
        (("--engine", "postgres"), "postgres: is no engine; write duckdb, or spark://HOST:PORT"),
        (("--asn", "Net-A"), "--asn Net-A: is no AS number; write e.g. --asn 64501"),
        (("--outcome", "censored"), "--outcome censored: there is none; take ok, blocked"),
        (("--since", "yesterday"), "--since 'yesterday' is no day; write YYYY-MM-DD, e.g. --since 2026-11-01"),
        (("--until", "20261101"), "--until '20261101' is no day; write YYYY-MM-DD"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_one_line(hushmap, some, words, said):
    """With the remedy, and nothing on stdout."""
    done = hushmap("query", some, *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"hushmap: {said}" in done.stderr
    assert len(done.stderr.splitlines()) <= 2


def test_filters_as_they_are_typed():
    """One by one or with commas, in any case; a target may hold commas itself."""
    typed = {
        "country": ("xe,XF", "xg"), "asn": ("AS64501", "64502"), "target": ("http://a.example/?a,b",),
        "domain": ("A.example ",), "category": ("news",), "outcome": ("blocked,down",), "since": "2026-11-01",
    }  # fmt: skip
    found = wanted(NOTHING | typed)
    assert (found.country, found.asn) == (("XE", "XF", "XG"), (64501, 64502))
    assert (found.target, found.domain, found.category) == (("http://a.example/?a,b",), ("a.example",), ("NEWS",))
    assert (found.outcome, str(found.since), found.until) == (("blocked", "down"), "2026-11-01", None)
    assert wanted(NOTHING) == Filters()
    assert split((" a, ,b", "")) == ("a", "b")


def test_no_number_of_another_script_is_an_as_number():
    """Digits of other scripts are digits to Python."""
    with pytest.raises(Fault, match="is no AS number"):
        wanted(NOTHING | {"asn": ("\u0661\u0662",)})


def test_the_tables_are_those_of_archives():
    """Written once more, since the help is to load none of what tables need."""
    assert set(TABLES) == set(EVERY)
