"""A word as it travels: which writings each place of a message can hold, and the bytes that come of it.

A filter sees bytes, not words (refs/KEYWORDS 2.2, 2.8), so every place says what it can carry, how much, and where a
text may be cut without breaking a character. A twin must differ in nothing else: `stand_in` writes harmless text of
the same length in the same script, `padded` brings texts of different lengths to one.
"""

import functools
import re
import unicodedata
from collections.abc import Iterator
from itertools import cycle, islice, product
from urllib.parse import quote

from hushmap.model import Encoding, Place
from hushmap.wire.names import LABEL_LIMIT, NAME_LIMIT, ascii_name
from hushmap.wire.url import URL_LIMIT

_NAME = (Encoding.PUNYCODE, Encoding.UPPER)
_ESCAPED = (Encoding.PERCENT, Encoding.PERCENT_GB18030, Encoding.UPPER, Encoding.UTF_8, Encoding.GB18030)
_PLAIN = (Encoding.UTF_8, Encoding.GB18030, Encoding.PERCENT, Encoding.PERCENT_GB18030, Encoding.UPPER)
_WAYS: dict[Place, tuple[Encoding, ...]] = {
    Place.DNS_NAME: _NAME,
    Place.TLS_SNI: _NAME,
    Place.QUIC_SNI: _NAME,
    Place.HTTP_HOST: (*_NAME, Encoding.UTF_8, Encoding.GB18030),
    Place.HTTP_PATH: _ESCAPED,
    Place.HTTP_QUERY: _ESCAPED,
    Place.HTTP_HEADER: _ESCAPED,
    Place.HTTP_COOKIE: _ESCAPED,
    Place.HTTP_BODY: _PLAIN,
    Place.HTTP_RESPONSE: _PLAIN,
    Place.TCP_PAYLOAD: _PLAIN,
    Place.TCP_ANSWER: _PLAIN,
}
_AROUND = 1024
"""Bytes of a URL or header line that are no word: scheme, host, parameter, and room for a proxy's own."""
_IN_BASE64 = 11 * 1024
"""What comes back in base64 within the 16 kB that are kept of an exchange (model.Exchange)."""
_CAPACITY = {
    **dict.fromkeys((Place.DNS_NAME, Place.TLS_SNI, Place.QUIC_SNI, Place.HTTP_HOST), NAME_LIMIT),
    Place.HTTP_BODY: _IN_BASE64,
    Place.HTTP_RESPONSE: (URL_LIMIT - _AROUND) * 3 // 4,
    Place.TCP_PAYLOAD: _IN_BASE64,
    Place.TCP_ANSWER: _IN_BASE64,
}
_ONE_LINE = frozenset({Place.HTTP_HOST, Place.HTTP_PATH, Place.HTTP_QUERY, Place.HTTP_HEADER, Place.HTTP_COOKIE})
_NO_SPACE = frozenset({Place.HTTP_HOST, Place.HTTP_PATH, Place.HTTP_QUERY})
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_BREAKS = "\t\n\r"
"""The control characters that a text of several lines has."""
_RAW = frozenset({Encoding.UTF_8, Encoding.GB18030})
_LETTERS = "harmless"
_WEATHER = "天气погодаκαιροςטקסالطقس날씨てんきテンキé"
"""Letters of harmless words in other scripts (weather, in each), and one of Latin beyond ASCII."""
_NOTHING_HARMLESS = "no letter for which harmless text could stand in"
_JOINER = "\u200d"
_SHIFT = 4
"""Further bytes that letters before others may cost in punycode, whose numbers grow with them."""


def encodings(place: Place) -> tuple[Encoding, ...]:
    """The writings that a place can hold; the first is its own way, which `None` stands for."""
    return _WAYS[place]


def capacity(place: Place) -> int:
    """Bytes that a place can hold of a text, as they travel."""
    return _CAPACITY.get(place, URL_LIMIT - _AROUND)


def carry(text: str, place: Place, encoding: Encoding | None = None) -> bytes:
    """The bytes that travel for `text`.

    Raises:
        ValueError: The place has no such writing, cannot hold one of the characters, or not so many bytes.
    """
    way = _way(place, encoding)
    if not text:
        raise ValueError(f"nothing to put into {place}")
    wrong = next((char for char in _CONTROL.findall(text) if not _holds(char, place, way)), None)
    if wrong is not None:
        raise ValueError(f"{place} in {way} cannot hold the control character {wrong!a} of {text!a:.60}")
    if way in _RAW and place in _NO_SPACE and " " in text:
        raise ValueError(f"{place} in {way} cannot hold the space in {text!a:.60}")
    written = _written(text, place, way)
    if len(written) > capacity(place):
        raise ValueError(f"{place} holds {capacity(place)} bytes; {text!a:.60} in {way} has {len(written)}")
    return written


def unfit(text: str, place: Place, encoding: Encoding | None = None) -> str | None:
    """Why `text` cannot be asked about in a place, in one clause; `None`: it can."""
    try:
        carry(text, place, encoding)
    except ValueError as error:
        return str(error)
    return None if any(map(_exchanged, text)) else f"{text!a:.60} has {_NOTHING_HARMLESS}"


def splits(text: str, place: Place, encoding: Encoding | None = None) -> tuple[int, ...]:
    """Where `text` may be cut in two: between whole characters, and where both halves can still be carried.

    A mark stays with its letter: apart from it, it would be another character.
    """
    way = _way(place, encoding)
    return tuple(
        at
        for at in range(1, len(text))
        if not _joined(text[at - 1], text[at])
        and (not place.is_name or (_size(text[:at], place, way) and _size(text[at:], place, way)))
    )


def stand_in(text: str, harmless: str, place: Place, encoding: Encoding | None = None) -> str:
    """Harmless text that is as long as `text` on the wire and of its scripts; spaces, dots and the like stay.

    Raises:
        ValueError: `text` cannot be carried, or has nothing that could be exchanged.
    """
    way = _way(place, encoding)
    letters = _cycled(harmless)
    if place.is_name and way not in _RAW:
        other = ".".join(_label(label, letters, place, way) for label in text.split("."))
    else:
        other = "".join(_in_place_of(char, at, letters, place, way) for at, char in enumerate(text))
    if other == text:
        raise ValueError(f"{text!a:.60} has {_NOTHING_HARMLESS}")
    return other


def padded(text: str, size: int, harmless: str, place: Place, encoding: Encoding | None = None) -> str:
    """`text` with harmless letters after it, so that `size` bytes travel; in a name they may be a label of their own.

    Raises:
        ValueError: It is longer already, or no letters fit.
    """
    missing = size - len(carry(text, place, encoding))
    if missing < 0:
        raise ValueError(f"{text!a:.60} has more than {size} bytes in {place}")
    letters = _cycled(harmless)
    if not place.is_name or not missing:
        return text + "".join(islice(letters, missing))
    last = text.rpartition(".")[2]
    if last.isascii() and len(last) + missing <= LABEL_LIMIT:
        return text + "".join(islice(letters, missing))
    labels = -(-missing // (LABEL_LIMIT + 1))
    least, more = divmod(missing - labels, labels)
    if not least:
        raise ValueError(f"one byte more than {text!a:.60} is no label of its own")
    sizes = [least + (number < more) for number in range(labels)]
    return ".".join((text, *("".join(islice(letters, each)) for each in sizes)))


def _way(place: Place, encoding: Encoding | None) -> Encoding:
    ways = _WAYS[place]
    if encoding is None:
        return ways[0]
    if encoding not in ways:
        raise ValueError(f"{place} cannot be written in {encoding}; it can in {', '.join(ways)}")
    return encoding


def _holds(char: str, place: Place, way: Encoding) -> bool:
    """Whether a place can hold a control character: a line break where lines are, or escaped."""
    return char in _BREAKS and not place.is_name and (way not in _RAW or place not in _ONE_LINE)


def _written(text: str, place: Place, way: Encoding) -> bytes:
    if way is Encoding.UPPER:
        own = _WAYS[place][0]
        return _written(text, place, own).upper() if place.is_name else _written(text.upper(), place, own)
    if way is Encoding.PUNYCODE:
        return ascii_name(text).lower().encode("ascii")
    try:
        coded = text.encode("gb18030" if way in {Encoding.GB18030, Encoding.PERCENT_GB18030} else "utf-8")
    except UnicodeEncodeError as error:
        raise ValueError(f"{text!a:.60} has half a character, which {way} cannot write") from error
    if way in _RAW:
        return coded
    return quote(coded, safe="/" if place is Place.HTTP_PATH else "").encode("ascii")


def _size(text: str, place: Place, way: Encoding) -> int:
    """Bytes of a text as it travels; 0: it cannot be carried."""
    try:
        return len(_written(text, place, way))
    except ValueError:
        return 0


def _joined(before: str, char: str) -> bool:
    return unicodedata.category(char).startswith("M") or _JOINER in {before, char}


def _cycled(harmless: str) -> Iterator[str]:
    """Letters without end; of at least two kinds, so that one is always another than a given one."""
    letters = [char for char in harmless if char.isascii() and char.isalnum()]
    return cycle(letters if len(set(letters)) > 1 else _LETTERS)


def _exchanged(char: str) -> bool:
    """Whether harmless text has another character here; signs stay, but beyond ASCII they may be the word itself."""
    return char.isalnum() or not (char.isascii() or unicodedata.category(char)[0] in "PZ")


def _alike(char: str) -> str:
    """Harmless letters of the script of a character."""
    script = unicodedata.name(char, "").partition(" ")[0]
    return "".join(other for other in _WEATHER if unicodedata.name(other).partition(" ")[0] == script)


@functools.lru_cache(maxsize=8192)
def _fitting(char: str, place: Place, way: Encoding) -> tuple[int, str]:
    """Bytes of a character, and the harmless letters of its script that have as many."""
    size = len(_written(char, place, way))
    return size, "".join(
        other for other in _alike(char) if other != char and len(_written(other, place, way)) == size
    )


def _in_place_of(char: str, at: int, letters: Iterator[str], place: Place, way: Encoding) -> str:
    """Harmless text for one character: a letter of its script, or ASCII letters, as many bytes as it has."""
    if not _exchanged(char):
        return char
    if char.isascii():
        return next(letter for letter in letters if letter != char)
    size, fit = _fitting(char, place, way)
    return fit[at % len(fit)] if fit else "".join(islice(letters, size))


def _label(label: str, letters: Iterator[str], place: Place, way: Encoding) -> str:
    """A harmless label whose ASCII form is as long: if one is found, of the same script with some ASCII letters."""
    if label.isascii():
        return "".join(_in_place_of(char, at, letters, place, way) for at, char in enumerate(label))
    size = len(_written(label, place, way))
    beyond = [char for char in label if not char.isascii()]
    alike = _alike(beyond[0])
    nearest = sorted(range(1, len(label) + 1), key=lambda number: abs(number - len(beyond)))
    for number, start in product(nearest, range(len(alike))):
        end = "".join(islice(cycle(alike), start, start + number))
        missing = size - (_size(end, place, way) or size + 1)
        for more in range(missing, max(missing - _SHIFT, -1), -1):
            other = "".join(islice(letters, more)) + end
            if _size(other, place, way) == size and other != label:
                return other
    return "".join(islice(letters, size))
