"""The client's computer in a pure lab: connections and datagrams as a program there has them."""

import asyncio
import random
from collections.abc import Callable
from ipaddress import ip_address

from hushmap.lab import tunnel
from hushmap.lab.addresses import CLIENT, CLIENT6
from hushmap.lab.packet import ICMP, ICMP6, TCP, UDP, Packet, parse, ttl_of, udp
from hushmap.lab.pure.carrier import Carrier, Computer
from hushmap.lab.pure.peer import Peer
from hushmap.model import Failure

_SOURCES = {4: ip_address(CLIENT).packed, 6: ip_address(CLIENT6).packed}
_INSIDE = ip_address(tunnel.INSIDE).packed
_TUNNEL = (ip_address(tunnel.SERVER).packed, tunnel.PORT)
_EPHEMERAL = (32768, 60999)
"""Linux, ip_local_port_range."""
_UNREACHABLE = {ICMP: 3, ICMP6: 1}
"""RFC 792, RFC 4443 3.1."""
_EXPIRED = {ICMP: 11, ICMP6: 3}
"""RFC 792, RFC 4443 3.3."""
Heard = Callable[[bytes | Failure, int], None]
"""Told a datagram and its TTL, or what ICMP said of one that was sent."""
Told = Callable[[str, tuple[int, int]], None]
"""Told of an ICMP error: who sent it, its type and code."""


class BrokenError(Exception):
    """A connection failed; how is its argument."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure


class Connection:
    """One connection as its program has it: what came and was not yet read, and how it ended."""

    peer: Peer

    def __init__(self) -> None:
        self._unread = b""
        self.told: Told | None = None
        """Who wants to hear of ICMP errors, as a program does that asks its kernel for them."""
        self.abrupt = False
        """Closed by a reset, as what comes from a port of its own choice (net.connect)."""
        self._ended = self._opened = False
        self._failure: Failure | None = None
        self._waiter: asyncio.Future[None] | None = None

    def opened(self) -> None:
        """The other end answered."""
        self._opened = True
        self._wake()

    def came(self, data: bytes) -> None:
        """Bytes came."""
        self._unread += data
        self._wake()

    def ended(self) -> None:
        """Nothing more will come."""
        self._ended = True
        self._wake()

    def broke(self) -> None:
        """A reset came."""
        self.fail(Failure.RESET if self._opened else Failure.REFUSED)

    def fail(self, failure: Failure) -> None:
        """It is over for another reason."""
        self._failure = failure
        self._wake()

    async def open(self) -> None:
        """Wait for the handshake; BrokenError if it fails."""
        while not self._opened:
            if self._failure is not None:
                raise BrokenError(self._failure)
            await self._change()

    def send(self, data: bytes) -> None:
        """Send; BrokenError on a connection that was reset."""
        if self._failure is not None and not self._unread:
            raise BrokenError(self._failure)
        if not self.peer.over:
            self.peer.write(data)

    async def receive(self) -> bytes:
        """The next bytes, empty at the end; BrokenError if the connection breaks."""
        while not self._unread:
            if self._failure is not None:
                raise BrokenError(self._failure)
            if self._ended:
                return b""
            await self._change()
        data, self._unread = self._unread, b""
        return data

    def close(self) -> None:
        """Let go; a kernel resets what was closed with bytes unread (RFC 2525 2.17)."""
        if self.peer.over:
            return
        if self._unread or self.abrupt or not self._opened:
            self.peer.abort() if self._opened else self.peer.finish()
        else:
            self.peer.close()

    async def _change(self) -> None:
        self._waiter = asyncio.get_running_loop().create_future()
        await self._waiter

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


class Client(Computer):
    """The computer at which the tool runs."""

    def __init__(self, carrier: Carrier, rng: random.Random, *, stamps: bool = True) -> None:
        super().__init__(carrier, outward=True)
        self._rng = rng
        self._stamps = stamps
        self._heard: dict[int, Heard] = {}
        self._told: dict[int, Told] = {}
        self._sources = dict(_SOURCES)

    def send(self, raw: bytes) -> None:
        """Send a packet; one from inside the tunnel goes as a datagram to its other end."""
        inside = raw[0] >> 4 == 4 and raw[12:16] == _INSIDE
        super().send(udp((_SOURCES[4], tunnel.PORT), _TUNNEL, raw) if inside else raw)

    def tunnel(self) -> None:
        """A VPN comes up: what begins from now on in IPv4 goes through it (lab.tunnel)."""
        self._sources[4] = _INSIDE

    def dial(
        self, address: str, port: int, *, ttl: int = 64, source_port: int | None = None, told: Told | None = None
    ) -> Connection:
        """Begin a connection."""
        connection = Connection()
        connection.told, connection.abrupt = told, source_port is not None
        there = ip_address(address)
        remote = (there.packed, port)
        local = self._local(there.version, remote, source_port)
        first = self._rng.getrandbits(30)
        connection.peer = self.begin(local, remote, first=first, user=connection, stamps=self._stamps)
        connection.peer.ttl = ttl
        if self._carrier.cut:
            connection.fail(Failure.NETWORK_UNREACHABLE)
            connection.peer.finish()
        else:
            connection.peer.connect()
        return connection

    def listen(self, heard: Heard, *, source_port: int | None = None, told: Told | None = None) -> int:
        """Open a port for datagrams; the port."""
        port = source_port or self._rng.randint(*_EPHEMERAL)
        while port in self._heard:
            port = self._rng.randint(*_EPHEMERAL)
        self._heard[port] = heard
        if told is not None:
            self._told[port] = told
        return port

    def deafen(self, port: int) -> None:
        """Close such a port."""
        self._heard.pop(port, None)
        self._told.pop(port, None)

    def say(self, port: int, address: str, to: int, data: bytes, *, ttl: int = 64) -> None:
        """Send a datagram."""
        there = ip_address(address)
        self.send(udp((self._sources[there.version], port), (there.packed, to), data, df=True, ttl=ttl))

    def other(self, packet: Packet) -> None:
        """A datagram, or an ICMP error about one of ours."""
        if packet.protocol == UDP and (packet.source, packet.sport) == _TUNNEL:
            self.take(packet.payload)
        elif packet.protocol == UDP:
            heard = self._heard.get(packet.dport)
            if heard is not None:
                heard(packet.payload, ttl_of(packet.raw))
        elif packet.protocol in _UNREACHABLE:
            self._erred(packet, packet.raw[packet.start], packet.raw[packet.start + 1])

    def _erred(self, packet: Packet, kind: int, code: int) -> None:
        """An ICMP error: who asked for them hears of all, anybody else of what cannot be reached."""
        if kind not in {_UNREACHABLE[packet.protocol], _EXPIRED[packet.protocol]}:
            return
        try:
            ours = parse(packet.raw[packet.start + 8 :])
        except ValueError:
            return
        told = self._told.get(ours.sport) if ours.protocol == UDP else None
        peer = self._connections.get((ours.source, ours.sport, ours.target, ours.dport))
        if ours.protocol == TCP and (peer is None or not peer.unheard(ours.seq)):
            return
        if peer is not None and isinstance(peer.user, Connection):
            told = peer.user.told
        if told is not None:
            told(str(ip_address(packet.source)), (kind, code))
        if kind == _UNREACHABLE[packet.protocol] or (peer is not None and not peer.open):
            self._refused(ours)

    def _refused(self, ours: Packet) -> None:
        """The kernel tells whoever sent the packet; an open connection does not mind (RFC 1122 4.2.3.9)."""
        if ours.protocol == UDP and ours.sport in self._heard:
            self._heard[ours.sport](Failure.HOST_UNREACHABLE, 0)
        elif ours.protocol == TCP:
            peer = self._connections.get((ours.source, ours.sport, ours.target, ours.dport))
            if peer is not None and not peer.open and isinstance(peer.user, Connection):
                peer.finish()
                peer.user.fail(Failure.HOST_UNREACHABLE)

    def _local(self, version: int, remote: tuple[bytes, int], port: int | None = None) -> tuple[bytes, int]:
        if port is not None:
            return self._sources[version], port
        while True:
            local = (self._sources[version], self._rng.randint(*_EPHEMERAL))
            if not self.taken(local, remote):
                return local
