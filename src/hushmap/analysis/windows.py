"""When a campaign was, as far as is known, and the same days of other years.

What is known to the month may have begun on any day of it: the window is as wide as that, and each window by the day
is one that the campaign may have had.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from hushmap.analysis.counting import MOST_DAYS, Dailies
from hushmap.model import Campaign, Dated, Precision

LENGTH = 14
"""Days that are looked at where a campaign has no end: what comes a month later has other causes too."""
YEAR = 364
"""Days to the same weekday of another year."""


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """When a campaign was, as far as is known: it began and ended on days between these."""

    start: date
    latest: date
    """The latest day of its start."""
    earliest: date
    """The earliest day of its end."""
    end: date

    def possible(self) -> Iterator[tuple[date, date]]:
        """Windows by the day that it may have had: every start, with the ends at either edge."""
        length = (self.end - self.latest).days
        fixed = (self.earliest - self.start).days == length
        for day in range((self.latest - self.start).days + 1):
            start = self.start + timedelta(days=day)
            ends = {start + timedelta(days=length)} if fixed else {self.earliest, self.end}
            yield from ((start, end) for end in sorted(ends) if end >= start)


def window(campaign: Campaign, length: int | None = None) -> Window:
    """When a campaign was, or `length` days from its start; what is known to the month may be any day of it.

    Raises:
        ValueError: `length` is none.
    """
    start, latest = campaign.first.day, _last_of(campaign.first)
    if length is not None and not 0 < length <= MOST_DAYS:
        raise ValueError(f"{length} days are no window")
    if length is None and campaign.end is not None:
        earliest, end = max(campaign.end.day, start), max(_last_of(campaign.end), latest)
        return Window(start=start, latest=latest, earliest=earliest, end=end)
    days = timedelta(days=(length or LENGTH) - 1)
    return Window(start=start, latest=latest, earliest=start + days, end=latest + days)


def _last_of(day: Dated) -> date:
    if day.precision is not Precision.MONTH:
        return day.day
    return day.day.replace(day=monthrange(day.day.year, day.day.month)[1])


def other_years(whole: Dailies, start: date, end: date) -> list[tuple[date, date]]:
    """The same window of other years, as far as the series goes."""
    found = []
    years = range(-(len(whole.looks) // YEAR) - 1, len(whole.looks) // YEAR + 2)
    for year in years:
        moved = timedelta(days=year * YEAR)
        if year and start + moved >= whole.first and end + moved <= whole.last:
            found.append((start + moved, end + moved))
    return found
