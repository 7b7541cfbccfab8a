"""The Hop verb in a pure lab: what `net.hop` would have recorded of one packet with a small TTL.

It follows Linux where that decides what can be seen: a SYN's socket is over at the first ICMP error, a connection's
at a reset, so that of these two only the faster one is told; of a connection it is not told who sent an error.
"""

import asyncio
from functools import partial

from hushmap.lab.pure import tls
from hushmap.lab.pure.client import BrokenError, Client, Connection
from hushmap.lab.pure.requests import request_of, server_of
from hushmap.model import Ask, Connect, Failure, Hop, Layer, Step, Transport
from hushmap.net import Limits
from hushmap.wire import dns

_UNTOLD = (-1, -1)
"""net.hop."""
_ANSWERS = frozenset({Failure.REFUSED, Failure.RESET})


class _Seen:
    """What has come so far."""

    def __init__(self) -> None:
        self.router: str | None = None
        self.icmp: tuple[int, int] | None = None
        self.reached = False
        self.received = b""
        self.failure: Failure | None = None
        self.first: float | None = None
        self.news = asyncio.Event()

    def came(self) -> None:
        """Something did."""
        self.first = self.first or asyncio.get_running_loop().time()
        self.news.set()

    def told(self, router: str, icmp: tuple[int, int], *, known: bool) -> None:
        """An ICMP error."""
        if self.icmp is None:
            self.router, self.icmp = (router, icmp) if known else (None, _UNTOLD)
        self.came()

    def heard(self, data: bytes | Failure, _ttl: int, *, start: bytes) -> None:
        """A datagram."""
        if isinstance(data, bytes) and data.startswith(start):
            self.reached, self.received = True, self.received or data
            self.came()

    def broke(self, failure: Failure) -> None:
        """A connection ended."""
        if failure is not Failure.HOST_UNREACHABLE:
            self.failure, self.reached = failure, failure in _ANSWERS


class Hopper:
    """Everything that goes only some hops far."""

    def __init__(self, client: Client, limits: Limits) -> None:
        self._client, self._limits = client, limits

    async def ask(self, ask: Ask) -> tuple[Step, ...]:
        """The steps of an ask with a TTL."""
        if ask.layer is Layer.DNS:
            address, _, port = (ask.resolver or "").removeprefix("udp://").rpartition(":")
            return (await self._datagram(ask, address.strip("[]"), int(port)),)
        address_, port_, _ = server_of(ask)
        assert address_ is not None, "every ask of an inquiry names an address"
        if ask.layer is Layer.TCP:
            return (await self._syn(ask, address_, port_),)
        limit = self._limits.connect if ask.timeout is None else ask.timeout
        return await self._payload(ask, address_, port_, limit)

    def _limit(self, ask: Ask) -> float:
        return self._limits.hop if ask.timeout is None else ask.timeout

    async def _datagram(self, ask: Ask, address: str, port: int) -> Hop:
        t0, seen = self._client.now(), _Seen()
        message = dns.query(ask.name or "", ask.qtype, 0x4D48)
        heard = partial(seen.heard, start=message[:2])
        told = partial(seen.told, known=True)
        source = self._client.listen(heard, source_port=ask.source_port, told=told)
        self._client.say(source, address, port, message, ttl=ask.ttl or 64)
        try:
            await self._both(seen, t0 + self._limit(ask))
        finally:
            self._client.deafen(source)
        return self._hop(ask, seen, t0, address, port, Transport.UDP)

    async def _both(self, seen: _Seen, end: float) -> None:
        """Wait for an ICMP error or an answer, and for the other one a little longer."""
        heard = False
        while (left := end - self._client.now()) > 0:
            seen.news.clear()
            try:
                async with asyncio.timeout(left):
                    await seen.news.wait()
            except TimeoutError:
                return
            if seen.reached and seen.icmp is not None:
                return
            if not heard:
                end, heard = min(end, self._client.now() + self._limits.late), True

    async def _syn(self, ask: Ask, address: str, port: int) -> Hop:
        t0, seen = self._client.now(), _Seen()
        connection = self._client.dial(
            address, port, ttl=ask.ttl or 64, source_port=ask.source_port, told=partial(seen.told, known=True)
        )
        try:
            async with asyncio.timeout(self._limit(ask)):
                await connection.open()
                seen.reached = True
        except BrokenError as error:
            seen.broke(error.failure)
        except TimeoutError:
            pass
        if seen.reached and not connection.peer.over:
            connection.peer.abort()
        else:
            connection.close()
        return self._hop(ask, seen, t0, address, port, Transport.TCP)

    async def _payload(self, ask: Ask, address: str, port: int, limit: float) -> tuple[Step, ...]:
        t0, seen = self._client.now(), _Seen()
        connection = self._client.dial(address, port, source_port=ask.source_port)
        failure: Failure | None = None
        try:
            async with asyncio.timeout(limit):
                await connection.open()
        except BrokenError as error:
            failure = error.failure
        except TimeoutError:
            failure = Failure.TIMEOUT
        if failure is not None:
            connection.close()
            return (Connect(t0=t0, t=self._client.now(), failure=failure, address=address, port=port),)
        connect = Connect(t0=t0, t=self._client.now(), address=address, port=port)
        began = self._client.now()
        connection.told = partial(seen.told, known=False)
        connection.peer.ttl = ask.ttl or 64
        connection.send(_first(ask))
        reading = asyncio.ensure_future(self._read(connection, seen))
        try:
            await self._both(seen, began + self._limit(ask))
        finally:
            reading.cancel()
            connection.peer.ttl = 64
            if not connection.peer.over:
                connection.peer.abort()
        return connect, self._hop(ask, seen, began, address, port, Transport.TCP)

    async def _read(self, connection: Connection, seen: _Seen) -> None:
        """Take what the connection says until it ends."""
        try:
            while data := await connection.receive():
                seen.reached, seen.received = True, seen.received or data
                seen.came()
            seen.reached, seen.failure = True, None if seen.received else Failure.EOF
        except BrokenError as error:
            seen.broke(error.failure)
        seen.came()

    def _hop(self, ask: Ask, seen: _Seen, t0: float, address: str, port: int, transport: Transport) -> Hop:
        failure = seen.failure
        if failure is None and not seen.reached and seen.icmp is None:
            failure = Failure.TIMEOUT
        return Hop(
            t0=t0, t=seen.first or self._client.now(), failure=failure, address=address, port=port, ttl=ask.ttl or 64,
            transport=transport, router=seen.router, icmp=seen.icmp, reached=seen.reached,
            received=seen.received[: self._limits.received], source_port=ask.source_port or 0,
        )  # fmt: skip


def _first(ask: Ask) -> bytes:
    """What is said first on a connection (net.hopping)."""
    if ask.layer is Layer.RAW:
        return ask.payload or b""
    if ask.layer is Layer.HTTP and not (ask.url or "").startswith("https:"):
        return request_of(ask)
    return tls.hello(ask.sni)
