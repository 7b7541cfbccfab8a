"""Which records are in an archive already, by 8 bytes each: a record counts once, however often it comes.

A record's id never changes, and neither does the day on which it began, so that only days that come up are looked at.
Two ids of a day of ten million share their 8 bytes once in some 400,000 such days.
"""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

_RECENT = 100_000
"""Keys of one day that are held as a set, at some 70 bytes each, before they are put in order, at 8."""


class _Day:
    """The keys of one day."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._sorted: NDArray[np.int64] = np.unique(np.fromiter(map(hash, ids), np.int64))
        self._recent: set[int] = set()

    def take(self, key: int) -> bool:
        """Whether it is new; it is not from now on."""
        if self.holds(key):
            return False
        self._recent.add(key)
        if len(self._recent) >= _RECENT:
            self._sorted = np.union1d(self._sorted, np.fromiter(self._recent, np.int64))
            self._recent = set()
        return True

    def forget(self, ids: Iterable[str]) -> None:
        keys = np.fromiter(map(hash, ids), np.int64)
        self._sorted = np.setdiff1d(self._sorted, keys)
        self._recent -= set(keys.tolist())

    def holds(self, key: int) -> bool:
        if key in self._recent:
            return True
        place = int(np.searchsorted(self._sorted, key)) if len(self._sorted) else 0
        return place < len(self._sorted) and int(self._sorted[place]) == key


class Seen:
    """The records of an import, and of the days that it touches."""

    def __init__(self, known: Callable[[str], Iterable[str]]) -> None:
        """`known` gives the ids that an archive holds of a day."""
        self._known = known
        self._days: dict[str, _Day] = {}

    def take(self, ids: Sequence[str], days: Sequence[str]) -> list[bool]:
        """For each of some records whether it is new; none of them is from now on."""
        new = []
        for one, day in zip(ids, days, strict=True):
            if day not in self._days:
                self._days[day] = _Day(self._known(day))
            new.append(self._days[day].take(hash(one)))
        return new

    def knows(self, day: str) -> bool:
        """Whether what an archive holds of this day was asked for."""
        return day in self._days

    def forget(self, day: str, ids: Iterable[str]) -> None:
        """These are new again."""
        self._days[day].forget(ids)

    def held(self, ids: Sequence[str], day: str) -> list[bool]:
        """For each of some records of a day whether it is known."""
        keys = self._days.get(day)
        return [keys is not None and keys.holds(hash(one)) for one in ids]
