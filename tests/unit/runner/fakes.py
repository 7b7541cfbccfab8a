"""Fakes of the runner's world: virtual time, a network that is a function, and a folder in memory.

Nothing here sleeps: the loop's selector moves the clock to the next timer instead of waiting for it.
"""

import asyncio
import base64
import contextlib
import selectors
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

from hushmap.model import (
    Answer,
    Ask,
    Connect,
    Exchange,
    Failure,
    Fetch,
    Handshake,
    HelperWatch,
    Layer,
    Page,
    Record,
    Resolve,
    Side,
    Target,
    amended,
)
from hushmap.runner import HelperPlace, RunPlan, carry_out
from hushmap.runner.keeping import at_once
from hushmap.runs import Replay, record_id
from trials import ECHO

ORIGIN = datetime(2026, 11, 21, 22, 33, tzinfo=UTC)
BASELINES = ("www.baseline-a.example", "www.baseline-b.example")
HELPER = HelperPlace(address="203.0.113.10", http=8080, tls=8443, tcp=8000, dark=True)


class _Selector(selectors.SelectSelector):
    """Instead of blocking, time passes."""

    now = 0.0

    def select(self, timeout=None):
        if timeout is None:
            raise AssertionError("everybody waits and nothing is scheduled")
        self.now += max(0.0, timeout)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose hours take no time."""

    def __init__(self):
        self.virtual = _Selector()
        super().__init__(self.virtual)

    def time(self):
        return self.virtual.now


def virtually(main, *, start: float = 0.0):
    """Run a coroutine function, given a fake clock, in virtual time."""
    loop = VirtualLoop()
    loop.virtual.now = start
    try:
        return loop.run_until_complete(main(FakeClock(loop)))
    finally:
        loop.close()


class FakeClock:
    """The run clock of a virtual loop."""

    def __init__(self, loop):
        self._loop = loop

    def now(self) -> float:
        return self._loop.time()

    def iso(self, t: float | None = None) -> str:
        return (ORIGIN + timedelta(seconds=self.now() if t is None else t)).strftime("%Y-%m-%dT%H:%M:%SZ")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds))


class Outcome(msgspec.Struct, frozen=True):
    """What the fake net answers."""

    steps: tuple = ()
    undone: str | None = None


class World:
    """A small internet: every name has an address, every server answers, but for what is set here."""

    def __init__(self):
        self.cut_names: set[str] = set()
        """Names in a ClientHello or a Host that are reset on the path from here."""
        self.cut_words: set[str] = set()
        self.page: Page | None = None
        """What answers them in plain HTTP; `None`: they are reset."""
        self.dead: set[str] = set()
        self.outages: list[tuple[float, float]] = []
        self.portals: list[tuple[float, float]] = []
        self.helper_down: list[tuple[float, float]] = []
        self.lying: set[str] = set()
        """Names that the resolvers here say do not exist."""
        self.untrusted: set[str] = set()
        self.delay = 0.1
        self.timeout = 10.0

    def address(self, name: str) -> str:
        """Where a name lives: told by the name alone, so that every run meets the same world."""
        number = sum(ord(char) * place for place, char in enumerate(name, 1)) % 60_000
        return f"198.51.{100 + number // 250 % 100}.{number % 250 + 1}"


class FakeNet:
    """Carries asks out in a `World`, and remembers what was under way when."""

    clock_offset = 0.25

    def __init__(self, clock, world: World, *, on_ask: Callable | None = None):
        self.clock, self.world, self.on_ask = clock, world, on_ask
        self.log: list[tuple[float, float, Ask, Side]] = []
        self.kept: list[tuple[Ask, bool]] = []

    async def watch_helper(self):
        down = any(a <= self.clock.now() < b for a, b in self.world.helper_down)
        await asyncio.sleep(self.world.delay)
        return HelperWatch(t=self.clock.now(), reached=not down)

    async def ask(self, ask: Ask, side: Side = Side.HERE, *, keep_body: bool = False):
        if self.on_ask is not None:
            self.on_ask(ask, side)
        self.kept.append((ask, keep_body))
        t0 = self.clock.now()
        outage = side is Side.HERE and any(a <= t0 < b for a, b in self.world.outages)
        steps, wait = self._outcome(ask, side, t0, outage=outage)
        await asyncio.sleep(wait)
        self.log.append((t0, self.clock.now(), ask, side))
        return Outcome(steps=steps)

    def _outcome(self, ask, side, t0, *, outage):
        world = self.world
        slow, quick = t0 + world.timeout, t0 + world.delay
        if ask.layer is Layer.DNS:
            return self._lookup(ask, side, t0, outage=outage)
        failure = Failure.TIMEOUT if outage or ask.address in world.dead else None
        t = slow if failure else quick
        connect = Connect(t0=t0, t=t, address=ask.address, port=ask.port or 443, failure=failure)
        if failure is not None or ask.layer is Layer.TCP:
            return (connect,), t - t0
        name = ask.sni or (ask.url or "").partition("://")[2].partition("/")[0]
        text = " ".join(str(part) for part in (ask.sni, ask.url, ask.host, ask.payload))
        cut = side is Side.HERE and (name in world.cut_names or any(word in text for word in world.cut_words))
        instead = world.page if cut and ask.layer is Layer.HTTP else None
        failure = Failure.RESET if cut and instead is None else None
        steps = [connect]
        secure = ask.layer is Layer.TLS or (ask.url or "").startswith("https:")
        if secure:
            trusted = name not in world.untrusted
            bad = failure or (None if trusted or not ask.verify else Failure.UNKNOWN_AUTHORITY)
            steps.append(
                Handshake(
                    t0=quick,
                    t=quick,
                    address=ask.address,
                    port=ask.port or 443,
                    sni=ask.sni,
                    spoke=not cut,
                    valid=None if cut else trusted,
                    failure=bad,
                )
            )
            failure = bad
        if ask.layer is Layer.HTTP and not (secure and failure):
            page = instead
            if failure is None and page is None:
                portal = any(a <= t0 < b for a, b in world.portals)
                body = "please sign in" if portal else f"GET {ask.url}"
                echo = ask.address == HELPER.address and not portal
                body = base64.b64encode(body.encode()).decode() if echo else body
                names = ECHO.header_names if echo else ("content-type",)
                page = Page(status=200, header_names=names, title="page", body_length=len(body), body=body)
            steps.append(Fetch(t0=quick, t=quick, url=ask.url, page=page, failure=failure, curve=((0.0, 2000),)))
        if ask.layer is Layer.RAW:
            steps.append(
                Exchange(t0=quick, t=quick, address=ask.address, port=ask.port, received=b"x", failure=failure)
            )
        return tuple(steps), world.delay

    def _lookup(self, ask, side, t0, *, outage):
        world, common = self.world, {"resolver": ask.resolver, "name": ask.name, "qtype": "A", "t0": t0}
        silent = outage or ask.resolver == HELPER.dark_resolver
        if silent:
            wait = ask.timeout or 5.0
            return (Resolve(t=t0 + wait, failure=Failure.TIMEOUT, sent=3, **common),), wait
        t = t0 + world.delay
        if side is Side.HERE and ask.name in world.lying:
            answer = Answer(t=t, rcode=3, failure=Failure.NXDOMAIN)
            return (Resolve(t=t, answers=(answer,), failure=Failure.NXDOMAIN, **common),), world.delay
        answer = Answer(t=t, rcode=0, addresses=(world.address(ask.name),))
        return (Resolve(t=t, answers=(answer,), **common),), world.delay


class FakeFolder:
    """A run folder in memory. `die_after` lets the process be killed after so many appends."""

    def __init__(self, run: str, die_after: int | None = None):
        self.run = run
        self.trials: list[tuple[int, object]] = []
        self.voids: list = []
        self.lines: list = []
        self.marks: list = []
        self.die_after = die_after

    def together(self):
        return contextlib.nullcontext()

    def journal_append(self, trial, target):
        assert all(trial.id != known.id for _, known in self.trials), f"trial {trial.id} was written twice"
        self.trials.append((target, trial))
        if self.die_after is not None and len(self.trials) >= self.die_after:
            raise Killed

    def journal_void(self, target, voids):
        self.voids.append((target, voids))

    def journal_mark(self, name, t=0.0, **facts):
        self.marks.append((name, t, facts))

    def seal(self, record, target):
        assert all(getattr(line, "id", None) != record.id for line in self.lines), f"{record.id} was sealed twice"
        self.lines.append(record)

    def amend(self, amend):
        self.lines.append(amend)

    def replay(self):
        sealed = {int(line.id.rpartition("-")[2]) for line in self.lines if isinstance(line, Record)}
        return Replay(trials=tuple(self.trials), voids=tuple(self.voids), sealed=frozenset(sealed))

    def records(self):
        amends = tuple(line for line in self.lines if not isinstance(line, Record))
        for line in self.lines:
            if isinstance(line, Record):
                yield amended(line, amends)

    def record(self, index: int) -> Record:
        """The amended record of one target."""
        return next(record for record in self.records() if record.id == record_id(self.run, index))


class Killed(BaseException):
    """kill -9, as far as a test can be killed: nothing after it is written."""


class Never:
    """No text is excluded."""

    def hit(self, text: str) -> bool:
        return False


class Holding:
    """Texts that hold `term` are excluded."""

    def __init__(self, term: str):
        self.term = term

    def hit(self, text: str) -> bool:
        return self.term in text


def sites(*names: str, experiment: str = "web", **more) -> tuple[Target, ...]:
    """Targets, harmless by category."""
    form = "https://{}/" if experiment == "web" else "{}"
    return tuple(Target(experiment=experiment, text=form.format(name), category="NEWS", **more) for name in names)


def plan_of(*targets: Target, **more) -> RunPlan:
    """A run over `targets`."""
    return RunPlan(**{"run": "20261121T2233Z-3f9c", "targets": targets, "baselines": BASELINES, **more})


class Carried(msgspec.Struct):
    """What a fake run left."""

    ended: object
    events: list
    net: FakeNet
    folder: FakeFolder

    def of(self, kind) -> list:
        """The events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]


def carry(
    plan,
    world,
    *,
    folder=None,
    start=0.0,
    exclude=None,
    network=lambda: "home",
    on_ask=None,
    stop_at=None,
    aside=at_once,
    until=lambda: None,
):
    """Carry a run out in virtual time."""
    folder = FakeFolder(plan.run) if folder is None else folder
    events = []

    async def main(clock):
        net = FakeNet(clock, world, on_ask=on_ask)
        work = asyncio.ensure_future(
            carry_out(
                plan,
                net=net,
                clock=clock,
                folder=folder,
                on_event=events.append,
                network=network,
                exclude=exclude or Never(),
                aside=aside,
                until=until,
            )
        )
        if stop_at is not None:
            asyncio.get_running_loop().call_at(stop_at, work.cancel)
        return Carried(ended=await work, events=events, net=net, folder=folder)

    return virtually(main, start=start)
