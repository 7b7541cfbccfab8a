"""The lab's web servers: one behaviour for each site, by address and server name.

A listener reads the ClientHello without taking it (MSG_PEEK), so that a server can reset what it does not know, as
many edges do, and else hands the untouched connection to the TLS library with the site's own certificate.
"""

import asyncio
import socket
import ssl
import struct
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any

from hushmap.lab.scenario import Site
from hushmap.lab.services.pages import CAPTCHA, NOTICE, article
from hushmap.lab.services.pki import Authority
from hushmap.wire import http, tls

HTTP_PORT = 80
HTTPS_PORT = 443
_PATIENCE_S = 15.0
"""A connection that says nothing for so long is closed; longer than any of the tool's own time-outs."""
_LINGER_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER with no time: close() sends RST instead of FIN."""
_HTML = [("Content-Type", "text/html; charset=utf-8"), ("Connection", "close"), ("Server", "lab")]
_PEEK = 16384


class Web:
    """Every web server of a scenario."""

    def __init__(self, sites: Sequence[Site], authority: Authority) -> None:
        self._sites: Mapping[str, Site] = {site.name: site for site in sites}
        self._at: dict[str, list[Site]] = {}
        for site in sites:
            for address in (*site.addresses, *site.isp_addresses):
                if address not in site.dead:
                    self._at.setdefault(address, []).append(site)
        self._contexts = {
            site.name: authority.context(site.name, kind=site.https) for site in sites if site.https != "refused"
        }
        self._tasks: set[asyncio.Task[None]] = set()
        self._servers: list[asyncio.Server] = []

    async def serve(self) -> None:
        """Listen wherever a site does; elsewhere the kernel refuses. Ends with the process, or with `close`."""
        for address, sites in self._at.items():
            if any(site.http != "refused" for site in sites):
                self._servers.append(await asyncio.start_server(self._plain, address, HTTP_PORT))
            if any(site.https != "refused" for site in sites):
                self._spawn(self._accept(_listener(address, HTTPS_PORT), address))

    async def close(self) -> None:
        """Stop listening, and let go of what is under way."""
        for server in self._servers:
            server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, listener: socket.socket, address: str) -> None:
        loop = asyncio.get_running_loop()
        with listener:
            while True:
                connection, _ = await loop.sock_accept(listener)
                connection.setblocking(False)
                self._spawn(self._secure(connection, address))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _secure(self, connection: socket.socket, address: str) -> None:
        """Choose the certificate by the name in the hello, or reset."""
        try:
            name = await asyncio.wait_for(_hello_name(connection), _PATIENCE_S)
        except (TimeoutError, OSError):  # it says nothing, or is gone
            connection.close()
            return
        except asyncio.CancelledError:
            connection.close()
            raise
        context = self._context(address, name)
        if context is None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_RESET)
            connection.close()
            return
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        protocol = asyncio.StreamReaderProtocol(reader, self._answer_secure)
        try:
            await loop.connect_accepted_socket(lambda: protocol, connection, ssl=context)
        except (OSError, ssl.SSLError):  # the client gave up in the handshake; that is its own affair
            connection.close()

    def _context(self, address: str, name: str | None) -> ssl.SSLContext | None:
        """The named site's if it lives here, else the address's first site's; `None`: reset."""
        here = [site for site in self._at[address] if site.name in self._contexts]
        named = next((site for site in here if site.name == name), None)
        if named is None and here[0].strict_sni:
            return None
        return self._contexts[(named or here[0]).name]

    async def _plain(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._answer(reader, writer, secure=False)

    async def _answer_secure(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._answer(reader, writer, secure=True)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, secure: bool) -> None:
        """One request, one response, close."""
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _PATIENCE_S)
            request = http.parse_request(head)
            if request is not None:
                address = writer.get_extra_info("sockname")[0]
                host = (request.host or "").partition(":")[0].lower()
                writer.write(self._response(address, host, request.target, secure=secure))
                await writer.drain()
        except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            writer.transport.abort()  # the peer is gone, or speaks no HTTP
            return
        writer.close()

    def _response(self, address: str, host: str, target: str, *, secure: bool) -> bytes:
        site = self._sites.get(host)
        if site is None or site not in self._at[address]:
            site = self._at[address][0]
            if site.page != "notice":
                return http.response_bytes(404, _HTML, article(site.name, "/not-here"))
        if site.page == "notice":
            return http.response_bytes(403, _HTML, NOTICE)
        if not secure and site.http == "redirect":
            return _moved(f"https://{site.name}{target}")
        if site.redirect is not None and target == "/":
            return _moved(site.redirect)
        if site.page == "captcha":
            return http.response_bytes(403, _HTML, CAPTCHA)
        return http.response_bytes(200, _HTML, article(site.name, target))


def _moved(location: str) -> bytes:
    return http.response_bytes(301, [*_HTML, ("Location", location)], b"<html><body>Moved.</body></html>\n")


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
