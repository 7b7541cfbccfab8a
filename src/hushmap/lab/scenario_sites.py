"""The sites of a scenario: names, addresses, and how their servers behave.

Most behaviours here look like censorship and are none (METHOD 6): whatever a server does to everyone, or to this
client of its own accord, must never be laid at the network's door.
"""

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec

Https = Literal["valid", "expired", "wrong-name", "self-signed", "refused", "interceptor", "interceptor-trusted"]
"""The last two are no site's but a box's, to which a `tls-mitm` leads: a certificate for whatever name is asked for,
by a root of its own, or by the one that the client trusts."""
Http = Literal["page", "redirect", "refused"]
Page = Literal[
    "article",
    "long",  # 64 kB, past which a flow may freeze or be slowed
    "captcha",
    "notice",
    "forbidden",  # 403
    "legal",  # 451 (RFC 7725)
    "ratelimit",  # 429
    "parked",
    "varying",  # other words at every fetch
    "language",  # another language for who asks from elsewhere
    "cookies",  # a banner that only those who ask from here are shown
]
Geo = Literal["none", "reset", "alert", "page"]
Resolving = Literal[
    "none",
    "answers",
    "refuses",  # every question (RFC 1035 4.1.1, rcode 5)
    "refuses-here",  # those of this country
    "error",  # 404 over HTTPS; over TLS it closes
    "junk",  # what is no message
    "silent",
    "silent-here",
]
Quic = Literal["none", "yes", "own-names", "silent", "refuses"]
"""Nobody listens (the kernel says so); HTTP/3; the same, but Initials of other names stay unanswered; all do, as
behind most firewalls; an alert in answer."""
Seconds = Annotated[float, msgspec.Meta(ge=0)]


class Site(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A name, its servers, and how they behave. No address: the name does not exist."""

    name: str
    addresses: tuple[str, ...] = ()
    isp_addresses: tuple[str, ...] = ()
    """What the provider's resolver says instead: a nearby server, which is no lie."""
    elsewhere_addresses: tuple[str, ...] = ()
    """What every resolver says to those who ask from elsewhere, as the helper does: geo-DNS, the site's own doing."""
    dead: tuple[str, ...] = ()
    """Those of its addresses at which nobody is at home: packets are lost for everyone."""
    https: Https = "valid"
    http: Http = "redirect"
    page: Page = "article"
    redirect: str | None = None
    """Where its start page sends a visitor to, word for word: it may lead in a circle or nowhere."""
    strict_sni: bool = False
    """Its server resets a connection whose server name it does not know; else it shows its own certificate."""
    alert_sni: bool = False
    """It answers such a name with the alert unrecognized_name (RFC 6066 3), as many edges do."""
    resolver: Resolving = "none"
    """What it does as a resolver inside TLS, on port 853 and at /dns-query: its certificate is the site's."""
    quic: Quic = "none"
    """What its server does over QUIC; who speaks it says so over TCP (Alt-Svc, RFC 7838)."""
    geo: Geo = "none"
    """What its server does to this client's country once it has read the hello, for its own name: reset, alert, or a
    page of refusal. SYNs are ignored by a `geo-syn-drop` among the censors."""
    drip_s: Seconds = 0.0
    """The body comes in drops, over so long."""
    cut: bool = False
    """The server closes in mid-body."""

    @property
    def every_address(self) -> frozenset[str]:
        """Wherever anybody is sent to."""
        return frozenset((*self.addresses, *self.isp_addresses, *self.elsewhere_addresses))


def site_faults(sites: Sequence[Site]) -> list[str]:
    """What the types cannot say of sites; the first is reported."""
    names = [site.name for site in sites]
    faults = [f"[[site]] {name}: stands twice" for name in sorted({name for name in names if names.count(name) > 1})]
    faults += [
        f"[[site]] {site.name}: dead addresses must be among its addresses"
        for site in sites
        if not set(site.dead) <= site.every_address
    ]
    faults += [
        f"[[site]] {site.name}: its server resets an unknown name or alerts, not both"
        for site in sites
        if site.strict_sni and site.alert_sni
    ]
    return faults
