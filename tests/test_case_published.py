"""A case from beginning to end: runs, their published copy, and what a page, Markdown, JSON and the feed tell of it."""

import gzip
import json
import zipfile
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from elsewhere import HOME, by_pairs, seen
from hushmap.model import Post, Target
from hushmap.runs import Manifest, RunFolder, record_id
from unit.cli.conftest import home, hushmap, person, stage  # noqa: F401 (fixtures)
from unit.publish.whole import whole

BEGAN = datetime(2026, 11, 1, tzinfo=UTC)
WORKED, FAILED = 40, 40
"""Attempts of the site, four a day."""
OWN = ("192.0.2.7", "a-note-of-mine", "group-of-mine", "203.0.113.10")
"""What stands in the runs and is nobody else's: the computer's own address, a note, a label, the helper."""
PRIVATE = "https://posts.example/person/4711"
POST = msgspec.structs.replace(whole(Post), account="account-of-9f3a", public_body=False, twins=("twin-8812",))


def _run(base, place):
    """One run: the site, and a post of a person."""
    at = (BEGAN + timedelta(hours=6 * place, minutes=17)).strftime("%Y-%m-%dT%H:%M:%SZ")
    run = f"{at[:4]}{at[5:7]}{at[8:10]}T{at[11:13]}{at[14:16]}Z-{place:04x}"
    site = seen(HOME, *(by_pairs() if place >= WORKED else ()), run=run, at=at)
    notes = {"note": f"{OWN[1]} on {OWN[0]}", "label": OWN[2]}
    records = [
        msgspec.structs.replace(site, id=record_id(run, 0), category="NEWS", annotations=notes),
        seen(HOME, run=run, at=at, id=record_id(run, 1), experiment="watch", target=PRIVATE, post=POST),
    ]
    manifest = Manifest(
        run=run, started=at, deck="mine", label=OWN[2], helper=OWN[3], vantage=HOME,
        targets=tuple(Target(experiment=one.experiment, text=one.target) for one in records),
    )  # fmt: skip
    with RunFolder.create(base, run, manifest) as folder:
        for index, one in enumerate(records):
            folder.seal(one, index)
    return base / run


@pytest.fixture
def runs(home):  # noqa: F811 (fixtures)
    """A site that worked for ten days and was blocked for ten more, and beside it a post that nobody may tell of."""
    return [_run(home / "runs", place) for place in range(WORKED + FAILED)]


def test_a_published_copy_holds_nothing_of_a_persons_post(hushmap, runs, home):  # noqa: F811 (fixtures)
    """Of all its bytes, unpacked: neither the post nor its author, nor this computer, its notes and its helper."""
    made = hushmap("publish", *runs, "-o", "net-a.hush", "--own-vantage", "--yes-i-read-it")
    assert made.exit_code == 0, made.output
    with zipfile.ZipFile(home / "net-a.hush") as packed:
        whole = [(one.filename, packed.read(one)) for one in packed.infolist()]
    read = b"".join(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data for _, data in whole)
    assert b"news.example" in read, "it is read as it stands"
    address, note, _, helper = OWN  # a label is there to be published: it ties a group's runs
    private = (address, note, helper, "posts.example", "4711", POST.account, *POST.twins)
    told = read + "".join(name for name, _ in whole).encode()
    assert [own for own in private if own.encode() in told] == []


def test_a_case_is_told_from_published_copies_alone(hushmap, runs, home):  # noqa: F811 (fixtures)
    """Runs are refused; of their copy page, Markdown, JSON and feed tell one change, its counts, and nobody's data."""
    refused = hushmap("case", *runs)
    assert (refused.exit_code, "is no published copy" in refused.stderr) == (2, True), refused.output
    made = hushmap("publish", *runs, "-o", "net-a.hush", "--own-vantage", "--yes-i-read-it")
    assert made.exit_code == 0, made.output
    done = hushmap("case", "net-a.hush", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["basis"] == "Read from published copies."
    assert "last seen working on 10 Nov 2026, 18:00 UTC and first seen failing on 11 Nov 2026" in told["lead"]
    (rests,) = told["evidence"]
    assert (rests["k"], rests["n"]) == (FAILED, WORKED + FAILED)
    assert f"and {FAILED} of {FAILED} attempts." in told["lead"], "of the change alone"
    text = hushmap("case", told["id"], "net-a.hush").stdout
    report = hushmap("report", "net-a.hush", "-o", "site", "--case", told["id"])
    assert report.exit_code == 0, report.output
    site = home / "site"
    files = {end: (site / f"cases/{told['id']}.{end}").read_text() for end in ("html", "md", "json")}
    feed = (site / "feed.xml").read_text()
    assert text.splitlines()[4] == files["md"].splitlines()[4], "the lead"
    assert json.loads(files["json"])["lead"] == told["lead"]
    assert told["lead"] in files["html"]
    assert f"cases/{told['id']}.html" in feed
    for shown in (done.stdout, text, feed, *files.values()):
        assert [own for own in (*OWN, "posts.example", "4711") if own in shown] == []
