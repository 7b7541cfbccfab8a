"""Changes the client's network in mid-run: gone, moved to another access network, or behind a tunnel.

They happen in the client's own namespace, as they would on a person's computer, and count from its first packet: the
lab stands for some seconds before anybody measures in it.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from hushmap.lab import netlink, private, tunnel
from hushmap.lab.addresses import CLIENT, CLIENT6, DEVICE, HONEST_RESOLVER
from hushmap.lab.scenario_client import Change

MOVED_ADDRESS = "198.18.4.2"
MOVED_RESOLVER = "198.18.4.1"
"""Of the other access network, over which nothing comes: the path knows no client of this address."""


def packets_sent(counters: Path = Path("/proc/self/net/snmp")) -> int:
    """How many IPv4 packets this network namespace has sent; 0 where the kernel does not say."""
    try:
        names, values = [line.split() for line in counters.read_text("ascii").splitlines() if line.startswith("Ip:")]
    except (OSError, ValueError):
        return 0
    return int(dict(zip(names, values, strict=True)).get("OutRequests", "0"))


class Changes:
    """The changes of a scenario, each made when its time has come."""

    def __init__(
        self,
        changes: Sequence[Change],
        *,
        sent: Callable[[], int] = packets_sent,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._left = sorted(changes, key=lambda change: change.at_s)
        self._sent = sent
        self._now = now
        self._zero: float | None = None

    def tick(self) -> None:
        """Make what is due; to be called a few times a second."""
        if not self._left:
            return
        if self._zero is None:
            self._zero = self._now() if self._sent() else None
        while self._left and self._zero is not None and self._now() - self._zero >= self._left[0].at_s:
            self._make(self._left.pop(0))

    def _make(self, change: Change) -> None:
        line = netlink.Netlink()
        if change.kind == "lost":
            for address in (CLIENT, CLIENT6):
                line.cut(DEVICE, address)
        elif change.kind == "vpn":
            tunnel.join()
            private.use_resolver(HONEST_RESOLVER)  # the VPN brings one along
        else:
            line.address(DEVICE, MOVED_ADDRESS)
            line.default(DEVICE, MOVED_ADDRESS, replace=True)
            private.use_resolver(MOVED_RESOLVER)
        line.close()
