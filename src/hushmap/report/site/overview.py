"""The overview: what was found where, what it cannot show, what changed, and what was not measured (UX 4)."""

from collections.abc import Iterator
from datetime import date

import msgspec

from hushmap.detect import LABEL_GROUPS, Group, group_words
from hushmap.report.site.campaigns import listed as campaigns
from hushmap.report.site.cases import told
from hushmap.report.site.changing import change_lines
from hushmap.report.site.grids import parts
from hushmap.report.site.lists import listed
from hushmap.report.site.making import Making, Pages
from hushmap.report.site.shown import kind, missing, name, short, spells
from hushmap.report.view import LOOKS

NAMED = 30
"""Targets that fail everywhere which are named; a list has all."""


class Covered(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured on one network."""

    id: str
    name: str
    measurements: str
    days: str
    """On so many of the days of the period."""
    gaps: str
    """The days without, in words; empty: there are none."""


def pages(making: Making) -> Pages:
    """The one page."""
    yield "index.html", page(making)


def page(making: Making) -> bytes:
    """What a browser opens first."""
    words, book = making.words, making.book
    down = [
        (one.id, short(one), kind(one, words))
        for one in book.targets
        if {cell.group for cell in making.on_networks[one.id].values()} == {Group.ELSEWHERE.value}
    ]
    return making.page(
        "index.html",
        "index",
        what=_what(making),
        parts=parts(making),
        changes=change_lines(book, words),
        coverage=[*_coverage(making)],
        down=down[:NAMED],
        down_counted=words.count("site.n.targets", len(down)),
        lists=listed(making),
        campaigns=campaigns(making),
        cases=told(making),
        decide=[(name, group_words(name, words.lang), *LOOKS[name]) for name in LABEL_GROUPS],
    )


def _what(making: Making) -> str:
    """How much there is, where and when."""
    words, book = making.words, making.book
    if making.when == "":
        return words("site.none")
    countries = sorted({one.country for one in book.networks if one.country})
    return words(
        "site.what",
        measurements=words.count("site.n.measurements", sum(one.measurements for one in book.networks)),
        networks=words.count("n.networks", len(book.networks)),
        countries=words("site.join").join(countries) or words("known.unknown"),
    )


def _coverage(making: Making) -> Iterator[Covered]:
    """Each network: what was measured, and which days are missing."""
    words, book = making.words, making.book
    if book.first is None or book.last is None:
        return
    first, last = book.first.date(), book.last.date()
    by_network: dict[str, list[date]] = {}
    for network, day in book.measured:
        by_network.setdefault(network, []).append(day)
    for one in book.networks:
        days = by_network.get(one.id, [])
        yield Covered(
            id=one.id,
            name=name(one, words),
            measurements=f"{one.measurements:,}",
            days=words("of", k=f"{len(days)}", n=f"{(last - first).days + 1}"),
            gaps=spells(missing(days, first, last), words),
        )
