"""Asks carried out by a helper of OONI's kind: one of OONI's own, or anybody's who speaks its protocol.

It is known by a certificate that holds for its name under the run's roots; who has none is silent. Such a helper
takes a URL with endpoints and tries all at once, so the asks about one page are gathered into one request, and a
reply answers every further ask about that page for a minute: other people need these helpers too.
"""

import asyncio
from collections.abc import Sequence
from email.utils import parsedate_to_datetime

import msgspec

from hushmap.model import Ask
from hushmap.net.clock import Clock
from hushmap.net.fetch import DEFAULT_HEADERS, USER_AGENT
from hushmap.net.helper import HELPER_SILENT, REFUSED, Reply
from hushmap.net.limits import Limits
from hushmap.net.line import Line
from hushmap.net.mask import Own
from hushmap.net.ooni_steps import CANNOT, Question, answer, question, reached
from hushmap.net.resolve import Resolver
from hushmap.net.trust import Trust
from hushmap.wire import http as wire_http
from hushmap.wire import ooni_helper as wire
from hushmap.wire.helper import HelperAnswer, HelperSpec, parse_spec
from hushmap.wire.ooni_helper import OoniReply, OoniRequest, OoniSpec

__all__ = ["PUBLIC_HELPERS", "OoniHelperClient", "OoniSpec", "parse_helper"]

PUBLIC_HELPERS = wire.PUBLIC

AT_ONCE = 2
"""Requests under way: a helper serves 25 for everyone (refs/OONI 1.3), and a probe of OONI has one."""
GATHER = 0.25
"""Seconds for which further addresses of a page are waited for."""
NAMING = 1.0
"""Seconds for which a mere lookup waits for the page that it is part of: as long as a lookup here usually takes."""
FRESH = 60.0
"""Seconds for which a reply answers further asks, and proves its helper online: a sentinel's beat (METHOD 3)."""
WORST = 45.0
"""Seconds of a request: lookup, connection and handshake at the helper have 4, 15 and 15 (refs/OONI 1.3)."""
_TRIES = 3
_BUSY = frozenset({429, 503})
_BUSY_WAIT = 2.0
"""Seconds before a busy helper is asked again, growing with each try."""
_REST = 10.0
"""Seconds for which a helper that was silent or busy to the last try is left alone, and asks of it end at once: a run
must not wait for each of its targets in turn. The first ask after that has one try."""
_TRUNCATED_SECOND = 0.5
"""An HTTP date has no fractions: on average half a second has passed since."""


class _Got(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one request."""

    reply: OoniReply | None = None
    undone: str | None = None
    detail: str | None = None
    t0: float = 0.0
    t: float = 0.0


class _Batch:
    """The asks of one request, as they gather."""

    def __init__(self, asked: Question) -> None:
        self.host, self.url = asked.host, asked.url
        self.endpoints: dict[tuple[str, int], None] = {}
        self.named = asyncio.Event()
        self.sent = False
        self.got: _Got | None = None
        self.task: asyncio.Task[_Got]
        self.take(asked)

    def take(self, asked: Question) -> None:
        """One more ask, while it is not sent."""
        self.url = self.url or asked.url
        if self.url is not None:
            self.named.set()
        if asked.endpoint is not None:
            self.endpoints[asked.endpoint] = None

    def may_hold(self, asked: Question, oldest: float) -> bool:
        """Whether the answer to `asked` is, or may come to be, in this one's."""
        if asked.host != self.host or (asked.url is not None and self.url not in {asked.url, None}):
            return False
        if not self.sent:
            return asked.endpoint in self.endpoints or len(self.endpoints) < wire.ENDPOINTS
        if self.got is None:
            return True  # it may try the endpoint of itself
        fresh = self.got.reply is not None and self.got.t0 >= oldest
        return fresh and (asked.endpoint is None or self.tried(asked.endpoint))

    def tried(self, endpoint: tuple[str, int]) -> bool:
        """Whether the helper was told of the endpoint, or tried it of itself."""
        told = self.got.reply.tcp_connect if self.got is not None and self.got.reply is not None else {}
        return endpoint in self.endpoints or endpoint in wire.by_endpoint(told)


def _passing(got: _Got) -> bool:
    """Whether the trouble may pass: silence, but for a certificate that does not hold, and a helper that is busy."""
    if got.undone == HELPER_SILENT:
        return not (got.detail or "").startswith("handshake: ssl_")
    return got.undone in {f"{REFUSED}:{status}" for status in _BUSY}


class OoniHelperClient:
    """Speaks to one helper of OONI's kind; has the face of `HelperClient`."""

    def __init__(
        self,
        spec: OoniSpec,
        *,
        clock: Clock,
        limits: Limits,
        own: Own,
        resolver: Resolver,
        trust: Trust,
        interface: str | None = None,
        harmless: str = "www.example.com",
    ) -> None:
        """`harmless` is the name by whose page the helper shows that it is online."""
        self.spec = spec
        self.clock_offset: float | None = None
        """Seconds to add to this computer's clock, by the last reply."""
        self._clock, self._limits, self._own, self._harmless = clock, limits, own, harmless
        self._at = spec.at
        self._line = Line(
            self._at.host,
            self._at.port,
            clock=clock,
            limits=limits,
            own=own,
            resolver=resolver,
            trust=trust,
            interface=interface,
        )
        self._share = limits.helper / Limits().helper  # of real time, in a scaled run
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._batches: list[_Batch] = []
        self._seen: float | None = None
        self._trouble: _Got | None = None
        self._rest_until = float("-inf")

    async def call(self, asks: Sequence[Ask]) -> Reply:
        """Have `asks` carried out; answers come in their order, masked. Without asks: is the helper online?"""
        if not asks:
            return await self._watch()
        answers = await asyncio.gather(*(self._one(ask) for ask in asks))
        trouble = next((got for got in answers if isinstance(got, _Got)), None)
        if trouble is not None:
            return Reply(undone=trouble.undone, detail=trouble.detail)
        return Reply(answers=tuple(got for got in answers if isinstance(got, HelperAnswer)))

    async def _watch(self) -> Reply:
        """Whether it is online: a page came within the last minute, or the harmless one comes now."""
        now = self._clock.now()
        if self._seen is None or now - self._seen > FRESH * self._share:
            url = f"https://{self._harmless}/"
            got = await self._answer(Question(host=self._harmless, url=url))
            if got.undone is not None:
                return Reply(undone=got.undone, detail=got.detail)
            if self._seen is None or now > self._seen:
                return Reply(reached=False, reached_ago=0.0)
        return Reply(reached=True, reached_ago=max(0.0, self._clock.now() - self._seen))

    async def _one(self, ask: Ask) -> HelperAnswer | _Got:
        asked = question(ask)
        if asked is None or (asked.endpoint is not None and asked.endpoint[0] in self._own):
            return HelperAnswer(undone=CANNOT)
        got = await self._answer(asked)
        if got.reply is None:
            return got
        said = answer(ask, got.reply, got.t0, got.t)
        return msgspec.structs.replace(said, steps=tuple(self._own.step(step) for step in said.steps))

    async def _answer(self, asked: Question) -> _Got:
        """The reply that holds the answer, of a request that is gathering, under way, recent, or made now."""
        while True:
            oldest = self._clock.now() - FRESH * self._share
            batch = next((batch for batch in self._batches if batch.may_hold(asked, oldest)), None)
            if batch is None:
                batch = self._open(asked)
            elif not batch.sent:
                batch.take(asked)
            got = await asyncio.shield(batch.task)
            if got.reply is None or asked.endpoint is None or batch.tried(asked.endpoint):
                return got

    def _open(self, asked: Question) -> _Batch:
        oldest = self._clock.now() - FRESH * self._share
        self._batches = [batch for batch in self._batches if batch.got is None or batch.got.t0 >= oldest]
        batch = _Batch(asked)
        batch.task = asyncio.create_task(self._carried(batch))
        self._batches.append(batch)
        return batch

    async def _carried(self, batch: _Batch) -> _Got:
        """Gather, wait for a turn, ask."""
        try:
            async with asyncio.timeout(NAMING * self._share):
                await batch.named.wait()
        except TimeoutError:
            pass
        else:
            await self._clock.sleep(GATHER * self._share)
        async with self._turn:
            batch.sent, batch.url = True, batch.url or f"https://{batch.host}/"
            batch.got = await self._asked(batch)
        if batch.got.reply is None:
            self._batches.remove(batch)  # whoever asks later may be luckier
        return batch.got

    async def _asked(self, batch: _Batch) -> _Got:
        """Send it, and again where that may help; not at all while the helper is left alone."""
        if self._trouble is not None and self._clock.now() < self._rest_until:
            return self._trouble
        data = wire.encode_request(
            OoniRequest(
                http_request=batch.url or "",
                http_request_headers={name: (value,) for name, value in DEFAULT_HEADERS if name in wire.HONOURED},
                tcp_connect=tuple(wire.endpoint_text(*endpoint) for endpoint in batch.endpoints),
            )
        )
        got = await self._once(data)
        tries = 1 if self._trouble is not None else _TRIES
        for attempt in range(1, tries):
            if not _passing(got):
                break
            if got.undone != HELPER_SILENT:
                await self._clock.sleep(_BUSY_WAIT * self._share * attempt)
            got = await self._once(data)
        self._trouble = got if _passing(got) else None
        self._rest_until = self._clock.now() + _REST * self._share
        return got

    async def _once(self, data: bytes) -> _Got:
        channel, trouble = await self._line.open()
        if channel is None:
            return _Got(undone=HELPER_SILENT, detail=trouble)
        headers = (("User-Agent", USER_AGENT), ("Content-Type", wire.JSON), ("Connection", "close"))
        request = wire_http.request_bytes(wire.METHOD, self._at.path, self._at.authority, headers, data)
        try:
            t0 = self._clock.now()
            reader, trouble = await self._line.exchange(
                channel, request, limit=WORST * self._share, body_limit=wire.REPLY_BYTES
            )
        finally:
            channel.close()
        if reader is None:
            return _Got(undone=HELPER_SILENT, detail=trouble)
        if reader.status != 200:
            return _Got(undone=f"{REFUSED}:{reader.status}")
        try:
            reply = wire.decode_reply(reader.body)
        except ValueError as error:
            return _Got(undone=f"{REFUSED}:reply", detail=str(error))
        self._learn(reader, reply)
        return _Got(reply=reply, t0=t0, t=self._clock.now())

    def _learn(self, reader: wire_http.ResponseReader, reply: OoniReply) -> None:
        """The helper's time, and that it is online."""
        if reached(reply):
            self._seen = self._clock.now()
        try:
            told = parsedate_to_datetime(reader.header("date") or "")
            self.clock_offset = (told - self._clock.wall()).total_seconds() + _TRUNCATED_SECOND
        except (ValueError, TypeError):  # no date, or one without a zone: the clock stays as it was
            return


def parse_helper(text: str) -> HelperSpec | OoniSpec:
    """The helper that a settings string names, of either kind.

    Raises:
        ValueError: It names none. The message does not repeat a string that may hold a secret.
    """
    return wire.parse_ooni_spec(text) if wire.is_ooni_spec(text) else parse_spec(text)
