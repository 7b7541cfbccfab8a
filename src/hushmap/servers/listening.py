"""A listener whose connections are counted, bounded in number and time, and ended gracefully.

Every server here is open to strangers, so what one connection may cost is decided in one place. One listener may have
several ports in a row: to a client each is a server of its own, to us they share one bound.
"""

import asyncio
import contextlib
import errno
import os
import ssl
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from hushmap.servers.rate import Buckets, source_of

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class _Closable(Protocol):
    def close(self) -> None: ...


_T = TypeVar("_T", bound=_Closable)

HANDSHAKE_SECONDS = 10.0
"""What a client's TLS handshake may take; as long as our own verb waits (net.limits)."""
EACH = 32
"""Connections at once of one source: a client begins one a second (METHOD 3), and one that a censor cut stands here
for half a minute (echo.IDLE_SECONDS). Without this bound one source has them all, and who is refused sees a block."""
GRACE_SECONDS = 5.0
"""What a connection may go on for when the server is told to stop."""
TRIES = 20
"""Starts of a row of free ports that are tried, where the kernel chooses the first."""
_BUFFER = 64 * 1024
_LINGER_SECONDS = 2.0
_LINGER_BYTES = 512 * 1024
"""What is still read of a client that has its answer: more than any request that is refused for its size."""


class ServeError(Exception):
    """A server cannot start; one line that a person can act on."""


def refused(bind: str, port: int, error: OSError) -> ServeError:
    """Why a port cannot be listened on."""
    number = error.errno or 0
    hint = "; a port below 1024 needs the right to bind it" if number == errno.EACCES else ""
    # asyncio writes a sentence of its own into strerror; a name that was not found has no errno
    reason = os.strerror(number) if number > 0 else error.strerror or str(error)
    return ServeError(f"cannot listen on {bind} port {port}: {reason}{hint}")


async def in_a_row(
    bind: str, port: int, span: int, listen: Callable[[int], Awaitable[_T]], number: Callable[[_T], int]
) -> list[_T]:
    """What `listen` opens on `span` ports from `port` on; for 0 from one that the kernel chooses.

    Raises:
        ServeError: One of the ports cannot be had.
    """
    for left in reversed(range(1 if port else TRIES)):
        found: list[_T] = []
        try:
            found.append(await listen(port))
            for more in range(1, span):
                found.append(await listen(number(found[0]) + more))
        except (OSError, OverflowError) as error:
            for each in found:
                each.close()
            if left and found:
                continue  # a neighbour of the kernel's choice was taken, or beyond the last port
            at = number(found[0]) + len(found) if found else port
            raise refused(bind, at, error if isinstance(error, OSError) else OSError(error)) from error
        return found
    raise AssertionError("the last try returns or raises")


class Listener:
    """One port, or several in a row."""

    def __init__(self, handler: Handler, *, most: int, seconds: float, rates: Buckets, each: int = EACH) -> None:
        """At most `most` connections at once, `each` of one source and at its rate, and each at most `seconds`."""
        self._handler, self._most, self._seconds, self._rates, self._each = handler, most, seconds, rates, each
        self._servers: list[asyncio.Server] = []
        self._tasks: dict[asyncio.Task[None], str] = {}
        """Each with its source."""
        self.port = 0

    async def start(self, bind: str, port: int, context: ssl.SSLContext | None = None, span: int = 1) -> int:
        """Listen; the first port is given back, for `port` 0 the one that the kernel chose."""
        seconds = None if context is None else HANDSHAKE_SECONDS

        async def listen(port: int) -> asyncio.Server:
            return await asyncio.start_server(
                self._accept, bind, port, ssl=context, ssl_handshake_timeout=seconds, limit=_BUFFER
            )

        self._servers = await in_a_row(bind, port, span, listen, _number)
        self.port = _number(self._servers[0])
        return self.port

    async def stop(self, grace: float = GRACE_SECONDS) -> None:
        """Take no more; let what is under way end within `grace` seconds, then cut it."""
        for server in self._servers:
            server.close()
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
            if len(self._tasks) >= self._most or list(self._tasks.values()).count(source) >= self._each:
                return
            if not self._rates.take(source):
                return
            self._tasks[task] = source
            async with asyncio.timeout(self._seconds):
                await self._handler(reader, writer)
                await _linger(reader, writer)
        except (OSError, asyncio.CancelledError):
            # The client left, was too slow, or we are stopping: nothing is owed and nothing is logged.
            return
        finally:
            self._tasks.pop(task, None)
            with contextlib.suppress(OSError):
                writer.close()


def _number(server: asyncio.Server) -> int:
    return int(server.sockets[0].getsockname()[1])


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
