"""What an IP address is, and which of them a public site can have: asked of every host and answer, in every room.

For a large file that is millions of times. The plain forms are told by a look at their characters; IPv6 with a
zone, or with IPv4 in it, is left to the standard library.
"""

import ipaddress
import re
from functools import lru_cache

DOCUMENTATION = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/15", "2001:db8::/32")
"""Documentation and benchmarking ranges (RFC 5737, 2544, 3849): the internet of a lab, and of nobody else."""

TUNNELS = ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
"""IPv6 that carries another address inside (RFC 6052, 8215, 3056, 4380), perhaps one that is not public."""

_CACHE = 256
"""IPv6 addresses that are remembered: those of one measurement recur in it a dozen times, and hardly ever in the
next; a large table would only push other things out of the processor's own memory."""
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IPV4 = re.compile(rf"(?:{_OCTET}\.){{3}}{_OCTET}").fullmatch
_GROUPS = "[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4})"
_IPV6 = re.compile(rf"{_GROUPS}{{7}}|(?:{_GROUPS}*)?::(?:{_GROUPS}*)?").fullmatch
"""All of its eight groups, or two colons in place of some."""
_PLAYED = tuple(map(ipaddress.ip_network, DOCUMENTATION))
_TUNNELLED = tuple(map(ipaddress.ip_network, TUNNELS))
_FIRST = (
    r"(?:[1-9]|1[1-9]|[2-9][0-9]|1(?:01|0[2-9]|[13-5][0-9]|2[0-689]|6[0-8])|1(?:7[013-9]|8[0-9]|9[013-9])"
    r"|2(?:0[0-24-9]|1[0-9]|2[0-3]))"
)
_PUBLIC = re.compile(rf"{_FIRST}(?:\.{_OCTET}){{3}}").fullmatch
"""IPv4 addresses whose first number alone says that they are public: nearly all that are met, and 20 times faster."""
_PRIVATE = re.compile(rf"(?:(?:10|127)\.{_OCTET}|192\.168)(?:\.{_OCTET}){{2}}").fullmatch
"""The commonest of the others (RFC 1918, RFC 1122)."""


def is_address(text: str) -> bool:
    """Whether `text` is an IP address, as `ipaddress` reads it; no brackets."""
    if ":" in text:
        # Of eight groups or fewer, two colons among them; what has a zone or ends like IPv4 takes the long way.
        return (text.count(":") <= 7 and _IPV6(text) is not None) or _is_ipv6(text)
    # A name ends in a letter.
    return text[-1:] <= "9" and _IPV4(text) is not None


@lru_cache(_CACHE)
def _is_ipv6(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True


def is_public(text: str) -> bool:
    """Whether `text` is an IP address that a public site can have.

    Documentation and benchmark ranges count: the lab plays the public internet in them, and a resolver that answers
    with one is caught by the pair like any other wrong answer.
    """
    if _PUBLIC(text):
        return True
    return not _PRIVATE(text) and is_address(text) and _is_public(text)


@lru_cache(_CACHE)
def _is_public(text: str) -> bool:
    parsed = ipaddress.ip_address(text)
    if any(parsed in network for network in _PLAYED if network.version == parsed.version):
        return True
    return parsed.is_global and not parsed.is_multicast


def is_surely_public(text: str) -> bool:
    """Whether `text` is public, and neither a neighbour's nor a tunnel behind which another address lies.

    A helper goes where others point: what is only perhaps public could be a way into its own network.
    """
    if "%" in text or not is_public(text):
        return False
    parsed = ipaddress.ip_address(text)
    hidden = isinstance(parsed, ipaddress.IPv6Address) and parsed.is_site_local
    inside = any(parsed in network for network in _TUNNELLED if network.version == parsed.version)
    return not (hidden or inside or parsed.is_reserved)


def is_bogon(text: str) -> bool:
    """Whether `text` is an IP address that no public site can have: private, loopback, multicast ... (RFC 6890)."""
    return not is_public(text) and is_address(text)
