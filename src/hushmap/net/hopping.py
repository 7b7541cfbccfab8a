"""Carries out an ask with a small TTL: the ordinary handshake that belongs before the packet, then the packet.

The SYN (layer tcp), the question (dns) or the datagram (raw over UDP) is the packet itself; for the layers above, a
connection is made as any other, and what is said first on it goes `ttl` hops far.
"""

import contextlib
import secrets
import ssl

from hushmap.model import Ask, Layer, Step, Transport
from hushmap.net import hop
from hushmap.net.clock import Clock
from hushmap.net.connect import connect
from hushmap.net.limits import Limits
from hushmap.net.mask import Own
from hushmap.net.trust import ALPN, Trust, client
from hushmap.wire import dns

KEPT = 12
"""Bytes of an answer that are kept: a TLS alert, a status line's number, a DNS header, and nothing of a person's."""


class Hopper:
    """The Hop verb with what one run gives it."""

    def __init__(self, clock: Clock, limits: Limits, own: Own, trust: Trust, interface: str | None = None) -> None:
        self._clock, self._limits, self._own, self._trust, self._interface = clock, limits, own, trust, interface

    async def ask_name(self, ask: Ask, address: str, port: int) -> tuple[Step, ...]:
        """One question to a resolver, or to where there is none."""
        message = dns.query(ask.name or "", ask.qtype, secrets.randbelow(0x10000))
        return (await hop.datagram(self._aim(ask, address, port), message, clock=self._clock, own=self._own),)

    async def ask_port(self, ask: Ask, address: str, port: int, request: bytes | None) -> tuple[Step, ...]:
        """A SYN; or a connection and what is said first on it. `request` is that of layer http."""
        aim = self._aim(ask, address, port)
        if ask.layer is Layer.TCP:
            return (await hop.syn(aim, clock=self._clock, own=self._own),)
        if ask.transport is Transport.UDP:
            return (await hop.datagram(aim, ask.payload or b"", clock=self._clock, own=self._own),)
        data = self._first(ask, request)
        connected, sock = await connect(
            address,
            port,
            clock=self._clock,
            own=self._own,
            limit=self._limits.connect if ask.timeout is None else ask.timeout,
            interface=self._interface,
            source_port=ask.source_port,
        )
        if sock is None:
            return (connected,)
        with contextlib.closing(sock):
            return connected, await hop.payload(sock, aim, data, clock=self._clock)

    def _first(self, ask: Ask, request: bytes | None) -> bytes:
        """What is said first on the connection: the payload, the request, or the ClientHello."""
        if ask.layer is Layer.RAW:
            return ask.payload or b""
        if ask.layer is Layer.HTTP and not (ask.url or "").startswith("https:"):
            return request or b""
        outgoing = ssl.MemoryBIO()
        context = self._trust.context(verify=False, offset=None, alpn=ask.alpn or ALPN)
        try:
            tls = client(context, ssl.MemoryBIO(), outgoing, ask.sni)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{ask.sni!a:.120} cannot be sent as a server name") from error
        with contextlib.suppress(ssl.SSLWantReadError):  # it waits for an answer, which here nobody reads
            tls.do_handshake()
        return outgoing.read()

    def _aim(self, ask: Ask, address: str, port: int) -> hop.Aim:
        if not hop.able():
            raise NotImplementedError("this platform tells no program of ICMP errors")
        if ask.ttl is None or not 1 <= ask.ttl <= 255:
            raise ValueError(f"a TTL is 1 to 255, not {ask.ttl}")
        if ask.transport is Transport.QUIC:
            raise NotImplementedError("a ClientHello in a datagram has no TTL of its own here")
        return hop.Aim(
            address=address,
            port=port,
            ttl=ask.ttl,
            source_port=ask.source_port,
            limit=self._limits.hop if ask.timeout is None else ask.timeout,
            late=self._limits.late,
            most=KEPT if ask.most is None else min(KEPT, ask.most),
            interface=self._interface,
        )
