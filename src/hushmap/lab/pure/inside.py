"""Lookups inside TLS in a pure lab: the steps that the measuring room would have, by packets and at the helper."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from hushmap.lab.pure import tls
from hushmap.lab.pure.client import BrokenError, Connection
from hushmap.lab.pure.pages import Reading
from hushmap.lab.pure.servers import Servers
from hushmap.lab.pure.verbs import Verbs
from hushmap.model import Ask, Failure, Fetch, Handshake, Step
from hushmap.net import Limits, Lookup
from hushmap.wire import dns, http
from hushmap.wire.resolver import ResolverUrl

_MEDIA = "application/dns-message"
_HEADERS = (("Accept", _MEDIA), ("Content-Type", _MEDIA), ("Connection", "close"))


class Now(Protocol):
    """A clock, as far as a lookup needs it."""

    def now(self) -> float:
        """Seconds since the run began."""


async def look_up(
    verbs: Verbs, clock: Now, limits: Limits, ask: Ask, place: ResolverUrl, qtype: str, offset: float | None
) -> list[Step]:
    """Connect, Handshake, over HTTPS a Fetch, then the Resolve (net.encrypted)."""
    step, connection = await verbs.connect(
        place.address, place.port, limits.connect if ask.timeout is None else ask.timeout
    )
    if connection is None:
        return [step]
    try:
        hello = await verbs.handshake(
            connection, step, sni=place.host, name=place.host, verify=ask.verify,
            limit=limits.handshake if ask.timeout is None else ask.timeout, offset=offset,
        )  # fmt: skip
        if hello.failure is not None:
            return [step, hello]
        message = dns.padded(dns.query(ask.name or "", qtype, 0))
        lookup = Lookup(clock, ask.name or "", qtype, ask.resolver or "", message)
        limit = limits.exchange if ask.timeout is None else ask.timeout
        if place.transport == "https":
            return [step, hello, *await _posted(connection, place, hello, lookup, limit)]
        said = bytearray()

        def take(piece: bytes) -> bool:
            said.extend(piece)
            return len(said) >= 2 and len(said) >= 2 + int.from_bytes(said[:2], "big")

        lookup.failure = await _told(connection, len(message).to_bytes(2, "big") + message, limit, take)
        if lookup.failure is None:
            _read(lookup, bytes(said[2 : 2 + int.from_bytes(said[:2], "big")]), None)
        return [step, hello, lookup.step()]
    finally:
        connection.close()


def answered(servers: Servers, ask: Ask, place: ResolverUrl, t: float) -> list[Step]:
    """What comes of a question at a server that was shaken hands with at `t`, seen from beside it."""
    message = dns.padded(dns.query(ask.name or "", ask.qtype, 0))
    lookup = Lookup(_Still(t), ask.name or "", ask.qtype, ask.resolver or "", message)
    sent = len(message).to_bytes(2, "big") + message
    if place.transport == "https":
        sent = http.request_bytes("POST", place.path, place.page.authority, _HEADERS, message)
    told = servers.answer(sent, place.address, place.port, here=False)
    said, ended = b"".join(piece for _, piece in told or ()), Failure.TIMEOUT if told is None else Failure.EOF
    if place.transport != "https":
        lookup.failure = None if said else ended
        if said:
            _read(lookup, said[2:], None)
        return [lookup.step()]
    reading, body = Reading("POST", t), http.ResponseReader("POST")
    reading.feed(said)
    body.feed(said)
    page = reading.page(place.page.text, valid=True, keep=False)
    failure = None if reading.done else ended
    fetched = Fetch(t0=t, t=t, url=place.page.text, method="POST", page=page, failure=failure)
    if failure is not None or page is None:
        return [fetched]
    _read(lookup, body.body if page.status // 100 == 2 else b"", f"status {page.status}")
    return [fetched, lookup.step()]


class _Still:
    """A clock that stands."""

    def __init__(self, t: float) -> None:
        self._t = t

    def now(self) -> float:
        """Always the same."""
        return self._t


async def _posted(
    connection: Connection, place: ResolverUrl, hello: Handshake, lookup: Lookup, limit: float
) -> list[Step]:
    reading, body = Reading("POST", lookup.t0), http.ResponseReader("POST")

    def take(piece: bytes) -> bool:
        reading.feed(piece)
        body.feed(piece)
        return reading.done

    request = http.request_bytes("POST", place.path, place.page.authority, _HEADERS, lookup.message)
    failure = await _told(connection, request, limit, take) or reading.failure
    page = reading.page(place.page.text, valid=hello.valid, keep=False)
    fetched = Fetch(t0=lookup.t0, t=lookup.now(), failure=failure, url=place.page.text, method="POST", page=page)
    if failure is not None or page is None:
        return [fetched]
    _read(lookup, body.body if page.status // 100 == 2 else b"", f"status {page.status}")
    return [fetched, lookup.step()]


async def _told(connection: Connection, data: bytes, limit: float, take: Callable[[bytes], bool]) -> Failure | None:
    """Give what comes back inside TLS to `take`, until that has enough; how it ended where it had not."""
    records = tls.Records()
    try:
        async with asyncio.timeout(limit):
            connection.send(tls.sealed(data))
            while True:
                came = await connection.receive()
                if not came:
                    return Failure.EOF
                for kind, piece in records.feed(came):
                    if kind == tls.DATA and take(piece):
                        return None
    except BrokenError as error:
        return error.failure
    except TimeoutError:
        return Failure.TIMEOUT
    except ValueError:  # what came is no TLS
        return Failure.TLS_FAILED


def _read(lookup: Lookup, message: bytes, detail: str | None) -> None:
    lookup.read(message, None)
    if not lookup.answers:
        lookup.failure, lookup.detail = Failure.DNS_MISBEHAVING, detail
