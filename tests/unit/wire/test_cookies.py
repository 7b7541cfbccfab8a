"""Cookies along one page load: sent back where they belong, and nowhere else."""

import pytest

from hushmap.wire.cookies import COOKIES, Jar
from hushmap.wire.url import parse

SITE = parse("https://www.news.example/a")

TAKEN = [
    ("a=1", "https://www.news.example/b", "a=1"),
    ("a=1; Path=/; HttpOnly", "http://www.news.example/", "a=1"),
    ("a=1; Secure", "http://www.news.example/", None),
    ("a=1; Secure", "https://www.news.example/", "a=1"),
    ("a=1", "https://news.example/", None),
    ("a=1; Domain=.News.example", "https://news.example/", "a=1"),
    ("a=1; domain=news.example", "https://other.news.example/", "a=1"),
    ("a=1; domain=news.example", "https://badnews.example/", None),
    ("a=1; Domain=other.example", "https://other.example/", None),
    ("a=1; Domain=example", "https://other.example/", None),
    ("a=1; Domain=", "https://www.news.example/", "a=1"),
    ("a=", "https://www.news.example/", "a="),
    ("a=b c", "https://www.news.example/", "a=b c"),
    ("a b=1", "https://www.news.example/", None),
    ("a=1\r\nX: y", "https://www.news.example/", None),
    ("nonsense", "https://www.news.example/", None),
    ("a=" + "x" * 5000, "https://www.news.example/", None),
]


@pytest.mark.parametrize(("header", "page", "sent"), TAKEN)
def test_a_cookie_goes_back_where_it_belongs(header, page, sent):
    """Its host, the hosts below a domain that is its own, and never in the clear if it is secure."""
    jar = Jar()
    jar.take(SITE, header)
    assert jar.header(parse(page)) == sent


def test_cookies_are_replaced_and_bounded():
    """The newest value of a name counts; a server that sets thousands fills no memory."""
    jar = Jar()
    for value in range(3):
        jar.take(SITE, f"a={value}")
    assert jar.header(SITE) == "a=2"
    for number in range(100):
        jar.take(SITE, f"n{number}=1")
    assert jar.header(SITE).count(";") == COOKIES - 1
