"""The helper of a pure lab: an ask carried out beside the servers, with nobody in between, and its own desk.

What it sees is what a server does to somebody who is not this country's. The requests and replies are the product's
own (wire.helper) and cross the path as packets, so a helper can be late, cut off or blocked.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

from hushmap.lab.addresses import HELPER, HONEST_RESOLVER
from hushmap.lab.pure.inside import answered
from hushmap.lab.pure.pages import Reading
from hushmap.lab.pure.requests import request_of, server_of
from hushmap.lab.pure.servers import Pieces, Servers
from hushmap.lab.services.doors import said
from hushmap.model import (
    SYSTEM_RESOLVER,
    Answer,
    Ask,
    Connect,
    Exchange,
    Failure,
    Fetch,
    Handshake,
    Layer,
    Resolve,
    Step,
    Transport,
    is_surely_public,
)
from hushmap.net import Limits, shifted
from hushmap.wire import dns, greeting, helper, http, resolver

_NEAR = 0.001
"""Seconds of a round trip beside the servers."""
_HEADERS = (("Content-Type", "application/json"), ("Cache-Control", "no-store"), ("Connection", "close"))


class Elsewhere:
    """Carries out asks without a path."""

    def __init__(self, servers: Servers, limits: Limits) -> None:
        self._servers, self._limits = servers, limits

    def ask(self, ask: Ask, now: float) -> tuple[tuple[Step, ...], str | None]:
        """The steps, which begin at `now`, and why there are none."""
        place = resolver.parse(ask.resolver) if ask.layer is Layer.DNS else None
        if place is not None and place.encrypted:
            return self._inside_tls(ask, place, now), None
        if ask.layer is Layer.DNS:
            return tuple(self._resolve(ask, qtype, now) for qtype in ask.qtype.split("+")), None
        address, port, _ = server_of(ask)
        if address is None:
            looked = self._resolve(Ask(layer=Layer.DNS, name=ask.sni, resolver=SYSTEM_RESOLVER), "A", now)
            if not looked.addresses:
                return (looked,), None
            address = looked.addresses[0]
        if not is_surely_public(address):  # documentation counts as public in a lab
            return (), "refused:address"
        return tuple(self._visit(ask, address, port, now)), None

    def _inside_tls(self, ask: Ask, place: resolver.ResolverUrl, now: float) -> tuple[Step, ...]:
        """A lookup inside TLS: the steps of its handshake, then what is said to the question."""
        hello = Ask(layer=Layer.TLS, address=place.address, port=place.port, sni=place.host)
        steps = self._visit(hello, place.address, place.port, now)
        if steps[-1].failure is not None:
            return tuple(steps)
        return (*steps, *answered(self._servers, ask, place, steps[-1].t))

    def _resolve(self, ask: Ask, qtype: str, now: float) -> Resolve:
        resolver = ask.resolver or ""
        system = resolver == SYSTEM_RESOLVER
        address = HONEST_RESOLVER if system else resolver.removeprefix("udp://").rpartition(":")[0].strip("[]")
        said = self._servers.resolve(dns.query(ask.name or "", qtype, 1), address, HELPER)
        limit = self._limits.dns if ask.timeout is None else ask.timeout
        t = now + (limit if said is None else _NEAR if system else _NEAR + self._limits.late)
        answers: tuple[Answer, ...] = ()
        failure: Failure | None = Failure.TIMEOUT
        if said is not None:
            *_, answer = dns.parse(said, t=now + _NEAR, ttl=64)
            failure = answer.failure
            if system:
                hidden = failure in {Failure.SERVFAIL, Failure.DNS_REFUSED}
                failure = Failure.DNS_TEMPORARY if hidden else failure
                answers = () if hidden else (Answer(t=answer.t, addresses=answer.addresses, failure=failure),)
            else:
                answers = (answer,)
        return Resolve(
            t0=now, t=t, failure=failure, resolver=resolver, name=ask.name or "", qtype=qtype, answers=answers
        )  # fmt: skip

    def _datagram(self, ask: Ask, address: str, port: int, now: float) -> Exchange:
        """A first packet to a door: an answer, or the silence of a port without one."""
        payload, door = ask.payload or b"", self._servers.door(address, port)
        told = None if door is None else said(door, payload, (HELPER, 0))
        protocol, kept = greeting.read(payload, told or b"")
        limit = self._limits.exchange if ask.timeout is None else ask.timeout
        return Exchange(
            t0=now, t=now + (_NEAR if told else limit), failure=None if told else Failure.TIMEOUT, address=address,
            port=port, transport=Transport.UDP, received=kept, protocol=protocol,
        )  # fmt: skip

    def _visit(self, ask: Ask, address: str, port: int, now: float) -> list[Step]:
        if ask.transport is Transport.UDP:
            return [self._datagram(ask, address, port, now)]
        failure, t = None, now + _NEAR
        if not self._servers.lives(address):
            failure, t = Failure.TIMEOUT, now + self._limits.connect
        elif not self._servers.listens(address, port):
            failure = Failure.REFUSED
        steps: list[Step] = [Connect(t0=now, t=t, failure=failure, address=address, port=port)]
        if failure is not None or ask.layer is Layer.TCP:
            return steps
        secure = ask.layer is Layer.TLS or (ask.url or "").startswith("https:")
        valid: bool | None = None
        if secure:
            hello = self._handshake(ask, address, port, t)
            steps.append(hello)
            valid, t = hello.valid, hello.t
            if hello.failure is not None:
                return steps
        if ask.layer is Layer.HTTP:
            steps.append(self._fetch(ask, address, port, t, valid))
        elif ask.layer is Layer.RAW:
            told = self._servers.answer(ask.payload or b"", address, port, here=False) or ()
            received = b"".join(piece for _, piece in told)
            ended = None if received else Failure.EOF
            protocol, kept = greeting.read(ask.payload or b"", received)
            steps.append(
                Exchange(
                    t0=t, t=t + _NEAR, failure=ended, address=address, port=port, received=kept, protocol=protocol
                )
            )  # fmt: skip
        return steps

    def _handshake(self, ask: Ask, address: str, port: int, t0: float) -> Handshake:
        choice = self._servers.choose(address, port, ask.sni, here=False)
        name = server_of(ask)[2] if ask.sni is None else ask.sni
        shown = choice.shown
        fault = None if shown is None else shown.fault(name, 0.0)
        failure = fault.failure if fault is not None and ask.verify else None
        if shown is None:
            failure = Failure.TLS_ALERT if choice.alert else Failure.RESET
        return Handshake(
            t0=t0, t=t0 + _NEAR, failure=failure, address=address, port=port, sni=ask.sni,
            version="TLSv1.3" if failure is None else None,
            cipher="TLS_AES_256_GCM_SHA384" if failure is None else None,
            alert=choice.alert or None, spoke=shown is not None or choice.alert > 0,
            chain=() if shown is None else (shown.facts,), valid=None if shown is None else fault is None,
            valid_system=None if shown is None else False,
        )  # fmt: skip

    def _fetch(self, ask: Ask, address: str, port: int, t0: float, valid: bool | None) -> Fetch:
        reading = Reading(ask.method, t0, ask.most)
        t, failure = t0 + _NEAR, None
        said = self._servers.answer(request_of(ask), address, port, here=False) or ()
        for wait, piece in said:
            if reading.done or wait > self._limits.fetch:
                break
            t = t0 + wait + _NEAR
            reading.arrived(len(piece), t)
            reading.feed(piece)
        if not reading.done:
            late = bool(said) and said[-1][0] > self._limits.fetch
            if late:
                t, failure = t0 + self._limits.fetch, Failure.TIMEOUT
            else:
                reading.eof()
        return Fetch(
            t0=t0, t=t, failure=failure or reading.failure, url=ask.url or "", method=ask.method, host=ask.host,
            page=reading.page(ask.url or "", valid=valid, keep=False, extract=ask.extract), curve=reading.curve,
        )  # fmt: skip


class Desk:
    """The helper's own port: reads requests, answers when all asks are done."""

    def __init__(self, elsewhere: Elsewhere, harmless: tuple[str, ...], clock: Callable[[], datetime]) -> None:
        self._elsewhere, self._harmless, self._clock = elsewhere, harmless, clock
        self._tasks: set[asyncio.Task[None]] = set()

    def answer(self, seen: bytes, say: Callable[[Pieces], None]) -> bool:
        """Whether a whole request has come; it is answered when its asks are done."""
        request = http.parse_request(seen)
        if request is None or not request.complete:
            return False
        asks = helper.decode_request(request.body).asks
        task = asyncio.get_running_loop().create_task(self._carry_out(asks, say))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    async def _carry_out(self, asks: tuple[Ask, ...], say: Callable[[Pieces], None]) -> None:
        now = asyncio.get_running_loop().time()
        done = [self._elsewhere.ask(ask, now) for ask in asks]
        await asyncio.sleep(max((step.t - now for steps, _ in done for step in steps), default=0.0))
        answers = tuple(
            helper.HelperAnswer(steps=tuple(shifted(step, -now) for step in steps), undone=undone)
            for steps, undone in done
        )
        reply = helper.HelperReply(
            answers=answers,
            now=self._clock().strftime("%Y-%m-%dT%H:%M:%SZ"),
            reached=any(self._spoke(name, now) for name in self._harmless),
            reached_ago=0.0,
            software="pure",
        )
        say(((0.0, http.response_bytes(200, _HEADERS, helper.encode_reply(reply))),))

    def _spoke(self, name: str, now: float) -> bool:
        steps, _ = self._elsewhere.ask(Ask(layer=Layer.TLS, sni=name, verify=False), now)
        return any(isinstance(step, Handshake) and step.spoke for step in steps)
