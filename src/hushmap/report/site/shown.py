"""Cells and days as lists, grids and network pages show them: signs and words, numbers, names, spells of days."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import msgspec

from hushmap.detect import group_words, mechanism_words, network_words, visible
from hushmap.model import Vantage
from hushmap.report.site.book import Cell, Network, Target
from hushmap.report.site.changing import micros, whole
from hushmap.report.site.telling import look
from hushmap.report.view import LOOKS
from hushmap.report.words import Words

SHORT = 60
"""Characters of a target in a narrow column."""
SPELLS = 8
"""Spells of days that are named; who measured every other day reads how many days, and sees them in the strips."""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One cell."""

    sign: str = ""
    style: str = "empty"
    label: str = ""
    """Empty: it was not measured there."""
    share: str = ""
    """`k/n`, of measurements that decided; empty where none did."""
    failed: str = ""
    """How many of the n did not work, where they are more than k."""
    direct: bool = False
    again: str = ""
    """That it works again, where it does."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One target on one network, in a list."""

    target: str
    """Id of the target."""
    name: str
    kind: str
    category: str
    network: str
    """Id of the network."""
    where: str
    shown: Shown
    how: str
    first: str
    last: str


def shown(cell: Cell | None, words: Words, *, again: bool = False) -> Shown:
    """A cell, or that there is none; `again`: it works again."""
    if cell is None:
        return Shown()
    sign, style = look(cell)
    return Shown(
        sign=sign,
        style=style,
        label=group_words(cell.group, words.lang) if cell.group in LOOKS else cell.label,
        share=f"{cell.k}/{cell.n}" if cell.k else "",
        failed=failed(cell, words),
        again=words("site.again") if again else "",
        direct=cell.direct and style == "blocked",
    )


def failed(cell: Cell, words: Words) -> str:
    """How many did not work, where that is more than what the cell tells of; else empty."""
    return words("site.failed", n=f"{cell.failed:,}") if cell.failed > cell.k else ""


def line(target: Target, network: Network, cell: Cell, words: Words, *, again: bool = False) -> Line:
    """One target on one network."""
    return Line(
        target=target.id,
        name=short(target),
        kind=kind(target, words),
        category=words.category(target.category or None),
        network=network.id,
        where=name(network, words),
        shown=shown(cell, words, again=again),
        how=how(cell, words),
        first=f"{cell.first:%Y-%m-%d %H:%M}",
        last=f"{cell.last:%Y-%m-%d %H:%M}",
    )


def rounded_cells(cells: Iterable[Cell], words: Words, precision: str | None) -> str:
    """What is to be known of the times of some cells, where they were rounded down; else empty."""
    times = (micros(time) for cell in cells for time in (cell.first, cell.last))
    return whole(times, words, precision)


def how(cell: Cell, words: Words) -> str:
    """Every way in which it failed, the most frequent first; those without one are told."""
    return "; ".join(mechanism_words(one, words.lang) if one else words("site.how.none") for one in cell.mechanisms)


def name(network: Network, words: Words) -> str:
    """A network as every sentence has it."""
    told = Vantage(network=network.name or None, asn=network.asn, country=network.country or None)
    return network_words(told, words.lang)


def short(target: Target) -> str:
    """A target in a narrow column: a front page over HTTPS is told by its host."""
    whole = target.target
    if target.part == "sites" and whole.startswith("https://"):
        rest = whole.removeprefix("https://").removesuffix("/")
        return visible(rest, SHORT) if rest else whole
    return visible(whole, SHORT)


def kind(target: Target, words: Words) -> str:
    """What is asked, where it is no page load; for words the place, in words."""
    return words.place(target.place, target.encoding) or _test(target)


def code(target: Target) -> str:
    """The same in codes, for the row of a chart."""
    return " ".join(filter(None, (target.place, target.encoding))) or _test(target)


def _test(target: Target) -> str:
    return "" if target.experiment == "web" else target.experiment


def missing(measured: Iterable[date], first: date, last: date) -> Iterator[tuple[date, date]]:
    """Spells of days without a measurement, from the first to the last day of a period."""
    start = first
    for day in sorted({day for day in measured if first <= day <= last}):
        if day > start:
            yield start, day - timedelta(days=1)
        start = day + timedelta(days=1)
    if start <= last:
        yield start, last


def spells(found: Iterable[tuple[date, date]], words: Words) -> str:
    """Spells in words; a day stands alone."""
    every = [*found]
    told = [
        f"{first}" if first == last else words("site.days", first=f"{first}", last=f"{last}")
        for first, last in every[:SPELLS]
    ]
    days = sum((last - first).days + 1 for first, last in every[SPELLS:])
    return words("site.join").join([*told, *([words.count("site.n.days.more", days)] if days else [])])
