"""Did measured change follow a dated campaign? One study: every test that was made, nulls like the others.

The question is fixed by the register before any data are read: its hash is part of the result. The sample is
batches; things in them are told beside. Every category of the series is tested in the same window; those that the
campaign is said to be after are the question, the others are controls, which ought to show nothing. The same window
of other years is a placebo. p values of the question are adjusted for one another (Holm); beside each stand the
smallest p that the calendar could give and the rise that this series would have shown.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from random import Random

import msgspec
import numpy as np

from hushmap.analysis.counting import Exposure, Series
from hushmap.analysis.course import Interrupted, Near, interrupted, near
from hushmap.model import Campaign, Dated, Precision
from hushmap.sampling import Shifted, least_found, shifted

ALPHA = 0.05
LENGTH = 14
"""Days that are looked at where a campaign has no end: what comes a month later has other causes too."""
YEAR = 364
"""Days to the same weekday of another year."""


class StudyRole(StrEnum):
    """Why a test was made."""

    WHOLE = "whole"
    """All categories together."""
    TARGET = "target"
    """A category that the campaign is said to be after."""
    CONTROL = "control"
    """Another one: a campaign against something else explains nothing of it."""
    PLACEBO = "placebo"
    """The same window in another year."""


_QUESTION = frozenset({StudyRole.WHOLE, StudyRole.TARGET})


class StudyTest(msgspec.Struct, frozen=True, kw_only=True):
    """One window of one series."""

    role: StudyRole
    name: str
    """The category; of the whole nothing."""
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
    vague: bool
    """The campaign's dates are known to the month or about: the window may not be its own."""
    unended: bool
    """It has no end that is known, so that a window of `LENGTH` days, or one that was asked for, stands for it."""
    first: date
    last: date
    exposure: Exposure
    tests: tuple[StudyTest, ...]
    course: Interrupted | None
    changes: Near | None
    """None: nobody looked for change points."""

    @property
    def question(self) -> tuple[StudyTest, ...]:
        """The tests that ask about the campaign."""
        return tuple(one for one in self.tests if one.role in _QUESTION)

    @property
    def controls(self) -> tuple[StudyTest, ...]:
        """Those that ought to show nothing."""
        return tuple(one for one in self.tests if one.role not in _QUESTION)


def window(campaign: Campaign, length: int | None = None) -> tuple[date, date]:
    """First and last day of a campaign, or of `length` days from its start; a month is taken whole.

    Raises:
        ValueError: `length` is none.
    """
    start = campaign.first.day
    if length is not None:
        if length < 1:
            raise ValueError(f"{length} days are no window")
        return start, start + timedelta(days=length - 1)
    if campaign.end is None:
        return start, start + timedelta(days=LENGTH - 1)
    return start, _last_of(campaign.end)


def _last_of(end: Dated) -> date:
    if end.precision is not Precision.MONTH:
        return end.day
    return (end.day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def study(
    campaign: Campaign,
    series: Mapping[str, Series],
    *,
    register: str,
    rng: Random,
    calendar: Sequence[Campaign] = (),
    preregistered: bool = False,
    length: int | None = None,
    draws: int = 100,
    points: Callable[[Sequence[int | None]], Sequence[int]] | None = None,
) -> Study:
    """Every test of one campaign on some series.

    Args:
        campaign: the event.
        series: by category, and all together under the empty name (`dated.series`).
        register: hash of the register, taken before the series were read.
        rng: of what is drawn.
        calendar: every event, against which change points are held.
        preregistered: whether the event had been kept before the first day.
        length: days from the start; by default to the campaign's end.
        points: what finds change points by counts alone (`levels.change_points`); none: nobody looks for them.
        draws: how often each rise is tried, to say which the series would have shown.

    Raises:
        ValueError: The window is not within the series.
    """
    start, end = window(campaign, length)
    whole = series[""]
    if start < whole.first or end > whole.last:
        raise ValueError(
            f"the window {start} to {end} is not within the series, which goes from {whole.first} to {whole.last}"
        )
    if (end - start).days + 1 >= len(whole.batches):
        raise ValueError(f"the window {start} to {end} leaves no day of the series to compare it with")
    targets = tuple(prefix.lower() for prefix in campaign.categories)
    tests = [_test(StudyRole.WHOLE, whole, start, end, rng, draws)]
    for name, one in series.items():
        if name:
            role = StudyRole.TARGET if name.lower().startswith(targets) else StudyRole.CONTROL
            tests.append(_test(role, one, start, end, rng, draws))
    tests += [_test(StudyRole.PLACEBO, whole, *other, rng, draws) for other in _other_years(whole, start, end)]
    events = [whole.index(one.first.day) for one in calendar if one.first.precision is Precision.DAY]
    return Study(
        campaign=campaign.id,
        register=register,
        preregistered=preregistered,
        start=start,
        end=end,
        vague=any(one.precision is not Precision.DAY for one in (campaign.first, campaign.end) if one is not None),
        unended=campaign.end is None,
        first=whole.first,
        last=whole.last,
        exposure=whole.exposure,
        tests=_adjusted(tests),
        course=interrupted(whole.things, whole.index(start), np.random.default_rng(rng.getrandbits(64))),
        changes=None if points is None else near(points(whole.things), events, len(whole.things)),
    )


def _test(role: StudyRole, one: Series, start: date, end: date, rng: Random, draws: int) -> StudyTest:
    at, length = one.index(start), (end - start).days + 1
    inside = slice(at, at + length)
    found = shifted([one.batches], at, length)
    return StudyTest(
        role=role,
        name=one.name,
        start=start,
        end=end,
        batches=sum(count or 0 for count in one.batches[inside]),
        things=sum(count or 0 for count in one.things[inside]),
        of_things=sum(count or 0 for count in one.things),
        observed=sum(count is not None for count in one.batches[inside]),
        found=found,
        by_things=shifted([one.things], at, length),
        least=None if found is None else least_found([one.batches], length, rng, runs=draws),
    )


def _other_years(whole: Series, start: date, end: date) -> list[tuple[date, date]]:
    """The same window of other years, as far as the series goes."""
    found = []
    years = range(-(len(whole.batches) // YEAR) - 1, len(whole.batches) // YEAR + 2)
    for year in years:
        moved = timedelta(days=year * YEAR)
        if year and start + moved >= whole.first and end + moved <= whole.last:
            found.append((start + moved, end + moved))
    return found


def _adjusted(tests: Sequence[StudyTest]) -> tuple[StudyTest, ...]:
    """Holm's p of the tests that are the question."""
    asked = [
        place for place, one in enumerate(tests) if one.role in {StudyRole.WHOLE, StudyRole.TARGET} and one.found
    ]
    ordered = sorted(asked, key=lambda place: _p(tests[place]))
    found, highest = list(tests), 0.0
    for rank, place in enumerate(ordered):
        highest = max(highest, min(1.0, (len(ordered) - rank) * _p(tests[place])))
        found[place] = msgspec.structs.replace(tests[place], adjusted=highest)
    return tuple(found)


def _p(test: StudyTest) -> float:
    assert test.found is not None, "only what could be tested is asked"
    return test.found.p
