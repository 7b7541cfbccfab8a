"""URLs of the web as values."""

import pytest

from hushmap.wire.url import Url, host_of, join, parse

BASE = parse("https://www.site.example/a/b?q=1")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("http://site.example", "http://site.example/"),
        ("HTTPS://Site.Example.:443/A?b=C#d", "https://site.example/A?b=C"),
        ("http://site.example:8080", "http://site.example:8080/"),
        ("http://site.example:", "http://site.example/"),
        ("http://site.example?q", "http://site.example/?q"),
        ("http://site.example#x", "http://site.example/"),
        ("  http://site.example/ \n", "http://site.example/"),
        ("https://bücher.example/ä b/%e4?q=ü&r=[1]|", "https://xn--bcher-kva.example/%C3%A4%20b/%e4?q=%C3%BC&r=[1]|"),
        ("http://192.0.2.1/", "http://192.0.2.1/"),
        ("http://[2001:DB8:0::1]:8080/", "http://[2001:db8::1]:8080/"),
        ("http://site.example\\evil.example/", "http://site.example/%5Cevil.example/"),
        ('http://site.example/<">', "http://site.example/%3C%22%3E"),
    ],
)
def test_a_url_is_written_as_a_request_needs_it(text, written):
    """Scheme and host in lower case, A-labels, percent codes, no fragment, no default port; and it reads back."""
    url = parse(text)
    assert url.text == written
    assert parse(url.text) == url


def test_the_parts_of_a_url():
    """Host without brackets; authority and origin with what a header needs."""
    url = parse("http://[2001:db8::1]:8080/x?y")
    assert url == Url(scheme="http", host="2001:db8::1", port=8080, path="/x?y")
    assert url.authority == "[2001:db8::1]:8080"
    assert url.origin == "http://[2001:db8::1]:8080"
    assert BASE.authority == "www.site.example"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no http:// or https:// URL"),
        ("site.example", "no http:// or https:// URL"),
        ("ftp://site.example/", "no http:// or https:// URL"),
        ("javascript:alert(1)", "no http:// or https:// URL"),
        ("http://", "no host and port"),
        ("http:///x", "no host and port"),
        ("http://user:secret@site.example/", "no host and port"),
        ("http://site.example:x/", "no host and port"),
        ("http://site.example:123456/", "no host and port"),
        ("http://[::1/", "no host and port"),
        ("http://[1.2.3]/", "no IPv6 address"),
        ("http://site.example:0/", "port that is no number"),
        ("http://site.example:65536/", "port that is no number"),
        ("http://127.1/", "no IPv4 address"),
        ("http://0x7f000001/", "no IPv4 address"),
        ("http://2130706433/", "no IPv4 address"),
        ("http://192.0.2.256/", "no IPv4 address"),
        ("http://a b.example/", "in a label"),
        ("http://a..example/", "label of 0"),
        ("http://site.example/a\nb", "control character"),
        ("http://site.example/\x7f", "control character"),
        ("http://site.example/" + "a" * 8192, "longer than 8192"),
        ("http://site.example/\ud800", "surrogates"),
    ],
)
def test_what_is_no_url_of_the_web_is_refused(text, said):
    """A ValueError says why, in one line."""
    with pytest.raises(ValueError, match=said) as caught:
        parse(text)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("location", "text"),
    [
        ("http://other.example/x", "http://other.example/x"),
        ("//other.example/x", "https://other.example/x"),
        ("/x?y", "https://www.site.example/x?y"),
        ("x", "https://www.site.example/a/x"),
        ("../../../x", "https://www.site.example/x"),
        ("?z", "https://www.site.example/a/b?z"),
        ("", "https://www.site.example/a/b?q=1"),
        ("#top", "https://www.site.example/a/b?q=1"),
        (" /警告 ", "https://www.site.example/%E8%AD%A6%E5%91%8A"),
    ],
)
def test_a_location_leads_where_a_browser_would_go(location, text):
    """RFC 3986 section 5."""
    assert join(BASE, location).text == text


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("mailto:a@b.example", "no http"),
        ("http://[::1", "no location"),
        ("/a\r\nb", "control character"),
        ("/" + "a" * 8192, "longer than 8192"),
        ("http://user@other.example/", "no host and port"),
    ],
)
def test_a_location_that_leads_nowhere_is_refused(location, said):
    """A redirect to no URL of the web is a ValueError of one line."""
    with pytest.raises(ValueError, match=said):
        join(BASE, location)


def test_a_host_is_a_name_or_an_address():
    """Addresses in their short form, names in lower case; a bare IPv6 address needs its brackets."""
    assert host_of("[2001:db8:0:0::1]") == "2001:db8::1"
    assert host_of("192.0.2.1") == "192.0.2.1"
    assert host_of("A.Example") == "a.example"
    with pytest.raises(ValueError, match="in a label"):
        host_of("2001:db8::1")
