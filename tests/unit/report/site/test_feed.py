"""The feed: confirmed changes and corrections, with ids and dates that stay."""

from datetime import date
from xml.etree import ElementTree as ET

import msgspec
import pytest

from hushmap.report.site.added import Added
from hushmap.report.site.book import About, Correction
from hushmap.report.site.feed import MOST, atom, pages
from unit.report.site.added import case_id
from unit.report.site.added import making as added
from unit.report.site.books import book, making
from unit.report.site.happened import happened, incidents, unsure
from unit.report.test_page import HOSTILE

ATOM = "{http://www.w3.org/2005/Atom}"
FOUND = incidents()
LIFTED = next(one for one in FOUND if one.lifting is not None)


def read(made):
    """The feed as a reader parses it, and its entries."""
    root = ET.fromstring(atom(made))
    return root, root.findall(f"{ATOM}entry")


def text(element, name):
    """The text of a child."""
    return element.findtext(f"{ATOM}{name}")


def test_confirmed_changes_are_entries_both_ways():
    """Dated by the attempt that confirmed them, the newest first, each with a page of the site."""
    root, entries = read(happened())
    assert len(entries) == 4
    times = [text(one, "updated") for one in entries]
    assert times == sorted(times, reverse=True)
    assert text(root, "updated") == times[0]
    assert text(entries[0], "title") == "Works again, Net-A (AS64501, XE): news.example.org"
    assert entries[0].find(f"{ATOM}link").get("href") == f"incidents/{LIFTED.id}.html"
    assert "Last seen failing 30 Nov 2026" in text(entries[0], "content")
    assert "Not shown: who caused it" in text(entries[0], "content")


def test_alarms_are_no_entries():
    """What was not confirmed is repeated by nobody."""
    assert read(happened(incidents=(unsure(LIFTED),)))[1] == []


def test_corrections_are_entries():
    """By their day, with their text."""
    told = Correction(version=2, day=date(2026, 12, 24), text="Net-C added")
    _, entries = read(happened(about=About(title="t", corrections=(told,), licence="CC-BY-4.0")))
    assert len(entries) == 5
    assert text(entries[0], "title") == "Correction, version 2"
    assert text(entries[0], "updated") == "2026-12-24T00:00:00Z"
    assert text(entries[0], "content") == "Net-C added"


def test_ids_stay():
    """The same content gives the same bytes; an entry keeps its id when others come."""
    assert atom(happened()) == atom(happened())
    first, more = read(happened(incidents=(LIFTED,)))[1], read(happened())[1]
    assert {text(one, "id") for one in first} <= {text(one, "id") for one in more}
    assert all(text(one, "id").startswith("urn:uuid:") for one in more)
    assert len({text(one, "id") for one in more}) == len(more)


def test_nothing_is_a_feed_too():
    """Valid, and without a date of its making: that of the last measurement, of nothing the first of all days."""
    root, entries = read(making())
    assert entries == []
    assert text(root, "updated") == "2026-11-17T22:04:00Z"
    assert text(read(making(book=book(first=None, last=None)))[0], "updated") == "1970-01-01T00:00:00Z"
    assert "Lab data, invented networks" in text(root, "subtitle")


def test_it_is_a_file_of_the_site_and_bounded():
    """A year's changes do not make it grow for ever."""
    many = tuple(msgspec.structs.replace(LIFTED, id=f"{n:012x}") for n in range(MOST))
    [(path, content)] = pages(happened(incidents=many))
    assert path == "feed.xml"
    assert len(ET.fromstring(content).findall(f"{ATOM}entry")) == MOST


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_stays_text(hostile):
    """A title, a name, a correction: XML stays well formed and holds no element of theirs."""
    told = Correction(version=2, day=date(2026, 12, 24), text=hostile)
    about = About(title=hostile, contact=hostile, corrections=(told,))
    one = msgspec.structs.replace(LIFTED, key=msgspec.structs.replace(LIFTED.key, target=hostile), network=hostile)
    root, entries = read(happened("zh", incidents=(one,), about=about))
    assert len(entries) == 3
    assert {child.tag.removeprefix(ATOM) for child in root.iter()} <= {
        "feed", "id", "title", "subtitle", "updated", "author", "name", "generator", "link", "entry", "published",
        "content",
    }  # fmt: skip


def test_a_case_is_an_entry_and_a_post_is_none():
    """The case leads to its page, dated by what was confirmed; what a person may have written is in no feed."""
    site = added()
    said = atom(site).decode()
    assert f'href="cases/{case_id(site)}.html"' in said
    assert "Case: news.example.org, Net-A (AS64501, XE)" in said
    posts = tuple(
        msgspec.structs.replace(one, key=msgspec.structs.replace(one.key, experiment="watch"))
        for one in site.book.incidents
    )
    book = msgspec.structs.replace(site.book, incidents=posts)
    quiet = msgspec.structs.replace(site, book=book, added=Added())
    assert "<entry>" not in atom(quiet).decode()
