"""The lab's QUIC servers: HTTP/3 with each site's own certificate and page, and what servers do instead.

Most servers speak no QUIC at all, some only for names that they know, and none of that is censorship. Connections are
aioquic's; the name is read from the Initial as a censor reads it, so that a server can ignore what it does not know.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from aioquic.h3.connection import H3_ALPN, H3Connection
from aioquic.h3.events import HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import QuicConnection
from aioquic.quic.events import ConnectionTerminated
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from hushmap.lab.addresses import CLIENT, CLIENT6
from hushmap.lab.censors import hello
from hushmap.lab.censors.initial import Handshake, initials
from hushmap.lab.scenario_sites import Site
from hushmap.lab.services.answering import Answers
from hushmap.lab.services.pki import Authority
from hushmap.wire import http

PORT = 443
_SHARED_NOTHING = "nothing-in-common"
"""The protocol of a server that refuses HTTP/3 by the alert no_application_protocol (RFC 7301 3.2)."""
_NOT_SENT = frozenset({"connection", "content-length"})


class Quic:
    """Every QUIC server of a scenario."""

    def __init__(
        self, sites: Sequence[Site], authority: Authority, *, clients: frozenset[str] = frozenset({CLIENT, CLIENT6})
    ) -> None:
        """`clients` ask from here."""
        self._at: dict[str, list[Site]] = {}
        for site in sites:
            for address in sorted(site.every_address - set(site.dead)):
                if site.quic != "none":
                    self._at.setdefault(address, []).append(site)
        self._clients = clients
        self._answers = Answers(self._at)
        self._configurations = {
            site.name: _configuration(site, authority) for here in self._at.values() for site in here
        }
        self._open: list[asyncio.DatagramTransport] = []

    async def serve(self) -> None:
        """Listen wherever a site does; elsewhere the kernel refuses. Ends with the process, or with `close`."""
        loop = asyncio.get_running_loop()
        for address in self._at:
            port = _Port(self, address)
            transport, _ = await loop.create_datagram_endpoint(lambda port=port: port, local_addr=(address, PORT))  # type: ignore[misc]
            self._open.append(transport)

    async def close(self) -> None:
        """Stop listening."""
        for transport in self._open:
            transport.close()
        await asyncio.sleep(0)

    def configuration(self, address: str, name: str | None) -> QuicConfiguration | None:
        """How a server at an address answers an Initial with a name; `None`: not at all."""
        here = self._at[address]
        named = next((site for site in here if site.name == name), None)
        site = named or here[0]
        if site.quic == "silent" or (named is None and here[0].quic == "own-names"):
            return None
        return self._configurations[site.name]

    def answer(self, request: http.Request, address: str, asker: str) -> bytes:
        """The response, as HTTP/1.1 has it."""
        return self._answers.to(request, address, here=asker in self._clients, secure=True)[1]


def _configuration(site: Site, authority: Authority) -> QuicConfiguration:
    """The site's certificate; the same authority that its TLS server has."""
    pem = Path(authority.pem(site.name, kind=site.https)).read_bytes()
    return QuicConfiguration(
        is_client=False,
        alpn_protocols=[_SHARED_NOTHING] if site.quic == "refuses" else H3_ALPN,
        certificate=x509.load_pem_x509_certificate(pem),
        private_key=load_pem_private_key(pem, password=None),
    )


class _Port(asyncio.DatagramProtocol):
    """One address: a connection for each client that begins with an Initial."""

    def __init__(self, servers: Quic, address: str) -> None:
        self._servers, self._address = servers, address
        self._ends: dict[Any, _End] = {}
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        """Ready to send."""
        self._transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        """To the connection that it belongs to, or to a new one."""
        end = self._ends.get(addr)
        if end is None or end.over:
            end = self._begun(data, addr)
        if end is not None:
            self._ends[addr] = end
            end.take(data)

    def error_received(self, exc: Exception) -> None:
        """A client that is gone is its own affair."""

    def _begun(self, data: bytes, peer: Any) -> "_End | None":
        seen = Handshake()
        seen.feed(data)
        said = hello.read(seen.data) if seen.initials else None
        if said is None:
            return None
        configuration = self._servers.configuration(self._address, said.name)
        if configuration is None:
            return None
        first = next(initials(data))
        connection = QuicConnection(configuration=configuration, original_destination_connection_id=first.dcid)
        assert self._transport is not None, "a datagram came through it"
        return _End(connection, self._servers, self._address, peer, self._transport)


class _End:
    """One connection, and the HTTP/3 on it."""

    def __init__(
        self,
        connection: QuicConnection,
        servers: Quic,
        address: str,
        peer: Any,
        transport: asyncio.DatagramTransport,
    ) -> None:
        self._connection, self._servers, self._address = connection, servers, address
        self._peer, self._transport = peer, transport
        self._h3: H3Connection | None = None
        self._timer: asyncio.TimerHandle | None = None
        self.over = False

    def take(self, data: bytes) -> None:
        """A datagram of this client's."""
        self._connection.receive_datagram(data, self._peer, asyncio.get_running_loop().time())
        self._turn()

    def _wake(self) -> None:
        self._timer = None
        self._connection.handle_timer(asyncio.get_running_loop().time())
        self._turn()

    def _turn(self) -> None:
        """What is to be said and sent now, and when to wake."""
        loop = asyncio.get_running_loop()
        while (event := self._connection.next_event()) is not None:
            self.over |= isinstance(event, ConnectionTerminated)
            self._h3 = self._h3 or H3Connection(self._connection)
            for found in self._h3.handle_event(event):
                if isinstance(found, HeadersReceived):
                    self._respond(self._h3, found)
        for data, place in self._connection.datagrams_to_send(loop.time()):
            self._transport.sendto(data, place)
        if self._timer is not None:
            self._timer.cancel()
        at = self._connection.get_timer()
        self._timer = None if at is None or self.over else loop.call_at(at, self._wake)

    def _respond(self, h3: H3Connection, asked: HeadersReceived) -> None:
        fields = {name.decode("latin-1"): value.decode("latin-1") for name, value in asked.headers}
        request = http.Request(
            method=fields.get(":method", "GET"),
            target=fields.get(":path", "/"),
            headers=(("host", fields.get(":authority", "")),),
            complete=True,
        )
        reader = http.ResponseReader(request.method)
        reader.feed(self._servers.answer(request, self._address, str(self._peer[0])))
        headers = [(name.encode(), value.encode()) for name, value in reader.headers if name not in _NOT_SENT]
        h3.send_headers(asked.stream_id, [(b":status", f"{reader.status}".encode()), *headers])
        h3.send_data(asked.stream_id, reader.body, end_stream=True)
