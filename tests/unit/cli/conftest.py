"""The command line in a home of its own: no packet, no clock but a virtual one, no file of the person who tests."""

import asyncio
import os
from dataclasses import dataclass, field

import msgspec
import pytest
from click.testing import CliRunner

from hushmap.cli import main
from hushmap.detect import group
from hushmap.judge import Judged
from hushmap.net import Host
from unit.report.sample import entries
from unit.runner.fakes import ORIGIN, FakeClock, FakeNet, VirtualLoop, World

HOST = Host(resolvers=("192.0.2.53",), interface="eth0", gateway="192.0.2.1", sources=("192.0.2.7",))
HELPER = f"hushmap://a-token-of-the-test@203.0.113.10:8443#sha256={'ab' * 32}&http=8080&tls=8443&tcp=8000&dark=1"
NETWORK = ("--network", "AS64501 Net-A", "--country", "XE")
SITES = "url,category_code\nhttps://site-0.example/,NEWS\nhttps://site-1.example/,HUMR\nhttps://site-2.example/,LGBT\n"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A home, a current folder and a computer of the test's own."""
    for name in [name for name in os.environ if name.startswith(("HUSHMAP", "XDG", "LC_", "LANG"))]:
        monkeypatch.delenv(name)
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("hushmap.cli.place.host_facts", lambda: HOST)
    monkeypatch.setattr("hushmap.cli.asking.fingerprint", lambda key: f"here-{len(key)}")
    (tmp_path / "sites.csv").write_text(SITES)
    return tmp_path


@pytest.fixture
def hushmap():
    """Type a command line: exit code, stdout, stderr."""

    def typed(*words, answer=""):
        return CliRunner().invoke(main, [str(word) for word in words], input=answer)

    return typed


@pytest.fixture
def person(monkeypatch):
    """Somebody sits at the terminal."""
    monkeypatch.setattr("hushmap.cli.screen.at_terminal", lambda: True)


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


class _Clock(FakeClock):
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


class _Net(FakeNet):
    def close(self):
        """Nothing is open."""


@pytest.fixture
def stage(monkeypatch):
    """Runs meet a fake network in virtual time."""
    made = Stage()

    def net(place, clock, interface):
        made.nets.append(_Net(_Clock(made), made.world))
        return made.nets[-1]

    for module in ("starting", "doctor"):
        monkeypatch.setattr(f"hushmap.cli.{module}.open_net", net)
        monkeypatch.setattr(f"hushmap.cli.{module}.Clock", lambda origin=None: _Clock(made, origin))
    monkeypatch.setattr(asyncio, "run", made.run)
    yield made
    made.loop.close()


@pytest.fixture
def measured(hushmap, stage, home):
    """A finished run of two sites, one of which is reset by name; its folder."""
    stage.world.cut_names.add("site-0.example")
    assert hushmap("consent", "give", 1, *NETWORK).exit_code == 0
    done = hushmap("run", "-f", "sites.csv", *NETWORK, "--helper", HELPER, "-o", home / "runs")
    assert done.exit_code == 0, done.output
    return next((home / "runs").iterdir())


@pytest.fixture(scope="session")
def judged():
    """One judged record for every count group."""
    return [
        Judged(
            record=one.record,
            verdict=one.verdict,
            saying=one.saying,
            group=group(one.verdict, one.record),
            source=f"records.jsonl:{number}",
        )
        for number, one in enumerate(entries(), 1)
    ]


def changed(value, **fields):
    """A frozen value with other fields."""
    return msgspec.structs.replace(value, **fields)
