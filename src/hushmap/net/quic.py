"""The Handshake verb over QUIC: a connection in datagrams, with whatever the server showed of itself.

The connection is aioquic's and has neither socket nor clock; both are here. Three things about the datagrams are
METHOD 3's: nothing precedes the Initial on its ports, the source port is above the destination's (a censor that looks
only at such flows is else not seen), and a handshake counts as done when the peer still answers a while after the
Initial: some censors let the first exchange pass and silence what follows (refs/BEYOND 2.8).
"""

import asyncio
import contextlib
import logging
import secrets
import socket
import ssl

from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import QuicConnection
from aioquic.quic.events import ConnectionTerminated, HandshakeCompleted, PingAcknowledged, QuicEvent
from aioquic.quic.packet import QuicErrorCode, QuicProtocolVersion
from cryptography.hazmat.primitives.serialization import Encoding

from hushmap.model import Failure, Handshake, Transport
from hushmap.net import failures
from hushmap.net.clock import Clock
from hushmap.net.connect import learn, open_socket
from hushmap.net.handshake import CHAIN, Wish, certificate
from hushmap.net.mask import Own
from hushmap.net.trust import Trust
from hushmap.wire import quic as wire_quic

for _name in ("quic", "http3"):
    logging.getLogger(_name).addHandler(logging.NullHandler())  # what a peer did wrong stands in the step

DATAGRAMS = 4096
"""Datagrams of one connection that are read: a page of the longest body is 110, a chain of 100 kB as many."""
_TURN = 16
"""Datagrams after which others get a turn; each may cost a decryption."""
_DATAGRAM = 65535
_WINDOW = 256 * 1024
"""Flow control: what a peer may have under way; a body's bound and its headers fit."""
_LOUD = range(500)
"""Tries for a source port above the destination's."""
_TOP = 65535
_PING = 1


class FloodError(OSError):
    """The peer sent more datagrams than anything here needs."""


class _Connection(QuicConnection):
    """Remembers whether it was this side that closed."""

    closed_by_us = False

    def close(
        self,
        error_code: int = QuicErrorCode.NO_ERROR,
        frame_type: int | None = None,
        reason_phrase: str = "",
    ) -> None:
        """Close, as the library does by itself when what came makes no sense."""
        self.closed_by_us = True
        super().close(error_code, frame_type, reason_phrase)

    @property
    def reset_token(self) -> bytes:
        """The token that proves a stateless reset of the connection id in use."""
        return self._peer_cid.stateless_reset_token or b""

    @property
    def end(self) -> ConnectionTerminated | None:
        """How it was closed, as soon as that is known: the library's event waits for stragglers."""
        return self._close_event

    @property
    def answered(self) -> bool:
        """Whether a ServerHello came."""
        return self.tls.key_schedule is not None

    @property
    def chain(self) -> tuple[bytes, ...]:
        """The certificates that the server sent, DER."""
        leaf = self.tls._peer_certificate  # noqa: SLF001  (aioquic shows it nowhere else)
        more = self.tls._peer_certificate_chain  # noqa: SLF001
        return () if leaf is None else tuple(each.public_bytes(Encoding.DER) for each in (leaf, *more))


class Link:
    """One QUIC connection on a socket of its own, turn by turn."""

    def __init__(self, sock: socket.socket, connection: _Connection, place: tuple[str, int], clock: Clock) -> None:
        self.sock, self.connection, self._place, self._clock = sock, connection, place, clock
        self._datagrams = 0
        self._reading: asyncio.Future[bytes] | None = None
        self.ended: ConnectionTerminated | None = None
        self.reset = False
        """It ended by a stateless reset."""
        self.other_versions = False
        """Somebody said that the server speaks other versions."""
        self.sizes: list[int] = []
        """Of the datagrams that the last turn brought."""

    @property
    def address(self) -> str:
        """Whom it is with."""
        return self._place[0]

    async def turn(self, deadline: float) -> list[QuicEvent]:
        """Send what is due, take what comes next; raises OSError, a time-out at `deadline` among them."""
        self._send()
        now = self._clock.now()
        if now >= deadline:
            raise TimeoutError
        timer = self.connection.get_timer()
        data = await self._next((deadline if timer is None else min(timer, deadline)) - now)
        now = self._clock.now()
        self.sizes = []
        if data is None:
            if timer is not None and now >= timer:
                self.connection.handle_timer(now)
        else:
            self._take(data, now)
            if not self._datagrams % _TURN:
                await asyncio.sleep(0)  # what waits already is read without suspending: others get their turn
        found: list[QuicEvent] = []
        while (event := self.connection.next_event()) is not None:
            found.append(event)
        self.ended = self.ended or self.connection.end
        return found

    def close(self) -> None:
        """Say goodbye if the socket takes it at once."""
        if self._reading is not None:
            self._reading.cancel()
        with contextlib.suppress(OSError):  # to a peer that may be gone it proves nothing
            self.connection.close()
            self._send()
        self.sock.close()

    def _send(self) -> None:
        for data, place in self.connection.datagrams_to_send(self._clock.now()):
            if place == self._place:  # a server's other address, which it would prefer, is none that was asked
                with contextlib.suppress(BlockingIOError):  # a full queue loses datagrams, as any line may
                    self.sock.send(data)

    def _take(self, data: bytes, now: float) -> None:
        self._datagrams += 1
        if self._datagrams > DATAGRAMS:
            raise FloodError
        self.sizes.append(len(data))
        if wire_quic.is_reset(data, self.connection.reset_token):
            self.reset = True
            self.ended = ConnectionTerminated(error_code=0, frame_type=None, reason_phrase="")
        else:
            self.other_versions |= wire_quic.offers_versions(data)
            try:
                self.connection.receive_datagram(data, self._place, now)
            except (ArithmeticError, AssertionError, LookupError, TypeError, ValueError):
                # Of the peer's making: some versions of the library trip over a certificate that is none.
                self.connection.close(error_code=QuicErrorCode.INTERNAL_ERROR)

    async def _next(self, seconds: float) -> bytes | None:
        """The next datagram; `None` if none came for so long.

        Reading is never broken off: a datagram that comes as the time is up would be lost, and be waited for.
        """
        if self._reading is None:
            self._reading = asyncio.ensure_future(asyncio.get_running_loop().sock_recv(self.sock, _DATAGRAM))
        await asyncio.wait((self._reading,), timeout=max(0.0, seconds))
        if not self._reading.done():
            return None
        reading, self._reading = self._reading, None
        return reading.result()


class _Seen:
    """What a handshake has come to so far."""

    def __init__(self) -> None:
        self.failure: Failure | None = None
        self.detail: str | None = None
        self.alert: int | None = None
        self.alpn: str | None = None
        self.stood = False


async def handshake(
    wish: Wish, *, dwell: float, source_port: int | None, interface: str | None, clock: Clock, trust: Trust, own: Own
) -> tuple[Handshake, Link | None]:
    """Shake hands in datagrams; a link comes back only if the step did not fail. ValueError: a name of no host.

    The peer must still answer `dwell` seconds after the Initial.
    """
    seen = _Seen()
    place = (wish.address, wish.port)
    connection = _Connection(configuration=_configuration(wish))
    link: Link | None = None
    t0 = clock.now()
    try:
        link = Link(_socket(place, source_port, interface), connection, place, clock)
        learn(own, link.sock, wish.address)
        connection.connect(place, t0)
        await _shake(link, t0, wish.timeout, dwell, seen)
    except FloodError:
        seen.failure, seen.detail = Failure.TLS_FAILED, "a flood of datagrams"
    except OSError as error:
        seen.failure, seen.detail = failures.of_os(error, ipv6=":" in wish.address)
        if seen.stood:
            seen.detail = "silent after the handshake"
    t = clock.now()
    chain = connection.chain if link is not None else ()
    name = wish.sni if wish.name is None else wish.name
    unfit = trust.check(chain, name, wish.offset) if chain else None
    if seen.failure is None and wish.verify and unfit is not None:
        seen.failure, seen.detail = unfit, "checked after the handshake"
    step = Handshake(
        t0=t0,
        t=t,
        failure=seen.failure,
        detail=seen.detail,
        address=wish.address,
        port=wish.port,
        transport=Transport.QUIC,
        sni=wish.sni,
        version=wire_quic.version_name(connection._version) if seen.stood else None,  # noqa: SLF001
        cipher=_cipher(connection) if seen.stood else None,
        alpn=seen.alpn,
        alert=seen.alert,
        spoke=link is not None and (connection.answered or seen.alert is not None),
        chain=tuple(certificate(der, own) for der in chain[:CHAIN]),
        valid=unfit is None if chain else None,
        valid_system=trust.check_system(chain, name) if chain else None,
    )
    if link is not None and seen.failure is not None:
        link.close()
    return step, None if seen.failure else link


def _configuration(wish: Wish) -> QuicConfiguration:
    if wish.sni is not None and not wish.sni.isascii():
        raise ValueError(f"{wish.sni!a:.120} cannot be sent as a server name")
    return QuicConfiguration(
        alpn_protocols=list(wish.alpn),
        server_name=wish.sni,
        verify_mode=ssl.CERT_NONE,  # the chain is judged as any other, by `trust`; the key is proven either way
        supported_versions=[
            QuicProtocolVersion.VERSION_1
        ],  # what censors look at (refs/BEYOND 2.8), and browsers send
        max_data=_WINDOW,
        max_stream_data=_WINDOW,
    )


def _socket(place: tuple[str, int], source_port: int | None, interface: str | None) -> socket.socket:
    """A connected socket whose port is the one given, or above the destination's."""
    sock = open_socket(socket.SOCK_DGRAM, place[0], interface)
    try:
        if source_port is not None:
            sock.bind((_any(place[0]), source_port))
        sock.connect(place)
        above = _TOP - place[1]
        if source_port is None and sock.getsockname()[1] <= place[1] and above:
            sock.close()
            return _above(place, interface, above)
    except BaseException:
        sock.close()
        raise
    return sock


def _above(place: tuple[str, int], interface: str | None, above: int) -> socket.socket:
    """A socket on a free port of those above the destination's."""
    for left in reversed(_LOUD):
        sock = open_socket(socket.SOCK_DGRAM, place[0], interface)
        try:
            sock.bind((_any(place[0]), place[1] + 1 + secrets.randbelow(above)))
            sock.connect(place)
        except OSError:
            sock.close()
            if not left:
                raise
        else:
            return sock
    raise AssertionError("the last try raises")


def _any(address: str) -> str:
    return "::" if ":" in address else "0.0.0.0"  # noqa: S104  (a port of our own, connected at once)


async def _shake(link: Link, t0: float, limit: float, dwell: float, seen: _Seen) -> None:
    """The handshake, then a ping once `dwell` seconds have passed since the Initial."""
    while not seen.stood:
        for event in await link.turn(t0 + limit):
            if isinstance(event, HandshakeCompleted):
                seen.stood, seen.alpn = True, event.alpn_protocol
        if link.ended is not None:
            _ended(link, seen)
            return
    with contextlib.suppress(TimeoutError):
        while link.ended is None:
            await link.turn(t0 + dwell)
    if link.ended is None:
        link.connection.send_ping(_PING)
    answered = False
    while link.ended is None and not answered:
        events = await link.turn(t0 + limit + dwell)
        answered = any(isinstance(event, PingAcknowledged) for event in events)
    if link.ended is not None:
        _ended(link, seen)


def _ended(link: Link, seen: _Seen) -> None:
    """How a connection that ended by itself is told.

    Once it stood, nobody but the server can close it with a code: that it did is its own affair.
    """
    assert link.ended is not None
    if link.reset:
        seen.failure, seen.detail = Failure.RESET, "stateless reset"
    elif link.other_versions and not link.connection.answered:
        seen.failure, seen.detail = Failure.QUIC_VERSION, "version negotiation"
    else:
        failure, seen.detail, seen.alert = wire_quic.closed(link.ended.error_code, ours=link.connection.closed_by_us)
        seen.failure = None if seen.stood and not link.connection.closed_by_us else failure


def _cipher(connection: QuicConnection) -> str | None:
    schedule = connection.tls.key_schedule
    return None if schedule is None else f"TLS_{schedule.cipher_suite.name}"
