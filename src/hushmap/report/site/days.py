"""Days as columns: where a picture puts a day, and what it writes over it.

A picture has only so many columns, so of a longer time each stands for a week, or for four, and says so. A column
stands for what was measured in its days, and is blank where nothing was.
"""

from datetime import date, timedelta

import msgspec

MOST = 92
"""Columns of one picture: a quarter of a year by days, as wide as a screen."""
STEPS = (1, 7, 28)
"""Days of a column, as long as one of these will do."""
_ROOM = 46.0
"""Width of a month written out; where two would overlap the first stands alone."""
_ROOMY = 17.0
"""Width of a column over which its day can be written."""


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """What is written over a column."""

    x: float
    text: str


class Days(msgspec.Struct, frozen=True, kw_only=True):
    """The columns of a time."""

    first: date
    step: int
    """Days of a column."""
    count: int

    @classmethod
    def between(cls, first: date, last: date) -> "Days":
        """Columns from the first to the last day, both included."""
        days = (last - first).days + 1
        step = next((step for step in STEPS if days <= step * MOST), -(-days // MOST))
        return cls(first=first, step=step, count=-(-days // step))

    def column(self, day: date) -> int:
        """The column of a day."""
        return (day - self.first).days // self.step

    def start(self, column: int) -> date:
        """The first day of a column."""
        return self.first + timedelta(days=column * self.step)

    @property
    def width(self) -> float:
        """Of one column: what leaves a month room on a phone, and a year on a screen."""
        return 22.0 if self.count <= 32 else 14.0 if self.count <= 46 else 9.0

    def months(self) -> list[Mark]:
        """Each month over its first column, as `2026-11`, the same in every language."""
        marks: list[Mark] = []
        told = ""
        for column in range(self.count):
            month = f"{self.start(column):%Y-%m}"
            if month != told and (not marks or column * self.width - marks[-1].x >= _ROOM):
                marks.append(Mark(x=column * self.width, text=month))
                told = month
        return marks

    def numbers(self) -> list[Mark]:
        """Days of the month over the middle of their columns; where columns are narrow, over every seventh."""
        every = 1 if self.width >= _ROOMY else 7
        columns = range(0, self.count, every)
        return [Mark(x=(column + 0.5) * self.width, text=f"{self.start(column).day}") for column in columns]
