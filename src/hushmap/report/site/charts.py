"""Two charts of an overview: what was measured where and when, and what was found on which network.

Each answers one question and says in numbers what its colours say. Nothing that was not measured is drawn, and no
share is averaged over networks; targets of one part are never added to those of another.
"""

from collections import Counter
from typing import Any

import altair as alt

from hushmap.detect import group_words
from hushmap.report.site.days import Days
from hushmap.report.site.heat import look
from hushmap.report.site.image import SMALL, Colours, Figure, wrapped
from hushmap.report.site.making import Making
from hushmap.report.site.vega import ROW, Chart, figure, named, rest, rows_axis
from hushmap.report.view import LOOKS

_GROUP = 92
"""Width of the bars of one label: its name in two lines."""
_BREAK = "|"
"""Where a heading breaks; the drawing program has no lines of its own."""
_ROOM = 1.5
"""Of the longest bar: its number stands beside it."""
_DEEP = 0.3
"""Share of the most from which a number is legible only in the colour of the paper."""
_THOUSAND = 1000


def coverage(making: Making) -> Figure | None:
    """Measurements by day and network: a day that is blank is a gap, and says nothing of any target."""
    book, words = making.book, making.words
    if book.first is None or book.last is None or not book.measured:
        return None
    days = Days.between(book.first.date(), book.last.date())
    names = named(making)
    counted: Counter[tuple[str, int]] = Counter()
    for (network, day), n in book.measured.items():
        if network in names and n:
            counted[network, days.column(day)] += n
    rows = [
        {"network": names[network], "day": f"{days.start(column)}", "n": n, "text": _short(n)}
        for (network, column), n in sorted(counted.items())
    ]
    gaps = days.count * len(names) - len(counted)
    about = {
        "what": words.count("figure.n.measurements", sum(book.measured.values())),
        "networks": words.count("figure.n.networks", len(book.networks)),
        "gaps": words.count("figure.n.gaps" if days.step == 1 else "figure.n.spans", gaps),
    }
    chart = Chart(
        name="coverage",
        title=words("figure.coverage"),
        notes=(words("figure.coverage.how"), step_words(days, making), rest(making)),
        alt=words("figure.coverage.alt", when=making.when, **about),
        spec=lambda colours: _cells(rows, list(names.values()), days, colours, words("figure.measurements")),
    )
    return figure(chart, making)


def step_words(days: Days, making: Making) -> str:
    """What a column stands for, where it is not a day."""
    return making.words("figure.step", n=f"{days.step}") if days.step > 1 else ""


def _cells(
    rows: list[dict[str, Any]], names: list[str], days: Days, colours: Colours, heading: str
) -> alt.TopLevelMixin:
    starts = [f"{days.start(column)}" for column in range(days.count)]
    written = days.width >= ROW
    axis = alt.Axis(
        title=None,
        orient="top",
        labelAngle=-90,
        labelExpr="slice(datum.value, 5)",
        labelOverlap="greedy",
        labelPadding=3,
    )
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("day:O", scale=alt.Scale(domain=starts, paddingInner=0.06), axis=axis),
        y=alt.Y("network:N", scale=alt.Scale(domain=names, paddingInner=0.08), title=None, axis=rows_axis(names)),
    )
    most = max(row["n"] for row in rows)
    shade = alt.Scale(type="sqrt", domain=[0, most], range=[colours["pale"], colours["accent"]])
    legend = None if written else alt.Legend(title=heading, orient="right", format="d")
    cells = base.mark_rect().encode(color=alt.Color("n:Q", scale=shade, legend=legend))
    ink = alt.condition(f"datum.n > {most * _DEEP}", alt.value(colours["paper"]), alt.value(colours["ink"]))
    numbers = base.mark_text(fontSize=9.5).encode(text="text:N", color=ink)
    drawn = alt.layer(cells, numbers) if written else alt.layer(cells)
    return drawn.properties(width=days.count * days.width, height=alt.Step(ROW))


def _short(n: int) -> str:
    """A number of at most four characters."""
    return f"{n}" if n < _THOUSAND else f"{n / _THOUSAND:.1f}k" if n < 10 * _THOUSAND else f"{n // _THOUSAND}k"


def labels(making: Making, part: str) -> Figure | None:
    """How many targets show what on each network; a column for each label, so that no colour is needed to read it."""
    book, words = making.book, making.words
    names = named(making)
    mine = {target.id for target in book.targets if target.part == part}
    counted = Counter(
        (network, cell.group) for (target, network), cell in book.cells.items() if target in mine and network in names
    )
    if not counted:
        return None
    seen = {group for _, group in counted}
    groups = [*(group for group in LOOKS if group in seen), *sorted(seen - set(LOOKS))]
    heads = {group: _BREAK.join(_head(group, words.lang)) for group in groups}
    networks = [network for network in names if any(counted[network, group] for group in groups)]
    rows = [
        {
            "network": names[network],
            "group": heads[group],
            "n": counted[network, group],
            "style": look((group, False))[1],
        }
        for network in networks
        for group in groups
    ]
    totals = {group: sum(counted[network, group] for network in networks) for group in groups}
    told = "; ".join(f"{heads[group].replace(_BREAK, ' ')}: {totals[group]:,}" for group in groups)
    title = words(f"figure.labels.{part}")
    chart = Chart(
        name="labels" if part == "sites" else "labels-words",
        title=title,
        notes=(words("figure.labels.how"), rest(making)),
        alt=words("figure.labels.alt", title=title, when=making.when, counts=told),
        spec=lambda colours: _bars(rows, [names[network] for network in networks], list(heads.values()), colours),
    )
    return figure(chart, making)


def _head(group: str, lang: str) -> list[str]:
    """A label over its column, in lines, after its sign."""
    name = group_words(group, lang) if group in LOOKS else group
    return wrapped(f"{look((group, False))[0]} {name}", _GROUP, SMALL)


def _bars(rows: list[dict[str, Any]], names: list[str], heads: list[str], colours: Colours) -> alt.TopLevelMixin:
    used = sorted({row["style"] for row in rows})
    fill = alt.Scale(domain=used, range=[colours[style] for style in used])
    longest = max(row["n"] for row in rows) * _ROOM
    base = alt.Chart().encode(
        y=alt.Y("network:N", sort=names, title=None, axis=rows_axis(names)),
        x=alt.X("n:Q", axis=None, scale=alt.Scale(domain=[0, longest])),
    )
    shown = base.transform_filter("datum.n > 0")
    bars = shown.mark_bar(height=11, cornerRadiusEnd=2).encode(color=alt.Color("style:N", scale=fill, legend=None))
    numbers = shown.mark_text(align="left", dx=4, fontSize=SMALL, color=colours["ink"]).encode(
        text=alt.Text("n:Q", format=",")
    )
    header = alt.Header(
        title=None,
        labelExpr=f"split(datum.value, '{_BREAK}')",
        labelAlign="left",
        labelAnchor="start",
        labelFontSize=SMALL,
    )
    return (
        alt.layer(bars, numbers, data=alt.InlineData(values=rows))
        .properties(width=_GROUP, height=alt.Step(ROW))
        .facet(column=alt.Column("group:N", sort=heads, header=header), spacing=8)
    )
