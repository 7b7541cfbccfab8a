"""What the tool keeps of a response, by its own code (net); equal responses are read once.

Reading a page and making its sketch cost more than all the packets that carried it.
"""

import functools

from hushmap.model import Extraction, Failure, Page
from hushmap.net import Curve, Own, page_of
from hushmap.wire import http, url

_NOBODY = Own(closed=True)
"""The client's address is no secret in a lab."""


class Reading:
    """A response as it comes."""

    def __init__(self, method: str, t0: float, most: int | None = None) -> None:
        """`most` bytes of a body are read, where that is not the usual: no two such responses are alike."""
        self._method = method
        self._long = None if most is None else http.ResponseReader(method, body_limit=most)
        self._data = b""
        self._curve = Curve(t0)
        self._seen = self._long or _read(method, b"", at_end=False)

    @property
    def done(self) -> bool:
        """Nothing that still comes would change anything."""
        return self._seen.done

    @property
    def failure(self) -> Failure | None:
        """What is wrong with it."""
        return self._seen.failure

    @property
    def curve(self) -> tuple[tuple[float, int], ...]:
        """Bytes over time."""
        points: tuple[tuple[float, int], ...] = self._curve.points
        return points

    def arrived(self, size: int, now: float) -> None:
        """So many bytes came just now."""
        self._curve.add(size, now)

    def feed(self, data: bytes) -> None:
        """Take what came."""
        if self._long is not None:
            self._long.feed(data)
            return
        self._data += data
        self._seen = _read(self._method, self._data, at_end=False)

    def eof(self) -> None:
        """The server has closed."""
        if self._long is not None:
            self._long.eof()
            return
        self._seen = _read(self._method, self._data, at_end=True)

    def page(
        self, text: str, *, valid: bool | None, keep: bool, extract: Extraction | None = None
    ) -> Page | None:  # fmt: skip
        """The facts; `None` before a header came."""
        return _page(self._seen, text, valid=valid, keep=keep, extract=extract)


@functools.lru_cache(maxsize=2048)
def _read(method: str, data: bytes, *, at_end: bool) -> http.ResponseReader:
    """One response as far as it has come; nobody feeds it any more."""
    reader = http.ResponseReader(method)
    reader.feed(data)
    if at_end:
        reader.eof()
    return reader


@functools.lru_cache(maxsize=2048)
def _page(
    seen: http.ResponseReader, text: str, *, valid: bool | None, keep: bool, extract: Extraction | None
) -> Page | None:
    base = url.parse(text)
    page: Page | None = page_of(seen, base, valid=valid, keep_body=keep, own=_NOBODY, key=b"", extract=extract)
    return page
