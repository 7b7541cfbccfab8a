"""Dated events beside a change: which are near, how they lie to it, and no cause."""

from datetime import date

import pytest

from hushmap.model import Dated, Precision
from hushmap.report.site.events import around, dated, overlapping, times, when
from hushmap.report.words import Words
from unit.report.site.added import event, register

EN = Words("en")
CHANGE = (date(2026, 11, 15), date(2026, 11, 16))


def test_events_of_the_time_and_the_country_are_found():
    """One abroad, or of another year, is none of them; one that comes every year is."""
    found = overlapping(register().values(), {"XE"}, date(2026, 11, 14), date(2026, 11, 17))
    assert [one.id for one in found] == ["clean-1", "early", "late", "month", "touching", "feast"]


def test_a_day_of_every_year_has_the_years_around():
    """Also 29 February, which most years do not have."""
    feast = register()["feast"]
    days = [date(year, 11, 16) for year in (2025, 2026, 2027)]
    assert [*times(feast, date(2026, 5, 1))] == [(day, day) for day in days]
    leap = event("leap", date(2024, 2, 29), date(2024, 2, 29), yearly=True)
    assert [start for start, _ in times(leap, date(2026, 1, 1))] == [date(y, 3, 1) for y in (2025, 2026, 2027)]


def test_a_day_of_every_year_has_no_year_outside_the_calendar():
    """The first and the last year have one neighbour only, whatever a register or a clock says."""
    days = {year: [start.year for start, _ in times(register()["feast"], date(year, 12, 31))] for year in (1, 9999)}
    assert days == {1: [1, 2], 9999: [9998, 9999]}
    new_year = event("eve", date(2024, 12, 31), date(2025, 1, 1), yearly=True)
    assert [start.year for start, _ in times(new_year, date(9999, 6, 1))] == [9998]


def test_how_an_event_lies_to_a_change_is_said():
    """Within, touching, before, after; what is no campaign could be mistaken for one; no cause anywhere."""
    told = {one.id: one for one in around(register(), "XE", CHANGE, "NEWS", EN)}
    assert set(told) == {"clean-1", "early", "late", "month", "touching", "feast"}
    assert (
        told["clean-1"].said[0].startswith("The change lies within its days: that is consistent with this campaign")
    )
    assert told["touching"].said[0].startswith("The change may lie within its days, or outside")
    assert told["feast"].said[0].startswith("The change may lie within its days, or outside. It could be mistaken")
    assert told["early"].said[0] == "It had ended 1 day before the change, as far as its end is known."
    assert told["late"].said[0] == "It began 1 day after the change."
    assert told["late"].said[2].startswith("It is of XE-NO alone")
    assert told["clean-1"].said[1] == "It is said to be against: harmful news. Here the list says: news."
    assert "1,200 pages were removed. Not to be compared: a page is no network." in told["clean-1"].claims[0]
    assert told["clean-1"].sources == ("Example Gazette · https://gazette.example/1",)
    every = " ".join(" ".join(one.said) for one in told.values())
    assert "caused" not in every
    assert [one.id for one in around(register(), "XE", CHANGE, "", EN)][:1] == ["clean-1"], "the nearest come first"


def test_a_change_at_the_end_of_the_calendar_has_what_is_near_it():
    """A clock may say any day that there is."""
    assert around(register(), "XE", (date.min, date.min), "", EN) == ()
    assert around(register(), "XE", (date.max, date.max), "", EN) == ()
    eve = event("eve", date(2024, 12, 24), date(2024, 12, 26), yearly=True)
    (told,) = around({"eve": eve}, "XE", (date.max, date.max), "", EN)
    assert told.said[0] == "It had ended 5 days before the change, as far as its end is known."


@pytest.mark.parametrize(
    ("precision", "text"), [("day", "2026-11-01"), ("month", "2026-11"), ("about", "about 2026-11-01")]
)
def test_a_date_is_no_more_exact_than_it_is_known(precision, text):
    """To the day, to the month, or about."""
    assert dated(Dated(day=date(2026, 11, 1), precision=Precision(precision)), EN) == text


def test_when_an_event_was_in_words():
    """From, to, and every year."""
    assert when(event(), EN) == "2026-11-10 to 2026-11-20"
    assert when(register()["feast"], EN) == "2015-11-16, every year"
