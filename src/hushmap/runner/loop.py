"""The only loop: starts attempts, keeps every trial on the disk before anybody learns of it, seals what is finished.

All that it knows is in the book, all that waits is in the lane; here is time, the disk and the tasks in flight. There
is one await at which a run spends its life, so that Ctrl-C finds it there: what ended is then journalled, what is in
flight is given up and will be asked again. `kill -9` differs only in that the loop is not asked. The disk is written
beside it (keeping.py): an attempt holds its place until its trial is kept and understood.
"""

import asyncio
from collections.abc import Callable, Iterable
from functools import lru_cache, partial

import msgspec

from hushmap.catalog import exclusions
from hushmap.model import (
    Attempt,
    HelperWatch,
    Record,
    Role,
    Side,
    Step,
    Target,
    Trial,
    trial_of,
)
from hushmap.net import fingerprint, host_facts
from hushmap.runner.allowance import excluded
from hushmap.runner.book import BUDGET, EXCLUDED, PORTAL, Book, Taken
from hushmap.runner.easing import Easing
from hushmap.runner.keeping import Aside, Keeper, at_once
from hushmap.runner.orders import RunPlan, risky
from hushmap.runner.ports import (
    DONE,
    EARLY,
    INTERRUPTED,
    NOTHING,
    Clock,
    Ended,
    Event,
    Excluding,
    Folder,
    Net,
    TargetDone,
)
from hushmap.runner.resume import restore
from hushmap.runner.schedule import SLOWEST, Lane, target_of
from hushmap.runner.sentinel import CHANGED, REACHED, START_ROUNDS, UNREACHED, UNTRIED
from hushmap.runner.tally import cut_off
from hushmap.runner.telling import Teller
from hushmap.runs import RUN_ITSELF

TICK = 0.001
"""Added to every pause: timers may fire a moment early, and nothing here needs a millisecond."""
SEALED_AT_ONCE = 8
"""Records sealed in one turn: a good look at the network makes hundreds ripe, and to judge one takes milliseconds in
which nothing is heard of the network."""
STARTED_AT_ONCE = 4
"""Attempts started in one turn: before each its texts are looked up among what is never sent, which takes a
twentieth of a second for a long new one, and answers to those that have started must be heard meanwhile."""
LONGEST_PAUSE = 10.0
"""Seconds after which the loop looks around though nothing happened."""


def whereabouts() -> str:
    """The network that this computer is in, by `net.fingerprint`; empty while it is in none."""
    return fingerprint() if host_facts().interface is not None else ""


class _Carried(msgspec.Struct, frozen=True):
    """What a task brings back."""

    t0: float
    t: float
    steps: tuple[Step, ...] = ()
    undone: str | None = None


async def carry_out(
    run: RunPlan,
    *,
    net: Net,
    clock: Clock,
    folder: Folder,
    on_event: Callable[[Event], None],
    network: Callable[[], str] = whereabouts,
    exclude: Excluding | None = None,
    has_fired: Callable[[Record], bool] = cut_off,
    earlier: Iterable[tuple[Target, Trial]] = (),
    aside: Aside = at_once,
    until: Callable[[], str | None] = lambda: None,
) -> Ended:
    """Carry out a run, or go on with one whose folder holds a journal.

    Args:
        run: what to do; the same for every process that works on one run.
        net: where asks go.
        clock: the run's time; for a resumed run one that goes on from the run's start.
        folder: the run's folder, open for writing.
        on_event: told what happens, as it happens; the last event is also returned.
        network: tells the network by a value that changes when it does; empty where there is none at all.
        exclude: what must never be sent; by default the shipped list.
        has_fired: whether a canary's record shows blocking; `cli` gives the judge's word.
        earlier: what other runs tried in the last day (`earlier_trials`): contacts are counted by the day.
        aside: has what waits for the disk done beside the loop; `cli` gives a thread.
        until: asked at every turn, at least each `LONGEST_PAUSE`; a reason ends the run early, and in order.
    """
    loop = _Loop(run, net, clock, folder, on_event, network, exclude or exclusions(), has_fired, aside, until)
    for target, trial in earlier:
        loop.book.allowance.remember(target, trial)
    return await loop.run()


class _Loop:
    """One process's work on one run."""

    def __init__(
        self,
        plan: RunPlan,
        net: Net,
        clock: Clock,
        folder: Folder,
        on_event: Callable[[Event], None],
        network: Callable[[], str],
        exclude: Excluding,
        has_fired: Callable[[Record], bool],
        aside: Aside,
        until: Callable[[], str | None],
    ) -> None:
        self.plan, self.net, self.clock, self.folder = plan, net, clock, folder
        self.tell, self.network, self.until = on_event, network, until
        self.never = lru_cache(8192)(exclude.hit)  # a target's few texts recur in all that is asked about it
        self.keeper = Keeper(folder, aside)
        self.book = Book(plan, clock, self.keeper, has_fired)
        self.lane = Lane(plan.rates.scaled(plan.scale), self.book.cooldown.ready)
        self.easing = Easing(self.book, self.lane, clock.now)
        self.tasks: dict[asyncio.Task[_Carried], Attempt] = {}
        self.started = False
        self.unsealed = False
        """Whether more could be sealed at once than is healthy."""
        self.unstarted = False
        """The same of what could be started."""
        self.rounds_here = 0
        self.where = ""
        self.say = Teller(on_event, self.book, clock)

    async def run(self) -> Ended:
        """Work until the end, whatever ends it."""
        try:
            restore(self.book, self.folder)
            ended = await self._work()
        except asyncio.CancelledError:
            await self._stop()
            task = asyncio.current_task()
            if task is not None:
                task.uncancel()  # the request is granted: the run has stopped, and says how far it came
            ended = (INTERRUPTED, "stopped")
        except BaseException:
            await self._stop()
            raise
        event = self.say.ended(*ended)
        self.keeper.journal_mark("end", event.t, code=event.code, reason=event.reason)
        await self.keeper.finish()
        return event

    async def _work(self) -> tuple[int, str]:
        while True:
            ended = self._step()
            if ended is not None:
                while self.tasks:
                    await self._wait(None)
                    self._collect()
                await self.keeper.finish()
                self._seal(len(self.plan.targets))
                await self.keeper.finish()
                return ended
            await self._wait(self._pause())
            self._collect()

    # One turn

    def _step(self) -> tuple[int, str] | None:
        """All that can be done now, without waiting; why the run ends, if it does."""
        over = self.until()
        ended = self._watch() if over is None else (EARLY, over)
        if ended is not None:
            return ended
        desk = self.book.desk
        if desk is not None and self.started:
            self._seal()
            self.easing.look(desk)
            if len(desk.sealed) >= desk.targets:
                return DONE, "done"
            if self.book.allowance.broke(self.lane.in_flight) and not desk.all_finished:
                self.say.notice("budget", f"{self.book.allowance.bytes} bytes used: the limit of this run")
                return EARLY, "budget"
            if self.book.halt is not None:
                return EARLY, self.book.halt
            if not self.lane.hold:
                self._question()
        self._start()
        self._keep_pace()
        self.say.progress(self.lane.in_flight)
        return None

    def _watch(self) -> tuple[int, str] | None:
        """Look at the network when it is time, and draw the consequences of the last look."""
        sentinel = self.book.sentinel
        if self.rounds_here and not sentinel.busy:
            last = sentinel.rounds[-1]
            if not self.started and not last.good and self.rounds_here >= START_ROUNDS:
                return (EARLY if self.book.latest else NOTHING), PORTAL if last.portal else "network_down"
            if sentinel.given_up():
                return EARLY, "network_lost"
            if last.good and not self.started:
                self.started = True
                self.say.started()
        looks = not sentinel.busy and (self._wants_look() or sentinel.due() <= self.clock.now())
        if looks and self._look():
            return EARLY, CHANGED
        self.lane.hold = self.book.lost or not self.started
        if self.started:
            self.say.network()
        return None

    def _wants_look(self) -> bool:
        """At the start of a process, and when only a look at the network is missing for what is finished."""
        if not self.rounds_here:
            return True
        desk, idle = self.book.desk, self.lane.waiting == 0 and self._rests()
        unsealed = desk is not None and desk.all_finished and bool(desk.finished)
        return idle and unsealed and not self.book.lost and self.book.confirmed < self.book.latest

    def _rests(self) -> bool:
        """Whether nothing is under way, and all that was is known."""
        return not self.tasks and self.keeper.idle

    def _look(self) -> bool:
        """Begin a round; whether the network is not the one of before, which ends the run."""
        now_where = self.network()
        changed = bool(self.where and now_where) and now_where != self.where
        self.where = now_where or self.where  # no network at all is a lost one, not another one
        self.rounds_here += 1
        for attempt in self.book.sentinel.begin(changed=changed):
            if changed:
                now = self.clock.now()
                self._keep(trial_of(attempt, undone=CHANGED, t0=now, t=now))
            else:
                self.lane.add(attempt)
        return changed

    def _question(self) -> None:
        desk = self.book.desk
        assert desk is not None, "questions come after the first good look"
        known = set(desk.ended)
        for attempt in desk.questions(self.book.f0):
            self.lane.add(self.easing.eased(desk, attempt))
        for index in set(desk.ended) - known:
            self.say.notice(desk.ended[index], f"{desk.target(index).text}: an inquiry stopped without an end")

    def _seal(self, most: int = SEALED_AT_ONCE) -> None:
        """Seal what no look at the network can change any more."""
        desk, self.unsealed = self.book.desk, False
        if desk is None or self.book.confirmed < 0:
            return
        while not self.unsealed:
            ready, more = desk.ripe(self.book.confirmed, self.book.f0)
            for attempt in more:
                self.lane.add(attempt)
            for index in ready[:most]:
                context = self.book.context(index)
                record = desk.seal(index, msgspec.structs.replace(context, clock_offset=self.net.clock_offset))
                self.keeper.then(partial(self.tell, TargetDone(index=index, record=record)))
            if not ready:
                return  # sealing a canary may have made words ripe: look until nothing is
            self.unsealed = len(ready) > most

    # Attempts

    def _start(self) -> None:
        started = self.lane.start(self.clock.now(), STARTED_AT_ONCE)
        self.unstarted = len(started) == STARTED_AT_ONCE
        for attempt in started:
            index = target_of(attempt.id)
            desk = self.book.desk
            target = desk.target(index) if desk is not None and index is not None else None
            undone = None
            if excluded(attempt.ask, self.never):
                undone = EXCLUDED
            elif not self.book.allowance.contact(target, attempt, self.clock.now()):
                undone = BUDGET
            if undone is not None:
                self._refuse(attempt, undone)
                continue
            keep = target is None or not risky(target)
            task = asyncio.get_running_loop().create_task(self._carry(attempt, keep_body=keep))
            self.tasks[task] = attempt

    def _refuse(self, attempt: Attempt, undone: str) -> None:
        """An attempt that must not be made ends its inquiry; what else waits for the target is taken back."""
        now = self.clock.now()
        self._keep(trial_of(attempt, undone=undone, in_flight=self.lane.beside(attempt.id), t0=now, t=now))
        index = target_of(attempt.id)
        if index is not None and self.book.desk is not None:
            self.book.desk.end(index, undone, self.lane.drop(index))
            why = "holds what is never sent" if undone == EXCLUDED else "has been asked for as often as a day allows"
            self.say.notice(undone, f"target {index + 1} {why}")

    async def _carry(self, attempt: Attempt, *, keep_body: bool) -> _Carried:
        t0 = self.clock.now()
        if attempt.role is Role.SENTINEL and attempt.side is Side.HELPER:
            return self._watched(await self.net.watch_helper())
        outcome = await self.net.ask(attempt.ask, attempt.side, keep_body=keep_body)
        return _Carried(t0=t0, t=self.clock.now(), steps=outcome.steps, undone=outcome.undone)

    def _watched(self, watch: HelperWatch | None) -> _Carried:
        if watch is None:
            return _Carried(t0=self.clock.now(), t=self.clock.now(), undone=UNTRIED)
        return _Carried(t0=watch.t, t=watch.t, undone=REACHED if watch.reached else UNREACHED)

    async def _wait(self, seconds: float | None) -> None:
        self.keeper.go()
        awaited = {*self.tasks, *((self.keeper.writing,) if self.keeper.writing is not None else ())}
        if awaited:
            await asyncio.wait(awaited, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        else:
            await self.clock.sleep(seconds or 0.0)

    def _pause(self) -> float:
        """Until something could be done though no attempt ends."""
        now = self.clock.now()
        if self.unsealed or self.unstarted:
            return 0.0
        times = [now + LONGEST_PAUSE]
        wake = self.lane.wake(now)
        if wake is not None:
            times.append(wake)
        if not self.book.sentinel.busy:
            times.append(self.book.sentinel.due())
        return max(0.0, min(times) - now) + TICK

    def _collect(self) -> None:
        """Give what has ended to be journalled, in the order in which it ended; learn from what has been."""
        self.keeper.act()
        done = [task for task in self.tasks if task.done()]
        fault = next((error for task in done if (error := task.exception()) is not None), None)
        results = [(task.result(), self.tasks[task]) for task in done if task.exception() is None]
        self.tasks = {task: attempt for task, attempt in self.tasks.items() if not task.done()}
        ended = sorted(results, key=lambda pair: pair[0].t)
        for carried, attempt in ended:
            self._keep(
                trial_of(
                    attempt,
                    carried.steps,
                    undone=carried.undone,
                    in_flight=self.lane.beside(attempt.id),
                    t0=carried.t0,
                    t=carried.t,
                )
            )
        if fault is not None:
            raise fault

    def _keep(self, trial: Trial) -> None:
        """On the disk first, then in the book: nobody acts on what a crash could take back."""
        index = target_of(trial.id)
        self.keeper.journal_append(trial, RUN_ITSELF if index is None else index)
        self.keeper.then(partial(self._learn, trial))

    def _learn(self, trial: Trial) -> None:
        self.lane.finish(trial.id)
        self._follow(self.book.take(trial))

    def _follow(self, taken: Taken) -> None:
        for attempt in taken.follow:
            self.lane.add(attempt)
        for target, voids in taken.voids.items():
            self.keeper.journal_void(target, voids)
        if taken.round is not None:
            self.say.helper(taken.round)

    async def _stop(self) -> None:
        """Keep what has ended, give up what has not."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        for task in [task for task in self.tasks if task.cancelled() or task.exception() is not None]:
            del self.tasks[task]
        self._collect()
        await self.keeper.finish()

    def _keep_pace(self) -> None:
        tally, slowest = self.book.tally, SLOWEST * self.plan.scale
        slower = tally.lossy
        if (slower or tally.calm) and self.lane.pace(0.5 if slower else 2.0, slowest):
            tally.begin_anew()
            self.say.pace(self.lane.flows / self.plan.scale, slower=slower)
