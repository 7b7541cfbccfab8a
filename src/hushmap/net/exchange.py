"""The Exchange verb: raw bytes sent on an open connection or in a datagram, and what came back."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator

from hushmap.model import Exchange, Failure, Transport
from hushmap.net import failures
from hushmap.net.clock import Clock
from hushmap.net.connect import learn, open_socket
from hushmap.net.mask import Own
from hushmap.wire import greeting

_CHUNK = 16384
_FLOOD = 4096
"""Datagrams that are looked at; whoever sends more is no server of anything."""
DATAGRAM_SENDS = (0.0, 0.1, 0.3, 0.7)
"""When a datagram is sent, as shares of the time-out: at 0, 1, 3 and 7 s of 10, as a SYN is. UDP loses, and a single
packet would make every loss a silence; RFC 8489 6.2.1 has seven sends in 39.5 s, which nobody here waits for."""


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
    whole: bool = False,
) -> Exchange:
    """Send `payload`, take what comes.

    The exchange is complete when the peer closed after saying something, when as many bytes came as were sent (an
    echo; not if a `whole` answer is wanted), when `most` were read, or when nothing more came for `quiet` seconds
    after something did. A reset after an answer is still a reset: injected ones race the server's own words.
    """
    loop = asyncio.get_running_loop()
    received = bytearray()
    failure: Failure | None = None
    detail: str | None = None
    enough = most if whole else min(most, len(payload) or most)
    t0 = clock.now()
    try:
        async with asyncio.timeout(limit):
            await loop.sock_sendall(sock, payload)
            while len(received) < enough:
                data = await _next(sock, quiet if received else None)
                if data is None:
                    break
                if not data:
                    failure = None if received else Failure.EOF
                    break
                received += data[: most - len(received)]
    except OSError as error:
        failure, detail = failures.of_os(error, ipv6=":" in address)
    protocol, kept = greeting.read(payload, bytes(received))
    return Exchange(
        t0=t0,
        t=clock.now(),
        failure=failure,
        detail=detail,
        address=address,
        port=port,
        received=kept,
        protocol=protocol,
    )


async def datagram(
    address: str,
    port: int,
    payload: bytes,
    *,
    clock: Clock,
    own: Own,
    limit: float,
    most: int,
    interface: str | None = None,
    source_port: int | None = None,
) -> Exchange:
    """Send `payload` in a datagram, again while nothing comes, and take the first answer.

    An answer to a first packet that we know must be one of its protocol; others are passed over, as noise of another
    sender or a forger's, and the last of them is what is told if no better one comes. What ICMP says ends the wait.
    """
    received = b""
    failure: Failure | None = None
    detail: str | None = None
    t0 = clock.now()
    try:
        with contextlib.closing(open_socket(socket.SOCK_DGRAM, address, interface)) as sock:
            if source_port is not None:
                sock.bind(("::" if ":" in address else "", source_port))
            await asyncio.get_running_loop().sock_connect(sock, (address, port))
            learn(own, sock, address)
            known, failure = greeting.protocol_of(payload), Failure.TIMEOUT
            async with contextlib.aclosing(_answers(sock, payload, clock, limit)) as answers:
                async for data in answers:
                    received, failure = data[:most], None
                    if known is None or greeting.read(payload, data)[0] is not None:
                        break
    except OSError as error:
        failure, detail = failures.of_os(error, ipv6=":" in address)
    protocol, kept = greeting.read(payload, received)
    return Exchange(
        t0=t0,
        t=clock.now(),
        failure=failure,
        detail=detail,
        address=address,
        port=port,
        transport=Transport.UDP,
        received=kept,
        protocol=protocol,
    )


async def _answers(sock: socket.socket, payload: bytes, clock: Clock, limit: float) -> AsyncGenerator[bytes, None]:
    """Every datagram that comes within the limit, while the own one is sent by its schedule."""
    loop = asyncio.get_running_loop()
    begin, heard, most = clock.now(), False, _FLOOD
    for following in (*DATAGRAM_SENDS[1:], 1.0):
        if not heard:
            await loop.sock_sendall(sock, payload)
        while (left := begin + following * limit - clock.now()) > 0:
            data = await _next(sock, left)
            if data is None:
                break
            heard, most = True, most - 1
            if not most:
                return
            yield data
            await asyncio.sleep(0)  # a socket that never runs dry gives others their turn


async def _next(sock: socket.socket, quiet: float | None) -> bytes | None:
    """The next bytes; `None` if none came for `quiet` seconds."""
    try:
        async with asyncio.timeout(quiet):
            return await asyncio.get_running_loop().sock_recv(sock, _CHUNK)
    except TimeoutError as error:
        if error.errno:
            raise
        return None
