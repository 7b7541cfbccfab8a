"""Times, addresses of the web and texts of the network, as coarse as they may leave."""

import pytest

from hushmap.publish import coarse


@pytest.mark.parametrize(
    ("iso", "hour", "day"),
    [
        ("2026-11-21T22:33:59Z", "2026-11-21T22:00:00Z", "2026-11-21T00:00:00Z"),
        ("yesterday", "", ""),
        ("", "", ""),
    ],
)
def test_a_moment_is_rounded_down(iso, hour, day):
    """What is no time becomes nothing."""
    assert (coarse.moment(iso, "hour"), coarse.moment(iso, "day")) == (hour, day)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("https://a.example/?q=kites&page=2", "https://a.example/?q=kites&page=2"),
        ("https://a.example/?token=abc", "https://a.example/?token=xxx"),
        ("https://a.example/?q=1&ref=4711000111", "https://a.example/?q=1&ref=xxxxxxxxxx"),
        ("/?a=9f8e7d6c5b4a39&b", "/?a=xxxxxxxxxxxxxx&b"),
        ("http://n.example/b?u=%3Fmsisdn%3D49123", "http://n.example/b?u=" + "x" * 17),
    ],
)
def test_a_query_loses_what_is_somebodys(text, masked):
    """By the field's name or the look of its value, at equal length; what was asked for stays."""
    assert coarse.query(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Sun, 22 Nov 2026 04:45:57 GMT", "Sun, 22 Nov 2026 xx:xx:xx GMT"),
        ("2026-11-22T04:45:57Z", "2026-11-22Txx:xx:xxZ"),
        ("22.11.2026 um 22.33.07 Uhr, Version 1.22.33", "22.11.2026 um xx.xx.xx Uhr, Version 1.22.33"),
        ("udp://192.0.2.12:53 2001:db8::12:34", "udp://192.0.2.12:53 2001:db8::12:34"),
        ("at 1767225600 ms", "at xxxxxxxxxx ms"),
        ("write to anna.muster@mail.example now", "write to xxxxxxxxxxxxxxxxxxxxxxxx now"),
        ("nginx/1.18.0", "nginx/1.18.0"),
        ("C:\\Users\\anna\\x", "xxxxxxxxxxxxx\\x"),
    ],
)
def test_what_was_answered_tells_no_clock_and_nobody(text, masked):
    """Clock times, stamps, mail addresses, folders: at equal length."""
    assert coarse.written(text) == masked
    assert len(masked) == len(text)


@pytest.mark.parametrize(
    "text",
    ["https://a:b@c.example/", "https://c.example/~anna/", "https://c.example/u/77", "https://c.example/@anna"],
)
def test_somebody_is_named(text):
    """A login, somebody's own page."""
    assert coarse.names_somebody(text)
    assert not coarse.names_somebody("https://c.example/news/2026/users-of-kites.html")


@pytest.mark.parametrize(
    ("url", "masked"),
    [
        ("https://dns.example/dns-query#192.0.2.53", "https://dns.example/dns-query#192.0.2.53"),
        ("https://dns.example/a1b2c3#192.0.2.53", "https://dns.example/xxxxxx#192.0.2.53"),
        ("tls://a1b2c3.dns.example.net:853#192.0.2.53", "tls://xxxxxx.dns.example.net:853#192.0.2.53"),
        ("tls://box.anna.example#10.0.0.5", "tls://resolver.example#10.0.0.5"),
        ("udp://192.0.2.53:53", "udp://192.0.2.53:53"),
        ("system", "system"),
    ],
)
def test_a_resolver_loses_whose_account_it_is(url, masked):
    """The path or name that a service gave to one customer, and the name of one at home."""
    assert coarse.resolver(url, {"10.0.0.5"}.__contains__) == masked
