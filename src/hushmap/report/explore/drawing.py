"""The one drawing of the explorer: measurements by day and result, as a specification that Vega-Lite draws.

Its script is our own file, so the strict policy stands; it evaluates expressions without making code of them. A day
that was not measured has no bar and stays a gap on a true scale of time. Colours are the page's, which the script
looks up by name, so that light and dark are one specification.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from hushmap.report.explore.history import Days
from hushmap.report.words import Words

_HEIGHT = 220
"""Pixels: a bar's parts can be told apart, and the table below is still seen."""


def drawing(days: Sequence[Mapping[str, Any]], view: Days, words: Words) -> dict[str, Any]:
    """The specification for some days, as `history.days` tells them to programs."""
    names = [told for _, _, told in view.groups]
    styles = [style for _, style, _ in view.groups]
    values = [
        {"day": f"{day['day']}", "group": name, "n": count, "order": place}
        for day in days
        if day["counts"] is not None
        for place, (name, count) in enumerate(zip(names, day["counts"].values(), strict=True))
        if count
    ]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": words("explore.days.drawn"),
        "usermeta": {"styles": styles},
        "width": "container",
        "height": _HEIGHT,
        "autosize": {"type": "fit", "contains": "padding"},
        "data": {"values": values},
        "mark": {"type": "bar"},
        "encoding": {
            "x": {
                "field": "day",
                "type": "temporal",
                "timeUnit": "utcyearmonthdate",
                "title": words("explore.day"),
                "axis": {"format": "%Y-%m-%d", "labelOverlap": True},
            },
            "y": {"field": "n", "type": "quantitative", "aggregate": "sum", "title": words("site.measurements")},
            "color": {
                "field": "group",
                "type": "nominal",
                "title": None,
                "scale": {"domain": names, "range": []},
                "legend": {"orient": "bottom", "columns": 2},
            },
            "order": {"field": "order", "type": "quantitative"},
        },
    }
