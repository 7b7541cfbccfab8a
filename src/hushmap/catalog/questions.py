"""Decks: a question, the lists of things to ask about, and the harmless names that they are compared with.

A deck is found by its name among the shipped ones, or by its path. Its lists are looked for beside it, then in the
folder `lists` next to its own, then among the shipped ones; a list is named by a bare file name, so that a deck from
somebody else can never point at another file of the reader's.
"""

import difflib
import re
from pathlib import Path

import msgspec

from hushmap.catalog.errors import CatalogError, among, shown
from hushmap.catalog.excluded import exclusions
from hushmap.catalog.exporting import SUFFIX, is_exported, read_exported
from hushmap.catalog.lists import EXPERIMENTS, list_of
from hushmap.catalog.names import NameFaultError, public_name
from hushmap.catalog.places import probes_dir
from hushmap.catalog.source import Text, read
from hushmap.catalog.tables import Table, parse
from hushmap.model import Deck, Part, Target

_POSTS_STAY = (
    "a list of posts is not passed on in a deck",
    "give the list by itself, to those who may know whose posts are watched",
)
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_NAME_BYTES = 255
"""Of a file's name, on every system in use (Linux: NAME_MAX)."""
_FILE = re.compile(r"[^/\\\0]{1,100}\.csv")


class DeckInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A shipped deck, as `hushmap deck list` shows it."""

    name: str
    title: str
    experiments: tuple[str, ...]
    targets: int
    path: str


def deck_path(name_or_path: str) -> Path:
    """The file of a deck; `CatalogError` naming the nearest shipped one if there is none."""
    given = Path(name_or_path)
    if "/" in name_or_path or name_or_path.endswith((".toml", SUFFIX)):
        return given
    folder = probes_dir() / "decks"
    path = folder / f"{name_or_path}.toml"
    if _NAME.fullmatch(name_or_path) and path.is_file():
        return path
    names = sorted(found.stem for found in folder.glob("*.toml"))
    near = difflib.get_close_matches(name_or_path, names, n=1)
    remedy = f"did you mean {near[0]}?" if near else f"choose one of {among(names)}, or give a file's path"
    raise CatalogError(name_or_path[:100] or "(no name)", 0, 0, "there is no deck of this name", remedy)


def open_deck(name_or_path: str) -> Deck:
    """Read a deck and all its lists; `CatalogError` at the first fault in any of them."""
    path = deck_path(name_or_path)
    source, within = read_exported(path) if is_exported(path) else (read(path), None)
    table = parse(source)
    table.only({"name", "title", "baselines", "baseline_word", "own_vantage", "part"})
    name = table.text("name")
    if not _NAME.fullmatch(name):
        raise table.fault("name", f"{shown(name)} is no name for a deck", "use small letters, digits and hyphens")
    parts = tuple(_part(path, item, within) for item in table.tables("part"))
    deck = Deck(
        name=name,
        title=table.text("title"),
        sha256=source.sha256,
        baselines=_baselines(table, parts),
        parts=parts,
        baseline_word=_baseline_word(table, parts),
        path=str(path),
        own_vantage=_own_vantage(table),
    )
    _no_target_twice(table, deck)
    return deck


def decks() -> tuple[DeckInfo, ...]:
    """The shipped decks by name."""
    found = [open_deck(str(path)) for path in sorted((probes_dir() / "decks").glob("*.toml"))]
    return tuple(
        DeckInfo(
            name=deck.name,
            title=deck.title,
            experiments=tuple(dict.fromkeys(part.experiment for part in deck.parts)),
            targets=len(deck.targets),
            path=deck.path,
        )
        for deck in found
    )


def deck_texts(name_or_path: str) -> tuple[str, dict[str, str]]:
    """A deck's own text and those of its lists, by name: what an exported deck holds.

    Raises:
        CatalogError: A fault in any of them.
    """
    path = deck_path(name_or_path)
    deck = open_deck(name_or_path)
    if any(part.experiment == "watch" for part in deck.parts):
        raise CatalogError(path, 0, 0, *_POSTS_STAY)
    source, within = read_exported(path) if is_exported(path) else (read(path), {})
    names = dict.fromkeys(part.list for part in deck.parts)
    return source.text, {name: (within.get(name) or read(_list_path(path, name) or path)).text for name in names}


def _list_path(deck: Path, name: str) -> Path | None:
    folders = (deck.parent, deck.parent.parent / "lists", probes_dir() / "lists")
    return next((folder / name for folder in folders if (folder / name).is_file()), None)


def _part(deck: Path, table: Table, within: dict[str, Text] | None) -> Part:
    table.only({"experiment", "list"})
    experiment = table.text("experiment")
    if experiment not in EXPERIMENTS:
        raise table.fault("experiment", f"unknown experiment {shown(experiment)}", f"use {among(EXPERIMENTS)}")
    name = table.text("list")
    if not _FILE.fullmatch(name) or len(name.encode()) > _NAME_BYTES:
        raise table.fault("list", f"{shown(name)} is not a file's bare name", "write a name such as sites.csv")
    if within is not None:
        if experiment == "watch":
            raise table.fault("list", *_POSTS_STAY)
        if name in within:
            return list_of(within[name], experiment)
        raise table.fault("list", f"there is no list {shown(name)} in it", "export the deck again")
    path = _list_path(deck, name)
    if path is not None:
        return list_of(read(path), experiment)
    raise table.fault("list", f"there is no list {shown(name)}", "put it beside the deck or into ../lists")


def _baselines(table: Table, parts: tuple[Part, ...]) -> tuple[str, ...]:
    names = table.texts("baselines")
    if len(names) != 2:
        raise table.fault("baselines", f"{len(names)} baselines", "name exactly two")
    found: list[str] = []
    for name in names:
        try:
            found.append(public_name(name))
        except NameFaultError as fault:
            what, remedy = fault.args
            raise table.fault("baselines", f"baseline {shown(name)} {what}", remedy) from None
        if exclusions().hit(name):
            raise table.fault("baselines", "is on the hard exclusion list", "choose another name")
    if found[0] == found[1]:
        raise table.fault("baselines", "the same baseline twice", "name two different sites")
    for part in parts:
        for target in part.targets:
            if _host_of(target) in found:
                what = f"a baseline is also a target ({target.line})"
                raise table.fault(
                    "baselines", what, "a baseline must be something that nobody blocks: choose another"
                )
    return tuple(found)


def _host_of(target: Target) -> str:
    """The name a target is about; for a word in a URL that is the word, which equals no name."""
    return target.text.split("://")[-1].split("/")[0]


def _own_vantage(table: Table) -> bool:
    value = table.values.get("own_vantage", False)
    if not isinstance(value, bool):
        raise table.fault("own_vantage", "is neither true nor false", "write own_vantage = true, or leave it out")
    return value


def _baseline_word(table: Table, parts: tuple[Part, ...]) -> str:
    if all(part.experiment != "keyword" for part in parts):
        return table.text("baseline_word", "")
    word = table.text("baseline_word")
    if exclusions().hit(word):
        raise table.fault("baseline_word", "is on the hard exclusion list", "choose another word")
    return word


def _no_target_twice(table: Table, deck: Deck) -> None:
    first: dict[str, Target] = {}
    for target in deck.targets:
        other = first.setdefault(target.key, target)
        if other is not target:
            raise table.fault("part", f"{target.line} asks the same as {other.line}", "remove one of the two rows")
