"""Whether something on the way to an address lies outside the network that the address belongs to.

A server that ignores a whole country looks like a router that drops it. Only the way tells them apart: where a packet
met its end before a router that, by a frozen table of prefixes, belongs to another network than the target, the
target did not do it (METHOD 1, address-level failures). What the table does not know equals nothing.
"""

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from hushmap.detect.way import Met, met
from hushmap.model import Layer, Role, Trial
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

    True only where a router behind the link, on the same way, is known to belong to another network.
    """
    home = prefixes.find(target)
    if located is None or home is None:
        return False
    behind = [prefixes.find(router) for hop, router in routers.items() if hop >= located.before]
    return any(found is not None and found[1] != home[1] for found in behind)


def lost_outside(trials: Sequence[Trial], address: str, prefixes: Prefixes) -> tuple[int, int] | None:
    """The link behind which SYNs to `address` are lost or refused, if it lies outside the address's own network.

    `trials` hold SYNs with small TTLs to `address` and, beside them, to another address of the same prefix, whose way
    has every known router in common as far as the last that the subject's packets came to. The routers behind it are
    then on the way of both.
    """
    home = prefixes.find(address)
    if home is None:
        return None
    mine, near = _syns(trials, address, baseline=False), _syns(trials, address, baseline=True)
    near = [(met_, there) for met_, there in near if (prefixes.find(there) or ("", 0))[0] == home[0]]
    routers, others = _routers(mine), _routers(near)
    stopped = _stopped(mine, near)
    if stopped is None:
        return None
    shared = [hop for hop in routers if hop < stopped and hop in others]
    if len(shared) < AGREE or any(routers[hop] != others[hop] for hop in shared):
        return None
    found = Located(after=max(shared), before=stopped, weight=1.0, decided=True)
    return (found.after, found.before) if outside(found, others, address, prefixes) else None


def _syns(trials: Sequence[Trial], address: str, *, baseline: bool) -> list[tuple[Met, str]]:
    found = []
    for trial in trials:
        there = trial.ask.address or ""
        mine = trial.role is not Role.BASELINE and there == address
        near = trial.role is Role.BASELINE and there != address and (":" in there) is (":" in address)
        seen = met(trial) if trial.ask.layer is Layer.TCP and (near if baseline else mine) else None
        if seen is not None:
            found.append((seen, there))
    return found


def _routers(seen: Sequence[tuple[Met, str]]) -> dict[int, str]:
    return {found.ttl: found.router for found, _ in seen if found.router is not None}


def _stopped(mine: Sequence[tuple[Met, str]], near: Sequence[tuple[Met, str]]) -> int | None:
    """The first TTL at which three of the subject's SYNs met no router's error where three others did."""
    furthest = max((seen.ttl for seen, _ in mine if seen.told), default=0)
    for ttl in sorted({seen.ttl for seen, _ in mine if seen.ttl > furthest}):
        here = [seen for seen, _ in mine if seen.ttl == ttl]
        beside = [seen for seen, _ in near if seen.ttl == ttl]
        usual = len(beside) >= 3 and all(seen.told for seen in beside)
        if len(here) >= 3 and usual:
            return ttl
    return None
