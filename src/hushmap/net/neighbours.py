"""Addresses of this computer and its own networks: no answer or redirect may make us knock at a neighbour's door.

METHOD 4: an impossible address is contacted once, for its notice, unless it lies in a prefix of this machine's own
interfaces or routes; there somebody's router, printer or VPN answers. Public addresses stay allowed, a site may be
next door; so do lookups, since the resolver of a home is its router.
"""

import ipaddress
from collections.abc import Callable
from pathlib import Path

_LONGEST = {4: 8, 6: 16}
"""The shortest prefix that counts as a network of one's own: what is shorter is a default route in halves (VPNs)."""
_DNS = 53

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def own_networks(root: Path = Path("/")) -> tuple[Network, ...]:
    """The prefixes to which this computer has routes of their own; none where the system does not say (not Linux)."""
    found: list[Network] = []
    for words in _rows(root / "proc/net/route"):
        if len(words) > 7 and len(words[1]) == len(words[7]) == 8:
            address, mask = (ipaddress.IPv4Address(bytes.fromhex(words[at])[::-1]) for at in (1, 7))
            found.append(ipaddress.IPv4Network(f"{address}/{mask}", strict=False))
    for words in _rows(root / "proc/net/ipv6_route"):
        if len(words) > 9 and words[9] != "lo":
            prefix = ipaddress.IPv6Address(bytes.fromhex(words[0]))
            found.append(ipaddress.IPv6Network((prefix, int(words[1], 16)), strict=False))
    return tuple(network for network in found if network.prefixlen >= _LONGEST[network.version])


def spare_neighbours(networks: tuple[Network, ...], allowed: frozenset[str]) -> Callable[[str, int], str | None]:
    """A guard for `Net`: why an address must not be contacted, or `None`. `allowed` are our own helper's."""

    def guard(address: str, port: int) -> str | None:
        parsed = ipaddress.ip_address(address.partition("%")[0])
        parsed = getattr(parsed, "ipv4_mapped", None) or parsed
        if address in allowed or port == _DNS or parsed.is_global:
            return None
        if parsed.is_loopback or parsed.is_unspecified or parsed.is_link_local:  # in no table of routes, and nearest
            return "own_network"
        return "own_network" if any(parsed.version == net.version and parsed in net for net in networks) else None

    return guard


def _rows(path: Path) -> list[list[str]]:
    try:
        return [line.split() for line in path.read_text(encoding="ascii", errors="replace").splitlines()]
    except OSError:
        return []
