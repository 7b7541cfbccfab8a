"""The grid of the overview as a picture, for a post, a slide or a paper: targets by networks, in signs and words.

It says what the page's table says, made of the same values, and no more of it than a slide can hold.
"""

from collections.abc import Iterator

import msgspec
from markupsafe import Markup

from hushmap.report.page import environment
from hushmap.report.site.grids import SIDE_BY_SIDE, Grid, parts
from hushmap.report.site.image import FAINT, LEAST, MARGIN, SMALL, Colours, Drawing, Figure, breadth, fitted, framed
from hushmap.report.site.making import Making
from hushmap.report.site.shown import Shown
from hushmap.report.words import Words

ROWS = 24
"""Rows of one picture: a slide. The most blocked come first, and the picture says how many are left."""
_ROW, _HEAD, _NAME, _CELL, _GAP = 22, 38, 236, 226, 3
"""Height of a row and of the names of networks, width of a target's name and of a cell, space between two."""

_AGAIN, _FAILED = "▲", "*"
"""Behind a cell's number: it works again; more of the measurements did not work than were judged so."""


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """One cell."""

    x: int
    colour: str
    sign: str
    text: str


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One target."""

    y: int
    name: str
    boxes: tuple[Box, ...]


class Crossing(msgspec.Struct, frozen=True, kw_only=True):
    """The geometry of the picture."""

    heads: tuple[tuple[int, list[str]], ...]
    """(left edge, lines of a network's name)."""
    lines: tuple[Line, ...]


def crossings(making: Making) -> list[Figure]:
    """The first grid of each part, where it is no wider than a slide."""
    found = []
    for part in parts(making):
        grid = part.grids[0]
        if len(grid.columns) <= SIDE_BY_SIDE:
            found.append(_figure(making, part.id, part.key, grid))
    return found


def _figure(making: Making, part: str, key: str, grid: Grid) -> Figure:
    words = making.words
    drawn = _crossing(grid, words("site.unmeasured"))
    rows = sum(len(some) for _, some in grid.sections)
    left = rows + grid.more - len(drawn.lines)
    more = words.count("figure.heat.more", left) if left else ""
    drawing = Drawing(
        name="grid" if part == "sites" else "grid-words",
        title=words(f"figure.grid.{part}"),
        notes=tuple(filter(None, (key, words("site.legend"), *_marks(grid, words), more))),
        alt=words("figure.grid.alt", title=words(f"figure.grid.{part}"), counts=key),
        page="index.html",
        width=max(LEAST, 2 * MARGIN + _NAME + _CELL * len(grid.columns)),
        height=_HEAD + _ROW * len(drawn.lines),
        body=lambda colours: _drawn(drawn, colours),
        on_overview=False,
    )
    return framed(drawing, making)


def _marks(grid: Grid, words: Words) -> Iterator[str]:
    """What the marks behind numbers say, where there are some: a picture is shown without its page."""
    cells = [cell for _, some in grid.sections for row in some[:ROWS] for cell in row.cells]
    for name, mark in (("again", _AGAIN), ("failed", _FAILED)):
        if any(getattr(cell, name) for cell in cells):
            yield words(f"figure.grid.{name}", mark=mark)


def _crossing(grid: Grid, unmeasured: str) -> Crossing:
    rows = [row for _, some in grid.sections for row in some][:ROWS]
    edges = [MARGIN + _NAME + _CELL * place for place in range(len(grid.columns))]
    lines = []
    for place, row in enumerate(rows):
        name = fitted(" ".join(filter(None, (row.name, row.kind))), _NAME - 10, SMALL)
        boxes = tuple(_box(x, cell, unmeasured) for x, cell in zip(edges, row.cells, strict=True))
        lines.append(Line(y=_HEAD + _ROW * place, name=name, boxes=boxes))
    heads = tuple((x, _head(column.name)) for x, column in zip(edges, grid.columns, strict=True))
    return Crossing(heads=heads, lines=tuple(lines))


def _head(name: str) -> list[str]:
    """A network's name over its column: what it calls itself, and below it number and country."""
    first, bracket, rest = name.rpartition(" (")
    return [fitted(text, _CELL - 8, SMALL) for text in ((first, f"({rest}") if bracket else (name,))]


def _box(x: int, cell: Shown, unmeasured: str) -> Box:
    room = _CELL - 28
    share = f" {cell.share}" if cell.share else ""
    share += _FAILED * bool(cell.failed) + _AGAIN * bool(cell.again)
    text = fitted(cell.label, room - breadth(share, SMALL), SMALL) + share if cell.label else unmeasured
    style = "undecided" if cell.style in {"untriggered", "other"} else cell.style
    colour = "direct" if cell.direct else style
    return Box(x=x, colour="" if cell.style == "empty" else colour, sign=cell.sign, text=text)


def _drawn(drawn: Crossing, colours: Colours) -> Markup:
    text = (
        environment()
        .get_template("site/crossing.svg.j2")
        .render(drawn=drawn, colours=colours, faint=FAINT, wide=_CELL - _GAP, high=_ROW - _GAP)
    )
    return Markup(text)  # noqa: S704 -- a template of ours, in which every value was escaped
