"""D1: has the level risen (or fallen) past what is usual, at a guaranteed average time between false alarms?

A Shiryaev-Roberts e-detector. Each alternative rate bets against the null with its likelihood ratio e, starts again
at every test (M <- (M + 1) e), and their mean alarms at A. While the mean of each test given the
past is on the null's side, E[e] <= 1, so that sum - tests is a supermartingale and on average at least A tests pass
before an alarm, whatever the stream depends on. It is quick, and knows nothing of a line that was always worse than
the null: its alarm is provisional. Formulas and measured delays: refs/STATISTICS 3; Shin, Ramdas, Rinaldo,
E-detectors (2022).
"""

from collections.abc import Mapping

from hushmap.sampling.intervals import wilson

AVERAGE_RUN = 1e4
"""A: tests that pass on average before a false alarm. At 1e6 alarms come two tests later (refs/STATISTICS 3)."""
USUAL = 0.05
"""p0: what fails without a censor on a line that is no worse than usual (refs/STATISTICS 3 and 6)."""
RISEN = {0.1: 1, 0.2: 2, 0.3: 3, 0.5: 2, 0.7: 1, 0.9: 1, 0.97: 1}
"""Rates that bet on a rise, and their weights. A censor may act on some paths only, and then every test counts: with
equal weights a site that fails in 30 % of tests is noticed two tests later, one that always fails no sooner."""
FALLEN = {0.02: 1, 0.05: 1, 0.1: 1}
"""The same of a fall: what still fails after a lifting."""
CAUTION, CONFIDENT, LEAST_LEVEL = 0.9, 2.326348, 0.2
"""The level that must be left: the lower 99 % limit (Wilson's) of the incident's own, less a tenth, and at least 0.2.
A fixed one of 0.5 tells of a lifting hours too late where everything failed, and falsely where a third did."""

_MOST = 1e200
"""A bet's sum that is held: within the range of a float whatever the next test."""


class Level:
    """One side of the detector, test by test.

    Args:
        null: The greatest usual mean; with `falls` the least.
        bets: Rates on the other side of it, with their weights in the mean.
        run: Tests that pass on average before a false alarm.
    """

    def __init__(
        self, null: float, bets: Mapping[float, float], *, run: float = AVERAGE_RUN, falls: bool = False
    ) -> None:
        if not bets or not all(0 < bet < null if falls else null < bet < 1 for bet in bets) or not 0 < null < 1:
            raise ValueError(f"need rates on the other side of a null between 0 and 1, not {null} and {tuple(bets)}")
        if run <= 1:
            raise ValueError(f"need an average run above 1, not {run}")
        whole = sum(bets.values())
        self._weights = [weight / whole for weight in bets.values()]
        self._bets: dict[float, float] = dict.fromkeys(bets, 0.0)
        self._run, self._null = run, null

    @property
    def evidence(self) -> float:
        """R, which alarms at the average run."""
        return sum(weight * sum_ for weight, sum_ in zip(self._weights, self._bets.values(), strict=True))

    def tell(self, x: float, null: float | None = None) -> float | None:
        """Take one test, 1 for a failure (a session's mean may lie between); the evidence if that is an alarm.

        Args:
            x: The test, or the mean of a session.
            null: The null of this test, if it is another; it may depend on tests before it.

        Raises:
            ValueError: x is no share.
        """
        if not 0 <= x <= 1:
            raise ValueError(f"need a share, not {x}")
        usual = self._null if null is None else null
        for bet, sum_ in self._bets.items():
            ratio = x * bet / usual + (1 - x) * (1 - bet) / (1 - usual)
            self._bets[bet] = (sum_ + 1) * ratio
        if (evidence := self.evidence) < self._run:
            return None
        # Never infinite, from which no test would lead back; less than it was keeps the guarantee.
        self._bets = {bet: min(sum_, _MOST) for bet, sum_ in self._bets.items()}
        return evidence


class Rise(Level):
    """Has what fails risen above the usual?"""

    def __init__(self, *, usual: float = USUAL, run: float = AVERAGE_RUN) -> None:
        super().__init__(usual, {bet: weight for bet, weight in RISEN.items() if bet > usual}, run=run)


class Fall(Level):
    """Has what fails fallen below an incident's own level, of which `failures` of `tests` were seen so far?"""

    def __init__(self, failures: float, tests: int, *, run: float = AVERAGE_RUN) -> None:
        super().__init__(LEAST_LEVEL, FALLEN, run=run, falls=True)
        self._failures, self._tests = failures, tests

    @property
    def level(self) -> float:
        """What the mean of the next test must lie below, on average, to speak for a lifting."""
        seen, _ = wilson(int(self._failures), self._tests, CONFIDENT)
        return max(LEAST_LEVEL, CAUTION * seen)

    def tell(self, x: float, null: float | None = None) -> float | None:
        """As `Level.tell`, against the incident's own level; that follows what was told before."""
        found = super().tell(x, self.level if null is None else null)
        self._failures += x
        self._tests += 1
        return found
