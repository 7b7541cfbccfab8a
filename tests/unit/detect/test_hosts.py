"""Which host a URL names, and which hosts belong together."""

import pytest

from hushmap.detect.hosts import host_in, owner, same_site


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://news.example/a?b#c", "news.example"),
        ("http://news.example:8080", "news.example"),
        ("https://News.Example/", "news.example"),
        ("https://user@news.example/", "news.example"),
        ("http://[2001:db8::7]:80/", "2001:db8::7"),
        ("/only/a/path", None),
        ("", None),
        ("http://[", None),
    ],
)
def test_the_host_of_a_url(url, host):
    """As a client would take it; none where there is none, since a record may come from anyone."""
    assert host_in(url) == host


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("news.example", "news.example", True),
        ("www.news.example", "news.example", True),
        ("news.example", "m.news.example", True),
        ("a.news.example", "b.news.example", True),
        ("news.example", "shop.example", False),
        ("news.co.uk", "block.co.uk", False),
        ("www.news.co.uk", "m.news.co.uk", True),
        ("news.go.id", "block.go.id", False),
        ("198.51.100.7", "203.0.113.7", False),
        ("198.51.100.7", "1.51.100.7", False),
        ("2001:db8::7", "2001:db8::8", False),
    ],
)
def test_hosts_below_one_registered_name_are_one_site(one, other, same):
    """Addresses never are, nor strangers below a country's suffix."""
    assert same_site(one, other) is same
    assert same_site(other, one) is same


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("news.example", "news"),
        ("www.News.example.", "news"),
        ("news.co.uk", "news"),
        ("www.news.co.uk", "news"),
        ("co.uk", "co"),
        ("t.co", "t"),
        ("www.t.co", "t"),
        ("a.github.io", "github"),
        ("localhost", "localhost"),
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("", ""),
    ],
)
def test_the_owner_is_the_registered_label(host, expected):
    """As far as that can be told without a list of public suffixes."""
    assert owner(host) == expected
