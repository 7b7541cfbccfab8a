"""Loses packets as a real access line does: in bursts, by the time on the link, and wholly during an outage.

Gilbert-Elliott: a good state that loses nothing and a bad one that loses everything. The state belongs to a slot of
link time (10 ms), not to the packet: three packets sent back to back share their fate, and a retransmission a second
later meets another state. A chain per packet of a flow would make a burst of eight outlast every retransmission.
"""

import random


class Link:
    """The access line in one direction; asked with non-decreasing times, it is a pure function of its seed."""

    def __init__(
        self,
        rng: random.Random,
        *,
        loss: float = 0.0,
        burst: float = 8.0,
        slots_per_s: float = 100.0,
        outages: tuple[tuple[float, float], ...] = (),
    ) -> None:
        if not 0 <= loss < 1 or burst < 1:
            raise ValueError(f"loss {loss} must be in 0 to 1 and burst {burst} at least 1")
        self._rng = rng
        self._leave = 1 / burst
        self._enter = self._leave * loss / (1 - loss)  # so that the share of bad slots is `loss`
        self._slots = slots_per_s
        self._outages = outages
        self._slot = 0
        self._bad = rng.random() < loss
        self.lossless = loss == 0 and not outages
        """Nothing is ever lost: it need not be asked."""

    def loses(self, now: float) -> bool:
        """Whether a packet on the link at `now` (seconds since the path began) is lost."""
        slot = int(now * self._slots)
        while self._slot < slot:
            self._slot += 1
            self._bad = self._rng.random() >= self._leave if self._bad else self._rng.random() < self._enter
        return self._bad or any(start <= now < end for start, end in self._outages)
