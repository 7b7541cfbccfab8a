"""The desk: every inquiry of the run, what it was told, and the sealing of its record.

Pure but for the folder it seals into. Which inquiry a trial belongs to follows from the trial's id. A finished target
is not sealed at once: a good look at the network must follow its last trial, for only then is it certain that nothing
of it will be found void by an outage; and a word waits until the canaries of its place are decided.
"""

from collections.abc import Callable, Iterable, Iterator

import msgspec

from hushmap.experiments import Conditions, Echo, Inquiry, in_line, measured, open_inquiry, planting
from hushmap.model import IDS_PER_TARGET, Amend, Attempt, Context, Record, Target, Trial, Void, place_key
from hushmap.runner.orders import CALIBRATION, RunPlan
from hushmap.runner.ports import Clock, Sealing
from hushmap.runner.schedule import target_of
from hushmap.runs import record_id

_PAIRED = 4
"""Windows of targets that are open at all, those among them whose pairs wait for a minute or a quiet link: a list of
nothing but blocked sites must not be in memory as a whole."""


class Desk:
    """All inquiries of one run, by their target's place in the run order."""

    def __init__(
        self,
        plan: RunPlan,
        conditions: Conditions,
        clock: Clock,
        folder: Sealing,
        has_fired: Callable[[Record], bool],
    ) -> None:
        """`has_fired` says of a canary's record whether it was blocked; judging is not this room's."""
        self.plan = plan
        self.conditions = conditions
        self.sealed: set[int] = set()
        self.ended: dict[int, str] = {}
        """Targets whose inquiry the runner ended, and why (`excluded`, `budget`, `software_fault`)."""
        self.voids = 0
        self._clock, self._folder, self._has_fired = clock, folder, has_fired
        self._open: dict[int, Inquiry] = {}
        self._fresh: set[int] = set()
        self._paired: set[int] = set()
        """Targets that were asked about to the end once: what they wait for is time, for the most part."""
        self._pending: dict[int, set[int]] = {}
        self._asked_f0: dict[int, float] = {}
        self._last: dict[int, float] = {}
        self._sealed_voids: dict[int, set[int]] = {}
        self._fired: dict[str, bool] = {}
        self._next = 0
        self._planted = frozenset(
            index for index, target in enumerate(plan.targets) if target.experiment == CALIBRATION
        )
        self._planted_by: dict[str, int] = {}
        """Whose calibration is known, by place and writing."""
        self._canaries: dict[str, set[int]] = {}
        for index, target in enumerate(plan.targets):
            if target.canary:
                self._canaries.setdefault(place_key(target.place, target.encoding), set()).add(index)

    def adopt(self, sealed: Iterable[int], records: Iterable[Record]) -> None:
        """Know the records that an earlier process of this run has sealed."""
        self.sealed |= set(sealed)
        by_id = {record.id: record for record in records}
        for index in self.sealed:
            record = by_id.get(record_id(self.plan.run, index))
            self._sealed_voids[index] = set(record.voided) if record else set()
            if record is not None and record.experiment == CALIBRATION:
                self._learn(index, record)
            if record is not None and record.canary:
                for place, fired in record.context.canaries.items():
                    self._fired[place] = self._fired.get(place, False) or fired

    @property
    def targets(self) -> int:
        """How many there are."""
        return len(self.plan.targets)

    @property
    def finished(self) -> tuple[int, ...]:
        """Targets asked to the end and not yet sealed."""
        return tuple(index for index in self._open if self._is_finished(index))

    @property
    def repeating(self) -> int:
        """Targets at which something is being tried again."""
        return sum(inquiry.suspicious() for index, inquiry in self._open.items() if not self._is_finished(index))

    @property
    def all_finished(self) -> bool:
        """Whether nothing more will be asked before something is sealed, unless something turns out void."""
        opened = self._next >= self.targets or self._waits(self._next)
        return opened and all(self._is_finished(index) for index in self._open)

    def target(self, index: int) -> Target:
        """The target at a place of the run order."""
        return self.plan.targets[index]

    def questions(self, f0: float) -> tuple[Attempt, ...]:
        """All attempts that inquiries now want; new targets are opened while few are open."""
        attempts: list[Attempt] = []
        for index in sorted(self._fresh):
            attempts += self._ask_in_turn(index, f0)
        working = [index for index in self._open if not self._is_finished(index)]
        room = min(
            self.plan.window - sum(index not in self._paired for index in working),
            _PAIRED * self.plan.window - len(working),
        )
        while self._next < self.targets and room > 0 and not self._waits(self._next):
            index, self._next = self._next, self._next + 1
            if index not in self.sealed and index not in self._open:
                self.open(index)
                attempts += self._ask_in_turn(index, f0)
                room -= not self._is_finished(index)
        return tuple(attempts)

    @property
    def planting(self) -> tuple[Echo, ...]:
        """What open calibrations have found of our ports so far."""
        return planting(self._planters())

    def _planters(self) -> Iterator[Inquiry]:
        return (self._open[index] for index in self._planted if index in self._open and index not in self.ended)

    def trials(self, index: int) -> tuple[Trial, ...]:
        """What an open target was told."""
        return self._open[index].trials

    def span(self, index: int) -> tuple[float, float]:
        """When the trials of an open target began and ended, on the run clock."""
        trials = self._open[index].trials
        now = self._clock.now()
        return min((trial.t0 for trial in trials), default=now), max((trial.t for trial in trials), default=now)

    def open(self, index: int) -> Inquiry:
        """The inquiry of a target, opened if need be."""
        if index not in self._open:
            first = (index + 1) * IDS_PER_TARGET
            self._open[index] = open_inquiry(self.target(index), self.conditions, first)
            self._fresh.add(index)
        return self._open[index]

    def tell(self, index: int, trial: Trial) -> None:
        """Give a trial to its inquiry; a sealed target takes no more."""
        self._pending.get(index, set()).discard(trial.id)
        if index in self.sealed:
            return
        self.open(index).tell(trial)
        if trial.pair is not None:
            self._paired.add(index)
        self._last[index] = max(self._last.get(index, 0.0), trial.t)
        self._fresh.add(index)

    def void(self, voids: Iterable[Void]) -> dict[int, tuple[Void, ...]]:
        """Give voids to the inquiries concerned; sealed records get an amend. Those that are news, by target."""
        news: dict[int, tuple[Void, ...]] = {}
        for void in voids:
            index = target_of(void.trial)
            if index is not None and self._is_news(index, void):
                news[index] = (*news.get(index, ()), void)
        for index, found in news.items():
            self.voids += len(found)
            if index in self.sealed:
                self._sealed_voids[index] |= {void.trial for void in found}
                self._folder.amend(Amend(record=record_id(self.plan.run, index), voids=found))
            else:
                self._open[index].void(found)
                self._fresh.add(index)
        return news

    def end(self, index: int, reason: str, dropped: Iterable[Attempt] = ()) -> None:
        """Ask nothing more about a target; `dropped` attempts will not be made. What there is will be sealed."""
        self.ended.setdefault(index, reason)
        self._fresh.discard(index)
        self._pending.get(index, set()).difference_update(attempt.id for attempt in dropped)

    def ripe(self, confirmed: float, f0: float) -> tuple[tuple[int, ...], tuple[Attempt, ...]]:
        """Targets that may be sealed now, and attempts of those that want more after all.

        A target is ripe when all of it ended before `confirmed`, the start of the last good look at the network, and
        when its inquiry is still done at `f0`: the line's noise as it is known now is what judging will be told.
        """
        ready: list[int] = []
        more: list[Attempt] = []
        for index in self.finished:
            if self._pending.get(index) or not self._confirmed(index, confirmed) or not self._canaries_decided(index):
                continue
            if index not in self.ended and self._asked_f0.get(index) != f0:
                more += self._ask(index, f0)
                if not self._open[index].done:
                    continue
            ready.append(index)
        return tuple(ready), tuple(more)

    def seal(self, index: int, context: Context) -> Record:
        """Write the record of a finished target, and let its inquiry go."""
        inquiry = self._open[index]
        record = self._record(index, inquiry, context)
        if record.canary:
            place = place_key(record.layer, record.encoding) or record.experiment
            self._fired[place] = self._fired.get(place, False) or self._has_fired(record)
        context = msgspec.structs.replace(record.context, canaries=dict(self._fired))
        record = msgspec.structs.replace(record, context=context)
        if record.experiment == CALIBRATION:
            self._learn(index, record)
        self._folder.seal(record, index)
        self.sealed.add(index)
        self._sealed_voids[index] = set(record.voided)
        del self._open[index]
        self._fresh.discard(index)
        return record

    def _record(self, index: int, inquiry: Inquiry, context: Context) -> Record:
        target, plan = self.target(index), self.plan
        since, until = self.span(index)
        return Record(
            id=record_id(plan.run, index),
            run=plan.run,
            experiment=target.experiment,
            target=target.text,
            layer=target.place.value if target.place is not None else None,
            encoding=target.encoding,
            words=target.words,
            service=target.service,
            post=target.post,
            platform=target.platform,
            category=target.category,
            canary=target.canary,
            started=self._clock.iso(since),
            ended=self._clock.iso(until),
            run_started=self._clock.iso(0.0),
            vantage=plan.vantage,
            software=plan.software,
            context=msgspec.structs.replace(
                context,
                voids=inquiry.voids,
                calibrations=dict(self.conditions.calibrations) if target.place is not None else {},
                budget_spent=self.ended.get(index) == "budget",
            ),
            annotations=plan.annotations,
            trials=inquiry.trials,
        )

    def _ask_in_turn(self, index: int, f0: float) -> tuple[Attempt, ...]:
        """What it wants, unless its turn has not come: then it stays fresh, and is looked at again."""
        if index in self._open and in_line(self._open[index], self._planters()):
            return ()
        self._fresh.discard(index)
        return self._ask(index, f0)

    def _ask(self, index: int, f0: float) -> tuple[Attempt, ...]:
        inquiry = self._open.get(index)
        if inquiry is None or index in self.ended:
            return ()
        attempts = inquiry.ask(f0)
        self._asked_f0[index] = f0
        if any(attempt.pair is not None for attempt in attempts):
            self._paired.add(index)
        pending = self._pending.setdefault(index, set())
        pending |= {attempt.id for attempt in attempts}
        if not inquiry.done and not pending:
            # It waits for answers that nobody owes it. That is our fault, never the network's.
            self.end(index, "software_fault")
        return attempts

    def _waits(self, index: int) -> bool:
        """Whether a target is about words and what was planted for them is not sealed yet."""
        target = self.target(index)
        return target.place is not None and index not in self._planted and not self._planted <= self.sealed

    def _learn(self, index: int, record: Record) -> None:
        """Know what was planted: for inquiries that are opened from now on, and for their records.

        Of several canaries in one place one that fired counts, and of these the first of the run order.
        """
        key, found = measured(record, self.plan.knowledge)
        before = self.conditions.calibrations.get(key)
        if before is not None and (before.fired, -self._planted_by[key]) > (found.fired, -index):
            return
        self._planted_by[key] = index
        known = {**self.conditions.calibrations, key: found}
        self.conditions = msgspec.structs.replace(self.conditions, calibrations=known)

    def _confirmed(self, index: int, confirmed: float) -> bool:
        return self._last.get(index, 0.0) <= confirmed

    def _canaries_decided(self, index: int) -> bool:
        """Whether what proves that words of this place can be seen blocked is known."""
        target = self.target(index)
        if target.canary or target.place is None:
            return True
        return self._canaries.get(place_key(target.place, target.encoding), set()) <= self.sealed

    def _is_finished(self, index: int) -> bool:
        return index in self.ended or (self._open[index].done and index not in self._fresh)

    def _is_news(self, index: int, void: Void) -> bool:
        if index in self.sealed:
            return void.trial not in self._sealed_voids.setdefault(index, set())
        inquiry = self._open.get(index)
        if inquiry is None:
            return False
        known = {one.trial for one in inquiry.voids}
        return void.trial not in known and any(trial.id == void.trial for trial in inquiry.trials)
