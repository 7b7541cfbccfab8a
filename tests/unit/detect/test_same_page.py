"""Two pages are the same by a title, or by two weaker signs together; silence agrees with nothing."""

import pytest

from hushmap.detect.same_page import same_page
from hushmap.model import Page

NAMES = ("server", "x-news-edition", "x-news-node")


def _page(title=None, length=1000, names=NAMES, status=200, **more):
    return Page(status=status, title=title, body_length=length, header_names=names, **more)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (_page("News of Example"), _page("News of Example", 9, ())),
        (_page("News &amp; more"), _page("News  & more")),
        (_page("Example news today: 12 stories"), _page("Example news today: 13 stories", 5)),
        (_page(), _page(length=1200)),
        (_page("Home"), _page("Home")),
        (_page("x", status=404), _page("x", status=403)),
        (_page("404 Not Found", names=(), status=404), _page("404 Not Found", 1100, (), 404)),
    ],
    ids=["title", "references", "a number changed", "no title, two signs", "a short title, two signs", "a class",
         "a stock page"],
)  # fmt: skip
def test_pages_that_agree_are_the_same(one, other):
    """The same title, or most of it; without one, length and header names together."""
    assert same_page(one, other)
    assert same_page(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (_page("News of Example"), _page("News of Example", status=404)),
        (_page("News of Example"), _page("Blocked by order")),
        (_page("News of Example"), _page()),
        (_page(), _page("News of Example")),
        (_page(), _page(length=5000)),
        (_page(names=("x-one", "server")), _page(names=("x-one", "x-two"))),
        (_page(names=()), _page(names=())),
        (_page(length=0), _page(length=0)),
        (_page(truncated=True), _page()),
        (_page("Error", names=()), _page("Error", names=())),
        (_page("one two three four"), _page("one two six seven")),
        (_page("403 Forbidden"), _page("403 Forbidden", 5000)),
        (_page("Access Denied"), _page("Access Denied", 5000)),
        (_page("Website Blocked"), _page("Website Blocked", 5000)),
    ],
    ids=["status", "title", "no title here", "no title there", "length", "one name", "no names", "empty", "cut",
         "a title that many have", "short words", "a server's stock title", "a filter's", "a notice's"],
)  # fmt: skip
def test_pages_that_do_not_agree_are_not_the_same(one, other):
    """One weak sign is no agreement, nor are two absent titles."""
    assert not same_page(one, other)
    assert not same_page(other, one) or one.truncated
