"""Addresses that cannot belong to a public site, and the origin network of those that can."""

import ipaddress
from functools import lru_cache

from hushmap.model import Prefix

_DOCUMENTATION = tuple(
    ipaddress.ip_network(text)
    for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/15", "2001:db8::/32")
)
"""RFC 5737, RFC 2544, RFC 3849: the lab's own public internet; elsewhere nobody answers in them."""


def bogon(address: str) -> bool:
    """Whether no public site can have `address`: private, loopback, link-local, reserved ... (RFC 6890).

    Documentation and benchmark ranges are left out: the lab plays the public internet in them, and a resolver that
    answers with one is caught by the pair like any other wrong answer.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return True
    if any(parsed in network for network in _DOCUMENTATION if network.version == parsed.version):
        return False
    return not parsed.is_global or parsed.is_multicast


@lru_cache(maxsize=8)
def _table(prefixes: tuple[Prefix, ...]) -> tuple[tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, int], ...]:
    rows = [(ipaddress.ip_network(row.prefix), row.asn) for row in prefixes]
    return tuple(sorted(rows, key=lambda row: -row[0].prefixlen))


def asn_of(address: str, prefixes: tuple[Prefix, ...]) -> int | None:
    """The AS that announces `address` in the frozen table, most specific prefix first; unknown is `None`.

    Unknown never equals anything (METHOD 4): callers compare only numbers.
    """
    parsed = ipaddress.ip_address(address)
    for network, asn in _table(prefixes):
        if network.version == parsed.version and parsed in network:
            return asn
    return None
