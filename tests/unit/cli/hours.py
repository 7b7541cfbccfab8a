"""Weeks of virtual time for the tests of series: two clocks that can part, and a person who comes and goes."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from hushmap.net import Host
from unit.cli.scene import HOST, RunNet, Stage
from unit.runner.fakes import ORIGIN


@dataclass
class Hours(Stage):
    """A stage on which the clock on the wall goes on, and may jump."""

    jumped: float = 0.0
    host: Host = HOST
    task: asyncio.Task | None = None

    def run(self, main):
        """In place of asyncio.run: what is planned happens while something waits."""
        self.task = self.loop.create_task(main)
        return self.loop.run_until_complete(self.task)

    def at(self, t, what, *given):
        """After `t` counted seconds do something."""
        self.loop.call_at(t, what, *given)

    def sleeps(self, t, seconds):
        """The computer sleeps (or its clock is set): only the clock on the wall goes on."""
        self.at(t, lambda: setattr(self, "jumped", self.jumped + seconds))

    def stops(self, t):
        """Ctrl-C."""
        self.at(t, lambda: self.task.cancel())  # noqa: PLW0108  the task of then

    def wall(self):
        """What the clock on the wall says."""
        return ORIGIN + timedelta(seconds=self.loop.time() + self.jumped)


class HourClock:
    """`net.Clock` on such a stage."""

    def __init__(self, stage, origin=None):
        self._stage = stage
        self.origin = origin or stage.wall()
        self._start = stage.loop.time()
        self._elapsed = (stage.wall() - self.origin).total_seconds()

    def now(self):
        return self._elapsed + self._stage.loop.time() - self._start

    def wall(self):
        return self._stage.wall()

    def iso(self, t=None):
        return (self.origin + timedelta(seconds=self.now() if t is None else t)).strftime("%Y-%m-%dT%H:%M:%SZ")

    async def sleep(self, seconds):
        await asyncio.sleep(max(0.0, seconds))

    def run_id(self):
        self._stage.runs += 1
        return f"{self.origin:%Y%m%dT%H%MZ}-{self._stage.runs:04x}"

    def seed(self):
        return 7


def staged(monkeypatch, at_once):
    """Put the stage in the place of clocks, sockets and the event loop."""
    made = Hours()

    def net(place, clock, interface, posts=None):
        made.nets.append(RunNet(clock, made.world))
        return made.nets[-1]

    for module in ("starting", "doctor"):
        monkeypatch.setattr(f"hushmap.cli.{module}.open_net", net)
    for module in ("starting", "asking", "series_begin"):
        monkeypatch.setattr(f"hushmap.cli.{module}.Clock", lambda origin=None: HourClock(made, origin))
    monkeypatch.setattr("hushmap.cli.place.host_facts", lambda: made.host)
    monkeypatch.setattr(asyncio, "run", made.run)
    monkeypatch.setattr(asyncio, "to_thread", at_once)
    return made
