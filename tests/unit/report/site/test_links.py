"""Where pages lie: relative in a site that opens from disk, from the root in the explorer."""

import pytest

from hushmap.report.site.links import Links


@pytest.mark.parametrize(
    ("links", "home", "target", "style"),
    [
        (Links.of("index.html"), "index.html", "targets/news.html", "style.css"),
        (Links.of("targets/other.html"), "../index.html", "../targets/news.html", "../style.css"),
        (Links.served(), "/", "/targets/news", "/style.css"),
    ],
)
def test_a_page_knows_the_way_to_every_other(links, home, target, style):
    """A page in a folder goes up first; the explorer has a root and no endings."""
    assert (links.home, links.target("news"), links.file("style.css")) == (home, target, style)


def test_every_kind_of_page_has_its_folder():
    """The addresses are the same in the site and in the explorer."""
    links = Links.of("index.html")
    assert links.network("as64501-xe") == "networks/as64501-xe.html"
    assert links.incident("i1") == "incidents/i1.html"
    assert (links.case("i1"), links.campaign("c1")) == ("cases/i1.html", "campaigns/c1.html")
    assert links.trigger("t1") == "triggers/t1.html"
    assert links.listed("category-NEWS") == "lists/category-NEWS.html"
    assert (links.method, links.data) == ("method.html", "data.html")
    assert Links.served().measurement("20261121T2233Z-3f9c/1") == "/measurements/20261121T2233Z-3f9c%2F1"


def test_a_name_cannot_leave_its_folder():
    """Whatever an id holds, the link stays one link."""
    assert Links.of("index.html").target('../x"><b>') == "targets/..%2Fx%22%3E%3Cb%3E.html"
