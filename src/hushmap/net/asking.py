"""Net: carries out an Ask and says what happened, step by step.

The one door of this room. A failed network step is a value; an ask that could not be carried out at all is `undone`,
with a reason, and never evidence. Steps leave masked.
"""

import asyncio
import contextlib
import ipaddress
import secrets
from collections.abc import Callable
from typing import Any

import msgspec

from hushmap.model import SYSTEM_RESOLVER, Ask, Failure, HelperWatch, Layer, Side, Step, Transport
from hushmap.net import browser_hello, h3, quic
from hushmap.net.browse import Browsed, Browser
from hushmap.net.channel import Channel
from hushmap.net.clock import Clock
from hushmap.net.connect import connect
from hushmap.net.encrypted import Encrypted
from hushmap.net.exchange import datagram, exchange
from hushmap.net.fetch import Call, call_data, call_fields, fetch, headers_of
from hushmap.net.handshake import Wish, handshake
from hushmap.net.helper import HelperClient
from hushmap.net.hopping import Hopper
from hushmap.net.host import host_facts, source_for
from hushmap.net.limits import Limits
from hushmap.net.mask import Own
from hushmap.net.ooni_helper import OoniHelperClient
from hushmap.net.resolve import Resolver, parse_qtypes, parse_resolver
from hushmap.net.trust import ALPN, Trust
from hushmap.wire import bulk
from hushmap.wire import h3 as wire_h3
from hushmap.wire import url as wire_url
from hushmap.wire.helper import HelperSpec
from hushmap.wire.ooni_helper import OoniSpec
from hushmap.wire.resolver import ResolverUrl

Guard = Callable[[str, int], str | None]
"""(address, port) -> why it must not be contacted, or `None`. Asked of every address before a packet goes there."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an ask."""

    steps: tuple[Step, ...] = ()
    undone: str | None = None
    """no_ipv6, no_helper, helper_silent, helper_refused:WHY, refused:WHY (a guard), unsupported or bad_ask; and of a
    helper of OONI's kind helper_cannot and helper_other_address."""
    detail: str | None = None
    """More on `undone`, for people."""


class _UndoneError(Exception):
    """An ask cannot be carried out; its text is the reason."""


class Net:
    """Everything that one run sends goes through one of these."""

    def __init__(
        self,
        clock: Clock,
        *,
        limits: Limits | None = None,
        roots: str | None = None,
        helper: HelperSpec | OoniSpec | None = None,
        harmless: str = "www.example.com",
        own: Own | None = None,
        bind_interface: str | None = None,
        keep_body: bool = False,
        guard: Guard | None = None,
        results: bytes | None = None,
    ) -> None:
        """`own=None` learns this computer's addresses now and as connections show them.

        `results` hashes what a search finds: under one key of its person's own two runs can be compared.
        `harmless` is the name by whose page a helper of OONI's kind shows that it is online (RFC 2606's by default).
        """
        self.clock = clock
        self.limits = Limits() if limits is None else limits
        self._own = Own(host_facts().sources) if own is None else own
        self._trust = Trust(roots)
        self._interface, self._keep_body, self._guard = bind_interface, keep_body, guard
        self._keys = (key := secrets.token_bytes(16), results or key)
        self._hopper = Hopper(clock, self.limits, self._own, self._trust, bind_interface)
        self._resolver = Resolver(clock, self.limits, self._own, bind_interface)
        self._encrypted = Encrypted(
            clock, self.limits, self._own, self._trust, bind_interface, offset=lambda: self.clock_offset
        )
        tools: dict[str, Any] = {
            "clock": clock, "limits": self.limits, "own": self._own, "resolver": self._resolver, "trust": self._trust,
            "interface": bind_interface,
        }  # fmt: skip
        self._helper: HelperClient | OoniHelperClient | None = None
        if isinstance(helper, OoniSpec):
            self._helper = OoniHelperClient(helper, harmless=harmless, **tools)
        elif helper is not None:
            self._helper = HelperClient(helper, **tools)

    @property
    def clock_offset(self) -> float | None:
        """Seconds to add to this computer's clock, by the helper's; `None`: unknown."""
        return None if self._helper is None else self._helper.clock_offset

    def close(self) -> None:
        """Forget what was learned of this computer, and the key of the hashes."""
        self._own.forget()
        self._keys = (b"", b"")

    async def ask(self, ask: Ask, side: Side = Side.HERE, *, keep_body: bool | None = None) -> Outcome:
        """Carry out `ask` here or at the helper. Never raises for what the network does."""
        if side is not Side.HERE:
            return await self._elsewhere(ask, side)
        if ask.hello is not None and not browser_hello.has_browser_hello():
            return Outcome(undone="unsupported", detail=browser_hello.REMEDY)
        keep = self._keep_body if keep_body is None else keep_body
        try:
            _check_ask(ask)
            steps = await (self._dns(ask) if ask.layer is Layer.DNS else self._connected(ask, keep))
        except _UndoneError as error:
            return Outcome(undone=str(error))
        except NotImplementedError as error:
            return Outcome(undone="unsupported", detail=str(error))
        except ValueError as error:
            return Outcome(undone="bad_ask", detail=str(error))
        return Outcome(steps=tuple(map(self._own.step, steps)))

    async def watch_helper(self) -> HelperWatch | None:
        """Whether the helper is there and itself online; `None`: there is none, or it has not tried yet.

        A silent helper counts as one that did not reach its harmless name: nothing may rest on it.
        """
        if self._helper is None:
            return None
        reply = await self._helper.call(())
        now = self.clock.now()
        if reply.undone is not None:
            return HelperWatch(t=now, reached=False)
        if reply.reached is None:
            return None
        return HelperWatch(t=now - (reply.reached_ago or 0.0), reached=reply.reached)

    async def _elsewhere(self, ask: Ask, side: Side) -> Outcome:
        if side is not Side.HELPER:
            return Outcome(undone="unsupported", detail=f"nothing is asked from side {side}")
        if self._helper is None:
            return Outcome(undone="no_helper")
        reply = await self._helper.call((ask,))
        if reply.undone is not None:
            return Outcome(undone=reply.undone, detail=reply.detail)
        answer = reply.answers[0]
        refused = answer.undone is not None and answer.undone.startswith("refused:")
        return Outcome(steps=answer.steps, undone=f"helper_{answer.undone}" if refused else answer.undone)

    async def _dns(self, ask: Ask) -> tuple[Step, ...]:
        if ask.name is None or ask.resolver is None:
            raise ValueError("a lookup needs a name and a resolver")
        place, qtypes = parse_resolver(ask.resolver), parse_qtypes(ask.qtype)
        if place.encrypted:
            return await self._inside_tls(ask, place, qtypes)
        if place.transport != SYSTEM_RESOLVER:
            self._check(place.address, place.port)
        if ask.ttl is not None:
            return await self._hopper.ask_name(ask, place.address, place.port)
        if len(qtypes) == 1:  # which needs no task of its own
            return (await self._resolver.resolve(ask.name, ask.qtype, ask.resolver, ask.timeout),)
        asked = [self._resolver.resolve(ask.name, qtype, ask.resolver, ask.timeout) for qtype in qtypes]
        return tuple(await asyncio.gather(*asked))

    async def _inside_tls(self, ask: Ask, place: ResolverUrl, qtypes: tuple[str, ...]) -> tuple[Step, ...]:
        """At the address that the ask has for the resolver; without one, at what the system resolver gives."""
        if ask.ttl is not None:
            raise ValueError("a question inside TLS has no TTL of its own")
        steps: list[Step] = []
        address = place.address or await self._first_of(place.host, steps)
        if not address:
            return tuple(steps)
        self._check(address, place.port)
        asked = [self._encrypted.resolve(ask, place.at(address), qtype, self._keys[0]) for qtype in qtypes]
        return (*steps, *(step for made in await asyncio.gather(*asked) for step in made))

    async def _connected(self, ask: Ask, keep: bool) -> tuple[Step, ...]:
        """Every layer above DNS: an address, a connection, and what goes over it."""
        call = self._call(ask, keep) if ask.layer is Layer.HTTP else None
        port = ask.port or (call.url.port if call else 443 if ask.layer is Layer.TLS else None)
        if port is None or not 0 < port < 65536:
            raise ValueError("a connection needs a port from 1 to 65535")
        if ask.layer is Layer.RAW and ask.payload is None:
            raise ValueError("a raw exchange needs a payload")
        steps: list[Step] = []
        address = await self._address(ask, call, steps)
        if address is None:
            return tuple(steps)
        self._check(address, port)
        return (*steps, *await self._carried(ask, address, port, call))

    async def _carried(self, ask: Ask, address: str, port: int, call: Call | None) -> tuple[Step, ...]:
        """What is asked of a known address, over whatever carries it."""
        if ask.ttl is not None:
            return tuple(await self._hopper.ask_port(ask, address, port, call.data if call else None))
        if ask.layer is Layer.RAW and ask.transport is Transport.UDP:
            return (await self._datagram(ask, address, port),)
        if ask.transport is Transport.QUIC:
            return tuple(await self._over_quic(ask, address, port, call))
        connected, sock = await connect(
            address,
            port,
            clock=self.clock,
            own=self._own,
            limit=self.limits.connect if ask.timeout is None else ask.timeout,
            interface=self._interface,
            source_port=ask.source_port,
        )
        if sock is None:
            return (connected,)
        with contextlib.closing(Channel(sock)) as plain:
            if ask.layer is Layer.RAW:
                return (connected, await self._exchange(ask, plain, address, port))
            if ask.layer is Layer.TLS or (call is not None and call.url.scheme == "https"):
                return (connected, *await self._over_tls(ask, plain, address, port, call))
            if call is not None:
                return (connected, await fetch(plain, call, clock=self.clock, own=self._own))
        return (connected,)

    async def _over_tls(self, ask: Ask, plain: Channel, address: str, port: int, call: Call | None) -> list[Step]:
        wish = self._wish(ask, address, port, call, ask.alpn or ALPN)
        hello, channel = await handshake(plain.sock, wish, clock=self.clock, trust=self._trust, own=self._own)
        if channel is None:
            return [hello]
        with contextlib.closing(channel):
            if call is None:
                return [hello]
            call = msgspec.structs.replace(call, valid=hello.valid)
            chosen = hello.alpn if ask.alpn else None  # who was not offered HTTP/2 speaks HTTP/1.1
            fetched = await fetch(channel, call, clock=self.clock, own=self._own, protocol=chosen)
            return [hello, fetched]

    async def _over_quic(self, ask: Ask, address: str, port: int, call: Call | None) -> list[Step]:
        if ask.layer not in {Layer.TLS, Layer.HTTP} or (call is not None and call.url.scheme != "https"):
            raise ValueError("over QUIC there are handshakes and https pages")
        hello, link = await quic.handshake(
            self._wish(ask, address, port, call, ask.alpn or (wire_h3.ALPN,)),
            dwell=self.limits.dwell if ask.dwell is None else ask.dwell,
            source_port=ask.source_port,
            interface=self._interface,
            clock=self.clock,
            trust=self._trust,
            own=self._own,
        )
        if link is None:
            return [hello]
        with contextlib.closing(link):
            if call is None:
                return [hello]
            call = msgspec.structs.replace(call, valid=hello.valid)
            return [hello, await h3.fetch(link, call, clock=self.clock, own=self._own)]

    def _wish(self, ask: Ask, address: str, port: int, call: Call | None, alpn: tuple[str, ...]) -> Wish:
        return Wish(
            address=address,
            port=port,
            sni=ask.sni,
            name=call.url.host if call is not None and ask.sni is None else ask.sni,
            verify=ask.verify,
            timeout=self.limits.handshake if ask.timeout is None else ask.timeout,
            alpn=alpn,
            offset=self.clock_offset,
            hello=ask.hello,
        )

    async def _exchange(self, ask: Ask, plain: Channel, address: str, port: int) -> Step:
        assert ask.payload is not None
        return await exchange(
            plain.sock,
            address,
            port,
            ask.payload,
            clock=self.clock,
            limit=self.limits.exchange if ask.timeout is None else ask.timeout,
            quiet=self.limits.late if ask.dwell is None else ask.dwell,
            most=min(ask.most or self.limits.received, self.limits.received),
            whole=ask.most is not None,
        )

    async def _datagram(self, ask: Ask, address: str, port: int) -> Step:
        assert ask.payload is not None
        return await datagram(
            address,
            port,
            ask.payload,
            clock=self.clock,
            own=self._own,
            limit=self.limits.exchange if ask.timeout is None else ask.timeout,
            most=min(ask.most or self.limits.received, self.limits.received),
            interface=self._interface,
            source_port=ask.source_port,
        )

    def _call(self, ask: Ask, keep: bool) -> Call:
        if ask.url is None:
            raise ValueError("a fetch needs a URL")
        url = wire_url.parse(ask.url)
        headers = headers_of(ask)
        return Call(
            url=url,
            text=ask.url,
            method=ask.method,
            host=ask.host,
            data=call_data(ask.method, url, ask.host, headers, ask.payload or b""),
            fields=call_fields(ask.method, url, ask.host, headers, ask.payload or b""),
            body=ask.payload or b"",
            timeout=self.limits.fetch if ask.timeout is None else ask.timeout,
            body_limit=self.limits.body if ask.most is None else min(ask.most, bulk.LIMIT),
            keep_body=keep,
            key=self._keys[ask.extract is not None],
            extract=ask.extract,
        )

    async def _address(self, ask: Ask, call: Call | None, steps: list[Step]) -> str | None:
        """The address to contact; without one in the ask, the first that the system resolver gives for its name."""
        if ask.address is not None:
            return str(ipaddress.ip_address(ask.address))
        host = call.url.host if call is not None else ask.sni or ask.name
        if host is None:
            raise ValueError("a connection needs an address, or a name to look up")
        with contextlib.suppress(ValueError):
            return str(ipaddress.ip_address(host))
        return await self._first_of(host, steps)

    async def _first_of(self, host: str, steps: list[Step]) -> str | None:
        """The first address that the system resolver gives for a name; its lookups are added to `steps`."""
        for qtype in ("A", "AAAA"):
            step = await self._resolver.resolve(host, qtype, SYSTEM_RESOLVER)
            steps.append(step)
            if step.addresses:
                return step.addresses[0]
            if step.failure is not Failure.NO_ANSWER:
                return None
        return None

    async def browse(
        self,
        url: str,
        headers: tuple[tuple[str, str], ...],
        *,
        addresses: tuple[str, ...],
        limit: float,
        body_limit: int,
        room: Callable[[], bool] = lambda: True,
    ) -> Browsed:
        """Load a page whose host is at `addresses`, with its redirects, in `limit` seconds.

        For answering others, not for measuring. `room` says before each lookup and connection whether it may be made.

        Raises:
            ValueError: `url` is none that can be loaded.
        """
        browser = Browser(
            clock=self.clock,
            own=self._own,
            trust=self._trust,
            limits=self.limits,
            lookup=self._places,
            guard=self._reason,
            room=room,
            interface=self._interface,
        )
        page = wire_url.parse(url)
        return await browser.load(page, headers, addresses=addresses, limit=limit, body_limit=body_limit)

    async def _places(self, name: str) -> tuple[str, ...] | Failure:
        """Every address that the system resolver gives for a name, IPv4 first."""
        steps = await asyncio.gather(
            *(self._resolver.resolve(name, qtype, SYSTEM_RESOLVER) for qtype in ("A", "AAAA"))
        )
        found = tuple(address for step in steps for address in step.addresses)
        return found or steps[0].failure or Failure.NO_ANSWER

    def _reason(self, address: str, port: int) -> str | None:
        """Why an address and port cannot be contacted, or `None`."""
        if self._guard is not None and (reason := self._guard(address, port)) is not None:
            return f"refused:{reason}"
        return "no_ipv6" if ":" in address and source_for(address, port) is None else None

    def _check(self, address: str, port: int) -> None:
        if (reason := self._reason(address, port)) is not None:
            raise _UndoneError(reason)


def _check_ask(ask: Ask) -> None:
    if ask.source_port is not None and not 0 < ask.source_port < 65536:
        raise ValueError("a source port is 1 to 65535")
    if ask.hello is not None:
        browser_hello.check(ask)
