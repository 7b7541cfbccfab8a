"""The Connect verb: one TCP connection, to the address given and no other."""

import asyncio
import socket

from hushmap.model import Connect, Failure
from hushmap.net import failures
from hushmap.net.clock import Clock
from hushmap.net.mask import Own

_BIND_TO_DEVICE = 25  # SO_BINDTODEVICE, asm-generic/socket.h


def open_socket(kind: socket.SocketKind, address: str, interface: str | None = None) -> socket.socket:
    """A non-blocking socket of the family of `address`, bound to `interface` if one is given."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, kind)
    try:
        sock.setblocking(False)
        if interface is not None:
            sock.setsockopt(socket.SOL_SOCKET, _BIND_TO_DEVICE, interface.encode())
    except OSError:
        sock.close()
        raise
    return sock


async def connect(
    address: str, port: int, *, clock: Clock, own: Own, limit: float, interface: str | None = None
) -> tuple[Connect, socket.socket | None]:
    """Connect; the socket is the caller's to close, and `None` if the step failed."""
    t0 = clock.now()
    sock: socket.socket | None = None
    failure: Failure | None = None
    detail: str | None = None
    connected = False
    try:
        sock = open_socket(socket.SOCK_STREAM, address, interface)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
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
