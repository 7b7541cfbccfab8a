"""Day strips: what one network showed of one target, a mark a day, drawn and in words.

A day without a measurement is an outline without a sign, and is named in words: it is a gap and not a good day. Days
of one look share one path, so that a year of thirty networks still fits on a page.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

import msgspec
from markupsafe import Markup

from hushmap.detect import group_words
from hushmap.report.site.book import Cell
from hushmap.report.view import LOOKS, OTHER
from hushmap.report.words import Words

LINE = 31
"""Days in one line: a month, 341 pixels, which a phone shows without scrolling."""
WIDE, NARROW, HIGH = 22, 11, 18
"""Pixels of a day: wide where there are few, so that each has its date."""
FEW = 14
_DATES = 16
"""Pixels for the dates under a line."""
MOST_RUNS = 24
"""Stretches told in words; the list of days has all."""


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """All days of one look: one path, and the signs on it."""

    style: str
    signs: Markup
    path: Markup
    x: Markup
    y: Markup
    """Where the signs stand, as SVG lists them."""


class Strip(msgspec.Struct, frozen=True, kw_only=True):
    """One network's days."""

    width: int
    height: int
    marks: tuple[Mark, ...]
    gaps: Markup
    """The path of days without a measurement."""
    dates: tuple[tuple[int, int, str], ...]
    text: tuple[str, ...]
    """The same in words, stretch by stretch."""
    more: int
    """Stretches that are not told."""

    @property
    def size(self) -> int:
        """Bytes that it takes, more or less."""
        drawn = sum(len(part) for mark in self.marks for part in (mark.path, mark.x, mark.y, mark.signs * 3))
        return drawn + len(self.gaps) + sum(len(text.encode()) + 2 for text in self.text) + 400


def look(cell: Cell) -> tuple[str, str]:
    """Sign and style class."""
    return LOOKS.get(cell.group, OTHER)


def told(cell: Cell, words: Words) -> str:
    """The words of a cell: a count group in the page's language; of what is counted by its label, that."""
    return group_words(cell.group, words.lang) if cell.group in LOOKS else cell.label


def strip(days: Mapping[date, Cell], first: date, last: date, words: Words) -> Strip:
    """The days from `first` to `last`."""
    every = [first + timedelta(n) for n in range((last - first).days + 1)]
    step = WIDE if len(every) <= FEW else NARROW
    places: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for n, day in enumerate(every):
        cell = days.get(day)
        at = (n % LINE * step, n // LINE * (HIGH + _DATES))
        places.setdefault(("", "") if cell is None else look(cell), []).append(at)
    gaps = places.pop(("", ""), [])
    runs = list(_runs(days, every, words))
    lines = -(-len(every) // LINE)
    return Strip(
        width=min(len(every), LINE) * step + (0 if len(every) * step > 5 * NARROW else 5 * NARROW),
        height=lines * (HIGH + _DATES),
        marks=tuple(_mark(key, mine, step) for key, mine in places.items()),
        gaps=_drawn(f"M{x}.5 {y}.5h{step - 2}v{HIGH - 1}h-{step - 2}z" for x, y in gaps),
        dates=tuple(_dates(every, step)),
        text=tuple(runs[:MOST_RUNS]),
        more=max(0, len(runs) - MOST_RUNS),
    )


def _mark(key: tuple[str, str], places: list[tuple[int, int]], step: int) -> Mark:
    sign, style = key
    return Mark(
        style=style,
        signs=_drawn(sign for _ in places),
        path=_drawn(f"M{x} {y}h{step - 1}v{HIGH}h-{step - 1}z" for x, y in places),
        x=_drawn(f"{x + step // 2} " for x, _ in places),
        y=_drawn(f"{y + HIGH - 5} " for _, y in places),
    )


def _drawn(parts: Iterable[str]) -> Markup:
    """Numbers and signs of ours, as long as they are: values are bounded on their way into a template."""
    return Markup("".join(parts))  # noqa: S704


def _dates(every: list[date], step: int) -> Iterator[tuple[int, int, str]]:
    """Where there is room each day has its number; else each line begins with its first date."""
    for n, day in enumerate(every):
        y = n // LINE * (HIGH + _DATES) + HIGH + _DATES - 4
        if step == WIDE and n:
            yield n % LINE * step + step // 2, y, f"{day.day}"
        elif n % LINE == 0:
            yield (step // 2, y, f"{day.day}") if step == WIDE else (3 * NARROW, y, f"{day:%Y-%m-%d}")


def _runs(days: Mapping[date, Cell], every: list[date], words: Words) -> Iterator[str]:
    """Days that follow each other and say the same, in one phrase."""
    begun, said = every[0], ""
    for day in [*every, every[-1] + timedelta(1)]:
        cell = days.get(day) if day <= every[-1] else None
        now = "" if day > every[-1] else words("target.gap") if cell is None else told(cell, words)
        if said and now != said:
            before = day - timedelta(1)
            key = "target.run.day" if before == begun else "target.run"
            yield words(key, first=f"{begun}", last=f"{before}", label=said)
        if now != said:
            begun, said = day, now
