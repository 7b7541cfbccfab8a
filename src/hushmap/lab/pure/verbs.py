"""The tool's verbs in a pure lab: what each would have recorded, step by step, of a conversation by packets.

They follow `net`'s verbs, whose sockets cannot be had here: its time-outs, its patience after a first answer, when
a step fails and by which name. The real lab and this one must say the same (tests/lab/test_pure.py); where they do
not, one of them is wrong.
"""

import asyncio
import random
from collections import deque

from hushmap.lab.addresses import ISP_RESOLVER
from hushmap.lab.pure import tls
from hushmap.lab.pure.client import BrokenError, Client, Connection
from hushmap.lab.pure.hopping import Hopper
from hushmap.lab.pure.pages import Reading
from hushmap.lab.pure.question import Question
from hushmap.lab.pure.servers import Servers
from hushmap.lab.scenario import Scenario
from hushmap.model import (
    SYSTEM_RESOLVER,
    Answer,
    Ask,
    Connect,
    Exchange,
    Failure,
    Fetch,
    Handshake,
    Resolve,
    Transport,
)
from hushmap.net import CLOCK_SLACK, DATAGRAM_SENDS, ROUNDS, SENDS, Limits, patience
from hushmap.wire import greeting
from hushmap.wire import tls as wire_tls

_SYSTEM_ATTEMPTS, _SYSTEM_WAIT = 3, 1.0
"""glibc with the lab's resolv.conf: three attempts of a second (lab.private)."""
_AGAIN = frozenset({Failure.SERVFAIL, Failure.DNS_REFUSED})
"""What glibc answers by asking the next server, and at last by EAI_AGAIN."""


class Verbs:
    """Everything that is done from the client's computer."""

    def __init__(
        self, client: Client, servers: Servers, scenario: Scenario, limits: Limits, rng: random.Random
    ) -> None:
        self._client, self._servers, self._limits, self._rng = client, servers, limits, rng
        self.hopper = Hopper(client, limits)
        self._ahead = scenario.client.clock_s
        self._hosts = {name.lower(): address for name, address in scenario.client.hosts.items()}
        self._interceptor = scenario.client.trusts_interceptor
        self._rounds: dict[str, deque[float]] = {}
        self.resolver = ISP_RESOLVER
        """Whom the system's resolver asks."""

    # Names

    async def resolve(self, ask: Ask, qtype: str) -> Resolve:
        """One question to one resolver, and every answer that comes."""
        name, resolver = ask.name or "", ask.resolver or ""
        if resolver == SYSTEM_RESOLVER:
            return await self._system(name, qtype, self._limits.system if ask.timeout is None else ask.timeout)
        address, _, port = resolver.removeprefix("udp://").rpartition(":")
        limit = self._limits.dns if ask.timeout is None else ask.timeout
        question = Question(self._client, name, qtype, self._rng.getrandbits(16), resolver)
        lookup = question.lookup
        rounds = self._rounds.setdefault(resolver, deque(maxlen=ROUNDS))
        end = lookup.t0 + limit
        due = [lookup.t0 + share * limit for share in SENDS]
        refused = False
        try:
            while (now := question.now) < end:
                if due and now >= due[0] and not question.answers:
                    due.pop(0)
                    question.send(address.strip("[]"), int(port))
                heard = len(question.answers)
                await question.wait(end if question.answers or not due else min(due[0], end))
                if question.answers and not heard:
                    end = question.answers[0].t + patience(lookup, rounds, self._limits)
                elif question.failure is not None and not question.answers and not refused:
                    now, late, refused = question.now, self._limits.late, True
                    due, end = [now + late / 2, now + late], min(end, now + 2 * late)
        finally:
            question.close()
        lookup.failure = question.failure or Failure.TIMEOUT
        step: Resolve = lookup.step()
        return step

    async def _system(self, name: str, qtype: str, limit: float) -> Resolve:
        """As getaddrinfo: the hosts file, then the provider's resolver."""
        t0 = self._client.now()
        listed = self._hosts.get(name.lower())
        if listed is not None and (":" in listed) is (qtype == "AAAA"):
            return self._system_says(name, qtype, t0, (listed,), None)
        failure: Failure | None = Failure.TIMEOUT
        addresses: tuple[str, ...] = ()
        try:
            async with asyncio.timeout(limit):
                addresses, failure = await self._ask_provider(name, qtype)
        except TimeoutError:
            pass
        return self._system_says(name, qtype, t0, addresses, failure)

    async def _ask_provider(self, name: str, qtype: str) -> tuple[tuple[str, ...], Failure | None]:
        """Three attempts; after a refusal glibc closes the socket, so that a true answer behind it is not heard."""
        ident = self._rng.getrandbits(16)
        question = Question(self._client, name, qtype, ident)
        try:
            for _ in range(_SYSTEM_ATTEMPTS):
                question.send(self.resolver, 53)
                until = question.now + _SYSTEM_WAIT
                while question.now < until and not question.answers:
                    await question.wait(until)
                if not question.answers:
                    continue
                first = question.answers[0]
                if first.failure not in _AGAIN:
                    return (first.addresses, None) if first.failure is None else ((), first.failure)
                question.close()
                question = Question(self._client, name, qtype, ident)
        finally:
            question.close()
        return (), Failure.DNS_TEMPORARY

    def _system_says(
        self, name: str, qtype: str, t0: float, addresses: tuple[str, ...], failure: Failure | None
    ) -> Resolve:
        t = self._client.now()
        said = addresses or failure in {Failure.NXDOMAIN, Failure.NO_ANSWER}
        answers = (Answer(t=t, addresses=addresses, failure=failure),) if said else ()
        return Resolve(
            t0=t0, t=t, failure=failure, resolver=SYSTEM_RESOLVER, name=name, qtype=qtype, answers=answers
        )  # fmt: skip

    # Connections

    async def connect(
        self, address: str, port: int, limit: float, source_port: int | None = None
    ) -> tuple[Connect, Connection | None]:
        """One TCP connection."""
        t0 = self._client.now()
        connection = self._client.dial(address, port, source_port=source_port)
        failure: Failure | None = None
        try:
            async with asyncio.timeout(limit):
                await connection.open()
        except BrokenError as error:
            failure = error.failure
        except TimeoutError:
            failure = Failure.TIMEOUT
        if failure is not None:
            connection.close()
        step = Connect(t0=t0, t=self._client.now(), failure=failure, address=address, port=port)
        return step, None if failure else connection

    async def handshake(
        self, connection: Connection, step: Connect, *, sni: str | None, name: str | None, verify: bool, limit: float,
        offset: float | None,
    ) -> Handshake:  # fmt: skip
        """One TLS handshake; the connection is the caller's to close."""
        t0 = self._client.now()
        failure: Failure | None = None
        seen, number, records = b"", None, tls.Records()
        try:
            async with asyncio.timeout(limit):
                connection.send(tls.hello(sni))
                while number is None and failure is None:
                    data = await connection.receive()
                    seen += data
                    if not data:
                        failure = Failure.EOF
                        break
                    number, failure = _greeting(records, data)
                if number is not None:
                    connection.send(tls.FINISHED)
        except BrokenError as error:
            failure = error.failure
        except TimeoutError:
            failure = Failure.TIMEOUT
        shown = None if number is None else self._servers.certificate(number)
        valid = system = detail = None
        if shown is not None:
            corrected = offset is not None and abs(offset) > CLOCK_SLACK
            fault = shown.fault(name, self._ahead + (offset or 0.0 if corrected else 0.0))
            valid = fault is None
            system = self._interceptor and shown.fault(name, self._ahead, interceptor=True) is None
            if fault is not None and verify:
                failure, detail = fault.failure, "checked after the handshake" if corrected else fault.detail
        return Handshake(
            t0=t0, t=self._client.now(), failure=failure, detail=detail, address=step.address, port=step.port,
            sni=sni, version="TLSv1.3" if failure is None else None,
            cipher="TLS_AES_256_GCM_SHA384" if failure is None else None,
            alert=wire_tls.alert(seen), spoke=wire_tls.server_spoke(seen),
            chain=() if shown is None else (shown.facts,), valid=valid, valid_system=system,
        )  # fmt: skip

    async def fetch(
        self, connection: Connection, ask: Ask, request: bytes, *, secure: bool, valid: bool | None, keep: bool,
        limit: float,
    ) -> Fetch:  # fmt: skip
        """One HTTP exchange."""
        t0 = self._client.now()
        reading = Reading(ask.method, t0, ask.most)
        failure: Failure | None = None
        records = tls.Records() if secure else None
        try:
            async with asyncio.timeout(limit):
                connection.send(tls.sealed(request) if secure else request)
                while not reading.done:
                    data = await connection.receive()
                    if not data:
                        reading.eof()
                        break
                    reading.arrived(len(data), self._client.now())
                    if records is None:
                        reading.feed(data)
                        continue
                    for kind, body in records.feed(data):
                        if kind == tls.DATA:
                            reading.feed(body)
            failure = reading.failure
        except BrokenError as error:
            failure = error.failure
        except TimeoutError:
            failure = Failure.TIMEOUT
        except ValueError:  # what came is no TLS
            failure = Failure.TLS_FAILED
        return Fetch(
            t0=t0, t=self._client.now(), failure=failure, url=ask.url or "", method=ask.method, host=ask.host,
            page=reading.page(ask.url or "", valid=valid, keep=keep, extract=ask.extract), curve=reading.curve,
        )  # fmt: skip

    async def datagram(self, ask: Ask, address: str, port: int, limit: float) -> Exchange:
        """A datagram, sent by the measuring room's own schedule until an answer comes."""
        payload, t0 = ask.payload or b"", self._client.now()
        heard: asyncio.Queue[bytes | Failure] = asyncio.Queue()
        source = self._client.listen(lambda data, _: heard.put_nowait(data), source_port=ask.source_port)
        received: bytes = b""
        failure: Failure | None = Failure.TIMEOUT
        try:
            for following in (*DATAGRAM_SENDS[1:], 1.0):
                self._client.say(source, address, port, payload)
                try:
                    async with asyncio.timeout(following * limit - (self._client.now() - t0)):
                        said = await heard.get()
                except TimeoutError:
                    continue
                received, failure = (b"", said) if isinstance(said, Failure) else (said, None)
                break
        finally:
            self._client.deafen(source)
        protocol, kept = greeting.read(payload, received)
        return Exchange(
            t0=t0, t=self._client.now(), failure=failure, address=address, port=port, transport=Transport.UDP,
            received=kept, protocol=protocol,
        )  # fmt: skip

    async def exchange(self, connection: Connection, step: Connect, ask: Ask, limit: float) -> Exchange:
        """Raw bytes, and what came back; the whole answer where a bound of it is asked for."""
        payload, most, quiet = ask.payload or b"", ask.most, self._limits.late if ask.dwell is None else ask.dwell
        t0 = self._client.now()
        received, failure = b"", None
        try:
            async with asyncio.timeout(limit):
                connection.send(payload)
                enough = len(payload) if most is None else most
                while len(received) < min(self._limits.received, enough):
                    data = await self._more(connection, quiet if received else None)
                    if data is None:
                        break
                    if not data:
                        failure = None if received else Failure.EOF
                        break
                    received += data
        except BrokenError as error:
            failure = error.failure
        except TimeoutError:
            failure = None if received else Failure.TIMEOUT
        protocol, kept = greeting.read(payload, received[: most or self._limits.received])
        return Exchange(
            t0=t0, t=self._client.now(), failure=failure, address=step.address, port=step.port,
            received=kept, protocol=protocol,
        )  # fmt: skip

    async def _more(self, connection: Connection, quiet: float | None) -> bytes | None:
        """The next bytes; after the first, `None` where no more come for so long."""
        try:
            async with asyncio.timeout(quiet):
                return await connection.receive()
        except TimeoutError:
            if quiet is None:
                raise
            return None


def _greeting(records: tls.Records, data: bytes) -> tuple[int | None, Failure | None]:
    """The number of the certificate that a server shows, or how it refuses; neither while more must come."""
    try:
        for kind, body in records.feed(data):
            if kind == tls.HANDSHAKE and body[:1] == b"\x02":
                return int.from_bytes(body[4:8], "big"), None
            if kind == tls.ALERT and len(body) == 2:
                return None, Failure.TLS_ALERT if body[1] else Failure.EOF
            return None, Failure.TLS_FAILED
    except ValueError:
        return None, Failure.TLS_FAILED
    return None, None
