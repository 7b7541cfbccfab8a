"""Whether a text is an IP address: asked of every host and answer, in every room, millions of times for a large file.

The plain form is told by a look at its characters; IPv6, which has many spellings, is left to the standard library.
"""

import ipaddress
import re
from functools import lru_cache

DOCUMENTATION = ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/15", "2001:db8::/32")
"""Documentation and benchmarking ranges (RFC 5737, 2544, 3849): the internet of a lab, and of nobody else."""

_CACHE = 256
"""IPv6 addresses that are remembered: those of one measurement recur in it a dozen times, and hardly ever in the
next; a large table would only push other things out of the processor's own memory."""
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IPV4 = re.compile(rf"(?:{_OCTET}\.){{3}}{_OCTET}").fullmatch


def is_address(text: str) -> bool:
    """Whether `text` is an IP address, as `ipaddress` reads it; no brackets."""
    if ":" in text:
        return _is_ipv6(text)
    # A name ends in a letter.
    return text[-1:] <= "9" and _IPV4(text) is not None


@lru_cache(_CACHE)
def _is_ipv6(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True
