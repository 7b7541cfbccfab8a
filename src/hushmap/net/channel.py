"""A byte stream on a connection, plain or inside TLS, with the same two calls.

asyncio's own TLS transports hide the ClientHello, the chain of a failed handshake and the moment of every segment;
`sock_*` with `ssl.MemoryBIO` shows all three and is faster (LAB 4, 5).
"""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable

_CHUNK = 65536
_TURN = 65536
"""Bytes after which others get a turn: reading what is there already does not suspend, so without this a peer that
sends faster than it is read would hold the whole run, time-outs included."""
_SEGMENT = 4096
"""What a segment counts at least: small ones cost by number."""


class Channel:
    """Plain bytes on a connected socket."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.arrived: Callable[[int], None] | None = None
        """Called with the size of every segment as it leaves the kernel."""
        self._taken = 0

    async def send(self, data: bytes) -> None:
        """Send all of `data`; raises OSError."""
        await asyncio.get_running_loop().sock_sendall(self.sock, data)

    async def receive(self) -> bytes:
        """The next bytes; empty at the end. Raises OSError, and ssl.SSLError inside TLS."""
        return await self._segment()

    async def _segment(self) -> bytes:
        data = await asyncio.get_running_loop().sock_recv(self.sock, _CHUNK)
        if data and self.arrived is not None:
            self.arrived(len(data))
        self._taken += max(len(data), _SEGMENT)
        if self._taken >= _TURN:
            self._taken = 0
            await asyncio.sleep(0)
        return data

    def close(self) -> None:
        """Close without waiting."""
        self.sock.close()


class TlsChannel(Channel):
    """Bytes inside the TLS of a finished handshake."""

    def __init__(
        self, sock: socket.socket, tls: ssl.SSLObject, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO
    ) -> None:
        super().__init__(sock)
        self.tls, self._incoming, self._outgoing = tls, incoming, outgoing

    async def send(self, data: bytes) -> None:
        """Encrypt and send all of `data`."""
        view = memoryview(data)
        while view:
            view = view[self.tls.write(view) :]
        await super().send(self._outgoing.read())

    async def receive(self) -> bytes:
        """The next decrypted bytes; empty at close_notify and at a bare FIN, which most servers send instead."""
        while True:
            try:
                return self.tls.read(_CHUNK)
            except ssl.SSLWantReadError:
                pass
            except ssl.SSLZeroReturnError:
                return b""
            if pending := self._outgoing.read():  # a key update wants an answer
                await super().send(pending)
            data = await self._segment()
            if not data:
                return b""
            self._incoming.write(data)

    def close(self) -> None:
        """Send close_notify if the socket takes it at once, and close."""
        with contextlib.suppress(ssl.SSLError, OSError):  # a goodbye to a peer that may be gone proves nothing
            with contextlib.suppress(ssl.SSLWantReadError):
                self.tls.unwrap()
            self.sock.send(self._outgoing.read())
        super().close()
