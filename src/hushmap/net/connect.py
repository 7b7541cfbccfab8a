"""The Connect verb: one TCP connection, to the address given and no other."""

import asyncio
import socket
import struct

from hushmap.model import Connect, Failure
from hushmap.net import failures
from hushmap.net.clock import Clock
from hushmap.net.mask import Own

_BIND_TO_DEVICE = 25  # SO_BINDTODEVICE, asm-generic/socket.h


def open_socket(kind: socket.SocketKind, address: str, interface: str | None = None) -> socket.socket:
    """A non-blocking socket of the family of `address`, bound to `interface` if one is given."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, kind | socket.SOCK_NONBLOCK)
    if interface is not None:
        try:
            sock.setsockopt(socket.SOL_SOCKET, _BIND_TO_DEVICE, interface.encode())
        except OSError:
            sock.close()
            raise
    return sock


def bind_port(sock: socket.socket, port: int | None) -> None:
    """Send from this port, where one is given; one that rests from an earlier connection may be used again."""
    if port is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("", port))


def abrupt(sock: socket.socket) -> None:
    """Have the socket closed by a reset: it leaves no TIME_WAIT, and the same ports can be used again at once."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


async def connect(
    address: str,
    port: int,
    *,
    clock: Clock,
    own: Own,
    limit: float,
    interface: str | None = None,
    source_port: int | None = None,
) -> tuple[Connect, socket.socket | None]:
    """Connect; the socket is the caller's to close, and `None` if the step failed.

    From a port that was given it is closed by a reset, so that the next one from there need not wait.
    """
    t0 = clock.now()
    sock: socket.socket | None = None
    failure: Failure | None = None
    detail: str | None = None
    connected = False
    try:
        sock = open_socket(socket.SOCK_STREAM, address, interface)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if source_port is not None:
            abrupt(sock)
            bind_port(sock, source_port)
        async with asyncio.timeout(limit):
            await asyncio.get_running_loop().sock_connect(sock, (address, port))
        learn(own, sock, address)
        connected = True
    except OSError as error:
        failure, detail = failures.of_os(error, ipv6=":" in address)
    finally:
        if sock is not None and not connected:
            sock.close()
    step = Connect(t0=t0, t=clock.now(), failure=failure, detail=detail, address=address, port=port)
    return step, sock if connected else None


def learn(own: Own, sock: socket.socket, address: str) -> None:
    """Learn the address that the kernel sends from; connecting to oneself teaches nothing."""
    source = str(sock.getsockname()[0])
    if source != address:
        own.learn(source)
