"""Fake networks: a function from an ask to the steps it would give, with known truth, loss and a virtual clock.

No socket, no thread, no sleeping. `converse` drives one inquiry to its end the way the runner would: not before
`not_before`, not on a burned address, one attempt after another.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from hushmap.detect import judge
from hushmap.experiments import Baseline, Conditions, Cooldown, open_inquiry
from hushmap.model import (
    Answer,
    Ask,
    Connect,
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
    Trial,
    Verdict,
    trial_of,
)

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


@dataclass
class Spell:
    """Loss that comes in spells: bad for `mean` seconds, bad a share `share` of the time, 80 % loss while bad."""

    share: float
    mean: float
    rng: random.Random
    until: float = 0.0
    bad: bool = False

    def loss(self, now: float) -> float:
        """The probability that an attempt at `now` is lost."""
        while now >= self.until:
            self.bad = not self.bad if self.until else False
            mean = self.mean if self.bad else self.mean * (1 - self.share) / self.share
            self.until += self.rng.expovariate(1 / mean)
        return 0.8 if self.bad else 0.0


@dataclass
class World:
    """A site, its network, and whoever interferes. Every hook may be replaced by a test."""

    name: str = "news.example"
    addresses: tuple[str, ...] = (SITE,)
    rng: random.Random = field(default_factory=lambda: random.Random(1))
    loss: Callable[[float], float] = lambda _now: 0.0
    blocks: Callable[[Ask], Failure | None] = lambda _ask: None
    """What a censor does to an ask from here, by layer; `None`: nothing."""
    resolves: Callable[[Ask, Side], tuple[str, ...] | Failure | None] = lambda _ask, _side: None
    """A lie (or truth) about a name; `None`: the honest answer."""
    server: Callable[[Ask, Side], Failure | Page | None] = lambda _ask, _side: None
    """What the server itself does, for everyone."""
    miss: float = 0.0
    now: float = 0.0

    def steps(self, ask: Ask, side: Side) -> tuple[object, ...]:
        """What the network does with `ask`."""
        here = side is Side.HERE
        lost = here and self.rng.random() < self.loss(self.now)
        blocked = self.blocks(ask) if here and self.rng.random() >= self.miss else None
        t0, t = self.now, self.now + 0.05
        if ask.layer is Layer.DNS:
            return self._lookup(ask, side, blocked, lost=lost)
        address, port = ask.address or "", ask.port or 0
        if lost:
            return (Connect(t0=t0, t=t0 + 8, address=address, port=port, failure=Failure.TIMEOUT),)
        if blocked is not None and ask.layer is Layer.TCP:
            return (Connect(t0=t0, t=t, address=address, port=port, failure=blocked),)
        said = self.server(ask, side)
        if isinstance(said, Failure) and said in {Failure.REFUSED, Failure.TIMEOUT, Failure.HOST_UNREACHABLE}:
            return (Connect(t0=t0, t=t, address=address, port=port, failure=said),)
        connect = Connect(t0=t0, t=t, address=address, port=port)
        if ask.layer is Layer.TCP:
            return (connect,)
        secure = ask.layer is Layer.TLS or (ask.url or "").startswith("https:")
        steps: tuple[object, ...] = (connect,)
        if secure:
            failure = blocked or (said if isinstance(said, Failure) else None)
            ours = address not in self.addresses
            failure = failure or (Failure.INVALID_HOSTNAME if ours and ask.verify and ask.sni == self.name else None)
            valid = failure is None and ask.sni in {self.name, *(baseline.name for baseline in BASELINES)}
            steps += (
                Handshake(
                    t0=t, t=t + 0.05, address=address, port=port, sni=ask.sni, failure=failure, valid=valid,
                    spoke=failure not in {Failure.RESET, Failure.TIMEOUT, Failure.EOF},
                ),
            )  # fmt: skip
            if failure is not None or ask.layer is Layer.TLS:
                return steps
        if blocked is not None and not secure:
            return (*steps, Fetch(t0=t, t=t + 0.05, url=ask.url or "", failure=blocked))
        page = said if isinstance(said, Page) else Page(status=200, title="News", body_length=1000, body_sha256="aa")
        return (*steps, Fetch(t0=t, t=t + 0.1, url=ask.url or "", page=page))

    def _lookup(self, ask: Ask, side: Side, blocked: Failure | None, *, lost: bool) -> tuple[object, ...]:
        t0, t = self.now, self.now + 0.02
        told = self.resolves(ask, side) if not (lost or blocked) else None
        if told is None and ask.resolver == DARK and side is Side.HERE:
            told = Failure.TIMEOUT
        if told is None:
            known = {self.name: self.addresses, **{baseline.name: baseline.addresses for baseline in BASELINES}}
            told = known.get(ask.name or "", Failure.NXDOMAIN)
        failure = blocked or (Failure.TIMEOUT if lost else told if isinstance(told, Failure) else None)
        addresses = () if failure else told
        answers = () if failure is Failure.TIMEOUT else (Answer(t=t, addresses=addresses, failure=failure),)
        return (
            Resolve(
                t0=t0, t=t, resolver=ask.resolver or "", name=ask.name or "", qtype=ask.qtype, answers=answers,
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
        given.context(f0), voids=inquiry.voids, helper_watch=watch, canaries=canaries or {}
    )
    target = inquiry.target
    record = Record(
        id="run-1", run="run", experiment=target.experiment, target=target.text, started="", ended="",
        layer=target.place.value if target.place else None, canary=target.canary, run_started="", context=context,
        trials=inquiry.trials,
    )  # fmt: skip
    return judge(record, given.knowledge), record


def trials(record: Record) -> list[Trial]:
    """The trials, in order."""
    return list(record.trials)
