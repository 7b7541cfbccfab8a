"""Where the level of a series changed, by its counts alone: whoever finds it has not seen any date of an event.

PELT as ruptures has it, with a least squares cost of the logarithm, since counts come in bursts.
"""

import math
from collections.abc import Sequence

import numpy as np
import ruptures

LEAST_DAYS = 24
"""Observed days that a level on each side of a change needs, together."""


def change_points(things: Sequence[float | None], *, penalty: float = 3.0) -> tuple[int, ...]:
    """Days on which the level of log(1 + things) changed, by PELT with a penalty in units of variance times log n.

    Days that were not observed are left out, and places are those of days. Of shares the
    logarithm is nearly as they are.
    """
    days = [day for day, count in enumerate(things) if count is not None]
    signal = np.log1p(np.array([count for count in things if count is not None], dtype=np.float64))
    if len(days) < LEAST_DAYS or not signal.any():
        return ()
    bar = penalty * math.log(len(days)) * float(signal.var())
    ends = ruptures.Pelt(model="l2", min_size=2, jump=1).fit(signal).predict(pen=bar)
    return tuple(days[end] for end in ends if end < len(days))
