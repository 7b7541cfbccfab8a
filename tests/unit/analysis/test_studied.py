"""A study of a campaign: what asks about it, what ought to show nothing, and what cannot be said."""

from datetime import date, timedelta
from random import Random

import pytest

from hushmap.analysis.counting import Update, series
from hushmap.analysis.studied import StudyRole, study, window
from hushmap.model import Campaign, Dated, Precision

FIRST, LAST = date(2014, 5, 1), date(2016, 7, 31)
START = date(2015, 6, 1)


def campaign(**more):
    """Fourteen days from June on."""
    fields = {"start": Dated(day=START), "end": Dated(day=START + timedelta(days=13)), "categories": ("vice",)}
    return Campaign(**{"id": "c", "name": "C", "jurisdiction": "XA"} | fields | more)


def made(*bursts, every=40):
    """A series with a batch now and then, and bursts: (first day, batches a day, category)."""
    updates = [
        Update(day=FIRST + timedelta(days=day), things=2, name="other", batch="usual")
        for day in range(0, (LAST - FIRST).days, every)
    ]
    for start, number, name in bursts:
        for day in range(10):
            updates += [
                Update(day=start + timedelta(days=day), things=50, name=name, batch=f"{one}") for one in range(number)
            ]
    return series(updates, FIRST, LAST)


def told(found, of=None, **more):
    """The study."""
    return study(of or campaign(), found, register="ab" * 32, rng=Random(1), draws=10, **more)


def test_a_burst_of_the_target_is_found_and_controls_are_quiet():
    """The category that it is after and all together; another category and other years show nothing."""
    found = told(made((START, 3, "vice: online")), preregistered=True)
    assert {(one.role, one.name) for one in found.question} == {
        (StudyRole.WHOLE, ""),
        (StudyRole.TARGET, "vice: online"),
    }
    assert all(one.adjusted <= 0.02 for one in found.question)
    target = next(one for one in found.question if one.name)
    assert (target.batches, target.things, target.of_things, target.observed) == (30, 1500, 1500, 14)
    assert target.adjusted >= target.found.p
    controls = {one.role for one in found.controls}
    assert controls == {StudyRole.CONTROL, StudyRole.PLACEBO}
    assert sum(one.role is StudyRole.PLACEBO for one in found.controls) == 2
    assert all(one.found.p > 0.05 for one in found.controls)
    assert found.preregistered
    assert (found.vague, found.unended) == (False, False)


def test_a_null_says_what_it_could_have_shown():
    """No burst: no sign, and the least rise that would have been found stands beside it."""
    found = told(made(every=4))
    whole = found.question[0]
    assert whole.found.p > 0.05
    multiple, power = whole.least
    assert multiple > 1
    assert power >= 0.8


def test_the_same_seed_gives_the_same_study():
    """Whatever is drawn by chance."""
    found = made((START, 1, "vice"))
    assert told(found) == told(found)


def test_dates_that_are_vague_or_open_are_said_to_be():
    """A month is taken whole; without an end there are fourteen days."""
    month = Dated(day=date(2015, 11, 1), precision=Precision.MONTH)
    about = campaign(start=month, end=month)
    assert window(about) == (date(2015, 11, 1), date(2015, 11, 30))
    assert told(made(), about).vague
    december = Dated(day=date(2015, 12, 1), precision=Precision.MONTH)
    assert window(campaign(end=december))[1] == date(2015, 12, 31)
    without = campaign(end=None)
    assert window(without) == (START, START + timedelta(days=13))
    assert told(made(), without).unended
    assert window(campaign(), 1) == (START, START)
    with pytest.raises(ValueError, match="are no window"):
        window(campaign(), 0)


def test_a_window_outside_the_series_is_refused():
    """Too early, too late, or all of it."""
    for start in (date(2014, 4, 30), date(2016, 7, 30)):
        with pytest.raises(ValueError, match="not within the series"):
            told(made(), campaign(start=Dated(day=start), end=None))
    with pytest.raises(ValueError, match="leaves no day"):
        told(made(), campaign(start=Dated(day=FIRST), end=Dated(day=LAST)))


def test_a_window_that_nobody_looked_at_is_not_tested():
    """Nor adjusted for: nothing was asked of it."""
    days = frozenset(FIRST + timedelta(days=day) for day in range((START - FIRST).days))
    found = told(series((), FIRST, LAST, observed=days))
    whole = found.question[0]
    assert (whole.found, whole.adjusted, whole.least, whole.observed) == (None, None, None, 0)


def test_change_points_are_held_against_the_calendar():
    """Against the events that are known to the day; where nobody looks for them nothing is said."""
    calendar = [campaign(), campaign(start=Dated(day=START, precision=Precision.MONTH))]
    at = (START - FIRST).days
    found = told(made((START, 3, "vice")), calendar=calendar, points=lambda _: (at + 3,))
    assert (found.changes.changes, found.changes.distance) == ((at + 3,), 3.0)
    assert told(made()).changes is None
