"""Days as columns: every day has its column, and a column that is more than a day is one of few kinds."""

from datetime import date, timedelta

import pytest

from hushmap.report.site.days import MOST, Days

FIRST = date(2026, 10, 20)


@pytest.mark.parametrize(
    ("days", "step", "count"), [(1, 1, 1), (92, 1, 92), (93, 7, 14), (365, 7, 53), (2000, 28, 72)]
)
def test_as_many_columns_as_a_picture_holds(days, step, count):
    """A quarter of a year is drawn by days, two years by weeks, more by four weeks."""
    columns = Days.between(FIRST, FIRST + timedelta(days=days - 1))
    assert (columns.step, columns.count) == (step, count)


def test_decades_too_have_room():
    """However long the time, there are never more columns than a picture holds."""
    columns = Days.between(FIRST, FIRST + timedelta(days=12_345))
    assert columns.count <= MOST
    assert columns.column(FIRST + timedelta(days=12_345)) == columns.count - 1


def test_each_day_has_its_column():
    """A column begins where the one before it ended."""
    columns = Days(first=FIRST, step=7, count=4)
    assert [columns.column(FIRST + timedelta(days=n)) for n in (0, 6, 7, 27)] == [0, 0, 1, 3]
    assert columns.start(1) == FIRST + timedelta(days=7)


def test_few_columns_are_wide():
    """A month by days has room for each number, a quarter of a year for one a week."""
    month, quarter = (Days(first=FIRST, step=1, count=count) for count in (30, 90))
    assert [mark.text for mark in month.numbers()][:3] == ["20", "21", "22"]
    assert [mark.text for mark in quarter.numbers()][:3] == ["20", "27", "3"]
    assert [mark.text for mark in quarter.months()] == ["2026-10", "2026-11", "2026-12", "2027-01"]


def test_months_do_not_overlap():
    """A month that begins beside the one before it is written where there is room, if there is."""
    columns = Days(first=date(2026, 10, 31), step=1, count=2)
    assert [mark.text for mark in columns.months()] == ["2026-10"]
