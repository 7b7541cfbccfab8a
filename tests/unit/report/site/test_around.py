"""The days around a change, as strips; days that were not measured are gaps."""

from datetime import UTC, date, datetime, timedelta

import msgspec

from hushmap.report.site.around import MOST, around
from hushmap.report.site.changing import Known
from unit.report.site.books import FIRST, LAST, book, cell
from unit.report.site.happened import happened, incidents

LIFTED = next(one for one in incidents() if one.lifting is not None)
"""On Net-A, from 16 November to 1 December 2026."""
KEY = ("news-example-org", "as64501-xe")


def drawn(one=LIFTED, **more):
    """What is drawn of one target."""
    made = happened(incidents=(one,), **more)
    known = Known(made.book)
    return around(made, one, known.network(one), known.targets(one)[:1])


def days(first, last, hit):
    """A cell a day, blocked from one day on."""
    number = (last - first).days + 1
    every = [first + timedelta(n) for n in range(number)]
    return {KEY: {day: cell("Blocked" if day >= hit else "Reachable") for day in every}}


def test_days_are_those_that_were_measured():
    """The book's four, of which one is missing, though a fortnight on each side is asked for."""
    found = drawn()
    assert [label for _, _, label in found.looks] == ["Blocked"]
    [one] = found.drawn
    assert one.target.id == "news-example-org"
    assert "2026-11-16: not measured" in one.strip.text
    assert one.strip.gaps


def test_onset_and_lifting_share_a_strip_where_they_are_near():
    """And have one each where years lie between."""
    first, last = datetime(2026, 10, 1, tzinfo=UTC), datetime(2028, 3, 1, tzinfo=UTC)
    known = days(date(2026, 10, 1), date(2028, 3, 1), date(2026, 11, 16))
    assert len(drawn(first=first, last=last, days=known).drawn) == 1
    year = 366 * 86_400_000_000
    later = msgspec.structs.replace(LIFTED, lifting_first_working=LIFTED.lifting_first_working + year)
    found = drawn(later, first=first, last=last, days=known)
    assert len(found.drawn) == 2
    assert {label for _, _, label in found.looks} == {"Blocked", "Reachable"}


def test_nothing_is_drawn_of_what_the_site_does_not_know():
    """No network, no days, no time."""
    made = happened()
    assert around(made, LIFTED, None, made.book.targets).drawn == ()
    assert drawn(days={}).drawn == ()
    assert drawn(first=None, last=None).drawn == ()
    before = LAST - timedelta(days=400)
    assert drawn(first=before, last=before, days=book().days).drawn == ()
    assert FIRST < LAST
    assert MOST > 1
