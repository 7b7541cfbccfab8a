"""OONI's helper for OONI's probes: they ask for a URL, which is looked up, connected to and loaded from here.

Protocol and behaviour are those of refs/OONI 1.3. It has no token, so whoever reaches the port is answered: with no
more than pages of public addresses on the web's own ports, a bounded part of them, and few at a time. All strangers
together may cause as many connections as one client of one's own, with those of page loads and their redirects.
Lookups go through this computer's resolver, where OONI's helper asks a public DoH service. Nothing is logged, and
nothing kept of what was asked.
"""

import asyncio
from collections.abc import Iterable
from email.utils import format_datetime

import msgspec

from hushmap.model import SYSTEM_RESOLVER, Ask, Failure, Layer, is_address
from hushmap.net import USER_AGENT, Clock, Net
from hushmap.servers.guard import Guard
from hushmap.servers.rate import Bucket
from hushmap.servers.requests import LEFT, taken
from hushmap.wire import http as wire_http
from hushmap.wire import ooni_helper as wire
from hushmap.wire import url as wire_url
from hushmap.wire.ooni_helper import Dns, Flag, Http, IpInfo, OoniReply, OoniRequest, Tcp, Tls

WEB = frozenset({80, 443})
"""The only ports that a stranger may have contacted."""
IN_FLIGHT = 25
"""Requests at once; more are told 503 (refs/OONI 1.3)."""
FLOWS = 20.0
"""Connections and lookups a second for all strangers: what one client of one's own opens (METHOD 3)."""
BURST = 200.0
"""Connections that may come at once: ten requests of the largest kind seen in published data."""
ADDRESSES = 32
"""Addresses of one URL that are contacted; published measurements have some ten."""
SECONDS = {"lookup": 4.0, "connect": 15.0, "load": 15.0}
"""Time-outs (refs/OONI 1.3)."""


class OoniDesk:
    """Answers OONI's requests, on connections that somebody else accepts."""

    def __init__(self, net: Net, clock: Clock, guard: Guard, *, scale: float = 1.0) -> None:
        """`net` must be under `guard`, which says what an address is; `scale` divides time-outs, for a lab."""
        self._net, self._clock, self._guard, self._scale = net, clock, guard, scale
        self._flows = Bucket(FLOWS * scale, BURST, clock)
        self._busy = 0

    async def serve(self, stream: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        status, data = await taken(stream, self._refusal, wire.REQUEST_BYTES)
        body = b""
        if status is None:
            status, body = await self._answer(data)
        if status != LEFT:
            headers = (
                ("Content-Type", wire.JSON),
                ("Cache-Control", "no-store"),
                ("Date", format_datetime(self._clock.wall(), usegmt=True)),
                ("Connection", "close"),
            )
            writer.write(wire_http.response_bytes(status, headers, body))

    def _refusal(self, request: wire_http.Request) -> int | None:
        if request.target != wire.PATH:
            return 404
        if request.method != wire.METHOD:
            return 405
        kind = (request.header("content-type") or "").partition(";")[0].strip().lower()
        if kind != wire.JSON:
            return 400
        return 503 if self._busy >= IN_FLIGHT else None

    async def _answer(self, data: bytes) -> tuple[int, bytes]:
        try:
            request = wire.decode_request(data)
            page = wire_url.parse(request.http_request)
            found = [wire.parse_endpoint(text)[0] for text in request.tcp_connect]
        except ValueError:
            return 400, b""
        if any(port not in self._guard.ports for port, _ in wire.ports_of(page)):
            return 400, b""  # an answer without the page would call the site broken
        if self._busy >= IN_FLIGHT or not self._flows.take():
            return 503, b""
        self._busy += 1
        try:
            reply = await self._measured(request, page, found)
        finally:
            self._busy -= 1
        return (503, b"") if reply is None else (200, wire.encode_reply(reply))

    async def _measured(self, request: OoniRequest, page: wire_url.Url, found: list[str]) -> OoniReply | None:
        """What is seen from here; `None`: there is no room for so many connections now."""
        dns = await self._lookup(page.host)
        every = tuple(dict.fromkeys((*dns.addrs, *found)))[:ADDRESSES]
        bogons = {address for address in every if self._guard(address, page.port) is not None}
        contacts = [(a, port, tls) for a in every if a not in bogons for port, tls in wire.ports_of(page)]
        if not self._flows.take(len(contacts)):
            return None
        load, ends = await asyncio.gather(
            self._load(request, page, dns),
            asyncio.gather(*(self._contact(page.host, *contact) for contact in contacts)),
        )
        if load is None:
            return None
        tcp: dict[str, Tcp] = {}
        tls: dict[str, Tls] = {}
        valid: set[str] = set()
        for (address, port, _), (connected, shaken) in zip(contacts, ends, strict=True):
            key = wire.endpoint_text(address, port)
            if connected is not None:
                tcp[key] = connected
            if shaken is not None:
                tls[key] = shaken
                valid |= {address} if shaken.status else set()
        facts = (
            (Flag.BY_PROBE, found),
            (Flag.BY_HELPER, dns.addrs),
            (Flag.BOGON, bogons),
            (Flag.VALID, valid),
        )
        return OoniReply(
            tcp_connect=tcp,
            tls_handshake=tls,
            http_request=load,
            dns=dns,
            ip_info={address: IpInfo(flags=_flags(address, facts)) for address in every},
        )

    async def _lookup(self, host: str) -> Dns:
        if is_address(host):
            return Dns(addrs=(host,))
        ask = Ask(
            layer=Layer.DNS,
            name=host,
            qtype="A+AAAA",
            resolver=SYSTEM_RESOLVER,
            timeout=SECONDS["lookup"] / self._scale,
        )
        outcome = await self._net.ask(ask)
        addresses = tuple(address for step in outcome.steps for address in getattr(step, "addresses", ()))
        if addresses:
            return Dns(addrs=addresses)
        failure = outcome.steps[0].failure if outcome.steps else Failure.UNKNOWN
        return Dns(failure=wire.failure_name(Layer.DNS, failure))

    async def _contact(self, host: str, address: str, port: int, tls: bool) -> tuple[Tcp | None, Tls | None]:
        """A connection, and a handshake where the port has one; nothing where this computer cannot go (no IPv6)."""
        ask = Ask(layer=Layer.TCP, address=address, port=port, timeout=SECONDS["connect"] / self._scale)
        if tls:
            ask = msgspec.structs.replace(ask, layer=Layer.TLS, sni=None if is_address(host) else host)
        outcome = await self._net.ask(ask)
        if outcome.undone is not None:
            return None, None
        connect, *rest = outcome.steps
        connected = Tcp(status=connect.failure is None, failure=wire.failure_name(Layer.TCP, connect.failure))
        if not rest:
            return connected, None
        failure = rest[0].failure
        return connected, Tls(server_name=host, status=failure is None, failure=wire.failure_name(Layer.TLS, failure))

    async def _load(self, request: OoniRequest, page: wire_url.Url, dns: Dns) -> Http | None:
        """The page at the end of its redirects; `None`: there is no room for one more connection now."""
        if not dns.addrs:
            return Http(failure=wire.failure_name(Layer.HTTP, Failure.NXDOMAIN))
        found = await self._net.browse(
            page.text,
            _honoured(request),
            addresses=dns.addrs,
            limit=SECONDS["load"] / self._scale,
            body_limit=wire.BODY_BYTES,
            room=self._flows.take,
        )
        if found.halted:
            return None
        if found.failure is not None or found.status is None:
            return Http(failure=wire.failure_name(Layer.HTTP, found.failure or Failure.UNKNOWN))
        return Http(
            body_length=len(found.body),
            title=wire.page_title(found.body),
            headers={wire.header_name(name): value for name, value in reversed(found.headers)},
            status_code=found.status,
            x_body_is_truncated=True if found.truncated else msgspec.UNSET,
        )


def _flags(address: str, facts: Iterable[tuple[Flag, Iterable[str]]]) -> int:
    return int(sum(flag for flag, addresses in facts if address in addresses))


def _honoured(request: OoniRequest) -> tuple[tuple[str, str], ...]:
    """The probe's headers that are sent on, and a name of our own where it gave none."""
    given = {name.lower(): values[0] for name, values in request.http_request_headers.items() if values}
    kept = [(name, given[name.lower()]) for name in wire.HONOURED if name.lower() in given]
    sent = tuple((name, value) for name, value in kept if value.isprintable() and len(value) <= wire.HEADER_TEXT)
    return sent if any(name == "User-Agent" for name, _ in sent) else (*sent, ("User-Agent", USER_AGENT))
