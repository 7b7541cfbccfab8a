"""Token buckets: how much of something may happen in a time."""

import ipaddress
from collections import OrderedDict
from collections.abc import Sequence

from hushmap.net import Clock

_REMEMBERED = 4096
"""Keys of a `Buckets` that are remembered; the longest unused goes first. Bounds memory against many sources."""


def source_of(peer: Sequence[object] | None) -> str:
    """Who of those that connect counts as one: an IPv4 address, or the /64 of an IPv6 one: a home has all of it."""
    if not peer:
        return ""
    address = ipaddress.ip_address(str(peer[0]).partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    if address.version == 4 or mapped is not None:
        return str(mapped or address)
    return str(ipaddress.ip_network(f"{address}/64", strict=False))


class Bucket:
    """Holds `burst` tokens and gains `rate` a second."""

    def __init__(self, rate: float, burst: float, clock: Clock) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._level, self._at = burst, clock.now()

    def take(self, count: float = 1.0) -> bool:
        """Take `count` tokens if they are there."""
        now = self._clock.now()
        self._level = min(self._burst, self._level + (now - self._at) * self._rate)
        self._at = now
        if self._level < count:
            return False
        self._level -= count
        return True


class Buckets:
    """A bucket for each key."""

    def __init__(self, rate: float, burst: float, clock: Clock) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def take(self, key: str) -> bool:
        """Take one token of `key`."""
        bucket = self._buckets.pop(key, None) or Bucket(self._rate, self._burst, self._clock)
        self._buckets[key] = bucket
        if len(self._buckets) > _REMEMBERED:
            self._buckets.popitem(last=False)
        return bucket.take()
