"""The access line in one direction: what it loses, how long a packet waits before it, and how uneven it is.

Loss is of the link's time (loss.py). A line of limited rate sends one packet after another, and what comes meanwhile
waits in its queue: a long one makes every answer late once something large is fetched. Jitter stands for all that is
uneven behind that, a radio link above all.
"""

import random

from hushmap.lab.censors.rate import Queue
from hushmap.lab.loss import Link


class Line:
    """One direction; asked with non-decreasing times."""

    def __init__(
        self,
        link: Link,
        *,
        rate: float = 0.0,
        queue: float = 1.0,
        jitter: float = 0.0,
        reorders: bool = False,
        rng: random.Random,
    ) -> None:
        """`rate` in bytes a second, 0 for all that comes; `queue` and `jitter` in seconds; `rng` for the jitter."""
        self.loses = link.loses
        self.lossless = link.lossless
        self._queue = Queue(rate, rate * queue) if rate else None
        self._jitter = jitter
        self._reorders = reorders
        self._rng = rng
        self._last = 0.0
        self.waits = rate > 0 or jitter > 0
        """Whether `passes` can say anything but 0."""

    def passes(self, size: int, now: float) -> float | None:
        """Seconds until a packet of so many bytes is over the line; `None` if its queue has no room."""
        over = now
        if self._queue is not None:
            wait = self._queue.take(size, now)
            if wait is None:
                return None
            over += wait
        if self._jitter:
            over += self._rng.uniform(0.0, self._jitter)
            if not self._reorders:
                over = self._last = max(over, self._last)
        return over - now
