"""Did measured change follow a dated campaign? One study: every test that was made, nulls like the others.

The question is fixed by the register before any data are read: its hash is part of the result. The sample is
batches; things in them are told beside. Every category of the series is tested in the same window; those that the
campaign is said to be after are the question, the others are controls, which ought to show nothing. The same window
of other years is a placebo. p values of the question are adjusted for one another (Holm), and for those of other
questions that were put to the same series; beside each stand the smallest p that the calendar could give and the rise
that this series would have shown.

Where localities began at different times, each has its own window, and all of them are one test: their calendar is
shifted as a whole. An event that is known to the month has a window as wide as it may have been; what windows by the
day within it would give is told as a range, for to choose one of them would be to choose the result.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from random import Random

import msgspec
import numpy as np

from hushmap.analysis.counting import Exposure, Series
from hushmap.analysis.course import Interrupted, Near, interrupted, near
from hushmap.analysis.waiting import Lags, Wait, wait
from hushmap.analysis.windows import Window, other_years, window
from hushmap.model import Campaign, Precision
from hushmap.sampling import Shifted, least_found, shifted

ALPHA = 0.05


class StudyRole(StrEnum):
    """Why a test was made."""

    WHOLE = "whole"
    """All categories together."""
    TARGET = "target"
    """A category that the campaign is said to be after."""
    TOGETHER = "together"
    """All localities, each in its own window."""
    LOCALITY = "locality"
    """One locality in its own window."""
    CONTROL = "control"
    """Another one: a campaign against something else, or somewhere else, explains nothing of it."""
    PLACEBO = "placebo"
    """The same window in another year."""


_QUESTION = frozenset({StudyRole.WHOLE, StudyRole.TARGET, StudyRole.TOGETHER, StudyRole.LOCALITY})


class StudyTest(msgspec.Struct, frozen=True, kw_only=True):
    """One window of one series."""

    role: StudyRole
    name: str
    """The category or locality; of the whole nothing."""
    start: date
    end: date
    batches: int
    things: int
    of_things: int
    """In the whole series."""
    observed: int
    """Days of the window that were observed."""
    found: Shifted | None
    """None: too little was observed in the window."""
    by_things: Shifted | None
    """The same test of things in place of batches; of a third of its power where batches are of any size."""
    adjusted: float | None = None
    """p of batches, adjusted for the other tests of the question; none for controls and placebos."""
    possible: tuple[float, float] | None = None
    """The least and the greatest p of windows by the day, where the event is known to the month only."""
    least: tuple[float, float] | None = None
    """(k, power): the rise that this series would have shown; none: none of those that were tried."""


class Study(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked and what came of it."""

    campaign: str
    register: str
    """Hash of the register."""
    preregistered: bool
    """Whether the event was kept, as it is, before the first day of the series."""
    start: date
    end: date
    latest: date
    """When it may have begun at the latest: later than the start where that is known to the month only."""
    earliest: date
    """When it may have ended at the earliest."""
    vague: bool
    """The campaign's dates are known about: the window may not be its own."""
    unended: bool
    """It has no end that is known, so that a window of `LENGTH` days, or one that was asked for, stands for it."""
    first: date
    last: date
    exposure: Exposure
    earlier: int
    """Tests of other questions that were put to this series before, which the adjustment counts too."""
    undated: int
    """Onsets that are in no series: they came in a gap."""
    tests: tuple[StudyTest, ...]
    course: Interrupted | None
    """Of localities that began at different times, by days from each one's start."""
    changes: Near | None
    """None: nobody looked for change points."""
    waits: tuple[Wait, ...]
    """From the order, or the start, to the first change."""
    lags: Lags | None
    """From orders to changes, where the series tells of orders."""

    @property
    def by_month(self) -> bool:
        """Whether its start or end is known to the month only."""
        return self.latest > self.start or self.earliest < self.end

    @property
    def question(self) -> tuple[StudyTest, ...]:
        """The tests that ask about the campaign."""
        return tuple(one for one in self.tests if one.role in _QUESTION)

    @property
    def controls(self) -> tuple[StudyTest, ...]:
        """Those that ought to show nothing."""
        return tuple(one for one in self.tests if one.role not in _QUESTION)


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What a study is told beside the series."""

    register: str
    """Hash of the register, taken before the series were read."""
    preregistered: bool = False
    """Whether the event had been kept before the first day."""
    calendar: tuple[Campaign, ...] = ()
    """Every event, against which change points are held."""
    earlier: tuple[float, ...] = ()
    """p of other questions that were put to the same series before."""
    undated: int = 0
    """Onsets that are in no series."""
    lags: Lags | None = None
    """From orders to changes."""


def study(
    campaign: Campaign,
    series: Mapping[str, Series],
    known: Known,
    rng: Random,
    *,
    length: int | None = None,
    starts: Mapping[str, date] | None = None,
    draws: int = 100,
    points: Callable[[Sequence[int | None]], Sequence[int]] | None = None,
) -> Study:
    """Every test of one campaign on some series.

    Args:
        campaign: the event.
        series: by category or locality, and all together under the empty name (`counting.series`).
        known: what else is known.
        rng: of what is drawn.
        length: days from the start; by default to the campaign's end.
        starts: when each locality began, by the name of its series; none: all at once, and names are categories.
        points: what finds change points by counts alone (`levels.change_points`); none: nobody looks for them.
        draws: how often each rise is tried, to say which the series would have shown.

    Raises:
        ValueError: The window is not within the series, or a locality has none.
    """
    whole, when = series[""], window(campaign, length)
    if starts:
        days = when.earliest - when.start
        when = Window(
            start=min(starts.values()), latest=min(starts.values()), earliest=min(starts.values()) + days,
            end=min(starts.values()) + days,
        )  # fmt: skip
    _fits(when.start, when.end, whole)
    trial = _Trial(when=when, rng=rng, draws=draws)
    if starts:
        tests, course = _localities(trial, series, starts)
    else:
        tests = _categories(trial, series, tuple(prefix.lower() for prefix in campaign.categories))
        course = interrupted(whole.things, whole.index(when.start), np.random.default_rng(rng.getrandbits(64)))
    events = [whole.index(one.first.day) for one in known.calendar if one.first.precision is Precision.DAY]
    dates = (campaign.first,) if campaign.end is None else (campaign.first, campaign.end)
    return Study(
        campaign=campaign.id,
        register=known.register,
        preregistered=known.preregistered,
        start=when.start,
        end=when.end,
        latest=when.latest,
        earliest=when.earliest,
        vague=any(one.precision is Precision.ABOUT for one in dates),
        unended=campaign.end is None,
        first=whole.first,
        last=whole.last,
        exposure=whole.exposure,
        earlier=len(known.earlier),
        undated=known.undated,
        tests=_adjusted(tests, known.earlier),
        course=course,
        changes=None if points is None else near(points(whole.things), events, len(whole.things)),
        waits=tuple(_waits(campaign, series, tests, starts or {})),
        lags=known.lags,
    )


def _fits(start: date, end: date, whole: Series) -> None:
    if start < whole.first or end > whole.last:
        raise ValueError(
            f"the window {start} to {end} is not within the series, which goes from {whole.first} to {whole.last}"
        )
    if (end - start).days + 1 >= len(whole.batches):
        raise ValueError(f"the window {start} to {end} leaves no day of the series to compare it with")


class _Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What is the same of every test."""

    when: Window
    rng: Random
    draws: int

    def made(
        self, role: StudyRole, name: str, several: Sequence[Series], starts: Sequence[date], end: date
    ) -> StudyTest:
        """The test of one series, or of several, each from its own day on; all as long as the first."""
        length = (end - starts[0]).days + 1
        at = [one.index(start) for one, start in zip(several, starts, strict=True)]
        inside = [(one, slice(first, first + length)) for one, first in zip(several, at, strict=True)]
        batches, looks = [one.batches for one in several], [one.looks for one in several]
        found = shifted(batches, at, length, looks)
        least = None
        if found is not None:
            least = least_found(batches, length, self.rng, runs=self.draws, looks=looks)
        return StudyTest(
            role=role,
            name=name,
            start=starts[0],
            end=max(starts) + timedelta(days=length - 1),
            batches=sum(count or 0 for one, days in inside for count in one.batches[days]),
            things=sum(count or 0 for one, days in inside for count in one.things[days]),
            of_things=sum(count or 0 for one in several for count in one.things),
            observed=sum(count is not None for one, days in inside for count in one.batches[days]),
            found=found,
            by_things=shifted([one.things for one in several], at, length, looks),
            least=least,
            possible=self._possible(several[0]) if role in {StudyRole.WHOLE, StudyRole.TARGET} else None,
        )

    def plain(self, role: StudyRole, one: Series) -> StudyTest:
        """The test of one series in the campaign's window."""
        return self.made(role, one.name, [one], [self.when.start], self.when.end)

    def _possible(self, one: Series) -> tuple[float, float] | None:
        """The range of p of the windows that the event may have had by the day."""
        windows = [*self.when.possible()]
        if len(windows) == 1:
            return None
        told = (
            shifted([one.batches], one.index(start), (end - start).days + 1, [one.looks]) for start, end in windows
        )
        found = [each.p for each in told if each is not None]
        return (min(found), max(found)) if found else None


def _categories(trial: _Trial, series: Mapping[str, Series], targets: tuple[str, ...]) -> list[StudyTest]:
    """All together, each category, and the same window of other years."""
    whole, when = series[""], trial.when
    tests = [trial.plain(StudyRole.WHOLE, whole)]
    for name, one in series.items():
        if name:
            tests.append(
                trial.plain(StudyRole.TARGET if name.lower().startswith(targets) else StudyRole.CONTROL, one)
            )
    others = other_years(whole, when.start, when.end)
    return tests + [trial.made(StudyRole.PLACEBO, "", [whole], [start], end) for start, end in others]


def _localities(
    trial: _Trial, series: Mapping[str, Series], starts: Mapping[str, date]
) -> tuple[list[StudyTest], Interrupted | None]:
    """All localities in their own windows, each of them, those that had no start, and other years."""
    lacking = sorted(set(starts) - set(filter(None, series)))
    if lacking:
        known = ", ".join(filter(None, series)) or "none"
        raise ValueError(f"there is no series {lacking[0]!a:.60}; there are {known:.400}")
    length = trial.when.end - trial.when.start
    names = sorted(starts, key=lambda name: (starts[name], name))
    each, days = [series[name] for name in names], [starts[name] for name in names]
    for one, start in zip(each, days, strict=True):
        _fits(start, start + length, one)
    tests = [trial.made(StudyRole.TOGETHER, "", each, days, days[0] + length)]
    tests += [
        trial.made(StudyRole.LOCALITY, one.name, [one], [start], start + length)
        for one, start in zip(each, days, strict=True)
    ]
    tests += [trial.plain(StudyRole.CONTROL, one) for name, one in series.items() if name and name not in starts]
    for start, _ in other_years(series[""], days[0], days[-1] + length):
        moved = [day + (start - days[0]) for day in days]
        tests.append(trial.made(StudyRole.PLACEBO, "", each, moved, moved[0] + length))
    before = min(one.index(start) for one, start in zip(each, days, strict=True))
    after = min(len(one.batches) - one.index(start) for one, start in zip(each, days, strict=True))
    aligned = [one.things[one.index(start) - before : one.index(start) + after] for one, start in
               zip(each, days, strict=True)]  # fmt: skip
    things = [_sum(counts) for counts in zip(*aligned, strict=True)]
    return tests, interrupted(things, before, np.random.default_rng(trial.rng.getrandbits(64)))


def _sum(counts: Sequence[int | None]) -> int | None:
    """What all saw together; unknown where one of them did not look."""
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def _waits(
    campaign: Campaign, series: Mapping[str, Series], tests: Sequence[StudyTest], starts: Mapping[str, date]
) -> Iterator[Wait]:
    """From the order, which is the announcement where one is known, to the first change of each that is asked about.

    From a month there is no waiting by the day.
    """
    order = campaign.announced or campaign.first
    for test in tests:
        since = starts.get(test.name, order.day) if test.role is StudyRole.LOCALITY else order.day
        exact = test.role is StudyRole.LOCALITY or order.precision is Precision.DAY
        if test.role in _QUESTION - {StudyRole.TOGETHER} and exact:
            found = wait(series[test.name], since)
            if found is not None:
                yield found


def _adjusted(tests: Sequence[StudyTest], earlier: Sequence[float]) -> tuple[StudyTest, ...]:
    """Holm's p of the tests that are the question, among all that were ever put to this series."""
    asked: list[tuple[float, int | None]] = [(p, None) for p in earlier]
    asked += [(one.found.p, place) for place, one in enumerate(tests) if one.role in _QUESTION and one.found]
    found, highest = list(tests), 0.0
    for rank, (p, place) in enumerate(sorted(asked, key=lambda one: one[0])):
        highest = max(highest, min(1.0, (len(asked) - rank) * p))
        if place is not None:
            found[place] = msgspec.structs.replace(tests[place], adjusted=highest)
    return tuple(found)
