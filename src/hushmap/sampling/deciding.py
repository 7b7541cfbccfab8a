"""Decides one question about a text, hit or not, from noisy answers: Wald's test with the rates of a place.

A single answer misleads too often to build on (refs/KEYWORDS 2.3), and the same question may be asked again. An
answer moves the logarithm of the odds, and the test ends where they are as good as was wished for.
"""

import math

from hushmap.model import Rates

MOST = 100
"""Answers after which the side that is likelier is taken: at rates that are near the true ones a decision takes 2 to
10 (refs/STATISTICS 1); what takes so many answers depends on something that is not in the text."""


class Deciding:
    """One question that is asked until it is decided; its state is a function of the answers told.

    `error` bounds how often what is harmless is called hit; `missed` (the same, if not given) how often what is hit
    is called harmless.

    Raises:
        ValueError: unless both are above 0 and below 0.5.
    """

    def __init__(self, rates: Rates, error: float, missed: float | None = None) -> None:
        missed = error if missed is None else missed
        if not (0 < error < 0.5 and 0 < missed < 0.5):
            raise ValueError(f"need errors between 0 and 0.5, not {error}, {missed}")
        self._hit = math.log((1 - rates.miss) / rates.false_hit)
        self._pass = math.log(rates.miss / (1 - rates.false_hit))
        self._upper = math.log((1 - missed) / error)
        self._lower = math.log(missed / (1 - error))
        self.hits = 0
        self.asked = 0

    @property
    def decided(self) -> bool | None:
        """Whether it is hit; `None` while that is open."""
        odds = self.hits * self._hit + (self.asked - self.hits) * self._pass
        if self._lower < odds < self._upper and self.asked < MOST:
            return None
        return odds > 0

    def tell(self, hit: bool) -> bool | None:
        """Take an answer; what is decided now."""
        self.asked += 1
        self.hits += hit
        return self.decided
