"""Sites by networks: what a reader of several runs looks for first, drawn from verdicts and nothing else.

A cell tells of one target on one network, by a sign and a word: how many of the measurements that decided anything
showed what the cell says. What was not measured is an empty cell and no zero; what decided nothing enters no
number. Words and sites are never in one grid.
"""

from collections import Counter
from collections.abc import Sequence

import msgspec

from hushmap.detect import Group, group, group_words, is_check, is_word, network_words
from hushmap.model import Record, Vantage
from hushmap.report.texts import Words
from hushmap.report.view import LOOKS, OTHER, Entry

_UNDECIDED = Group.UNDECIDED.value
_RANK = {name: rank for rank, name in enumerate(LOOKS)}
"""What a cell says where measurements differ: the first of these that was seen, so that no block is averaged away."""
_FIRST = frozenset({"blocked", "slowed", "unreachable"})
"""Styles by whose number rows are sorted."""


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One network."""

    id: str
    name: str
    """Its name, AS number and country, as far as they are known."""
    vantage: Vantage
    runs: tuple[str, ...]
    started: str
    ended: str
    records: int
    compared: int
    """Verdicts for which another of these networks was asked."""


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One target on one network."""

    sign: str = ""
    style: str = "empty"
    label: str = ""
    """Empty: it was not measured there."""
    k: int = 0
    n: int = 0
    """Of n measurements that decided anything k showed this."""
    undecided: int = 0


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One target."""

    id: str
    target: str
    short: str
    """The same for a narrow column: a front page over HTTPS is told by its host."""
    kind: str
    """The experiment, where it is no page load; for words the place."""
    category: str
    cells: tuple[Cell, ...]
    entries: tuple[Entry | None, ...]
    """For each network the newest measurement that shows what its cell says."""


class Grid(msgspec.Struct, frozen=True, kw_only=True):
    """Targets of one part (sites or words), by category in words, and networks."""

    id: str
    sections: tuple[tuple[str, tuple[Row, ...]], ...]
    blocked: int
    """Targets blocked on at least one network."""
    everywhere: int
    """Targets blocked on every network; one that was not measured somewhere is not among them."""

    @property
    def rows(self) -> tuple[Row, ...]:
        """All of them, in their order."""
        return tuple(row for _, rows in self.sections for row in rows)


def network_of(record: Record) -> tuple[str, ...]:
    """What tells networks apart; one that is not known equals no other, so its run stands for it.

    Where there is an AS number its name makes no second network of it: not everybody says the name.
    """
    vantage = record.vantage
    if vantage.asn is None and not vantage.network:
        return ("", vantage.country or "", record.run)
    if vantage.asn is not None:
        return (f"AS{vantage.asn}", vantage.country or "")
    return ("", vantage.country or "", vantage.network or "")


def columns(entries: Sequence[Entry], words: Words) -> tuple[Column, ...]:
    """The networks, in the order in which they first come."""
    found: dict[tuple[str, ...], list[Entry]] = {}
    for entry in entries:
        found.setdefault(network_of(entry.record), []).append(entry)
    return tuple(_column(number, mine, words) for number, mine in enumerate(found.values(), 1))


def _column(number: int, mine: list[Entry], words: Words) -> Column:
    return Column(
        id=f"network-{number}",
        name=network_words(mine[0].record.vantage, words.lang),
        vantage=mine[0].record.vantage,
        runs=tuple(dict.fromkeys(entry.record.run for entry in mine)),
        started=min(entry.record.started for entry in mine),
        ended=max(entry.record.ended for entry in mine),
        records=len(mine),
        compared=sum(bool(entry.verdict.peers) for entry in mine),
    )


def grids(entries: Sequence[Entry], words: Words) -> tuple[Grid, ...]:
    """Sites, then words; a part without targets is left out, and so is what only checked the measurement."""
    networks = list(dict.fromkeys(network_of(entry.record) for entry in entries))
    parts: dict[str, list[Entry]] = {"sites": [], "words": []}
    for entry in entries:
        if not is_check(entry.record):
            parts["words" if is_word(entry.record) else "sites"].append(entry)
    return tuple(_grid(part, mine, networks, words) for part, mine in parts.items() if mine)


def _grid(part: str, entries: list[Entry], networks: list[tuple[str, ...]], words: Words) -> Grid:
    found: dict[tuple[str, ...], dict[tuple[str, ...], list[Entry]]] = {}
    for entry in entries:
        record = entry.record
        about = record.experiment, record.target, record.layer or "", record.encoding or ""
        found.setdefault(about, {}).setdefault(network_of(record), []).append(entry)
    rows = [
        _row(f"{part}-{number}", [mine.get(network, []) for network in networks], words)
        for number, mine in enumerate(found.values(), 1)
    ]
    rows.sort(key=lambda row: (*_weight(row), row.target))
    by_category: dict[str, list[Row]] = {}
    for row in rows:
        by_category.setdefault(row.category, []).append(row)
    blocked = [row for row in rows if any(cell.style == "blocked" for cell in row.cells)]
    return Grid(
        id=part,
        sections=tuple((name, tuple(mine)) for name, mine in by_category.items()),
        blocked=len(blocked),
        everywhere=sum(all(cell.style == "blocked" for cell in row.cells) for row in blocked),
    )


def _weight(row: Row) -> tuple[int, int]:
    """Most blocked first, then most of what else points to interference."""
    styles = Counter(cell.style for cell in row.cells)
    return -styles["blocked"], -sum(styles[style] for style in _FIRST)


def _row(name: str, by_network: list[list[Entry]], words: Words) -> Row:
    first = next(entry for mine in by_network for entry in mine).record
    told = [_cell(mine, words) for mine in by_network]
    place = " ".join(filter(None, (first.layer, first.encoding)))
    return Row(
        id=name,
        target=first.target,
        short=_short(first.target),
        kind=place or ("" if first.experiment.startswith("web") else first.experiment),
        category=words.category(first.category),
        cells=tuple(cell for cell, _ in told),
        entries=tuple(entry for _, entry in told),
    )


def _short(target: str) -> str:
    host = target.removeprefix("https://").removesuffix("/")
    return host if host and "/" not in host else target


def _cell(mine: list[Entry], words: Words) -> tuple[Cell, Entry | None]:
    if not mine:
        return Cell(), None
    by_group: dict[str, list[Entry]] = {}
    for entry in mine:
        by_group.setdefault(group(entry.verdict, entry.record), []).append(entry)
    undecided = len(by_group.pop(_UNDECIDED, []))
    if not by_group:
        by_group = {_UNDECIDED: mine}
    name = min(by_group, key=lambda name: _RANK.get(name, len(_RANK)))
    sign, style = LOOKS.get(name, OTHER)
    newest = max(by_group[name], key=lambda entry: entry.record.started)
    cell = Cell(
        sign=sign,
        style=style,
        label=group_words(name, words.lang) if name in LOOKS else newest.saying.label,
        k=0 if name == _UNDECIDED else len(by_group[name]),
        n=len(mine) - undecided,
        undecided=undecided,
    )
    return cell, newest
