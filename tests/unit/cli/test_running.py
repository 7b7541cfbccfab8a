"""What every verb that measures does, beside what `hushmap run` shows of it."""

import pytest

from hushmap.cli import running
from hushmap.cli.fault import Exit
from hushmap.cli.running import How, parted
from unit.cli.scene import HELPER, NETWORK


def test_what_was_typed_is_parted_into_how_and_what():
    """One value for the run's manner, one for its targets; what was typed stays as it was."""
    options = {
        "deck": "sites",
        "interface": None,
        "allow_vpn": True,
        "as_json": False,
        "quiet": True,
        "verbose": False,
    }
    before = dict(options)
    how, told = parted(options)
    assert (how, told.deck, options) == (How(allow_vpn=True, quiet=True), "sites", before)


@pytest.mark.parametrize(("there", "asked"), [(True, True), (False, False)])
def test_a_person_is_asked_only_where_one_is(monkeypatch, there, asked):
    """At a terminal there is somebody to type."""
    monkeypatch.setattr("hushmap.cli.screen.at_terminal", lambda: there)
    assert (running.person() is not None) is asked


def test_a_run_that_is_ended_from_outside_says_why_and_how_to_go_on(hushmap, stage, monkeypatch):
    """A reason of `until` ends the run early, in order; what was begun can be gone on with."""
    assert hushmap("consent", "give", 1, "--i-have-read", 1, *NETWORK).exit_code == 0
    whole = running.carried
    stage.world.cut_names.add("site-0.example")
    limit = {"until": lambda: "cut_short" if stage.loop.time() > 30.0 else None}
    monkeypatch.setattr(running, "carried", lambda *given, **more: whole(*given, **more, **limit))
    done = hushmap("run", "-f", "sites.csv", *NETWORK, "--helper", HELPER, "-q")
    assert done.exit_code == Exit.EARLY
    head = done.stdout.splitlines()
    assert head[0].startswith("Ended early: ")
    assert "Go on: hushmap run --resume 20261121T2233Z-0001" in head[0]
    assert head[1] == "Its time was up: the next cycle of the series is due."
