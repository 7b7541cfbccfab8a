"""Which targets are on: a deck, files and single addresses, and what was switched.

A person who types an address has named it, and so switched it on; a row of a file that nobody has put into a category
stays off until the person says once that they know what is in the file (METHOD 5).
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from hushmap.catalog import (
    NONE,
    Sent,
    off_by_default,
    open_deck,
    packed,
    part_from_urls,
    read_list,
    sites_from_file,
    switch,
)
from hushmap.cli.fault import Fault
from hushmap.cli.options import Wishes
from hushmap.cli.veiling import veiled
from hushmap.cli.wordlists import MAX_TARGETS, canaries, fit_all, is_words, said, sent, word_part, words_in
from hushmap.model import CATEGORIES, Deck, Part, Target
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
    posts: dict[str, str] = msgspec.field(default_factory=dict)
    """Which post each hash stands for; written nowhere."""

    @property
    def risk(self) -> tuple[str, ...]:
        """What of the targets needs a consent of its own: their risky categories, and `none`."""
        return risk_of(self.on)

    @property
    def words(self) -> int:
        """How many are words."""
        return words_in(self.on)


def risk_of(targets: Iterable[Target]) -> tuple[str, ...]:
    """The categories of targets that are off unless they are named, and `none`."""
    return tuple(sorted({target.category or NONE for target in targets if off_by_default(target)}))


def choose(wishes: Wishes, *, uncategorised: bool = False, seed: int = 0) -> Chosen:
    """The targets that `wishes` name.

    Args:
        wishes: what was typed.
        uncategorised: the person has said that rows without a category may be on.
        seed: the run's, by which words are put together into packs.

    Raises:
        Fault: Nothing is named, or something that only a deck's author can put right.
        CatalogError: A fault in a deck, a list or an address.
    """
    going = sent(wishes)
    known = canaries(wishes, going)
    given = (*((known,) if known else ()), *(_file(local_list(path), wishes, going, seed) for path in wishes.files))
    named = (part_from_urls(wishes.urls),) if wishes.urls else ()
    if wishes.asked:
        named = (*named, _asked(wishes.asked))
    if wishes.deck is not None:
        deck = open_deck(local_deck(wishes.deck))
        fit_all(deck.targets)
    elif given or named:
        deck = _deck_of(*given, *named)
    else:
        raise Fault("nothing to measure was named; choose a deck (hushmap deck list), or give -i URL or -f FILE")
    if wishes.baseline_word is not None:
        deck = msgspec.structs.replace(deck, baseline_word=said("--baseline-word", wishes.baseline_word, going))
    sources = (*deck.parts, *given, *named) if wishes.deck is not None else (*given, *named)
    once: dict[str, Target] = {}
    for part in sources:
        for target in part.targets:
            once.setdefault(target.key, target)
    _apart(deck, tuple(once.values()))
    if all(target.place is None for target in once.values()):
        _no_words(wishes)
    typed = (*named, *((known,) if known else ()))
    keys = {target.key for part in typed for target in part.targets}
    with_ = {*wishes.with_} | ({NONE} if uncategorised else set())
    without = {*wishes.without}
    if any(target.words for target in once.values()):
        without &= {*CATEGORIES, NONE, *(target.text for target in once.values())}  # its words were left out above
    on, off = switch(once.values(), with_, without, typed=keys)
    on = packed(on, seed)
    if len(on) > MAX_TARGETS:
        raise Fault(f"{len(on):,} things to ask about, and a run asks about {MAX_TARGETS:,} at most: split the list, "
                    "or have its words asked about together, with --canary WORD in one place at a time")  # fmt: skip
    on, posts = veiled(on)
    off, _ = veiled(off)
    return Chosen(deck=deck, on=on, off=off, sources=sources, posts=posts)


def _no_words(wishes: Wishes) -> None:
    """An option that says how words are asked about is never ignored."""
    for option, value in (("--place", wishes.place), ("--encoding", wishes.encoding), ("--read-as", wishes.read_as),
                          ("--baseline-word", wishes.baseline_word)):  # fmt: skip
        if value is not None:
            raise Fault(f"{option} is for words, and there are none; a list of words: -f FILE --experiment keyword")


def _file(path: str, wishes: Wishes, going: Sent, seed: int) -> Part:
    """The targets of one file, read for what it is."""
    if is_words(path, wishes):
        return word_part(path, wishes, going, seed)
    if wishes.experiment in {None, "web"}:
        return sites_from_file(path)
    return read_list(path, wishes.experiment)


def _asked(targets: tuple[Target, ...]) -> Part:
    # The hash of a post's id would tell the post: there are not so many ids.
    keys = (target.line if target.post is not None else target.key for target in targets)
    digest = hashlib.sha256("\n".join(keys).encode("utf-8", "surrogatepass")).hexdigest()
    return Part(experiment=targets[0].experiment, list=targets[0].line, sha256=digest, targets=targets)


def local_deck(name: str) -> str:
    """A deck's path where `NAME.toml` lies in the current folder; else the name, for the shipped ones."""
    path = Path(f"{name}.toml")
    return str(path) if "/" not in name and path.is_file() else name


def local_list(name: str) -> str:
    """A file here; else the list of this name that was fetched (`hushmap fetch lists`), its `.csv` said or not."""
    if "/" in name or Path(name).exists():
        return name
    known = (*fetched("lists"), *fetched("words"))
    return next((str(path) for path in known if name in {path.name, path.stem}), name)


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
        if target.place is not None and deck.baseline_word and target.text == deck.baseline_word:
            raise Fault(f"{target.line}: {target.text} is this run's harmless word; leave it out, or give another")


def host_of(text: str) -> str:
    """The host of a site's URL, or the name itself."""
    return text.partition("://")[2].partition("/")[0] or text
