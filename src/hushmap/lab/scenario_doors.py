"""The doors of a scenario: ports of services that are no web server, and what is said there."""

from collections.abc import Sequence
from ipaddress import ip_address
from typing import Annotated, Literal

import msgspec

Said = Literal[
    "nothing",  # it takes connections, and speaks a protocol that we do not
    "tor_directory",
    "stun",
    "silence",  # it takes datagrams, and owes strangers no answer
]
UDP = frozenset({"stun", "silence"})
"""What is said in datagrams."""
Port = Annotated[int, msgspec.Meta(ge=1, le=65535)]


class Door(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One port at one address. A name for it is that of a site there, which may have no web server."""

    address: str
    port: Port
    says: Said = "nothing"


def door_faults(doors: Sequence[Door]) -> list[str]:
    """What the types cannot say of doors; the first is reported."""
    faults: list[str] = []
    for number, door in enumerate(doors, 1):
        try:
            ip_address(door.address)
        except ValueError:
            faults.append(f"[[door]] {number}: {door.address} is no IP address")
    places = [(door.address, door.port) for door in doors]
    faults += [
        f"[[door]] {place[0]} port {place[1]}: stands twice" for place in set(places) if places.count(place) > 1
    ]
    return faults
