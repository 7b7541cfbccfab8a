"""The lab's map lies wholly in ranges that belong to nobody."""

from ipaddress import ip_address, ip_network

from hushmap.lab import addresses

NOBODY = [ip_network(text) for text in ("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")]
OF_HOPS = (addresses.hop, addresses.other_address)


def test_every_address_is_for_documentation_or_benchmarks():
    """RFC 5737, 3849, 2544: a record of the lab cannot be taken for one of a real network."""
    named = [value for name, value in vars(addresses).items() if name.isupper() and isinstance(value, str)]
    places = [value for value in named if value.count(".") == 3 or ":" in value]
    places += [place for number in range(1, 31) for of in OF_HOPS for place in of(number)]
    assert len(places) > 60
    assert all(any(ip_address(place) in network for network in NOBODY) for place in places)


def test_hops_differ():
    """Thirty routers have sixty addresses, and as many on other ports."""
    assert len({place for number in range(1, 31) for of in OF_HOPS for place in of(number)}) == 120
