"""The Hop verb: one packet with a small TTL, and who answered it: a router on the way, or somebody in its place.

No privileges are needed on Linux (refs/LAB 3): the error queue of a UDP socket, or of a TCP socket that waits for a
SYN-ACK, gives the router's address, type and code. Of an established connection the kernel tells only that an ICMP
error came; the router's address is then had by a SYN with the same ports. A reset ends a TCP socket for the kernel,
so that an ICMP error behind it is never told: whether both came is known of datagrams, data and FIN, and of a reset
only where the router was faster.
"""

import asyncio
import contextlib
import errno
import socket

import msgspec

from hushmap.model import Failure, Hop, Transport
from hushmap.net import failures
from hushmap.net.clock import Clock
from hushmap.net.connect import abrupt, bind_port, learn, open_socket
from hushmap.net.mask import Own
from hushmap.wire import icmp

UNTOLD = (-1, -1)
"""`Hop.icmp` where the kernel says that an ICMP error came and not which."""
_IP_RECVERR = 11  # linux/in.h
_IPV6_RECVERR = 25  # linux/in6.h
_SPACE = socket.CMSG_SPACE(64)
"""Room for one sock_extended_err with an IPv6 offender (44 bytes)."""
_SENT_BACK = frozenset({errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EACCES, errno.EPROTO, errno.ENOPROTOOPT})
"""What icmp_err_convert makes of errors that say "not delivered" (net/ipv4/icmp.c, net/ipv6/icmp.c)."""
_CHUNK = 65535
_IN_A_TURN = 64
"""Messages that are read before others get their turn; the rest is there at the next."""
_DEFAULT_TTL = -1
"""ip(7): back to the system's own."""


class Aim(msgspec.Struct, frozen=True, kw_only=True):
    """Where a packet goes and how far, and how long its answers are awaited."""

    address: str
    port: int
    ttl: int
    source_port: int | None = None
    limit: float
    late: float
    """What is awaited after the first of ICMP error and answer: the other one."""
    most: int
    interface: str | None = None


def able() -> bool:
    """Whether this platform has an error queue."""
    return hasattr(socket, "MSG_ERRQUEUE")


class _Seen:
    """What has come so far."""

    def __init__(self, aim: Aim, clock: Clock, transport: Transport) -> None:
        self._aim, self._clock, self._transport = aim, clock, transport
        self.t0 = clock.now()
        self.icmp: tuple[int, int] | None = None
        self.router: str | None = None
        self.reached = False
        self.received = b""
        self.failure: Failure | None = None
        self.detail: str | None = None
        self.source_port = aim.source_port or 0
        self.first: float | None = None

    def error(self, found: icmp.IcmpError) -> None:
        """An ICMP error was told; the first counts."""
        self.now()
        if self.icmp is None or self.icmp == UNTOLD:
            self.icmp, self.router = (found.kind, found.code), found.router
        if found.errno == errno.ECONNREFUSED:  # "port unreachable" is an answer of the place itself
            self.over(OSError(found.errno, ""))

    def now(self) -> None:
        """Something came: the first time is the step's end, however long one goes on listening."""
        self.first = self.first or self._clock.now()

    def local(self, error: OSError) -> None:
        """This computer could not do it."""
        self.failure, self.detail = failures.of_os(error, ipv6=":" in self._aim.address)

    def over(self, error: OSError) -> bool:
        """A socket's error: an ICMP message without more words, or the end; whether it is the end."""
        self.now()
        if error.errno in _SENT_BACK:
            self.icmp = self.icmp or UNTOLD
            return False
        self.local(error)
        self.reached = self.failure in {Failure.REFUSED, Failure.RESET}
        return True

    def step(self) -> Hop:
        """What came of it."""
        failure, detail = self.failure, self.detail
        if failure is None and not self.reached and self.icmp is None:
            failure = Failure.TIMEOUT
        aim = self._aim
        return Hop(
            t0=self.t0, t=self.first or self._clock.now(), failure=failure, detail=detail, address=aim.address,
            port=aim.port, ttl=aim.ttl, transport=self._transport, router=self.router, icmp=self.icmp,
            reached=self.reached, received=self.received, source_port=self.source_port,
        )  # fmt: skip


async def syn(aim: Aim, *, clock: Clock, own: Own) -> Hop:
    """One SYN that goes `ttl` hops far. The kernel would repeat it after a second: that is the same packet again."""
    seen = _Seen(aim, clock, Transport.TCP)
    try:
        with open_socket(socket.SOCK_STREAM, aim.address, aim.interface) as sock:
            _listen_for_errors(sock)
            limit_ttl(sock, aim.ttl)
            abrupt(sock)
            bind_port(sock, aim.source_port)
            with contextlib.suppress(BlockingIOError):
                sock.connect((aim.address, aim.port))
            seen.source_port = int(sock.getsockname()[1])
            learn(own, sock, aim.address)
            await _ready(sock, aim.limit, writing=True)
            _take_errors(sock, seen)
            number = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if number and seen.icmp is None:
                seen.over(OSError(number, ""))
            elif not number and _connected(sock):
                seen.reached = True
            seen.now()
    except OSError as error:
        seen.local(error)
    return seen.step()


async def datagram(aim: Aim, message: bytes, *, clock: Clock, own: Own) -> Hop:
    """One datagram; an answer counts if it begins with the same two bytes (DNS: the question's id)."""
    seen = _Seen(aim, clock, Transport.UDP)
    try:
        with open_socket(socket.SOCK_DGRAM, aim.address, aim.interface) as sock:
            _listen_for_errors(sock)
            limit_ttl(sock, aim.ttl)
            bind_port(sock, aim.source_port)
            sock.connect((aim.address, aim.port))
            seen.source_port = int(sock.getsockname()[1])
            learn(own, sock, aim.address)
            sock.send(message)
            await _both(sock, seen, aim, clock, message[:2])
    except OSError as error:
        seen.local(error)
    return seen.step()


async def payload(sock: socket.socket, aim: Aim, data: bytes, *, clock: Clock) -> Hop:
    """What is said first on a connection that stands, `ttl` hops far.

    The kernel repeats what is not acknowledged, with the same TTL, so that a lost one is made good within the limit.
    The caller closes; before that the TTL is the usual one again, or the server would never hear of it.
    """
    seen = _Seen(aim, clock, Transport.TCP)
    try:
        seen.source_port = int(sock.getsockname()[1])
        _listen_for_errors(sock)
        abrupt(sock)
        limit_ttl(sock, aim.ttl)
        sock.send(data)
        await _both(sock, seen, aim, clock, b"")
    except OSError as error:
        seen.local(error)
    finally:
        with contextlib.suppress(OSError):  # a socket that was reset needs no TTL
            limit_ttl(sock, _DEFAULT_TTL)
    return seen.step()


async def _both(sock: socket.socket, seen: _Seen, aim: Aim, clock: Clock, start: bytes) -> None:
    """Wait for an ICMP error or an answer, and for the other one a little longer."""
    end, heard = seen.t0 + aim.limit, False
    while (left := end - clock.now()) > 0:
        if not await _ready(sock, left):
            return
        _take_errors(sock, seen)
        if _read(sock, seen, aim.most, start):
            return
        if not heard and (seen.icmp is not None or seen.reached):
            end, heard = min(end, clock.now() + aim.late), True
        if seen.reached and seen.icmp is not None:
            return


def _read(sock: socket.socket, seen: _Seen, most: int, start: bytes) -> bool:
    """Read all that waits; whether nothing more can come."""
    stream = sock.type == socket.SOCK_STREAM
    for _ in range(_IN_A_TURN):
        try:
            data = sock.recv(_CHUNK)
        except BlockingIOError:
            return False
        except OSError as error:
            if seen.over(error):
                return stream
            continue
        if not data and stream:
            seen.now()
            seen.reached = True
            seen.failure = None if seen.received else Failure.EOF
            return True
        if data.startswith(start):
            seen.now()
            seen.reached = True
            seen.received = (seen.received or data)[:most]
    return False


def _take_errors(sock: socket.socket, seen: _Seen) -> None:
    """Read every error that waits in the queue."""
    while True:
        try:
            _, ancillary, _, _ = sock.recvmsg(512, _SPACE, socket.MSG_ERRQUEUE)
        except OSError:
            return
        for level, kind, data in ancillary:
            if (level, kind) in {(socket.IPPROTO_IP, _IP_RECVERR), (socket.IPPROTO_IPV6, _IPV6_RECVERR)}:
                with contextlib.suppress(ValueError):  # a kernel does not cut its own words off
                    if (found := icmp.read(data)) is not None:
                        seen.error(found)


def _listen_for_errors(sock: socket.socket) -> None:
    if sock.family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_RECVERR, 1)
    else:
        sock.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, 1)


def limit_ttl(sock: socket.socket, ttl: int) -> None:
    """How far every packet of the socket goes from now on."""
    if sock.family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, ttl)
    else:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)


def _connected(sock: socket.socket) -> bool:
    try:
        sock.getpeername()
    except OSError:
        return False
    return True


async def _ready(sock: socket.socket, limit: float, *, writing: bool = False) -> bool:
    """Wait until the socket has something, an error too, or (`writing`) its connection stands or failed."""
    ready, loop = asyncio.Event(), asyncio.get_running_loop()
    watch, leave = (loop.add_writer, loop.remove_writer) if writing else (loop.add_reader, loop.remove_reader)
    watch(sock.fileno(), ready.set)
    try:
        async with asyncio.timeout(limit):
            await ready.wait()
    except TimeoutError:
        return False
    finally:
        leave(sock.fileno())
    return True
