"""What a helper may contact."""

import pytest

from hushmap.model import DOCUMENTATION
from hushmap.servers.guard import Guard

PRIVATE = (
    "10.0.0.1 127.0.0.1 169.254.169.254 172.16.0.1 192.168.1.1 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255 240.0.0.1 "
    "198.51.100.1 198.18.0.1 ::1 :: fe80::1 fe80::1%eth0 fd00::1 fec0::1 ff02::1 2001:db8::1 ::ffff:10.0.0.1 "
    "::ffff:127.0.0.1 ::7f00:1 64:ff9b::a00:1 2002:a00:1::1 2001:0:4136:e378:8000:63bf:3fff:fdd2"
).split()


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_the_public_internet_is_refused(address):
    """Own networks, special ranges, and tunnels that may hide them."""
    assert Guard()(address, 443) == "address"


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "192.88.98.1"])
def test_public_addresses_pass(address):
    """On the listed ports only: those of sites, and of services that have a port of their own."""
    assert Guard()(address, 853) is None
    assert Guard()(address, 443) is None
    assert Guard()(address, 22) == "port"


def test_ports_and_prefixes_can_be_added():
    """A lab's internet is made of documentation ranges; its own networks stay closed."""
    guard = Guard(ports=(8080,), allow=DOCUMENTATION)
    assert guard("198.51.100.1", 8080) is None
    assert guard("2001:db8::1", 53) is None
    assert guard("192.168.1.1", 80) == "address"
    assert guard("198.51.100.1", 22) == "port"
