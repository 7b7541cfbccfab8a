"""What makers add to a report: files that fit, and what is said of those that do not."""

import json

import msgspec
import pytest

from elsewhere import HOME, seen
from hushmap.catalog import campaigns_hash
from hushmap.cli.fault import Fault
from hushmap.cli.report_added import only_copies, register, replaced, study
from hushmap.codec import encode_record
from hushmap.report import Replaced
from unit.judge.foreign import measurement
from unit.report.test_study_text import asked

EVENT = """
id = "clean-1"
name = "Clean"
jurisdiction = "XA"
start = "2026-11-01"
end = "2026-11-30"
[[document]]
what = "Example Gazette"
"""


@pytest.fixture
def dated(home):
    """A register of one's own."""
    (home / "register").mkdir()
    (home / "register" / "clean-1.toml").write_text(EVENT)
    return home / "register"


@pytest.fixture
def record(home):
    """A file with one record of a site that loaded."""
    (home / "a.jsonl").write_bytes(encode_record(seen(HOME, run="a")))
    return "a.jsonl"


def test_a_campaign_of_ones_own_register_has_its_page_and_its_study(hushmap, record, dated, home):
    """The shipped register is the default; of it nothing lies in these days."""
    told = {"schema": "hushmap.study/1", **msgspec.to_builtins(msgspec.structs.replace(asked(), campaign="clean-1"))}
    (home / "study.json").write_text(json.dumps(told))
    done = hushmap("report", record, "-o", "site", "--register", dated, "--study", home / "study.json")
    assert done.exit_code == 0, done.output
    page = (home / "site/campaigns/clean-1.html").read_text()
    assert "Retrospective" in page
    assert "The register of events was changed after this study was made" in page
    (home / "study.json").write_text(json.dumps(told | {"register": campaigns_hash(dated)}))
    done = hushmap("report", record, "-o", "site", "--register", dated, "--study", home / "study.json")
    assert done.exit_code == 0, done.output
    assert "was changed after this study" not in (home / "site/campaigns/clean-1.html").read_text()
    assert 'href="campaigns/clean-1.html"' in (home / "site/index.html").read_text()
    assert "--study" in (home / "site/data.html").read_text()
    done = hushmap("report", record, "-o", "site")
    assert done.exit_code == 0, done.output
    assert not (home / "site/campaigns").exists()


def test_a_study_that_is_none_is_said(home, dated):
    """Another file, another schema, an event that is not there."""
    every, path = register(dated), home / "study.json"
    path.write_text("[]")
    with pytest.raises(Fault, match="is no study"):
        study(path, every, "ab")
    with pytest.raises(Fault, match="check the name"):
        study(home / "none.json", every, "ab")
    told = {"schema": "hushmap.study/1", **msgspec.to_builtins(asked())}
    path.write_text(json.dumps(told))
    with pytest.raises(Fault, match="is of c, which is not in the register"):
        study(path, every, "ab")
    path.write_text(json.dumps(told | {"schema": "hushmap.study/9"}))
    with pytest.raises(Fault, match="has the schema hushmap"):
        study(path, every, "ab")


def test_an_edition_names_the_one_before(hushmap, record, home):
    """It has to be a later version, and a site."""
    assert hushmap("report", record, "-o", "first").exit_code == 0
    before = replaced(home / "first", 2)
    assert (before.version, len(before.id)) == (1, 8)
    assert isinstance(before, Replaced)
    (home / "c.toml").write_text('[[correction]]\nversion = 2\nday = 2026-11-22\ntext = "Net-C added"\n')
    done = hushmap("report", record, "-o", "second", "--corrections", home / "c.toml", "--version-of", home / "first")
    assert done.exit_code == 0, done.output
    assert f"Replaces version 1, page {before.id}" in (home / "second/index.html").read_text()
    done = hushmap("report", record, "-o", "third", "--version-of", home / "first")
    assert (done.exit_code, "say what was corrected with --corrections" in done.stderr) == (2, True)
    with pytest.raises(Fault, match="holds no site"):
        replaced(home, 2)


def test_an_edition_whose_citation_was_added_to_is_still_one(hushmap, record, home):
    """People add authors and comments to it as its format writes them; of it only version and id are needed."""
    assert hushmap("report", record, "-o", "first").exit_code == 0
    file = home / "first" / "CITATION.cff"
    before, text = replaced(home / "first", 2), file.read_text()
    file.write_text(f"# ours\n{text}keywords:\n  - measurements\n")
    assert replaced(home / "first", 2) == before
    for wrong in (text.replace('version: "1"', "version: one"), text.replace("identifiers:", "more:"), "[" * 9_000):
        file.write_text(wrong)
        with pytest.raises(
            Fault, match=r"^\S*CITATION\.cff: names no version and id .*; give the site as .* made it$"
        ):
            replaced(home / "first", 2)
    file.write_bytes(b"\xff")
    with pytest.raises(Fault, match="names no version and id"):
        replaced(home / "first", 2)


def test_what_ooni_has_stands_beside_and_changes_nothing(hushmap, record, home):
    """The same host on the same network; no result is another for it."""
    assert hushmap("report", record, "-o", "plain").exit_code == 0
    host = (home / "plain" / "targets").iterdir().__next__().read_text().split("https://")[1].split("/")[0]
    line = json.loads(measurement(host)) | {"probe_asn": "AS64501", "measurement_start_time": "2026-11-20 12:00:00"}
    (home / "ooni.jsonl").write_text(json.dumps(line) + "\n")
    done = hushmap("report", record, "-o", "site", "--with-ooni", "ooni.jsonl")
    assert done.exit_code == 0, done.output
    page = next((home / "site" / "targets").iterdir()).read_text()
    assert "Other people&#39;s measurements (ooni.jsonl)" in page
    assert "1 measurement on 1 day" in page
    assert (home / "site/downloads/targets.csv").read_bytes() == (home / "plain/downloads/targets.csv").read_bytes()


def test_a_case_is_of_published_copies(hushmap, record, home):
    """Unless it is told to be of runs; then the incident has to be there."""
    done = hushmap("report", record, "-o", "site", "--case", "abcdef")
    assert (done.exit_code, "is no published copy, and a case is for others" in done.stderr) == (2, True)
    done = hushmap("report", record, "-o", "site", "--case", "abcdef", "--as-recorded")
    assert (done.exit_code, "--case: abcdef: there is no such incident" in done.stderr) == (2, True)
    assert not (home / "site").exists()
    with pytest.raises(Fault, match="no published copy"):
        only_copies((record,))
