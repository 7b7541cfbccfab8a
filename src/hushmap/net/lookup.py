"""One DNS question on its way: what was sent, and every reply that matches it.

The socket is the lookup's own; a reply counts if it carries the question's id and the question, whoever sent it: a
forged one is what is looked for.
"""

import asyncio
import socket
import ssl
import struct

from hushmap.model import Answer, Failure, Resolve
from hushmap.net import failures
from hushmap.net.channel import Channel
from hushmap.net.clock import Clock
from hushmap.wire import dns

DATAGRAM = 65535
_INT = struct.Struct("i")
_TTL_SPACE = socket.CMSG_SPACE(_INT.size)
_IP_RECVTTL = 12  # linux/in.h; Python names only the IPv6 pair
_TTLS = frozenset(
    {(int(socket.IPPROTO_IP), int(socket.IP_TTL)), (int(socket.IPPROTO_IPV6), int(socket.IPV6_HOPLIMIT))}
)
_KNOWN_ANSWERS = 16
"""Answers of one query that are kept: injectors send up to ten (refs/BEYOND 2.5)."""
_AT_ONCE = 64
"""Datagrams that one lookup reads before others get their turn; the rest waits, or is lost as in any flood."""


class Lookup:
    """One question on its way: what was sent, what came."""

    __slots__ = (
        "answers", "detail", "failure", "last_sent", "message", "name", "now", "qtype", "resolver", "sent", "t0"
    )  # fmt: skip

    def __init__(self, clock: Clock, name: str, qtype: str, resolver: str, message: bytes) -> None:
        self.now = clock.now
        self.name, self.qtype, self.resolver, self.message = name, qtype, resolver, message
        self.t0 = self.last_sent = clock.now()
        self.sent = 0
        self.answers: list[Answer] = []
        self.failure: Failure | None = None
        self.detail: str | None = None

    def send(self, sock: socket.socket) -> None:
        """Send the query once more."""
        self.last_sent = self.now()
        self.sent += 1
        try:
            sock.send(self.message)
        except OSError as error:  # also an ICMP error that the datagram before met
            self.failure, self.detail = failures.of_os(error, ipv6=sock.family == socket.AF_INET6)

    def take(self, sock: socket.socket) -> bool:
        """Read what waits up to an answer, which it tells; a turn is bounded, for a flood must not hold the run.

        Another answer that waits behind one is read in the next turn, which epoll calls for at once.
        """
        for _ in range(_AT_ONCE):
            try:
                data, ancillary, _, _ = sock.recvmsg(DATAGRAM, _TTL_SPACE)
            except BlockingIOError:
                return False
            except OSError as error:
                self.failure, self.detail = failures.of_os(error, ipv6=sock.family == socket.AF_INET6)
                return False
            if self.read(data, _ttl(ancillary)):
                return True
        return False

    def read(self, data: bytes, ttl: int | None) -> bool:
        """Take a reply if it answers this question; one with our id that cannot be read is an answer too."""
        if data[:2] != self.message[:2] or len(self.answers) == _KNOWN_ANSWERS:
            return False
        t = self.now()
        try:
            answer = dns.answer_to(self.message, data, t=t, ttl=ttl)
        except ValueError:
            answer = Answer(t=t, ttl=ttl, failure=Failure.DNS_MISBEHAVING)
        if answer is None:
            return False
        self.answers.append(answer)
        return True

    def step(self) -> Resolve:
        """What came of it, now that it ends."""
        failure, detail = self.failure, self.detail
        if self.answers:
            failure, detail = self.answers[0].failure, None
        return Resolve(
            t0=self.t0,
            t=self.now(),
            failure=failure,
            detail=detail,
            resolver=self.resolver,
            name=self.name,
            qtype=self.qtype,
            answers=tuple(self.answers),
            sent=max(1, self.sent),
        )


async def by_stream(channel: Channel, lookup: Lookup, limit: float, *, ipv6: bool) -> None:
    """Put the question on an open stream, in or without TLS, and take one message (RFC 1035 section 4.2.2)."""
    message, data = lookup.message, bytearray()
    try:
        async with asyncio.timeout(max(0.0, limit)):
            await channel.send(len(message).to_bytes(2, "big") + message)
            while len(data) < 2 or len(data) < 2 + int.from_bytes(data[:2], "big"):
                more = await channel.receive()
                if not more:
                    lookup.failure = Failure.EOF
                    return
                data += more
    except ssl.SSLError as error:
        lookup.failure, lookup.detail, _ = failures.of_tls(error)
        return
    except OSError as error:
        lookup.failure, lookup.detail = failures.of_os(error, ipv6=ipv6)
        return
    lookup.read(bytes(data[2 : 2 + int.from_bytes(data[:2], "big")]), None)
    if not lookup.answers:
        lookup.failure = Failure.DNS_MISBEHAVING


def want_ttl(sock: socket.socket, *, ipv6: bool) -> None:
    """Have the kernel tell the TTL or hop limit of every datagram."""
    if ipv6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVHOPLIMIT, 1)
    else:
        sock.setsockopt(socket.IPPROTO_IP, _IP_RECVTTL, 1)


def _ttl(ancillary: list[tuple[int, int, bytes]]) -> int | None:
    for level, kind, data in ancillary:
        if (level, kind) in _TTLS and len(data) >= _INT.size:
            ttl: int = _INT.unpack_from(data)[0]
            return ttl
    return None
