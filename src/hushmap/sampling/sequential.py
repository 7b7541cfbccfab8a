"""Wald's sequential probability ratio test of "this attempt fails no more often than its baseline does".

H0: an attempt fails with probability f0, though nothing interferes (loss, outages). H1: with probability f1, since
something interferes and misses at most 1 - f1 of the attempts. Failures add ln(f1/f0), successes
ln((1-f1)/(1-f0)); the test ends at one of two boundaries. Formulas and the simulations behind the defaults:
refs/STATISTICS 6; Wald, Sequential Analysis (1947).
"""

import math
from enum import StrEnum

import msgspec

F0_FLOOR = 0.05
"""No run may claim a rarer false failure than this, however well its own baselines did: at a true rate of twice
the assumed one the false-alarm bound breaks by a factor of ten (refs/STATISTICS 6)."""
F0_CEILING = 0.15
"""Above this a line is too bad for any decision (METHOD 3)."""
F1 = 0.75
"""A censor that misses a quarter of the attempts is still found in 99 % (refs/STATISTICS 6)."""
F1_RESIDUAL = 0.5
"""Where residual or load-balanced filtering is likely: at 0.75 a censor that misses half is called clean in 14 %."""
ALPHA = 1e-5
BETA = 1e-2
"""Boundaries ln((1-BETA)/ALPHA) = 11.5 and ln(1/BETA) = 4.6, as METHOD 3 has them."""


class Decision(StrEnum):
    """Where a sequential test stands."""

    INTERFERED = "interfered"
    CLEAN = "clean"
    UNDECIDED = "undecided"
    UNDECIDABLE = "undecidable"
    """f0 is above `F0_CEILING`: the line itself fails too often."""


class SequentialTest(msgspec.Struct, frozen=True, kw_only=True):
    """The test's parameters. It has no state: a decision is a function of the counts.

    Raises:
        ValueError: unless 0 < f0 < f1 < 1 and 0 < alpha, beta < 1.
    """

    f0: float = F0_FLOOR
    f1: float = F1
    alpha: float = ALPHA
    beta: float = BETA

    def __post_init__(self) -> None:
        if not 0 < self.f0 < self.f1 < 1:
            raise ValueError(f"need 0 < f0 < f1 < 1, not f0={self.f0}, f1={self.f1}")
        if not (0 < self.alpha < 1 and 0 < self.beta < 1):
            raise ValueError(f"need alpha and beta between 0 and 1, not {self.alpha}, {self.beta}")

    @property
    def upper(self) -> float:
        """The boundary at which interference is accepted."""
        return math.log((1 - self.beta) / self.alpha)

    @property
    def lower(self) -> float:
        """The boundary (negative) at which a clean line is accepted."""
        return math.log(self.beta)

    def ratio(self, fails: int, oks: int) -> float:
        """The log likelihood ratio of H1 to H0 after `fails` failures and `oks` successes."""
        fail = math.log(self.f1 / self.f0)
        ok = math.log((1 - self.f1) / (1 - self.f0))
        return fails * fail + oks * ok

    def decide(self, fails: int, oks: int) -> Decision:
        """Where the test stands after these counts."""
        if self.f0 > F0_CEILING:
            return Decision.UNDECIDABLE
        ratio = self.ratio(fails, oks)
        if ratio >= self.upper:
            return Decision.INTERFERED
        return Decision.CLEAN if ratio <= self.lower else Decision.UNDECIDED
