"""Dated events beside a time and a place: which overlap, how they lie to a change, and what is said of them.

An event is its source's; a change that lies in its days is consistent with it, and with all else of these days.
Which part of a country a line is in is mostly not known, and then said so.
"""

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

import msgspec

from hushmap.analysis import window
from hushmap.model import Campaign, Dated, EventKind, Precision
from hushmap.report.study_text import claims
from hushmap.report.words import Words

NEAR = 30
"""Days around a change in which an event is told: long enough for orders to be carried out, too long for a cause."""


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """One event as a case tells it."""

    id: str
    name: str
    when: str
    campaign: bool
    """Enforcement; else what could be mistaken for it."""
    said: tuple[str, ...]
    claims: tuple[str, ...]
    sources: tuple[str, ...]


def times(event: Campaign, near: date) -> Iterator[tuple[date, date]]:
    """When it was, as widely as that is known; of one that comes every year the times about `near`."""
    known = window(event, None if event.end is not None or event.kind is EventKind.CAMPAIGN else 1)
    if not event.yearly:
        yield known.start, known.end
        return
    for year in (near.year - 1, near.year, near.year + 1):
        with contextlib.suppress(ValueError, OverflowError):  # a calendar has a first and a last day
            start = known.start.replace(day=min(known.start.day, 28)).replace(year=year)
            start += timedelta(days=max(0, known.start.day - 28))
            yield start, start + (known.end - known.start)


def overlapping(
    register: Iterable[Campaign], countries: Iterable[str], first: date, last: date
) -> Iterator[Campaign]:
    """The events in these countries of which some day lies in the period."""
    places = {*countries}
    for one in register:
        near = any(start <= last and end >= first for day in (first, last) for start, end in times(one, day))
        if near and one.country in places:
            yield one


def around(
    register: Mapping[str, Campaign], country: str, change: tuple[date, date], category: str, words: Words
) -> tuple[Around, ...]:
    """The events near a change that lies between two days, the nearest first; campaigns and others alike."""
    wide = timedelta(days=NEAR)
    first, last = max(date.min + wide, change[0]) - wide, min(date.max - wide, change[1]) + wide
    found = []
    for one in overlapping(register.values(), {country}, first, last):
        away, start, end = min((_away(span, change), *span) for day in change for span in times(one, day))
        said = [_lies(one, (start, end), change, words)]
        if one.targets:
            listed = words.category(category) or words("case.category.none")
            said.append(words("case.against", targets=words("site.join").join(one.targets), category=listed))
        if "-" in one.jurisdiction:
            said.append(words("case.part", place=one.jurisdiction))
        told = Around(
            id=one.id,
            name=one.name,
            when=when(one, words),
            campaign=one.kind is EventKind.CAMPAIGN,
            said=tuple(said),
            claims=tuple(claims(one, words)),
            sources=sources(one),
        )
        found.append((away, one.id, told))
    return tuple(told for _, _, told in sorted(found, key=lambda one: one[:2]))


def _away(span: tuple[date, date], change: tuple[date, date]) -> int:
    """Days between an event and a change; 0 where they have a day in common."""
    return max(0, (span[0] - change[1]).days, (change[0] - span[1]).days)


def _lies(one: Campaign, span: tuple[date, date], change: tuple[date, date], words: Words) -> str:
    """Where the change lies to it."""
    if _away(span, change) == 0:
        inside = span[0] <= change[0] and change[1] <= span[1]
        key = "within" if inside else "touches"
        return words(f"case.{key}" if one.kind is EventKind.CAMPAIGN else f"case.{key}.other")
    return words.count("case.before" if span[0] > change[1] else "case.after", _away(span, change))


def when(one: Campaign, words: Words) -> str:
    """Its dates, no more exact than they are known."""
    start = dated(one.first, words)
    if one.end is not None:
        start = words("event.to", first=start, last=dated(one.end, words))
    return words("event.yearly", day=start) if one.yearly else start


def dated(one: Dated, words: Words) -> str:
    """`2015-06-01`, `2015-11`, `about 2016-02-08`."""
    if one.precision is Precision.MONTH:
        return f"{one.day:%Y-%m}"
    return words("event.about", day=f"{one.day}") if one.precision is Precision.ABOUT else f"{one.day}"


def sources(one: Campaign) -> tuple[str, ...]:
    """Where its facts stand."""
    return tuple(" · ".join(filter(None, (two.what, two.url, two.note))) for two in one.documents)
