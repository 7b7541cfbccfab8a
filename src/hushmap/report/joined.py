"""The page of several networks: sites by networks first, then each site with what is said of it on each.

Like a run's page it ships no script and loads nothing; the same records give the same bytes. It grows by sections:
each is a template of its own, drawn from a value that a pure function made.
"""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import msgspec

from hushmap.detect import LABEL_GROUPS, group_words, when_words
from hushmap.model import Software
from hushmap.report.grid import Cell, Column, Grid, Row, columns, grids
from hushmap.report.page import POLICY, environment
from hushmap.report.texts import Words
from hushmap.report.view import LOOKS, Entry, Shown, shown_of


class JoinedView(msgspec.Struct, frozen=True, kw_only=True):
    """What the page says of all runs together."""

    title: str
    software: Software = msgspec.field(default_factory=Software)
    """What made the page."""
    rules: str = ""
    knowledge: str = ""
    again: str = ""
    """The command that makes the page again."""
    lab: bool = False
    lang: str = "en"


class OnNetwork(msgspec.Struct, frozen=True, kw_only=True):
    """One target on one network, in full."""

    column: Column
    cell: Cell
    shown: Shown | None


def render(view: JoinedView, entries: Sequence[Entry]) -> dict[str, bytes]:
    """The files of the page, by their path in the folder.

    Raises:
        ValueError: there are no texts in the view's language.
    """
    words = Words(view.lang)
    networks, found = columns(entries, words), grids(entries, words)
    page = (
        environment()
        .get_template("joined.html.j2")
        .render(
            policy=POLICY,
            view=view,
            words=words,
            columns=networks,
            grids=[(grid, _heading(grid, words)) for grid in found],
            sites={row.id: _on_networks(row, networks, words) for grid in found for row in grid.rows},
            key=[_key(grid, networks, words) for grid in found],
            when=when_words(
                min((one.started for one in networks), default=""),
                max((one.ended for one in networks), default=""),
                words.lang,
            ),
            facts=[(one, _facts(one, words)) for one in networks],
            decide=[(name, group_words(name, view.lang), *LOOKS[name]) for name in LABEL_GROUPS],
            data=[(name, value) for name, value in _data(view) if value],
        )
    )
    style = files("hushmap.report").joinpath("templates/style.css").read_bytes()
    return {"index.html": page.encode(), "style.css": style}


def _heading(grid: Grid, words: Words) -> tuple[str, str]:
    return words(grid.id), words.count(f"n.{grid.id}", len(grid.rows))


def _key(grid: Grid, networks: tuple[Column, ...], words: Words) -> str:
    """The counts of a grid in one sentence, made from nothing else."""
    what = words.count(f"n.{grid.id}", len(grid.rows))
    if len(networks) == 1:
        return words(f"joined.key.one.{grid.id}", what=what, blocked=f"{grid.blocked:,}")
    return words(
        f"joined.key.{grid.id}",
        what=what,
        networks=words.count("n.networks", len(networks)),
        blocked=f"{grid.blocked:,}",
        everywhere=f"{grid.everywhere:,}",
    )


def _on_networks(row: Row, networks: tuple[Column, ...], words: Words) -> list[OnNetwork]:
    """Every network, also where the target was not measured: the gap is told."""
    return [
        OnNetwork(column=column, cell=cell, shown=None if entry is None else shown_of(entry, words))
        for column, cell, entry in zip(networks, row.cells, row.entries, strict=True)
    ]


def _facts(column: Column, words: Words) -> list[tuple[str, str]]:
    """What a reader should know of a network and of what was done there."""
    vantage = column.vantage
    values = [
        (words("field.when"), when_words(column.started, column.ended, words.lang)),
        (words("field.kind"), vantage.kind or words("known.unknown")),
        (words("field.resolver"), vantage.resolver or words("known.unknown")),
        (words("joined.records"), f"{column.records:,}"),
        (words("joined.compared"), f"{column.compared:,}"),
    ]
    runs = ", ".join(column.runs[:_NAMED]) + (", ..." if len(column.runs) > _NAMED else "")
    return [*values, (words("joined.runs"), runs)]


_NAMED = 3
"""Runs of a network that are named; a month of them is told by its first and last minute."""


def _data(view: JoinedView) -> list[tuple[str, str]]:
    """What a checker needs to come to the same page again."""
    made = f"{view.software.name} {view.software.version}, Python {view.software.python}"
    return [("software", made), ("rules", view.rules), ("knowledge", view.knowledge), ("again", view.again)]


def join(folder: Path, view: JoinedView, entries: Sequence[Entry]) -> Path:
    """Write the page into `folder` and give the path of its first file."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in render(view, entries).items():
        (folder / name).write_bytes(content)
    return folder / "index.html"
