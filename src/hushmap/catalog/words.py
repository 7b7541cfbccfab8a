"""Words: what may be one, where it goes, and lists that hold one a line, read as a stream.

A list of words comes from a chat, a leak or a spreadsheet: in an encoding that nobody wrote down, at times in two,
and up to a million lines long. It is read line by line, and held as its words and nothing more. Which bytes are which
words is never guessed, since another reading would send other words. A fault anywhere refuses the whole list.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from hushmap.catalog.errors import CatalogError, shown
from hushmap.catalog.excluded import Exclusions, exclusions
from hushmap.catalog.names import NameFaultError, ascii_name, public_name
from hushmap.model import Encoding, Place

MAX_WORD = 200
"""Characters; a URL path that carries more is cut by some servers, and no published keyword is near it."""
MAX_WORDS = 1_000_000
"""Words of one list. With their packs that many take 150 MB and a minute of reading (measured on words of six letters
and of six Han characters), and weeks to ask one by one."""
MAX_TEXT = 12_000
"""Characters of a text in which a trigger is looked for; no place carries more."""
MAX_LINE = 4 * MAX_TEXT
"""Bytes of one line: no character has more than four."""
READINGS = ("utf-8", "gb18030", "big5", "shift_jis", "euc-kr", "windows-1251", "windows-1256")
"""What a list may say that it is written in: of each a line ends where an ASCII line does."""

AS_HOST = frozenset(place for place in Place if place.is_name)
"""Places in which a word travels as a host name."""
EXCLUDED = ("is on the hard exclusion list", "remove the row: this has no switch (ETHICS.md)")

_PERSONAL = re.compile(r"\S@\S+\.\S|\d(?:[ -]?\d){6}")
"""An e-mail address, or seven digits in a row: the shortest telephone number."""
_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SURELY = 4
"""Characters of three bytes in one line that are no chance: some one in 3,000 words of three characters in GB 2312 is
also one character of UTF-8 and a half, and of six characters one in ten million. own reckoning, unchecked."""
_NOTED = 65_536
"""Words after which the reader is told how far it has come."""

Unfit = Callable[[str, Place, Encoding | None], str | None]
"""Why a word cannot be carried in a place, in a clause; `None` if it can."""


class WordList(msgspec.Struct, frozen=True, kw_only=True):
    """A list with one word a line, as it was read."""

    name: str
    """The file's own name."""
    sha256: str
    read_as: str
    words: tuple[str, ...]
    """Each once, in order."""
    repeated: int = 0
    """Lines that held a word again."""


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """Where the words of a list go, and how they are written there."""

    places: tuple[Place, ...] = (Place.HTTP_PATH,)
    encodings: tuple[Encoding | None, ...] = (None,)
    """`None` is a place's own way."""
    unfit: Unfit | None = None
    """What a place carries, as far as it is known here."""

    def fault(self, word: str, experiment: str = "keyword") -> tuple[str, str] | None:
        """What keeps `word` from going there, and the remedy."""
        if experiment == "domain" and not AS_HOST.issuperset(self.places):
            return "is a name, and goes where names go", f"use the place {' or '.join(sorted(AS_HOST))}"
        if any(place in AS_HOST for place in self.places):
            try:
                ascii_name(word)
            except NameFaultError as fault:
                what, remedy = fault.args
                return f"{what}, as which it would travel in {_hosts(self.places)}", remedy
        for place in self.places if self.unfit is not None else ():
            for encoding in self.encodings:
                why = self.unfit(word, place, encoding) if self.unfit is not None else None
                if why is not None:
                    return f"cannot be sent in {place.value}: {why}", "shorten it, or send it in another place"
        return None


def _hosts(places: Collection[Place]) -> str:
    return ", ".join(place.value for place in places if place in AS_HOST)


def checked_word(word: str) -> str:
    """`word` as it may be asked about.

    Raises:
        NameFaultError: It is none, or not one that is sent.
    """
    if not word:
        raise NameFaultError("is empty", "write a word")
    if not word.isprintable():
        raise NameFaultError("holds a character that cannot be seen", "remove it, or write the word anew")
    if len(word) > MAX_WORD:
        raise NameFaultError(
            f"is longer than {MAX_WORD} characters", "shorten it; for a text: hushmap keyword isolate"
        )
    if _PERSONAL.search(word):
        raise NameFaultError("looks like a person's address or number", "remove it: persons are not measured")
    return word


def checked_text(text: str) -> str:
    """`text` as it may be searched for what is cut off in it; unlike a word it may be long, and have lines.

    Raises:
        NameFaultError: It is none, or not one that is sent.
    """
    if not text.strip():
        raise NameFaultError("is empty", "write a text")
    if not text.translate(_BREAKS).isprintable():
        raise NameFaultError("holds a character that cannot be seen", "remove it, or write the text anew")
    if len(text) > MAX_TEXT:
        raise NameFaultError(f"is longer than {MAX_TEXT:,} characters", "ask about a part of it")
    if _PERSONAL.search(text):
        raise NameFaultError(
            "holds what looks like a person's address or number", "remove that: persons are left out"
        )
    return text


_BREAKS = dict.fromkeys(map(ord, "\t\n\r"), " ")
_CHECKS: dict[str, Callable[[str], str]] = {"isolate": checked_text, "domain": public_name}


def check_for(experiment: str) -> Callable[[str], str]:
    """What gives a word as `experiment` may ask about it, or raises `NameFaultError`."""
    return _CHECKS.get(experiment, checked_word)


def places_in(text: str) -> tuple[Place, ...]:
    """The places that `text` names, joined by `|` or commas; `all` is every place.

    Raises:
        NameFaultError: One of them is none.
    """
    if text.strip() == "all":
        return tuple(Place)
    names = {name.strip() for name in re.split(r"[|,]", text)}
    for name in sorted(names):
        if name not in {*Place, "http-url"}:
            raise NameFaultError(f"unknown place {shown(name)}", f"use {' '.join(Place)}, joined by |, or all")
    named = {Place(name) for name in names}
    return tuple(place for place in Place if place in named)


def encodings_in(text: str) -> tuple[Encoding | None, ...]:
    """The encodings that `text` names, joined by `|` or commas; nothing is a place's own way.

    Raises:
        NameFaultError: One of them is none.
    """
    names = [name.strip() for name in re.split(r"[|,]", text)]
    for name in names:
        if name and name not in set(Encoding):
            raise NameFaultError(f"unknown encoding {shown(name)}", f"use {' '.join(Encoding)}, or nothing")
    return tuple(dict.fromkeys(Encoding(name) if name else None for name in names))


def is_table(path: Path) -> bool:
    """Whether a file's first line names columns, one of which is `word`."""
    try:
        with path.open("rb") as file:
            first = file.readline(MAX_LINE)
    except (OSError, ValueError):
        return False  # whoever reads it whole says what is wrong with it
    cells = [cell.strip().strip(b'"') for cell in first.removeprefix(_UTF8_MARK).split(b",")]
    return len(cells) > 1 and b"word" in cells


def read_words(
    path: Path,
    sent: Sent,
    experiment: str = "keyword",
    *,
    read_as: str | None = None,
    told: Callable[[int], None] | None = None,
) -> WordList:
    """Read a list with one word a line; `#` begins a comment line, and what is repeated is asked about once.

    Args:
        path: the file.
        sent: where its words go: one that does not fit there is a fault.
        experiment: what is asked about them: words, texts (isolate) or names (domain).
        read_as: what it is written in, one of `READINGS`; UTF-8 unless it is said.
        told: takes how many words were read, now and then.

    Raises:
        CatalogError: At the first fault.
    """
    digest = hashlib.sha256()
    words: dict[str, None] = {}
    repeated, barred = 0, exclusions()
    try:
        with path.open("rb") as file:
            for number, text in _decoded(path, file, read_as or "utf-8", digest.update):
                word = text.strip()
                if not word or word.startswith("#"):
                    continue
                if word not in words:
                    word = _check(path, number, text, word, sent, experiment, barred)
                if word in words:
                    repeated += 1
                    continue
                if len(words) == MAX_WORDS:
                    raise CatalogError(path, number, 1, f"more than {MAX_WORDS:,} words", "split the list")
                words[word] = None
                if told is not None and len(words) % _NOTED == 0:
                    told(len(words))
    except OSError as error:
        raise CatalogError(path, 0, 0, f"cannot be read: {error.strerror}", "check the name") from None
    if not words:
        raise CatalogError(path, 1, 1, "holds no word", "write one a line")
    return WordList(
        name=path.name, sha256=digest.hexdigest(), read_as=read_as or "utf-8", words=tuple(words), repeated=repeated
    )


def _check(path: Path, number: int, line: str, word: str, sent: Sent, experiment: str, barred: Exclusions) -> str:
    column = line.index(word) + 1
    try:
        asked = check_for(experiment)(word)
    except NameFaultError as fault:
        what, remedy = fault.args
        raise CatalogError(path, number, column, f"{shown(word)} {what}", remedy) from None
    if barred.hit(word):
        raise CatalogError(path, number, column, *EXCLUDED)
    unfit = sent.fault(asked, experiment)
    if unfit is not None:
        raise CatalogError(path, number, column, f"{shown(word)} {unfit[0]}", unfit[1])
    return asked


def _decoded(path: Path, file: BinaryIO, reading: str, met: Callable[[bytes], None]) -> Iterator[tuple[int, str]]:
    """Every line with its number, as text; `met` is given exactly the bytes that were read."""
    number = first = 0
    while line := file.readline(MAX_LINE + 1):
        number += 1
        met(line)
        if len(line) > MAX_LINE:
            raise CatalogError(path, number, 1, f"a line of more than {MAX_LINE:,} bytes", "write one word a line")
        if number == 1:
            if line.startswith(_UTF16_MARKS):
                raise CatalogError(path, 1, 1, "begins with a byte-order mark of UTF-16", "save it as UTF-8")
            line = line.removeprefix(_UTF8_MARK) if reading == "utf-8" else line
        try:
            text = line.decode(reading)
        except UnicodeDecodeError as error:
            column = len(line[: error.start].decode(reading, "replace")) + 1
            raise CatalogError(path, number, column, *_unread(reading, first)) from None
        if not line.isascii():
            if reading != "utf-8" and _surely_utf8(line):
                raise CatalogError(path, number, 1, f"is UTF-8, not {reading}", _MIXED)
            first = first or number
        yield number, text


_MIXED = "a list has one encoding: save the whole file as UTF-8"


def _unread(reading: str, first: int) -> tuple[str, str]:
    """What is wrong with a line that is not written in `reading`, in which line `first` was."""
    if first:
        return f"is not {reading}, in which line {first} is: encodings are mixed", _MIXED
    if reading == "utf-8":
        return "is not UTF-8", "save it as UTF-8, or say what it is, e.g. --read-as gb18030"
    return f"is not {reading}", "save it as UTF-8, or say what it is with --read-as"


def _surely_utf8(line: bytes) -> bool:
    try:
        return sum(char >= "\u0800" for char in line.decode("utf-8")) >= _SURELY
    except UnicodeDecodeError:
        return False
