"""Asks carried out elsewhere: the client of a helper of one's own.

The helper is known by the hash of its key and by nothing else: no authority and no name can stand in for it, and
whoever answers with another key is not the helper, which then counts as silent. An unreachable helper is no evidence
about any site, so every trouble with it is a reason why an ask stayed undone.
"""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hushmap.model import Ask
from hushmap.net.channel import TlsChannel
from hushmap.net.clock import Clock
from hushmap.net.fetch import USER_AGENT
from hushmap.net.limits import Limits
from hushmap.net.line import Line
from hushmap.net.mask import Own
from hushmap.net.resolve import Resolver
from hushmap.net.shift import shifted
from hushmap.net.trust import Trust
from hushmap.wire import helper as wire_helper
from hushmap.wire import http as wire_http
from hushmap.wire.helper import HelperSpec, parse_spec

__all__ = ["HelperClient", "HelperSpec", "parse_spec", "pin_of"]

HELPER_SILENT = "helper_silent"
REFUSED = "helper_refused"

HELPER_TRIES = 3
"""How often a busy or silent helper is asked: bursts of loss last seconds (STATISTICS 6), and each try has the whole
time-outs of its own."""
_ADDRESSES = 2
"""Addresses of a helper's name that are tried: one of each family."""
_BUSY_WAIT = 1.0
"""Seconds before a helper that answered 429 is asked again, growing with each try; as shares of its time-out in a
scaled run."""
_TRUNCATED_SECOND = 0.5
"""A helper tells its time without fractions: on average half a second has passed since."""


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What the helper said, or why there is nothing."""

    answers: tuple[wire_helper.HelperAnswer, ...] = ()
    undone: str | None = None
    detail: str | None = None
    reached: bool | None = None
    reached_ago: float | None = None


class HelperClient:
    """Speaks to one helper, one connection a request."""

    def __init__(
        self,
        spec: HelperSpec,
        *,
        clock: Clock,
        limits: Limits,
        own: Own,
        resolver: Resolver,
        trust: Trust,
        interface: str | None = None,
    ) -> None:
        self.spec = spec
        self.clock_offset: float | None = None
        """Seconds to add to this computer's clock, by the last reply."""
        self._clock, self._limits, self._own = clock, limits, own
        self._line = Line(
            spec.host,
            spec.port,
            clock=clock,
            limits=limits,
            own=own,
            resolver=resolver,
            trust=trust,
            interface=interface,
            accept=self._pinned,
        )

    async def call(self, asks: Sequence[Ask]) -> Reply:
        """Have `asks` carried out; answers come in their order, on the run's clock, masked."""
        reply = Reply(undone=HELPER_SILENT)
        for attempt in range(HELPER_TRIES):
            reply = await self._once(tuple(asks))
            if reply.undone == HELPER_SILENT and reply.detail == "pin":
                break
            if reply.undone not in {HELPER_SILENT, f"{REFUSED}:429"}:
                break
            if reply.undone != HELPER_SILENT:
                await self._clock.sleep(_BUSY_WAIT * self._limits.helper / Limits().helper * (attempt + 1))
        return reply

    async def _once(self, asks: tuple[Ask, ...]) -> Reply:
        channel, trouble = await self._line.open()
        if channel is None:
            return Reply(undone=HELPER_SILENT, detail=trouble)
        try:
            return await self._post(channel, asks)
        finally:
            channel.close()

    def _pinned(self, channel: TlsChannel) -> bool:
        """Whether the peer holds the pinned key."""
        return hmac.compare_digest(pin_of(channel.tls.getpeercert(binary_form=True)), self.spec.pin)

    async def _post(self, channel: TlsChannel, asks: tuple[Ask, ...]) -> Reply:
        request = wire_helper.HelperRequest(asks=asks, run_t=self._clock.now())
        headers = (
            ("User-Agent", USER_AGENT),
            ("Authorization", f"Bearer {self.spec.token}"),
            ("Content-Type", "application/json"),
            ("Connection", "close"),
        )
        host = f"[{self.spec.host}]" if ":" in self.spec.host else self.spec.host
        data = wire_http.request_bytes(
            wire_helper.METHOD,
            wire_helper.PATH,
            f"{host}:{self.spec.port}",
            headers,
            wire_helper.encode_request(request),
        )
        started = self._clock.now()
        limit = self._limits.of_reply(asks)
        most = min(wire_helper.MESSAGE_BYTES, wire_helper.ANSWER_BYTES * max(1, len(asks)))
        reader, trouble = await self._line.exchange(channel, data, limit=limit, body_limit=most)
        if reader is None:
            return Reply(undone=HELPER_SILENT, detail=trouble)
        return self._read(reader, asks, started)

    def _read(self, reader: wire_http.ResponseReader, asks: tuple[Ask, ...], started: float) -> Reply:
        if reader.status != 200:
            return Reply(undone=f"{REFUSED}:{reader.status}")
        try:
            reply = wire_helper.decode_reply(reader.body)
            now = datetime.strptime(reply.now, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError as error:
            return Reply(undone=f"{REFUSED}:reply", detail=str(error))
        if len(reply.answers) != len(asks):
            return Reply(undone=f"{REFUSED}:reply", detail="another number of answers than of asks")
        self._own.learn(reply.seen or "")
        self.clock_offset = (now - self._clock.wall()).total_seconds() + _TRUNCATED_SECOND
        answers = tuple(
            msgspec.structs.replace(
                answer, steps=tuple(self._own.step(shifted(step, started)) for step in answer.steps)
            )
            for answer in reply.answers
        )
        return Reply(answers=answers, reached=reply.reached, reached_ago=reply.reached_ago)


def pin_of(certificate: bytes | None) -> str:
    """The hex SHA-256 of a certificate's SubjectPublicKeyInfo; empty if there is none to read."""
    try:
        key = x509.load_der_x509_certificate(certificate or b"").public_key()
    except ValueError:
        return ""
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()
