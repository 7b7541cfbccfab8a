"""Whether what was seen failing works again: a mark beside a cell, which tells of the worst that was seen.

One good day among bad ones is not the end of a block. Either the newest day that decided anything shows enough
measurements of which none failed, or the change back was confirmed by the same test as every other change
(`analysis`).
"""

from datetime import UTC

from hushmap.analysis import Sure
from hushmap.report.site.book import Cell, Key
from hushmap.report.site.changing import moment
from hushmap.report.site.making import Making
from hushmap.report.site.telling import POINTING, look

_WORKS = "reachable"
"""The style of a day on which nothing pointed to interference, and something worked."""
ENOUGH = 4
"""Good measurements that a day needs: a block of every second attempt lets all four pass on 6 days of 100."""


def works_again(making: Making, key: Key, cell: Cell) -> bool:
    """Whether it works again after what the cell of a target and network tells of was seen last."""
    if look(cell)[1] not in POINTING:
        return False
    days = making.book.days.get(key, {})
    newest = max((day for day, one in days.items() if one.n), default=None)
    if newest is not None and newest > cell.last.astimezone(UTC).date() and _all_good(days[newest]):
        return True
    known = making.incidents.get(key, ())
    last = max(known, key=lambda one: one.onset_first_failing, default=None)
    if last is None or last.lifting is not Sure.CONFIRMED or last.lifting_first_working is None:
        return False
    return moment(last.lifting_first_working) > cell.last


def _all_good(day: Cell) -> bool:
    return look(day)[1] == _WORKS and day.k == day.n >= ENOUGH and not day.failed
