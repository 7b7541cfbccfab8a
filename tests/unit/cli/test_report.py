"""`hushmap report`: a site of several networks, each judged with what the others saw."""

import html
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


def test_networks_are_joined_in_one_site(hushmap, three, home):
    """The verdict is that of the runs together; what was done is told on one line."""
    done = hushmap("report", *three, "-o", "site", "--title", "Exampleland")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("3 records, 3 compared with another network: site/index.html (")
    page = (home / "site" / "index.html").read_text()
    assert "Blocked on at least one of 3 networks: 1 of 1 site; on every one of them: 0." in page
    target = next((home / "site" / "targets").iterdir()).read_text()
    assert "on Net-B (AS64502) the same address answered in the same hour" in target
    assert (
        "hushmap report a.jsonl b.jsonl c.jsonl -o site --title Exampleland" in (home / "site/data.html").read_text()
    )
    before = _files(home / "site")
    assert hushmap("report", *three, "-o", "site", "--title", "Exampleland").exit_code == 0, "it may be made again"
    after = _files(home / "site")
    assert [name for name in before | after if before.get(name) != after.get(name)] == []


def test_the_command_that_makes_it_again_tells_all_that_makes_it_another(hushmap, three, home):
    """Files by their last part, spaces or not; texts as they are, though a folder may be called so."""
    (home / "maria b").mkdir()
    marks = home / "maria b" / "our marks.csv"
    head = "name,scope,location_found,pattern_type,pattern,expected_countries,source,notes\n"
    marks.write_text(f"{head}x.title,nat,title,full,No such page here,,own,\n")
    (home / "either" / "or").mkdir(parents=True)
    more = ("--title", "either/or", "--fingerprints", marks, "--lab")
    done = hushmap("report", home / three[0], *three[1:], "-o", home / "maria b" / "our site", *more)
    assert done.exit_code == 0, done.output
    page = html.unescape((home / "maria b" / "our site" / "data.html").read_text())
    again = (
        "hushmap report a.jsonl b.jsonl c.jsonl -o 'our site' --title either/or --fingerprints 'our marks.csv' --lab"
    )
    assert f"<code>{again}</code>" in page
    assert "maria" not in page


def _files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_run_brings_the_name_of_its_deck_and_another_language(hushmap, measured, home):
    """JSON tells programs where the page is."""
    done = hushmap("report", measured, "-o", home / "seite", "--lang", "zh", "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert (found["records"], found["compared"], found["rejects"]) == (2, 0, 0)
    assert found["files"] == sum(path.is_file() for path in (home / "seite").rglob("*"))
    assert 'lang="zh"' in (home / "seite" / "index.html").read_text()


def test_a_bundle_is_a_path_like_any_other(hushmap, measured, home):
    """Its deck names the site; a published run is judged like the run."""
    made = hushmap("publish", measured, "-o", "net-a.hush", "--own-vantage", "--yes-i-read-it")
    assert made.exit_code == 0, made.output
    done = hushmap("report", "net-a.hush", "-o", "site", "--json")
    assert json.loads(done.stdout)["records"] == 2, done.output
    page = (home / "site" / "index.html").read_text()
    assert "<h1><bdi>own-list</bdi></h1>" in page
    assert "not of copies that hushmap publish made" not in page
    assert "not published" not in done.stderr


def test_that_it_was_made_of_unpublished_runs_is_said(hushmap, three, home):
    """To who makes it, with the remedy, and to who reads it; a folder whose name ends like a copy's is none."""
    (home / "own.hush").mkdir()
    (home / three[0]).rename(home / "own.hush" / three[0])
    done = hushmap("report", "own.hush", "-o", "site")
    assert done.exit_code == 0, done.output
    assert "made of records as they stand in the files given" in done.stderr
    assert "addresses of" in done.stderr
    assert "hushmap publish RUN" in done.stderr
    assert "not of copies that hushmap publish made" in (home / "site" / "index.html").read_text()


def test_an_archive_is_taken_as_it_was_judged(hushmap, three, home):
    """Its evidence comes from its tables; its runs are not judged beside each other again."""
    added = hushmap("archive", "add", *three, "-o", "archive")
    assert added.exit_code == 0, added.output
    done = hushmap("report", "archive", "-o", "site", "--contact", "us@example.org", "--license", "CC-BY-4.0")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("3 records: site/index.html (")
    page = (home / "site" / "index.html").read_text()
    assert "us@example.org" in page
    assert "CC-BY-4.0" in page


def test_corrections_stand_on_every_page(hushmap, three, home):
    """The file is kept by the makers; one that does not fit is said before anything is written."""
    told = home / "corrections.toml"
    told.write_text('[[correction]]\nversion = 2\nday = 2026-11-22\ntext = "Net-C added"\n')
    done = hushmap("report", *three, "-o", "site", "--corrections", told)
    assert done.exit_code == 0, done.output
    assert "corrected 2026-11-22: Net-C added" in (home / "site" / "index.html").read_text()
    told.write_text('[[correction]]\nversion = 3\nday = 2026-11-22\ntext = "x"\n')
    done = hushmap("report", *three, "-o", "site", "--corrections", told)
    assert (done.exit_code, "versions are 2, 3, 4" in done.stderr) == (2, True)


def test_other_files_are_not_overwritten_and_damage_is_said(hushmap, three, home):
    """Exit code 2 with a remedy; a damaged line harms no other."""
    (home / "full").mkdir()
    (home / "full" / "thesis.txt").write_text("x")
    done = hushmap("report", *three, "-o", "full")
    assert (done.exit_code, "the folder holds other files (thesis.txt)" in done.stderr) == (2, True)
    (home / "a.jsonl").write_bytes((home / "a.jsonl").read_bytes() + b"{}\n")
    done = hushmap("report", *three, "-o", "site")
    assert (done.exit_code, done.stderr[:32]) == (0, "hushmap: 1 line could not be rea")
    (home / "none.jsonl").write_bytes(b"{}\n")
    done = hushmap("report", "none.jsonl", "-o", "other")
    assert (done.exit_code, "no record in none.jsonl" in done.stderr) == (2, True)
    assert not (home / "other").exists()


def test_a_place_that_cannot_be_written_is_told_in_one_line(hushmap, three, home):
    """With the remedy, and what was there stays."""
    (home / "file").write_text("mine")
    done = hushmap("report", *three, "-o", "file/site")
    assert (done.exit_code, "no site was made: check -o" in done.stderr) == (2, True), done.output
    assert (home / "file").read_text() == "mine"


def test_it_opens_what_was_made(hushmap, three, home, monkeypatch):
    """In whatever the person has for pages."""
    opened = []
    monkeypatch.setattr("click.launch", opened.append)
    assert hushmap("report", *three, "-o", "site", "--open").exit_code == 0
    assert opened == [str((home / "site" / "index.html").resolve())]


def test_letters_that_no_font_has_are_said(hushmap, three, monkeypatch):
    """With what to install; the site is made all the same."""
    monkeypatch.setattr("hushmap.report.site.publishing.missing", lambda _: True)
    done = hushmap("report", *three, "-o", "site", "--png")
    assert (done.exit_code, "fonts-noto-cjk" in done.stderr) == (0, True)


def test_a_missing_extra_is_named(hushmap, three, monkeypatch):
    """With the command that installs it; another fault stays one."""
    monkeypatch.setattr("hushmap.cli.report.together", _without("duckdb"))
    done = hushmap("report", *three, "-o", "site")
    assert (done.exit_code, "pip install 'hushmap[report]'" in done.stderr) == (2, True)
    monkeypatch.setattr("hushmap.cli.report.together", _without("sitecustomize"))
    assert hushmap("report", *three, "-o", "site").exit_code == 1


def _without(name):
    def missing(*_):
        raise ModuleNotFoundError(name=name)

    return missing
