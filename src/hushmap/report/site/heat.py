"""The heat map: targets by days, what was found in one sign and colour, and a blank where nobody measured.

A column tells the most telling thing that was seen in it, so that no block is averaged away by the attempts that
worked, and the text beside a row tells how often. Of several networks the map tells the most telling too; the map of
one network is on its own page. Words and sites are never in one map, and what only checked the measurement in none.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

import msgspec
from markupsafe import Markup

from hushmap.detect import group_words
from hushmap.report.page import environment
from hushmap.report.site.book import Book, Cell, Target
from hushmap.report.site.days import Days, Mark
from hushmap.report.site.image import FAINT, LEAST, MARGIN, SMALL, Colours, Drawing, Figure, fitted, framed
from hushmap.report.site.making import Making
from hushmap.report.site.shown import code, short
from hushmap.report.site.shown import name as network_name
from hushmap.report.site.telling import UNDECIDED, rank
from hushmap.report.view import LOOKS, OTHER
from hushmap.report.words import Words

ROWS = 60
"""Rows of one map: two screens. The rest are in the tables and files, and the map says how many."""
_ROW, _HEAD, _NAME, _BESIDE = 20, 34, 250, 110
"""Height of a row and of the dates, width of the name before and of the number after a row."""
_QUIET = frozenset({"reachable", "undecided", "untriggered"})
"""Styles that ask for no second look; rows of nothing else come last."""
PARTS = ("sites", "words")

Told = tuple[str, bool]
"""(count group, whether a false reply was itself seen)."""


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """The cells of one look in one row, or of the whole map."""

    style: str
    sign: str
    y: float
    xs: tuple[float, ...]
    """Left edges."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One target."""

    name: str
    y: int
    sign: str
    """Of the whole time."""
    beside: str
    runs: tuple[Run, ...]


class Map(msgspec.Struct, frozen=True, kw_only=True):
    """The geometry of a map."""

    rows: tuple[Row, ...]
    days: Days
    left: int
    right: float
    """Where the cells end."""
    height: int
    header: str
    months: list[Mark]
    numbers: list[Mark]
    looks: tuple[Told, ...]
    """What is in it, for its legend."""


def telling(cells: Iterable[Cell]) -> Told:
    """The most telling group among some cells, and whether one of those that show it saw a false reply."""
    found = list(cells)
    if len(found) == 1:
        return found[0].group, found[0].direct
    name = min((cell.group for cell in found), key=rank)
    return name, any(cell.direct for cell in found if cell.group == name)


def look(told: Told) -> tuple[str, str]:
    """(sign, name of the colour): red only where a false reply was itself seen."""
    sign, style = LOOKS.get(told[0], OTHER)
    if style == "blocked" and told[1]:
        return sign, "direct"
    return sign, "undecided" if style in {"untriggered", "other"} else style


def target_name(target: Target) -> str:
    """A target in a narrow place, with what is asked where that is no page load."""
    return " ".join(filter(None, (short(target), code(target))))


def of_site(making: Making, part: str) -> Figure | None:
    """The map of a part of the whole site: each row is one target on all networks together."""
    book, words = making.book, making.words
    days: dict[str, dict[date, list[Cell]]] = defaultdict(lambda: defaultdict(list))
    for (name, _), by_day in book.days.items():
        for day, cell in by_day.items():
            days[name][day].append(cell)
    rows: list[Line] = []
    for target in _targets(book, part):
        whole = making.on_networks.get(target.id, {})
        if whole:
            told = {day: telling(cells) for day, cells in days[target.id].items()}
            rows.append((target, telling(whole.values()), told, _on_networks(whole)))
    title = words(f"figure.heat.{part}")
    note = words("figure.heat.all")
    return _figure(making, ("heat" if part == "sites" else "heat-words", title, note, "index.html"), rows)


def of_network(making: Making, network: str) -> list[Figure]:
    """The maps of one network: sites and words, where there are any."""
    book, words = making.book, making.words
    found = []
    for part in PARTS:
        rows: list[Line] = []
        for target in _targets(book, part):
            cell = book.cells.get((target.id, network))
            if cell is not None:
                by_day = book.days.get((target.id, network), {})
                told = {day: (one.group, one.direct) for day, one in by_day.items()}
                rows.append((target, telling([cell]), told, (cell.k, cell.n)))
        name = f"heat-{network}" if part == "sites" else f"heat-{network}-words"
        title = words(f"figure.heat.{part}.on", network=network_name(making.networks[network], words))
        figure = _figure(making, (name, title, words("figure.heat.single"), f"networks/{network}.html"), rows)
        if figure is not None:
            found.append(figure)
    return found


Line = tuple[Target, Told, Mapping[date, Told], tuple[int, int]]
"""(what, what was found in the whole time, what by day, so many of so many)."""


def _targets(book: Book, part: str) -> list[Target]:
    return [target for target in book.targets if target.part == part]


def _on_networks(whole: Mapping[str, Cell]) -> tuple[int, int]:
    """On how many networks that decided anything a target shows what its row says."""
    name, _ = telling(whole.values())
    decided = [cell.group for cell in whole.values() if cell.group not in UNDECIDED]
    return decided.count(name), len(decided)


def _figure(making: Making, about: tuple[str, str, str, str], lines: list[Line]) -> Figure | None:
    book, words = making.book, making.words
    name, title, note, page = about
    if book.first is None or book.last is None or not lines:
        return None
    lines.sort(key=lambda line: look(line[1])[1] in _QUIET)
    days = Days.between(book.first.date(), book.last.date())
    on_overview = page == "index.html"
    header = words("figure.heat.networks" if on_overview else "figure.heat.measurements")
    drawn = _map(lines[:ROWS], days, header)
    of_all = [line[1] for line in lines]
    blocked = sum(look(told)[1] in {"blocked", "direct"} for told in of_all)
    part = lines[0][0].part
    counted = words.count(f"n.{part}", len(lines))
    left = words.count("figure.heat.more", len(lines) - ROWS) if len(lines) > ROWS else ""
    scale = words("figure.step", n=f"{days.step}") if days.step > 1 else ""
    alt = words(f"figure.heat.alt.{part}", title=title, what=counted, blocked=f"{blocked:,}", when=making.when)
    drawing = Drawing(
        name=name,
        title=title,
        notes=tuple(filter(None, (words("figure.heat.how"), note, scale, left))),
        alt=alt,
        page=page,
        width=max(LEAST, round(drawn.right + _BESIDE + MARGIN)),
        height=drawn.height,
        body=lambda colours: _drawn(drawn, colours),
        legend=_legend(drawn.looks, words),
        on_overview=on_overview,
    )
    return framed(drawing, making)


def _map(lines: list[Line], days: Days, header: str) -> Map:
    left = MARGIN + _NAME
    rows = [_row(line, days, left, _HEAD + _ROW * place) for place, line in enumerate(lines)]
    looks = sorted({told for line in lines for told in line[2].values()}, key=_order)
    return Map(
        rows=tuple(rows),
        days=days,
        left=left,
        right=left + days.count * days.width,
        height=_HEAD + _ROW * len(rows),
        header=header,
        months=days.months(),
        numbers=days.numbers(),
        looks=tuple(looks),
    )


def _row(line: Line, days: Days, left: int, y: int) -> Row:
    target, whole, by_day, (k, n) = line
    by_column: dict[int, list[Told]] = defaultdict(list)
    for day, told in by_day.items():
        by_column[days.column(day)].append(told)
    places: dict[tuple[str, str], list[float]] = defaultdict(list)
    for column, seen in sorted(by_column.items()):
        told = min(seen, key=_order)
        places[look(told)].append(left + column * days.width)
    runs = [Run(sign=sign, style=style, y=y, xs=tuple(xs)) for (sign, style), xs in sorted(places.items())]
    sign, _ = look(whole)
    return Row(
        name=fitted(target_name(target), _NAME - 10, SMALL + 0.5),
        y=y,
        sign=sign,
        beside=f"{k:,}/{n:,}" if n else "",
        runs=tuple(runs),
    )


def _order(told: Told) -> tuple[tuple[int, str], bool]:
    """The most telling first, and of those what was seen itself."""
    return rank(told[0]), not told[1]


def _legend(looks: Iterable[Told], words: Words) -> tuple[tuple[str, str, str], ...]:
    found: dict[tuple[str, str], str] = {}
    for told in looks:
        sign, colour = look(told)
        name = group_words(told[0], words.lang) if told[0] in LOOKS else told[0]
        shown = words("figure.direct", label=name) if colour == "direct" else name
        seen = found.get((sign, colour), "")
        found[sign, colour] = shown if not seen or seen == shown else f"{seen} / {shown}"
    entries = [(colour, sign, text) for (sign, colour), text in found.items()]
    return (*entries, ("line", "", words("figure.blank")))


def _drawn(drawn: Map, colours: Colours) -> Markup:
    """The cells of one look are one path, so that a quarter of a year of many sites stays small."""
    wide = drawn.days.width - 1
    paths: dict[str, list[str]] = defaultdict(list)
    for row in drawn.rows:
        for run in row.runs:
            paths[run.style] += [f"M{x:g} {row.y + 1}h{wide:g}v{_ROW - 2}h-{wide:g}z" for x in run.xs]
    text = (
        environment()
        .get_template("site/heat.svg.j2")
        .render(
            map=drawn,
            colours=colours,
            paths={style: "".join(path) for style, path in sorted(paths.items())},
            middle=drawn.days.width / 2 - 0.5,
            size=11 if drawn.days.width >= 12 else 8,
            row=_ROW,
            head=_HEAD,
            beside=drawn.right + 8,
            faint=FAINT,
        )
    )
    return Markup(text)  # noqa: S704 -- a template of ours, in which every value was escaped
