"""The Fetch verb: one exchange of HTTP/1.1 or HTTP/2 on an open channel, bounded in size and time; no redirect.

What is kept is facts of the page, from masked bytes (net.page).
"""

import asyncio
import ssl

import msgspec

from hushmap import __version__
from hushmap.model import Ask, Extraction, Failure, Fetch
from hushmap.net import failures
from hushmap.net.channel import Channel
from hushmap.net.clock import Clock
from hushmap.net.mask import Own
from hushmap.net.page import Curve, page_of
from hushmap.wire import h2 as wire_h2
from hushmap.wire import http as wire_http
from hushmap.wire import streamed
from hushmap.wire.url import Url

USER_AGENT = f"hushmap/{__version__} (+measurement of reachability)"
"""One constant, honest name.

Truth is per client configuration (METHOD 3): what a server or a path answers is true for the client that asked, so
every record of one version must come from one client. A browser's name would be a lie that the ClientHello
contradicts, and sites that treat liars as robots would look like censors. The price is that a network which reads
plain HTTP can tell that this program is in use; the consent text says so, and an ask may carry other headers.
"""

DEFAULT_HEADERS = (("User-Agent", USER_AGENT), ("Accept", "*/*"), ("Connection", "close"))
"""No Accept-Encoding: a body is hashed and compared as it comes."""
FORM = ("Content-Type", "application/x-www-form-urlencoded")
"""What a body of ours is, where an ask names no headers of its own: the fields of a form (HTML, 4.10.21.8)."""


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One request, ready to be sent."""

    url: Url
    text: str
    """The URL as the ask wrote it."""
    method: str
    host: str | None
    data: bytes
    """As HTTP/1.1 has it."""
    fields: streamed.Fields = []
    """As HTTP/2 and HTTP/3 have it, without the body."""
    body: bytes = b""
    timeout: float
    body_limit: int
    keep_body: bool
    key: bytes
    """Hashes what of the answer may not be kept."""
    extract: Extraction | None = None
    """What else is asked of the page."""
    valid: bool | None = None
    """What the handshake before found of the certificate; `None` over plain HTTP."""


def headers_of(ask: Ask) -> tuple[tuple[str, str], ...]:
    """The headers beside Host with which an ask is sent."""
    return ask.headers or (*DEFAULT_HEADERS, *((FORM,) if ask.payload else ()))


def call_data(method: str, url: Url, host: str | None, headers: tuple[tuple[str, str], ...], body: bytes) -> bytes:
    """The bytes of a request; ValueError if they would not be one."""
    return wire_http.request_bytes(method, url.path, url.authority if host is None else host, headers, body)


def call_fields(
    method: str, url: Url, host: str | None, headers: tuple[tuple[str, str], ...], body: bytes
) -> streamed.Fields:
    """The fields of a request in frames; ValueError if they would not be one."""
    return streamed.request_fields(method, url.authority if host is None else host, url.path, headers, body=body)


async def fetch(channel: Channel, call: Call, *, clock: Clock, own: Own, protocol: str | None = None) -> Fetch:
    """Send the request, read the response; the channel is used up.

    `protocol`: what the server chose, `h2`; else it is HTTP/1.1.
    """
    return (await fetch_body(channel, call, clock=clock, own=own, protocol=protocol))[0]


async def fetch_body(
    channel: Channel, call: Call, *, clock: Clock, own: Own, protocol: str | None = None
) -> tuple[Fetch, bytes]:
    """The same, with the body as it came, for who has to read it; it is not masked."""
    reader: wire_http.ResponseReader | wire_h2.Reader
    if protocol == wire_h2.ALPN:
        reader = wire_h2.Reader(call.fields, call.body, body_limit=call.body_limit)
        opening = reader.reply()
    else:
        reader, opening = wire_http.ResponseReader(call.method, body_limit=call.body_limit), call.data
    t0 = clock.now()
    curve = Curve(t0)
    channel.arrived = lambda size: curve.add(size, clock.now())
    failure: Failure | None = None
    detail: str | None = None
    try:
        async with asyncio.timeout(call.timeout):
            await channel.send(opening)
            await read_response(channel, reader)
        failure, detail = reader.failure, getattr(reader, "detail", None)
    except ssl.SSLError as error:
        failure, detail, _ = failures.of_tls(error)
    except OSError as error:
        failure, detail = failures.of_os(error)
    step = Fetch(
        t0=t0,
        t=clock.now(),
        failure=failure,
        detail=detail,
        url=call.text,
        protocol=wire_h2.ALPN if protocol == wire_h2.ALPN else None,
        method=call.method,
        host=call.host,
        page=page_of(
            reader, call.url, valid=call.valid, keep_body=call.keep_body, own=own, key=call.key, extract=call.extract
        ),
        curve=curve.points,
    )
    return step, reader.body


async def read_response(channel: Channel, reader: wire_http.ResponseReader | wire_h2.Reader) -> None:
    """Feed `reader` until it wants no more; raises OSError."""
    while not reader.done:
        data = await channel.receive()
        if data:
            reader.feed(data)
            if isinstance(reader, wire_h2.Reader) and (owed := reader.reply()):
                await channel.send(owed)
        else:
            reader.eof()
