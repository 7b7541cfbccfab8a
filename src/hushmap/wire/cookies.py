"""The cookies of one page load: what a server sets on the way is sent back along the redirects, and then forgotten.

Many sites set a cookie, send the visitor on to the same page, and do so for ever if it does not come back: without
this a helper would call them broken. It is as much of RFC 6265 as a few requests need: names, hosts, `Secure`. Paths
and dates play no part, for nothing outlives the load.
"""

import re

from hushmap.wire.url import Url

COOKIES = 50
"""Cookies of one load; RFC 6265 section 6.1 wants as many for one host."""
LONGEST = 4096
"""Characters of one cookie (RFC 6265 section 6.1); longer ones are passed over."""

_PAIR = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,256})=([^\x00-\x1f;\x7f]*)")
"""RFC 6265 section 4.1.1, lenient in the value: what is sent back is what came."""


class Jar:
    """Cookies by (host, whether also below it, name)."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, bool, str], tuple[str, bool]] = {}

    def take(self, page: Url, header: str) -> None:
        """Take one Set-Cookie header that `page` sent; what is none is passed over."""
        if len(header) > LONGEST:
            return
        first, *attributes = header.split(";")
        pair = _PAIR.fullmatch(first.strip())
        if pair is None:
            return
        host, below, secure = page.host, False, False
        for attribute in attributes:
            name, _, value = attribute.strip().partition("=")
            if name.lower() == "secure":
                secure = True
            elif name.lower() == "domain" and (domain := value.strip().lstrip(".").lower()):
                if not _within(page.host, domain):
                    return  # RFC 6265 section 5.3: a host sets none for others
                host, below = domain, True
        if len(self._held) < COOKIES:
            self._held[host, below, pair[1]] = (pair[2], secure)

    def header(self, page: Url) -> str | None:
        """The Cookie header of a request for `page`; `None` where nothing is to be sent."""
        sent = [
            f"{name}={value}"
            for (host, below, name), (value, secure) in self._held.items()
            if (page.host == host or (below and _within(page.host, host))) and (page.scheme == "https" or not secure)
        ]
        return "; ".join(sent) or None


def _within(host: str, domain: str) -> bool:
    """Whether `host` is `domain` or lies below it; a single label is nobody's."""
    return host == domain or ("." in domain and host.endswith(f".{domain}"))
