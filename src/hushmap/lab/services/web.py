"""The lab's web servers: one behaviour for each site, by address and server name.

A listener reads the ClientHello without taking it (MSG_PEEK), so that a server can reset what it does not know, as
many edges do, and else hands the untouched connection to the TLS library with the site's own certificate.
"""

import asyncio
import socket
import ssl
import struct
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any

import msgspec

from hushmap.lab.addresses import CLIENT, CLIENT6
from hushmap.lab.platform.serving import Platform
from hushmap.lab.scenario_sites import Site
from hushmap.lab.services import encrypted
from hushmap.lab.services.answering import Answers
from hushmap.lab.services.encrypted import Inside
from hushmap.lab.services.pki import Authority
from hushmap.wire import http, tls

HTTP_PORT = 80
HTTPS_PORT = 443
_PATIENCE_S = 15.0
"""A connection that says nothing for so long is closed; longer than any of the tool's own time-outs."""
_LINGER_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER with no time: close() sends RST instead of FIN."""
_PEEK = 16384
_ALERT = b"\x15\x03\x03\x00\x02\x02%c"
"""One fatal alert in a record of its own, as a server sends it before any key (RFC 8446 6)."""
_UNRECOGNIZED_NAME, _ACCESS_DENIED = 112, 49
_INTERCEPTORS = {"interceptor": "interceptor", "interceptor-trusted": "valid"}
"""Whose certificates such a server shows."""
DROPS = 20
"""Pieces of a dripping body."""

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]
"""What is said on a connection once its handshake is done."""


class Web:
    """Every web server of a scenario."""

    def __init__(
        self,
        sites: Sequence[Site],
        authority: Authority,
        *,
        clients: frozenset[str] = frozenset({CLIENT, CLIENT6}),
        elsewhere: bool = False,
        translated: Callable[[Site], Iterable[str]] = lambda _: (),
        inside: Inside | None = None,
        platforms: Sequence[Platform] = (),
    ) -> None:
        """`clients` ask from here; `elsewhere`: others are shown another page; `translated`: further addresses.

        `inside`: what those sites say that are resolvers inside TLS; `platforms`: those that are no mere pages.
        """
        self._inside = inside
        self._clients = clients
        self._at: dict[str, list[Site]] = {}
        for site in sites:
            for address in dict.fromkeys((*sorted(site.every_address), *translated(site))):
                if address not in site.dead:
                    self._at.setdefault(address, []).append(site)
        self._authority = authority
        self._contexts = {
            site.name: authority.context(site.name, kind=site.https) for site in sites if site.https != "refused"
        }
        self._forgeries: dict[tuple[str, str], ssl.SSLContext] = {}
        self._answers = Answers(self._at, elsewhere=elsewhere, platforms=platforms)
        self._tasks: set[asyncio.Task[None]] = set()
        self._servers: list[asyncio.Server] = []

    async def serve(self) -> None:
        """Listen wherever a site does; elsewhere the kernel refuses. Ends with the process, or with `close`."""
        for address, sites in self._at.items():
            if any(site.http != "refused" for site in sites):
                self._servers.append(await asyncio.start_server(self._plain, address, HTTP_PORT))
            if any(site.https != "refused" for site in sites):
                self._spawn(self._accept(_listener(address, HTTPS_PORT), address, self._answer_secure))
            if any(site.resolver != "none" for site in sites):
                self._spawn(self._accept(_listener(address, encrypted.PORT), address, self._look_up))

    async def close(self) -> None:
        """Stop listening, and let go of what is under way."""
        for server in self._servers:
            server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, listener: socket.socket, address: str, answer: Answer) -> None:
        loop = asyncio.get_running_loop()
        with listener:
            while True:
                connection, _ = await loop.sock_accept(listener)
                connection.setblocking(False)
                self._spawn(self._secure(connection, address, answer))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _secure(self, connection: socket.socket, address: str, answer: Answer) -> None:
        """Choose the certificate by the name in the hello, or reset."""
        try:
            name = await asyncio.wait_for(_hello_name(connection), _PATIENCE_S)
        except (TimeoutError, OSError):  # it says nothing, or is gone
            connection.close()
            return
        except asyncio.CancelledError:
            connection.close()
            raise
        context, alert = self._context(address, name, here=connection.getpeername()[0] in self._clients)
        if context is None:
            await _refuse(connection, alert)
            return
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        protocol = asyncio.StreamReaderProtocol(reader, answer)
        try:
            await loop.connect_accepted_socket(lambda: protocol, connection, ssl=context)
        except (OSError, ssl.SSLError):  # the client gave up in the handshake; that is its own affair
            connection.close()

    def _context(self, address: str, name: str | None, *, here: bool) -> tuple[ssl.SSLContext | None, int]:
        """The named site's if it lives here, else the first site's; `None`: refused, by an alert or (0) a reset."""
        secure = [site for site in self._at[address] if site.name in self._contexts]
        named = next((site for site in secure if site.name == name), None)
        if secure[0].https in _INTERCEPTORS and name is not None:
            return self._forged(name, secure[0].https), 0
        if named is None and (secure[0].strict_sni or secure[0].alert_sni):
            return None, _UNRECOGNIZED_NAME if secure[0].alert_sni else 0
        if named is not None and here and named.geo in {"reset", "alert"}:
            return None, _ACCESS_DENIED if named.geo == "alert" else 0
        return self._contexts[(named or secure[0]).name], 0

    def _forged(self, name: str, kind: str) -> ssl.SSLContext:
        """An interceptor's certificate for any name, made when it is first asked for."""
        if (name, kind) not in self._forgeries:
            self._forgeries[name, kind] = self._authority.context(name, kind=_INTERCEPTORS[kind])
        return self._forgeries[name, kind]

    async def _plain(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._answer(reader, writer, secure=False)

    async def _answer_secure(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._answer(reader, writer, secure=True)

    def _resolver(self, writer: asyncio.StreamWriter) -> Site | None:
        """The resolver at whose address somebody came in."""
        sites = self._at[writer.get_extra_info("sockname")[0]]
        return next((site for site in sites if site.resolver != "none"), None) if self._inside is not None else None

    async def _look_up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        site = self._resolver(writer)
        assert self._inside is not None
        assert site is not None
        await self._inside.over_tls(site, reader, writer)

    async def _posted(
        self, request: http.Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bytes | None:
        """The answer of a resolver over HTTPS to the question in the body; `None`: there is none here."""
        site = self._resolver(writer)
        if site is None or request.target != encrypted.TARGET or self._inside is None:
            return None
        said = self._inside.over_https(site, await _whole(request, reader), writer.get_extra_info("peername")[0])
        if said is None:
            await asyncio.wait_for(reader.read(), _PATIENCE_S)
        return said or b""

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, secure: bool) -> None:
        """One request, one response, close."""
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _PATIENCE_S)
            request = http.parse_request(head)
            posted = None if request is None or not secure else await self._posted(request, reader, writer)
            if posted is not None:
                writer.write(posted)
            elif request is not None:
                if request.method == "POST":
                    request = await _whole(request, reader)
                address, peer = writer.get_extra_info("sockname")[0], writer.get_extra_info("peername")[0]
                site, answer = self._answers.to(request, address, here=peer in self._clients, secure=secure)
                await _send(writer, site, answer)
        except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            writer.transport.abort()  # the peer is gone, or speaks no HTTP
            return
        writer.close()


async def _whole(request: http.Request, reader: asyncio.StreamReader) -> http.Request:
    """The request with its body, which is as long as it says."""
    size = int(request.header("content-length") or 0)
    return msgspec.structs.replace(request, body=await asyncio.wait_for(reader.readexactly(size), _PATIENCE_S))


async def _send(writer: asyncio.StreamWriter, site: Site, answer: bytes) -> None:
    """The answer as the site gives it: whole, in drops, or short of its end."""
    if site.cut:
        answer = answer[: answer.find(b"\r\n\r\n") + 4 + (len(answer) // 3)]
    if not site.drip_s:
        writer.write(answer)
        await writer.drain()
        return
    size = len(answer) // DROPS + 1
    for at in range(0, len(answer), size):
        writer.write(answer[at : at + size])
        await writer.drain()
        await asyncio.sleep(site.drip_s / DROPS)


async def _refuse(connection: socket.socket, alert: int) -> None:
    """With an alert, then FIN; else with RST."""
    if alert:
        # What was only peeked at must be read: a close with bytes unread sends RST, which may overtake the alert.
        connection.recv(_PEEK)
        await asyncio.get_running_loop().sock_sendall(connection, _ALERT % alert)
    else:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_RESET)
    connection.close()


def _listener(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.create_server((address, port), family=family, backlog=256)
    listener.setblocking(False)
    return listener


async def _hello_name(connection: socket.socket) -> str | None:
    """The server name of the hello, without reading it; `None` if there is none or it is no hello."""
    loop = asyncio.get_running_loop()
    seen = -1
    while True:
        await _readable(loop, connection)
        data = connection.recv(_PEEK, socket.MSG_PEEK)
        state, name = tls.client_hello_sni(data)
        if state != "need" or not data:
            return name
        # The socket stays readable while bytes lie in it: wait for more of them, not for readiness.
        pause = 0.005 if len(data) == seen else 0.0
        seen = len(data)
        await asyncio.sleep(pause)


async def _readable(loop: asyncio.AbstractEventLoop, connection: socket.socket) -> None:
    ready = asyncio.Event()
    loop.add_reader(connection, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(connection)
