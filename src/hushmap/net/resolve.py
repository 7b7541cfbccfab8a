"""The Resolve verb: one question to one resolver, and every answer that comes to it.

A censor on the path answers faster than the resolver, often more than once, and the true answer follows (METHOD 4).
So each query has a socket of its own with a random port, goes on listening after the first answer, and keeps every
reply with its arrival time and IP TTL. A query is sent again while nothing came: one lost datagram must not look
like a censor (STATISTICS 6: a single query at 5 % loss fails in 10 % of lookups).
"""

import secrets
import socket
import struct
from functools import lru_cache

from hushmap.model import SYSTEM_RESOLVER, Resolve
from hushmap.net import failures
from hushmap.net.channel import Channel
from hushmap.net.clock import Clock
from hushmap.net.connect import connect, learn, open_socket
from hushmap.net.datagram import Ears
from hushmap.net.limits import Limits
from hushmap.net.lookup import Lookup, by_stream, want_ttl
from hushmap.net.mask import Own
from hushmap.net.system import FAMILIES, look_up
from hushmap.wire import dns
from hushmap.wire import resolver as resolver_url
from hushmap.wire.resolver import ResolverUrl

parse_resolver = lru_cache(256)(resolver_url.parse)
"""The resolver that an ask names; ValueError if it names none. A run asks few of them, each thousands of times."""


@lru_cache(64)
def parse_qtypes(text: str) -> tuple[str, ...]:
    """The query types that an ask names; ValueError if it is neither one nor two joined by +."""
    qtypes = tuple(text.split("+"))
    if len(qtypes) > 2 or len(set(qtypes)) < len(qtypes):
        raise ValueError(f"{text!a:.40} is no query type, nor two joined by +")
    return qtypes


class Resolver:
    """Carries out lookups."""

    def __init__(self, clock: Clock, limits: Limits, own: Own, interface: str | None = None) -> None:
        self._clock, self._limits, self._own, self._interface = clock, limits, own, interface
        self._ears = Ears(limits)
        self._idents: list[int] = []

    async def resolve(self, name: str, qtype: str, resolver: str, limit: float | None = None) -> Resolve:
        """Ask once; ValueError if the name, type or resolver is none."""
        place = parse_resolver(resolver)
        message = dns.query(name, qtype, self._ident())
        if place.transport == SYSTEM_RESOLVER:
            if qtype not in FAMILIES:
                raise ValueError(f"the system resolver is asked for A or AAAA, not {qtype!a:.20}")
            asked = dns.question(message)[1]
            return await look_up(
                name, asked, qtype, clock=self._clock, limit=self._limits.system if limit is None else limit
            )
        lookup = Lookup(self._clock, name, qtype, resolver, message)
        limit = self._limits.dns if limit is None else limit
        if place.transport == "udp":
            if (sock := self._opened(place, lookup)) is not None:
                try:
                    await self._ears.listen(sock, lookup, limit)
                finally:
                    sock.close()
        elif place.transport == "tcp":
            await self._tcp(place, lookup, limit)
        else:
            raise ValueError(f"{resolver!a:.120} is asked inside TLS, which this is not")
        return lookup.step()

    def _ident(self) -> int:
        """A message id that nobody can foresee; to draw them one by one would cost as much as a whole datagram."""
        if not self._idents:
            self._idents = list(struct.unpack("!256H", secrets.token_bytes(512)))
        return self._idents.pop()

    def _opened(self, place: ResolverUrl, lookup: Lookup) -> socket.socket | None:
        """A socket that hears this resolver alone; `None`, and the lookup knows why, if there is none to be had."""
        ipv6 = ":" in place.address
        try:
            sock = open_socket(socket.SOCK_DGRAM, place.address, self._interface)
        except OSError as error:
            lookup.failure, lookup.detail = failures.of_os(error)
            return None
        try:
            want_ttl(sock, ipv6=ipv6)
            sock.connect((place.address, place.port))
            learn(self._own, sock, place.address)
        except OSError as error:
            sock.close()
            lookup.failure, lookup.detail = failures.of_os(error, ipv6=ipv6)
            return None
        return sock

    async def _tcp(self, place: ResolverUrl, lookup: Lookup, limit: float) -> None:
        step, sock = await connect(
            place.address, place.port, clock=self._clock, own=self._own, limit=limit, interface=self._interface
        )
        if sock is None:
            lookup.failure, lookup.detail = step.failure, f"connect: {step.detail}" if step.detail else "connect"
            return
        with sock:
            left = limit - (self._clock.now() - lookup.t0)
            await by_stream(Channel(sock), lookup, left, ipv6=":" in place.address)
