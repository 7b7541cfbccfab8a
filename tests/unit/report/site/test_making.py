"""What every page has in common: title, policy, links, page id, version, corrections."""

from datetime import date

import msgspec

from hushmap.report.site.book import About, Correction
from unit.report.site.books import book, making


def test_every_page_says_what_it_is():
    """Policy, language, banner, contact and page id are on it, and it runs no script."""
    made = making()
    page = made.page("index.html", "base").decode()
    assert "default-src 'none'; style-src 'self'; img-src 'self'".replace("'", "&#39;") in page
    assert '<html lang="en" dir="ltr">' in page
    assert "Lab data, invented networks" in page
    assert "group@example.org" in page
    assert f"{made.site_id}/index" in page
    assert "<script" not in page


def test_a_page_in_a_folder_finds_the_way_back():
    """Its links go up first; the explorer's begin at the root."""
    assert 'href="../style.css"' in making().page("targets/x.html", "base").decode()
    assert making(served=True).links("targets/x.html").file("style.css") == "/style.css"


def test_the_site_id_changes_with_what_is_said():
    """Equal content, equal id; another count, another id."""
    other = msgspec.structs.replace(book(), cells={})
    assert making().site_id == making().site_id
    assert making(book=other).site_id != making().site_id


def test_corrections_stand_at_the_top():
    """Who comes back sees at once that something was corrected."""
    told = Correction(version=2, day=date(2026, 11, 22), text="Net-C added")
    about = About(title="t", version=2, corrections=(told,))
    page = making(book=book(about=about)).page("index.html", "base").decode()
    assert "corrected 2026-11-22: Net-C added" in page
    assert "none stated" in page


def test_nothing_measured_has_no_time():
    """A book without a measurement says nothing of when."""
    assert making(book=book(first=None, last=None)).when == ""
    assert making().when == "14 Nov 2026, 04:03 to 17 Nov 2026, 22:04 UTC"


def test_cells_and_names_are_found():
    """By id, and by target and network."""
    made = making()
    assert made.networks["as64501-xe"].name == "Net-A"
    assert made.targets["news-example-org"].domain == "news.example.org"
    assert made.on_networks["word-1"].keys() == {"as64501-xe"}
