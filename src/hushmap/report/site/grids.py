"""Targets by networks: the first thing that a reader looks for (UX 4).

Rows are targets by category in words, the most blocked first, columns networks; each cell says with a sign and a word
what was seen, and how many of the measurements that decided anything showed it. What was not measured is an empty
cell and no zero. Words and sites are never in one grid, and of many networks each country has a grid of its own, so
that a row can be read without a ruler.
"""

from collections.abc import Sequence

import msgspec

from hushmap.report.site.again import works_again
from hushmap.report.site.book import Key, Network, Target
from hushmap.report.site.making import Making
from hushmap.report.site.shown import Shown, kind, name, short, shown
from hushmap.report.site.telling import look, weight
from hushmap.report.words import Words

PARTS = ("sites", "words")
"""In the order of the page."""
SIDE_BY_SIDE = 8
"""Networks of several countries that stand in one grid; more are parted by country."""
COLUMNS = 24
"""Networks of one grid: with more nobody finds one; they have pages of their own."""
ROWS = 250
"""Targets of all grids of a part; what is further down has nothing blocked more often, and stands in the lists."""


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One network."""

    id: str
    name: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One target."""

    id: str
    name: str
    kind: str
    cells: tuple[Shown, ...]


class Grid(msgspec.Struct, frozen=True, kw_only=True):
    """Targets of one part on the networks of one country, or on all."""

    id: str
    country: str
    """Its code; empty where all networks stand in one grid, or where it is not known."""
    columns: tuple[Column, ...]
    sections: tuple[tuple[str, tuple[Row, ...]], ...]
    """By category in words."""
    more: int = 0
    """Targets that stand in no grid."""
    more_networks: int = 0
    """Networks that stand in no grid."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Sites, or words."""

    id: str
    key: str
    """The counts in one sentence."""
    grids: tuple[Grid, ...]


def parts(making: Making) -> tuple[Part, ...]:
    """Sites, then words; a part without targets is left out."""
    found = []
    for part in PARTS:
        targets = [one for one in making.book.targets if one.part == part and making.on_networks[one.id]]
        if targets:
            found.append(Part(id=part, key=_key(part, targets, making), grids=tuple(_grids(part, targets, making))))
    return tuple(found)


def _key(part: str, targets: Sequence[Target], making: Making) -> str:
    """The counts in one sentence, made from nothing else."""
    words, on = making.words, making.on_networks
    networks = {network for target in targets for network in on[target.id]}
    blocked = [[look(cell)[1] for cell in on[target.id].values()].count("blocked") for target in targets]
    told = {
        "what": words.count(f"n.{part}", len(targets)),
        "blocked": f"{sum(map(bool, blocked)):,}",
        "when": making.when,
    }
    if len(networks) == 1:
        return words(f"site.key.one.{part}", **told)
    whole = sum(len(on[target.id]) == len(networks) for target in targets)
    every = on_every(sum(count == len(networks) for count in blocked), whole, len(targets), words)
    return words(f"site.key.{part}", networks=words.count("n.networks", len(networks)), everywhere=every, **told)


def on_every(blocked: int, whole: int, of: int, words: Words) -> str:
    """How many are blocked on every network: of the `whole` measured on all of them, where the others are not."""
    if not whole:
        return words("site.key.every.none")
    return words("site.key.every" if whole == of else "site.key.every.of", n=f"{blocked:,}", of=f"{whole:,}")


def _grids(part: str, targets: Sequence[Target], making: Making) -> list[Grid]:
    here = {network for target in targets for network in making.on_networks[target.id]}
    networks = [one for one in making.book.networks if one.id in here]
    countries = dict.fromkeys(one.country for one in networks)
    if len(countries) == 1 or len(networks) <= SIDE_BY_SIDE:
        return [_grid(part, "", networks, targets, making, ROWS)]
    room = max(1, ROWS // len(countries))
    return [
        _grid(part, country, [one for one in networks if one.country == country], targets, making, room)
        for country in countries
    ]


def _cell(making: Making, key: Key) -> Shown:
    target, network = key
    cell = making.on_networks[target].get(network)
    return shown(cell, making.words, again=cell is not None and works_again(making, key, cell))


def _grid(
    part: str, country: str, networks: Sequence[Network], targets: Sequence[Target], making: Making, room: int
) -> Grid:
    words, on = making.words, making.on_networks
    kept = sorted(networks, key=lambda one: -one.measurements)[:COLUMNS]
    columns = [one for one in networks if one in kept]
    ids = [one.id for one in columns]
    mine = [one for one in targets if not on[one.id].keys().isdisjoint(ids)]
    mine.sort(key=lambda one: weight(cell for name, cell in on[one.id].items() if name in ids))
    rows: dict[str, list[Row]] = {}
    for target in mine[:room]:
        cells = tuple(_cell(making, (target.id, name)) for name in ids)
        row = Row(id=target.id, name=short(target), kind=kind(target, words), cells=cells)
        rows.setdefault(words.category(target.category or None), []).append(row)
    return Grid(
        id=f"{part}-{country.lower()}" if country else f"{part}-all",
        country=country,
        columns=tuple(Column(id=one.id, name=name(one, words)) for one in columns),
        sections=tuple((category, tuple(some)) for category, some in rows.items()),
        more=max(0, len(mine) - room),
        more_networks=len(networks) - len(columns),
    )
