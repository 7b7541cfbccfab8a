"""Who answers name lookups, as text: `system`, or the URL of a resolver and how it is spoken to.

One spelling for records, settings and the command line, read in this one place. A resolver that speaks TLS is known
by the name in its certificate; the address at which it is asked stands behind a `#`, the part of a URL that is not
sent. Without one the name is looked up first, and that lookup may be lied to as any other.
"""

import ipaddress
import re

import msgspec

from hushmap.model import SYSTEM_RESOLVER, is_address
from hushmap.wire import url

PORTS = {"udp": 53, "tcp": 53, "tls": 853, "quic": 853, "https": 443}
"""RFC 1035 section 4.2, RFC 7858 section 3.1, RFC 9250 section 4.1.1, RFC 8484."""
ENCRYPTED = frozenset({"tls", "quic", "https"})
"""Transports inside which nobody on the path sees the question."""

_SHAPE = re.compile(
    r"(udp|tcp|tls|quic|https)://(\[[0-9A-Fa-f:.]{1,60}\]|[^/?#:\[\]@\s]{1,300})(?::([0-9]{1,5}))?(/[^#\s]*)?(?:#(\S*))?"
)
_FORMS = (
    "a resolver is system, udp://ADDRESS:PORT, tcp://ADDRESS:PORT, tls://HOST[:PORT][#ADDRESS], "
    "quic://HOST[:PORT][#ADDRESS] or https://HOST[:PORT]/PATH[#ADDRESS]"
)


class ResolverUrl(msgspec.Struct, frozen=True, kw_only=True):
    """One resolver and how it is spoken to."""

    transport: str
    """`system`, or the URL's scheme."""
    host: str = ""
    """Whose certificate it must show, where it speaks TLS: a name of A-labels, or an address."""
    address: str = ""
    """Where it is asked, without brackets; empty: `host` is looked up first."""
    port: int = 0
    path: str = ""
    """The request target (https)."""

    @property
    def encrypted(self) -> bool:
        """Whether the question travels inside TLS."""
        return self.transport in ENCRYPTED

    @property
    def text(self) -> str:
        """The URL; `parse` reads it back as the same value."""
        if self.transport == SYSTEM_RESOLVER:
            return SYSTEM_RESOLVER
        if not self.encrypted:
            return f"{self.transport}://{_bracketed(self.address)}:{self.port}"
        port = "" if self.port == PORTS[self.transport] else f":{self.port}"
        pin = f"#{self.address}" if self.address not in {"", self.host} else ""
        return f"{self.transport}://{_bracketed(self.host)}{port}{self.path}{pin}"

    @property
    def page(self) -> url.Url:
        """Where a question is posted (https)."""
        return url.Url(scheme="https", host=self.host, port=self.port, path=self.path)

    def at(self, address: str) -> "ResolverUrl":
        """The same resolver, asked at `address`."""
        return msgspec.structs.replace(self, address=address)


def parse(text: str | None) -> ResolverUrl:
    """The resolver that an ask names.

    Raises:
        ValueError: It names none.
    """
    if text == SYSTEM_RESOLVER:
        return ResolverUrl(transport=SYSTEM_RESOLVER)
    match = _SHAPE.fullmatch(text or "")
    if match is None:
        raise ValueError(f"{_FORMS}; {text!a:.120} is none")
    scheme, written, digits, path, pin = match.groups()
    port = PORTS[scheme] if digits is None else int(digits)
    if not 0 < port < 65536:
        raise ValueError(f"{text!a:.120} has a port that is no number from 1 to 65535")
    host = url.host_of(written)
    fixed = is_address(host)
    if scheme in {"udp", "tcp"}:
        if not fixed or digits is None or path is not None or pin is not None:
            raise ValueError(f"{_FORMS}; {text!a:.120} is none")
        return ResolverUrl(transport=scheme, address=host, port=port)
    if (path is not None) is not (scheme == "https"):
        raise ValueError(f"{text!a:.120}: a resolver over https has a path, such as /dns-query, and no other has")
    if pin is not None and (fixed or not is_address(pin) or "%" in pin):
        raise ValueError(f"{text!a:.120}: behind the # stands the address of a name, without brackets")
    address = host if fixed else "" if pin is None else str(ipaddress.ip_address(pin))
    target = "" if path is None else url.parse(f"https://host{path}").path
    return ResolverUrl(transport=scheme, host=host, address=address, port=port, path=target)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
