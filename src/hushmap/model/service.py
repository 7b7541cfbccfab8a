"""A service as data: where it listens, what a live endpoint answers, and which of them it takes to use it.

A messenger is no page: it is a set of endpoints of which some suffice. A record carries the definition by which it
was asked, so that it can be judged when the definition has long moved on.
"""

from enum import StrEnum

import msgspec

from hushmap.model.ask import Transport


class Live(StrEnum):
    """What a live endpoint answers, and so how it is asked."""

    TCP = "tcp"
    """A connection; no more is known of what it speaks."""
    TLS = "tls"
    """A handshake."""
    HTTP = "http"
    """A page without encryption, whatever its status."""
    HTTPS = "https"
    """A page under a certificate that holds, whatever its status."""
    DNS = "dns"
    """A lookup of a harmless name."""
    STUN = "stun"
    """A binding response (RFC 8489)."""
    WIREGUARD = "wireguard"
    """A handshake response or a cookie reply; strangers are not answered."""
    OPENVPN = "openvpn"
    """A server reset; where packets are authenticated strangers are not answered."""
    TOR_DIRECTORY = "tor_directory"
    """The directory authority's keys (dir-spec)."""


WEB = frozenset({Live.HTTP, Live.HTTPS})
"""What is asked and judged as a web site is."""


class Endpoint(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One place at which a service is reached. It has a name, or addresses."""

    group: str
    answers: Live
    port: int
    name: str | None = None
    address: str | None = None
    transport: Transport = Transport.TCP
    path: str = "/"
    verify: bool = True
    """Whether its certificate is one of the public roots; some services bring a root of their own."""
    key: str | None = None
    """The server's public key, base64 (wireguard)."""
    source: str = ""
    date: str = ""

    @property
    def text(self) -> str:
        """`NAME:PORT`, as people write it; the protocol's own port is left out."""
        host = self.name or self.address or ""
        if self.port == 443 and self.name is not None:
            return host
        return f"[{host}]:{self.port}" if ":" in host else f"{host}:{self.port}"


class Group(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Endpoints that stand for each other, or of which none can be missed."""

    name: str
    every: bool = False
    """All of them must answer; else any one will do."""


class Service(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A service: it can be used where each of its groups is met."""

    name: str
    """Its file's name, by which lists call it."""
    title: str
    category: str
    """Citizen Lab code."""
    groups: tuple[Group, ...]
    endpoints: tuple[Endpoint, ...]
