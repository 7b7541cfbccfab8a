"""A study of a campaign: what asks about it, what ought to show nothing, and what cannot be said."""

from datetime import date, timedelta
from random import Random

import pytest

from hushmap.analysis.counting import Onsets, Update, series
from hushmap.analysis.studied import Known, starts_of, study
from hushmap.analysis.trying import StudyRole
from hushmap.model import Campaign, Dated, Locality, Precision
from unit.analysis.test_trying import START as MARCH
from unit.analysis.test_trying import of_shares, raised

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


def told(found, of=None, *, known=None, **more):
    """The study."""
    return study(of or campaign(), found, known or Known(register="ab" * 32), Random(1), draws=10, **more)


def test_a_burst_of_the_target_is_found_and_controls_are_quiet():
    """The category that it is after and all together; another category and other years show nothing."""
    found = told(made((START, 3, "vice: online")), known=Known(register="ab" * 32, preregistered=True))
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


def test_dates_that_are_about_or_open_are_said_to_be():
    """What stands about somewhere is vague; without an end there are fourteen days."""
    about = Dated(day=START + timedelta(days=9), precision=Precision.ABOUT)
    assert told(made(), campaign(end=about)).vague
    without = told(made(), campaign(end=None))
    assert (without.unended, without.end) == (True, START + timedelta(days=13))


def test_an_event_that_is_known_to_the_month_is_tested_as_the_whole_of_it():
    """The p is of the whole window, and what windows by the day would give is a range; there is no wait by the day."""
    month = Dated(day=START, precision=Precision.MONTH)
    found = told(made((START + timedelta(days=12), 3, "vice")), campaign(start=month, end=None), length=10)
    assert found.by_month
    assert not found.vague
    assert (found.start, found.latest, found.earliest, found.end) == (
        START, date(2015, 6, 30), date(2015, 6, 10), date(2015, 7, 9),
    )  # fmt: skip
    for test in found.question:
        low, high = test.possible
        assert low < high
    assert all(test.possible is None for test in found.controls)
    assert found.waits == ()
    exact = told(made())
    assert not exact.by_month
    assert all(test.possible is None for test in exact.tests)


def test_what_no_window_by_the_day_can_value_has_no_range():
    """Nobody looked."""
    days = frozenset(FIRST + timedelta(days=day) for day in range((START - FIRST).days))
    month = Dated(day=START, precision=Precision.MONTH)
    found = told(series((), FIRST, LAST, observed=days), campaign(start=month, end=None))
    assert found.question[0].possible is None


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
    known = Known(register="ab", calendar=tuple(calendar))
    found = told(made((START, 3, "vice")), known=known, points=lambda _: (at + 3,))
    assert (found.changes.changes, found.changes.distance) == ((at + 3,), 3.0)
    assert told(made()).changes is None


def test_other_questions_put_to_the_series_count_in_the_adjustment():
    """Holm's p of this one's tests among all; what is not of this study has no p of its own here."""
    alone = told(made((START, 1, "vice")))
    again = told(made((START, 1, "vice")), known=Known(register="ab", earlier=(0.5, 0.5, 0.5)))
    assert again.earlier == 3
    for one, other in zip(alone.question, again.question, strict=True):
        assert other.adjusted >= one.adjusted
        assert other.adjusted == pytest.approx(min(1.0, 5 * other.found.p)) or other is not again.question[0]
    onsets = Onsets(counted=4, provisional=1, unblocked=2, undated=2)
    assert told(made(), known=Known(register="ab", onsets=onsets)).onsets == onsets


def test_the_first_change_after_the_announcement_is_told():
    """Of all together and of each target; from the announcement where it is known."""
    announced = campaign(announced=Dated(day=START - timedelta(days=2)))
    found = told(made((START, 1, "vice"), every=400), announced)
    assert [(one.name, one.days) for one in found.waits] == [("", 2), ("vice", 2)]
    late = campaign(announced=Dated(day=LAST + timedelta(days=1)))
    assert told(made(), late).waits == ()


NORTH, SOUTH = START, START + timedelta(days=60)
STARTS = {"north": NORTH, "south": SOUTH}


def test_localities_that_began_at_different_times_are_one_test():
    """Each in its own window; one that had no start is a control, and other years are placebos of all of them."""
    found = told(made((NORTH, 2, "north"), (SOUTH, 2, "south")), starts=STARTS, length=10)
    roles = [(one.role, one.name) for one in found.question]
    assert roles == [(StudyRole.TOGETHER, ""), (StudyRole.LOCALITY, "north"), (StudyRole.LOCALITY, "south")]
    together, north, south = found.question
    assert (together.start, together.end) == (NORTH, SOUTH + timedelta(days=9))
    assert (north.start, south.start) == (NORTH, SOUTH)
    assert together.batches == north.batches + south.batches == 40
    assert together.found.p <= 0.05
    assert {(one.role, one.name) for one in found.controls} == {(StudyRole.CONTROL, "other"), (StudyRole.PLACEBO, "")}
    assert [(one.name, one.days) for one in found.waits] == [("north", 0), ("south", 0)]
    shifted = told(made((NORTH, 2, "north"), (SOUTH, 2, "south")), starts={"north": SOUTH, "south": NORTH}, length=10)
    assert shifted.question[0].found.p > together.found.p


def test_localities_are_lined_up_for_level_and_slope():
    """By days from each one's start; a day on which one of them was not looked at is not known."""
    changes = [
        Update(day=begun + timedelta(days=day), things=4 if day < 0 else 40, name=name, batch=name)
        for name, begun in STARTS.items()
        for day in range(-40, 40)
    ]
    found = told(series(changes, START - timedelta(days=80), SOUTH + timedelta(days=80)), starts=STARTS, length=10)
    assert found.course.step.ratio > 5
    seen = {("n", "north"): frozenset(), ("n", "south"): frozenset()}
    dark = series(changes[:1], START - timedelta(days=80), SOUTH + timedelta(days=80), observed=seen)
    assert told(dark, starts=STARTS, length=10).course is None


def test_a_locality_needs_a_series_and_its_window():
    """One that is not there is told with those that are."""
    with pytest.raises(ValueError, match="there is no series 'east'; there are north, other"):
        told(made((START, 1, "north")), starts={"east": START})
    with pytest.raises(ValueError, match="not within the series"):
        told(made((START, 1, "north")), starts={"north": START, "other": LAST})


PLACES = (Locality(name="North", start=Dated(day=NORTH)), Locality(name="east"), Locality(name="far",
          start=Dated(day=NORTH)), Locality(name="south", start=Dated(day=SOUTH, precision=Precision.MONTH)))  # fmt: skip


def test_the_register_knows_starts_of_localities():
    """To the day, of series that are there, however they are written; given ones take their place."""
    data = made((NORTH, 2, "north"), (SOUTH, 2, "south"))
    assert starts_of(campaign(localities=PLACES), data) == {"north": NORTH}
    found = told(data, campaign(localities=PLACES), length=10)
    assert [(one.role, one.name) for one in found.question][1:] == [(StudyRole.LOCALITY, "north")]
    assert {one.name for one in found.controls if one.role is StudyRole.CONTROL} == {"other", "south"}
    assert found.left_out == ()
    given = told(data, campaign(localities=PLACES), starts={"south": SOUTH}, length=10)
    assert given.question[1].name == "south"


def test_where_it_went_on_in_unnamed_places_others_are_no_controls():
    """They are left out, and named."""
    data = made((NORTH, 2, "north"), (SOUTH, 2, "south"))
    found = told(data, campaign(localities=PLACES, unnamed="others"), length=10)
    assert found.left_out == ("other", "south")
    assert {one.role for one in found.controls} == {StudyRole.PLACEBO}
    assert told(data, campaign(unnamed="others")).left_out == (), "nothing is asked by locality"


def test_shares_are_studied_like_counts():
    """Each series, before and after, and change points; there is no first change to wait for."""
    data = {"": raised(), "vice": raised("vice"), "other": of_shares([1] * 120, "other")}
    march = campaign(start=Dated(day=MARCH), end=Dated(day=MARCH + timedelta(days=7)))
    known = Known(register="ab", experiment="web", sought="Blocked", alone=3)
    found = told(data, march, known=known, points=lambda levels: [int(max(levels) > 0.9)])
    assert [one.name for one in found.question] == ["", "vice"]
    assert all(one.adjusted <= 0.05 for one in found.question)
    assert [(one.name, one.found.p) for one in found.controls] == [("other", 1.0)]
    assert (found.experiment, found.sought, found.alone, found.waits, found.course) == ("web", "Blocked", 3, (), None)
    assert found.share_course.step.share > 0.3
    assert found.changes.changes == (1,)


def test_networks_in_the_campaigns_country_are_no_controls():
    """They are asked about, each counted in the adjustment."""
    data = {"": raised(), "64501": raised("64501"), "64502": of_shares([1] * 120, "64502")}
    march = campaign(start=Dated(day=MARCH), end=Dated(day=MARCH + timedelta(days=7)), categories=())
    found = told(data, march, known=Known(register="ab", within=frozenset({"64501"})))
    assert [(one.role, one.name) for one in found.question][1:] == [(StudyRole.TARGET, "64501")]
    assert [one.name for one in found.controls] == ["64502"]


def test_shares_of_localities_are_lined_up_too():
    """What all of them found, by days from each one's start."""
    later = MARCH + timedelta(days=30)
    data = {"": raised(), "a": raised("a"), "b": raised("b", start=later)}
    found = told(data, starts={"a": MARCH, "b": later}, length=8)
    assert found.question[0].found.greater == 0
    assert found.share_course.step.share > 0.3
    assert found.share_course.days == 59 + 31
