"""Asks carried out elsewhere: the client of a helper of one's own.

The helper is known by the hash of its key and by nothing else: no authority and no name can stand in for it, and
whoever answers with another key is not the helper, which then counts as silent. An unreachable helper is no evidence
about any site, so every trouble with it is a reason why an ask stayed undone.
"""

import asyncio
import hashlib
import hmac
import ipaddress
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hushmap.model import SYSTEM_RESOLVER, Ask, Layer
from hushmap.net.channel import TlsChannel
from hushmap.net.clock import Clock
from hushmap.net.connect import connect
from hushmap.net.fetch import USER_AGENT, read_response
from hushmap.net.handshake import Wish, handshake
from hushmap.net.limits import Limits
from hushmap.net.mask import Own
from hushmap.net.resolve import Resolver
from hushmap.net.shift import shifted
from hushmap.net.trust import Trust
from hushmap.wire import helper as wire_helper
from hushmap.wire import http as wire_http
from hushmap.wire.helper import HelperSpec, parse_spec

__all__ = ["HelperClient", "HelperSpec", "parse_spec", "pin_of"]

SILENT = "helper_silent"
REFUSED = "helper_refused"

_TRIES = 3
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
        self._resolver, self._trust, self._interface = resolver, trust, interface

    async def call(self, asks: Sequence[Ask]) -> Reply:
        """Have `asks` carried out; answers come in their order, on the run's clock, masked."""
        reply = Reply(undone=SILENT)
        for attempt in range(_TRIES):
            reply = await self._once(tuple(asks))
            if reply.undone == SILENT and reply.detail == "pin":
                break
            if reply.undone not in {SILENT, f"{REFUSED}:429"}:
                break
            if reply.undone != SILENT:
                await self._clock.sleep(_BUSY_WAIT * self._limits.helper / Limits().helper * (attempt + 1))
        return reply

    async def _once(self, asks: tuple[Ask, ...]) -> Reply:
        channel, trouble = await self._reach()
        if channel is None:
            return Reply(undone=SILENT, detail=trouble)
        try:
            return await self._post(channel, asks)
        finally:
            channel.close()

    async def _reach(self) -> tuple[TlsChannel | None, str | None]:
        """An open channel to whoever holds the pinned key."""
        trouble: str | None = "no address"
        for address in (await self._addresses())[:_ADDRESSES]:
            step, sock = await connect(
                address,
                self.spec.port,
                clock=self._clock,
                own=self._own,
                limit=self._limits.connect,
                interface=self._interface,
            )
            if sock is None:
                trouble = f"connect: {step.failure}"
                continue
            name = None if _is_address(self.spec.host) else self.spec.host
            wish = Wish(
                address=address,
                port=self.spec.port,
                sni=name,
                name=name,
                verify=False,
                timeout=self._limits.handshake,
            )
            hello, channel = await handshake(sock, wish, clock=self._clock, trust=self._trust, own=self._own)
            if channel is None:
                sock.close()
                trouble = f"handshake: {hello.failure}"
                continue
            if hmac.compare_digest(pin_of(channel.tls.getpeercert(binary_form=True)), self.spec.pin):
                return channel, None
            channel.close()
            trouble = "pin"
        return None, trouble

    async def _addresses(self) -> list[str]:
        if _is_address(self.spec.host):
            return [self.spec.host]
        steps = await asyncio.gather(
            *(self._resolver.resolve(self.spec.host, qtype, SYSTEM_RESOLVER) for qtype in ("A", "AAAA"))
        )
        return [address for step in steps for address in step.addresses[:1]]

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
        reader = wire_http.ResponseReader(wire_helper.METHOD, body_limit=wire_helper.MESSAGE_BYTES)
        try:
            async with asyncio.timeout(self._limits.helper + max(map(self._worst, asks), default=0.0)):
                await channel.send(data)
                started = self._clock.now()
                await read_response(channel, reader)
        except (OSError, ssl.SSLError) as error:  # TimeoutError is an OSError
            return Reply(undone=SILENT, detail=type(error).__name__)
        if reader.status is None or not reader.complete:
            return Reply(undone=SILENT, detail=str(reader.failure))
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
        self.clock_offset = (now - self._clock.wall()).total_seconds() + _TRUNCATED_SECOND
        answers = tuple(
            msgspec.structs.replace(
                answer, steps=tuple(self._own.step(shifted(step, started)) for step in answer.steps)
            )
            for answer in reply.answers
        )
        return Reply(answers=answers, reached=reply.reached, reached_ago=reply.reached_ago)

    def _worst(self, ask: Ask) -> float:
        """The longest that the steps of `ask` may take, a lookup before them included."""
        limits = self._limits
        steps = {
            Layer.DNS: (limits.dns + limits.late_suspicious, limits.system),
            Layer.TCP: (limits.system, limits.connect),
            Layer.TLS: (limits.system, limits.connect, limits.handshake),
            Layer.HTTP: (limits.system, limits.connect, limits.handshake, limits.fetch),
            Layer.RAW: (limits.system, limits.connect, limits.exchange),
        }[ask.layer]
        return sum(steps) if ask.timeout is None else sum(max(step, ask.timeout) for step in steps)


def pin_of(certificate: bytes | None) -> str:
    """The hex SHA-256 of a certificate's SubjectPublicKeyInfo; empty if there is none to read."""
    try:
        key = x509.load_der_x509_certificate(certificate or b"").public_key()
    except ValueError:
        return ""
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
