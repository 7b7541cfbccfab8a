"""Whether something on the way to an address lies outside the network that the address belongs to.

A server that ignores a whole country looks like a router that drops it. Only the way tells them apart: where a packet
met its end before a router that, by a frozen table of prefixes, belongs to another network than the target, the
target did not do it (METHOD 1, address-level failures). What the table does not know equals nothing.
"""

import ipaddress
from collections.abc import Iterable, Mapping
from functools import cached_property

from hushmap.detect.way import Way, met
from hushmap.model import Role
from hushmap.sampling import Located

AGREE = 2
"""Routers that two ways must have in common, at least, to count as one as far as the last of them."""


class Prefixes:
    """A prefix-to-AS table as it was frozen with the record; the longest prefix that holds an address counts."""

    def __init__(self, rows: Iterable[tuple[str, int]]) -> None:
        self._rows = tuple(rows)

    @cached_property
    def _networks(self) -> dict[tuple[int, int, int], tuple[str, int]]:
        found: dict[tuple[int, int, int], tuple[str, int]] = {}
        for text, number in self._rows:
            network = ipaddress.ip_network(text, strict=False)
            found[network.version, network.prefixlen, int(network.network_address)] = str(network), number
        return found

    @cached_property
    def _lengths(self) -> dict[int, list[int]]:
        lengths: dict[int, set[int]] = {4: set(), 6: set()}
        for version, length, _ in self._networks:
            lengths[version].add(length)
        return {version: sorted(some, reverse=True) for version, some in lengths.items()}

    def find(self, address: str) -> tuple[str, int] | None:
        """(prefix, AS number) of an address; `None`: not known."""
        try:
            ip = ipaddress.ip_address(address)
        except ValueError:
            return None
        for length in self._lengths[ip.version]:
            start = int(ip) >> (ip.max_prefixlen - length) << (ip.max_prefixlen - length)
            row = self._networks.get((ip.version, length, start))
            if row is not None:
                return row
        return None


def outside(located: Located | None, routers: Mapping[int, str], target: str, prefixes: Prefixes) -> bool:
    """Whether what was located acts before the packet is in the target's own network.

    True only where two routers behind the link, on the same way, are known to belong to other networks: the last
    strange address may be the target's own border, numbered by its provider.
    """
    home = prefixes.find(target)
    if located is None or home is None:
        return False
    behind = [prefixes.find(router) for hop, router in routers.items() if hop >= located.before]
    return sum(found is not None and found[1] != home[1] for found in behind) > 1


def lost_outside(way: Way, address: str, prefixes: Prefixes) -> bool:
    """Whether packets to `address` are lost or answered falsely outside the address's own network.

    The harmless packets beside them went to another address of the same prefix, and both met the same routers as far
    as the last to which the subject's came: from there on the way of the harmless ones is the way of both.
    """
    home = prefixes.find(address)
    beside = {trial.ask.address or "" for trial in way.sweeps}
    if home is None or not beside or not way.inside or not way.decided:
        return False
    near = [prefixes.find(other) for other in beside]
    if any(found is None or found[0] != home[0] for found in near) or _apart(way):
        return False
    return outside(way.link, way.routers, address, prefixes)


def _apart(way: Way) -> bool:
    """Whether the two ways have less than two routers in common, or at some hop none of those that were seen."""
    mine: dict[int, set[str]] = {}
    others: dict[int, set[str]] = {}
    for trial in way.trials:
        seen = met(trial)
        if seen is not None and seen.router is not None:
            (others if trial.role is Role.BASELINE else mine).setdefault(seen.ttl, set()).add(seen.router)
    both = [ttl for ttl in mine if ttl in others]
    return len(both) < AGREE or any(not mine[ttl] & others[ttl] for ttl in both)
