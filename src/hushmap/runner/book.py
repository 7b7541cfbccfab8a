"""The book: all that a run knows, from its trials alone.

A trial goes in once, whether it has just ended or stands in the journal of a killed run, and everything follows: what
its inquiry was told, which trials are void, how noisy the line is, what was spent. Live and replayed runs share this
one path, which is why a resumed run ends with the records of an uninterrupted one.
"""

from collections.abc import Callable, Iterable

import msgspec

from hushmap.experiments import Cooldown, Echo, echoes, halts, run_f0
from hushmap.model import Attempt, Context, Record, Side, Trial, Void
from hushmap.net import parse_resolver
from hushmap.runner.allowance import Allowance
from hushmap.runner.desk import Desk
from hushmap.runner.orders import RunPlan, conditions, watched
from hushmap.runner.ports import Clock, Sealing
from hushmap.runner.prefixes import followed, prefixes_of
from hushmap.runner.schedule import target_of
from hushmap.runner.sentinel import CHANGED, EVERY_SECONDS, Round, Sentinel
from hushmap.runner.tally import Tally

EXCLUDED, BUDGET = "excluded", "budget"
"""`undone` of attempts that were not allowed; each ends its inquiry."""
LOST, PORTAL = "network_lost", "captive_portal"
WATCH_SECONDS = 600.0
"""A comparison point counts for what was asked within ten minutes of its own success (METHOD 1, `down`)."""


class Outage(msgspec.Struct):
    """From the last good look at the network to the next; what was under way then is void."""

    since: float
    until: float
    reason: str

    def holds(self, trial: Trial) -> bool:
        """Whether `trial` was under way in it."""
        return trial.side is Side.HERE and trial.t > self.since and trial.t0 < self.until


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What followed from one trial."""

    follow: tuple[Attempt, ...] = ()
    voids: dict[int, tuple[Void, ...]] = msgspec.field(default_factory=dict)
    """News, by target."""
    round: Round | None = None
    """The look at the network that this trial completed."""


class Book:
    """The state of one run."""

    def __init__(self, plan: RunPlan, clock: Clock, folder: Sealing, has_fired: Callable[[Record], bool]) -> None:
        self.plan = plan
        self.desk: Desk | None = None
        """`None` until the network was first found in order."""
        self.cooldown = Cooldown(plan.scale)
        self.sentinel = Sentinel(watched(plan))
        place = plan.helper
        self.dark = place.dark_resolver if place else None
        self.tally = Tally(self.dark)
        own = {ours for ours in (plan.own_address, self.dark) if ours is not None}
        harmless = {name.lower().rstrip(".") for name in plan.baselines}
        harmless |= {parse_resolver(one).host for one in (*plan.resolvers, *plan.comparison_resolvers)}
        self.allowance = Allowance(plan.limits, harmless=frozenset(harmless), own=frozenset(own))
        self.outages: list[Outage] = []
        self.replaying = False
        """Whether trials are those of a journal."""
        self.latest = 0.0
        """End of the last trial of a target."""
        self.halt: str | None = None
        """Why no further word should be sent (`experiments.halts`), once that is so."""
        self._warned = False
        """Whether it was so before: who resumes a run that stopped for this has read why."""
        self._clock, self._folder, self._has_fired = clock, folder, has_fired
        self._adopted: tuple[frozenset[int], tuple[Record, ...]] = (frozenset(), ())
        self._early: list[Trial] = []
        self._unconfirmed: list[Trial] = []

    def adopt(self, sealed: Iterable[int], records: Iterable[Record]) -> None:
        """Know what an earlier process of this run has sealed."""
        self._adopted = (frozenset(sealed), tuple(records))

    def know(self, desk: Desk) -> tuple[Echo, ...]:
        """What calibration has found of our own echo's ports: how long and how wide they rest."""
        found = echoes(desk.conditions)
        for echo in found:
            self.cooldown.know(echo.address, echo.ports, echo.residual)
        return found

    @property
    def lost(self) -> bool:
        """Whether the last look at the network found it lost."""
        return self.sentinel.lost_since is not None

    @property
    def confirmed(self) -> float:
        """Everything that ended before this lies between good looks at the network; -1 while it is lost."""
        good = self.sentinel.last_good
        return -1.0 if good is None or self.lost else good.t0

    @property
    def f0(self) -> float:
        """The false-failure rate as it is known now."""
        failures, baselines = self.tally.baselines
        return run_f0(failures, baselines)

    def take(self, trial: Trial) -> Taken:
        """Learn from a trial."""
        self.allowance.spend(trial)
        self.tally.tell(trial)
        index = target_of(trial.id)
        if index is None:
            return self._take_sentinel(trial)
        if self.desk is None:
            self._early.append(trial)
            return Taken()
        self.allowance.give_back(self.desk.target(index), trial)
        return Taken(voids=self._take_target(self.desk, index, trial))

    def context(self, index: int) -> Context:
        """The run's facts as the record of a target needs them."""
        assert self.desk is not None, "nothing is sealed before the network was found"
        failures, baselines = self.tally.baselines
        since, until = self.desk.span(index)
        margin, near = EVERY_SECONDS / self.plan.scale, WATCH_SECONDS / self.plan.scale
        rounds = self.sentinel.rounds
        return msgspec.structs.replace(
            self.desk.conditions.context(self.f0),
            baseline_failures=failures,
            baselines=baselines,
            helper_watch=tuple(w for w in self.sentinel.watches if since - near <= w.t <= until + near),
            sentinels=(len(rounds), sum(not round_.good for round_ in rounds)),
            prefixes=() if self.plan.mmdb is None else prefixes_of(self.plan.mmdb, followed(self.desk.trials(index))),
            intercepted=any(r.intercepted for r in rounds if r.t >= since - margin and r.t0 <= until + margin),
        )

    def _take_sentinel(self, trial: Trial) -> Taken:
        before = len(self.sentinel.rounds)
        follow = self.sentinel.tell(trial)
        if len(self.sentinel.rounds) == before:
            return Taken(follow=follow)
        done = self.sentinel.rounds[-1]
        return Taken(follow=follow, voids=self._look(done), round=done)

    def _look(self, done: Round) -> dict[int, tuple[Void, ...]]:
        """Draw the consequences of a look at the network."""
        news: dict[int, tuple[Void, ...]] = {}
        if not done.good:
            if not self.outages or self.outages[-1].until < float("inf"):
                good = self.sentinel.last_good
                reason = CHANGED if done.changed else PORTAL if done.portal else LOST
                self.outages.append(Outage(good.t0 if good else -1.0, float("inf"), reason))
            outage = self.outages[-1]
            news = self._void(Void(trial=t.id, reason=outage.reason) for t in self._unconfirmed if outage.holds(t))
            self._unconfirmed.clear()
            return news
        if self.outages and self.outages[-1].until == float("inf"):
            self.outages[-1].until = done.t0
        self._unconfirmed = [trial for trial in self._unconfirmed if trial.t > done.t0]
        if self.desk is None:
            found = conditions(self.plan, self.sentinel.found)
            self.desk = Desk(self.plan, found, self._clock, self._folder, self._has_fired)
            self.desk.adopt(*self._adopted)
            self.know(self.desk)
            for trial in self._early:
                news |= self._take_target(self.desk, target_of(trial.id) or 0, trial)
        return news

    def _take_target(self, desk: Desk, index: int, trial: Trial) -> dict[int, tuple[Void, ...]]:
        self.latest = max(self.latest, trial.t)
        if trial.ask.resolver is None or trial.ask.resolver != self.dark:
            self.sentinel.notice(trial)  # silence where nobody runs a resolver is as it should be
        desk.tell(index, trial)
        self._heed(desk, index, trial)
        if trial.undone in {EXCLUDED, BUDGET}:
            desk.end(index, trial.undone or "")
        voids = list(self.cooldown.tell(trial))
        outage = next((outage for outage in self.outages if outage.holds(trial)), None)
        if outage is not None:
            voids.append(Void(trial=trial.id, reason=outage.reason))
        else:
            self._unconfirmed.append(trial)
        return self._void(voids)

    def _heed(self, desk: Desk, index: int, trial: Trial) -> None:
        """Notice a page that says to stop, the first of a run only."""
        if self._warned or desk.target(index).place is None:
            return
        why = halts(trial, self.plan.knowledge, desk.conditions.context(0.0))
        self._warned = why is not None
        self.halt = None if self.replaying else why

    def _void(self, voids: Iterable[Void]) -> dict[int, tuple[Void, ...]]:
        if self.desk is None:
            return {}
        every = {void.trial: void for void in voids}
        if self.replaying:  # what a sealed record needed was amended by the process that saw it
            every = {trial: void for trial, void in every.items() if target_of(trial) not in self.desk.sealed}
        for identity in every:
            self.tally.void(identity)
        return self.desk.void(every.values())
