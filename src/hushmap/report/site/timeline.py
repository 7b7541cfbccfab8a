"""The chart of changes: what stopped working and what works again, each as the interval in which it came.

A change lies between two measurements, so it is drawn as what lies between them and never as a point. What failed
all the time that was measured has no onset; it is no change, and is not drawn.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import altair as alt

from hushmap.analysis import Sure
from hushmap.report.site.changing import Change, changes, moment, what, where
from hushmap.report.site.image import SMALL, Colours, Figure, fitted
from hushmap.report.site.making import UTC, Making
from hushmap.report.site.vega import ROW, Chart, apart, figure, rows_axis
from hushmap.report.words import Words

INCIDENTS = 40
"""Rows: what a screen holds. The rest are in the files, and the chart says how many."""
_NAME, _TIME = 370.0, 560
"""Width of a name, which has two halves here, and of the time."""


def timeline(making: Making) -> Figure | None:
    """The incidents whose onset or lifting was seen, the newest change first."""
    words = making.words
    by_incident: dict[str, list[Change]] = {}
    for change in changes(making.book):
        by_incident.setdefault(change.incident.id, []).append(change)
    if not by_incident:
        return None
    shown = list(by_incident.values())[:INCIDENTS]
    names = apart(_name(mine[0], words) for mine in shown)
    spans = [span for name, mine in zip(names, shown, strict=True) for span in _spans(name, mine)]
    told = [change for mine in by_incident.values() for change in mine]
    works = sum(change.works for change in told)
    more = len(by_incident) - len(shown)
    chart = Chart(
        name="changes",
        title=words("figure.changes"),
        notes=(words("figure.changes.how"), words.count("figure.changes.more", more) if more else ""),
        alt=words("figure.changes.alt", when=making.when, stopped=f"{len(told) - works:,}", works=f"{works:,}"),
        spec=lambda colours: _drawn(spans, names, colours),
    )
    return figure(chart, making)


def _name(change: Change, words: Words) -> str:
    one = change.incident
    return fitted(f"{what(one, words)} · {where(one, words)}", _NAME - 10, SMALL)


def _spans(name: str, mine: Sequence[Change]) -> list[dict[str, Any]]:
    """What is drawn in one row: where it was seen failing, and for each change what it lies between."""
    one = mine[0].incident
    sure = all(change.sure is Sure.CONFIRMED for change in mine)
    failing = {
        "name": name,
        "from": _at(moment(one.onset_first_failing)),
        "to": _at(moment(one.last_failing)),
        "kind": "sure" if sure else "first",
        "sign": "",
    }
    between = [
        {
            "name": name,
            "from": _at(change.before),
            "to": _at(change.after),
            "kind": "between",
            "sign": "▲" if change.works else "▼",
        }
        for change in mine
    ]
    return [failing, *between]


def _at(time: datetime) -> str:
    return time.strftime(UTC)


def _drawn(spans: list[dict[str, Any]], names: list[str], colours: Colours) -> alt.TopLevelMixin:
    axis = alt.Axis(title=None, orient="top", format="%Y-%m-%d", labelOverlap="greedy", tickCount=6, grid=True)
    utc = alt.Scale(type="utc", nice=False)
    base = alt.Chart().encode(
        x=alt.X("from:T", scale=utc, axis=axis),
        y=alt.Y("name:N", sort=names, title=None, axis=rows_axis(names)),
    )
    bars = base.encode(x2="to:T")
    between = bars.transform_filter("datum.kind == 'between'").mark_bar(height=3, color=colours["soft"])
    sure = bars.transform_filter("datum.kind == 'sure'").mark_bar(
        height=10, color=colours["accent"], stroke=colours["accent"], strokeWidth=1.5
    )
    first = bars.transform_filter("datum.kind == 'first'").mark_bar(
        height=10, color=colours["paper"], stroke=colours["accent"], strokeWidth=1.5
    )
    signs = (
        base.transform_filter("datum.kind == 'between'")
        .mark_text(fontSize=13, baseline="middle", color=colours["ink"])
        .encode(x=alt.X("to:T", scale=utc), text="sign:N")
    )
    return alt.layer(between, sure, first, signs, data=alt.InlineData(values=spans)).properties(
        width=_TIME, height=alt.Step(ROW)
    )
