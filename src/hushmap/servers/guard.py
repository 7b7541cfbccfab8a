"""What a helper may contact: addresses of the public internet, on a few ports.

A helper carries out what its client asks; without this it would be a way into the network that it stands in
(METHOD 5). The check is made on the address that is then connected to, never on a name.
"""

import ipaddress
from collections.abc import Iterable

from hushmap.model import DOCUMENTATION, is_surely_public

PORTS = frozenset({53, 80, 443, 853, 1194, 3478, 5222, 19302, 51820})
"""DNS, HTTP, HTTPS, on which sites are measured; and of services DNS over TLS, OpenVPN, STUN (twice), messengers and
WireGuard (probes/services)."""

_DOCUMENTATION = tuple(ipaddress.ip_network(prefix) for prefix in DOCUMENTATION)
"""Public in a lab only, which says so (`allow`)."""


class Guard:
    """Says why an address and port must not be contacted."""

    def __init__(self, *, ports: Iterable[int] = (), allow: Iterable[str] = (), usual: Iterable[int] = PORTS) -> None:
        """`ports` beside the usual ones; `allow`: prefixes that count as public."""
        self.ports = frozenset(usual) | frozenset(ports)
        self._allow = tuple(ipaddress.ip_network(prefix) for prefix in allow)

    def __call__(self, address: str, port: int) -> str | None:
        """`None` if it may be contacted; else `port` or `address`."""
        if port not in self.ports:
            return "port"
        return None if self._public(address) else "address"

    def _public(self, text: str) -> bool:
        if "%" in text:  # a scoped address is a neighbour's
            return False
        address = ipaddress.ip_address(text)
        if _within(address, self._allow):
            return True
        return is_surely_public(text) and not _within(address, _DOCUMENTATION)


def _within(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
    networks: Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network],
) -> bool:
    return any(address in network for network in networks if network.version == address.version)
