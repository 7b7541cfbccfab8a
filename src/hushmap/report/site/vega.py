"""Charts drawn by Altair, in the frame that every picture of a site has.

The drawing program measures text with fonts of its own and knows nothing of the time of day, so equal charts are
equal bytes. What stands in a chart is data to it, and was made visible before, whoever wrote it.
"""

import re
from collections.abc import Callable, Iterable

import altair as alt
import msgspec
import vl_convert
from markupsafe import Markup

from hushmap.report.site.image import LEAST, MARGIN, SMALL, Colours, Drawing, Figure, breadth, fitted, framed, palette
from hushmap.report.site.making import Making
from hushmap.report.site.shown import name as network_name

NETWORKS = 60
"""Rows of one chart: two screens. The rest are in tables and files, and the chart says how many."""
NAME, ROW = 230.0, 22
"""Width of a name, height of a row."""
_HEAD = re.compile(r'<svg [^>]*?width="(?P<width>[\d.]+)" height="(?P<height>[\d.]+)"')
_TAG = re.compile(r"<[^<>]+>")
_IDLE = re.compile(r' (?:class|role|aria-[a-z]+|pointer-events|font-family)="[^"]*"')
"""What serves scripts, of which there are none, and fonts other than the frame's; half of a drawing's bytes."""
_TOP = 8
"""Room above, for dates that a wider font makes longer than the program knows."""
_WIDEST = 1.12
"""Of the widths that we reckon with: DejaVu Sans, which many have and nobody's is wider."""
_PAD = 6
"""Between a name and its row."""
_NO_LIMIT = 0
"""Names were cut by us."""
_NAMED = re.compile(r'(?<= id=")[^"]+(?=")|(?<=url\(#)[^)]+(?=\))')
"""What a drawing calls a part of itself, and where it says so again."""
_FONT = "sans-serif"
"""What the drawing program measures text with, for it carries it; in the picture those of the frame stand."""

Spec = Callable[[Colours], alt.TopLevelMixin]
"""Draws a chart in the given colours."""


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """A chart and what is said of it."""

    name: str
    title: str
    notes: tuple[str, ...]
    """How to read it; empty ones are left out."""
    alt: str
    spec: Spec


def figure(chart: Chart, making: Making) -> Figure:
    """The chart in its frame."""
    inner = {dark: _svg(chart.spec, palette(dark=dark)) for dark in (False, True)}
    size = _HEAD.match(inner[False])
    if size is None:
        raise ValueError(f"the chart {chart.name} was not drawn as SVG")
    width = round(float(size["width"])) + 2 * MARGIN
    place = f'<svg x="{MARGIN}" y="{_TOP}" overflow="visible" '
    by_paper = {palette(dark=dark)["paper"]: Markup(place + svg[5:]) for dark, svg in inner.items()}  # noqa: S704 -- by our own program
    drawing = Drawing(
        name=chart.name,
        title=chart.title,
        notes=tuple(filter(None, chart.notes)),
        alt=chart.alt,
        page="index.html",
        width=max(LEAST, width),
        height=round(float(size["height"])) + _TOP,
        body=lambda colours: by_paper[colours["paper"]],
    )
    return framed(drawing, making)


def _svg(spec: Spec, colours: Colours) -> str:
    chart = spec(colours).configure(aria=False, font=_FONT, background=colours["paper"], padding=0)
    chart = chart.configure_view(stroke=None).configure_axis(
        labelColor=colours["ink"],
        labelFontSize=SMALL,
        domain=False,
        ticks=False,
        gridColor=colours["line"],
        gridOpacity=0.7,
        labelPadding=_PAD,
    )
    chart = chart.configure_header(labelColor=colours["ink"], labelPadding=4).configure_legend(
        labelColor=colours["ink"], titleColor=colours["soft"], titleFontWeight="normal", gradientLength=100
    )
    return _plain(vl_convert.vegalite_to_svg(chart.to_dict()))


def _plain(svg: str) -> str:
    """A drawing without what serves scripts, its names counted anew: the program counts them as long as it runs."""
    names: dict[str, str] = {}

    def anew(found: re.Match[str]) -> str:
        return names.setdefault(found[0], f"part{len(names)}")

    return _TAG.sub(lambda tag: _NAMED.sub(anew, _IDLE.sub("", tag[0])), svg)


def named(making: Making) -> dict[str, str]:
    """The names of the networks that a chart has room for, by id, each another one, in the order of the site."""
    shown = making.book.networks[:NETWORKS]
    names = apart(fitted(network_name(network, making.words), NAME - 10, SMALL) for network in shown)
    return dict(zip((network.id for network in shown), names, strict=True))


def rest(making: Making) -> str:
    """How many networks have no row; empty: none."""
    left = len(making.book.networks) - NETWORKS
    return making.words.count("figure.more.networks", left) if left > 0 else ""


def rows_axis(names: Iterable[str]) -> alt.Axis:
    """The axis of rows, with room for their names in any reader's font; the program knows only its own narrow one."""
    widest = max((breadth(name, SMALL) for name in names), default=0) * _WIDEST
    return alt.Axis(minExtent=widest + _PAD, labelLimit=_NO_LIMIT)


def apart(names: Iterable[str]) -> list[str]:
    """The names, each made another one: two rows of one name would be drawn as one."""
    found: list[str] = []
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found
