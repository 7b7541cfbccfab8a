"""Facts of this computer: resolvers, default route, own addresses, whether IPv6 is up, whether a VPN seems on.

Own addresses are learned here for masking and stay in memory. What a record may carry is the fingerprint, a keyed
hash that only tells "the same network as before" from "another one" (METHOD 3, sentinel). Nothing here sends a
packet: connecting a UDP socket asks the kernel for its route and no more.
"""

import hashlib
import ipaddress
import secrets
import socket
from pathlib import Path

import msgspec

_KEY = secrets.token_bytes(16)
_DISCARD = 9  # RFC 863; nothing is sent to it
_PROBE_V4, _PROBE_V6 = "192.0.2.1", "2001:db8::1"
"""Addresses that only the default route leads to (RFC 5737, 3849)."""
_TUNNELS = ("tun", "tap", "wg", "ppp", "utun", "ipsec", "vpn", "tailscale", "nordlynx", "proton")
_ARPHRD_NONE = "65534"  # linux/if_arp.h: an interface without a link layer, as tunnels are


class Host(msgspec.Struct, frozen=True, kw_only=True):
    """What the kernel and resolv.conf say."""

    resolvers: tuple[str, ...] = ()
    interface: str | None = None
    gateway: str | None = None
    ipv6: bool = False
    """A route to the IPv6 internet, with a source address that is not local to the site."""
    vpn: bool = False
    """A guess: the default route leaves through a tunnel."""
    sources: tuple[str, ...] = ()
    """Own addresses that the default routes use; never written anywhere."""


def source_for(address: str, port: int = _DISCARD) -> str | None:
    """The own address from which the kernel would send to `address`; `None`: there is no route."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((address, port))
            return str(probe.getsockname()[0])
    except OSError:
        return None


def host_facts(root: Path = Path("/")) -> Host:
    """Look at this computer now. `root` is where etc, proc and sys are."""
    interface, gateway = _default_route(root)
    v4, v6 = source_for(_PROBE_V4), source_for(_PROBE_V6)
    return Host(
        resolvers=_resolvers(root),
        interface=interface,
        gateway=gateway,
        ipv6=v6 is not None and _beyond_site(v6),
        vpn=interface is not None and _tunnel(root, interface),
        sources=tuple(address for address in (v4, v6) if address is not None),
    )


def fingerprint(key: bytes = _KEY, root: Path = Path("/")) -> str:
    """A keyed hash of interface, route, resolvers and VPN: equal means the same network as far as we can tell.

    IPv6 sources count by their /64: privacy addresses rotate while the network stays (RFC 8981). The default key
    lives as long as this process; a run that may be resumed gives its own.
    """
    facts = host_facts(root)
    places = [_place(source) for source in facts.sources]
    text = repr((facts.resolvers, facts.interface, facts.gateway, facts.vpn, places))
    return hashlib.blake2b(text.encode(), key=key, digest_size=16).hexdigest()


def _place(source: str) -> str:
    if ":" not in source:
        return source
    return str(ipaddress.ip_network(f"{source.partition('%')[0]}/64", strict=False))


def _beyond_site(source: str) -> bool:
    address = ipaddress.IPv6Address(source.partition("%")[0])
    unique_local = address in ipaddress.ip_network("fc00::/7")
    return not (address.is_link_local or address.is_loopback or unique_local)


def _resolvers(root: Path) -> tuple[str, ...]:
    found: list[str] = []
    for line in _lines(root / "etc/resolv.conf"):
        words = line.split()
        if len(words) > 1 and words[0] == "nameserver" and words[1] not in found:
            found.append(words[1])
    return tuple(found)


def _default_route(root: Path) -> tuple[str | None, str | None]:
    """Interface and gateway of the IPv4 default route, else of the IPv6 one."""
    for line in _lines(root / "proc/net/route"):
        words = line.split()
        if len(words) > 7 and words[1] == "00000000" and words[7] == "00000000":
            return words[0], str(ipaddress.IPv4Address(bytes.fromhex(words[2])[::-1]))
    for line in _lines(root / "proc/net/ipv6_route"):
        words = line.split()
        if len(words) > 9 and words[0] == "0" * 32 and words[1] == "00" and words[9] != "lo":
            return words[9], str(ipaddress.IPv6Address(bytes.fromhex(words[4])))
    return None, None


def _tunnel(root: Path, interface: str) -> bool:
    kind = _lines(root / "sys/class/net" / interface / "type")
    return interface.startswith(_TUNNELS) or kind[:1] == [_ARPHRD_NONE]


def _lines(path: Path) -> list[str]:
    """The lines of a file of the kernel or the administrator; none where this system has no such file."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
