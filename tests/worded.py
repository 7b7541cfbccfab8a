"""Censors as a function on asks: what would come of an attempt, in microseconds, with residual blocking and misses.

The lab without a kernel (`lab.pure`) carries packets of whole stacks and waits for both ends; inquiries that ask a
hundred times, tried a thousand times over, want less: one flow is shown to the lab's own boxes packet by packet, and
the first packet that they forge or lose decides. That both say the same is tested (tests/test_worded.py). Toward our
own addresses only; every other ask is answered as by any `World`.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address

from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import QuicConnection

from hushmap.lab import packet as p
from hushmap.lab.building import build_boxes
from hushmap.lab.censors import catalogue
from hushmap.lab.censors.box import Box
from hushmap.lab.censors.parameters import Censor
from hushmap.lab.pure import tls
from hushmap.lab.pure.pages import Reading
from hushmap.lab.pure.requests import request_of
from hushmap.model import Answer, Ask, Exchange, Failure, Fetch, Handshake, Layer, Resolve, Side, Transport
from hushmap.wire import dns, echo, http
from worlds import DARK, HELPER, World

CLIENT = ip_address("198.18.0.2").packed
HOPS = 8
RTT = 0.03
WAITS = {Layer.DNS: 1.0, Layer.TLS: 10.0, Layer.HTTP: 20.0, Layer.RAW: 10.0}
"""Seconds after which silence is a time-out, where the ask does not say (METHOD 3)."""


class Acts:
    """What the censors did, in order: a truth log that is only a list."""

    def __init__(self) -> None:
        self.events: list[dict[str, str]] = []

    def write(self, **event: str) -> None:
        """Take one down."""
        self.events.append(event)


@dataclass
class Worded(World):
    """A network with an address of ours and these censors; `now` is the time of the next ask."""

    censors: Sequence[Censor] = ()
    seed: int = 1
    false: float = 0.0
    """Share of attempts that fail by a reset that nobody's rule made."""
    acts: Acts = field(default_factory=Acts)
    boxes: list[Box] = field(default_factory=list)
    ports: Iterator[int] = field(default_factory=lambda: itertools.cycle(range(32768, 61000)))

    def __post_init__(self) -> None:
        faults = [f"{censor.kind}: {fault}" for censor in self.censors for fault in catalogue.faults(censor)]
        assert not faults, faults
        self.boxes = build_boxes(tuple(self.censors), HOPS, self.acts, self.seed)

    def steps(self, ask: Ask, side: Side) -> tuple[object, ...]:
        """What the network does with `ask`."""
        ours = ask.address == HELPER or ask.resolver == DARK
        if side is not Side.HERE or not ours or ask.ttl is not None:
            return super().steps(ask, side)
        if ask.layer is Layer.DNS:
            return (self._looked_up(ask),)
        if ask.transport is Transport.QUIC:
            return (self._by_quic(ask),)
        return self._connected(ask)

    # One flow

    def _shown(self, raw: bytes, *, outward: bool) -> tuple[bool, list[p.Packet]]:
        """Whether a packet arrives, and what was forged for the client before that."""
        forged: list[p.Packet] = []
        for box in self.boxes if outward else reversed(self.boxes):
            passage = box.see(raw, self.now, outward=outward)
            forged += [p.parse(each.raw, outward=False) for each in passage.inject if not each.outward]
            raw = passage.instead or raw
            if not passage.forward:
                return False, forged
        return True, forged

    def _segment(self, ends: tuple[tuple[bytes, int], tuple[bytes, int]], data: bytes, **more: int) -> Failure | None:
        """What becomes of data, in segments as long as a link takes: nothing, or the end of the connection."""
        outward = ends[0][0] == CLIENT
        for at in range(0, len(data), 1400):
            seq = more["seq"] + at
            raw = p.tcp(*ends, seq=seq, ack=more["ack"], flags=p.PSH | p.ACK, payload=data[at : at + 1400])
            arrived, forged = self._shown(raw, outward=outward)
            if any(each.flags & p.RST for each in forged):
                return Failure.RESET
            if any(each.flags & p.FIN for each in forged):
                return Failure.EOF
            if not arrived:
                return Failure.TIMEOUT
        return None

    def _connected(self, ask: Ask) -> tuple[object, ...]:
        server, client = (ip_address(HELPER).packed, ask.port or 0), (CLIENT, next(self.ports))
        arrived, forged = self._shown(p.tcp(client, server, seq=1000, ack=0, flags=p.SYN), outward=True)
        failure = Failure.REFUSED if forged else None if arrived else Failure.TIMEOUT
        connect = self._connect(ask, True, failure)
        if connect.failure is not None or ask.layer is Layer.TCP:
            return (connect,)
        self._shown(p.tcp(server, client, seq=500, ack=1001, flags=p.SYN | p.ACK), outward=False)
        said = tls.hello(ask.sni) if ask.layer is Layer.TLS else (ask.payload or b"")
        said = request_of(ask) if ask.layer is Layer.HTTP else said
        answer = tls.flight(0) if ask.layer is Layer.TLS else answered(said)
        failure = self._segment((client, server), said, seq=1001, ack=501)
        failure = failure or self._segment((server, client), answer, seq=501, ack=1001 + len(said))
        if self.false and failure is None and self.rng.random() < self.false:
            failure = Failure.RESET
        if self._through(True, connect.t, (0.0, 0.3, 0.9, 2.1, 4.5)) is None:
            failure = failure or Failure.TIMEOUT
        waited = (ask.timeout or WAITS[ask.layer]) if failure is Failure.TIMEOUT else RTT
        return connect, self._last(ask, connect.t, connect.t + waited, failure, b"" if failure else answer)

    def _last(self, ask: Ask, t0: float, t: float, failure: Failure | None, came: bytes) -> object:
        """The step that the attempt is about."""
        where = {"t0": t0, "t": t, "failure": failure}
        if ask.layer is Layer.TLS:
            return Handshake(
                address=HELPER, port=ask.port or 0, sni=ask.sni, spoke=failure is None,
                valid=False if failure is None else None, **where,
            )  # fmt: skip
        if ask.layer is Layer.RAW:
            return Exchange(address=HELPER, port=ask.port or 0, received=came, **where)
        page = None
        if failure is None:
            reading = Reading(ask.method, t0)
            reading.feed(came)
            page = reading.page(ask.url or "", valid=None, keep=False)
        return Fetch(url=ask.url or "", method=ask.method, page=page, **where)

    # Datagrams

    def _looked_up(self, ask: Ask) -> Resolve:
        """A question to an address of ours where nobody answers."""
        ends = (CLIENT, next(self.ports)), (ip_address(HELPER).packed, 53)
        _, forged = self._shown(p.udp(*ends, dns.query(ask.name or "", ask.qtype, 7)), outward=True)
        answers: list[Answer] = []
        for number, each in enumerate(forged):
            *_, said = dns.parse(each.payload, t=self.now + RTT / 2 + number / 1000, ttl=61)
            answers.append(said)
        failure = answers[0].failure if answers else Failure.TIMEOUT
        t = answers[-1].t if answers else self.now + (ask.timeout or WAITS[Layer.DNS])
        return Resolve(
            t0=self.now, t=t, failure=failure, resolver=ask.resolver or "", name=ask.name or "", qtype=ask.qtype,
            answers=tuple(answers),
        )  # fmt: skip

    def _by_quic(self, ask: Ask) -> Handshake:
        """The first flight of a QUIC client, and silence if any of it is lost."""
        ends = (CLIENT, next(self.ports)), (ip_address(HELPER).packed, ask.port or 443)
        arrived = [self._shown(p.udp(*ends, each), outward=True)[0] for each in initials(ask.sni or "")]
        failure = None if all(arrived) else Failure.TIMEOUT
        t = self.now + (RTT if failure is None else ask.timeout or WAITS[Layer.TLS])
        return Handshake(
            t0=self.now, t=t, failure=failure, address=HELPER, port=ask.port or 443, transport=Transport.QUIC,
            sni=ask.sni, spoke=failure is None,
        )  # fmt: skip


def answered(said: bytes) -> bytes:
    """What our echo says to what it was told (servers/echo)."""
    request = http.parse_request(said)
    if request is not None and request.complete:
        return b"".join(echo.http_answer(request, said))
    pieces = echo.tcp_answer(said)
    return b"".join(pieces) if pieces else said


@functools.lru_cache(maxsize=512)
def initials(name: str) -> tuple[bytes, ...]:
    """The first datagrams of a QUIC client that names a host, as the library that the tool uses writes them."""
    client = QuicConnection(configuration=QuicConfiguration(is_client=True, server_name=name, alpn_protocols=["h3"]))
    client.connect((HELPER, 443), now=0.0)
    return tuple(data for data, _ in client.datagrams_to_send(now=0.0))


def answer(censor: Censor | Sequence[Censor], ask: Ask, *, now: float = 0.0) -> tuple[object, ...]:
    """The steps of one ask toward our own address, with nothing before it."""
    censors = (censor,) if isinstance(censor, Censor) else tuple(censor)
    return Worded(censors=censors, now=now).steps(ask, Side.HERE)
