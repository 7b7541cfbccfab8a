"""One test of a study: a window of one series, or of several, each from its own day on; of counts or of shares."""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from random import Random

import msgspec

from hushmap.analysis.counting import MIN_N, Dailies, Series, ShareSeries
from hushmap.analysis.windows import Window
from hushmap.sampling import Shifted, least_found, least_rise, shifted, shifted_shares


class StudyRole(StrEnum):
    """Why a test was made."""

    WHOLE = "whole"
    """All categories together."""
    TARGET = "target"
    """A category that the campaign is said to be after, or a network or country in which it was."""
    TOGETHER = "together"
    """All localities, each in its own window."""
    LOCALITY = "locality"
    """One locality in its own window."""
    CONTROL = "control"
    """Another one: a campaign against something else, or somewhere else, explains nothing of it."""
    PLACEBO = "placebo"
    """The same window in another year."""


class StudyShare(msgspec.Struct, frozen=True, kw_only=True):
    """Of a window of shares: what was found in it and on the other days. A test is one tester's burst."""

    tests: int
    found: float
    expected: float
    """What the same lines would have found of the same targets at their rates over all days."""
    other_tests: int
    other_found: float
    least: tuple[float, float] | None
    """(rise, power): by how much more these tests would have shown; none: by none of those that were tried."""


class StudyTest(msgspec.Struct, frozen=True, kw_only=True):
    """One window of one series."""

    role: StudyRole
    name: str
    """The category or locality; of the whole nothing."""
    start: date
    end: date
    batches: int | None = None
    """Of shares none, nor things."""
    things: int | None = None
    of_things: int | None = None
    """In the whole series."""
    share: StudyShare | None = None
    """Of shares alone."""
    observed: int
    """Days of the window that were observed."""
    found: Shifted | None
    """None: too little was observed in the window."""
    by_things: Shifted | None = None
    """The same test of things in place of batches; of a third of its power where batches are of any size."""
    adjusted: float | None = None
    """p of batches, adjusted for the other tests of the question; none for controls and placebos."""
    possible: tuple[float, float] | None = None
    """The least and the greatest p of windows by the day, where the event is known to the month only."""
    least: tuple[float, float] | None = None
    """(k, power): the rise that this series would have shown; none: none of those that were tried."""


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What is the same of every test."""

    when: Window
    rng: Random
    draws: int

    def made(
        self, role: StudyRole, name: str, several: Sequence[Dailies], starts: Sequence[date], end: date
    ) -> StudyTest:
        """The test of one series, or of several, each from its own day on; all as long as the first."""
        length = (end - starts[0]).days + 1
        at = [one.index(start) for one, start in zip(several, starts, strict=True)]
        inside = [slice(first, first + length) for first in at]
        found = StudyTest(
            role=role,
            name=name,
            start=starts[0],
            end=max(starts) + timedelta(days=length - 1),
            observed=sum(look > 0 for one, days in zip(several, inside, strict=True) for look in one.looks[days]),
            found=_compared(several, at, length),
            possible=self._possible(several[0]) if role in {StudyRole.WHOLE, StudyRole.TARGET} else None,
        )
        counts, shares = _kinds(several)
        return self._of_shares(found, shares, at, inside) if shares else self._of_counts(found, counts, at, inside)

    def _of_counts(
        self, test: StudyTest, several: Sequence[Series], at: Sequence[int], inside: Sequence[slice]
    ) -> StudyTest:
        """The test with what was counted."""
        length = inside[0].stop - inside[0].start
        batches, looks = [one.batches for one in several], [one.looks for one in several]
        least = None
        if test.found is not None:
            least = least_found(batches, at, length, self.rng, runs=self.draws, looks=looks)
        windows = [*zip(several, inside, strict=True)]
        return msgspec.structs.replace(
            test,
            batches=sum(count or 0 for one, days in windows for count in one.batches[days]),
            things=sum(count or 0 for one, days in windows for count in one.things[days]),
            of_things=sum(count or 0 for one in several for count in one.things),
            by_things=shifted([one.things for one in several], at, length, looks),
            least=least,
        )

    def _of_shares(
        self, test: StudyTest, several: Sequence[ShareSeries], at: Sequence[int], inside: Sequence[slice]
    ) -> StudyTest:
        """The test with the shares in the window and outside it; none where it holds too few tests for any."""
        windows = [*zip((one.days for one in several), inside, strict=True)]
        tests, of = sum(sum(one.tests[days]) for one, days in windows), sum(sum(one.tests) for one, _ in windows)
        found = math.fsum(math.fsum(one.found[days]) for one, days in windows)
        every = math.fsum(math.fsum(one.found) for one, _ in windows)
        enough, length = tests >= MIN_N and test.found is not None, inside[0].stop - inside[0].start
        least = None
        if enough:
            least = least_rise([one for one, _ in windows], at, length, self.rng, runs=self.draws)
        share = StudyShare(
            tests=tests,
            found=found,
            expected=math.fsum(math.fsum(one.expected[days]) for one, days in windows),
            other_tests=of - tests,
            other_found=every - found,
            least=least,
        )
        return msgspec.structs.replace(test, share=share, found=test.found if enough else None)

    def plain(self, role: StudyRole, one: Dailies) -> StudyTest:
        """The test of one series in the campaign's window."""
        return self.made(role, one.name, [one], [self.when.start], self.when.end)

    def _possible(self, one: Dailies) -> tuple[float, float] | None:
        """The range of p of the windows that the event may have had by the day."""
        windows = [*self.when.possible()]
        if len(windows) == 1:
            return None
        told = (_compared([one], [one.index(start)], (end - start).days + 1) for start, end in windows)
        found = [each.p for each in told if each is not None]
        return (min(found), max(found)) if found else None


def _kinds(several: Sequence[Dailies]) -> tuple[list[Series], list[ShareSeries]]:
    """Those of counts and those of shares, of which one is empty."""
    counts = [one for one in several if isinstance(one, Series)]
    return counts, [one for one in several if isinstance(one, ShareSeries)]


def _compared(several: Sequence[Dailies], at: Sequence[int], length: int) -> Shifted | None:
    counts, shares = _kinds(several)
    if shares:
        return shifted_shares([one.days for one in shares], at, length)
    return shifted([one.batches for one in counts], at, length, [one.looks for one in counts])
