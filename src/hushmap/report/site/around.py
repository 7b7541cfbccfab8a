"""The days around a change: a month about its onset, and one about its lifting, as day strips.

An incident may last for years, and what a reader wants to see is how the days before differ from those after. Days
that were not measured are gaps there as everywhere.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import msgspec

from hushmap.analysis import Incident
from hushmap.report.site.book import Cell, Network, Target
from hushmap.report.site.changing import moment
from hushmap.report.site.making import Making
from hushmap.report.site.strips import Strip, look, strip, told

ASIDE = timedelta(days=15)
"""On each side: with the day itself a month, which is one line that a phone shows without scrolling."""
MOST = 4
"""Targets of a service whose days are drawn; the others have pages."""


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """The days of one target about one change, or about two that are near."""

    target: Target
    strip: Strip


class Days(msgspec.Struct, frozen=True, kw_only=True):
    """All that is drawn of an incident."""

    drawn: tuple[Around, ...]
    looks: tuple[tuple[str, str, str], ...]
    """(sign, style, label) of each look that a strip has."""


def around(making: Making, one: Incident, network: Network | None, targets: tuple[Target, ...]) -> Days:
    """The days of the first targets about the changes of an incident; none where the site has no days of them."""
    drawn: list[Around] = []
    looks: dict[tuple[str, str, str], None] = {}
    for target in targets[:MOST]:
        days = making.book.days.get((target.id, "" if network is None else network.id), {})
        for first, last in _spans(making, one):
            part = {day: cell for day, cell in days.items() if first <= day <= last}
            if part:
                drawn.append(Around(target=target, strip=strip(part, first, last, making.words)))
                looks |= dict.fromkeys(_look(making, cell) for cell in part.values())
    return Days(drawn=tuple(drawn), looks=tuple(looks))


def _look(making: Making, cell: Cell) -> tuple[str, str, str]:
    return (*look(cell), told(cell, making.words))


def _spans(making: Making, one: Incident) -> Iterator[tuple[date, date]]:
    """First and last day about the onset and the lifting, within what was measured; one span where they touch."""
    book = making.book
    if book.first is None or book.last is None:
        return
    onset = _within(moment(one.onset_first_failing), book.first, book.last)
    spans = [onset]
    if one.lifting_first_working is not None:
        lifting = _within(moment(one.lifting_first_working), book.first, book.last)
        touch = lifting[0] <= onset[1] + timedelta(days=1)
        spans = [(onset[0], lifting[1])] if touch else [onset, lifting]
    yield from (span for span in spans if span[0] <= span[1])


def _within(time: datetime, first: datetime, last: datetime) -> tuple[date, date]:
    return max((time - ASIDE).date(), first.date()), min((time + ASIDE).date(), last.date())
