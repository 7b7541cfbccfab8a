"""Fake networks: a function from an ask to the steps it would give, with known truth, loss and a virtual clock.

No socket, no thread, no sleeping. `converse` drives one inquiry to its end the way the runner would: not before
`not_before`, not on a burned address, one attempt after another.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import msgspec

from hushmap.detect import judge
from hushmap.experiments import Baseline, Conditions, Cooldown, open_inquiry
from hushmap.model import (
    Answer,
    Ask,
    Connect,
    Exchange,
    Failure,
    Fetch,
    Handshake,
    HelperWatch,
    Knowledge,
    Layer,
    Page,
    Record,
    Resolve,
    Side,
    Target,
    Transport,
    Trial,
    Verdict,
    trial_of,
)
from hushmap.wire import echo, http

BASELINES = (
    Baseline(name="www.baseline-a.example", addresses=("203.0.113.81",)),
    Baseline(name="www.baseline-b.example", addresses=("203.0.113.82",)),
)
SITE, HELPER, DARK = "198.51.100.7", "203.0.113.10", "udp://203.0.113.10:53"
ISP, OTHER = "udp://198.51.100.53:53", "udp://203.0.113.53:53"


def conditions(**changes: object) -> Conditions:
    """The usual conditions of a fake run: system, provider's and one other resolver, a helper, two baselines."""
    usual = Conditions(
        resolvers=("system", ISP),
        comparison_resolvers=(OTHER,),
        baselines=BASELINES,
        helper=True,
        helper_address=HELPER,
        echo_http=8080,
        echo_tls=8443,
        dark=DARK,
        targets=50,
    )
    return msgspec.structs.replace(usual, **changes)


PAGE = Page(status=200, title="News", body_length=1000, body_sha256="aa")
ECHO = Page(status=200, header_names=("content-type", "x-content-type-options", "cache-control"), body_length=80)
"""What our own echo answers (servers/echo.py)."""
CONNECT = (0.0, 1.0, 3.0, 7.0)
"""When Linux sends a SYN, within the 8 s of a Connect (refs/STATISTICS 6)."""
FLIGHT = (0.0, 0.3, 0.9, 2.1, 4.5)
"""A flight of an established connection: RTO max(0.2 + RTT, 0.3), doubling, within 10 s."""
QUERY = (0.0, 1.0, 2.0)
"""A UDP lookup is sent three times within its 5 s."""


@dataclass
class Line:
    """A line that loses packets: each way with `rate`, and 80 % of them in spells of `mean` seconds, if any.

    With spells, `rate` is the mean: the line is bad for `rate / 0.8` of the time (refs/STATISTICS 6).
    """

    rate: float = 0.0
    mean: float = 0.0
    rng: random.Random = field(default_factory=lambda: random.Random(1))
    bad: bool = False
    until: float = -1.0

    def loss(self, now: float) -> float:
        """The probability that a packet at `now` is lost."""
        if not self.mean:
            return self.rate
        share = self.rate / 0.8
        if self.until < 0:
            self.bad = self.rng.random() < share
            self.until = self.rng.expovariate(1 / self._stay(share))
        while now >= self.until:
            self.bad = not self.bad
            self.until += self.rng.expovariate(1 / self._stay(share))
        return 0.8 if self.bad else 0.0

    def _stay(self, share: float) -> float:
        return self.mean if self.bad else self.mean * (1 - share) / share

    def passes(self, now: float, schedule: tuple[float, ...]) -> float | None:
        """Seconds until a packet and its answer both got through, or `None` within the schedule."""
        for wait in schedule:
            loss = self.loss(now + wait)
            if not loss or (self.rng.random() >= loss and self.rng.random() >= loss):
                return wait
        return None


@dataclass
class World:
    """A site, its network, and whoever interferes. Every hook may be replaced by a test."""

    name: str = "news.example"
    addresses: tuple[str, ...] = (SITE,)
    rng: random.Random = field(default_factory=lambda: random.Random(1))
    line: Line = field(default_factory=Line)
    blocks: Callable[[Ask], Failure | None] = lambda _ask: None
    """What a censor does to an ask from here, by layer; `None`: nothing."""
    resolves: Callable[[Ask, Side], tuple[str, ...] | Failure | None] = lambda _ask, _side: None
    """A lie (or truth) about a name; `None`: the honest answer."""
    server: Callable[[Ask, Side], Failure | Page | None] = lambda _ask, _side: None
    """What the server itself does, for everyone."""
    quic: Callable[[Ask, Side], Failure | None] = lambda _ask, _side: None
    """What a server does over QUIC, for everyone; most speak none."""
    miss: float = 0.0
    now: float = 0.0

    def steps(self, ask: Ask, side: Side) -> tuple[object, ...]:
        """What the network does with `ask`."""
        here = side is Side.HERE
        blocked = self.blocks(ask) if here and self.rng.random() >= self.miss else None
        if ask.layer is Layer.DNS:
            return self._lookup(ask, side, blocked)
        if ask.transport is Transport.QUIC:
            return (self._handshake(ask, here, self.now, blocked or self.quic(ask, side)),)
        said = self.server(ask, side)
        refused = said if said in {Failure.REFUSED, Failure.TIMEOUT, Failure.HOST_UNREACHABLE} else None
        connect = self._connect(ask, here, (blocked if ask.layer is Layer.TCP else None) or refused)
        if connect.failure is not None or ask.layer is Layer.TCP:
            return (connect,)
        if ask.layer is Layer.TLS or (ask.url or "").startswith("https:"):
            handshake = self._handshake(ask, here, connect.t, blocked or said)
            if handshake.failure is not None or ask.layer is Layer.TLS:
                return (connect, handshake)
            return (connect, handshake, self._fetch(ask, here, handshake.t, said))
        if ask.layer is Layer.RAW:
            return (connect, self._exchange(ask, here, connect.t, blocked or said))
        return (connect, self._fetch(ask, here, connect.t, blocked or said))

    def _through(self, here: bool, now: float, schedule: tuple[float, ...]) -> float | None:
        return self.line.passes(now, schedule) if here else 0.0

    def _connect(self, ask: Ask, here: bool, failure: Failure | None) -> Connect:
        waited = self._through(here, self.now, CONNECT)
        failure = failure or (Failure.TIMEOUT if waited is None else None)
        t = self.now + (8.0 if failure is Failure.TIMEOUT else (waited or 0.0) + 0.05)
        return Connect(t0=self.now, t=t, address=ask.address or "", port=ask.port or 0, failure=failure)

    def _handshake(self, ask: Ask, here: bool, now: float, said: object) -> Handshake:
        waited = self._through(here, now, FLIGHT)
        failure = said if isinstance(said, Failure) else None
        foreign = ask.address not in self.addresses and ask.verify and ask.sni == self.name
        failure = failure or (Failure.TIMEOUT if waited is None else Failure.INVALID_HOSTNAME if foreign else None)
        known = {self.name, *(baseline.name for baseline in BASELINES)}
        silent = {Failure.RESET, Failure.TIMEOUT, Failure.EOF}
        return Handshake(
            t0=now, t=now + (10.0 if failure is Failure.TIMEOUT else (waited or 0.0) + 0.05), failure=failure,
            address=ask.address or "", port=ask.port or 0, sni=ask.sni, spoke=failure not in silent,
            valid=failure is None and ask.sni in known,
        )  # fmt: skip

    def _fetch(self, ask: Ask, here: bool, now: float, said: object) -> Fetch:
        waited = self._through(here, now, FLIGHT)
        failure = said if isinstance(said, Failure) else Failure.TIMEOUT if waited is None else None
        told = echo.to_say(urlsplit(ask.url or "").path)
        length = ECHO.body_length if told is None else len(told[0] + echo.END)
        honest = msgspec.structs.replace(ECHO, body_length=length) if ask.address == HELPER else PAGE
        page = None if failure else said if isinstance(said, Page) else honest
        t = now + (20.0 if failure is Failure.TIMEOUT else (waited or 0.0) + 0.1)
        return Fetch(t0=now, t=t, url=ask.url or "", failure=failure, page=page)

    def _exchange(self, ask: Ask, here: bool, now: float, said: object) -> Exchange:
        waited = self._through(here, now, FLIGHT)
        failure = said if isinstance(said, Failure) else Failure.TIMEOUT if waited is None else None
        payload = ask.payload or b""
        request = http.parse_request(payload)
        pieces = echo.tcp_answer(payload) if request is None else echo.http_answer(request, payload)
        received = b"" if failure else b"".join(pieces or (payload,))
        t = now + (10.0 if failure is Failure.TIMEOUT else (waited or 0.0) + 0.1)
        return Exchange(
            t0=now, t=t, address=ask.address or "", port=ask.port or 0, failure=failure, received=received
        )

    def _lookup(self, ask: Ask, side: Side, blocked: Failure | None) -> tuple[object, ...]:
        lost = self._through(side is Side.HERE, self.now, QUERY) is None
        told = self.resolves(ask, side) if not (lost or blocked) else None
        if told is None and ask.resolver == DARK and side is Side.HERE:
            told = Failure.TIMEOUT
        if told is None:
            known = {self.name: self.addresses, **{baseline.name: baseline.addresses for baseline in BASELINES}}
            told = known.get(ask.name or "", Failure.NXDOMAIN)
        failure = blocked or (Failure.TIMEOUT if lost else told if isinstance(told, Failure) else None)
        t = self.now + (5.0 if failure is Failure.TIMEOUT else 0.05)
        answers = (
            () if failure is Failure.TIMEOUT else (Answer(t=t, addresses=() if failure else told, failure=failure),)
        )
        return (
            Resolve(
                t0=self.now, t=t, resolver=ask.resolver or "", name=ask.name or "", qtype=ask.qtype, answers=answers,
                failure=failure,
            ),
        )  # fmt: skip


def converse(
    world: World,
    target: Target,
    given: Conditions | None = None,
    *,
    f0: float = 0.05,
    knowledge: Knowledge | None = None,
    in_flight: int = 0,
    canaries: dict[str, bool] | None = None,
) -> tuple[Verdict, Record]:
    """Drive one inquiry to its end in `world`, and judge what it recorded."""
    given = given or conditions()
    if knowledge is not None:
        given = msgspec.structs.replace(given, knowledge=knowledge)
    inquiry = open_inquiry(target, given, 10_000)
    cooldown = Cooldown(given.scale)
    waiting = list(inquiry.ask(f0))
    for _ in range(2000):
        if not waiting:
            break
        waiting.sort(key=lambda attempt: max(attempt.not_before, cooldown.ready(attempt)))
        attempt = waiting.pop(0)
        world.now = max(world.now, attempt.not_before, cooldown.ready(attempt))
        steps = world.steps(attempt.ask, attempt.side)
        t0, t = world.now, max(step.t for step in steps)
        world.now = t + 0.01
        trial = trial_of(attempt, steps, in_flight=0 if attempt.alone else in_flight, t0=t0, t=t)
        inquiry.tell(trial)
        inquiry.void(cooldown.tell(trial))
        waiting += inquiry.ask(f0)
    assert inquiry.done, "the conversation ends"
    return verdict_of(inquiry, given, f0, canaries)


def verdict_of(inquiry: object, given: Conditions, f0: float, canaries: dict[str, bool] | None = None):
    """The record of a finished inquiry, as the runner would seal it, and its verdict."""
    watch = tuple(HelperWatch(t=float(t), reached=True) for t in range(0, 4000, 60)) if given.helper else ()
    context = msgspec.structs.replace(
        given.context(f0), voids=inquiry.voids, helper_watch=watch, canaries=canaries or {},
        calibrations=dict(given.calibrations),
    )  # fmt: skip
    target = inquiry.target
    record = Record(
        id="run-1", run="run", experiment=target.experiment, target=target.text, started="", ended="",
        layer=target.place.value if target.place else None, encoding=target.encoding, words=target.words,
        service=target.service, post=target.post, platform=target.platform, canary=target.canary, run_started="",
        context=context, trials=inquiry.trials,
    )  # fmt: skip
    return judge(record, given.knowledge), record


def trials(record: Record) -> list[Trial]:
    """The trials, in order."""
    return list(record.trials)
