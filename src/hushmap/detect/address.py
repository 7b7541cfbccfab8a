"""Addresses that cannot belong to a public site."""

import ipaddress

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
