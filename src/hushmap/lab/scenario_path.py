"""The path of a scenario: how long it is, what the access line does to packets, and how its routers answer.

All of it is innocent: no censor is needed for a line that is slow, far, lossy or uneven, or for routers that do not
speak. Units stand in the names. The defaults are a good line of 25 ms, and routers that all answer.
"""

from collections.abc import Iterator
from typing import Annotated

import msgspec

Amount = Annotated[float, msgspec.Meta(ge=0)]

HOPS_MAX = 30
"""What traceroute asks for by default, and a TTL of 64 reaches with ease."""


class Router(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One router that answers otherwise than the rest: `[[path.router]]`."""

    hop: Annotated[int, msgspec.Meta(ge=1)]
    """Which, counted from the client."""
    silent: bool = False
    """It never answers when a TTL runs out; packets pass as ever."""
    other_address: bool = False
    """It answers from another of its addresses, as routers do whose way back leaves by another port."""
    icmp_per_s: Amount | None = None
    """Its own limit instead of the path's."""
    icmp_burst: Amount | None = None


class PathSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The line and the hops: `[path]`."""

    hops: int = 8
    delay_ms: float = 25.0
    """One way, from end to end."""
    loss: float = 0.0
    """Share of link time in each direction in which everything is lost."""
    burst: float = 8.0
    """Mean length of a bad spell, in slots."""
    slots_per_s: float = 100.0

    jitter_ms: Amount = 0.0
    """Every packet takes longer by up to so much, drawn evenly, in each direction; the mean round trip
    grows by it."""
    reorders: bool = False
    """Jitter lets a packet overtake those before it; else they keep their order, as on a line with one queue."""
    down_kbit_s: Amount = 0.0
    """What the access line carries toward the client; 0: all that comes."""
    up_kbit_s: Amount = 0.0
    """The same away from it."""
    queue_ms: Amount = 1000.0
    """The longest time that a packet waits for a line of limited rate before it is sent; one that would wait longer
    is lost. A second is a bloated queue as slow lines have it (own knowledge, unchecked); 50 is a short one."""

    icmp_per_s: Amount = 100.0
    """Errors that each router sends in a second, once its burst is spent; 0: no more."""
    icmp_burst: Amount = 50.0
    """How many it sends at once after a pause."""
    router: tuple[Router, ...] = ()


def path_faults(path: PathSettings) -> Iterator[str]:
    """What the types cannot say; the first is reported."""
    if not 1 <= path.hops <= HOPS_MAX or not 0 <= path.loss < 1 or path.burst < 1 or path.delay_ms < 0:
        yield f"[path]: hops 1 to {HOPS_MAX}, loss from 0 to below 1, burst from 1, delay_ms from 0"
    if path.slots_per_s <= 0:
        yield "[path]: slots_per_s above 0"
    if path.reorders and not path.jitter_ms:
        yield "[path]: reorders means nothing without jitter_ms"
    told = [router.hop for router in path.router]
    for number, router in enumerate(path.router, 1):
        place = f"[[path.router]] {number}"
        if router.hop > path.hops:
            yield f"{place}: hop {router.hop} is not among the {path.hops} hops"
        if router.hop in told[: number - 1]:
            yield f"{place}: hop {router.hop} stands twice"
        spoken = (router.other_address, router.icmp_per_s is not None, router.icmp_burst is not None)
        if router.silent and any(spoken):
            yield f"{place}: a silent router has no other_address, icmp_per_s or icmp_burst"
