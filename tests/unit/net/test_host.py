"""Facts of this computer, read from files that a test wrote and from loopback routes."""

import ipaddress

import pytest

from hushmap.net import host

ROUTE = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
V4 = "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
ZERO = "0" * 32
V6 = f"{ZERO} 00 {ZERO} 00 fe800000000000000000000000000001 00000400 00000002 00000000 00000003 wlan0\n"
UNREACHABLE = f"{ZERO} 00 {ZERO} 00 {ZERO} ffffffff 00000001 00000000 00200200 lo\n"


@pytest.fixture
def root(tmp_path):
    """A computer with one resolver and one IPv4 default route."""
    for name, text in {
        "etc/resolv.conf": "# comment\nnameserver 192.0.2.53\nsearch example\nnameserver 192.0.2.53\nnameserver\n",
        "proc/net/route": ROUTE + "eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n" + V4,
        "sys/class/net/eth0/type": "1\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_resolvers_and_default_route_are_read(root):
    """Each resolver once; the interface and gateway of the default route."""
    facts = host.host_facts(root)
    assert facts.resolvers == ("192.0.2.53",)
    assert (facts.interface, facts.gateway, facts.vpn) == ("eth0", "192.0.2.1", False)


def test_an_ipv6_only_computer_has_a_default_route_too(root):
    """Where IPv4 has none, the IPv6 default route counts, but not the kernel's unreachable one."""
    (root / "proc/net/route").write_text(ROUTE)
    (root / "proc/net/ipv6_route").write_text(UNREACHABLE + V6)
    facts = host.host_facts(root)
    assert (facts.interface, facts.gateway) == ("wlan0", "fe80::1")


def test_a_tunnel_is_guessed_by_name_or_kind(root):
    """wg0 is a VPN, and so is an interface without a link layer."""
    (root / "proc/net/route").write_text(ROUTE + V4.replace("eth0", "wg0"))
    assert host.host_facts(root).vpn
    (root / "proc/net/route").write_text(ROUTE + V4)
    (root / "sys/class/net/eth0/type").write_text("65534\n")
    assert host.host_facts(root).vpn


def test_a_computer_without_these_files_has_no_facts(tmp_path):
    """Another system has nothing to read: unknown, not an error."""
    facts = host.host_facts(tmp_path)
    assert (facts.resolvers, facts.interface, facts.gateway, facts.vpn) == ((), None, None, False)


def test_the_fingerprint_is_stable_and_follows_the_network(root):
    """Equal while nothing changes, other when the resolver does, and other under another key."""
    first = host.fingerprint(b"key", root)
    assert first == host.fingerprint(b"key", root)
    assert first != host.fingerprint(b"other", root)
    (root / "etc/resolv.conf").write_text("nameserver 192.0.2.54\n")
    assert first != host.fingerprint(b"key", root)
    assert host.fingerprint() == host.fingerprint()


def test_the_fingerprint_takes_rotating_ipv6_addresses_as_one_network(root, monkeypatch):
    """Another address of the same /64 is the same network; another /64, or another IPv4 address, is not."""

    def with_sources(v4, v6):
        monkeypatch.setattr(host, "source_for", lambda address: v6 if ":" in address else v4)
        return host.fingerprint(b"key", root)

    first = with_sources("198.51.100.7", "2001:db8::1")
    assert first == with_sources("198.51.100.7", "2001:db8::2")
    assert first != with_sources("198.51.100.7", "2001:db8:0:1::1")
    assert first != with_sources("198.51.100.8", "2001:db8::1")


@pytest.mark.parametrize(
    ("source", "up"),
    [("2001:db8::1", True), ("fd00::2", False), ("fe80::1%eth0", False), ("::1", False), (None, False)],
)
def test_ipv6_is_up_with_an_address_that_leaves_the_site(source, up, tmp_path, monkeypatch):
    """A unique-local or link-local source reaches no server on the internet."""
    monkeypatch.setattr(host, "source_for", lambda address: source if ":" in address else None)
    assert host.host_facts(tmp_path).ipv6 is up


def test_the_source_of_a_route_is_an_own_address():
    """To loopback one sends from loopback; to what is no address there is no route."""
    assert host.source_for("127.0.0.1") == "127.0.0.1"
    assert host.source_for("::1") == "::1"
    assert host.source_for("256.256.256.256") is None
    assert all(ipaddress.ip_address(source) for source in host.host_facts().sources)
