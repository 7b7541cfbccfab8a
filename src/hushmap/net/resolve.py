"""The Resolve verb: one question to one resolver, and every answer that comes to it.

A censor on the path answers faster than the resolver, often more than once, and the true answer follows (METHOD 4).
So each query has a socket of its own with a random port, goes on listening after the first answer, and keeps every
reply with its arrival time and IP TTL. A query is sent again while nothing came: one lost datagram must not look
like a censor (STATISTICS 6: a single query at 5 % loss fails in 10 % of lookups).
"""

import asyncio
import ipaddress
import re
import secrets
import socket
from functools import lru_cache

import msgspec

from hushmap.model import SYSTEM_RESOLVER, Failure, Resolve
from hushmap.net import failures
from hushmap.net.clock import Clock
from hushmap.net.connect import connect, learn, open_socket
from hushmap.net.datagram import Ears
from hushmap.net.limits import Limits
from hushmap.net.lookup import DATAGRAM, Lookup, want_ttl
from hushmap.net.mask import Own
from hushmap.net.system import FAMILIES, look_up
from hushmap.wire import dns

_RESOLVER = re.compile(r"(udp|tcp)://(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+)):([0-9]{1,5})")


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """A resolver's transport and place."""

    transport: str
    address: str = ""
    port: int = 0


@lru_cache(256)
def where(text: str | None) -> Where:
    """The resolver that an ask names; ValueError if it names none."""
    if text == SYSTEM_RESOLVER:
        return Where(transport=SYSTEM_RESOLVER)
    match = _RESOLVER.fullmatch(text or "")
    if match is None or not 0 < int(match[4]) < 65536:
        raise ValueError(f"a resolver is system, udp://ADDRESS:PORT or tcp://ADDRESS:PORT; {text!a:.120} is not")
    address = str(ipaddress.ip_address(match[2] or match[3]))
    return Where(transport=match[1], address=address, port=int(match[4]))


class Resolver:
    """Carries out lookups."""

    def __init__(self, clock: Clock, limits: Limits, own: Own, interface: str | None = None) -> None:
        self._clock, self._limits, self._own, self._interface = clock, limits, own, interface
        self._ears = Ears(limits)

    async def resolve(self, name: str, qtype: str, resolver: str, limit: float | None = None) -> Resolve:
        """Ask once; ValueError if the name, type or resolver is none."""
        place = where(resolver)
        ident = secrets.randbits(16)
        message = dns.query(name, qtype, ident)
        if place.transport == SYSTEM_RESOLVER:
            if qtype not in FAMILIES:
                raise ValueError(f"the system resolver is asked for A or AAAA, not {qtype!a:.20}")
            asked = dns.question(message)[1]
            return await look_up(
                name, asked, qtype, clock=self._clock, limit=self._limits.system if limit is None else limit
            )
        lookup = Lookup(self._clock, name, qtype, resolver, message)
        limit = self._limits.dns if limit is None else limit
        if place.transport == "tcp":
            await self._tcp(place, lookup, limit)
        else:
            await self._udp(place, lookup, limit)
        return lookup.step()

    async def _udp(self, place: Where, lookup: Lookup, limit: float) -> None:
        try:
            sock = open_socket(socket.SOCK_DGRAM, place.address, self._interface)
        except OSError as error:
            lookup.failure, lookup.detail = failures.of_os(error)
            return
        with sock:
            try:
                want_ttl(sock)
                sock.connect((place.address, place.port))
                learn(self._own, sock, place.address)
            except OSError as error:
                lookup.failure, lookup.detail = failures.of_os(error, ipv6=":" in place.address)
                return
            await self._ears.listen(sock, lookup, limit)

    async def _tcp(self, place: Where, lookup: Lookup, limit: float) -> None:
        loop = asyncio.get_running_loop()
        step, sock = await connect(
            place.address, place.port, clock=self._clock, own=self._own, limit=limit, interface=self._interface
        )
        if sock is None:
            lookup.failure, lookup.detail = step.failure, f"connect: {step.detail}" if step.detail else "connect"
            return
        message = lookup.message
        data = b""
        with sock:
            try:
                async with asyncio.timeout(max(0.0, limit - (self._clock.now() - lookup.t0))):
                    await loop.sock_sendall(sock, len(message).to_bytes(2, "big") + message)
                    while len(data) < 2 or len(data) < 2 + int.from_bytes(data[:2], "big"):
                        more = await loop.sock_recv(sock, DATAGRAM)
                        if not more:
                            lookup.failure = Failure.EOF
                            return
                        data += more
            except OSError as error:
                lookup.failure, lookup.detail = failures.of_os(error, ipv6=":" in place.address)
                return
        lookup.read(data[2 : 2 + int.from_bytes(data[:2], "big")], None)
        if not lookup.answers:
            lookup.failure = Failure.DNS_MISBEHAVING
