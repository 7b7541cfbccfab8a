"""FLOOR 1: pure statistics: the sequential test, intervals, the noise of a line, and how rates compare."""

from hushmap.sampling.intervals import clean_excludes, clopper_pearson, lower_limit, upper_limit, wilson
from hushmap.sampling.lasting import Lasting, Look, lasts
from hushmap.sampling.locating import LOST, LOST_REPEATED, Located, Probe, locate, tells
from hushmap.sampling.noise import MIN_BASELINES, run_f0
from hushmap.sampling.ratio import LEAST_ALTERNATIONS, Plateau, Ratio, plateau, rate_ratio
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
    "LEAST_ALTERNATIONS",
    "LOST",
    "LOST_REPEATED",
    "MIN_BASELINES",
    "Decision",
    "Lasting",
    "Located",
    "Look",
    "Plateau",
    "Probe",
    "Ratio",
    "SequentialTest",
    "clean_excludes",
    "clopper_pearson",
    "lasts",
    "locate",
    "lower_limit",
    "plateau",
    "rate_ratio",
    "run_f0",
    "tells",
    "upper_limit",
    "wilson",
]
