"""Whose network a loss lies in, by a frozen table."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hopped import NEAR, SILENT, SITE, TABLE, TOLD, Made, cut, hop, router
from hushmap.detect.outside import Prefixes, lost_outside, outside
from hushmap.detect.way import Way
from hushmap.model import Ask, Context, Knowledge, Layer
from hushmap.sampling import Located

LINK = Located(after=3, before=4, weight=1.0, decided=True)


def way(made):
    """The trials read."""
    return Way(tuple(made.trials), Context(), Knowledge())


def test_the_longest_prefix_counts_and_what_is_not_there_is_nothing():
    """IPv4 and IPv6 apart; a router without a name, or a text that is no address, is not known."""
    prefixes = Prefixes(TABLE)
    assert prefixes.find("192.0.2.5") == ("192.0.2.4/30", 64501)
    assert prefixes.find("192.0.2.1") == ("192.0.2.0/24", 64500)
    assert prefixes.find("2001:db8::1") == ("2001:db8::/32", 64502)
    assert prefixes.find("203.0.113.1") is None
    assert prefixes.find("2001:db9::1") is None
    assert prefixes.find("") is None
    assert Prefixes(()).find("192.0.2.1") is None


def test_a_router_of_another_network_behind_the_link_shows_that_it_lies_outside():
    """Two do: the last may be the target's own border. Its own network, unknown ones, and none do not."""
    prefixes = Prefixes(TABLE)
    assert outside(LINK, {4: router(4), 5: router(5)}, SITE, prefixes)
    assert outside(LINK, {4: "203.0.113.1", 5: router(5), 7: router(7)}, SITE, prefixes)
    assert not outside(LINK, {4: router(4), 6: router(6)}, SITE, prefixes), "its border, by its provider's number"
    assert not outside(LINK, {3: router(3), 4: router(4)}, SITE, prefixes)
    assert not outside(LINK, {4: router(6)}, SITE, prefixes)
    assert not outside(LINK, {4: "203.0.113.1"}, SITE, prefixes)
    assert not outside(LINK, {3: router(3)}, SITE, prefixes)
    assert not outside(LINK, {4: router(4), 5: router(5)}, "203.0.113.1", prefixes)
    assert not outside(None, {4: router(4), 5: router(5)}, SITE, prefixes)


def test_losses_of_an_address_are_outside_where_its_neighbours_packets_go_on():
    """The same prefix, the same routers as far as both came, a strange router behind."""
    made = cut(SILENT, layer=Layer.TCP)
    made.probe(2, TOLD)
    assert lost_outside(way(made), SITE, Prefixes(TABLE))


@pytest.mark.parametrize(
    "table",
    [
        TABLE[1:],
        (("198.51.100.7/32", 64510), ("198.51.100.8/32", 64510), *TABLE[1:]),
        (("198.51.100.7/32", 64510), *TABLE[1:]),
        (TABLE[0], ("192.0.2.0/24", 64510)),
    ],
)
def test_another_prefix_or_the_same_network_shows_nothing(table):
    """The target unknown, its neighbour of another prefix or unknown, every router its own."""
    made = cut(SILENT, layer=Layer.TCP)
    made.probe(2, TOLD)
    assert not lost_outside(way(made), SITE, Prefixes(table))


def test_two_ways_are_one_only_as_far_as_their_routers_are():
    """One router in common is not enough, and another one at the same hop is another way."""
    made = cut(SILENT, layer=Layer.TCP)
    assert not lost_outside(way(made), SITE, Prefixes(TABLE)), "one hop in common"
    ask = Ask(layer=Layer.TCP, address=SITE, port=443, ttl=2)
    made.add(ask, (hop(2, TOLD, layer=Layer.TCP, address=SITE, name="192.0.2.99"),))
    assert not lost_outside(way(made), SITE, Prefixes(TABLE))


def test_without_a_way_or_a_decision_nothing_is_outside():
    """No sweep; too few losses; losses at the target's door."""
    assert not lost_outside(way(Made(Layer.TCP)), SITE, Prefixes(TABLE))
    assert not lost_outside(way(cut(SILENT, layer=Layer.TCP, votes=4)), SITE, Prefixes(TABLE))
    assert not lost_outside(way(cut(SILENT, layer=Layer.TCP, after=6)), SITE, Prefixes(TABLE))
    assert NEAR != SITE


@given(st.lists(st.tuples(st.ip_addresses(v=4), st.integers(8, 32)), max_size=20), st.ip_addresses(v=4))
def test_what_is_found_holds_the_address(rows, address):
    """And no row that is longer does."""
    table = [(f"{start}/{length}", number) for number, (start, length) in enumerate(rows, 1)]
    networks = [ipaddress.ip_network(text, strict=False) for text, _ in table]
    found = Prefixes(table).find(str(address))
    holding = [network for network in networks if address in network]
    assert (found is None) == (not holding)
    if found is not None:
        assert ipaddress.ip_network(found[0]).prefixlen == max(network.prefixlen for network in holding)
