"""Resolvers as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.wire.resolver import ResolverUrl, parse

GOOD = [
    ("system", "system", ResolverUrl(transport="system")),
    ("udp://192.0.2.53:53", None, ResolverUrl(transport="udp", address="192.0.2.53", port=53)),
    (
        "tcp://[2001:DB8::53]:5353",
        "tcp://[2001:db8::53]:5353",
        ResolverUrl(transport="tcp", address="2001:db8::53", port=5353),
    ),
    ("tls://Dns.Example", "tls://dns.example", ResolverUrl(transport="tls", host="dns.example", port=853)),
    (
        "tls://dns.example:853#192.0.2.1",
        "tls://dns.example#192.0.2.1",
        ResolverUrl(transport="tls", host="dns.example", address="192.0.2.1", port=853),
    ),
    (
        "tls://192.0.2.1",
        None,
        ResolverUrl(transport="tls", host="192.0.2.1", address="192.0.2.1", port=853),
    ),
    (
        "quic://[2001:db8::1]:8853",
        None,
        ResolverUrl(transport="quic", host="2001:db8::1", address="2001:db8::1", port=8853),
    ),
    (
        "https://dns.example/dns-query#2001:DB8::1",
        "https://dns.example/dns-query#2001:db8::1",
        ResolverUrl(transport="https", host="dns.example", address="2001:db8::1", port=443, path="/dns-query"),
    ),
    (
        "https://dns.example:8443/",
        None,
        ResolverUrl(transport="https", host="dns.example", port=8443, path="/"),
    ),
]


@pytest.mark.parametrize(("text", "normal", "value"), GOOD)
def test_a_resolver_is_read_and_written(text, normal, value):
    """Names in lower case, addresses in short form, the protocol's own port left out; and it reads back."""
    found = parse(text)
    assert found == value
    assert found.text == (normal or text)
    assert parse(found.text) == found


def test_what_a_resolver_tells_of_itself():
    """Whether the question is hidden, where it is posted, and the same resolver at an address."""
    plain, doh = parse("udp://192.0.2.53:53"), parse("https://dns.example:8443/q?x=1")
    assert (plain.encrypted, doh.encrypted, parse("system").encrypted) == (False, True, False)
    assert doh.page.text == "https://dns.example:8443/q?x=1"
    assert doh.at("192.0.2.7").text == "https://dns.example:8443/q?x=1#192.0.2.7"


WRONG = [
    (None, "is none"),
    ("", "is none"),
    ("dns.example", "is none"),
    ("udp://192.0.2.53", "is none"),
    ("udp://a.example:53", "is none"),
    ("udp://192.0.2.53:53/", "is none"),
    ("udp://192.0.2.53:53#192.0.2.1", "is none"),
    ("dot://192.0.2.53:853", "is none"),
    ("udp://999.0.2.53:53", "no IPv4 address"),
    ("tls://[2001:db8::zz]", "is none"),
    ("tls://[2001:db8:::1]", "no IPv6 address"),
    ("udp://192.0.2.53:0", "port"),
    ("tcp://192.0.2.53:70000", "port"),
    ("tls://dns.example/", "path"),
    ("https://dns.example", "path"),
    ("https://user@dns.example/dns-query", "is none"),
    ("https://dns..example/dns-query", "label"),
    ("tls://dns.example#other.example", "behind the #"),
    ("tls://dns.example#", "behind the #"),
    ("tls://dns.example#fe80::1%1", "behind the #"),
    ("tls://192.0.2.1#192.0.2.2", "behind the #"),
    ("https://dns.example/dns query", "is none"),
    (f"https://dns.example/{'a' * 9000}", "longer"),
    (f"tls://{'a.' * 200}example", "is none|longer"),
]


@pytest.mark.parametrize(("text", "why"), WRONG)
def test_what_is_no_resolver_is_one_line(text, why):
    """A ValueError of one line, however long or strange the text is."""
    with pytest.raises(ValueError, match=why) as fault:
        parse(text)
    assert "\n" not in str(fault.value)
    assert len(str(fault.value)) < 400


@given(
    st.from_regex(r"(udp|tls|https|quic)://[a-z0-9.:\[\]-]{0,40}(/[ -~]{0,10})?(#[0-9a-f.:]{0,20})?", fullmatch=True)
)
def test_whatever_is_read_is_written_back(text):
    """The normal form of any resolver is a fixed point; all else is a ValueError."""
    try:
        found = parse(text)
    except ValueError:
        return
    assert parse(found.text) == found
