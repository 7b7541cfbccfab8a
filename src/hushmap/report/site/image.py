"""Pictures of a site as files: one frame for all of them, light and dark, as SVG and as PNG.

A picture travels without its page, so each one carries its heading, how to read it, the source, the dates and the
page's id inside (UX 4). It is an image to the browser and cannot see the style sheet; its colours are read out of
that sheet when the site is made, so that there is one palette. Every colour stands in an attribute, since a policy
without inline style is the policy of our pages.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import msgspec
import vl_convert
from markupsafe import Markup

from hushmap.detect import visible
from hushmap.report.page import environment
from hushmap.report.site.making import Making

SIZE, SMALL = 13, 11.5
"""Sizes of text, near a browser's own small text, so that a picture reads like its page."""
MARGIN = 16
FONTS = "system-ui, 'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', sans-serif"
"""A reader's own; a PNG takes what this machine has."""
LEAST = 560
"""Width of the narrowest picture: below it the source takes more room than what it is the source of."""
_TITLE = 160
"""Characters of a title: two lines of a narrow picture."""
_HEADING, _LINE = 17, 17
"""Size of the heading; from one line of small text to the next."""
_NARROW, _WIDE = 0.58, 1.02
"""Widths of a character by its size: a generous mean of common sans-serif fonts, for nobody knows the reader's."""
FAINT = frozenset({"reachable", "undecided", "elsewhere"})
"""Colours that are laid on thinly, with the sign in the full colour: what asks for no second look stays quiet."""
_COLOUR = re.compile(r"--([a-z]+): (#[0-9a-f]{6});")
_DARK = re.compile(r"@media[^{]*prefers-color-scheme: dark[^{]*\{\s*:root \{(?P<own>[^}]*)\}")
_LIGHT = re.compile(r":root \{(?P<own>[^}]*)\}")

_SIGN = ("\u2715", "\u00d7")
"""A cross that few fonts have, and one that all have: a word beside the first would be drawn in bold."""

Colours = Mapping[str, str]
"""Name of a colour in the style sheet -> `#rrggbb`."""


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A picture, ready to be shown and written."""

    name: str
    title: str
    alt: str
    """What it shows, for those who do not see it; the figures are in the tables and files of the site."""
    width: int
    height: int
    light: bytes
    dark: bytes
    on_overview: bool = True
    """Whether it is about the whole site, and not about one network."""

    @property
    def file(self) -> str:
        """Where it lies in the site's folder."""
        return f"img/{self.name}.svg"

    @property
    def dark_file(self) -> str:
        """The same for who reads light on dark."""
        return f"img/{self.name}-dark.svg"


class Drawing(msgspec.Struct, frozen=True, kw_only=True):
    """What goes into the frame."""

    name: str
    title: str
    notes: tuple[str, ...]
    """How to read it: a paragraph each."""
    alt: str
    page: str
    """Path of the page that it belongs to; its id stands in the picture."""
    width: int
    height: int
    body: Callable[[Colours], Markup]
    """Draws it at (0, 0) in the given colours."""
    legend: tuple[tuple[str, str, str], ...] = ()
    """(name of a colour, sign, words)."""
    on_overview: bool = True


@cache
def palette(*, dark: bool = False) -> Colours:
    """The colours of the style sheet; in the dark those that it does not say again are the light ones."""
    sheet = files("hushmap.report").joinpath("templates/style.css").read_text(encoding="utf-8")
    found = _LIGHT.search(sheet)
    colours = dict(_COLOUR.findall(found["own"])) if found else {}
    if dark and (other := _DARK.search(sheet)):
        colours |= dict(_COLOUR.findall(other["own"]))
    return MappingProxyType(colours)


def framed(drawing: Drawing, making: Making) -> Figure:
    """The drawing in its frame, in both sets of colours."""
    words, about = making.words, making.book.about
    inner = drawing.width - 2 * MARGIN
    source = words("figure.source", title=visible(about.title, _TITLE), when=making.when, version=f"{about.version}")
    end = words("figure.made", page=making.id(drawing.page), version=about.software.version)
    lab = (words("lab"),) if about.lab else ()
    heading = wrapped(visible(drawing.title, _TITLE), inner, _HEADING)
    notes = [line for note in drawing.notes for line in wrapped(note, inner, SMALL)]
    legend, legend_lines = _legend(drawing.legend, inner)
    sources = [line for text in (*lab, source, end) for line in wrapped(text, inner, SMALL)]
    top = MARGIN + (_HEADING + 5) * len(heading) + _LINE * (len(notes) + legend_lines) + 12
    height = round(top + drawing.height + 14 + _LINE * len(sources) + MARGIN / 2)

    def drawn(*, dark: bool) -> bytes:
        colours = palette(dark=dark)
        told = (
            environment()
            .get_template("site/figure.svg.j2")
            .render(
                drawing=drawing,
                body=drawing.body(colours),
                colours=colours,
                heading=heading,
                notes=notes,
                legend=legend,
                sources=sources,
                top=top,
                height=height,
                rtl=words.direction == "rtl",
                words=words,
                faint=FAINT,
                fonts=FONTS,
            )
        )
        return told.encode()

    return Figure(
        name=drawing.name,
        title=drawing.title,
        alt=drawing.alt,
        width=drawing.width,
        height=height,
        light=drawn(dark=False),
        dark=drawn(dark=True),
        on_overview=drawing.on_overview,
    )


def _legend(entries: tuple[tuple[str, str, str], ...], width: float) -> tuple[list[dict[str, object]], int]:
    """Where each entry stands, by (x, line), and how many lines that takes."""
    placed: list[dict[str, object]] = []
    x, line = 0.0, 0
    for colour, sign, text in entries:
        wide = 24 + breadth(text, SMALL) + 14
        if x and x + wide > width:
            x, line = 0.0, line + 1
        placed.append({"x": round(x, 1), "line": line, "colour": colour, "sign": sign, "text": text})
        x += wide
    return placed, line + 1 if placed else 0


def breadth(text: str, size: float = SIZE) -> float:
    """About how wide a text is."""
    return size * sum(_WIDE if unicodedata.east_asian_width(char) in "WF" else _NARROW for char in text)


def fitted(text: str, width: float, size: float = SIZE) -> str:
    """A text that is not wider, cut with an ellipsis if need be."""
    if breadth(text, size) <= width:
        return text
    left = width - breadth("…", size)
    kept = ""
    for char in text:
        left -= breadth(char, size)
        if left < 0:
            break
        kept += char
    return f"{kept}…"


def wrapped(text: str, width: float, size: float = SIZE) -> list[str]:
    """A text in lines; it breaks at spaces, and beside Chinese characters."""
    lines, line = [], ""
    for piece in re.findall(r"[^\s\u2e80-\uffef]+\s*|[\u2e80-\uffef]\s*", text):
        if line and breadth((line + piece).rstrip(), size) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [fitted(line, width, size) for line in (*lines, line.rstrip()) if line]


def named_files(figure: Figure, *, png: bool = False) -> Iterator[tuple[str, bytes]]:
    """(path in the site's folder, content) of one picture."""
    yield figure.file, figure.light
    yield figure.dark_file, figure.dark
    if png:
        yield f"img/{figure.name}.png", as_png(figure.light)


def as_png(svg: bytes) -> bytes:
    """A picture as pixels, twice as fine as on screen: for papers and for programs that know no SVG."""
    return bytes(vl_convert.svg_to_png(svg.decode().replace(*_SIGN), scale=2.0))


@cache
def missing(text: str) -> bool:
    """Whether this machine has no font for a text, so that a PNG would not show it; SVG uses the reader's fonts."""
    frame = f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" font-family="{FONTS}">'
    inner = (f'{frame}<text y="30" font-size="20">{told}</text></svg>' for told in ("", "\U0010fffd", text))
    blank, unknown, shown = (as_png(svg.encode()) for svg in inner)
    return shown in {blank, unknown}
