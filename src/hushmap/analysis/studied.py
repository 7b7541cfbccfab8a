"""Did measured change follow a dated campaign? One study: every test that was made, nulls like the others.

The question is fixed by the register before any data are read: its hash is part of the result. The sample is batches,
with the things in them beside, or bursts of tests, of which a share found what was sought (`daily`). Every category
of the series is tested in the same window; those that the campaign is said to be after are the question, the others
are controls, which ought to show nothing. The same window of other years is a placebo. p values of the question are
adjusted for one another (Holm), and for those of other questions that were put to the same series; beside each stand
the smallest p that the calendar could give and the rise that this series would have shown.

Where localities began at different times, each has its own window, and all of them are one test: their calendar is
shifted as a whole. The register's own starts are taken unless others are given; where it went on in places that no
source names, other localities are no controls. An event that is known to the month has a window as wide as it may
have been; what windows by the day within it would give is told as a range, for to choose one of them would be to
choose the result.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from random import Random

import msgspec
import numpy as np

from hushmap.analysis.counting import Dailies, Exposure, Onsets, Series, ShareSeries, levels_of
from hushmap.analysis.course import Interrupted, InterruptedShares, Near, interrupted, interrupted_shares, near
from hushmap.analysis.trying import StudyRole, StudyTest, Trial
from hushmap.analysis.waiting import Lags, Wait, wait
from hushmap.analysis.windows import Window, other_years, window
from hushmap.model import Campaign, Precision

STUDY = "hushmap.study/1"
"""Of a study as an object: whoever reads one looks for it."""
_QUESTION = frozenset({StudyRole.WHOLE, StudyRole.TARGET, StudyRole.TOGETHER, StudyRole.LOCALITY})


class Study(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked and what came of it."""

    campaign: str
    register: str
    """Hash of the register."""
    preregistered: bool
    """Whether the event was kept, as it is, before the first day of the series."""
    register_changed: bool = False
    """The register that it is told with is not the one of the study; whoever tells it sees to this."""
    observed_changed: bool = False
    """It was, but the file of the days on which somebody looked is not as it then was."""
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
    onsets: Onsets | None = None
    """Of what was measured, counted by changes."""
    experiment: str = ""
    """Whose tests shares are of; empty: counts of changes."""
    sought: str = ""
    """The count group that these tests are there to find."""
    alone: int = 0
    """Measurements that are in no share: their line measured their target on one day only."""
    measured_in: tuple[str, ...] = ()
    """Countries of what was measured, all of which are in all together; none: not known, as of a table."""
    left_out: tuple[str, ...] = ()
    """Series of other localities: it may have gone on there."""
    tests: tuple[StudyTest, ...]
    course: Interrupted | None
    """Of counts. Of localities that began at different times by days from each one's start, as of shares."""
    share_course: InterruptedShares | None = None
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
    observed_changed: bool = False
    """It had, but with other days on which somebody looked."""
    calendar: tuple[Campaign, ...] = ()
    """Every event, against which change points are held."""
    earlier: tuple[float, ...] = ()
    """p of other questions that were put to the same series before."""
    onsets: Onsets | None = None
    """How sure the changes are, where they are onsets."""
    experiment: str = ""
    """Whose tests shares are of."""
    sought: str = ""
    """What these tests are there to find."""
    alone: int = 0
    """Measurements that are in no share."""
    within: frozenset[str] = frozenset()
    """Series of networks or countries in which the campaign was: they are no controls."""
    measured_in: tuple[str, ...] = ()
    """Countries of what was measured."""
    lags: Lags | None = None
    """From orders to changes."""


def study(
    campaign: Campaign,
    series: Mapping[str, Series] | Mapping[str, ShareSeries],
    known: Known,
    rng: Random,
    *,
    length: int | None = None,
    starts: Mapping[str, date] | None = None,
    draws: int = 100,
    points: Callable[[Sequence[float | None]], Sequence[int]] | None = None,
) -> Study:
    """Every test of one campaign on some series.

    Args:
        campaign: the event.
        series: by category or locality, and all together under the empty name (`counting.series`, `shares_by_day`).
        known: what else is known.
        rng: of what is drawn.
        length: days from the start; by default to the campaign's end.
        starts: when each locality began, by the name of its series; none: as the register has it (`starts_of`),
            or all at once, and names are categories.
        points: what finds change points by counts alone (`levels.change_points`); none: nobody looks for them.
        draws: how often each rise is tried, to say which the series would have shown.

    Raises:
        ValueError: The window is not within the series, or a locality has none.
    """
    whole, when = series[""], window(campaign, length)
    known_to_register = {} if starts else starts_of(campaign, series)
    starts = starts or known_to_register
    left_out = sorted({*series} - {"", *starts}) if known_to_register and campaign.unnamed else []
    if starts:
        days = when.earliest - when.start
        when = Window(
            start=min(starts.values()), latest=min(starts.values()), earliest=min(starts.values()) + days,
            end=min(starts.values()) + days,
        )  # fmt: skip
    _fits(when.start, when.end, whole)
    trial = Trial(when=when, rng=rng, draws=draws)
    if starts:
        tests = _localities(trial, {name: one for name, one in series.items() if name not in left_out}, starts)
    else:
        tests = _categories(trial, series, tuple(prefix.lower() for prefix in campaign.categories), known.within)
    begun = [(series[name], starts[name]) for name in sorted(starts)] if starts else [(whole, when.start)]
    course = _course(begun, np.random.default_rng(rng.getrandbits(64)))
    events = [whole.index(one.first.day) for one in known.calendar if one.first.precision is Precision.DAY]
    dates = (campaign.first,) if campaign.end is None else (campaign.first, campaign.end)
    return Study(
        campaign=campaign.id,
        register=known.register,
        preregistered=known.preregistered,
        observed_changed=known.observed_changed,
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
        onsets=known.onsets,
        experiment=known.experiment,
        sought=known.sought,
        alone=known.alone,
        measured_in=known.measured_in,
        left_out=tuple(left_out),
        tests=_adjusted(tests, known.earlier),
        course=course if isinstance(course, Interrupted) else None,
        share_course=course if isinstance(course, InterruptedShares) else None,
        changes=None if points is None else near(points(_levels(whole)), events, len(whole.looks)),
        waits=tuple(_waits(campaign, series, tests, starts or {})),
        lags=known.lags,
    )


def starts_of(campaign: Campaign, series: Iterable[str]) -> dict[str, date]:
    """When each locality began that the register knows to the day, by the name of its series, where it has one."""
    names = {name.casefold(): name for name in series if name}
    return {
        names[one.name.casefold()]: one.start.day
        for one in campaign.localities
        if one.start is not None and one.start.precision is Precision.DAY and one.name.casefold() in names
    }


def _levels(whole: Dailies) -> Sequence[float | None]:
    """What change points are sought in."""
    return whole.things if isinstance(whole, Series) else whole.levels


def _fits(start: date, end: date, whole: Dailies) -> None:
    if start < whole.first or end > whole.last:
        raise ValueError(
            f"the window {start} to {end} is not within the series, which goes from {whole.first} to {whole.last}; "
            "give --days, or a longer series"
        )
    if (end - start).days + 1 >= len(whole.looks):
        what = f"the window {start} to {end} leaves no day of the series to compare it with"
        raise ValueError(f"{what}; give a longer series")


def _categories(
    trial: Trial, series: Mapping[str, Dailies], targets: tuple[str, ...], within: frozenset[str]
) -> list[StudyTest]:
    """All together, each category, and the same window of other years."""
    whole, when = series[""], trial.when
    tests = [trial.plain(StudyRole.WHOLE, whole)]
    for name, one in series.items():
        if name:
            asked = name in within or name.lower().startswith(targets)
            tests.append(trial.plain(StudyRole.TARGET if asked else StudyRole.CONTROL, one))
    others = other_years(whole, when.start, when.end)
    return tests + [trial.made(StudyRole.PLACEBO, "", [whole], [start], end) for start, end in others]


def _localities(trial: Trial, series: Mapping[str, Dailies], starts: Mapping[str, date]) -> list[StudyTest]:
    """All localities in their own windows, each of them, those that had no start, and other years."""
    lacking = sorted(set(starts) - set(filter(None, series)))
    if lacking:
        known = ", ".join(filter(None, series)) or "none"
        raise ValueError(f"there is no series {lacking[0]!a:.60}; there are {known:.400}; give --by COLUMN")
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
    return tests


def _course(
    begun: Sequence[tuple[Dailies, date]], rng: np.random.Generator
) -> Interrupted | InterruptedShares | None:
    """Level and slope of one series, or of several together, each from its own day on."""
    before = min(one.index(start) for one, start in begun)
    after = min(len(one.looks) - one.index(start) for one, start in begun)
    lined_up = [(one, slice(one.index(start) - before, one.index(start) + after)) for one, start in begun]
    shares = [(one.days, days) for one, days in lined_up if isinstance(one, ShareSeries)]
    if shares:
        tests = _added([one.tests[days] for one, days in shares])
        excess = _added([one.excess[days] for one, days in shares])
        spread = _added([one.spread[days] for one, days in shares])
        rate = sum(sum(one.found) for one, _ in shares) / max(1, sum(sum(one.tests) for one, _ in shares))
        wide = [each / n**2 if n else 0.0 for each, n in zip(spread, tests, strict=True)]
        return interrupted_shares(levels_of(rate, excess, tests), wide, before, rng)
    aligned = [one.things[days] for one, days in lined_up if isinstance(one, Series)]
    return interrupted([_sum(counts) for counts in zip(*aligned, strict=True)], before, rng)


def _added(several: Sequence[Sequence[float]]) -> list[float]:
    """By day; where one of them has nothing, what the others have."""
    return [math.fsum(day) for day in zip(*several, strict=True)]


def _sum(counts: Sequence[int | None]) -> int | None:
    """What all saw together; unknown where one of them did not look."""
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def _waits(
    campaign: Campaign, series: Mapping[str, Dailies], tests: Sequence[StudyTest], starts: Mapping[str, date]
) -> Iterator[Wait]:
    """From the order, which is the announcement where one is known, to the first change of each that is asked about.

    From a month there is no waiting by the day.
    """
    order = campaign.announced or campaign.first
    for test in tests:
        since = starts.get(test.name, order.day) if test.role is StudyRole.LOCALITY else order.day
        exact = test.role is StudyRole.LOCALITY or order.precision is Precision.DAY
        if test.role in _QUESTION - {StudyRole.TOGETHER} and exact:
            one = series[test.name]
            found = wait(one, since) if isinstance(one, Series) else None
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
