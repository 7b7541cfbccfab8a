"""A page load as a program makes it, with redirects and cookies: what OONI's helper does for a probe.

No step is recorded, only where it ended; so this is for answering others (refs/OONI 1.3) and never for a measurement
of ours, in which every redirect is a question of its own. Every address is put to the guard before a packet goes
there, at each hop: a page may lead a helper into its own network as well as anybody's. How many lookups and
connections there are is the page's choice, so whoever loads it is asked for room before each.
"""

import asyncio
import contextlib
import ipaddress
import ssl
from collections.abc import Awaitable, Callable

import msgspec

from hushmap.model import Failure
from hushmap.net import failures
from hushmap.net.channel import Channel
from hushmap.net.clock import Clock
from hushmap.net.connect import connect
from hushmap.net.fetch import read_response
from hushmap.net.handshake import Wish, handshake
from hushmap.net.limits import Limits
from hushmap.net.mask import Own
from hushmap.net.trust import Trust
from hushmap.wire import http as wire_http
from hushmap.wire.cookies import Jar
from hushmap.wire.url import Url, join

REDIRECTS = 10
"""As browsers and OONI's helper have it (refs/OONI 1.3)."""
FOLLOWED = frozenset({301, 302, 303, 307, 308})
"""RFC 9110 section 15.4."""
TRIED = 3
"""Addresses of one host that are tried, one after another, each for its share of the time."""

Lookup = Callable[[str], Awaitable[tuple[str, ...] | Failure]]
"""The addresses of a name, or why there are none."""


class Browsed(msgspec.Struct, frozen=True, kw_only=True):
    """Where a page load ended."""

    failure: Failure | None = None
    detail: str | None = None
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    """Names in lower case, in order."""
    body: bytes = b""
    truncated: bool = False
    """The body is longer than was read."""
    halted: bool = False
    """It was given up for want of room, which says nothing of the page."""


class _HaltedError(Exception):
    """There is no room for a further lookup or connection."""


class Browser:
    """What page loads of one run share."""

    def __init__(
        self,
        *,
        clock: Clock,
        own: Own,
        trust: Trust,
        limits: Limits,
        lookup: Lookup,
        guard: Callable[[str, int], str | None],
        room: Callable[[], bool] = lambda: True,
        interface: str | None = None,
    ) -> None:
        """`guard` says why an address and port must not be contacted, or `None`.

        `room` is asked before each lookup and connection; where it says no, the load is given up.
        """
        self._clock, self._own, self._trust, self._limits = clock, own, trust, limits
        self._lookup, self._guard, self._room, self._interface = lookup, guard, room, interface

    async def load(
        self, page: Url, headers: wire_http.Headers, *, addresses: tuple[str, ...], limit: float, body_limit: int
    ) -> Browsed:
        """Load `page`, whose host is at `addresses`, and follow it within `limit` seconds."""
        jar, places = Jar(), {page.host: addresses}
        try:
            async with asyncio.timeout(limit):
                for _ in range(REDIRECTS + 1):
                    found = await self._hop(page, headers, jar, places, limit / TRIED, body_limit)
                    location = dict(reversed(found.headers)).get("location")
                    if found.failure is not None or found.status not in FOLLOWED or location is None:
                        return found
                    page = join(page, location)
                return Browsed(failure=Failure.UNKNOWN, detail="redirects without end")
        except _HaltedError:
            return Browsed(halted=True)
        except TimeoutError:
            return Browsed(failure=Failure.TIMEOUT)
        except ValueError as error:  # a Location that leads nowhere; a name that cannot be sent
            return Browsed(failure=Failure.UNKNOWN, detail=str(error))

    async def _hop(
        self,
        page: Url,
        headers: wire_http.Headers,
        jar: Jar,
        places: dict[str, tuple[str, ...]],
        limit: float,
        body_limit: int,
    ) -> Browsed:
        if page.host not in places:
            found = await self._found(page.host)
            if isinstance(found, Failure):
                return Browsed(failure=found)
            places[page.host] = found
        failure, detail = Failure.NO_ANSWER, None
        for address in places[page.host][:TRIED]:
            refused = self._guard(address, page.port)
            if refused is not None:
                failure, detail = Failure.UNKNOWN, refused
                continue
            self._take()
            step, sock = await connect(
                address, page.port, clock=self._clock, own=self._own, limit=limit, interface=self._interface
            )
            if sock is None:
                failure, detail = step.failure or Failure.UNKNOWN, step.detail
                continue
            with contextlib.closing(Channel(sock)) as plain:
                return await self._over(plain, page, address, self._data(page, headers, jar), jar, body_limit)
        return Browsed(failure=failure, detail=detail)

    async def _found(self, host: str) -> tuple[str, ...] | Failure:
        try:
            return (str(ipaddress.ip_address(host)),)
        except ValueError:
            self._take()
            return await self._lookup(host)

    def _take(self) -> None:
        if not self._room():
            raise _HaltedError

    def _data(self, page: Url, headers: wire_http.Headers, jar: Jar) -> bytes:
        cookies = jar.header(page)
        more = (("Cookie", cookies),) if cookies is not None else ()
        return wire_http.request_bytes("GET", page.path, page.authority, (*headers, *more, ("Connection", "close")))

    async def _over(self, plain: Channel, page: Url, address: str, data: bytes, jar: Jar, body_limit: int) -> Browsed:
        reader = wire_http.ResponseReader("GET", body_limit=body_limit)
        channel: Channel = plain
        if page.scheme == "https":
            wish = Wish(
                address=address,
                port=page.port,
                sni=page.host,
                name=page.host,
                verify=True,
                timeout=self._limits.handshake,
            )
            hello, secure = await handshake(plain.sock, wish, clock=self._clock, trust=self._trust, own=self._own)
            if secure is None:
                return Browsed(failure=hello.failure, detail=hello.detail)
            channel = secure
        try:
            await channel.send(data)
            await read_response(channel, reader)
        except ssl.SSLError as error:
            return Browsed(failure=failures.of_tls(error)[0])
        except OSError as error:
            return Browsed(failure=failures.of_os(error, ipv6=":" in address)[0])
        for name, value in reader.headers:
            if name == "set-cookie":
                jar.take(page, value)
        return Browsed(
            failure=reader.failure,
            status=reader.status,
            headers=tuple((name, self._own.text(value)) for name, value in reader.headers),
            body=self._own.bytes(reader.body),
            truncated=reader.truncated,
        )
