"""How often a harmless attempt fails on this line in this run."""

from functools import lru_cache

from hushmap.sampling.intervals import lower_limit, upper_limit
from hushmap.sampling.sequential import F0_FLOOR

MIN_BASELINES = 59
"""The fewest baselines that, all passed, put the upper limit under the floor (0 of 59: 0.0495)."""


@lru_cache
def run_f0(failures: int, baselines: int) -> float:
    """The false-failure rate for a run: max(0.05, upper 95 % limit of its own paired baselines) (METHOD 3).

    With fewer than `MIN_BASELINES` the upper limit says more about ignorance than about the line (1 of 10: 0.39), so
    they raise the rate only where even their lower limit is above the floor; refs/STATISTICS 6 found the floor safe
    for 5 and 10 % loss and for bursts.
    """
    if baselines < MIN_BASELINES:
        return max(F0_FLOOR, lower_limit(failures, baselines))
    return max(F0_FLOOR, upper_limit(failures, baselines))
