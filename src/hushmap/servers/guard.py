"""What a helper may contact: addresses of the public internet, on a few ports.

A helper carries out what its client asks; without this it would be a way into the network that it stands in
(METHOD 5). The check is made on the address that is then connected to, never on a name.
"""

import ipaddress
from collections.abc import Iterable

PORTS = frozenset({53, 80, 443})
"""DNS, HTTP, HTTPS: what sites are measured on."""


_TUNNELS = tuple(
    ipaddress.ip_network(prefix) for prefix in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)
"""IPv6 that carries another address inside (RFC 6052, 8215, 3056, 4380), perhaps one that is not public."""


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
        if any(address in network for network in self._allow if network.version == address.version):
            return True
        if isinstance(address, ipaddress.IPv6Address) and (
            address.is_site_local or any(address in network for network in _TUNNELS)
        ):
            return False
        return address.is_global and not address.is_multicast and not address.is_reserved
