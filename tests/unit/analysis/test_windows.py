"""When a campaign was, as far as is known."""

from datetime import date, timedelta

import pytest

from hushmap.analysis.counting import series
from hushmap.analysis.windows import Window, other_years, window
from hushmap.model import Campaign, Dated, Precision

DAY = Dated(day=date(2015, 6, 1))
NOVEMBER = Dated(day=date(2015, 11, 1), precision=Precision.MONTH)
DECEMBER = Dated(day=date(2015, 12, 1), precision=Precision.MONTH)


def campaign(start, end=None):
    """From start to end."""
    return Campaign(id="c", name="C", jurisdiction="XA", start=start, end=end)


def test_a_campaign_by_the_day_has_one_window():
    """From its start to its end, of so many days, or of fourteen where no end is known."""
    ended = campaign(DAY, Dated(day=date(2015, 6, 10)))
    assert [*window(ended).possible()] == [(date(2015, 6, 1), date(2015, 6, 10))]
    assert [*window(ended, 1).possible()] == [(date(2015, 6, 1), date(2015, 6, 1))]
    assert window(campaign(DAY)).end == date(2015, 6, 14)
    with pytest.raises(ValueError, match="are no window"):
        window(ended, 0)


def test_what_is_known_to_the_month_may_be_any_day_of_it():
    """The window is as wide as that, and each window by the day lies in it."""
    days = window(campaign(NOVEMBER), 8)
    assert days == Window(
        start=date(2015, 11, 1), latest=date(2015, 11, 30), earliest=date(2015, 11, 8), end=date(2015, 12, 7)
    )
    found = [*days.possible()]
    assert len(found) == 30
    assert all(end - start == timedelta(days=7) for start, end in found)
    assert found[-1] == (date(2015, 11, 30), date(2015, 12, 7))


def test_a_start_and_an_end_that_are_known_to_the_month():
    """Every start, with the end at either edge; within one month an end does not come before its start."""
    wide = window(campaign(NOVEMBER, DECEMBER))
    assert (wide.earliest, wide.end) == (date(2015, 12, 1), date(2015, 12, 31))
    assert len([*wide.possible()]) == 60
    ended = window(campaign(NOVEMBER, Dated(day=date(2016, 2, 8))))
    assert {end for _, end in ended.possible()} == {date(2016, 2, 8)}
    one = window(campaign(NOVEMBER, NOVEMBER))
    assert all(start <= end for start, end in one.possible())
    assert (one.start, one.end) == (date(2015, 11, 1), date(2015, 11, 30))


def test_the_same_days_of_other_years_are_as_far_as_the_series_goes():
    """By weeks, so that weekdays are the same."""
    whole = series((), date(2014, 1, 1), date(2016, 12, 31))[""]
    found = other_years(whole, date(2015, 6, 1), date(2015, 6, 14))
    assert [start for start, _ in found] == [date(2014, 6, 2), date(2016, 5, 30)]
    assert all(start.weekday() == 0 for start, _ in found)
