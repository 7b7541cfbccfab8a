"""The lab's resolvers: an honest one, and the provider's, which may lie to its own customers.

Both know the scenario's zone and nothing else. The provider's lies go to the client only: the helper, were it to ask
there, is told the truth, as somebody else's customer would be.
"""

import asyncio
import struct
import time
from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address, ip_network
from typing import cast

from hushmap.lab.censors.catalogue import CATALOGUE
from hushmap.lab.censors.naming import Naming
from hushmap.lab.scenario import RESOLVER_KINDS, Censor, Scenario
from hushmap.lab.truth import TruthLog
from hushmap.wire import dns

_SERVFAIL, _NXDOMAIN, _REFUSED = 2, 3, 5
_RCODES = {"resolver-nxdomain": _NXDOMAIN, "resolver-refused": _REFUSED, "resolver-servfail": _SERVFAIL}
"""Of lies without an address; others say that all is well."""
_NAT64 = ip_network("64:ff9b::/96")
"""RFC 6052 2.1."""
PORT = 53
_TCP_LIMIT = 65535


class Zone:
    """What is true of each name, and what the provider's resolver says instead."""

    def __init__(
        self,
        scenario: Scenario,
        log: TruthLog,
        clients: frozenset[str],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sites = {site.name: site for site in scenario.site}
        self._lies = [(Naming(censor), censor) for censor in scenario.censor if censor.kind in RESOLVER_KINDS]
        self._log = log
        self._clients = clients
        self._client = scenario.client
        self._told = frozenset(scenario.baselines) if scenario.helper.state == "lies" else None
        self._now = now
        self._fails_at: float | None = None

    def answer(self, query: bytes, asker: str, *, isp: bool) -> bytes | None:
        """The reply to a query, or silence; `ValueError` if it is no query."""
        _, name, _ = dns.question(query)
        if isp and self._failing():
            return None if self._client.resolver == "silent" else dns.reply(query, (), rcode=_SERVFAIL)
        lie = self._lie(name) if isp and asker in self._clients else None
        if lie is None:
            addresses = self._true(name, here=asker in self._clients, isp=isp)
            return dns.reply(query, addresses, rcode=0 if addresses else _NXDOMAIN)
        (mechanism,) = CATALOGUE[lie.kind].mechanisms
        self._log.write(by="resolver", kind=lie.kind, mechanism=mechanism, what=name)
        if lie.kind == "resolver-silent":
            return None
        return dns.reply(query, lie.addresses, rcode=_RCODES.get(lie.kind, 0))

    def _failing(self) -> bool:
        """Whether the provider's resolver is down for everyone; its time counts from the first question to it."""
        if self._client.resolver == "up":
            return False
        if self._fails_at is None:
            self._fails_at = self._now() + self._client.resolver_from_s
        return self._now() >= self._fails_at

    def _true(self, name: str, *, here: bool, isp: bool) -> tuple[str, ...]:
        """The addresses of a name for who asks from here, or from elsewhere."""
        site = self._sites.get(name)
        if site is None or (not here and self._told is not None and name not in self._told):
            return ()
        if not here:
            return site.elsewhere_addresses or site.addresses
        addresses = (isp and site.isp_addresses) or site.addresses
        return (*addresses, *synthesized(addresses)) if isp and self._client.nat64 else addresses

    def _lie(self, name: str) -> Censor | None:
        return next((lie for naming, lie in self._lies if naming.covers(name) is not None), None)


def synthesized(addresses: Iterable[str]) -> tuple[str, ...]:
    """What DNS64 adds (RFC 6147 5.1.6): an IPv6 address for each IPv4 one, unless there is a true one."""
    if any(":" in address for address in addresses):
        return ()
    return tuple(str(_NAT64[int(IPv4Address(address))]) for address in addresses)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, zone: Zone, *, isp: bool) -> None:
        self._zone = zone
        self._isp = isp
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        try:
            answer = self._zone.answer(data, addr[0], isp=self._isp)
        except ValueError:  # no query: a resolver says nothing
            return
        assert self._transport is not None
        if answer is not None:
            self._transport.sendto(answer, addr)


async def serve_dns(
    zone: Zone, resolvers: Sequence[tuple[str, bool]]
) -> list[asyncio.Server | asyncio.BaseTransport]:
    """Open the resolvers, by datagram and by TCP; each is (address, whether it is the provider's)."""
    loop = asyncio.get_running_loop()
    opened: list[asyncio.Server | asyncio.BaseTransport] = []
    for address, isp in resolvers:

        def datagrams(isp: bool = isp) -> _Datagrams:
            return _Datagrams(zone, isp=isp)

        async def stream(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, isp: bool = isp) -> None:
            await _stream(zone, reader, writer, isp=isp)

        transport, _ = await loop.create_datagram_endpoint(datagrams, local_addr=(address, PORT))
        opened += [transport, await asyncio.start_server(stream, address, PORT)]
    return opened


async def _stream(zone: Zone, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, isp: bool) -> None:
    """RFC 1035 4.2.2: each message has its length before it."""
    asker = writer.get_extra_info("peername")[0]
    try:
        while True:
            (size,) = struct.unpack("!H", await reader.readexactly(2))
            answer = zone.answer(await reader.readexactly(size), asker, isp=isp)
            if answer is not None:
                writer.write(struct.pack("!H", len(answer)) + answer[:_TCP_LIMIT])
                await writer.drain()
    except (ValueError, asyncio.IncompleteReadError, ConnectionError):  # the client has ended, or speaks no DNS
        pass
    finally:
        writer.close()
