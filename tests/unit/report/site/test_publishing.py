"""Tables -> a site in a folder."""

import re
from urllib.parse import unquote

import pytest

from hushmap.model import Software
from hushmap.report import About, Added, CaseError, Others, case_of, publish
from unit.report.site.added import register, theirs
from unit.report.site.rows import tables_of, trigger, verdict

LINK = re.compile(r'(?:href|src|srcset)="([^"]*)"')
ABOUT = About(title="t", software=Software(version="0.1.0", python="3.11.2"))


def test_a_site_is_whole(tmp_path):
    """Every kind of page is there, every link leads to a file of it, and files say what they hold."""
    rows = [verdict("Blocked", day) for day in (14, 15, 17)] + [verdict(day=14, asn=64502, network="Net-B")]
    rows += [verdict("Cut off by a word", experiment="keyword", target="planted", domain=None, place="http-path")]
    with tables_of(rows, [trigger()]) as tables:
        done = publish(tmp_path / "site", tables, ABOUT)
    folder = tmp_path / "site"
    assert done.written.page == folder / "index.html"
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {"index.html", "method.html", "data.html", "feed.xml", "style.css", "SHA256SUMS"} <= there
    assert {name.partition("/")[0] for name in there if "/" in name} >= {"targets", "networks", "lists", "triggers"}
    assert done.written.files == len(there)
    assert broken(folder) == []


def broken(folder):
    """Links of pages that lead to no file."""
    found = []
    for page in folder.rglob("*.html"):
        for link in LINK.findall(page.read_text()):
            path = link.partition("#")[0]
            if path and "://" not in path and not path.startswith("mailto:"):
                found += [(page.name, link)] if not (page.parent / unquote(path)).is_file() else []
    return found


def test_nothing_measured_is_a_site_that_says_so(tmp_path):
    """No page of a target, no picture."""
    with tables_of() as tables:
        done = publish(tmp_path / "site", tables, ABOUT)
    assert "Nothing was measured." in done.written.page.read_text()
    assert broken(tmp_path / "site") == []


def test_pictures_come_as_png_too(tmp_path, monkeypatch):
    """Where no font has the letters it is said."""
    monkeypatch.setattr("hushmap.report.site.publishing.missing", lambda _: True)
    with tables_of([verdict(day=14), verdict(day=15)]) as tables:
        done = publish(tmp_path / "site", tables, ABOUT, {}, png=True)
    assert done.fontless
    assert [*(tmp_path / "site" / "img").glob("*.png")]


def test_a_case_that_is_none_leaves_the_site_as_it_was(tmp_path):
    """Whatever is wrong is said before anything is put in its place."""
    with tables_of([verdict(day=14)]) as tables:
        publish(tmp_path / "site", tables, ABOUT)
        before = (tmp_path / "site" / "SHA256SUMS").read_text()
        with pytest.raises(CaseError, match="no such incident"):
            publish(tmp_path / "site", tables, ABOUT, added=Added(cases=("abcdef",)))
        with pytest.raises(CaseError, match="no change is confirmed there"):
            case_of(tables, ABOUT, "")
    assert (tmp_path / "site" / "SHA256SUMS").read_text() == before


def test_a_case_of_tables(tmp_path):
    """Its page and the feed's entry lead to files of the site; what others have stands on pages of targets."""
    days = [(day, hour) for day in range(1, 29) for hour in (0, 6, 12, 18)]
    rows = [verdict("Blocked" if day > 14 else "Reachable", day, hour) for day, hour in days]
    rows = [row | {"session": row["record"]} for row in rows]
    others = Others(source="ooni.jsonl", of=lambda book: {next(iter(book.cells)): theirs()})
    with tables_of(rows) as tables:
        case = case_of(tables, ABOUT, "", added=Added(register=register()))
        more = Added(register=register(), cases=(case.id,), others=others)
        publish(tmp_path / "site", tables, ABOUT, added=more)
    assert (tmp_path / "site" / f"cases/{case.id}.md").read_text().startswith("# news.example.org")
    assert (tmp_path / "site" / "campaigns" / "clean-1.html").is_file()
    page = tmp_path / "site" / "targets" / f"{case.evidence[0].page}.html"
    assert "48 measurements on 6 days" in page.read_text()
    assert broken(tmp_path / "site") == []
    index = (tmp_path / "site" / "index.html").read_text()
    assert f'href="cases/{case.id}.html"' in index
    assert "Campaigns in this time, as their sources tell them" in index
