"""The Fetch verb: one HTTP/1.1 exchange on an open channel, bounded in header, body and time; no redirect.

What is kept is facts of the page, from masked bytes. A body stays only where the caller allows it (a category that
is not risky) and the facts make it a candidate for a block notice: plain HTTP, a certificate that does not hold, or
status 403 or 451 (METHOD 5).
"""

import asyncio
import hashlib
import ssl
from urllib.parse import urlsplit

import msgspec

from hushmap import __version__
from hushmap.model import Failure, Fetch, Page
from hushmap.net import failures
from hushmap.net.channel import Channel
from hushmap.net.clock import Clock
from hushmap.net.mask import Own
from hushmap.wire import html
from hushmap.wire import http as wire_http
from hushmap.wire.url import Url, join

USER_AGENT = f"hushmap/{__version__} (+measurement of reachability)"
"""One constant, honest name.

Truth is per client configuration (METHOD 3): what a server or a path answers is true for the client that asked, so
every record of one version must come from one client. A browser's name would be a lie that the ClientHello
contradicts, and sites that treat liars as robots would look like censors. The price is that a network which reads
plain HTTP can tell that this program is in use; the consent text says so, and an ask may carry other headers.
"""

DEFAULT_HEADERS = (("User-Agent", USER_AGENT), ("Accept", "*/*"), ("Connection", "close"))
"""No Accept-Encoding: a body is hashed and compared as it comes."""

_CURVE = 64
"""Points of the byte-arrival curve that are kept (model.Fetch)."""
_TEXT = 2000
"""Characters of a Location or Server header that are kept."""
_HEADERS = 100
_CANDIDATES = frozenset({403, 451})
_TELLING = frozenset(
    """
    via proxy-agent x-cache x-cache-lookup x-squid-error x-app-url x-blocked-by x-deny-reason cf-mitigated
    x-amzn-waf-action
    """.split()
)
"""Headers whose values are kept beside Location and Server: those by which what answered names itself. A proxy must
(Via: RFC 9110 7.6.3) or does by habit (Squid's, and what OONI's fingerprints look at), a filter gives its reason, a
site's own protection says that it refuses. None of them is of a person's session. Apart from Via and what
refs/OONI 7 has, own knowledge, unchecked."""
_TELLING_MOST = 16
"""Values that are kept: each proxy of a chain may add a line."""


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One request, ready to be sent."""

    url: Url
    text: str
    """The URL as the ask wrote it."""
    method: str
    host: str | None
    data: bytes
    timeout: float
    body_limit: int
    keep_body: bool
    valid: bool | None
    """What the handshake before found of the certificate; `None` over plain HTTP."""


class Curve:
    """Bytes over time, at most 64 points: when full, every second one goes, so that the shape stays."""

    def __init__(self, t0: float, clock: Clock) -> None:
        self._t0, self._clock = t0, clock
        self._total = 0
        self._points: list[tuple[float, int]] = []

    def add(self, size: int) -> None:
        """A segment of `size` bytes came just now."""
        self._total += size
        if len(self._points) == _CURVE:
            self._points = self._points[1::2]
        self._points.append((round(self._clock.now() - self._t0, 6), self._total))

    @property
    def points(self) -> tuple[tuple[float, int], ...]:
        """The curve so far; its last point is the last segment."""
        return tuple(self._points)


def call_data(method: str, url: Url, host: str | None, headers: tuple[tuple[str, str], ...], body: bytes) -> bytes:
    """The bytes of a request; ValueError if they would not be one."""
    return wire_http.request_bytes(method, url.path, url.authority if host is None else host, headers, body)


async def fetch(channel: Channel, call: Call, *, clock: Clock, own: Own, key: bytes) -> Fetch:
    """Send the request, read the response; the channel is used up. `key` hashes what may not be kept."""
    reader = wire_http.ResponseReader(call.method, body_limit=call.body_limit)
    t0 = clock.now()
    curve = Curve(t0, clock)
    channel.arrived = curve.add
    failure: Failure | None = None
    detail: str | None = None
    try:
        async with asyncio.timeout(call.timeout):
            await channel.send(call.data)
            await read_response(channel, reader)
        failure = reader.failure
    except ssl.SSLError as error:
        failure, detail, _ = failures.of_tls(error)
    except OSError as error:
        failure, detail = failures.of_os(error)
    return Fetch(
        t0=t0,
        t=clock.now(),
        failure=failure,
        detail=detail,
        url=call.text,
        method=call.method,
        host=call.host,
        page=None if reader.status is None else _page(reader, call, own, key),
        curve=curve.points,
    )


async def read_response(channel: Channel, reader: wire_http.ResponseReader) -> None:
    """Feed `reader` until it wants no more; raises OSError."""
    while not reader.done:
        data = await channel.receive()
        if data:
            reader.feed(data)
        else:
            reader.eof()


def _page(reader: wire_http.ResponseReader, call: Call, own: Own, key: bytes) -> Page:
    assert reader.status is not None
    body = own.bytes(reader.body)
    location = reader.header("location")
    server = reader.header("server")
    candidate = call.url.scheme == "http" or call.valid is not True or reader.status in _CANDIDATES
    return Page(
        status=reader.status,
        header_names=tuple(name[:_TEXT] for name, _ in reader.headers[:_HEADERS]),
        location=None if location is None else reduced(call.url, location, own, key)[:_TEXT],
        server=None if server is None else own.text(server)[:_TEXT],
        headers=_telling(reader.headers, call.url, own, key),
        title=html.title(body),
        body_length=len(body),
        body_sha256=hashlib.sha256(body).hexdigest(),
        truncated=reader.truncated or not reader.complete,
        sketch=html.sketch(body),
        body=html.decode(body) if call.keep_body and candidate else None,
    )


def _telling(headers: list[tuple[str, str]], base: Url, own: Own, key: bytes) -> tuple[tuple[str, str], ...]:
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
