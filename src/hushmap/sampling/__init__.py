"""FLOOR 1: pure statistics: the sequential test, intervals, and the noise of a line."""

from hushmap.sampling.intervals import clean_excludes, clopper_pearson, lower_limit, upper_limit, wilson
from hushmap.sampling.noise import MIN_BASELINES, run_f0
from hushmap.sampling.sequential import (
    ALPHA,
    BETA,
    F0_CEILING,
    F0_FLOOR,
    F1,
    F1_RESIDUAL,
    Decision,
    SequentialTest,
)

__all__ = [
    "ALPHA",
    "BETA",
    "F0_CEILING",
    "F0_FLOOR",
    "F1",
    "F1_RESIDUAL",
    "MIN_BASELINES",
    "Decision",
    "SequentialTest",
    "clean_excludes",
    "clopper_pearson",
    "lower_limit",
    "run_f0",
    "upper_limit",
    "wilson",
]
