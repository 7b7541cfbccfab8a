"""The cycles of a series, one after the other in the foreground, each gap among them written down with its reason.

What was agreed to is frozen, and each cycle needs a consent that still stands. What was missed is not made up for: a
cycle at another hour would be another measurement.
"""

import asyncio
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec

from hushmap.cli import screen
from hushmap.cli.admitting import admit
from hushmap.cli.asking import agreed, network_key
from hushmap.cli.choosing import Chosen
from hushmap.cli.cycle_text import JUMPED, begin_line, next_line, over_line
from hushmap.cli.fault import Exit, Fault
from hushmap.cli.job import Job, Link
from hushmap.cli.options import Wishes
from hushmap.cli.place import Place, look_around
from hushmap.cli.pulse import Pulse
from hushmap.cli.running import How, carried, heed_sigterm
from hushmap.cli.starting import Ready, launch
from hushmap.net import Clock
from hushmap.runs import (
    Became,
    ClockJump,
    ConsentRegister,
    CycleBegun,
    CycleOver,
    RunsError,
    SeriesLog,
    SeriesPlan,
    Settings,
)

PIECE = 30.0
"""Seconds after which a wait looks at the clocks: a computer that woke up is noticed so soon."""
HALTS = frozenset({"captcha", "warning_page"})
"""Ends of a run after which nothing is sent by itself: whoever goes on has read why."""
MARGIN = 60.0
"""Seconds before the next cycle at which one is ended: what is under way then still ends (a page has 45 s)."""


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """What every cycle is made of."""

    plan: SeriesPlan
    chosen: Chosen
    told: Wishes
    settings: Settings
    base: Path
    how: How
    here: tuple[str | None, str | None]
    """Interface and gateway when this process began: a declared name alone would follow a laptop anywhere."""


class Cycles:
    """One process's work on one series."""

    def __init__(self, setting: Setting, log: SeriesLog, clock: Clock, pulse: Pulse) -> None:
        self.of, self.plan, self.log, self.clock, self.pulse = setting, setting.plan, log, clock, pulse
        self.jumped = False
        """Whether the clocks parted since the last cycle."""
        self.open: CycleBegun | None = None
        """The cycle that goes on."""
        self.halted = False
        """Whether it ended by what came back, and not by its person."""

    def run(self, first: int) -> bool:
        """Every cycle from `first` on; whether they came to an end, and were not stopped.

        Raises:
            Fault: The consent was withdrawn.
            RunsError: The series' file cannot be written.
        """
        try:
            for cycle in range(first, self.plan.cycles + 1):
                if not self._wait(cycle):
                    return False
                if self.pulse.t > self.plan.latest(cycle):
                    self._over(cycle, "missed", "asleep" if self.jumped else "late")
                elif not self._cycle(cycle):
                    return False
                self.jumped = False
        except KeyboardInterrupt:  # between two turns of a loop that would have heard of it
            if self.open is not None:
                self._over(self.open.cycle, "cut_short", "stopped", run=self.open.run)
            return False
        return True

    def _wait(self, cycle: int) -> bool:
        due = self.plan.due(cycle)
        if due > self.pulse.t:
            self._say(next_line(self.plan, cycle))
        return asyncio.run(self._until(due))

    async def _until(self, due: float) -> bool:
        """Whether the time came, and nobody stopped the wait."""
        heed_sigterm()
        try:
            self._look()
            while (left := due - self.pulse.t) > 0:
                await self.clock.sleep(min(left, PIECE))
                self._look()
        except asyncio.CancelledError:
            task = asyncio.current_task()
            assert task is not None
            task.uncancel()  # the request is granted: the series ends here
            return False
        return True

    def _look(self) -> float:
        jump = self.pulse.look()
        if jump:
            self.jumped = True
            self.log.add(ClockJump(t=self.pulse.t, seconds=jump))
        return jump

    def _cycle(self, cycle: int) -> bool:
        """Carry a cycle out, or write down why not; whether the series goes on."""
        try:
            job = self._job(cycle)
        except Fault as fault:
            why = "no_consent" if fault.exit_code == Exit.CONSENT else "refused"
            self._over(cycle, "missed", why, said=fault.message)
            if fault.exit_code == Exit.CONSENT:
                raise
            return True
        except RunsError as error:
            self._over(cycle, "missed", "refused", said=str(error))
            return True
        if isinstance(job, str):
            self._over(cycle, "missed", job)
            return True
        with closing(job):
            self.open = CycleBegun(cycle=cycle, t=self.pulse.t, run=job.plan.run)
            self.log.add(self.open)
            self._say(begin_line(self.plan, cycle))
            ended = carried(job, self.of.how, fresh=True, until=self._ending(cycle))
        self._look()
        if ended.code == Exit.NOTHING:
            self._over(cycle, "missed", ended.reason)
        elif ended.code == Exit.DONE:
            self._over(cycle, "done", run=job.plan.run, sealed=ended.sealed)
        else:
            self._over(cycle, "cut_short", ended.reason, run=job.plan.run, sealed=ended.sealed)
        self.halted = ended.reason in HALTS
        return ended.code != Exit.INTERRUPTED and not self.halted

    def _job(self, cycle: int) -> Job | str:
        """The run of a cycle, or why there is none."""
        of = self.of
        place = look_around(of.told, of.settings)
        why = self._unfit(place)
        if why is not None:
            return why
        place = msgspec.structs.replace(place, harmless=of.chosen.deck.baselines[0])
        own_vantage = of.chosen.deck.own_vantage
        admit(of.chosen.on, place.vantage.country, self.clock.iso()[:10], own_vantage=own_vantage)
        found = Ready(chosen=of.chosen, place=place, seed=self.plan.seed_of(cycle))
        consent = agreed(found.question, ConsentRegister(), None)
        link = Link(series=self.plan.series, cycle=cycle)
        return launch(found, of.told, of.base, consent=consent, interface=of.how.interface, link=link)

    def _unfit(self, place: Place) -> str | None:
        """Why nothing can be measured here now that was agreed to."""
        host = place.host
        if host.vpn and not self.of.how.allow_vpn:
            return "vpn"
        if host.interface is None:
            return "network_down"
        if place.network is None:
            return None if network_key(None) == self.plan.where else "other_network"
        return None if (host.interface, host.gateway) == self.of.here else "other_network"

    def _ending(self, cycle: int) -> Callable[[], str | None]:
        """What ends a cycle early: its time is up, or its times are no longer true."""
        deadline = self.plan.over(cycle) - MARGIN

        def over() -> str | None:
            if self._look():
                return JUMPED
            return "cut_short" if self.pulse.t >= deadline else None

        return over

    def _over(
        self, cycle: int, state: Became, why: str = "", *, said: str = "", run: str = "", sealed: int = 0
    ) -> None:
        line = CycleOver(cycle=cycle, t=self.pulse.t, state=state, why=why, said=said[:300], run=run, sealed=sealed)
        self.log.add(line)
        self.open = None
        if self.of.how.as_json:
            screen.out_json({"event": "cycle", "series": self.plan.series, **_fields(line)})
        self._say(over_line(self.plan, line))

    def _say(self, text: str) -> None:
        if not self.of.how.quiet:
            screen.note(text)


def _fields(line: CycleOver) -> dict[str, object]:
    return {name: getattr(line, name) for name in line.__struct_fields__}
