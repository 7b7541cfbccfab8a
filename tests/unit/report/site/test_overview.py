"""The overview: the grid first, what it cannot show, gaps named."""

import pytest

from hushmap.report.site.book import About
from hushmap.report.site.overview import pages
from unit.report.site.books import book, cell, making, network, target
from unit.report.test_page import Reader


def text_of(**more):
    """The page as a browser gets it."""
    ((path, page),) = pages(making(**more))
    assert path == "index.html"
    return page.decode()


def test_the_order_is_that_of_a_reader():
    """Counts, what they cannot show, the grid, changes, coverage, how we decide, data (UX 4)."""
    text = text_of()
    order = ["Blocked on at least one of 2 networks: 1 of 2 sites", 'id="limits"', 'id="sites"', 'id="words"']
    order += ['id="lists"', 'id="changes"', 'id="coverage"', 'id="decide"', 'id="data"']
    places = [text.index(one) for one in order]
    assert places == sorted(places)


def test_gaps_are_named():
    """A network that paused a day, and one that did not."""
    text = text_of()
    assert "2026-11-16" in text
    assert "3 of 4" in text
    assert "48 measurements on 2 networks, country codes: XE." in text


def test_what_fails_everywhere_is_told_apart():
    """It says nothing about blocking."""
    down = target("down.example")
    told = text_of(book=book(targets=(down,), cells={(down.id, "as64501-xe"): cell("Also fails elsewhere")}))
    assert "Failing everywhere" in told
    assert "That says nothing about blocking." in told
    assert "Failing everywhere" not in text_of()


def test_nothing_measured_is_said():
    """No grid, no sentence made of nothing, no zero."""
    empty = book(first=None, last=None, networks=(), targets=(), cells={}, days={}, measured={})
    text = text_of(book=empty)
    assert "Nothing was measured." in text
    assert "Blocked on" not in text


def test_notes_of_the_makers_stand_under_the_coverage():
    """What could not be read, what was left out."""
    text = text_of(book=book(about=About(title="t", notes=("2 files could not be read.",))))
    assert text.index('id="coverage"') < text.index("2 files could not be read.") < text.index('id="decide"')


def test_many_countries_have_headings():
    """By their code; no country is said to do anything."""
    networks = tuple(network(1, id=f"n{n}", asn=64501 + n, country="XA" if n < 5 else "XB") for n in range(9))
    news = target("news.example.org")
    text = text_of(
        book=book(networks=networks, targets=(news,), cells={(news.id, one.id): cell("Blocked") for one in networks})
    )
    assert "Country code XA" in text
    assert "Country code XB" in text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_is_whole(lang):
    """Every element is closed, every id stands once, every link on the page leads somewhere."""
    reader = Reader()
    reader.feed(text_of(lang=lang))
    assert reader.open == []
    assert len(set(reader.ids)) == len(reader.ids)
    anchors = {
        value[1:] for tag, name, value in reader.attributes if (tag, name) == ("a", "href") and value[0] == "#"
    }
    assert anchors <= set(reader.ids)


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "\u202egro.elpmaxe", "a" * 10_000, "x\x00\x1b[2J"])
def test_hostile_text_stays_text(text):
    """A target, a network's name, a title: nothing of them acts."""
    odd = book(
        about=About(title=text, contact=text, licence=text),
        networks=(network(1, name=text, country="XE"), network(2)),
        targets=(target("news.example.org", target=text, category=text), *book().targets[1:]),
    )
    page = text_of(book=odd)
    assert "<script" not in page
    assert "\u202e" not in page
    assert "\x00" not in page
    assert len(page) < 200_000
