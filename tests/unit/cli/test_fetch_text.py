"""What `hushmap fetch` prints."""

import msgspec

from hushmap.cli.fetch_text import (
    Gathered,
    database_lines,
    gathered_lines,
    kept_object,
    list_lines,
    marks_lines,
    progress_words,
    question_words,
    where_lists_are,
)
from hushmap.remote import HowFar, Query
from hushmap.runner import Database
from hushmap.runs import Fetched

KEPT = Fetched(
    kind="lists", name="xe.csv", source="here", sha256="ab" * 32, licence="CC0", when="2026-11-21T22:33:00Z", rows=12
)
FOUND = Gathered(
    query=Query(country="XE", since="2026-01-01", until="2026-01-08", domain="a.example"), file="x.jsonl.gz",
    sha256="cd" * 32, licence="L", rows=1000, matches=5000, missing=1, why="is empty", came=2_000_000, complete=False,
)  # fmt: skip


def test_no_line_is_longer_than_a_terminal():
    """Lists, where they are, and what came of the API, but for paths and hashes."""
    lines = [*where_lists_are(), *gathered_lines(FOUND), *list(list_lines(KEPT, bad=3, risky=2))[::2]]
    assert [line for line in lines if len(line) > 100] == []


def test_a_list():
    """Sites, what is off, what was left out, where it is and how it is used."""
    first, second, third = list_lines(KEPT, bad=3, risky=2)
    assert first == "xe.csv: 12 sites, 2 of them off unless named · 3 bad rows left out"
    assert second == f"  {KEPT.path} (sha256 abababababab…)"
    assert third == "  licence: CC0 · use it: hushmap plan -f xe"
    assert next(list_lines(KEPT, bad=0, risky=0)) == "xe.csv: 12 sites"


def test_fingerprints():
    """How many, whose columns, what was left out, and where it lies."""
    first, second = marks_lines(KEPT, form="OONI", bad=2)
    assert first == "xe.csv: 12 fingerprints in OONI's columns · 2 rows left out · licence: CC0"
    assert second == f"  {KEPT.path} (sha256 abababababab…)"
    assert next(marks_lines(KEPT, form="own", bad=0)) == "xe.csv: 12 fingerprints in our own columns · licence: CC0"


def test_a_database():
    """What it holds, and whether it is used."""
    found = Database(type="T", built="2026-11-01T00:00:00Z", rows=2000, asns=1999, countries=0)
    lines = list(database_lines(KEPT, found, other=None))
    assert lines[0] == "T, made on 1 Nov 2026: 2,000 networks, 1,999 with an AS number, 0 with a country"
    assert "look up their network in it" in lines[-1]
    assert list(database_lines(KEPT, found, other="x.mmdb"))[-1].endswith("name another (mmdb): x.mmdb")


def test_measurements():
    """How many, what is missing and why, how to get more, and what to do with them."""
    assert list(gathered_lines(FOUND)) == [
        "1,000 measurements in x.jsonl.gz · 2.0 MB came",
        f"  sha256 {'cd' * 32}",
        "  1 more could not be had; the first: is empty",
        "There are more: the same command with --limit 5000 goes on.",
        "Licence: L · judge them: hushmap judge x.jsonl.gz",
    ]
    unknown = msgspec.structs.replace(FOUND, matches=None, missing=0)
    assert "There are more: the same command with --limit 2000 goes on." in list(gathered_lines(unknown))
    nothing = msgspec.structs.replace(FOUND, file=None, missing=0, complete=True, came=70)
    assert list(gathered_lines(nothing)) == [
        f"No measurement was fetched: {question_words(FOUND.query)}. 70 bytes came."
    ]


def test_words_and_objects():
    """The question, how far it is, and what programs get."""
    assert question_words(FOUND.query) == "web_connectivity in XE, 1 Jan 2026 to before 8 Jan 2026, of a.example"
    assert progress_words(HowFar(written=5, missing=0, came=10), 100) == "5 of up to 100 · 10 bytes came"
    assert set(FOUND.object) == {
        "file", "sha256", "licence", "rows", "matches", "missing", "complete", "bytes"
    }  # fmt: skip
    assert kept_object(KEPT, bad=1) == {
        "file": str(KEPT.path), "sha256": "ab" * 32, "licence": "CC0", "rows": 12, "source": "here",
        "when": "2026-11-21T22:33:00Z", "bad": 1,
    }  # fmt: skip
