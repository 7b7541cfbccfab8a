"""What is older than a person keeps: deleted by itself only where they have said so."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from hushmap.cli.retaining import aged, retain
from hushmap.runs import Settings
from unit.cli.scene import HELPER, NETWORK
from unit.runner.fakes import ORIGIN


@pytest.fixture
def later(monkeypatch):
    """Call it so many days later."""

    def days(number):
        monkeypatch.setattr("hushmap.cli.retaining.today", lambda: ORIGIN + timedelta(days=number))

    return days


def test_old_runs_go_where_the_person_keeps_them_so_long(measured, later, capsys):
    """Each is named; a younger one stays, and nothing is said."""
    settings = Settings(keep_days=30)
    later(29)
    retain(measured.parent, settings)
    assert measured.exists()
    assert capsys.readouterr().err == ""
    later(31)
    retain(measured.parent, settings)
    assert not measured.exists()
    assert f"deleted {measured}" in capsys.readouterr().err


def test_nothing_is_deleted_by_itself(measured, later, capsys):
    """Without the setting it is said what is old, and how it goes."""
    later(91)
    retain(measured.parent, Settings())
    assert measured.exists()
    assert "Older than 90 days: 1 run. hushmap rm --older-than 90d" in capsys.readouterr().err


def test_most_of_all_runs_are_not_deleted_unasked(measured, later, capsys):
    """A computer's clock may have jumped ahead: it is said, and left to the person."""
    for number in range(4):
        shutil.copytree(measured, measured.with_name(f"20200101T0000Z-000{number}"))
    later(400)
    retain(measured.parent, Settings(keep_days=30))
    assert len([*measured.parent.iterdir()]) == 5
    assert "which is most of them" in capsys.readouterr().err


def test_what_has_no_age_is_told_apart(measured, later):
    """A damaged manifest, or a time that is none."""
    other = measured.with_name("20200101T0000Z-0009")
    shutil.copytree(measured, other)
    (other / "manifest.json").write_text("{")
    third = measured.with_name("20200101T0000Z-000a")
    shutil.copytree(measured, third)
    text = (third / "manifest.json").read_text()
    (third / "manifest.json").write_text(text.replace('"started": "2026-11-21T22:33:00Z"', '"started": "21 Nov"'))
    later(400)
    found = aged(measured.parent, 90)
    assert found.runs == (measured,)
    assert set(found.unknown) == {other, third}


def test_a_series_is_old_when_it_was_over(hushmap, hours, later, capsys):
    """And none of its runs is left that stays."""
    assert hushmap("consent", "give", 1, "--i-have-read", 1, *NETWORK).exit_code == 0
    every = ("--every", "12h", "--for", "1d", "-q")
    assert hushmap("run", "-f", "sites.csv", *NETWORK, "--helper", HELPER, *every).exit_code == 0
    base = Path("results/runs")
    (path,) = base.glob("series-*.log")
    later(30.1)
    found = aged(base, 30)
    assert (len(found.runs), found.series) == (1, ()), "its second cycle is younger"
    later(40)
    retain(base, Settings(keep_days=30))
    assert [*base.iterdir()] == []
    retain(base, Settings(keep_days=30))
    assert str(path) in capsys.readouterr().err


def test_a_run_ends_with_what_has_become_old(measured, hushmap, home, later):
    """The setting is read from the file that people edit."""
    folder = home / "xdg_config_home" / "hushmap"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "settings.toml").write_text("keep_days = 0\n")
    assert hushmap("runs").exit_code == 0
    done = hushmap("run", "-f", "sites.csv", *NETWORK, "--helper", HELPER)
    assert done.exit_code == 2
    assert "keep_days" in done.stderr
    (folder / "settings.toml").write_text("keep_days = 30\n")
    later(31)
    done = hushmap("run", "-f", "sites.csv", *NETWORK, "--helper", HELPER, "-o", measured.parent)
    assert done.exit_code == 0, done.output
    assert f"deleted {measured}" in done.stderr
