"""The measuring room of a pure lab: an ask in, steps out, by packets over the lab's own path.

It has the shape that the runner wants of `net` (runner.Net), so that all above the sockets is the product's own.
"""

import asyncio
from datetime import UTC, datetime, timedelta

from hushmap.lab.addresses import HELPER, HELPER_PORT
from hushmap.lab.pure import tls
from hushmap.lab.pure.client import BrokenError, Connection
from hushmap.lab.pure.inside import look_up
from hushmap.lab.pure.requests import request_of, server_of
from hushmap.lab.pure.verbs import Verbs
from hushmap.model import Ask, HelperWatch, Layer, Side, Step, Transport
from hushmap.net import HELPER_SILENT, HELPER_TRIES, Limits, Outcome, shifted
from hushmap.wire import helper, http, resolver

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
"""When a pure run begins, unless it is told."""


class VirtualClock:
    """Run time that is the loop's."""

    def __init__(self, loop: asyncio.AbstractEventLoop, began: datetime = EPOCH) -> None:
        self._loop = loop
        self._began = began

    def now(self) -> float:
        """Seconds since the run began."""
        return self._loop.time()

    def wall(self) -> datetime:
        """What the client believes the time is."""
        return self._began + timedelta(seconds=self._loop.time())

    def iso(self, t: float | None = None) -> str:
        """Run time as text."""
        at = self._began + timedelta(seconds=self.now() if t is None else t)
        return at.strftime("%Y-%m-%dT%H:%M:%SZ")

    async def sleep(self, seconds: float) -> None:
        """Wait, in no time."""
        await asyncio.sleep(max(0.0, seconds))


class Wires:
    """Everything that one pure run sends."""

    def __init__(self, verbs: Verbs, clock: VirtualClock, limits: Limits) -> None:
        self._verbs, self._clock, self._limits = verbs, clock, limits
        self.clock_offset: float | None = None
        """Seconds to add to the client's clock, by the helper's word."""

    async def ask(self, ask: Ask, side: Side = Side.HERE, *, keep_body: bool = False) -> Outcome:
        """Carry out an ask."""
        if side is not Side.HERE:
            reply, undone = await self._call((ask,))
            if reply is None:
                return Outcome(undone=undone)
            answer = reply.answers[0]
            refused = answer.undone is not None and answer.undone.startswith("refused:")
            return Outcome(steps=answer.steps, undone=f"helper_{answer.undone}" if refused else answer.undone)
        if ask.transport is Transport.QUIC:
            return Outcome(undone="unsupported", detail="no QUIC without a kernel yet")
        if ask.ttl is not None:
            return Outcome(steps=await self._verbs.hopper.ask(ask))
        if ask.layer is Layer.DNS:
            place = resolver.parse(ask.resolver)
            if place.encrypted:
                return await self._inside_tls(ask, place)
            lookups = [self._verbs.resolve(ask, qtype) for qtype in ask.qtype.split("+")]
            return Outcome(steps=tuple(await asyncio.gather(*lookups)))
        try:
            return Outcome(steps=tuple(await self._connected(ask, keep=keep_body)))
        except ValueError:
            return Outcome(undone="bad_ask")

    async def _inside_tls(self, ask: Ask, place: resolver.ResolverUrl) -> Outcome:
        if place.transport == "quic" or not place.address:
            return Outcome(undone="unsupported", detail="no QUIC without a kernel yet, nor a resolver by name alone")
        asked = (
            look_up(self._verbs, self._clock, self._limits, ask, place, qtype, self.clock_offset)
            for qtype in ask.qtype.split("+")
        )
        return Outcome(steps=tuple([step for steps in await asyncio.gather(*asked) for step in steps]))

    async def watch_helper(self) -> HelperWatch | None:
        """Whether the helper is there and online."""
        reply, _ = await self._call(())
        now = self._clock.now()
        if reply is None or reply.reached is None:
            return HelperWatch(t=now, reached=False)
        return HelperWatch(t=now - (reply.reached_ago or 0.0), reached=reply.reached)

    async def _connected(self, ask: Ask, *, keep: bool) -> list[Step]:
        address, port, host = server_of(ask)
        assert address is not None, "every ask of an inquiry names an address"
        limits, own = self._limits, ask.timeout
        if ask.layer is Layer.RAW and ask.transport is Transport.UDP:
            return [await self._verbs.datagram(ask, address, port, limits.exchange if own is None else own)]
        step, connection = await self._verbs.connect(
            address, port, limits.connect if own is None else own, ask.source_port
        )
        steps: list[Step] = [step]
        if connection is None:
            return steps
        try:
            if ask.layer is Layer.RAW:
                limit = limits.exchange if own is None else own
                steps.append(await self._verbs.exchange(connection, step, ask, limit))
            secure = ask.layer is Layer.TLS or (ask.url or "").startswith("https:")
            valid: bool | None = None
            if secure:
                hello = await self._verbs.handshake(
                    connection, step, sni=ask.sni, name=host if ask.sni is None else ask.sni, verify=ask.verify,
                    limit=limits.handshake if own is None else own, offset=self.clock_offset,
                )  # fmt: skip
                steps.append(hello)
                valid = hello.valid
                if hello.failure is not None:
                    return steps
            if ask.layer is Layer.HTTP:
                steps.append(
                    await self._verbs.fetch(
                        connection, ask, request_of(ask), secure=secure, valid=valid, keep=keep,
                        limit=limits.fetch if own is None else own,
                    )
                )  # fmt: skip
        finally:
            connection.close()
        return steps

    async def _call(self, asks: tuple[Ask, ...]) -> tuple[helper.HelperReply | None, str]:
        """Have asks carried out by the helper, which is asked three times if it is silent."""
        for _ in range(HELPER_TRIES):
            reply = await self._once(asks)
            if reply is not None:
                return reply, ""
        return None, HELPER_SILENT

    async def _once(self, asks: tuple[Ask, ...]) -> helper.HelperReply | None:
        step, connection = await self._verbs.connect(HELPER, HELPER_PORT, self._limits.connect)
        if connection is None:
            return None
        try:
            hello = await self._verbs.handshake(
                connection, step, sni=None, name=None, verify=False, limit=self._limits.handshake, offset=None
            )
            if hello.failure is not None:
                return None
            return await self._post(connection, asks)
        finally:
            connection.close()

    async def _post(self, connection: Connection, asks: tuple[Ask, ...]) -> helper.HelperReply | None:
        started = self._clock.now()
        body = helper.encode_request(helper.HelperRequest(asks=asks, run_t=started))
        headers = (("Authorization", "Bearer pure"), ("Content-Type", "application/json"), ("Connection", "close"))
        data = http.request_bytes(helper.METHOD, helper.PATH, f"{HELPER}:{HELPER_PORT}", headers, body)
        reader, records = http.ResponseReader("POST", body_limit=helper.MESSAGE_BYTES), tls.Records()
        try:
            async with asyncio.timeout(self._limits.of_reply(asks)):
                connection.send(tls.sealed(data))
                while not reader.done:
                    came = await connection.receive()
                    if not came:
                        reader.eof()
                        break
                    for kind, piece in records.feed(came):
                        if kind == tls.DATA:
                            reader.feed(piece)
            if not reader.complete:
                return None
            reply = helper.decode_reply(reader.body)
        except (BrokenError, TimeoutError, ValueError):
            return None
        now = datetime.strptime(reply.now, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        self.clock_offset = (now - self._clock.wall()).total_seconds() + 0.5
        answers = tuple(
            helper.HelperAnswer(steps=tuple(shifted(step, started) for step in answer.steps), undone=answer.undone)
            for answer in reply.answers
        )
        return helper.HelperReply(
            answers=answers, now=reply.now, reached=reply.reached, reached_ago=reply.reached_ago,
            software=reply.software,
        )  # fmt: skip
