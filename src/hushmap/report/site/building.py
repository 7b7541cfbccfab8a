"""All files of a site, one after another: whoever writes them holds one page in memory and never the site."""

from importlib.resources import files

from hushmap.report.site import (
    campaigns,
    cases,
    citing,
    feed,
    figures,
    incident,
    lists,
    method,
    networks,
    overview,
    target,
    trigger,
)
from hushmap.report.site.making import Kind, Making, Pages

KINDS: tuple[Kind, ...] = (
    overview.pages,
    lists.pages,
    networks.pages,
    target.pages,
    trigger.pages,
    incident.pages,
    cases.pages,
    campaigns.pages,
    feed.pages,
    citing.pages,
    method.pages,
)
"""The kinds of pages, the overview first."""


def build(making: Making, *, png: bool = False) -> Pages:
    """Every file of a site; equal input makes equal bytes. With `png` pictures come as PNG too."""
    yield "style.css", files("hushmap.report").joinpath("templates/style.css").read_bytes()
    for kind in KINDS:
        yield from kind(making)
    yield from figures.pages(making, png=png)
