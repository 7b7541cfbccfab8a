"""A text is an IP address exactly when the standard library says so."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.model import is_address


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


@given(st.ip_addresses().map(str) | st.text("0123456789.:abf", max_size=18))
def test_the_standard_library_says_the_same(text):
    """Whatever the text."""
    try:
        ipaddress.ip_address(text)
        proper = True
    except ValueError:
        proper = False
    assert is_address(text) is proper
