"""What censors of unencrypted HTTP look for: a Host, or words in the URL, a header, a body, an answer."""

from collections.abc import Iterable, Iterator
from typing import ClassVar, Literal
from urllib.parse import unquote_to_bytes

from hushmap.lab.censors.parameters import Censor, fields, groups
from hushmap.lab.censors.rule import SETTLED, match
from hushmap.lab.censors.stream import Found, Trigger
from hushmap.wire import http

PORTS = (80,)


class Host(Trigger):
    """A listed name in the Host header of the first request."""

    ports: ClassVar = PORTS

    def __init__(self, censor: Censor) -> None:
        self._names = frozenset(censor.names)
        self._words = tuple(word.lower() for word in censor.words)

    def find(self, data: bytes, *, alone: bool) -> Found:
        """The Host if it is listed; settled once the header is complete and it is not."""
        request = http.parse_request(data)
        if request is None or (b"\r\n\r\n" not in data and not alone):
            return None
        host = (request.host or "").partition(":")[0].lower()
        return host if match(host, self._names, self._words) is not None else SETTLED


class _Words(Trigger):
    """Any of the words, and all that must stand beside them, in the ways a censor expects them to be written.

    Source: refs/KEYWORDS 1 (words that trigger alone, and others only together with one like "search"); refs/BEYOND
    2.11 (percent-escaped UTF-8 and GB18030).
    """

    ports: ClassVar = PORTS
    takes = fields("words", "also", "encodings")
    needs = groups(fields("words"))

    def __init__(self, censor: Censor) -> None:
        self._spelt = {word: tuple(_spellings(word, censor.encodings)) for word in (*censor.words, *censor.also)}
        self._words = censor.words
        self._also = censor.also

    def within(self, text: bytes) -> str | None:
        """The first word that stands in the text, if all that must stand beside it do."""
        text = text.lower()
        if not all(self._stands(word, text) for word in self._also):
            return None
        return next((word for word in self._words if self._stands(word, text)), None)

    def _stands(self, word: str, text: bytes) -> bool:
        return any(spelt in text for spelt in self._spelt[word])


def _spellings(word: str, encodings: Iterable[Literal["utf-8", "gb18030"]]) -> Iterator[bytes]:
    for encoding in encodings:
        yield word.lower().encode(encoding).lower()


class Url(_Words):
    """A word in the path or query of the first request."""

    takes = fields(*_Words.takes, "escapes")

    def __init__(self, censor: Censor) -> None:
        super().__init__(censor)
        self._escapes = censor.escapes

    def find(self, data: bytes, *, alone: bool) -> Found:
        """The word, percent-decoded as a server would read it if this censor does that."""
        line, end, _ = data.partition(b"\r\n")
        if not end and not alone:
            return None
        return self.within(unquote_to_bytes(line) if self._escapes else line) or SETTLED


class Header(_Words):
    """A word in a request header other than Host, or in one of a given name."""

    takes = fields(*_Words.takes, "header")

    def __init__(self, censor: Censor) -> None:
        super().__init__(censor)
        self._header = censor.header.lower()

    def find(self, data: bytes, *, alone: bool) -> Found:
        """The word; settled once the header is complete without it."""
        request = http.parse_request(data)
        if request is None or (b"\r\n\r\n" not in data and not alone):
            return None
        lines = [
            value for name, value in request.headers if (name == self._header if self._header else name != "host")
        ]
        return self.within("\n".join(lines).encode()) or SETTLED


class Body(_Words):
    """A word in the body of the first request."""

    takes = fields(*_Words.takes, "escapes")

    def __init__(self, censor: Censor) -> None:
        super().__init__(censor)
        self._escapes = censor.escapes

    def find(self, data: bytes, *, alone: bool) -> Found:
        """The word as soon as it is there; settled once the body is complete without it."""
        request = http.parse_request(data)
        if request is None:
            return None
        word = self.within(unquote_to_bytes(request.body) if self._escapes else request.body)
        return word or (SETTLED if request.complete or alone else None)


class Response(_Words):
    """A word in the body of an answer, within the first 16 kB.

    Source: refs/BEYOND 2.11 (GFW response filtering until 2009, with a success below 51 %).
    """

    outward: ClassVar = False

    def find(self, data: bytes, *, alone: bool) -> Found:
        """The word as soon as it is there."""
        body = data if alone else data.partition(b"\r\n\r\n")[2]
        return self.within(body)
