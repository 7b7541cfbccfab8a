"""What is kept of a response: facts of its page and the byte-arrival curve, whatever carried it.

Every fact is of masked bytes. A body stays only where the caller allows it (a category that is not risky) and the
facts make it a candidate for a block notice: plain HTTP, a certificate that does not hold, or status 403 or 451
(METHOD 5). Nothing here reads a socket or a clock, so that a pure lab keeps what a real run keeps.
"""

import hashlib
from collections.abc import Sequence
from typing import Protocol
from urllib.parse import urlsplit

from hushmap.model import Extraction, Listing, Page
from hushmap.net.mask import Own
from hushmap.wire import html, listing, signs
from hushmap.wire.url import Url, join

_POINTS = 64
"""Points of the byte-arrival curve that are kept (model.Fetch)."""
_TEXT = 2000
"""Characters of a Location or Server header that are kept."""
_HEADERS = 100
_CANDIDATES = frozenset({403, 451})
_TELLING = frozenset(
    """
    via proxy-agent x-cache x-cache-lookup x-squid-error x-app-url x-blocked-by x-deny-reason cf-mitigated
    x-amzn-waf-action alt-svc
    """.split()
)
"""Headers whose values are kept beside Location and Server: those by which what answered names itself. A proxy must
(Via: RFC 9110 7.6.3) or does by habit (Squid's, and what OONI's fingerprints look at), a filter gives its reason, a
site's own protection says that it refuses; a server says what else it speaks (Alt-Svc: RFC 7838). None is of a
person's session. Apart from these two and what refs/OONI 7 has, own knowledge, unchecked."""
_TELLING_MOST = 16
"""Values that are kept: each proxy of a chain may add a line."""


class Response(Protocol):
    """A response as far as it was read, as wire.http.ResponseReader has it."""

    @property
    def status(self) -> int | None:
        """`None` before a header came."""

    @property
    def headers(self) -> Sequence[tuple[str, str]]:
        """Names in lower case, in order."""

    @property
    def body(self) -> bytes:
        """What came of it, within its bound."""

    @property
    def truncated(self) -> bool:
        """It is longer than its bound."""

    @property
    def complete(self) -> bool:
        """It came to its end."""


class Curve:
    """Bytes over time, in a bounded number of points that lie evenly over the whole transfer.

    When there are too many, every second one goes and from then on only every second arrival is taken: a rate at the
    start is as well seen as one at the end. The first and the last arrival always stay, between them all came.
    """

    def __init__(self, t0: float) -> None:
        self._t0 = t0
        self._kept: list[tuple[float, int]] = []
        self._last = (0.0, 0)
        self._count = 0
        self._each = 1

    def add(self, size: int, now: float) -> None:
        """A segment of `size` bytes came just now."""
        self._last = (round(now - self._t0, 6), self._last[1] + size)
        if self._count % self._each == 0:
            if len(self._kept) == _POINTS - 1:  # the last arrival needs a place, too
                self._kept = self._kept[::2]
                self._each *= 2
            if self._count % self._each == 0:
                self._kept.append(self._last)
        self._count += 1

    @property
    def points(self) -> tuple[tuple[float, int], ...]:
        """The curve so far; its last point is the last segment."""
        if not self._kept or self._kept[-1] == self._last:
            return tuple(self._kept)
        return (*self._kept, self._last)


def page_of(
    response: Response,
    base: Url,
    *,
    valid: bool | None,
    keep_body: bool,
    own: Own,
    key: bytes,
    extract: Extraction | None = None,
) -> Page | None:
    """The facts of a response to `base`; `None` before a header came.

    `valid`: what the handshake found of the certificate, `None` over plain HTTP; `key` hashes what may not be kept;
    `extract`: what else is asked of it.
    """
    if response.status is None:
        return None
    body = own.bytes(response.body)
    borne = () if extract is None else signs.matched(extract.signs, told(response, body))
    if extract is not None and extract.discreet:
        cut = response.truncated or not response.complete
        found = listed(extract, told(response, body), key)
        return Page(status=response.status, body_length=len(body), truncated=cut, signs=borne, listing=found)
    first = dict(reversed(response.headers))
    location, server = first.get("location"), first.get("server")
    candidate = base.scheme == "http" or valid is not True or response.status in _CANDIDATES
    return Page(
        status=response.status,
        header_names=tuple(name[:_TEXT] for name, _ in response.headers[:_HEADERS]),
        location=None if location is None else reduced(base, location, own, key)[:_TEXT],
        server=None if server is None else own.text(server)[:_TEXT],
        headers=_telling(response.headers, base, own, key),
        title=html.title(body),
        body_length=len(body),
        body_sha256=hashlib.sha256(body).hexdigest(),
        truncated=response.truncated or not response.complete,
        sketch=html.sketch(body),
        signs=borne,
        listing=None if extract is None else listed(extract, told(response, body), key),
        body=html.decode(body) if keep_body and candidate else None,
    )


def told(response: Response, body: bytes) -> signs.Told:
    """What a response is known by."""
    return signs.Told(status=response.status or 0, headers=response.headers, text=html.decode(body))


def listed(extract: Extraction, page: signs.Told, key: bytes) -> Listing | None:
    """What a page of results lists; `None` where no results were asked for."""
    if extract.items is None:
        return None
    return listing.listing(
        extract,
        page,
        lambda text: hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=key, digest_size=8).hexdigest(),
    )


def _telling(headers: Sequence[tuple[str, str]], base: Url, own: Own, key: bytes) -> tuple[tuple[str, str], ...]:
    """The values that may be kept; an address among them is kept as a Location is."""
    kept = [(name, value) for name, value in headers[:_HEADERS] if name in _TELLING]
    return tuple((name, reduced(base, value, own, key)[:_TEXT]) for name, value in kept[:_TELLING_MOST])


def reduced(base: Url, location: str, own: Own, key: bytes) -> str:
    """A Location as it may be kept: the query of one that leaves the site becomes its length and a keyed hash.

    Such queries carry subscriber numbers and the page that was asked for to a block page's host (METHOD 5).
    """
    location = own.text(location)
    parts = urlsplit(location, allow_fragments=True) if _splits(location) else None
    if parts is None or not parts.query:
        return location
    try:
        host = join(base, location).host
    except ValueError:
        host = ""
    if _same_site(base.host, host):
        return location
    digest = hashlib.blake2b(parts.query.encode("utf-8", "surrogatepass"), key=key, digest_size=8).hexdigest()
    return parts._replace(query=f"masked={len(parts.query)}-{digest}", fragment="").geturl()


def _splits(location: str) -> bool:
    try:
        urlsplit(location)
    except ValueError:
        return False
    return True


def _same_site(one: str, other: str) -> bool:
    """One host is the other or lies below it, `www.` aside."""
    a, b = one.removeprefix("www."), other.removeprefix("www.")
    return a == b or a.endswith("." + b) or b.endswith("." + a)
