"""`hushmap doctor`: checks, and with --online three requests after a consent."""

import json

import pytest

from hushmap.cli import checks, doctor
from hushmap.cli.doctor_text import Check, Status
from hushmap.cli.fault import Exit
from hushmap.model import Layer
from unit.cli.scene import HELPER, NETWORK, RunNet

WORDS = (*NETWORK, "--resolver", "192.0.2.53", "--helper", HELPER)


@pytest.fixture(autouse=True)
def lab(monkeypatch):
    """The lab is not started here."""
    monkeypatch.setattr(checks, "namespaces", lambda: Check(id="lab", status=Status.OK, text="The lab runs here"))


def test_nothing_is_sent_without_online(hushmap, stage):
    """Every check is a line; the exit code is 1 if one fails."""
    good = hushmap("doctor", *WORDS, "--other-resolver", "198.51.100.1")
    assert (good.exit_code, stage.nets) == (0, [])
    assert good.stdout.splitlines()[-1] == "All is in order."
    bad = hushmap("doctor")
    assert bad.exit_code == Exit.NO
    assert "FAIL  No helper" in bad.stdout


def test_json(hushmap):
    """{checks: [{id, status, text, remedy}]}."""
    found = json.loads(hushmap("doctor", "--json").stdout)["checks"]
    assert {one["status"] for one in found} <= {"ok", "warn", "fail"}
    assert {frozenset(one) for one in found} == {frozenset({"id", "status", "text", "remedy"})}


def test_online_needs_a_consent(hushmap, stage):
    """Without one nothing is sent: exit code 3."""
    done = hushmap("doctor", "--online", *WORDS)
    assert (done.exit_code, stage.nets) == (Exit.CONSENT, [])


def test_online_sends_three_requests_none_to_a_listed_site(hushmap, stage):
    """A harmless name is looked up and shaken hands with, and the helper is asked whether it is there."""
    hushmap("consent", "give", 1, "--i-have-read", 1, *NETWORK)
    done = hushmap("doctor", "--online", *WORDS)
    assert done.exit_code == 0, done.output
    assert [(ask.layer, ask.name or ask.sni) for ask in stage.log] == [
        (Layer.DNS, doctor.NAME),
        (Layer.TLS, doctor.NAME),
    ]
    assert "ok    The helper answers and is online" in done.stdout


def test_what_was_typed_for_three_requests_lets_no_run_start(hushmap, stage, person):
    """The number 1 agrees to the three requests and is not kept."""
    assert hushmap("doctor", "--online", *WORDS, answer="1\n").exit_code == 0
    assert "No consent stands." in hushmap("consent").stdout


def test_online_without_a_helper_and_with_a_silent_one(hushmap, stage):
    """No helper: two requests. A silent helper fails its check."""
    hushmap("consent", "give", 1, "--i-have-read", 1, *NETWORK)
    assert "The helper" not in hushmap("doctor", "--online", *NETWORK).stdout
    stage.world.helper_down.append((0.0, 1e9))
    assert "FAIL  The helper does not answer" in hushmap("doctor", "--online", *WORDS).stdout


def test_online_where_nothing_works(hushmap, stage):
    """A name that is not found, and a server that does not answer as it should, fail."""
    hushmap("consent", "give", 1, "--i-have-read", 1, *NETWORK)
    stage.world.untrusted.add(doctor.NAME)
    assert f"FAIL  {doctor.NAME} does not answer as it should (ssl_unknown_authority)" in _online(hushmap)
    stage.world.lying.add(doctor.NAME)
    assert f"FAIL  The harmless name {doctor.NAME} was not found" in _online(hushmap)


def _online(hushmap):
    done = hushmap("doctor", "--online", *WORDS)
    assert done.exit_code == Exit.NO
    return done.stdout


def test_a_helper_that_has_not_looked_around_and_a_wrong_clock(hushmap, stage, monkeypatch):
    """A helper that has not tried yet is a warning; a clock far from the helper's is told."""
    hushmap("consent", "give", 1, "--i-have-read", 1, *NETWORK)
    monkeypatch.setattr(RunNet, "clock_offset", 3600.0)
    assert "this computer's clock is +3600 s from its" in hushmap("doctor", "--online", *WORDS).stdout

    async def not_yet(self):
        return None

    monkeypatch.setattr(RunNet, "watch_helper", not_yet)
    assert "warn  The helper answers; it has not yet looked" in hushmap("doctor", "--online", *WORDS).stdout


def test_oonis_helper_answers_or_another_is_named(hushmap, stage):
    """It is asked for a harmless page; where it is silent, another of OONI's may not be."""
    hushmap("consent", "give", 1, "--i-have-read", 1, *NETWORK)
    words = (*NETWORK, "--resolver", "192.0.2.53", "--helper", "ooni")
    assert "ok    The helper answers and is online" in hushmap("doctor", "--online", *words).stdout
    stage.world.helper_down.append((0.0, 1e9))
    done = hushmap("doctor", "--online", *words)
    assert "FAIL  The helper does not answer" in done.stdout
    assert "--helper https://1.th.ooni.org" in done.stdout
