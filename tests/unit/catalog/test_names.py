"""Which names and web addresses a list may hold, and what is said of the others. Nothing is contacted."""

import pytest

from hushmap.catalog.names import (
    NameFaultError,
    ascii_name,
    encrypted_resolver,
    public_host,
    public_name,
    web_address,
)


@pytest.mark.parametrize(
    ("url", "plain", "host"),
    [
        ("https://News.Example.ORG", "https://news.example.org/", "news.example.org"),
        ("http://a.example:80/x?y=1", "http://a.example/x?y=1", "a.example"),
        ("https://a.example:8443", "https://a.example:8443/", "a.example"),
        ("https://a.example./#part", "https://a.example/", "a.example"),
        ("https://新闻.example/六四", "https://新闻.example/六四", "xn--efvy88h.example"),
        ("https://1.1.1.1/", "https://1.1.1.1/", "1.1.1.1"),
        ("https://[2606:4700::1111]/", "https://[2606:4700::1111]/", "2606:4700::1111"),
        ("https://under_score.example/", "https://under_score.example/", "under_score.example"),
    ],
)
def test_a_web_address_has_one_plain_form(url, plain, host):
    """Case, default ports, fragments and a missing path make no difference; the host is in A-labels."""
    assert web_address(url) == (plain, host)
    assert web_address(plain) == (plain, host)


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("news.example.org", "does not begin with http"),
        ("ftp://a.example/", "does not begin with http"),
        ("https:///x", "names no host"),
        ("https://a b.example/", "holds a space"),
        ("https://a.example/\\x", "holds a space or a character"),
        ("https://a.example/\u200b", "holds a space or a character"),
        ("https://user@a.example/", "holds a user name"),
        ("https://a.example:0/", "names port 0"),
        ("https://a.example:70000/", "is not a web address"),
        ("https://[::1/", "is not a web address"),
        ("https://192.168.1.1/", "is not an address of the public internet"),
        ("https://[fe80::1]/", "is not an address of the public internet"),
        ("https://224.0.0.1/", "is not an address of the public internet"),
        ("https://127.1/", "is an address, not a name"),
        ("https://localhost/", "is not a name of the public internet"),
        ("https://router.lan/", "is not a name of the public internet"),
        ("https://" + "a" * 2000, "is longer than 2,000"),
        ("", "does not begin with http"),
    ],
)
def test_other_addresses_are_refused_with_the_reason(url, what):
    """What is no public web address is refused in words, with a remedy."""
    with pytest.raises(NameFaultError) as caught:
        web_address(url)
    said, remedy = caught.value.args
    assert what in said
    assert remedy


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("", "is not a valid host name"),
        ("a..b", "is not a valid host name"),
        ("-a.example", "is not a valid host name"),
        ("a b", "is not a valid host name"),
        ("新 闻.example", "is not a valid host name"),
        ("新\udcff.example", "is not a valid host name"),
        ("a" * 64 + ".example", "is too long"),
        (".".join(["abc"] * 70), "is too long"),
        ("0x7f000001", "is an address, not a name"),
        ("2130706433", "is an address, not a name"),
        ("printer", "is not a name of the public internet"),
        ("local", "is not a name of the public internet"),
        ("x.onion", "is not a name of the public internet"),
        ("1.168.192.home.arpa", "is not a name of the public internet"),
    ],
)
def test_a_name_that_is_not_public_is_refused(name, what):
    """Names that are malformed, numeric, too long or local are refused in words."""
    with pytest.raises(NameFaultError, match=what):
        public_name(name)


def test_names_are_folded_to_a_labels():
    """Case and script make no difference; one label is a valid host name, though no public one."""
    assert public_name("WWW.Example.COM") == "www.example.com"
    assert ascii_name("新闻") == "xn--efvy88h"
    assert ascii_name("kw-calm") == "kw-calm"
    assert public_host("2606:4700:0::1111") == "2606:4700::1111"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("tls://Dns.Example:853", "tls://dns.example"),
        ("quic://dns.example:8853", "quic://dns.example:8853"),
        ("https://dns.example/dns-query", "https://dns.example/dns-query"),
        ("https://dns.example:443/a?b=c", "https://dns.example/a?b=c"),
    ],
)
def test_a_resolver_inside_tls_is_written_as_it_is_asked(text, asked):
    """Lower case, no default port, its path."""
    assert encrypted_resolver(text) == asked


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is no resolver"),
        ("udp://192.0.2.53:53", "is no resolver"),
        ("tls://dns.example:x", "is no resolver"),
        ("tls://dns.example:0", "is no resolver"),
        ("tls://user@dns.example", "is no resolver"),
        ("tls://", "is no resolver"),
        ("tls://dns.example/dns-query", "path"),
        ("tls://dns.example?a", "path"),
        ("https://dns.example", "path"),
        ("tls://dns.example#192.0.2.53", "an address"),
        ("tls://192.0.2.53", "is an address"),
        ("tls://router.lan", "public internet"),
        ("tls://" + "a" * 2000, "is no resolver"),
    ],
)
def test_what_is_no_resolver_inside_tls_says_why(text, why):
    """Only those that have a public name: the name is what a network can look at."""
    with pytest.raises(NameFaultError, match=why):
        encrypted_resolver(text)
