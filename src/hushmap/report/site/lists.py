"""Lists of targets by category, by label and by network: the filters of a site that runs no script."""

from collections.abc import Iterator, Sequence

import msgspec

from hushmap.detect import group_words
from hushmap.report.site.again import works_again
from hushmap.report.site.book import Cell, Network, Target
from hushmap.report.site.making import Making, Pages
from hushmap.report.site.naming import category_list, group_list, network_list
from hushmap.report.site.shown import Line, line, name, rounded_cells
from hushmap.report.view import LOOKS

ROWS = 500
"""Lines of one list: a page that a phone opens; the files have the rest."""
WORDS = "words"


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A list: what it is called, and what stands in it."""

    id: str
    title: str
    kind: str
    """`category`, `label`, `network` or `words`."""
    of: str = ""
    """The category's code, the count group, the network's id."""

    def wants(self, target: Target, network: str, cell: Cell) -> bool:
        """Whether a target's cell on a network, by its id, is in it."""
        if self.kind == "category":
            return target.part == "sites" and target.category == self.of
        if self.kind == WORDS:
            return target.part == "words"
        return self.of == (network if self.kind == "network" else cell.group)


def listed(making: Making) -> tuple[Listed, ...]:
    """Every list of the site, none of them empty."""
    return (*_categories(making), *_labels(making), *_networks(making), *_words(making))


def pages(making: Making) -> Pages:
    """A page for each."""
    every = listed(making)
    for one in every:
        path = f"lists/{one.id}.html"
        yield path, page(making, path, one, every)


def page(making: Making, path: str, one: Listed, every: Sequence[Listed]) -> bytes:
    """One list, with links to those of its kind."""
    lines = [
        (target, network, cell)
        for target in making.book.targets
        for network, cell in _in_order(making, target)
        if one.wants(target, network.id, cell)
    ]
    return making.page(
        path,
        "list",
        listed=one,
        others=[other for other in every if other.kind == one.kind],
        lines=[_line(making, *found) for found in lines[:ROWS]],
        counted=making.words.count("site.n.lines", len(lines)),
        more=max(0, len(lines) - ROWS),
        rounded=rounded_cells((cell for _, _, cell in lines[:ROWS]), making.words, making.book.precision),
    )


def _line(making: Making, target: Target, network: Network, cell: Cell) -> Line:
    again = works_again(making, (target.id, network.id), cell)
    return line(target, network, cell, making.words, again=again)


def _in_order(making: Making, target: Target) -> Iterator[tuple[Network, Cell]]:
    found = making.on_networks.get(target.id, {})
    for network in making.book.networks:
        if network.id in found:
            yield network, found[network.id]


def _categories(making: Making) -> Iterator[Listed]:
    codes = sorted({one.category for one in making.book.targets if one.part == "sites"})
    for code in codes:
        title = making.words.category(code) if code else making.words("site.category.none")
        yield Listed(
            id=category_list(code),
            title=title,
            kind="category",
            of=code,
        )


def _labels(making: Making) -> Iterator[Listed]:
    seen = {cell.group for cell in making.book.cells.values()}
    for group in (*(one for one in LOOKS if one in seen), *sorted(seen - LOOKS.keys())):
        yield Listed(
            id=group_list(group),
            title=group_words(group, making.words.lang) if group in LOOKS else group,
            kind="label",
            of=group,
        )


def _networks(making: Making) -> Iterator[Listed]:
    for one in making.book.networks:
        yield Listed(
            id=network_list(one.id),
            title=name(one, making.words),
            kind="network",
            of=one.id,
        )


def _words(making: Making) -> Iterator[Listed]:
    if any(one.part == "words" for one in making.book.targets):
        yield Listed(id=WORDS, title=making.words("words"), kind=WORDS)
