"""Lists by category, label, network, and of words."""

from hushmap.report.site import lists
from hushmap.report.site.lists import listed, pages
from unit.report.site.books import FIRST, book, cell, making


def test_there_is_a_list_for_each_filter():
    """None of them is empty, and each is one page."""
    names = [one.id for one in listed(making())]
    assert names == [
        "category-none",
        "category-news",
        "label-blocked",
        "label-cut-off-by-a-word",
        "label-reachable",
        "network-as64501-xe",
        "network-as64502-xe",
        "words",
    ]
    assert [path for path, _ in pages(making())] == [f"lists/{name}.html" for name in names]


def test_times_that_were_cut_are_said_to_be():
    """Beside the list, since each of its lines has two of them."""
    cells = {("news-example-org", "as64501-xe"): cell("Blocked", first=FIRST.replace(hour=5, minute=0))}
    for precision, told in (("hour", True), ("exact", False)):
        found = dict(pages(making(book=book(cells=cells, precision=precision))))
        assert ("These are whole hours" in found["lists/label-blocked.html"].decode()) is told


def test_a_list_has_what_it_is_about():
    """Words are in no list of a category; each line has sign, word, number and way."""
    found = {path: page.decode() for path, page in pages(making())}
    news = found["lists/category-news.html"]
    assert news.count('<th scope="row">') == 2
    assert "encrypted connection reset, by name" in news
    assert "2 results, each of one target on one network" in news
    assert 'aria-current="page"><bdi>' in news
    assert found["lists/words.html"].count('<th scope="row">') == 1
    assert found["lists/label-reachable.html"].count('<th scope="row">') == 2
    assert found["lists/network-as64501-xe.html"].count('<th scope="row">') == 3
    assert 'href="../targets/news-example-org.html"' in news


def test_a_long_list_says_what_it_leaves_out(monkeypatch):
    """The files have the rest."""
    monkeypatch.setattr(lists, "ROWS", 1)
    found = {path: page.decode() for path, page in pages(making())}
    assert "1 more is in the files." in found["lists/category-news.html"]
