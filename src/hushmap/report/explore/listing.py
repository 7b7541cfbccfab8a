"""The explorer's first page: what is meant, as targets by networks, a page at a time.

Every number is of all that is meant, also of what has no room: the key sentence counts all targets, and a list says
how many it leaves to its next page. Networks that have no room beside each other are told, never cut off in silence.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from hushmap.detect import when_words
from hushmap.report.explore.counting import Listed, moment
from hushmap.report.explore.exploring import Explored, Explorer, Page
from hushmap.report.explore.filtering import Chip, Field, chips, fields
from hushmap.report.explore.narrowing import Narrowing
from hushmap.report.explore.wanted import Wanted, WantedError
from hushmap.report.site.book import Book, Network
from hushmap.report.site.grids import Column, Grid, Row, on_every
from hushmap.report.site.making import UTC, Making
from hushmap.report.site.shown import kind, name, short, shown
from hushmap.report.words import Words

ROWS = 50
"""Targets of one page."""
COLUMNS = 8
"""Networks beside each other: a desktop has room for so many names."""


class Pager(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a list."""

    first: int
    last: int
    of: int
    before: str = ""
    after: str = ""


class View(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows."""

    key: str
    when: str
    fields: tuple[Field, ...]
    chips: tuple[Chip, ...]
    grid: Grid
    targets: Pager
    columns: Pager
    days: str
    finding: bool
    part: str


def page(explorer: Explorer, wanted: Wanted) -> Page:
    """The page of what is meant."""
    counting, words = explorer.counting, explorer.words
    listed = counting.listed(wanted)
    targets = listed.targets[(wanted.page - 1) * ROWS : wanted.page * ROWS].tolist()
    networks = listed.networks[(wanted.columns - 1) * COLUMNS : wanted.columns * COLUMNS].tolist()
    book = explorer.book(wanted, Narrowing(targets=targets, networks=networks))
    explored = Explored(q=" ".join(wanted.q), json=f"/index.json{_here(wanted)}")
    making = explorer.making(book, explored)
    columns = explorer.named(networks=networks).networks
    view = View(
        key=_key(listed, wanted, words),
        when=_when(listed, words),
        fields=fields(counting, wanted, words),
        chips=chips(counting, wanted, words),
        grid=_grid(making, columns),
        targets=pager(wanted, "page", ROWS, len(listed.targets)),
        columns=pager(wanted, "columns", COLUMNS, len(listed.networks)),
        days=f"/days{wanted.address()}",
        finding=wanted.finding,
        part=wanted.part,
    )
    told = _told(book, columns, view, listed)
    values = {"view": view, "has_words": any(one.part == "words" for one in counting.columns.targets)}
    return Page(path="index.html", template="explore", making=making, values=values, told=told)


def _here(wanted: Wanted) -> str:
    return wanted.address(page=wanted.page, columns=wanted.columns)


def _key(listed: Listed, wanted: Wanted, words: Words) -> str:
    """The counts in one sentence, made from nothing else."""
    if not len(listed.targets):
        return words("explore.none")
    what = words.count(f"n.{wanted.part}", len(listed.targets))
    return words(
        f"explore.key.{wanted.part}",
        what=what,
        networks=words.count("n.networks", len(listed.networks)),
        blocked=f"{listed.blocked:,}",
        everywhere=on_every(listed.everywhere, listed.whole, len(listed.targets), words),
        measurements=words.count("explore.measurements", listed.measurements),
    )


def _when(listed: Listed, words: Words) -> str:
    if not listed.measurements:
        return ""
    return when_words(moment(listed.first).strftime(UTC), moment(listed.last).strftime(UTC), words.lang)


def _grid(making: Making, networks: Sequence[Network]) -> Grid:
    """The targets of this page on its networks; one that measured none of them has a column that says so."""
    words, on = making.words, making.on_networks
    columns = tuple(Column(id=one.id, name=name(one, words)) for one in networks)
    rows = tuple(
        Row(
            id=one.id,
            name=short(one),
            kind=kind(one, words),
            cells=tuple(shown(on.get(one.id, {}).get(column.id), words) for column in columns),
        )
        for one in making.book.targets
    )
    return Grid(id="targets", country="", columns=columns, sections=(("", rows),))


def pager(wanted: Wanted, field: str, size: int, of: int) -> Pager:
    """The page of a list that is meant, with the ways to those beside it; `field` counts pages of `size`.

    Raises:
        WantedError: The list ends before it: an empty page would look like a list of nothing.
    """
    here: int = getattr(wanted, field)
    pages = max(1, -(-of // size))
    if here > pages:
        raise WantedError(f"{field}={here}: there is none; the last is {field}={pages}")
    other = {"page": wanted.page, "columns": wanted.columns}
    return Pager(
        first=min(of, (here - 1) * size + 1),
        last=min(of, here * size),
        of=of,
        before=wanted.address(**{**other, field: here - 1}) or "?" if here > 1 else "",
        after=wanted.address(**{**other, field: here + 1}) if here * size < of else "",
    )


def _told(book: Book, columns: Sequence[Network], view: View, listed: Listed) -> dict[str, Any]:
    """For programs: what the page shows, and of how much."""
    measured = {one.id: one for one in book.networks}
    return {
        "page": "index",
        "sentence": view.key,
        "targets": {"of": view.targets.of, "first": view.targets.first, "last": view.targets.last},
        "networks": {"of": view.columns.of, "first": view.columns.first, "last": view.columns.last},
        "measurements": listed.measurements,
        "rows": book.targets,
        "columns": [measured.get(one.id) or _unmeasured(one) for one in columns],
        "cells": cells(book),
    }


def _unmeasured(network: Network) -> dict[str, Any]:
    """A network that measured none of the targets of the page: it has no first time and no last."""
    return msgspec.structs.asdict(network) | {"first": None, "last": None}


def cells(book: Book) -> list[dict[str, Any]]:
    """The cells of a book for programs."""
    return [
        {"target": target, "network": network, **msgspec.structs.asdict(cell)}
        for (target, network), cell in sorted(book.cells.items())
    ]
