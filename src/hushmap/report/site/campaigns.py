"""A page for each campaign in the time and the countries of a site, or of a study: dates, claims, what else happened.

Claims stand beside what was measured with what the two have not in common; counts of changes in its days are no test.
A study is told by the sentences of `study_text`, which cannot say more than its tests.
"""

from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from hushmap.analysis import Sure
from hushmap.model import Campaign, EventKind
from hushmap.report.site.changing import Change, Known, Lines, changes, line
from hushmap.report.site.events import dated, overlapping, sources, times, when
from hushmap.report.site.making import Making, Pages
from hushmap.report.study_text import claims, sentences
from hushmap.report.words import Words

MOST = 40
"""Changes that a page lists."""


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign as the overview names it."""

    id: str
    name: str
    when: str


class View(msgspec.Struct, frozen=True, kw_only=True):
    """All that a page tells."""

    id: str
    name: str
    original: str
    facts: tuple[tuple[str, str], ...]
    note: str
    measured: tuple[str, ...]
    changes: Lines
    claims: tuple[str, ...]
    meanwhile: tuple[str, ...]
    studies: tuple[tuple[str, ...], ...]
    sources: tuple[str, ...]


def pages(making: Making) -> Pages:
    """A page for each."""
    known, changed = Known(making.book), changes(making.book)
    for one in shown(making):
        path = f"campaigns/{one.id}.html"
        yield path, making.page(path, "campaign", view=view(making, one, known, changed))


def shown(making: Making) -> tuple[Campaign, ...]:
    """The campaigns in the time and the countries of the site, and those whose study its makers gave, by date."""
    book = making.book
    if book.first is None or book.last is None:
        return ()
    register, countries = making.added.register, {one.country for one in book.networks if one.country}
    near = {one.id for one in overlapping(register.values(), countries, book.first.date(), book.last.date())}
    studied = {study.campaign for study in making.added.studies}
    meant = studied | {one for one in near if register[one].kind is EventKind.CAMPAIGN}
    return tuple(sorted((one for one in register.values() if one.id in meant), key=lambda one: one.first.day))


def listed(making: Making) -> tuple[Listed, ...]:
    """The same as the overview names them."""
    return tuple(Listed(id=one.id, name=one.name, when=when(one, making.words)) for one in shown(making))


def view(making: Making, one: Campaign, known: Known, changed: Sequence[Change]) -> View:
    """What the page of one tells; `changed` is all that changed in the site, newest first."""
    words, register = making.words, making.added.register
    inside = [change for change in changed if _within(making, one, change)]
    return View(
        id=one.id,
        name=one.name,
        original=one.name_original,
        facts=tuple((words(f"event.field.{field}"), value) for field, value in _facts(one, words) if value),
        note=one.note,
        measured=tuple(_measured(making, one, inside)),
        changes=_lines(inside, known, words),
        claims=tuple(claims(one, words)),
        meanwhile=tuple(
            words("event.also", name=register[other].name, when=when(register[other], words))
            for other in one.confounders
            if other in register
        ),
        studies=tuple(
            tuple(sentences(study, register, words)) for study in making.added.studies if study.campaign == one.id
        ),
        sources=sources(one),
    )


def _facts(one: Campaign, words: Words) -> Iterator[tuple[str, str]]:
    join = words("site.join").join
    yield "agency", one.agency
    yield "place", join([one.jurisdiction, *(place.name for place in one.localities), *filter(None, [one.unnamed])])
    for field in ("announced", "start", "end", "reported"):
        day = getattr(one, field)
        yield field, dated(day, words) if day is not None else words("event.end.none") if field == "end" else ""
    yield "targets", join(one.targets)
    yield "platforms", join(one.platforms)


def _measured(making: Making, one: Campaign, inside: list[Change]) -> Iterator[str]:
    """On how many of its days something was measured in its country, and what changed in them, both ways."""
    words, first = making.words, making.book.first
    assert first is not None, "shown sees to it"
    here = {network.id for network in making.book.networks if network.country == one.country}
    spans = [*times(one, first.date())]
    days = {day for network, day in making.book.measured if network in here and _in(spans, day, day)}
    yield words.count("event.days", len(days))
    if "-" in one.jurisdiction:
        yield words("case.part", place=one.jurisdiction)
    sure = _sure(inside)
    again = sum(change.works for change in sure)
    counts = {"onsets": f"{len(sure) - again:,}", "liftings": f"{again:,}", "unsure": f"{len(inside) - len(sure):,}"}
    yield words("event.changes", **counts)


def _lines(inside: list[Change], known: Known, words: Words) -> Lines:
    """As the overview tells them; how many there are stands before."""
    sure = _sure(inside)
    unsure = [change for change in inside if change.sure is not Sure.CONFIRMED]
    more = max(0, len(sure) - MOST) + max(0, len(unsure) - MOST)
    return Lines(
        confirmed=tuple(line(change, known, words) for change in sure[:MOST]),
        earlier=(),
        earlier_counted="",
        provisional=tuple(line(change, known, words) for change in unsure[:MOST]),
        more=words.count("change.more", more) if more else "",
        standing=(),
        standing_counted="",
    )


def _sure(found: list[Change]) -> list[Change]:
    return [one for one in found if one.sure is Sure.CONFIRMED]


def _within(making: Making, one: Campaign, change: Change) -> bool:
    """Whether a change in its country may lie in its days."""
    first = making.book.first
    assert first is not None, "shown sees to it"
    place = change.incident.key.country == one.country
    return place and _in([*times(one, first.date())], change.before.date(), change.after.date())


def _in(spans: list[tuple[date, date]], first: date, last: date) -> bool:
    return any(start <= last and first <= end for start, end in spans)
