"""A forged answer must not make us knock at a neighbour's door."""

import ipaddress

import pytest

from hushmap.net import own_networks, spare_neighbours

ROUTES = (
    "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
    "eth0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
    "eth0\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"
    "tun0\t00000000\t0100080A\t0003\t0\t0\t0\t00000080\t0\t0\t0\n"
    "tun0\t0000000A\t0100080A\t0003\t0\t0\t0\t000000FF\t0\t0\t0\n"
)
ROUTES_6 = (
    "fd000000000000000000000000000000 08 00000000000000000000000000000000 00 0 0 0 0 00000001 eth0\n"
    "fd120000000000000000000000000000 40 00000000000000000000000000000000 00 0 0 0 0 00000001 eth0\n"
    "00000000000000000000000000000001 80 00000000000000000000000000000000 00 0 0 0 0 00000001 lo\n"
)


@pytest.fixture
def root(tmp_path):
    """A computer with a home network, a split default route and a VPN's private range."""
    (tmp_path / "proc/net").mkdir(parents=True)
    (tmp_path / "proc/net/route").write_text(ROUTES)
    (tmp_path / "proc/net/ipv6_route").write_text(ROUTES_6)
    return tmp_path


def test_own_networks_are_those_with_a_route_of_their_own(root):
    """Default routes, whole or in halves, are no networks of one's own; connected and pushed prefixes are."""
    assert [str(net) for net in own_networks(root)] == ["192.168.1.0/24", "10.0.0.0/8", "fd12::/64"]


def test_a_system_that_does_not_say_has_none(tmp_path):
    """Without the kernel's tables nothing is guessed."""
    assert own_networks(tmp_path) == ()


@pytest.mark.parametrize(
    ("address", "port", "why"),
    [
        ("192.168.1.1", 80, "own_network"),
        ("192.168.1.1", 53, None),
        ("10.10.34.34", 443, "own_network"),
        ("172.16.0.1", 80, None),
        ("192.168.1.5", 8443, None),
        ("fd12::1", 80, "own_network"),
        ("fe80::1%eth0", 80, "own_network"),
        ("127.0.0.1", 80, "own_network"),
        ("127.0.0.53", 53, None),
        ("0.0.0.0", 80, "own_network"),
        ("169.254.169.254", 80, "own_network"),
        ("::1", 631, "own_network"),
        ("::ffff:127.0.0.1", 80, "own_network"),
        ("::ffff:192.168.1.1", 80, "own_network"),
        ("::ffff:8.8.8.8", 80, None),
    ],
)
def test_neighbours_are_spared_and_others_are_not(root, address, port, why):
    """Private addresses with a route are refused, except for lookups and our own helper; others may be asked once."""
    guard = spare_neighbours(own_networks(root), frozenset({"192.168.1.5"}))
    assert guard(address, port) == why


def test_a_public_site_next_door_is_measured():
    """A global address is never a neighbour, whatever the routes."""
    guard = spare_neighbours((ipaddress.ip_network("8.8.8.0/24"),), frozenset())
    assert guard("8.8.8.8", 443) is None
