"""D2: did the rate change at all? False alarms are bounded over the whole stream, whatever the rate was.

An e-process for "one constant rate p, whichever": a mixture over the place of a change, its rates before and after
integrated out, divided by the greatest likelihood that any constant rate has. For every p its expectation is at most
1 at every time, so the chance that it ever reaches 1/alpha is at most alpha (Ville). It needs no usual rate, a line
that always fails a fifth of its tests does not alarm it, and it is slower than D1: its alarm confirms. Formulas and
measured delays: refs/STATISTICS 3.

A long stream that changed the other way is far from every constant rate too, whatever the priors: a blocking that
grew from a fifth of all tests to all of them would be told as lifted. So an alarm leaves out the places before and
after which the shares differ in the other way; what is left is a part of the sum, so that the bound stands.
"""

import math

import msgspec

ALPHA = 1e-3
"""Chance that a stream without a change is ever said to have one. At 0.05 a real lifting was told falsely."""
HAZARD = 0.01
"""Chance that the next test is the first after a change."""
SETTLED = 200
"""Tests after which a change is no longer expected at that pace: a chance that goes on falling geometrically would
shut out a change after a year of quiet, so what is left (an eighth) is spread as 1/u^2."""
_LEFT = (1 - HAZARD) ** SETTLED
USUAL, FAILING = (0.5, 10.0), (2.0, 1.0)
"""Beta priors of the rate in quiet times and in an incident."""
MOST_PLACES = 128
"""Places of a change that are kept in mind. The lightest are let go of, which can only make the evidence less; in
quiet times those are the old ones, and what would be a change is always a new one."""
_TINY = 1e-120
"""Weights are brought back to 1 before products of them would leave the range of a float."""


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """An alarm."""

    evidence: float
    """E, at least 1/alpha."""
    change: int
    """Tests before the likeliest place of the change."""


class Change:
    """The detector, test by test; `falls` looks for an end of failing in place of a start.

    Raises:
        ValueError: alpha is no chance.
    """

    def __init__(self, *, alpha: float = ALPHA, falls: bool = False) -> None:
        if not 0 < alpha < 1:
            raise ValueError(f"need 0 < alpha < 1, not {alpha}")
        self._bar = -math.log(alpha)
        self._before, self._after = (FAILING, USUAL) if falls else (USUAL, FAILING)
        self._tests = self._failures = 0
        self._before_it: list[int] = []
        self._failed: list[int] = []
        self._weights: list[float] = []
        """Of each place of a change: tests before it, failures before it, weight relative to `_scale`."""
        self._total = 0.0
        self._constant = 0.0
        """Logarithm of the marginal likelihood of all tests, were there no change."""
        self._scale = 0.0

    @property
    def evidence(self) -> float:
        """The logarithm of E."""
        return self._evidence(self._total)

    def _evidence(self, total: float) -> float:
        """The same, of places of a change whose weights come to `total`."""
        none = _none_yet(self._tests) + self._constant
        change = math.log(total) + self._scale if total else -math.inf
        top = max(none, change)
        return top + math.log(math.exp(none - top) + math.exp(change - top)) - _best(self._failures, self._tests)

    def tell(self, x: int) -> Changed | None:
        """Take one test, 1 for a failure; an alarm if that is one.

        Raises:
            ValueError: x is neither 0 nor 1.
        """
        if x not in {0, 1}:
            raise ValueError(f"need 0 or 1, not {x}")
        self._start()
        one, other = self._after
        one, other = one + self._failures, other + self._tests - self._failures
        both = one + other
        places = zip(self._before_it, self._failed, self._weights, strict=True)
        if x:
            self._weights = [w * (one - k) / (both - u) for u, k, w in places]
        else:
            self._weights = [w * (other - u + k) / (both - u) for u, k, w in places]
        share = (self._before[0] + self._failures) / (sum(self._before) + self._tests)
        self._constant += math.log(share if x else 1 - share)
        self._tests += 1
        self._failures += x
        self._settle()
        if self.evidence < self._bar:
            return None
        evidence = self._evidence(sum(weight for weight, _ in self._meant()))
        if evidence < self._bar:
            return None
        return Changed(evidence=math.exp(min(evidence, 700.0)), change=self.place)

    @property
    def place(self) -> int:
        """Tests before the likeliest place of a change that is looked for; 0 before the first test."""
        every = zip(self._weights, self._before_it, strict=True)
        return max(self._meant(), default=max(every, default=(0.0, 0)))[1]

    def _meant(self) -> list[tuple[float, int]]:
        """Weight and place where the share after it does not differ from that before it in the other way."""
        sign = -1 if self._after == USUAL else 1
        return [
            (weight, before)
            for weight, before, failed in zip(self._weights, self._before_it, self._failed, strict=True)
            if sign * ((self._failures - failed) * before - failed * (self._tests - before)) >= 0
        ]

    def _start(self) -> None:
        """The change may come right now."""
        log = _now(self._tests) + self._constant
        if not self._weights:
            self._scale = log
        self._before_it.append(self._tests)
        self._failed.append(self._failures)
        self._weights.append(math.exp(min(log - self._scale, 700.0)))

    def _settle(self) -> None:
        """Few places, and weights within the range of a float."""
        if len(self._weights) > 2 * MOST_PLACES:
            places = sorted(zip(self._weights, self._before_it, self._failed, strict=True))[-MOST_PLACES:]
            places.sort(key=lambda place: place[1])
            self._weights, self._before_it, self._failed = map(list, zip(*places, strict=True))
        self._total = sum(self._weights)
        if not _TINY < self._total < 1 / _TINY:
            self._weights = [weight / self._total for weight in self._weights]
            self._scale += math.log(self._total)
            self._total = 1.0


def _now(tests: int) -> float:
    """Logarithm of the chance that the change comes after exactly so many tests."""
    if tests < SETTLED:
        return math.log(HAZARD) + tests * math.log1p(-HAZARD)
    return math.log(_LEFT * SETTLED / (tests * (tests + 1)))


def _none_yet(tests: int) -> float:
    """Logarithm of the chance that there is no change within so many tests."""
    return tests * math.log1p(-HAZARD) if tests < SETTLED else math.log(_LEFT * SETTLED / tests)


def _best(failures: int, tests: int) -> float:
    """Logarithm of the greatest likelihood of a constant rate."""
    if failures in {0, tests}:
        return 0.0
    share = failures / tests
    return failures * math.log(share) + (tests - failures) * math.log1p(-share)
