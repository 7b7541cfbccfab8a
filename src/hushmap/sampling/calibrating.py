"""What counted tries of planted words allow to be assumed of one place: `Rates`, each a limit from above.

Methods that are told too low rates go wrong quietly; told too high ones they only ask more (refs/STATISTICS 1: 7 %
more questions, no loss, against rules lost in one of 70 texts). So ignorance counts as unreliability: no false hit in
ten tries is a rate of up to 21 %, and the cure is more tries.
"""

import math

import msgspec

from hushmap.model import Calibration, Rates
from hushmap.sampling.intervals import upper_limit

LEVEL = 0.9
"""One-sided: one of ten calibrations assumes too little, by less than the factor of 2 that is tested."""
FALSE_HIT_FLOOR = 0.005
"""The lowest rate with which the methods were simulated; a line also changes after its calibration."""
MISS_FLOOR = 0.05
"""The lowest simulated, and what was published of filters that miss least (refs/KEYWORDS 2.1: 0.04 to 0.05)."""
DECISIVE_FALSE_HIT = 0.15
"""Above this a line is too bad for any decision: F0_CEILING of the sequential test (METHOD 3)."""
DECISIVE_MISS = 0.6
"""A filter that lets more than this pass takes over four times the questions of one that lets a quarter pass."""
FALSE_HIT_CEILING, MISS_CEILING = 0.3, 0.65
"""No limit is handed on above these: with them a hit is hardly likelier with a trigger than without, and a method
that is told more would never end."""
FALSE_HIT_WANTED = 0.02
MISS_WANTED = 0.1
"""With these a rule of two parts takes 44 questions (refs/STATISTICS 1); half of either costs twice the tries."""


class Tries(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """How many tries a calibration should take."""

    harmless: int
    canary: int


def needed(false_hit: float = FALSE_HIT_WANTED, miss: float = MISS_WANTED) -> Tries:
    """The fewest tries that show rates as low as these, where none misleads.

    The harmless tries between a run's own questions count too, so that the limit of false hits goes on falling.

    Raises:
        ValueError: unless both are between 0 and 1.
    """
    if not (0 < false_hit < 1 and 0 < miss < 1):
        raise ValueError(f"need rates between 0 and 1, not {false_hit} and {miss}")
    return Tries(harmless=_clean(false_hit), canary=_clean(miss))


def _clean(limit: float) -> int:
    quotient = math.log(1 - LEVEL) / math.log1p(-limit)
    return math.ceil(quotient - 1e-9)  # a whole quotient may come out above it


def calibrated(known: Calibration) -> Rates:
    """What a method may be told after these tries."""
    return Rates(
        false_hit=min(FALSE_HIT_CEILING, max(FALSE_HIT_FLOOR, upper_limit(*known.false_hits, LEVEL))),
        miss=min(MISS_CEILING, max(MISS_FLOOR, upper_limit(*known.misses, LEVEL))),
    )


def decisive(known: Calibration) -> bool:
    """Whether these tries let a hit and a pass say enough; if not, more tries or a better line may help."""
    found = calibrated(known)
    return found.false_hit <= DECISIVE_FALSE_HIT and found.miss <= DECISIVE_MISS
