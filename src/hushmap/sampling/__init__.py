"""FLOOR 1: pure statistics: the sequential test, intervals, the noise of a line, and how rates compare."""

from hushmap.sampling.asking import Question, Span
from hushmap.sampling.calibrating import Tries, calibrated, decisive, needed
from hushmap.sampling.change import ALPHA as ALPHA_OF_CHANGE
from hushmap.sampling.change import Change, Changed
from hushmap.sampling.deciding import Deciding
from hushmap.sampling.intervals import clean_excludes, clopper_pearson, lower_limit, student, upper_limit, wilson
from hushmap.sampling.isolating import Isolating, Rule, expected_questions
from hushmap.sampling.lasting import Lasting, Look, lasts
from hushmap.sampling.level import AVERAGE_RUN, Fall, Level, Rise
from hushmap.sampling.locating import LOST, LOST_REPEATED, Located, Probe, locate, tells
from hushmap.sampling.noise import MIN_BASELINES, run_f0
from hushmap.sampling.permuting import Reach, above, core, filler, permuted, reach
from hushmap.sampling.ratio import LEAST_ALTERNATIONS, Plateau, Ratio, plateau, rate_ratio
from hushmap.sampling.screening import PACK, Screening
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
from hushmap.sampling.sharing import Shares, least_rise, shifted_shares
from hushmap.sampling.shifting import Days, Shifted, least_found, poisson, shifted

__all__ = [
    "ALPHA",
    "ALPHA_OF_CHANGE",
    "AVERAGE_RUN",
    "BETA",
    "F0_CEILING",
    "F0_FLOOR",
    "F1",
    "F1_RESIDUAL",
    "LEAST_ALTERNATIONS",
    "LOST",
    "LOST_REPEATED",
    "MIN_BASELINES",
    "PACK",
    "Change",
    "Changed",
    "Days",
    "Deciding",
    "Decision",
    "Fall",
    "Isolating",
    "Lasting",
    "Level",
    "Located",
    "Look",
    "Plateau",
    "Probe",
    "Question",
    "Ratio",
    "Reach",
    "Rise",
    "Rule",
    "Screening",
    "SequentialTest",
    "Shares",
    "Shifted",
    "Span",
    "Tries",
    "above",
    "calibrated",
    "clean_excludes",
    "clopper_pearson",
    "core",
    "decisive",
    "expected_questions",
    "filler",
    "lasts",
    "least_found",
    "least_rise",
    "locate",
    "lower_limit",
    "needed",
    "permuted",
    "plateau",
    "poisson",
    "rate_ratio",
    "reach",
    "run_f0",
    "shifted",
    "shifted_shares",
    "student",
    "tells",
    "upper_limit",
    "wilson",
]
