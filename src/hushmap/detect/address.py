"""Addresses that cannot belong to a public site, and the one that is ours."""

import ipaddress
import re

from hushmap.model import DOCUMENTATION, Context

_DOCUMENTATION = tuple(map(ipaddress.ip_network, DOCUMENTATION))
"""The lab's own public internet; elsewhere nobody answers in them."""

_PUBLIC = re.compile(
    r"(?:[1-9]|1[1-9]|[2-9][0-9]|1(?:01|0[2-9]|[13-5][0-9]|2[0-689]|6[0-8])|1(?:7[013-9]|8[0-9]|9[013-79])|2(?:0[0-24-9]|1[0-9]|2[0-3]))"
    r"(?:\.(?:[0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])){3}"
)
"""IPv4 addresses whose first number alone says that they are public: nearly all that are met, and 20 times faster."""
_PRIVATE = re.compile(r"(?:10|127|192\.168)(?:\.(?:[0-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])){2,3}")
"""The commonest of the others (RFC 1918, RFC 1122)."""


def ours(context: Context) -> str | None:
    """The address of a helper of one's own; `None` without one, and with one of OONI's kind, which is a URL.

    Toward an address of ours a name can be sent that is not its own, which tells a censor from a server.
    """
    return None if context.helper is None or by_url(context) else context.helper


def by_url(context: Context) -> bool:
    """Whether the helper is of OONI's kind: it compares, tells the page after all redirects, and has no echo."""
    return context.helper is not None and "://" in context.helper


def bogon(address: str) -> bool:
    """Whether no public site can have `address`: private, loopback, link-local, reserved ... (RFC 6890).

    Documentation and benchmark ranges are left out: the lab plays the public internet in them, and a resolver that
    answers with one is caught by the pair like any other wrong answer.
    """
    if _PUBLIC.fullmatch(address):
        return False
    if _PRIVATE.fullmatch(address):
        return True
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return True
    if any(parsed in network for network in _DOCUMENTATION if network.version == parsed.version):
        return False
    return not parsed.is_global or parsed.is_multicast
