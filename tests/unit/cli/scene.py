"""What the tests of the command line share: a computer, a helper's string, and a world that runs meet.

No packet, and no clock but a virtual one.
"""

from dataclasses import dataclass, field

import msgspec

from hushmap.net import Host
from unit.runner.fakes import ORIGIN, FakeClock, FakeNet, VirtualLoop, World

HOST = Host(resolvers=("192.0.2.53",), interface="eth0", gateway="192.0.2.1", sources=("192.0.2.7",))
HELPER = f"hushmap://a-token-of-the-test@203.0.113.10:8443#sha256={'ab' * 32}&http=8080&tls=8443&tcp=8000&dark=1"
NETWORK = ("--network", "AS64501 Net-A", "--country", "XE")
SITES = (
    "url,category_code\nhttps://site-0.example/,NEWS\nhttps://site-1.example/,HUMR\nhttps://site-2.example/,LGBT\n"
)


@dataclass
class Stage:
    """The world that a run meets, and what was sent into it."""

    world: World = field(default_factory=World)
    nets: list = field(default_factory=list)
    loop: VirtualLoop = field(default_factory=VirtualLoop)
    runs: int = 0
    stop_at: float | None = None

    @property
    def log(self):
        """Every ask that was carried out."""
        return [ask for net in self.nets for _, _, ask, _ in net.log]

    def run(self, main):
        """In place of asyncio.run."""
        task = self.loop.create_task(main)
        if self.stop_at is not None:
            self.loop.call_later(self.stop_at, task.cancel)
        return self.loop.run_until_complete(task)


class RunClock(FakeClock):
    """The clock of a run on a stage."""

    def __init__(self, stage, origin=None):
        super().__init__(stage.loop)
        self._stage = stage

    def run_id(self):
        self._stage.runs += 1
        return f"20261121T2233Z-000{self._stage.runs}"

    def seed(self):
        return 7

    def wall(self):
        return ORIGIN


class RunNet(FakeNet):
    """The net of a run on a stage."""

    def close(self):
        """Nothing is open."""


def changed(value, **fields):
    """A frozen value with other fields."""
    return msgspec.structs.replace(value, **fields)
