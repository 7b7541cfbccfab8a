"""`hushmap case`: one confirmed change, told; what is none, and what was not published, is refused."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from elsewhere import HOME, by_pairs, seen
from hushmap.codec import encode_record

BEGAN = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def course(home):
    """A site that worked for ten days, four times a day, and was blocked for ten more."""
    lines = []
    for place in range(80):
        at = (BEGAN + timedelta(hours=6 * place)).strftime("%Y-%m-%dT%H:%M:%SZ")
        run = f"r{place:03}"
        lines.append(encode_record(seen(HOME, *(by_pairs() if place >= 40 else ()), run=run, at=at)))
    (home / "course.jsonl").write_bytes(b"".join(lines))
    return "course.jsonl"


def test_a_confirmed_change_is_told(hushmap, course, home):
    """As Markdown, as JSON, by its id or as the only one; and in a site."""
    done = hushmap("case", course, "--as-recorded")
    assert done.exit_code == 0, done.output
    assert "last seen working on 10 Nov 2026, 18:00 UTC and first seen failing on 11 Nov 2026" in done.stdout
    assert "Read from runs as they were recorded" in done.stdout
    told = json.loads(hushmap("case", course, "--as-recorded", "--json").stdout)
    assert told["schema"] == "hushmap.case/1"
    again = hushmap("case", told["id"][:8], course, "--as-recorded", "--lang", "zh")
    assert again.exit_code == 0, again.output
    assert "个案" in again.stdout
    made = hushmap("report", course, "-o", "site", "--case", told["id"], "--as-recorded")
    assert made.exit_code == 0, made.output
    assert json.loads((home / f"site/cases/{told['id']}.json").read_text())["lead"] == told["lead"]
    assert f"cases/{told['id']}.html" in (home / "site/feed.xml").read_text()


def test_an_archive_is_taken_as_it_was_judged(hushmap, course):
    """And says the same."""
    assert hushmap("archive", "add", course, "-o", "kept").exit_code == 0
    done = hushmap("case", "kept", "--as-recorded")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("# ")


def test_what_was_not_published_is_no_case(hushmap, course):
    """Nor what is not there; each in one line with what to do."""
    for words, said in (
        ((course,), "is no published copy, and a case is for others"),
        (("abcdef",), "in what?"),
        (("abcdef", course, "--as-recorded"), "there is no such incident"),
    ):
        done = hushmap("case", *words)
        assert (done.exit_code, said in done.stderr) == (2, True), done.output


def test_a_copy_without_a_change_has_no_case(hushmap, measured):
    """Of a bundle, which may be told."""
    made = hushmap("publish", measured, "-o", "net-a.hush", "--own-vantage", "--yes-i-read-it")
    assert made.exit_code == 0, made.output
    done = hushmap("case", "net-a.hush")
    assert (done.exit_code, "no change is confirmed there" in done.stderr) == (2, True), done.output
