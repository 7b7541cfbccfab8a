"""Lookups inside TLS: DNS over TLS (RFC 7858), HTTPS (RFC 8484) and QUIC (RFC 9250), every act a step of its own.

Connect (not over QUIC), Handshake, over HTTPS a Fetch, then the Resolve. Nobody on the path sees the question; they
see to whom it goes, and may cut that: so a failed connection is a step like any other, and no answer. The strict
profile is used (RFC 8310 section 5): who shows no certificate that holds is not asked. Each question has a connection
of its own, as each datagram has its socket, and is padded, since its length would tell of the name.
"""

import contextlib
import secrets
from collections.abc import Callable

from hushmap.model import Ask, Failure, Handshake, Step, is_address
from hushmap.net import doq, quic
from hushmap.net.channel import Channel
from hushmap.net.clock import Clock
from hushmap.net.connect import connect
from hushmap.net.fetch import USER_AGENT, Call, call_data, call_fields, fetch_body
from hushmap.net.handshake import Wish, handshake
from hushmap.net.limits import Limits
from hushmap.net.lookup import DATAGRAM, Lookup, by_stream
from hushmap.net.mask import Own
from hushmap.net.trust import Trust
from hushmap.wire import dns
from hushmap.wire.resolver import ResolverUrl

ALPN = {"tls": ("dot",), "https": ("h2", "http/1.1"), "quic": ("doq",)}
"""IANA's ALPN registry; RFC 9250 section 4.1.1. RFC 8484 section 5.2: HTTP/2 is the least that is recommended, and
some answer nothing less."""
_MEDIA = "application/dns-message"
_HEADERS = (("User-Agent", USER_AGENT), ("Accept", _MEDIA), ("Content-Type", _MEDIA), ("Connection", "close"))


class Encrypted:
    """Carries out lookups at resolvers that speak TLS."""

    def __init__(
        self,
        clock: Clock,
        limits: Limits,
        own: Own,
        trust: Trust,
        interface: str | None = None,
        *,
        offset: Callable[[], float | None] = lambda: None,
    ) -> None:
        """`offset`: by how much this computer's clock is to be corrected, as far as is known when it is asked."""
        self._clock, self._limits, self._own, self._trust = clock, limits, own, trust
        self._interface, self._offset = interface, offset

    async def resolve(self, ask: Ask, place: ResolverUrl, qtype: str, key: bytes) -> list[Step]:
        """Ask once, at `place.address`. `key` hashes what may not be kept of a page; ValueError: no name, no type."""
        assert ask.name is not None
        assert ask.resolver is not None
        # RFC 8484 section 4.1 (for caches) and RFC 9250 section 4.2.1: nothing but its stream tells a question apart.
        ident = secrets.randbits(16) if place.transport == "tls" else 0
        message = dns.padded(dns.query(ask.name, qtype, ident))
        if place.transport == "quic":
            return await self._over_quic(ask, place, qtype, message)
        connected, sock = await connect(
            place.address,
            place.port,
            clock=self._clock,
            own=self._own,
            limit=self._limits.connect if ask.timeout is None else ask.timeout,
            interface=self._interface,
        )
        if sock is None:
            return [connected]
        with contextlib.closing(Channel(sock)) as plain:
            wish = self._wish(ask, place)
            hello, channel = await handshake(plain.sock, wish, clock=self._clock, trust=self._trust, own=self._own)
            if channel is None:
                return [connected, hello]
            with contextlib.closing(channel):
                lookup = Lookup(self._clock, ask.name, qtype, ask.resolver, message)
                limit = self._limits.exchange if ask.timeout is None else ask.timeout
                if place.transport == "https":
                    return [connected, hello, *await self._post(channel, place, hello, lookup, limit, key)]
                await by_stream(channel, lookup, limit, ipv6=":" in place.address)
                return [connected, hello, lookup.step()]

    async def _over_quic(self, ask: Ask, place: ResolverUrl, qtype: str, message: bytes) -> list[Step]:
        assert ask.name is not None
        assert ask.resolver is not None
        hello, link = await quic.handshake(
            self._wish(ask, place),
            dwell=self._limits.dwell if ask.dwell is None else ask.dwell,
            source_port=ask.source_port,
            interface=self._interface,
            clock=self._clock,
            trust=self._trust,
            own=self._own,
        )
        if link is None:
            return [hello]
        with contextlib.closing(link):
            lookup = Lookup(self._clock, ask.name, qtype, ask.resolver, message)
            limit = self._limits.exchange if ask.timeout is None else ask.timeout
            await doq.ask(link, lookup, lookup.t0 + limit)
            return [hello, lookup.step()]

    def _wish(self, ask: Ask, place: ResolverUrl) -> Wish:
        return Wish(
            address=place.address,
            port=place.port,
            sni=None if is_address(place.host) else place.host,
            name=place.host,
            verify=ask.verify,
            timeout=self._limits.handshake if ask.timeout is None else ask.timeout,
            alpn=ALPN[place.transport],
            offset=self._offset(),
        )

    async def _post(
        self, channel: Channel, place: ResolverUrl, hello: Handshake, lookup: Lookup, limit: float, key: bytes
    ) -> list[Step]:
        page, message = place.page, lookup.message
        call = Call(
            url=page,
            text=page.text,
            method="POST",
            host=None,
            data=call_data("POST", page, None, _HEADERS, message),
            fields=call_fields("POST", page, None, _HEADERS, message),
            body=message,
            timeout=limit,
            body_limit=DATAGRAM,
            keep_body=False,
            key=key,
            valid=hello.valid,
        )
        fetched, body = await fetch_body(channel, call, clock=self._clock, own=self._own, protocol=hello.alpn)
        if fetched.failure is not None or fetched.page is None:
            return [fetched]
        if fetched.page.status // 100 == 2:
            lookup.read(body, None)
        if not lookup.answers:  # the server itself said no, or something that is no answer to this question
            lookup.failure, lookup.detail = Failure.DNS_MISBEHAVING, f"status {fetched.page.status}"
        return [fetched, lookup.step()]
