"""FLOOR 7: pages for people, without a script: what a run found, and the evidence for each word of it.

page  a run's page as bytes, and writing it     view       what the page shows, drawn from records and verdicts
waterfall  one decisive pair, step by step      chart      counts as one SVG drawing
joined  the page of several networks            grid       sites by networks
texts, texts_en, texts_zh  the page's own words
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hushmap.report.joined import JoinedView, join
    from hushmap.report.page import render, write
    from hushmap.report.view import Entry, RunView

_HOMES = {
    "Entry": "view",
    "JoinedView": "joined",
    "RunView": "view",
    "join": "joined",
    "render": "page",
    "write": "page",
}
__all__ = ["Entry", "JoinedView", "RunView", "join", "render", "write"]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
