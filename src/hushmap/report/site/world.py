"""The world map: in which countries was measured, on how many networks; never what was found there.

A country is no actor and no result: one blocked site on one of its networks would paint all of it. So the map shows
only where somebody measured, and where nobody did. It is drawn from five countries on, for below that a list says
more. Small countries get a dot, so that none is lost; numbers stand beside the shades.
"""

from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import msgspec
from markupsafe import Markup

from hushmap.report.page import environment
from hushmap.report.site.image import MARGIN, Colours, Drawing, Figure, framed
from hushmap.report.site.making import Making

LEAST = 5
"""Countries on the map (UX 4)."""
_DOT = 60
"""Square pixels of a country below which its shade would not be seen."""
_NUMBERS = 60
"""Countries up to which each has its number written on it; beyond that the shades must do."""
SHADES = ((1, 0.4), (2, 0.55), (5, 0.7), (10, 0.85), (25, 1.0))
"""(networks from which a shade is used, its depth): few steps, which the eye can tell apart."""
_DEEP = 0.6
"""Depth from which a number is legible only in the colour of the paper."""


class Country(msgspec.Struct, frozen=True, kw_only=True):
    """A country as it is drawn."""

    at: tuple[int, int]
    size: int
    """Square pixels."""
    path: str


class World(msgspec.Struct, frozen=True, kw_only=True):
    """The borders; `scripts/make_map.py` makes them."""

    width: int
    height: int
    grain: int
    """Parts of a pixel in which places are given."""
    countries: dict[str, Country]
    """By ISO 3166-1 code; what has none there is under the empty one."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A country where somebody measured."""

    code: str
    n: int
    depth: float
    x: float
    y: float
    dot: bool
    path: str


@cache
def borders() -> World:
    """The map, which is read once."""
    return msgspec.json.decode(files("hushmap.report").joinpath("map/world.json").read_bytes(), type=World)


def world(making: Making) -> Figure | None:
    """The map of a site, if it has countries enough."""
    words, drawn = making.words, borders()
    counted = Counter(network.country for network in making.book.networks if network.measurements)
    known = {code: n for code, n in counted.items() if code and code in drawn.countries}
    if len(known) < LEAST:
        return None
    places = _places(drawn, known)
    absent = counted.total() - sum(known.values())
    told = ", ".join(f"{place.code} {place.n:,}" for place in places)
    drawing = Drawing(
        name="world",
        title=words("figure.world"),
        notes=(
            words("figure.world.how"),
            words.count("figure.world.absent", absent) if absent else "",
        ),
        alt=words(
            "figure.world.alt",
            networks=words.count("figure.n.networks", sum(known.values())),
            countries=words.count("figure.n.countries", len(known)),
            when=making.when,
            counts=told,
        ),
        page="index.html",
        width=drawn.width + 2 * MARGIN,
        height=drawn.height + 26,
        body=lambda colours: _drawn(drawn, places, colours, words("figure.world.legend")),
    )
    return framed(drawing, making)


def _places(drawn: World, known: Mapping[str, int]) -> list[Place]:
    found = []
    for code, n in sorted(known.items(), key=lambda one: (-one[1], one[0])):
        country = drawn.countries[code]
        depth = next(depth for least, depth in reversed(SHADES) if n >= least)
        found.append(
            Place(
                code=code,
                n=n,
                depth=depth,
                x=country.at[0] / drawn.grain,
                y=country.at[1] / drawn.grain,
                dot=country.size < _DOT,
                path=country.path,
            )
        )
    return found


def _drawn(drawn: World, places: list[Place], colours: Colours, heading: str) -> Markup:
    mine = {place.code for place in places}
    steps = [
        (depth, f"{least}" if least + 1 == above else f"{least} … {above - 1}" if above else f"{least}+")
        for (least, depth), above in zip(SHADES, [*(least for least, _ in SHADES[1:]), 0], strict=True)
    ]
    text = (
        environment()
        .get_template("site/world.svg.j2")
        .render(
            colours=colours,
            places=places,
            others="".join(country.path for code, country in drawn.countries.items() if code not in mine),
            scale=1 / drawn.grain,
            hair=drawn.grain * 0.5,
            numbers=len(places) <= _NUMBERS,
            deep=_DEEP,
            steps=steps,
            heading=heading,
            foot=drawn.height + 18,
        )
    )
    return Markup(text)  # noqa: S704 -- a template of ours, in which every value was escaped
