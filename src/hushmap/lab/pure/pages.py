"""What the tool keeps of a response, by the rules of net.fetch; equal responses are read once.

Reading a page and making its sketch cost more than all the packets that carried it.
"""

import functools
import hashlib

from hushmap.model import Failure, Page
from hushmap.wire import html, http, url

_POINTS = 64
_CANDIDATES = frozenset({403, 451})
_TELLING = frozenset(
    "via proxy-agent x-cache x-cache-lookup x-squid-error x-app-url x-blocked-by x-deny-reason cf-mitigated "
    "x-amzn-waf-action".split()
)
"""As net.fetch has them."""


class Reading:
    """A response as it comes."""

    def __init__(self, method: str, t0: float) -> None:
        self._method, self._t0 = method, t0
        self._data = b""
        self._at_end = False
        self._points: list[tuple[float, int]] = []
        self._total = 0
        self._seen = _read(method, b"", at_end=False)

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
        return tuple(self._points)

    def arrived(self, size: int, now: float) -> None:
        """So many bytes came just now."""
        self._total += size
        if len(self._points) == _POINTS:
            self._points = self._points[1::2]
        self._points.append((round(now - self._t0, 6), self._total))

    def feed(self, data: bytes) -> None:
        """Take what came."""
        self._data += data
        self._seen = _read(self._method, self._data, at_end=False)

    def eof(self) -> None:
        """The server has closed."""
        self._seen = _read(self._method, self._data, at_end=True)

    def page(self, text: str, *, valid: bool | None, keep: bool) -> Page | None:
        """The facts; `None` before a header came."""
        if self._seen.status is None:
            return None
        plain = text.startswith("http://")
        keeps = keep and (plain or valid is not True or self._seen.status in _CANDIDATES)
        return _page(self._seen, text, keep=keeps)


class _Seen:
    """One response as far as it has come."""

    def __init__(self, method: str, data: bytes, *, at_end: bool) -> None:
        reader = http.ResponseReader(method)
        reader.feed(data)
        if at_end:
            reader.eof()
        self.done, self.failure, self.status = reader.done, reader.failure, reader.status
        self.headers, self.body = reader.headers, reader.body
        self.truncated = reader.truncated or not reader.complete


@functools.lru_cache(maxsize=2048)
def _read(method: str, data: bytes, *, at_end: bool) -> _Seen:
    return _Seen(method, data, at_end=at_end)


@functools.lru_cache(maxsize=2048)
def _page(seen: _Seen, text: str, *, keep: bool) -> Page:
    header = dict(reversed(seen.headers))
    location = header.get("location")
    title, sketch, digest = _facts(seen.body)
    assert seen.status is not None
    return Page(
        status=seen.status,
        header_names=tuple(name for name, _ in seen.headers),
        location=None if location is None else _reduced(text, location),
        server=header.get("server"),
        headers=tuple((name, value) for name, value in seen.headers if name in _TELLING),
        title=title,
        body_length=len(seen.body),
        body_sha256=digest,
        truncated=seen.truncated,
        sketch=sketch,
        body=html.decode(seen.body) if keep else None,
    )


@functools.lru_cache(maxsize=4096)
def _facts(body: bytes) -> tuple[str | None, tuple[int, ...], str]:
    return html.title(body), html.sketch(body), hashlib.sha256(body).hexdigest()


def _reduced(base: str, location: str) -> str:
    """A Location whose query leaves the site is kept without it (METHOD 5)."""
    try:
        here, there = url.parse(base), url.join(url.parse(base), location)
    except ValueError:
        return location
    one, other = here.host.removeprefix("www."), there.host.removeprefix("www.")
    same = one == other or one.endswith("." + other) or other.endswith("." + one)
    head, mark, query = location.partition("?")
    if same or not mark:
        return location
    return f"{head}?masked={len(query)}-{hashlib.blake2b(query.encode(), digest_size=8).hexdigest()}"
