"""The Exchange verb: raw bytes sent on an open connection, and what came back."""

import asyncio
import socket

from hushmap.model import Exchange, Failure
from hushmap.net import failures
from hushmap.net.clock import Clock

_CHUNK = 16384


async def exchange(
    sock: socket.socket,
    address: str,
    port: int,
    payload: bytes,
    *,
    clock: Clock,
    limit: float,
    quiet: float,
    most: int,
) -> Exchange:
    """Send `payload`, take what comes.

    The exchange is complete when the peer closed after saying something, when as many bytes came as were sent (an
    echo), when `most` were read, or when nothing more came for `quiet` seconds after something did. A reset after
    an answer is still a reset: injected ones race the server's own words.
    """
    loop = asyncio.get_running_loop()
    received = bytearray()
    failure: Failure | None = None
    detail: str | None = None
    t0 = clock.now()
    try:
        async with asyncio.timeout(limit):
            await loop.sock_sendall(sock, payload)
            while len(received) < most and not 0 < len(payload) <= len(received):
                data = await _next(sock, quiet if received else None)
                if data is None:
                    break
                if not data:
                    failure = None if received else Failure.EOF
                    break
                received += data[: most - len(received)]
    except OSError as error:
        failure, detail = failures.of_os(error, ipv6=":" in address)
    return Exchange(
        t0=t0,
        t=clock.now(),
        failure=failure,
        detail=detail,
        address=address,
        port=port,
        received=bytes(received),
    )


async def _next(sock: socket.socket, quiet: float | None) -> bytes | None:
    """The next bytes; `None` if none came for `quiet` seconds."""
    try:
        async with asyncio.timeout(quiet):
            return await asyncio.get_running_loop().sock_recv(sock, _CHUNK)
    except TimeoutError as error:
        if error.errno:
            raise
        return None
