"""Words as a person gives them: a file of them, where they go, which of them is known to be cut off.

A table says for each word where it goes and what it is about; a plain list says nothing, so the command line does. A
long plain list becomes packs at once, and is never held as a million targets.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from hushmap.catalog import (
    Sent,
    WordList,
    check_for,
    encodings_in,
    exclusions,
    is_table,
    packs_of,
    places_in,
    read_words,
    words_from_table,
)
from hushmap.cli import screen
from hushmap.cli.fault import Fault
from hushmap.cli.options import Wishes
from hushmap.cli.wording import count
from hushmap.experiments import alike, unfit
from hushmap.model import Part, Place, Target

KEYWORD = "keyword"
MAX_TARGETS = 60_000
"""Inquiries of one run, whose records are in memory together when its page is drawn: a million words in packs, and
room for canaries."""
MAX_LINKED = 20_000
"""Words among which variants are looked for: a second's work."""
OF_WORDS = frozenset({KEYWORD, "screen", "isolate", "domain", "calibrate"})
"""Experiments about words: they ask nobody but a server of one's own."""

_Value = TypeVar("_Value")


def words_in(targets: Iterable[Target]) -> int:
    """How many words targets are about; a site is about none, and a canary about the measurement itself."""
    about = (target for target in targets if target.place is not None and target.experiment != "calibrate")
    return sum(max(1, len(target.words)) for target in about)


def is_words(path: str, wishes: Wishes) -> bool:
    """Whether a file is read as a list of words."""
    return wishes.experiment in OF_WORDS or (wishes.experiment is None and is_table(Path(path)))


def experiment_of(wishes: Wishes) -> str:
    """What is asked about words: they are screened, unless somebody says otherwise."""
    return "screen" if wishes.experiment not in OF_WORDS - {KEYWORD} else str(wishes.experiment)


def sent(wishes: Wishes) -> Sent:
    """Where the words of the command line go.

    Raises:
        Fault: It names a place or an encoding that is none.
    """
    usual = (Place.TLS_SNI,) if experiment_of(wishes) == "domain" else (Place.HTTP_PATH,)
    return Sent(
        places=_named("--place", wishes.place, places_in) or usual,
        encodings=_named("--encoding", wishes.encoding, encodings_in) or (None,),
        unfit=unfit,
    )


def _named(option: str, text: str | None, read: Callable[[str], tuple[_Value, ...]]) -> tuple[_Value, ...]:
    try:
        return read(text) if text is not None else ()
    except ValueError as fault:
        raise Fault(f"{option}: {'; '.join(map(str, fault.args))}") from None


def said(option: str, word: str, going: Sent, experiment: str = KEYWORD) -> str:
    """A word that was typed, as it may be asked about.

    Raises:
        Fault: It is none, is never sent, or does not fit where it goes.
    """
    try:
        asked = check_for(experiment)(word)
    except ValueError as error:
        raise Fault(f"{option}: {word[:60]!r} {'; '.join(map(str, error.args))}") from None
    if exclusions().hit(word):
        raise Fault(f"{option}: is on the hard exclusion list: this has no switch (ETHICS.md)")
    fault = going.fault(asked, experiment)
    if fault is not None:
        raise Fault(f"{option}: {word[:60]!r} {'; '.join(fault)}")
    return asked


def fit_all(targets: Iterable[Target]) -> None:
    """See that a deck's words can be carried where it puts them.

    Raises:
        Fault: At the first that cannot.
    """
    for target in targets:
        why = unfit(target.text, target.place, target.encoding) if target.place is not None else None
        if why is not None:
            raise Fault(f"{target.line}: cannot be sent in {target.place}: {why}; shorten it, or take another place")


def canaries(wishes: Wishes, going: Sent) -> Part | None:
    """The canaries of the command line, in every place of it."""
    if not wishes.canaries:
        return None
    words = [said("--canary", word, going) for word in dict.fromkeys(wishes.canaries)]
    found = [target for word in words for target in targets_of(word, "calibrate", going)]
    digest = hashlib.sha256("\n".join(words).encode()).hexdigest()
    return Part(experiment="calibrate", list="--canary", sha256=digest, targets=tuple(found))


def word_part(path: str, wishes: Wishes, going: Sent, seed: int) -> Part:
    """The words of a file.

    Raises:
        CatalogError: At its first fault.
    """
    experiment = experiment_of(wishes)
    if is_table(Path(path)):
        return words_from_table(path, going, experiment)
    found = read_words(Path(path), going, experiment, read_as=wishes.read_as, told=_told)
    if found.repeated:
        again = count(found.repeated, "line repeats", "lines repeat")
        screen.note(f"{found.name}: {again} a word; each is asked once")
    _variants(found)
    many = len(found.words) * len(going.places) * len(going.encodings) > MAX_TARGETS
    if many and experiment == "screen" and wishes.canaries:
        targets = _packs(found, wishes, going, seed)
    else:
        every = (targets_of(word, experiment, going, line=found.name) for word in found.words)
        targets = tuple(target for some in every for target in some)
    return Part(experiment=experiment, list=found.name, sha256=found.sha256, targets=targets)


def _variants(found: WordList) -> None:
    """Say how many words differ from another in what a person hardly sees; a long list is not searched for them."""
    groups = alike(found.words) if len(found.words) <= MAX_LINKED else ()
    if groups:
        more = count(sum(len(group) - 1 for group in groups), "word is a variant", "words are variants")
        screen.note(f"{found.name}: {more} of another (case, width or script); each is asked by itself")


def _told(far: int) -> None:
    if screen.lively():
        screen.redraw(f"{far:,} words read")


def targets_of(word: str, experiment: str, going: Sent, *, line: str = "") -> Iterator[Target]:
    """A word in each of its places and encodings."""
    for place in going.places:
        for encoding in going.encodings:
            canary = experiment == "calibrate"
            yield Target(experiment=experiment, text=word, place=place, encoding=encoding, canary=canary, line=line)


def _packs(found: WordList, wishes: Wishes, going: Sent, seed: int) -> tuple[Target, ...]:
    left = {*wishes.canaries, *wishes.without}
    words = [word for word in found.words if word not in left]
    name = found.sha256[:6]
    likes = enumerate(targets_of("", "screen", going, line=found.name))
    return tuple(pack for number, like in likes for pack in packs_of(words, like, seed, f"{name}.{number}"))
