"""The echo that speaks QUIC: it shakes hands for any name, and then has nothing to say.

A word in a server name is judged by whether the handshake comes through and still stands a while later (refs/BEYOND
2.8). Datagrams can come in anybody's name, so this must be no way to send more to others than they are sent: nothing
is answered but a whole Initial of a new connection (RFC 9000 section 14.1), with at most three times its bytes until
the address is proven (section 8.1, which aioquic keeps), to so many at a time and so often as is said below.
"""

import asyncio
from collections.abc import Callable

from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import QuicConnection
from aioquic.quic.events import ConnectionTerminated, HandshakeCompleted
from aioquic.quic.packet import QuicProtocolVersion
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from hushmap.net import Clock
from hushmap.servers.identity import Identity
from hushmap.servers.listening import in_a_row
from hushmap.servers.rate import Bucket, Buckets, source_of
from hushmap.wire import h3
from hushmap.wire import quic as wire_quic

UNPROVEN = 128
"""Connections at once whose address is not proven: those who forge addresses get no more than so many answers in
`UNPROVEN_SECONDS`, each of three datagrams."""
UNPROVEN_EACH = 8
"""Of them of one source: a client begins one a second (METHOD 3), and one that is cut stands for `UNPROVEN_SECONDS`.
Without it one source has them all, and who is refused sees a block."""
BEGUN = 400.0
"""Connections a second of all: each costs 0.5 ms before anything is known of who asks, so a fifth of a core."""
UNPROVEN_SECONDS = 5.0
"""What a client may take from its Initial to the end of the handshake: four tries of its own (RFC 9002)."""
PROVEN = 512
"""Connections at once that stand."""
LIFE_SECONDS = 30.0
"""A connection's whole life: longer than a client's handshake and the silence after it that it waits out."""
DATAGRAMS = 256
"""Of one connection: a handshake has a dozen."""
_WINDOW = 64 * 1024

Place = tuple[str, int]


class QuicEcho:
    """The UDP ports of one echo."""

    def __init__(self, shown: Identity, rates: Buckets, *, scale: float = 1.0) -> None:
        """Each source begins connections at its rate; `scale` times as many of it may be unproven."""
        self._rates = rates
        self._each = UNPROVEN_EACH * scale
        self._begun = Bucket(BEGUN, BEGUN, Clock())
        self._configuration = QuicConfiguration(
            is_client=False,
            alpn_protocols=[h3.ALPN],
            certificate=x509.load_pem_x509_certificate(shown.certificate.read_bytes()),
            private_key=load_pem_private_key(shown.key.read_bytes(), password=None),
            idle_timeout=LIFE_SECONDS,
            max_data=_WINDOW,
            max_stream_data=_WINDOW,
            supported_versions=[QuicProtocolVersion.VERSION_1],
        )
        self._open: list[asyncio.DatagramTransport] = []
        self._ends: dict[tuple[int, Place], _End] = {}
        self.port = 0

    async def start(self, bind: str, port: int, span: int = 1) -> int:
        """Listen; the first port is given back, for `port` 0 the one that the kernel chose."""
        loop = asyncio.get_running_loop()

        async def listen(port: int) -> asyncio.DatagramTransport:
            transport, _ = await loop.create_datagram_endpoint(lambda: _Port(self), local_addr=(bind, port))
            return transport

        self._open = await in_a_row(bind, port, span, listen, _number)
        self.port = _number(self._open[0])
        return self.port

    async def stop(self, grace: float = 0.0) -> None:  # noqa: ARG002  (a listener's signature; nothing here is owed)
        """Take no more, and forget what is under way."""
        for end in list(self._ends.values()):
            end.forget()
        for transport in self._open:
            transport.close()
        await asyncio.sleep(0)

    def take(self, data: bytes, peer: Place, transport: asyncio.DatagramTransport) -> None:
        """A datagram: to the connection that it belongs to, or to a new one."""
        key = (_number(transport), peer)
        end = self._ends.get(key)
        if end is None:
            first = wire_quic.first_id(data)
            if first is None or not self._room(proven=False):
                return
            source = source_of(peer)
            if self._unproven(source) >= self._each or not self._rates.take(source) or not self._begun.take():
                return
            connection = QuicConnection(configuration=self._configuration, original_destination_connection_id=first)
            end = _End(
                connection, peer, transport, over=lambda: self._forget(key), room=lambda: self._room(proven=True)
            )
            end.source = source
            self._ends[key] = end
        end.take(data)

    def _forget(self, key: tuple[int, Place]) -> None:
        self._ends.pop(key, None)

    def _unproven(self, source: str) -> int:
        return sum(end.source == source and not end.proven for end in self._ends.values())

    def _room(self, *, proven: bool) -> bool:
        count = sum(end.proven is proven for end in self._ends.values())
        return count < (PROVEN if proven else UNPROVEN)


class _Port(asyncio.DatagramProtocol):
    """One UDP port."""

    def __init__(self, echo: QuicEcho) -> None:
        self._echo = echo
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        """Ready to send."""
        self._transport = transport

    def datagram_received(self, data: bytes, addr: Place) -> None:
        """Whoever says that it sent it."""
        assert self._transport is not None, "a datagram came through it"
        self._echo.take(data, addr, self._transport)

    def error_received(self, exc: Exception) -> None:
        """A client that is gone is its own affair."""


class _End:
    """One connection."""

    def __init__(
        self,
        connection: QuicConnection,
        peer: Place,
        transport: asyncio.DatagramTransport,
        *,
        over: Callable[[], None],
        room: Callable[[], bool],
    ) -> None:
        self._connection, self._peer, self._transport, self._over, self._room = (
            connection,
            peer,
            transport,
            over,
            room,
        )
        self._loop = asyncio.get_running_loop()
        self._begun = self._loop.time()
        self._left = DATAGRAMS
        self._timer: asyncio.TimerHandle | None = None
        self._spoke = False
        self.source = ""
        """Whose it is, as far as its address tells (rate.source_of)."""
        self.proven = False
        """Whether the address is the client's: it said what only who was answered can know."""

    def take(self, data: bytes) -> None:
        """A datagram of this client's."""
        self._left -= 1
        try:
            self._connection.receive_datagram(data, self._peer, self._loop.time())
        except (ArithmeticError, AssertionError, LookupError, TypeError, ValueError):
            self.forget()  # of the client's making: nothing is owed to it
            return
        self._turn()

    def forget(self) -> None:
        """Say nothing more."""
        if self._timer is not None:
            self._timer.cancel()
        self._over()

    def _wake(self) -> None:
        self._timer = None
        now = self._loop.time()
        due = self._connection.get_timer()
        if due is not None and due <= now:
            self._connection.handle_timer(now)
        self._turn()

    def _turn(self) -> None:
        """What is to be sent now, and when to wake; or the end."""
        over = self._left <= 0
        while (event := self._connection.next_event()) is not None:
            over = over or isinstance(event, ConnectionTerminated)
            if isinstance(event, HandshakeCompleted):
                over = over or not self._room()
                self.proven = True
        for data, place in self._connection.datagrams_to_send(self._loop.time()):
            self._transport.sendto(data, place)
            self._spoke = True
        over = over or not self._spoke  # an Initial that nobody can read begins nothing
        until = self._begun + (LIFE_SECONDS if self.proven else UNPROVEN_SECONDS)
        due = self._connection.get_timer()
        if over or due is None or self._loop.time() >= until:
            self.forget()
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_at(min(due, until), self._wake)


def _number(transport: asyncio.DatagramTransport) -> int:
    return int(transport.get_extra_info("sockname")[1])
