"""A listener whose connections are counted, bounded in number and time, and ended gracefully.

Every server here is open to strangers, so what one connection may cost is decided in one place.
"""

import asyncio
import contextlib
import errno
import os
import ssl
from collections.abc import Awaitable, Callable

from hushmap.servers.rate import Buckets, source_of

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

HANDSHAKE_SECONDS = 10.0
"""What a client's TLS handshake may take; as long as our own verb waits (net.limits)."""
GRACE_SECONDS = 5.0
"""What a connection may go on for when the server is told to stop."""
_BUFFER = 64 * 1024
_LINGER_SECONDS = 2.0
_LINGER_BYTES = 512 * 1024
"""What is still read of a client that has its answer: more than any request that is refused for its size."""


class ServeError(Exception):
    """A server cannot start; one line that a person can act on."""


class Listener:
    """One port."""

    def __init__(self, handler: Handler, *, most: int, seconds: float, rates: Buckets) -> None:
        """At most `most` connections at once, each at most `seconds`, each source at its rate."""
        self._handler, self._most, self._seconds, self._rates = handler, most, seconds, rates
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    async def start(self, bind: str, port: int, context: ssl.SSLContext | None = None) -> int:
        """Listen; the port is given back, for `port` 0 the one that the kernel chose."""
        seconds = None if context is None else HANDSHAKE_SECONDS
        try:
            self._server = await asyncio.start_server(
                self._accept, bind, port, ssl=context, ssl_handshake_timeout=seconds, limit=_BUFFER
            )
        except OSError as error:
            number = error.errno or 0
            hint = "; a port below 1024 needs the right to bind it" if number == errno.EACCES else ""
            # asyncio writes a sentence of its own into strerror; a name that was not found has no errno
            reason = os.strerror(number) if number > 0 else error.strerror or str(error)
            raise ServeError(f"cannot listen on {bind} port {port}: {reason}{hint}") from error
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self.port

    async def stop(self, grace: float = GRACE_SECONDS) -> None:
        """Take no more; let what is under way end within `grace` seconds, then cut it."""
        if self._server is not None:
            self._server.close()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        peer = writer.get_extra_info("peername")
        source = source_of(peer)
        try:
            if len(self._tasks) >= self._most or not self._rates.take(source):
                return
            self._tasks.add(task)
            async with asyncio.timeout(self._seconds):
                await self._handler(reader, writer)
                await _linger(reader, writer)
        except (OSError, asyncio.CancelledError):
            # The client left, was too slow, or we are stopping: nothing is owed and nothing is logged.
            return
        finally:
            self._tasks.discard(task)
            with contextlib.suppress(OSError):
                writer.close()


async def _linger(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Let the answer arrive before closing.

    A socket that is closed with bytes unread sends RST, which may overtake the answer; and a RST from a helper is the
    last thing that a measurement of RSTs needs (RFC 9112 section 9.6).
    """
    await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()
    left = _LINGER_BYTES
    async with asyncio.timeout(_LINGER_SECONDS):
        while left > 0 and (data := await reader.read(_BUFFER)):
            left -= len(data)
