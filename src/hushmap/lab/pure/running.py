"""Measures a whole scenario without kernel, sockets or waiting: the product's own runner on a pure network.

Everything above the sockets is the product itself: sentinel, lanes, cool-down, inquiries, sealing and judging. Below
stand the lab's own path and censors. So a change of the tool is scored in seconds, and a rule of a censor is a
function on asks (`Wires.ask`) without being written twice.
"""

import asyncio
import functools
import random
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from hushmap.catalog import Exclusions, exclusions, fingerprints, read_service
from hushmap.detect import judge
from hushmap.lab.addresses import (
    COUNTRY,
    ECHO_HTTP,
    ECHO_TCP,
    ECHO_TLS,
    HELPER,
    HONEST_RESOLVER,
    ISP_RESOLVER,
    NETWORK,
)
from hushmap.lab.building import build_path
from hushmap.lab.listing import APPS, BASELINE_WORD, category
from hushmap.lab.pure.carrier import Carrier
from hushmap.lab.pure.client import Client
from hushmap.lab.pure.elsewhere import Desk, Elsewhere
from hushmap.lab.pure.folder import KeptRun, KeptTruth
from hushmap.lab.pure.internet import Internet
from hushmap.lab.pure.loop import run
from hushmap.lab.pure.servers import Servers
from hushmap.lab.pure.verbs import Verbs
from hushmap.lab.pure.wires import EPOCH, VirtualClock, Wires
from hushmap.lab.scenario import Scenario
from hushmap.lab.truth import TruthEvent
from hushmap.model import Ask, Knowledge, Outcome, Record, Target, Vantage, Verdict
from hushmap.net import Limits
from hushmap.net import Outcome as Asked
from hushmap.runner import Ended, HelperPlace, RunPlan, carry_out, ordered


class PureRun(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a scenario."""

    judged: tuple[tuple[Record, Verdict], ...]
    truth: tuple[TruthEvent, ...]
    ended: Ended
    seconds: float
    """Of processor time, near enough; the run's own time is in its records."""


class World:
    """One pure network with the tool's room of sockets in it; to be made inside a running loop."""

    def __init__(self, scenario: Scenario, seed: int, began: datetime = EPOCH) -> None:
        loop = asyncio.get_running_loop()
        rng = random.Random(f"{seed} client")  # noqa: S311 (chance of a simulation)
        limits = Limits().scaled(scenario.scale)
        self.clock = VirtualClock(loop, began)
        self.truth = KeptTruth(loop.time)
        self._ahead = scenario.client.clock_s
        servers = Servers(scenario, self.truth, loop.time, lambda: self._world_time().timestamp())
        desk = Desk(Elsewhere(servers, limits), scenario.baselines, self._world_time)
        self.carrier = Carrier(build_path(scenario, seed, self.truth), loop)
        self.internet = Internet(self.carrier, servers, desk.answer)
        self.client = Client(self.carrier, rng, stamps=scenario.client.timestamps)
        self.verbs = Verbs(self.client, servers, scenario, limits, rng)
        self.wires = Wires(self.verbs, self.clock, limits)
        self._where = "here"
        for change in scenario.change:
            loop.call_later(change.at_s, self._change, change.kind)

    def where(self) -> str:
        """The network, by a value that changes when it does."""
        return self._where

    def _change(self, kind: str) -> None:
        if kind == "vpn":
            self.client.tunnel()
            self.verbs.resolver = HONEST_RESOLVER  # the VPN brings one along
        else:
            self.carrier.cut = True
        self._where = "" if kind == "lost" else kind

    def _world_time(self) -> datetime:
        """What the world's clocks say, the helper's among them."""
        return self.clock.wall() - timedelta(seconds=self._ahead)


class _Remembered:
    """The product's own exclusion list, asked once about each text."""

    def hit(self, text: str) -> bool:
        """Whether a text holds an excluded term."""
        return _excluded(text)


@functools.lru_cache(maxsize=65536)
def _excluded(text: str) -> bool:
    return _exclusions().hit(text)


@functools.cache
def shipped() -> Knowledge:
    """What every installation knows."""
    return fingerprints([])


@functools.cache
def _exclusions() -> Exclusions:
    return exclusions()


class Acted(msgspec.Struct, frozen=True, kw_only=True):
    """What came of asks."""

    outcomes: tuple[Asked, ...]
    truth: tuple[TruthEvent, ...]


def act(scenario: Scenario, asks: Sequence[Ask], seed: int = 1) -> Acted:
    """Each ask in its turn, on one network: every censor of the scenario as a function on asks."""

    async def asked() -> Acted:
        world = World(scenario, seed)
        outcomes = [await world.wires.ask(ask, keep_body=True) for ask in asks]
        return Acted(outcomes=tuple(outcomes), truth=tuple(world.truth.events))

    return run(asked())


def carried_out(scenario: Scenario, seed: int, *, began: datetime = EPOCH, plan: RunPlan | None = None) -> PureRun:
    """Measure a scenario that was `drawn`, and judge it; `plan` is told otherwise than `plan_of` would."""
    since = time.process_time()
    told = plan or plan_of(scenario, seed, shipped())
    known = told.knowledge
    folder, truth, ended = run(_measured(scenario, seed, began, told))
    judged = tuple((record, judge(record, known)) for record in folder.sealed)
    return PureRun(judged=judged, truth=tuple(truth), ended=ended, seconds=time.process_time() - since)


async def _measured(
    scenario: Scenario, seed: int, began: datetime, plan: RunPlan
) -> tuple[KeptRun, list[TruthEvent], Ended]:
    world, folder, known = World(scenario, seed, began), KeptRun(), plan.knowledge
    ended = await carry_out(
        plan,
        net=world.wires,
        clock=world.clock,
        folder=folder,
        on_event=lambda _: None,
        network=world.where,
        exclude=_Remembered(),
        has_fired=lambda record: judge(record, known).outcome is Outcome.BLOCKED,
    )
    return folder, world.truth.events, ended


def plan_of(scenario: Scenario, seed: int, known: Knowledge) -> RunPlan:
    """What `hushmap run` is told in a lab (lab.product), as its runner is."""
    return RunPlan(
        run="pure",
        deck=scenario.name,
        targets=ordered(targets_of(scenario), seed),
        baselines=scenario.baselines,
        baseline_word=BASELINE_WORD,
        resolvers=("system", f"udp://{ISP_RESOLVER}:53"),
        comparison_resolvers=(f"udp://{HONEST_RESOLVER}:53",),
        helper=HelperPlace(
            address=HELPER, http=ECHO_HTTP, tls=ECHO_TLS, tcp=ECHO_TCP, span=scenario.helper.span, dark=True
        ),
        vantage=Vantage(country=COUNTRY, network=NETWORK),
        knowledge=known,
        ipv6=True,
        scale=scenario.scale,
        seed=seed,
    )


def targets_of(scenario: Scenario) -> tuple[Target, ...]:
    """The deck of a scenario (lab.listing)."""
    return tuple(
        Target(
            experiment=expect.asked_by,
            text=expect.target,
            place=expect.place,
            encoding=expect.encoding,
            category=category(expect),
            canary=expect.canary,
            service=read_service(APPS / f"{expect.target}.toml") if expect.experiment == "service" else None,
        )
        for expect in scenario.expect
    )
