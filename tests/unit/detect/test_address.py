"""Tests of hushmap.detect.address."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.detect.address import _DOCUMENTATION, bogon, by_url, ours
from hushmap.model import Context, is_address

DOCUMENTATION = [network for network in _DOCUMENTATION if network.version == 4]


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "169.254.1.1", "192.168.1.1", "224.0.0.1", "255.255.255.255",
        "::", "::1", "fe80::1", "fd00::1", "ff02::1", "no address", "", "300.1.1.1",
    ],
)  # fmt: skip
def test_an_address_that_no_public_site_can_have_is_a_bogon(address):
    """Private, shared, loopback, link-local, multicast and what is no address at all."""
    assert bogon(address)


@pytest.mark.parametrize(
    "address",
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
def test_public_addresses_and_those_of_the_lab_are_not(address):
    """Documentation ranges are the lab's public internet; NAT64 addresses lead to public sites."""
    assert not bogon(address)


def test_a_text_is_an_address_or_none():
    """Both families are; names, numbers beyond a byte and nothing at all are not."""
    assert all(map(is_address, ("203.0.113.7", "10.0.0.1", "2001:db8::1")))
    assert not any(map(is_address, ("", "300.1.1.1", "news.example", "10.0.0")))


@given(st.ip_addresses(v=4))
def test_the_short_way_says_what_the_long_one_does(address):
    """Nearly all IPv4 addresses are told by their first number; the standard library says the same of each."""
    inside = any(address in network for network in DOCUMENTATION)
    assert bogon(str(address)) is (not inside and (not address.is_global or address.is_multicast))


HELPERS = [(None, None, False), ("203.0.113.10", "203.0.113.10", False), ("https://0.th.ooni.org/", None, True)]


@pytest.mark.parametrize(("helper", "address", "far"), HELPERS)
def test_only_a_helper_of_ones_own_has_an_address_of_ours(helper, address, far):
    """One of OONI's kind compares, and nothing can be sent to it."""
    context = Context(helper=helper)
    assert (ours(context), by_url(context)) == (address, far)


@given(st.ip_addresses(v=4).map(str) | st.text("0123456789.", max_size=16))
def test_an_ipv4_address_is_told_as_the_standard_library_tells_it(text):
    """Its one proper spelling: four numbers below 256 without leading noughts."""
    try:
        ipaddress.ip_address(text)
        proper = True
    except ValueError:
        proper = False
    assert is_address(text) is proper
