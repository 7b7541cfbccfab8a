"""The virtual routers of the path: each says when a packet's TTL ran out at it, or does not.

Real ones limit their errors, some never answer, and some answer from another address than the one they are reached
by, so that a probe must not take a missing or a strange hop for a censor (refs/LAB 3).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from hushmap.lab.addresses import hop, other_address
from hushmap.lab.packet import time_exceeded, unanswerable
from hushmap.lab.scenario_path import Router

_ICMP_PER_S = 100.0
"""Errors that one router sends in a second at most; Linux allows 1,000 in all and one a second to a peer, so real
hops vanish sooner (refs/LAB 3). Own knowledge, unchecked, for other makes."""
_ICMP_BURST = 50.0
_TTL = 64


@dataclass(slots=True)
class _Hop:
    """One router: its addresses, and the token bucket of its errors."""

    ends: tuple[bytes, bytes]
    per_s: float
    burst: float
    tokens: float
    last: float = 0.0

    def speaks(self, now: float) -> bool:
        """Whether it has an error left to send."""
        self.tokens = min(self.burst, self.tokens + (now - self.last) * self.per_s)
        self.last = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


class Routers:
    """All hops between client and internet, counted from the client."""

    def __init__(
        self, hops: int, *, per_s: float = _ICMP_PER_S, burst: float = _ICMP_BURST, odd: Sequence[Router] = ()
    ) -> None:
        self.hops = hops
        told = {router.hop: router for router in odd}
        plain = {number: Router(hop=number) for number in range(1, hops + 1)}
        self._hops = [_made(router, per_s, burst) for router in (plain | told).values()]

    def exceeded(self, raw: bytes, ttl: int, now: float, *, outward: bool) -> bytes | None:
        """What the router sends back at which a packet with this TTL ends; `None` if it says nothing."""
        passed = max(ttl, 1) - 1
        router = self._hops[passed if outward else self.hops - 1 - passed]
        if unanswerable(raw) or not router.speaks(now):
            return None
        return time_exceeded(router.ends, raw, ttl=_TTL - passed)


def _made(router: Router, per_s: float, burst: float) -> _Hop:
    v4, v6 = (other_address if router.other_address else hop)(router.hop)
    per_s = per_s if router.icmp_per_s is None else router.icmp_per_s
    burst = 0.0 if router.silent else burst if router.icmp_burst is None else router.icmp_burst
    return _Hop((ip_address(v4).packed, ip_address(v6).packed), per_s, burst, burst)
