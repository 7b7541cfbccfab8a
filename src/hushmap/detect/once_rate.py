"""Whether one transfer's bytes show that it was held back: fast at first, then slow until its time-out.

A policer lets a burst pass and then drops all above its rate (refs/BEYOND 2.9), so that one curve holds the line's
own speed and the lower one. A line that is slow from the first byte, and a transfer that stops altogether, show
nothing of the kind: they are a slow line and a lost one.
"""

from collections.abc import Sequence
from itertools import pairwise

POINTS = 4
"""Samples from which a change of speed can be seen: OONI's probe takes one in 250 ms on average (refs/OONI 1.2)."""
LEAST = 5.0
"""Seconds that the slow part must last: shorter is a retransmission or two."""
SLOW = 64_000.0
"""Bytes a second (512 kbit/s) above which a page is not held back; Russia's throttle ran at 140 kbit/s (refs/BEYOND
2.9)."""
GAP = 0.5
"""Share of the slow part that may pass without a byte: more is an outage, with the rest of the page after it."""
DROP = 4.0
"""How many times faster the fast part must be."""


def held_back(curve: Sequence[tuple[float, int]]) -> float | None:
    """The rate in kbit/s of the slow part; `None` if the curve does not show one."""
    if len(curve) < POINTS:
        return None
    best: tuple[float, float] | None = None
    end, last = curve[-1]
    for index, (at, total) in enumerate(curve[:-POINTS]):
        lasted = end - at
        if at <= 0 or lasted < LEAST or _gap(curve[index:]) > lasted * GAP:
            continue
        fast, slow = total / at, (last - total) / lasted
        if fast >= DROP * slow and 0 < slow <= SLOW and (best is None or fast / slow > best[0]):
            best = fast / slow, slow
    return best[1] * 8 / 1000 if best is not None else None


def _gap(curve: Sequence[tuple[float, int]]) -> float:
    """The longest time without a byte."""
    return max(later - sooner for (sooner, _), (later, _) in pairwise(curve))
