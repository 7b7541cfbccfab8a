"""A deck as one file: the question and every list that it asks about, with a hash over all of it.

So that a group asks the same thing to the letter: a deck that names lists by file means whatever lies beside it, an
exported one holds them. It is JSON, texts as they were; what was changed afterwards is seen by its hash, and what
comes from somebody else is shown as a difference before it is asked (hushmap run).
"""

import hashlib
from pathlib import Path

import msgspec

from hushmap.catalog.errors import CatalogError
from hushmap.catalog.source import Text, read, text_of

SCHEMA = "hushmap.deck/1"
SUFFIX = ".deck"


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """An exported deck."""

    schema: str = SCHEMA
    name: str
    sha256: str
    """Over deck and lists: see `digest`."""
    deck: str
    """The deck's own TOML."""
    lists: dict[str, str]
    """By file name."""


def digest(deck: str, lists: dict[str, str]) -> str:
    """The hash of a deck with its lists: of the JSON of their pairs, lists by name."""
    told = [["deck", deck], *([name, lists[name]] for name in sorted(lists))]
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()


def exported(name: str, deck: str, lists: dict[str, str]) -> bytes:
    """The file of a deck: the same question is the same bytes."""
    told = Exported(name=name, sha256=digest(deck, lists), deck=deck, lists=dict(sorted(lists.items())))
    return msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n"


def is_exported(path: Path) -> bool:
    """Whether a path is meant to be an exported deck."""
    return path.suffix == SUFFIX


def read_exported(path: Path) -> tuple[Text, dict[str, Text]]:
    """The deck's text and those of its lists; the deck's hash is the file's own.

    Raises:
        CatalogError: It is none, or not what its hash says.
    """
    source = read(path)
    ask = "ask whoever exported it for the file again"
    try:
        found = msgspec.json.decode(source.text, type=Exported)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise CatalogError(path, 0, 0, f"is no exported deck: {error}", ask) from None
    if found.schema != SCHEMA:
        raise CatalogError(path, 0, 0, f"has the schema {found.schema[:60]!r}", "take a newer hushmap")
    if found.sha256 != digest(found.deck, found.lists):
        raise CatalogError(path, 0, 0, "is not what its hash says", ask)
    deck = msgspec.structs.replace(text_of(str(path), found.deck.encode()), sha256=source.sha256)
    lists = {name: text_of(f"{path}/{name}", text.encode()) for name, text in found.lists.items()}
    return deck, lists
