"""Citizen Lab's lists of censored words, from the person's own copy, put on the shelf as lists that `run -f` takes.

Their licence lets nobody sell them, so none comes with hushmap. Each list keeps its own file, whose rows say whose
they are; what must never be sent was dropped before, and only its number is told.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Any

import msgspec

from hushmap.catalog import CatalogError, Published, cut_short, read_published
from hushmap.cli import screen
from hushmap.cli.fault import Fault
from hushmap.cli.fetch_text import kept_object
from hushmap.cli.taking import Taken
from hushmap.cli.wording import count, moment, shell, wrapped
from hushmap.runs import Fetched, store

WORDS_HOME = "https://github.com/citizenlab/chat-censorship"
WORDS_LICENCE = "CC BY-NC-SA 4.0"
"""refs/KEYWORDS 4."""
WHOSE = f"The Citizen Lab, University of Toronto, {WORDS_HOME} ({WORDS_LICENCE}), modified"
"""Stands in every row: a list goes from hand to hand without what lay beside it."""

_NO_LIST = re.compile(r"(?i)(readme|licen[cs]e|codebook|\.)")
_UNNAMED = re.compile(r"[^A-Za-z0-9._-]+")


class WordsKept(msgspec.Struct, frozen=True, kw_only=True):
    """A list of words on the shelf."""

    kept: Fetched
    found: Published


def where_words_are() -> Iterator[str]:
    """Where the lists are, and why they do not come with hushmap."""
    yield f"Citizen Lab's lists of words censored in chat, search and games: {WORDS_HOME}"
    yield from wrapped(
        f"Their licence is {WORDS_LICENCE}: use them, say whose they are, share what you make of them under the same "
        "terms, and do not sell them. Hushmap's own licence lets anybody sell it, so it ships none. They hold terms "
        "that nobody may send; these are dropped when a list is kept."
    )
    yield "Get a copy, then:   hushmap fetch chat-censorship --from chat-censorship/search/ongoing"


def keep_words(files: Iterable[Taken], *, licence: str, when: str) -> tuple[WordsKept, ...]:
    """Keep every file that is a list of words; what is none is told on stderr.

    Raises:
        Fault: None of them is.
    """
    looked: list[tuple[Taken, Published]] = []
    for file in files:
        if _NO_LIST.match(file.name):
            continue
        try:
            found = read_published(file.source, file.data)
        except CatalogError as fault:
            screen.note(str(fault))
            continue
        looked.append((file, found))
    short = _cut_short(looked)
    for file, _ in short:
        screen.note(f"{file.source}: is shorter than those before and after it: it was cut short, and is left out")
    kept = [_keep(file, found, licence, when) for file, found in looked if (file, found) not in short and found.words]
    if not kept:
        raise Fault("no list of words was found there; name a folder such as chat-censorship/search/ongoing")
    return tuple(kept)


def _cut_short(looked: list[tuple[Taken, Published]]) -> list[tuple[Taken, Published]]:
    """Snapshots of one folder, in the order of their hours, that lost words for one hour only."""
    series: dict[str, list[tuple[Taken, Published]]] = defaultdict(list)
    for file, found in looked:
        if found.hour is not None:
            series[str(PurePath(file.source).parent)].append((file, found))
    short = []
    for some in series.values():
        some.sort(key=lambda one: one[1].hour or "")
        bad = cut_short(len(found.words) for _, found in some)
        short += [one for at, one in enumerate(some) if at in bad]
    return short


def _keep(file: Taken, found: Published, licence: str, when: str) -> WordsKept:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("word", "source"))
    writer.writerows((word, f"{WHOSE}: {file.name}") for word in found.words)
    kept = store(
        "words", _name(file.source), out.getvalue().encode(),
        source=file.source, licence=licence, when=when, rows=len(found.words),
    )  # fmt: skip
    return WordsKept(kept=kept, found=found)


def _name(source: str) -> str:
    """`search-ongoing-weibo.csv`: two folders are enough to tell one platform's list from another's."""
    path = PurePath(source)
    folders = [part for part in path.parent.parts[-2:] if part not in {"/", ".", "..", "chat-censorship"}]
    plain = _UNNAMED.sub("-", "-".join([*folders, path.stem])).strip("-._")
    return f"{plain[-90:].lstrip('-._') or 'words'}.csv"


def words_object(one: WordsKept) -> dict[str, Any]:
    """What programs get of a list of words."""
    found = one.found
    left = {"excluded": found.excluded, "personal": found.personal, "unusable": found.unusable}
    return kept_object(one.kept, hour=found.hour, **left)


def words_lines(one: WordsKept) -> Iterator[str]:
    """One list of words on the shelf."""
    found, kept = one.found, one.kept
    taken = f", taken {moment(found.hour)}" if found.hour else ""
    several = sum(" + " in word for word in found.words)
    yield f"{kept.name}: {count(kept.rows, 'rule')}, {several} of several words{taken}"
    left = [
        f"{number} {what}"
        for number, what in (
            (found.excluded, "never sent by anyone"),
            (found.personal, "with a person's address or number"),
            (found.unusable, "redacted or no word"),
        )
        if number
    ]
    if left:
        yield f"  dropped before anything was kept: {', '.join(left)}"
    yield f"  {kept.path} (sha256 {kept.sha256[:12]}…)"
    use = shell("hushmap", "plan", "-f", kept.name.removesuffix(".csv"), "--experiment", "keyword")
    yield f"  licence: {kept.licence} · use it: {use} --with none"
