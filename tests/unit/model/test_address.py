"""A text is an IP address exactly when the standard library says so."""

import ipaddress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hushmap.model import DOCUMENTATION, is_address, is_bogon, is_public, is_surely_public


@pytest.mark.parametrize("text", ["203.0.113.7", "10.0.0.1", "255.255.255.255", "2001:db8::1", "::", "fe80::1%eth0"])
def test_addresses_of_both_kinds_are_told(text):
    """IPv4 in its one spelling, IPv6 in any."""
    assert is_address(text)


@pytest.mark.parametrize(
    "text", ["", "300.1.1.1", "news.example", "10.0.0", "010.0.0.1", "[::1]", "1:2", "203.0.113.7\n"]
)
def test_anything_else_is_none(text):
    """Names, short or padded numbers, brackets."""
    assert not is_address(text)


@given(
    st.ip_addresses().map(str)
    | st.text("0123456789.:abf", max_size=18)
    | st.from_regex(r"[:1-3]{2,24}", fullmatch=True)
)
@example("1:2:3:4:5:6:7:8")
@example("1:2:3:4:5:6:7:8:9")
@example("1:2:3:4:5:6:7::")
@example("1:2:3:4:5:6::8")
@example("1:2:3:4:5::7:8:9")
@example("::2:3:4:5:6:7:8")
@example("::3:4:5:6:7:8")
@example(":::")
@example("1::2::3")
@example(":1::")
@example("2001:db8::12345")
@example("::1\n")
def test_the_standard_library_says_the_same(text):
    """Whatever the text."""
    try:
        ipaddress.ip_address(text)
        proper = True
    except ValueError:
        proper = False
    assert is_address(text) is proper


@pytest.mark.parametrize(
    "text",
    [
        "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "169.254.1.1", "192.168.1.1", "224.0.0.1", "239.255.255.255",
        "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fd00::1", "ff02::1", "::ffff:10.0.0.1",
    ],
)  # fmt: skip
def test_an_address_that_no_public_site_can_have_is_a_bogon(text):
    """Private, shared, loopback, link-local, multicast, reserved."""
    assert is_bogon(text)
    assert not is_public(text)


@pytest.mark.parametrize(
    "text",
    [
        "8.8.8.8",
        "192.0.2.1",
        "198.51.100.7",
        "203.0.113.10",
        "198.18.0.2",
        "2001:db8::1",
        "2606:4700::1",
        "64:ff9b::1",
    ],
)
def test_public_addresses_and_those_of_the_lab_are_not(text):
    """Documentation ranges are the lab's public internet; NAT64 addresses lead to public sites."""
    assert is_public(text)
    assert not is_bogon(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no address",
        "300.1.1.1",
        "10.0.0",
        "127.1.1",
        "192.168.1",
        "192.168.1.1.1",
        "10.0.0.1.1",
        "10.0.0.1\n",
        "010.0.0.1",
    ],
)
def test_what_is_no_address_is_neither(text):
    """A number too few or too many, a name, nothing: that no site is there is no sign of anybody's lie."""
    assert not is_public(text)
    assert not is_bogon(text)


@given(
    st.ip_addresses() | st.ip_addresses(v=4, network="10.0.0.0/8") | st.ip_addresses(v=4, network="192.168.0.0/16")
)
def test_the_short_way_says_what_the_long_one_does(address):
    """Nearly all IPv4 addresses are told by their first number; the standard library says the same of each."""
    networks = map(ipaddress.ip_network, DOCUMENTATION)
    inside = any(address in network for network in networks if network.version == address.version)
    public = inside or (address.is_global and not address.is_multicast)
    assert (is_public(str(address)), is_bogon(str(address))) == (public, not public)


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("8.8.8.8", True), ("2001:4860:4860::8888", True), ("203.0.113.7", True), ("10.0.0.1", False),
        ("2001:4860:4860::8888%eth0", False), ("fec0::1", False), ("64:ff9b::a00:1", False), ("2002:a00:1::1", False),
        ("4000::1", False), ("news.example", False),
    ],
)  # fmt: skip
def test_what_is_only_perhaps_public_is_not_surely_so(text, sure):
    """A zone, an old prefix, a tunnel that may hide another address, what is reserved."""
    assert is_surely_public(text) is sure
