"""The Resolve verb: one question to one resolver, and every answer that comes to it.

A censor on the path answers faster than the resolver, often more than once, and the true answer follows (METHOD 4).
So each query has a socket of its own with a random port, goes on listening after the first answer, and keeps every
reply with its arrival time and IP TTL. A query is sent again while nothing came: one lost datagram must not look
like a censor (STATISTICS 6: a single query at 5 % loss fails in 10 % of lookups).
"""

import asyncio
import contextlib
import ipaddress
import re
import secrets
import socket
import statistics
import struct
import threading
from collections import deque

import msgspec

from hushmap.model import SYSTEM_RESOLVER, Answer, Failure, Resolve
from hushmap.net import failures
from hushmap.net.clock import Clock
from hushmap.net.connect import connect, learn, open_socket
from hushmap.net.limits import Limits
from hushmap.net.mask import Own
from hushmap.wire import dns

SENDS = (0.0, 0.2, 0.4, 0.8)
"""When a query is sent, as shares of its time-out: 0, 1, 2 and 4 s of 5 (STATISTICS 6)."""

_RESOLVER = re.compile(r"(udp|tcp)://(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+)):([0-9]{1,5})")
_DATAGRAM = 65535
_TTL_SPACE = socket.CMSG_SPACE(struct.calcsize("i"))
_IP_RECVTTL = 12  # linux/in.h; Python names only the IPv6 pair
_KNOWN_ANSWERS = 16
"""Answers of one query that are kept: injectors send up to ten (refs/BEYOND 2.5)."""

_ROUNDS = 9
"""Recent round trips of a resolver whose median tells how long a true answer may follow a forged one."""

_BOGONS = tuple(
    ipaddress.ip_network(prefix)
    for prefix in (
        # RFC 6890 and successors. The documentation ranges are left out: they are a lab's internet, and an injector
        # that used one would still be heard, only not waited for so long.
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16 224.0.0.0/4 "
        "240.0.0.0/4 ::/127 fc00::/7 fe80::/10 ff00::/8"
    ).split()
)


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """A resolver's transport and place."""

    transport: str
    address: str = ""
    port: int = 0


def where(text: str | None) -> Where:
    """The resolver that an ask names; ValueError if it names none."""
    if text == SYSTEM_RESOLVER:
        return Where(transport=SYSTEM_RESOLVER)
    match = _RESOLVER.fullmatch(text or "")
    if match is None or not 0 < int(match[4]) < 65536:
        raise ValueError(f"a resolver is system, udp://ADDRESS:PORT or tcp://ADDRESS:PORT; {text!a:.120} is not")
    address = str(ipaddress.ip_address(match[2] or match[3]))
    return Where(transport=match[1], address=address, port=int(match[4]))


def suspicious(addresses: tuple[str, ...]) -> bool:
    """Whether an answer cannot be true for a public name: worth a longer wait for the true one."""
    return any(
        address in network
        for address in map(ipaddress.ip_address, addresses)
        for network in _BOGONS
        if address.version == network.version
    )


class Resolver:
    """Carries out lookups; remembers round trips for as long as the run."""

    def __init__(self, clock: Clock, limits: Limits, own: Own, interface: str | None = None) -> None:
        self._clock, self._limits, self._own, self._interface = clock, limits, own, interface
        self._rounds: dict[str, deque[float]] = {}

    async def resolve(self, name: str, qtype: str, resolver: str, limit: float | None = None) -> Resolve:
        """Ask once; ValueError if the name, type or resolver is none."""
        place = where(resolver)
        ident = secrets.randbelow(0x10000)
        message = dns.query(name, qtype, ident)
        if place.transport == SYSTEM_RESOLVER:
            if qtype not in _FAMILY:
                raise ValueError(f"the system resolver is asked for A or AAAA, not {qtype!a:.20}")
            asked = dns.question(message)[1]
            return await self._system(name, asked, qtype, self._limits.system if limit is None else limit)
        lookup = _Lookup(self._clock, name, qtype, resolver, message)
        limit = self._limits.dns if limit is None else limit
        if place.transport == "tcp":
            await self._tcp(place, lookup, limit)
        else:
            await self._udp(place, lookup, limit)
        return lookup.step()

    async def _udp(self, place: Where, lookup: "_Lookup", limit: float) -> None:
        try:
            sock = open_socket(socket.SOCK_DGRAM, place.address, self._interface)
        except OSError as error:
            lookup.failure, lookup.detail = failures.of_os(error)
            return
        with sock:
            try:
                _want_ttl(sock)
                sock.connect((place.address, place.port))
                learn(self._own, sock, place.address)
            except OSError as error:
                lookup.failure, lookup.detail = failures.of_os(error, ipv6=":" in place.address)
                return
            await self._listen(sock, lookup, limit)

    async def _listen(self, sock: socket.socket, lookup: "_Lookup", limit: float) -> None:
        """Send by the schedule until an answer comes, then listen as long as a further one may follow."""
        rounds = self._rounds.setdefault(lookup.resolver, deque(maxlen=_ROUNDS))
        due = [lookup.t0 + share * limit for share in SENDS]
        end = lookup.t0 + limit
        while (now := self._clock.now()) < end:
            if due and now >= due[0] and not lookup.answers:
                due.pop(0)
                lookup.send(sock)
            wake = end if lookup.answers or not due else min(due[0], end)
            heard = len(lookup.answers)
            await _readable(sock, max(0.0, wake - self._clock.now()))
            lookup.take(sock)
            if lookup.answers and not heard:
                end = lookup.answers[0].t + self._patience(lookup, rounds)
            elif lookup.failure is not None and not lookup.answers:
                # ICMP says that nobody listens; whoever would answer all the same is given the usual wait.
                due, end = [], min(end, self._clock.now() + self._limits.late)
        if not lookup.answers and lookup.failure is None:
            lookup.failure = Failure.TIMEOUT

    def _patience(self, lookup: "_Lookup", rounds: deque[float]) -> float:
        first = lookup.answers[0]
        if first.failure is Failure.DNS_MISBEHAVING or suspicious(first.addresses):
            return self._limits.late_suspicious
        rounds.append(first.t - lookup.last_sent)
        three = 3 * statistics.median(rounds)
        return min(max(self._limits.late, three), self._limits.late_suspicious)

    async def _tcp(self, place: Where, lookup: "_Lookup", limit: float) -> None:
        loop = asyncio.get_running_loop()
        step, sock = await connect(
            place.address, place.port, clock=self._clock, own=self._own, limit=limit, interface=self._interface
        )
        if sock is None:
            lookup.failure, lookup.detail = step.failure, f"connect: {step.detail}" if step.detail else "connect"
            return
        message = lookup.message
        data = b""
        with sock:
            try:
                async with asyncio.timeout(max(0.0, limit - (self._clock.now() - lookup.t0))):
                    await loop.sock_sendall(sock, len(message).to_bytes(2, "big") + message)
                    while len(data) < 2 or len(data) < 2 + int.from_bytes(data[:2], "big"):
                        more = await loop.sock_recv(sock, _DATAGRAM)
                        if not more:
                            lookup.failure = Failure.EOF
                            return
                        data += more
            except TimeoutError as error:
                lookup.failure, lookup.detail = Failure.TIMEOUT, "ETIMEDOUT" if error.errno else None
                return
            except OSError as error:
                lookup.failure, lookup.detail = failures.of_os(error, ipv6=":" in place.address)
                return
        lookup.read(data[2 : 2 + int.from_bytes(data[:2], "big")], None)
        if not lookup.answers:
            lookup.failure = Failure.DNS_MISBEHAVING

    async def _system(self, name: str, asked: str, qtype: str, limit: float) -> Resolve:
        """What programs here really get: cache, hosts file, search list.

        glibc cannot be interrupted, so a lookup that outlives its time-out ends unheard in a thread of its own,
        which no exit waits for.
        """
        loop = asyncio.get_running_loop()
        done: asyncio.Future[_Found] = loop.create_future()
        t0 = self._clock.now()
        threading.Thread(target=_ask_system, args=(loop, done, asked, _FAMILY[qtype]), daemon=True).start()
        found = _Found(failure=Failure.TIMEOUT)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(limit):
                found = await done
        t = self._clock.now()
        answers: tuple[Answer, ...] = ()
        if found.addresses:
            answers = (Answer(t=t, addresses=found.addresses),)
        elif found.failure in {Failure.NXDOMAIN, Failure.NO_ANSWER}:
            answers = (Answer(t=t, failure=found.failure),)
        return Resolve(
            t0=t0,
            t=t,
            failure=found.failure,
            detail=found.detail,
            resolver=SYSTEM_RESOLVER,
            name=name,
            qtype=qtype,
            answers=answers,
        )


class _Lookup:
    """One question on its way: what was sent, what came."""

    def __init__(self, clock: Clock, name: str, qtype: str, resolver: str, message: bytes) -> None:
        self._clock = clock
        self.name, self.qtype, self.resolver, self.message = name, qtype, resolver, message
        self._question = dns.question(message)
        self.t0 = self.last_sent = clock.now()
        self.sent = 0
        self.answers: list[Answer] = []
        self.failure: Failure | None = None
        self.detail: str | None = None

    def send(self, sock: socket.socket) -> None:
        self.last_sent = self._clock.now()
        self.sent += 1
        try:
            sock.send(self.message)
        except OSError as error:  # also an ICMP error that the datagram before met
            self.failure, self.detail = failures.of_os(error, ipv6=sock.family == socket.AF_INET6)

    def take(self, sock: socket.socket) -> None:
        """Read every datagram that waits."""
        while True:
            try:
                data, ancillary, _, _ = sock.recvmsg(_DATAGRAM, _TTL_SPACE)
            except BlockingIOError:
                return
            except OSError as error:
                self.failure, self.detail = failures.of_os(error, ipv6=sock.family == socket.AF_INET6)
                return
            self.read(data, _ttl(ancillary))

    def read(self, data: bytes, ttl: int | None) -> None:
        """Take a reply if it answers this question; one with our id that cannot be read is an answer too."""
        t = self._clock.now()
        ident, name, qtype = self._question
        try:
            *question, answer = dns.parse(data, t=t, ttl=ttl)
        except ValueError:
            if data[:2] != self.message[:2]:
                return
            answer = Answer(t=t, ttl=ttl, failure=Failure.DNS_MISBEHAVING)
        else:
            if question not in ([ident, name, qtype], [ident, "", ""]):
                return
        if len(self.answers) < _KNOWN_ANSWERS:
            self.answers.append(answer)

    def step(self) -> Resolve:
        failure, detail = self.failure, self.detail
        if self.answers:
            failure, detail = self.answers[0].failure, None
        return Resolve(
            t0=self.t0,
            t=self._clock.now(),
            failure=failure,
            detail=detail,
            resolver=self.resolver,
            name=self.name,
            qtype=self.qtype,
            answers=tuple(self.answers),
            sent=max(1, self.sent),
        )


class _Found(msgspec.Struct, frozen=True, kw_only=True):
    """What getaddrinfo said."""

    addresses: tuple[str, ...] = ()
    failure: Failure | None = None
    detail: str | None = None


_FAMILY = {"A": socket.AF_INET, "AAAA": socket.AF_INET6}


def _ask_system(
    loop: asyncio.AbstractEventLoop, done: "asyncio.Future[_Found]", name: str, family: socket.AddressFamily
) -> None:
    """The thread of one getaddrinfo."""
    try:
        rows = socket.getaddrinfo(name, None, family, socket.SOCK_STREAM)
        found = _Found(addresses=tuple(dict.fromkeys(str(row[4][0]) for row in rows)))
    except socket.gaierror as error:
        failure, detail = failures.of_resolver(error)
        found = _Found(failure=failure, detail=detail)
    except OSError as error:
        failure, detail = failures.of_os(error)
        found = _Found(failure=failure, detail=detail)

    def tell() -> None:
        if not done.done():
            done.set_result(found)

    try:
        loop.call_soon_threadsafe(tell)
    except RuntimeError:  # the run ended before glibc did: nobody waits for this answer
        return


def _want_ttl(sock: socket.socket) -> None:
    if sock.family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVHOPLIMIT, 1)
    else:
        sock.setsockopt(socket.IPPROTO_IP, _IP_RECVTTL, 1)


def _ttl(ancillary: list[tuple[int, int, bytes]]) -> int | None:
    wanted = {(socket.IPPROTO_IP, socket.IP_TTL), (socket.IPPROTO_IPV6, socket.IPV6_HOPLIMIT)}
    for level, kind, data in ancillary:
        if (level, kind) in wanted and len(data) >= 4:
            return int(struct.unpack("i", data[:4])[0])
    return None


async def _readable(sock: socket.socket, limit: float) -> bool:
    """Wait until the socket has something, at most `limit` seconds."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(sock.fileno(), ready.set)
    try:
        async with asyncio.timeout(limit):
            await ready.wait()
    except TimeoutError:
        return False
    finally:
        loop.remove_reader(sock.fileno())
    return True
