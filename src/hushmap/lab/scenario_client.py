"""What surrounds the client of a scenario: its helper, its resolver, its clock, and what changes in mid-run.

These are the troubles of METHOD 6 that no censor makes. They stand in a scenario as tables of their own, so that
`Scenario.uncensored()` leaves them in place: an innocent network is still a troubled one.
"""

from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from typing import Annotated, Literal

import msgspec

HelperState = Literal["up", "down", "blocked", "other-page", "lies"]
ResolverState = Literal["up", "silent", "servfail"]
ChangeKind = Literal["lost", "moved", "vpn"]


class HelperSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the helper fares."""

    state: HelperState = "up"
    """`down`: it has ended and its ports refuse; `blocked`: packets to it are lost near the client; `other-page`:
    every site shows it another page, under the same certificate; `lies`: it is told, and tells, that no name but the
    baselines exists."""
    span: Annotated[int, msgspec.Meta(ge=1, le=64)] = 1
    """Ports of each of its echoes, from the protocol's own on; with more those of bare TCP would reach HTTP's."""


class ClientSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The client's own computer and access network."""

    clock_s: float = 0.0
    """How far its clock is ahead of the world's; behind, if negative. Real time cannot be shifted without rights, so
    the world's is: certificates and the helper's clock. The product is not touched."""
    resolver: ResolverState = "up"
    """The provider's resolver: `silent` says nothing to anyone, `servfail` that it cannot tell."""
    resolver_from_s: float = 0.0
    """It does so from this second after the first question to it on."""
    timestamps: bool = True
    """Its kernel sends TCP time stamps (RFC 7323), as Linux does; without them its segments have no options."""
    ipv6_broken: bool = False
    """It has an IPv6 address and a route, and nothing comes over it."""
    nat64: bool = False
    """The provider's resolver gives every name without IPv6 an address under 64:ff9b::/96 (RFC 6147), at which the
    translator, here the server itself, answers."""
    trusts_interceptor: bool = False
    """Its system store holds the interceptor's root, as an antivirus or an employer puts it there; the roots that
    come with the product do not."""
    hosts: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Lines of its hosts file, name to address, as an ad-blocker or a parental filter writes them."""
    cgnat_flows: int = 0
    """The provider's NAT has so many ports for this client: a connection that would need another gets no answer."""
    cgnat_idle_s: float = 10.0
    """After so long without a packet it takes a port back."""


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Something happens to the client's network in mid-run."""

    at_s: float
    """Seconds since the client's first packet."""
    kind: ChangeKind
    """`lost`: its device goes off; `moved`: another access network, with another address and resolver, over which
    nothing comes (a login is still wanted); `vpn`: a tunnel comes up, takes the default route, and works."""


def client_faults(client: ClientSettings, changes: Sequence[Change]) -> list[str]:
    """What the types cannot say; the first is reported."""
    faults = [f"[[change]] {change.kind}: at_s from 0" for change in changes if change.at_s < 0]
    for name, address in client.hosts.items():
        try:
            ip_address(address)
        except ValueError:
            faults.append(f"[client] hosts: {name}: {address} is no address")
        if not name or any(char.isspace() for char in name):
            faults.append(f"[client] hosts: {name!r} is no name")
    if client.resolver_from_s < 0 or (client.resolver_from_s and client.resolver == "up"):
        faults.append("[client]: resolver_from_s from 0, and nothing without a resolver that fails")
    if client.cgnat_flows < 0 or client.cgnat_idle_s <= 0:
        faults.append("[client]: cgnat_flows from 0, cgnat_idle_s above 0")
    if abs(client.clock_s) > 10 * 86400:
        faults.append("[client]: clock_s at most ten days")
    return faults
