"""Which targets are on: a deck, files and single addresses, and what was switched.

A person who types an address has named it, and so switched it on; a row of a file that nobody has put into a category
stays off until the person says once that they know what is in the file (METHOD 5).
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from hushmap.catalog import NONE, off_by_default, open_deck, part_from_urls, sites_from_file, switch
from hushmap.cli.fault import Fault
from hushmap.cli.options import Wishes
from hushmap.model import Deck, Part, Target
from hushmap.runs import fetched

BASELINES = ("www.example.com", "www.iana.org", "www.rfc-editor.org", "www.ietf.org")
"""Harmless names for a list without a deck, the first two that are not themselves asked about: IANA's own (RFC 2606)
and those of the Internet's standards; on different servers. own knowledge, unchecked."""

OWN_LIST = "own-list"
"""The deck's name where there is only a list."""


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be asked about."""

    deck: Deck
    on: tuple[Target, ...]
    off: tuple[Target, ...]
    sources: tuple[Part, ...]
    """The deck's parts and the lists given beside it."""

    @property
    def risk(self) -> tuple[str, ...]:
        """What of the targets needs a consent of its own: their risky categories, and `none`."""
        return risk_of(self.on)

    @property
    def words(self) -> int:
        """How many are words."""
        return sum(target.place is not None for target in self.on)


def risk_of(targets: Iterable[Target]) -> tuple[str, ...]:
    """The categories of targets that are off unless they are named, and `none`."""
    return tuple(sorted({target.category or NONE for target in targets if off_by_default(target)}))


def choose(wishes: Wishes, *, uncategorised: bool = False) -> Chosen:
    """The targets that `wishes` name. `uncategorised`: the person has said that rows without a category may be on.

    Raises:
        Fault: Nothing is named, or something that only a deck's author can put right.
        CatalogError: A fault in a deck, a list or an address.
    """
    given = tuple(sites_from_file(local_list(path)) for path in wishes.files)
    named = (part_from_urls(wishes.urls),) if wishes.urls else ()
    if wishes.deck is not None:
        deck = open_deck(local_deck(wishes.deck))
    elif given or named:
        deck = _deck_of(*given, *named)
    else:
        raise Fault("nothing to measure was named; choose a deck (hushmap deck list), or give -i URL or -f FILE")
    sources = (*deck.parts, *given, *named) if wishes.deck is not None else (*given, *named)
    once: dict[str, Target] = {}
    for part in sources:
        for target in part.targets:
            once.setdefault(target.key, target)
    _apart(deck, tuple(once.values()))
    with_ = {*wishes.with_, *(target.text for part in named for target in part.targets)}
    on, off = switch(once.values(), with_ | ({NONE} if uncategorised else set()), set(wishes.without))
    return Chosen(deck=deck, on=on, off=off, sources=sources)


def local_deck(name: str) -> str:
    """A deck's path where `NAME.toml` lies in the current folder; else the name, for the shipped ones."""
    path = Path(f"{name}.toml")
    return str(path) if "/" not in name and path.is_file() else name


def local_list(name: str) -> str:
    """A file here; else the list of this name that was fetched (`hushmap fetch lists`), its `.csv` said or not."""
    if "/" in name or Path(name).exists():
        return name
    return next((str(path) for path in fetched("lists") if name in {path.name, path.stem}), name)


def _deck_of(*parts: Part) -> Deck:
    hosts = {host_of(target.text) for part in parts for target in part.targets}
    baselines = tuple(name for name in BASELINES if name not in hosts)[:2]
    if len(baselines) < 2:
        raise Fault(f"the list holds {', '.join(hosts & {*BASELINES})}: write a deck with baselines of your own "
                    "(hushmap deck new)")  # fmt: skip
    digest = hashlib.sha256("".join(part.sha256 for part in parts).encode()).hexdigest()
    return Deck(name=OWN_LIST, title="A list of your own", sha256=digest, baselines=baselines, parts=parts)


def _apart(deck: Deck, targets: tuple[Target, ...]) -> None:
    """A baseline must be something that nobody blocks, so it cannot be asked about."""
    for target in targets:
        if target.place is None and host_of(target.text) in deck.baselines:
            raise Fault(f"{target.line}: {target.text} is a baseline of the deck {deck.name}; leave it out")


def host_of(text: str) -> str:
    """The host of a site's URL, or the name itself."""
    return text.partition("://")[2].partition("/")[0] or text
