"""Searches the next part of a rule in a text: an exact posterior over its start and length, and what to ask next.

Every question cuts the ladder of answers in two (sampling.ladder), so after n answers the posterior is the weights
before asking times n + 1 constants: that is all that is kept. The next question is the cut that is expected to tell
most, which for noisy answers is not the middle; the search ends where one answer has all weight but `error`
(refs/STATISTICS 1: half the questions of a bisection with every step decided for itself).
"""

import math
from bisect import bisect_left
from enum import Enum

import msgspec

from hushmap.model import Rates
from hushmap.sampling.asking import Flow, Question, Span
from hushmap.sampling.ladder import Ladder

DONE_BEFORE = 0.4
"""Weight before asking of "what was found is all of it", once something was found (refs/STATISTICS 1)."""
NOTHING_BEFORE = 1e-3
"""Weight before asking of "nothing that can be asked is hit": an earlier step was wrong, or no rule explains it."""
NOTHING = 0.9
"""Where this much weight is on it, the search begins anew: that costs little and is caught by verification."""
NEARLY = 0.98
"""A cut between two starts is asked where it tells nearly as much as one between two lengths: it is the shorter text,
and less depends on the separator."""
BEGINNINGS = 3
"""How often a search that came to nothing begins anew."""
MOST_PARTS = 12
"""Of a rule. The longest that are known have six (own knowledge, unchecked); what needs more looks like a sum of
weights."""
MOST = 400
"""Questions of one search after which no answer can be had: ten times what the worst of the bars takes."""


class End(Enum):
    """How a search ends that found no part."""

    DONE = "done"
    """What was found before is the whole rule."""
    NOTHING = "nothing"


class Channel:
    """What one answer tells at given rates."""

    def __init__(self, rates: Rates) -> None:
        self.false_hit, self.miss = rates.false_hit, rates.miss
        self._spread = 1 - rates.false_hit - rates.miss
        self._noise = bits(rates.miss), bits(rates.false_hit)
        slope = (self._noise[0] - self._noise[1]) / self._spread
        self.best = (1 / (1 + 2**slope) - rates.false_hit) / self._spread
        """The chance of "hit" of the question that tells most: the input that reaches the channel's capacity."""

    def tells(self, chance: float) -> float:
        """Bits that a question is expected to tell which is truly hit with this chance."""
        seen = self.false_hit + chance * self._spread
        missed, false = self._noise
        return bits(seen) - chance * missed - (1 - chance) * false


def bits(share: float) -> float:
    """The entropy of a yes or no."""
    return -share * math.log2(share) - (1 - share) * math.log2(1 - share) if 0 < share < 1 else 0.0


class Posterior:
    """What is believed of the next part of a rule, which stands at or right of `base`."""

    def __init__(self, ladder: Ladder, base: int, rates: Rates, *, done: float = 0.0, near: float = 0.0) -> None:
        """`done` and `near`: the weights of "no other part" and, beyond what the ladder says, of `base` itself."""
        self._ladder, self._base = ladder, base
        self._channel = Channel(rates)
        self._top = ladder.below(base)
        others = ladder.below(base + 1)
        near = near if others else 0.0
        self._cuts = [0.0, others, self._top] if near else [0.0, self._top]
        """Weights before asking at which the posterior's factor changes."""
        rest = 1 - done - NOTHING_BEFORE
        self._masses = [rest - near, near] if near else [rest]
        """Of each piece between two cuts, after all answers."""
        self.done, self.nothing = done, NOTHING_BEFORE
        self._cut = 0.0

    def tell(self, hit: bool) -> None:
        """The answer to the question at the cut that `ask` gave."""
        at = bisect_left(self._cuts, self._cut)
        if self._cuts[at] != self._cut:
            low, high, mass = self._cuts[at - 1], self._cuts[at], self._masses[at - 1]
            share = mass * (self._cut - low) / (high - low)
            self._cuts.insert(at, self._cut)
            self._masses[at - 1 : at] = [share, mass - share]
        channel = self._channel
        inside, outside = (1 - channel.miss, channel.false_hit) if hit else (channel.miss, 1 - channel.false_hit)
        masses = [mass * inside for mass in self._masses[:at]] + [mass * outside for mass in self._masses[at:]]
        done, nothing = self.done * inside, self.nothing * outside
        whole = done + nothing + math.fsum(masses)
        self._masses = [mass / whole for mass in masses]
        self.done, self.nothing = done / whole, nothing / whole

    def _up_to(self, cut: float) -> float:
        """The weight now of all that a question at this cut would hit."""
        at = bisect_left(self._cuts, cut)
        mass = self.done + sum(self._masses[:at])
        if self._cuts[at] != cut:
            low, high = self._cuts[at - 1], self._cuts[at]
            mass -= self._masses[at - 1] * (high - cut) / (high - low)
        return mass

    def _where(self, share: float) -> float:
        """The weight before asking at which a share of the weight now lies before it."""
        left = share - self.done
        for low, high, mass in zip(self._cuts, self._cuts[1:], self._masses, strict=False):
            if left < mass:
                return low + (high - low) * max(0.0, left) / mass
            left -= mass
        return self._top

    def likeliest(self) -> tuple[Span, float]:
        """The single answer of the heaviest piece, and its weight: where it has most of it, it holds its middle."""
        at = max(range(len(self._masses)), key=self._masses.__getitem__)
        low, high = self._cuts[at], self._cuts[at + 1]
        row, length = self._ladder.at((low + high) / 2, self._base)
        first, last = self._ladder.weight((row, length - 1)), self._ladder.weight((row, length))
        share = (min(last, high) - max(first, low)) / (high - low)
        return self._ladder.span((row, length)), self._masses[at] * share

    def ask(self) -> tuple[Span, int]:
        """What to ask: a span, empty or not, and the start of the suffix that follows it."""
        ladder = self._ladder
        row, length = ladder.at(self._where(self._channel.best), self._base)
        start, stop = ladder.span((row, length))
        told = [
            (self._channel.tells(self._up_to(cut)) * favour, -order, cut, question)
            for order, (favour, cut, question) in enumerate(
                (
                    (1.0, ladder.below(start), ((start, start), start)),
                    (1.0, ladder.below(start + 1), ((start, start), start + 1)),
                    (NEARLY, ladder.weight((row, length)), ((start, stop), start + 1)),
                    (NEARLY, ladder.weight((row, length - 1)), ((start, stop - 1), start + 1)),
                )
            )
        ]
        _, _, self._cut, question = max(told)
        return question


class Found(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What a search found: the parts of a rule from left to right, none if nothing was hit."""

    parts: tuple[Span, ...]
    error: float
    """The chance that this is wrong, if the rates are right."""
    whole: bool = True
    """Whether it ended because these parts are all; otherwise there were too many."""


def find(ladder: Ladder, start: int, masked: tuple[Span, ...], rates: Rates, error: float) -> Flow[Found]:
    """The parts of the rule whose first part stands furthest right, at or right of `start`."""
    for _ in range(BEGINNINGS):
        base, wrong = start, 0.0
        parts: list[Span] = []
        while base < ladder.end and len(parts) < MOST_PARTS:
            posterior = Posterior(ladder, base, rates, done=DONE_BEFORE if parts else 0.0)
            part, doubt = yield from settle_on(posterior, tuple(parts), ladder.end, masked, error)
            if part is End.NOTHING:
                break
            wrong += doubt
            if part is End.DONE:
                return Found(parts=tuple(parts), error=wrong)
            parts.append(part)
            base = part[0] + 1
        else:
            return Found(parts=tuple(parts), error=wrong, whole=base >= ladder.end)
    return Found(parts=(), error=wrong)


def settle_on(
    posterior: Posterior, parts: tuple[Span, ...], end: int, masked: tuple[Span, ...], error: float
) -> Flow[tuple[Span | End, float]]:
    """One more part beside those found, or why there is none; and the chance that this is wrong."""
    for _ in range(MOST):
        part, weight = posterior.likeliest()
        if weight >= 1 - error:
            return part, 1 - weight
        if posterior.done >= 1 - error:
            return End.DONE, 1 - posterior.done
        if posterior.nothing >= NOTHING:
            break
        span, suffix = posterior.ask()
        asked = (*parts, span, (suffix, end))
        posterior.tell((yield Question(parts=tuple(each for each in asked if each[0] < each[1]), masked=masked)))
    return End.NOTHING, 1.0
