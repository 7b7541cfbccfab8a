"""`hushmap serve helper`: carries out Asks from elsewhere for one's own clients, and echoes words.

It is no open proxy (METHOD 5): on loopback unless told, behind a token, known by its key, with a guard on every
address and port, rates, and bounds on size and number. It logs no targets, and keeps nothing of what it was asked.
Probes of OONI, which have no token, are answered only if its person says so, on a port of their own (`ooni`).
"""

import asyncio
import hmac
import ssl
from functools import partial
from pathlib import Path

import msgspec

from hushmap import __version__
from hushmap.model import DOCUMENTATION, Ask, Handshake, Layer, Transport
from hushmap.net import Clock, Limits, Net, Own, shifted
from hushmap.servers.echo import http_echo, tcp_echo
from hushmap.servers.guard import Guard
from hushmap.servers.identity import Identity, identity, token
from hushmap.servers.listening import EACH, GRACE_SECONDS, Handler, Listener
from hushmap.servers.ooni import WEB, OoniDesk
from hushmap.servers.quic import QuicEcho
from hushmap.servers.rate import Bucket, Buckets
from hushmap.servers.requests import LEFT, taken
from hushmap.wire import echo as wire_echo
from hushmap.wire import greeting
from hushmap.wire import helper as wire_helper
from hushmap.wire import http as wire_http

SPAN_LIMIT = wire_helper.SPAN_LIMIT
REQUEST_BYTES = 256 * 1024
"""Longest request: 64 asks with their headers; what is longer gets 413."""
LONGEST_STEP = 30.0
"""Seconds that an ask may want for a step; more is cut to this, so that a client cannot hold sockets for hours."""
REACH_SECONDS = 60.0
"""How old the proof of being online may be: as old as the client's sentinel (METHOD 3)."""
_REACH_LIMIT = 4.0
"""Seconds for that proof: less than a client waits for a reply without asks (net.limits.helper)."""
_CONNECTION_SECONDS = 120.0
"""A request's whole life: the worst case of an ask, twice."""
DOWNLOADS = 1.0
"""Downloads a second that one source may have of the echo: as many as a client's own pace to one host (METHOD 3)."""
DOWNLOAD_BURST = 20.0
"""How many at once after a pause: one target's worth of alternations."""
_HEADERS = (("Content-Type", "application/json"), ("Cache-Control", "no-store"), ("Connection", "close"))


class HelperSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How a helper is to serve."""

    state: Path
    """Folder for key, certificate and token."""
    bind: str = "127.0.0.1"
    port: int = 8443
    public: str | None = None
    """The address or name that clients use, by default `bind`."""
    http_port: int | None = None
    tls_port: int | None = None
    tcp_port: int | None = None
    quic_port: int | None = None
    """Echo ports, 0 for any; `None`: no such echo. QUIC's is of UDP."""
    span: int = 1
    """How many ports each echo has, from that one on."""
    ports: tuple[int, ...] = ()
    """Ports beside the usual ones (guard.py) and the echo ports that asks may use."""
    allow_special: bool = False
    """The documentation ranges count as public: for a lab."""
    allow: tuple[str, ...] = ()
    """Further prefixes that count as public."""
    reach: tuple[str, ...] = ("www.example.com", "www.iana.org")
    """Harmless names; that one of them speaks TLS proves this helper online. Both belong to IANA (RFC 2606)."""
    roots: str | None = None
    ooni_port: int | None = None
    """Port on which OONI's probes are answered, without a token, 0 for any; `None`: they are not."""
    ooni_certificate: Path | None = None
    """PEM file with a certificate that probes accept and its key; `None`: the helper's own, which none does."""
    ooni_ports: tuple[int, ...] = ()
    """Ports beside 80 and 443 that a URL of theirs may name."""
    rate: float = 50.0
    """Asks a second of all clients; connections a second of one source to each echo.

    A client's own lane opens 20 flows a second (METHOD 3). No honest client may meet this bound at an echo: to be
    refused there looks like a censor.
    """
    burst: float = 200.0
    in_flight: int = 64
    """Asks at once, as many as a client's lane (METHOD 3)."""
    connections: int = 128
    scale: float = 1.0
    """Divides every time-out and multiplies every rate: a lab's one factor."""


class HelperServer:
    """One helper: `start`, then `stop`."""

    def __init__(self, settings: HelperSettings) -> None:
        self.settings = settings
        self.spec: wire_helper.HelperSpec | None = None
        self.ooni_port: int | None = None
        """Where OONI's probes are answered, once it was started."""
        self._clock = Clock()
        self._token = ""
        self._asks = Bucket(settings.rate * settings.scale, settings.burst, self._clock)
        self._lane = asyncio.Semaphore(settings.in_flight)
        self._listeners: list[Listener | QuicEcho] = []
        self._net: Net | None = None
        self._reached: tuple[float, bool] | None = None
        self._reaching = asyncio.Lock()

    async def start(self) -> wire_helper.HelperSpec:
        """Listen on every port; the spec's `text` is what a client pastes.

        Raises:
            ServeError: A port cannot be bound.
            ValueError: A file of the state folder, or a setting, is not what it should be.
        """
        try:
            self.spec = await self._start()
        except BaseException:
            await self.stop(0.0)
            raise
        return self.spec

    async def _start(self) -> wire_helper.HelperSpec:
        settings = self.settings
        own, echo = identity(settings.state, "helper"), identity(settings.state, "echo")
        self._token = token(settings.state)
        allow = settings.allow + (DOCUMENTATION if settings.allow_special else ())
        downloads = Buckets(DOWNLOADS * settings.scale, DOWNLOAD_BURST, self._clock)
        pause = wire_echo.PAUSE_SECONDS / settings.scale
        said = partial(http_echo, downloads=downloads, pause=pause)
        first = {
            "http": await self._listen(said, settings.http_port, span=settings.span),
            "tls": await self._listen(said, settings.tls_port, echo, span=settings.span),
            "tcp": await self._listen(partial(tcp_echo, pause=pause), settings.tcp_port, span=settings.span),
            "quic": await self._listen_quic(echo),
        }
        echoes = [number for number in first.values() if number is not None]
        reached = {number + more for number in echoes for more in range(settings.span)}
        self._net = Net(
            self._clock,
            limits=Limits().scaled(settings.scale),
            roots=settings.roots,
            own=Own(closed=True),  # this computer's address is no secret: the client's record names it
            guard=Guard(ports=reached.union(settings.ports), allow=allow),
        )
        self.ooni_port = await self._listen_for_ooni(own, allow)
        host = settings.public or settings.bind
        dark = await self._dark(host)
        port = await self._listen(self._serve, settings.port, own)  # last: it needs all of the above
        assert port is not None
        return wire_helper.HelperSpec(
            host=host,
            port=port,
            token=self._token,
            pin=own.pin,
            span=settings.span,
            dark=dark,
            **{f"{name}_port": number for name, number in first.items()},
        )

    async def stop(self, grace: float = GRACE_SECONDS) -> None:
        """Stop listening; what is under way may end within `grace` seconds."""
        await asyncio.gather(*(listener.stop(grace) for listener in self._listeners))
        self._listeners.clear()

    async def serve(self, until: asyncio.Event) -> None:
        """Serve until the event is set, then stop gracefully."""
        if self.spec is None:
            await self.start()
        try:
            await until.wait()
        finally:
            await self.stop()

    async def _listen(
        self, handler: Handler, port: int | None, shown: Identity | None = None, *, span: int = 1
    ) -> int | None:
        if port is None:
            return None
        settings = self.settings
        listener = Listener(
            handler,
            most=settings.connections,
            seconds=_CONNECTION_SECONDS,
            rates=self._rates(),
            # A scaled client begins more in a time; and of asks it has a whole lane under way, behind its token.
            each=max(round(EACH * settings.scale), settings.in_flight if handler == self._serve else 0),
        )
        self._listeners.append(listener)
        return await listener.start(settings.bind, port, None if shown is None else _context(shown), span)

    async def _listen_quic(self, shown: Identity) -> int | None:
        settings = self.settings
        if settings.quic_port is None:
            return None
        echo = QuicEcho(shown, self._rates(), scale=settings.scale)
        self._listeners.append(echo)
        return await echo.start(settings.bind, settings.quic_port, settings.span)

    def _rates(self) -> Buckets:
        """How many connections a second each source may begin at one echo."""
        settings = self.settings
        return Buckets(settings.rate * settings.scale, settings.burst, self._clock)

    async def _listen_for_ooni(self, own: Identity, allow: tuple[str, ...]) -> int | None:
        settings = self.settings
        if settings.ooni_port is None:
            return None
        guard = Guard(usual=WEB, ports=settings.ooni_ports, allow=allow)
        net = Net(
            self._clock,
            limits=Limits().scaled(settings.scale),
            roots=settings.roots,
            own=Own(closed=True),
            guard=guard,
        )
        desk = OoniDesk(net, self._clock, guard, scale=settings.scale)
        path = settings.ooni_certificate
        shown = own if path is None else msgspec.structs.replace(own, key=path, certificate=path)
        try:
            return await self._listen(desk.serve, settings.ooni_port, shown)
        except (ssl.SSLError, FileNotFoundError) as error:
            raise ValueError(f"{path}: no certificate with its key; give a PEM file that holds both") from error

    async def _dark(self, host: str) -> bool:
        """Whether port 53 of our own address is silent: a resolver on this computer would break the promise."""
        net = Net(self._clock, limits=Limits().scaled(self.settings.scale), own=Own(closed=True))
        resolver = f"udp://[{host}]:53" if ":" in host else f"udp://{host}:53"
        ask = Ask(layer=Layer.DNS, name="dark.invalid", resolver=resolver, timeout=1.0 / self.settings.scale)
        outcome = await net.ask(ask)
        # A name instead of an address makes no resolver URL: then nothing is promised.
        return outcome.undone is None and not any(getattr(step, "answers", ()) for step in outcome.steps)

    async def _serve(self, stream: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        status, body = await taken(stream, self._refusal, REQUEST_BYTES)
        if status is None:
            peer = writer.get_extra_info("peername")
            status, body = await self._answer(body, str(peer[0]) if peer else None)
        if status != LEFT:
            writer.write(wire_http.response_bytes(status, _HEADERS, body))

    def _refusal(self, request: wire_http.Request) -> int | None:
        """The status for a request whose body need not be read."""
        given = (request.header("authorization") or "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, f"Bearer {self._token}".encode()):
            return 401
        if request.target != wire_helper.PATH:
            return 404
        return None if request.method == wire_helper.METHOD else 405

    async def _answer(self, data: bytes, client: str | None) -> tuple[int, bytes]:
        """Status and body of a reply to `client`."""
        try:
            request = wire_helper.decode_request(data)
        except ValueError:
            return 400, b""
        if not self._asks.take(max(1, len(request.asks))):
            return 429, b""
        started = self._clock.now()
        answers, reached = await asyncio.gather(
            asyncio.gather(*(self._one(ask, started) for ask in request.asks)), self._reach()
        )
        now = self._clock.now()
        reply = wire_helper.HelperReply(
            answers=tuple(answers),
            now=self._clock.wall().strftime("%Y-%m-%dT%H:%M:%SZ"),
            reached=None if reached is None else reached[1],
            reached_ago=None if reached is None else max(0.0, now - reached[0]),
            software=f"hushmap {__version__}",
            seen=client,
        )
        return 200, wire_helper.encode_reply(reply)

    async def _one(self, ask: Ask, started: float) -> wire_helper.HelperAnswer:
        assert self._net is not None
        if ask.timeout is not None and not 0 < ask.timeout <= LONGEST_STEP:
            ask = msgspec.structs.replace(ask, timeout=LONGEST_STEP)
        if ask.dwell is not None and not 0 < ask.dwell <= LONGEST_STEP:
            ask = msgspec.structs.replace(ask, dwell=LONGEST_STEP)
        if ask.transport is Transport.UDP and not greeting.first_datagram(ask.payload or b""):
            # Datagrams of a client's own making would make this a sender of anything to anyone.
            return wire_helper.HelperAnswer(undone="refused:payload")
        async with self._lane:
            outcome = await self._net.ask(ask, keep_body=False)
        steps = tuple(shifted(step, -started) for step in outcome.steps)
        return wire_helper.HelperAnswer(steps=steps, undone=outcome.undone)

    async def _reach(self) -> tuple[float, bool] | None:
        """(when, whether) a harmless name was last reached, asked again when that is too long ago."""
        if not self.settings.reach:
            return None
        async with self._reaching:
            old = REACH_SECONDS / self.settings.scale
            if self._reached is None or self._clock.now() - self._reached[0] > old:
                found = await self._any_spoke()
                self._reached = (self._clock.now(), found)
        return self._reached

    async def _any_spoke(self) -> bool:
        tasks = [asyncio.ensure_future(self._spoke(name)) for name in self.settings.reach]
        try:
            async with asyncio.timeout(_REACH_LIMIT / self.settings.scale):
                for result in asyncio.as_completed(tasks):
                    if await result:
                        return True
        except TimeoutError:
            return False
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return False

    async def _spoke(self, name: str) -> bool:
        assert self._net is not None
        outcome = await self._net.ask(Ask(layer=Layer.TLS, sni=name, verify=False))
        return any(isinstance(step, Handshake) and step.spoke for step in outcome.steps)


def _context(shown: Identity) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shown.certificate, shown.key)
    context.set_alpn_protocols(["http/1.1"])
    return context
