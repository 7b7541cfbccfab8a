"""A series' cycles, one after the other, and each gap among them with its reason."""

import asyncio
import json
from pathlib import Path

import msgspec
import pytest

from hushmap.cli.fault import Exit, Fault
from hushmap.cli.running import carried
from hushmap.runs import ConsentRegister, RunsError, all_runs, all_series
from unit.cli.scene import HELPER, HOST, NETWORK, changed

HOUR = 3600.0
RUN = ("run", "-f", "sites.csv", *NETWORK, "--helper", HELPER, "--seed", 3)
DAY = ("--every", "6h", "--for", "1d")
DONE = ("done", "")


@pytest.fixture(autouse=True)
def agreed(hushmap, hours):
    """A consent for this network is on record."""
    assert hushmap("consent", "give", 1, "--i-have-read", 1, *NETWORK).exit_code == 0


def _series():
    (found,) = all_series(Path("results/runs"))
    return found


def _became():
    return [(one.state, one.why) for one in _series().cycles]


def test_every_cycle_is_a_run_that_names_its_series(hushmap):
    """Four cycles in a day: each an ordinary run, begun in its jitter after its hour, with its number and order."""
    done = hushmap(*RUN, *DAY, "-q")
    assert (done.exit_code, _became()) == (0, [DONE] * 4), done.output
    manifests, series = [info.manifest for info in all_runs(Path("results/runs"))], _series()
    assert [(one.series, one.cycle) for one in manifests] == [(series.plan.series, n) for n in (1, 2, 3, 4)]
    assert [one.started for one in manifests] == [one.began for one in series.cycles]
    late = [series.plan.due(n) - (n - 1) * 6 * HOUR for n in range(1, 5)]
    assert late[0] == 0.0 < min(late[1:]) <= max(late) <= series.plan.jitter == 600.0
    assert len({manifest.seed for manifest in manifests}) == 4
    assert (series.gaps(), series.over) == ((), True)
    assert done.stdout.splitlines()[-1].endswith("4 runs planned: 4 done")


def test_a_computer_that_slept_leaves_a_gap_and_no_result(hushmap, hours):
    """Nine hours asleep: the cycle within is missed and not made up for, the next comes at its own hour."""
    hours.sleeps(7 * HOUR, 9 * HOUR)
    done = hushmap(*RUN, *DAY, "-q")
    assert (done.exit_code, _became()) == (0, [DONE, DONE, ("missed", "asleep"), DONE])
    series = _series()
    assert [jump.seconds for jump in series.jumps] == [pytest.approx(9 * HOUR, abs=1)]
    (gap,) = series.gaps()
    assert (gap.cycles, gap.why) == ((3,), ("asleep",))
    assert (gap.since, gap.until) == (series.cycles[1].ended, series.cycles[3].began)
    assert len(all_runs(Path("results/runs"))) == 3
    assert "3 done · 1 missed (1 this computer slept, or its clock was set)" in done.stdout
    assert "A missed run is a gap: nothing is known of that time." in done.stdout


def test_a_computer_that_sleeps_within_a_cycle_ends_it(hushmap, hours):
    """Times across a sleep are not true: the run ends in order, keeps what was sealed, and the series goes on."""
    hours.world.cut_names.add("site-0.example")
    hours.sleeps(30.0, 1200.0)
    done = hushmap(*RUN, *DAY, "-q")
    assert (done.exit_code, _became()) == (0, [("cut_short", "clock_jumped"), *[DONE] * 3])
    assert _series().cycles[0].sealed < 2
    assert "This computer slept, or its clock was set" in done.stdout


def test_a_clock_that_is_set_back_delays_nothing(hushmap, hours):
    """The hours go on by what was counted; that the clock was set is written down."""
    hours.sleeps(7 * HOUR, -5 * HOUR)
    assert hushmap(*RUN, *DAY, "-q").exit_code == 0
    assert _became() == [DONE] * 4
    assert [round(jump.seconds / HOUR) for jump in _series().jumps] == [-5]


@pytest.mark.parametrize(
    ("host", "why", "said"),
    [
        ({"vpn": True, "interface": "wg0"}, "vpn", "a VPN was on"),
        ({"interface": None, "gateway": None}, "network_down", "there was no network"),
        ({"gateway": "192.0.2.254"}, "other_network", "this computer was on another network"),
    ],
)
def test_where_nothing_can_be_measured_the_cycle_is_missed(hushmap, hours, host, why, said):
    """A VPN, no network, another network: nothing is sent then, and the cycle after it is as it was agreed to."""
    hours.at(5 * HOUR, setattr, hours, "host", changed(HOST, **host))
    hours.at(8 * HOUR, setattr, hours, "host", HOST)
    done = hushmap(*RUN, *DAY)
    assert (done.exit_code, _became()) == (0, [DONE, ("missed", why), DONE, DONE])
    assert f"Cycle 2 of 4 missed: {said}" in done.stderr.splitlines()
    assert len(hours.nets) == 3


def test_a_network_that_answers_nothing_is_a_gap(hushmap, hours):
    """No harmless name could be reached: nothing is judged, no folder is kept, and the cycle is missed."""
    hours.at(5 * HOUR, hours.world.outages.append, (0.0, 1e9))
    hours.at(9 * HOUR, hours.world.outages.clear)
    assert hushmap(*RUN, *DAY, "-q").exit_code == 0
    assert _became() == [DONE, ("missed", "network_down"), DONE, DONE]
    assert [info.manifest.cycle for info in all_runs(Path("results/runs"))] == [1, 3, 4]


def test_without_a_single_run_nothing_was_measured(hushmap, hours):
    """A series in which every cycle was missed ends as a run that measured nothing does."""
    hours.world.outages.append((0.0, 1e9))
    done = hushmap(*RUN, *DAY, "-q")
    assert (done.exit_code, {one.why for one in _series().cycles}) == (Exit.NOTHING, {"network_down"})


def test_a_cycle_that_would_meet_the_next_is_cut_short(hushmap, hours):
    """Its time is up a minute before the next is due: it ends in order, and is said to be cut short."""
    hours.world.delay = 30.0
    hours.world.cut_names.add("site-0.example")
    done = hushmap(*RUN, "--every", "10m", "--for", "30m")
    assert done.exit_code == 0
    assert ("cut_short", "cut_short") in _became(), _became()
    assert "Its time was up: the next cycle of the series is due." in done.stdout
    assert "cut short: its time was up" in done.stderr
    series = _series()
    for one, after in zip(series.cycles, series.cycles[1:], strict=False):
        assert one.state == "missed" or one.ended <= after.began or not after.began


def test_ctrl_c_between_cycles_ends_in_order_and_the_series_goes_on(hushmap, hours):
    """Stopped while it waited: exit code 130, how to go on; what was due meanwhile was missed, and the rest is run."""
    hours.stops(7 * HOUR)
    stopped = hushmap(*RUN, *DAY, "-q")
    assert (stopped.exit_code, _became()) == (Exit.INTERRUPTED, [DONE, DONE, ("open", ""), ("open", "")])
    again = stopped.stdout.splitlines()[-1]
    name = _series().plan.series
    assert again == f"Stopped by you. Go on: hushmap run --resume {name} --helper …"
    hours.jumped += 8 * HOUR
    done = hushmap("run", "--resume", name, "--helper", HELPER, "-q")
    assert (done.exit_code, _became()) == (0, [DONE, DONE, ("missed", "not_running"), DONE]), done.output


def test_ctrl_c_within_a_cycle_keeps_what_it_has(hushmap, hours):
    """The cycle is cut short by its person, and `run --resume` alone means the series of the last run."""
    hours.world.cut_names.add("site-0.example")
    hours.stops(30.0)
    stopped = hushmap(*RUN, *DAY, "-q")
    assert (stopped.exit_code, _became()[0]) == (Exit.INTERRUPTED, ("cut_short", "stopped"))
    done = hushmap("run", "--resume", "--helper", HELPER, "-q")
    assert (done.exit_code, _became()) == (0, [("cut_short", "stopped"), *[DONE] * 3]), done.output


def test_an_interrupt_outside_of_a_loop_is_heard_as_well(hushmap, hours, monkeypatch):
    """While a page is written nobody waits: the cycle was begun, and is said to have been stopped."""
    monkeypatch.setattr("hushmap.cli.running.finish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    stopped = hushmap(*RUN, *DAY, "-q")
    assert (stopped.exit_code, _became()[0]) == (Exit.INTERRUPTED, ("cut_short", "stopped"))
    monkeypatch.setattr("hushmap.cli.cycles.look_around", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    assert hushmap("run", "--resume", "--helper", HELPER, "-q").exit_code == Exit.INTERRUPTED
    assert _became()[1] == ("open", "")


def test_a_process_that_died_left_a_cycle_that_did_not_end(hushmap, hours, monkeypatch):
    """Nobody wrote how the cycle ended: who goes on writes that it was killed."""

    def die(*_, **__):
        raise SystemError

    with monkeypatch.context() as patch:
        patch.setattr("hushmap.cli.cycles.carried", die)
        assert hushmap(*RUN, *DAY, "-q").exit_code == 1
    assert _became()[0] == ("open", "")
    hours.jumped += 8 * HOUR
    done = hushmap("run", "--resume", "--helper", HELPER, "-q")
    assert (done.exit_code, _became()[:2]) == (0, [("cut_short", "killed"), ("missed", "not_running")]), done.output


def test_a_consent_that_was_withdrawn_ends_the_series(hushmap, hours):
    """Nothing is sent after that, and the exit code says why."""
    hours.at(8 * HOUR, ConsentRegister().withdraw, "2026-11-22T06:33:00Z")
    done = hushmap(*RUN, *DAY, "-q")
    assert (done.exit_code, _became()[:3]) == (Exit.CONSENT, [DONE, DONE, ("missed", "no_consent")])
    assert len(hours.nets) == 2


def test_what_warns_whoever_asks_ends_the_series(hushmap, hours, monkeypatch):
    """After a captcha or a warning in answer to a word nothing is sent by itself: a person reads it and goes on."""

    def warned(*given, **more):
        return msgspec.structs.replace(carried(*given, **more), code=Exit.EARLY, reason="warning_page")

    monkeypatch.setattr("hushmap.cli.cycles.carried", warned)
    done = hushmap(*RUN, *DAY, "-q")
    assert (done.exit_code, _became()) == (Exit.EARLY, [("cut_short", "warning_page"), *[("open", "")] * 3])
    assert "The series ended there: nothing more is sent unless you go on with it. Go on: hushmap run" in done.stdout


def test_what_refuses_a_single_cycle_is_said(hushmap, hours, monkeypatch):
    """A folder that cannot be made is no end of the series: the cycle is missed, with the words of the fault."""

    def refuse(*_, **__):
        raise RunsError("results", "No space left on device", "make room")

    hours.at(5 * HOUR, monkeypatch.setattr, "hushmap.cli.cycles.launch", refuse)
    done = hushmap(*RUN, *DAY)
    assert (done.exit_code, _became()) == (0, [DONE, *[("missed", "refused")] * 3])
    assert "Cycle 2 of 4 missed: it could not begin (results: No space left on device; make room)" in done.stderr


def test_a_helper_that_is_away_is_a_gap_for_words(hushmap, hours, monkeypatch):
    """A run of words without its helper is refused: a gap with the reason, and no end of the series."""
    monkeypatch.setattr("hushmap.cli.cycles.launch", lambda *_, **__: pytest.fail("asked"))
    monkeypatch.setattr("hushmap.cli.cycles.agreed", _nobody)
    done = hushmap(*RUN, *DAY, "-q")
    assert (done.exit_code, _became()[0]) == (Exit.NOTHING, ("missed", "refused"))


def _nobody(*_):
    raise Fault("the helper did not answer", Exit.NOTHING)


def test_a_program_is_told_of_cycles(hushmap):
    """--json: the plan, each run's events, what became of each cycle, and all of them at the end."""
    done = hushmap(*RUN, *DAY, "--json")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert (events[0]["event"], events[0]["cycles"]) == ("series", 4)
    cycles = [event for event in events if event["event"] == "cycle"]
    assert [(one["cycle"], one["state"], one["sealed"]) for one in cycles] == [(n, "done", 2) for n in (1, 2, 3, 4)]
    assert events[-1]["event"] == "series_end"
    assert [one["state"] for one in events[-1]["cycles"]] == ["done"] * 4


def test_undeclared_networks_are_told_by_their_fingerprint(hushmap, hours, monkeypatch):
    """Without a name the keyed fingerprint decides whether this is the network of the series."""
    assert hushmap("consent", "give", 1, "--i-have-read", 1).exit_code == 0
    fingerprints = ["here"]
    monkeypatch.setattr("hushmap.cli.asking.fingerprint", lambda _: fingerprints[-1])
    assert hushmap("consent", "give", 1, "--i-have-read", 1).exit_code == 0
    hours.at(8 * HOUR, fingerprints.append, "there")
    assert hushmap("run", "-f", "sites.csv", "--helper", HELPER, *DAY, "-q").exit_code == 0
    assert _became() == [DONE, DONE, ("missed", "other_network"), ("missed", "other_network")]


def test_two_processes_never_share_a_series(hushmap, hours):
    """While it goes on, the same question on the same network is refused in one line, as a run and as a series."""
    said = []

    def meanwhile():
        run, asyncio.run = asyncio.run, lambda _: pytest.fail("something was sent")
        for words in ((*RUN, "-q"), (*RUN, *DAY, "-q"), ("run", "--resume", "--helper", HELPER)):
            done = hushmap(*words)
            said.append((done.exit_code, done.stderr.splitlines()[-1]))
        asyncio.run = run

    hours.at(7 * HOUR, meanwhile)
    assert hushmap(*RUN, *DAY, "-q").exit_code == 0
    assert [code for code, _ in said] == [Exit.USAGE] * 3
    for _, line in said:
        assert "own-list on AS64501 Net-A: another hushmap run (process " in line
        assert line.endswith("measures this already; wait until it ends, or stop it there")
