"""The command line in a home of its own: no packet, no clock but a virtual one, no file of the person who tests."""

import asyncio
import os
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from hushmap.archive import Tables, connect
from hushmap.cli import main
from hushmap.judge import Judged
from unit.archive.test_tables import Part
from unit.archive.verdicts import table
from unit.cli.hours import staged
from unit.cli.scene import HELPER, HOST, NETWORK, SITES, RunClock, RunNet, Stage
from unit.report.sample import entries
from unit.runner.fakes import ORIGIN


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A home, a current folder and a computer of the test's own."""
    for name in [name for name in os.environ if name.startswith(("HUSHMAP", "XDG", "LC_", "LANG"))]:
        monkeypatch.delenv(name)
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("hushmap.cli.place.host_facts", lambda: HOST)
    monkeypatch.setattr("hushmap.cli.ordering.has_browser_hello", lambda: False)  # the fake network has one client
    monkeypatch.setattr("hushmap.cli.asking.fingerprint", lambda key: f"here-{len(key)}")
    monkeypatch.setattr("hushmap.cli.retaining.today", lambda: ORIGIN)
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


async def at_once(work, *given):
    """In place of a thread: virtual time would run away while a real disk writes."""
    return work(*given)


@pytest.fixture
def stage(monkeypatch):
    """Runs meet a fake network in virtual time."""
    made = Stage()

    def net(place, clock, interface, posts=None):
        made.nets.append(RunNet(RunClock(made), made.world))
        return made.nets[-1]

    for module in ("starting", "doctor"):
        monkeypatch.setattr(f"hushmap.cli.{module}.open_net", net)
        monkeypatch.setattr(f"hushmap.cli.{module}.Clock", lambda origin=None: RunClock(made, origin))
    monkeypatch.setattr(asyncio, "run", made.run)
    monkeypatch.setattr(asyncio, "to_thread", at_once)
    yield made
    made.loop.close()


@pytest.fixture
def hours(monkeypatch):
    """The same for weeks: the clock on the wall goes on, and may part from the one that counts."""
    made = staged(monkeypatch, at_once)
    yield made
    made.loop.close()


@pytest.fixture
def measured(hushmap, stage, home):
    """A finished run of two sites, one of which is reset by name; its folder."""
    stage.world.cut_names.add("site-0.example")
    assert hushmap("consent", "give", 1, "--i-have-read", 1, *NETWORK).exit_code == 0
    done = hushmap("run", "-f", "sites.csv", *NETWORK, "--helper", HELPER, "-o", home / "runs")
    assert done.exit_code == 0, done.output
    return next((home / "runs").iterdir())


@pytest.fixture(scope="session")
def judged():
    """One judged record for every count group."""
    return [
        Judged(record=one.record, verdict=one.verdict, source=f"records.jsonl:{number}")
        for number, one in enumerate(entries(), 1)
    ]


@pytest.fixture
def tested(monkeypatch, home):
    """Sixty days from 1 May 2015, four tests a day on two networks; one in four finds a block, from 1 to 8 June all."""
    start = datetime(2015, 5, 1, 3, tzinfo=UTC)
    rows = []
    for number in range(240):
        at = start + timedelta(hours=6 * number)
        blocked = number % 4 == 0 or (at.month == 6 and at.day <= 8)
        rows.append(
            {"day": at.date(), "record": f"r-{number}", "started": at, "group": "Blocked" if blocked else "Reachable"}
            | {"outcome": "blocked" if blocked else "ok", "asn": 64501 + number % 2}
            | {"session": f"line-{number % 2}", "category": "NEWS", "country": "CN" if number % 2 else "XE"}
        )

    def opened(paths):
        return Tables(connect(), [Part(verdicts=table("verdicts", *rows), triggers=table("triggers"))])

    monkeypatch.setattr("hushmap.cli.campaign_series.opened", opened)
    (home / "archive").mkdir()
    return str(home / "archive")
