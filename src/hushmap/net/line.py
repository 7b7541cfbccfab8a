"""One TLS connection to a helper, and one HTTP exchange over it: what both kinds of helper client share.

Who a helper is, is said by whoever asks: by a pinned key, or by a certificate that must hold.
"""

import asyncio
import ssl
from collections.abc import Callable

from hushmap.model import SYSTEM_RESOLVER, is_address
from hushmap.net.channel import TlsChannel
from hushmap.net.clock import Clock
from hushmap.net.connect import connect
from hushmap.net.fetch import read_response
from hushmap.net.handshake import Wish, handshake
from hushmap.net.limits import Limits
from hushmap.net.mask import Own
from hushmap.net.resolve import Resolver
from hushmap.net.trust import Trust
from hushmap.wire import http as wire_http

ADDRESSES = 2
"""Addresses of a helper's name that are tried: one of each family."""


class Line:
    """The way to one helper."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        clock: Clock,
        limits: Limits,
        own: Own,
        resolver: Resolver,
        trust: Trust,
        interface: str | None = None,
        accept: Callable[[TlsChannel], bool] | None = None,
    ) -> None:
        """`accept` says whether the peer is the helper; without it, the peer's certificate must hold."""
        self.host, self.port = host, port
        self._clock, self._limits, self._own = clock, limits, own
        self._resolver, self._trust, self._interface = resolver, trust, interface
        self._accept = accept

    async def open(self) -> tuple[TlsChannel | None, str | None]:
        """An open channel to the helper, or what went wrong at the last address: `pin` if somebody else answered."""
        trouble: str | None = "no address"
        for address in (await self._addresses())[:ADDRESSES]:
            step, sock = await connect(
                address,
                self.port,
                clock=self._clock,
                own=self._own,
                limit=self._limits.connect,
                interface=self._interface,
            )
            if sock is None:
                trouble = f"connect: {step.failure}"
                continue
            name = self.host if self._accept is None or not is_address(self.host) else None
            wish = Wish(
                address=address,
                port=self.port,
                sni=name,
                name=name,
                verify=self._accept is None,
                timeout=self._limits.handshake,
            )
            hello, channel = await handshake(sock, wish, clock=self._clock, trust=self._trust, own=self._own)
            if channel is None:
                sock.close()
                trouble = f"handshake: {hello.failure}"
                continue
            if self._accept is None or self._accept(channel):
                return channel, None
            channel.close()
            trouble = "pin"
        return None, trouble

    async def exchange(
        self, channel: TlsChannel, data: bytes, *, limit: float, body_limit: int
    ) -> tuple[wire_http.ResponseReader | None, str | None]:
        """Send a POST request and read the whole response, or what went wrong."""
        reader = wire_http.ResponseReader("POST", body_limit=body_limit)
        try:
            async with asyncio.timeout(limit):
                await channel.send(data)
                await read_response(channel, reader)
        except (OSError, ssl.SSLError) as error:  # TimeoutError is an OSError
            return None, type(error).__name__
        if reader.status is None or not reader.complete:
            return None, str(reader.failure)
        return reader, None

    async def _addresses(self) -> list[str]:
        if is_address(self.host):
            return [self.host]
        steps = await asyncio.gather(
            *(self._resolver.resolve(self.host, qtype, SYSTEM_RESOLVER) for qtype in ("A", "AAAA"))
        )
        return [address for step in steps for address in step.addresses[:1]]
