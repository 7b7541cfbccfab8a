"""Playbooks of the loop: whole runs in virtual time against a network that is a function."""

import itertools

import msgspec
import pytest

from hushmap.judge import judge_record
from hushmap.model import Amend, Knowledge, Layer, Place, Role, Side, Target
from hushmap.runner import Limits, Notice, Progress, RunPlan, Started, TargetDone
from unit.runner.fakes import (
    BASELINES,
    HELPER,
    FakeFolder,
    Holding,
    Killed,
    World,
    carry,
    plan_of,
    sites,
)

KNOWLEDGE = Knowledge()
NAMES = tuple(f"site-{number}.example" for number in range(8))


def _outcomes(folder: FakeFolder) -> dict[str, str]:
    return {record.target: judge_record(record, KNOWLEDGE)["outcome"] for record in folder.records()}


def _here(carried):
    return [(t0, t, ask) for t0, t, ask, side in carried.net.log if side is Side.HERE]


def _codes(carried) -> list[str]:
    return [notice.code for notice in carried.of(Notice)]


def test_a_run_over_innocents_ends_done():
    """Every target of a clean network is sealed, judged reachable, and told in events that begin and end the run."""
    carried = carry(plan_of(*sites(*NAMES), helper=HELPER), World())
    assert (carried.ended.code, carried.ended.reason) == (0, "done")
    assert set(_outcomes(carried.folder).values()) == {"ok"}
    assert isinstance(carried.events[0], Started)
    assert carried.events[-1] is carried.ended
    assert sorted(event.index for event in carried.of(TargetDone)) == list(range(8))
    assert carried.ended.sealed == 8
    assert carried.of(Progress)[0].targets == 8
    assert carried.folder.marks[-1][0] == "end"


def test_a_blocked_name_is_found_among_innocents():
    """A name that is reset on the path ends blocked, by pairs; the others stay reachable; counts are in its context."""
    world = World()
    world.cut_names.add(NAMES[3])
    carried = carry(plan_of(*sites(*NAMES), helper=HELPER), world)
    outcomes = _outcomes(carried.folder)
    assert outcomes.pop(f"https://{NAMES[3]}/") == "blocked"
    assert set(outcomes.values()) == {"ok"}
    context = carried.folder.record(3).context
    assert context.baselines >= 5
    assert context.f0 == 0.05
    assert context.baseline_names == BASELINES
    assert context.helper_watch
    assert context.clock_offset == 0.25
    assert context.sentinels[1] == 0


def test_limits_are_kept():
    """Never two attempts at one address, never more than 20 flows a second or one a second to a host."""
    world = World()
    shared = World.address(world, "shared.example")
    world.address = lambda name: shared if name.startswith("site-1") else World.address(world, name)
    names = [f"site-{number}.example" for number in range(20)]
    carried = carry(plan_of(*sites(*names, experiment="web")), world)
    asked = sorted(_here(carried), key=lambda item: item[0])
    starts = [t0 for t0, _, _ in asked]
    assert min(later - before for before, later in zip(starts, starts[20:], strict=False)) >= 1.0
    by_address = {}
    for t0, t, ask in asked:
        if ask.layer is not Layer.DNS:
            by_address.setdefault(ask.address, []).append((t0, t))
    assert len(by_address[shared]) == 11
    for spans in by_address.values():
        for (t0, t), (next_t0, _) in itertools.pairwise(spans):
            assert next_t0 >= t
            assert next_t0 - t0 >= 1.0 - 1e-9


def test_the_quiet_lane_is_quiet():
    """An attempt that must be alone shares the link with no other attempt from here, and its trial says so."""
    world = World()
    world.cut_names |= {NAMES[1], NAMES[5]}
    world.delay = 0.4
    more = [f"more-{number}.example" for number in range(200)]
    carried = carry(plan_of(*sites(*NAMES, *more), helper=HELPER), world)
    alone = [trial for _, trial in carried.folder.trials if trial.alone]
    assert len({(target, trial.pair) for target, trial in carried.folder.trials if trial.alone}) >= 2
    spans = [(t0, t) for t0, t, _ in _here(carried)]
    for trial in alone:
        assert trial.in_flight == 0
        assert sum(t0 < trial.t and t > trial.t0 for t0, t in spans) == 1
    assert carried.ended.code == 0


def test_an_address_rests_after_a_suspicion():
    """What shares an address with a cut name waits for the cool-down: only cooling baselines go there until then."""
    world = World()
    address = World.address(world, NAMES[0])
    world.address = lambda name: address if name in NAMES[:3] else World.address(world, name)
    world.cut_names.add(NAMES[0])
    carried = carry(plan_of(*sites(*NAMES[:3]), helper=HELPER), world)
    trials = sorted((trial for _, trial in carried.folder.trials), key=lambda trial: trial.t0)
    first = next(trial for trial in trials if trial.failed is not None)
    cooling = [trial for trial in trials if trial.cooling]
    freed = cooling[1].t
    between = [t for t in trials if t.ask.address == address and t.side is Side.HERE and first.t < t.t0 < freed]
    assert between
    assert all(trial.cooling for trial in between)
    assert _outcomes(carried.folder)[f"https://{NAMES[1]}/"] == "ok"


def test_what_an_outage_hit_is_void_and_asked_again():
    """Trials between the last good and the first bad sentinel count no more; nobody is blamed for the outage."""
    world = World()
    world.outages.append((2.0, 30.0))
    more = [f"more-{number}.example" for number in range(60)]
    carried = carry(plan_of(*sites(*NAMES, *more), helper=HELPER), world)
    assert carried.ended.code == 0
    assert carried.ended.voids > 0
    assert [code for code in _codes(carried) if code.startswith("network")] == ["network_lost", "network_back"]
    assert set(_outcomes(carried.folder).values()) == {"ok"}
    assert not any(isinstance(line, Amend) for line in carried.folder.lines), "nothing was sealed too early"
    voided = {void.trial: void.reason for _, voids in carried.folder.voids for void in voids}
    assert set(voided.values()) == {"network_lost"}
    for _, trial in carried.folder.trials:
        if trial.side is Side.HERE and trial.failed is not None and trial.ask.resolver != HELPER.dark_resolver:
            assert trial.role is Role.SENTINEL or trial.id in voided


def test_nothing_is_judged_where_there_is_no_network():
    """A wrong sentinel before the start ends the run with nothing asked of any target."""
    world = World()
    world.outages.append((0.0, 1e9))
    carried = carry(plan_of(*sites(*NAMES)), world)
    assert (carried.ended.code, carried.ended.reason) == (4, "network_down")
    assert all(trial.role is Role.SENTINEL for _, trial in carried.folder.trials)
    assert carried.folder.lines == []
    assert not carried.of(Started)


def test_a_portal_is_no_network():
    """An echo that comes back altered is a sign-in page: nothing is measured behind it."""
    world = World()
    world.portals.append((0.0, 1e9))
    carried = carry(plan_of(*sites(*NAMES), helper=HELPER), world)
    assert (carried.ended.code, carried.ended.reason) == (4, "captive_portal")


def test_a_portal_in_mid_run_is_waited_out():
    """A sign-in page that comes up later voids what was asked since, and the run goes on when it is gone."""
    world = World()
    world.cut_names.add(NAMES[0])
    world.portals.append((30.0, 70.0))
    carried = carry(plan_of(*sites(*NAMES[:2]), helper=HELPER), world)
    assert carried.ended.code == 0
    assert "captive_portal" in _codes(carried)
    assert {void.reason for _, voids in carried.folder.voids for void in voids} <= {"captive_portal"}


def test_a_network_lost_for_good_ends_the_run():
    """After ten minutes without a network the run ends, and can be resumed to the end when it is back."""
    world = World()
    world.cut_names.add(NAMES[0])
    world.outages.append((20.0, 3000.0))
    plan = plan_of(*sites(*NAMES[:2]), helper=HELPER)
    first = carry(plan, world)
    assert (first.ended.code, first.ended.reason) == (5, "network_lost")
    again = carry(plan, world, folder=first.folder, start=3600.0)
    assert again.ended.code == 0
    assert _outcomes(first.folder) == {f"https://{NAMES[0]}/": "blocked", f"https://{NAMES[1]}/": "ok"}


def test_resuming_without_a_network_keeps_what_there_is():
    """A resumed run that finds no network ends early, not as if nothing had been measured."""
    world = World()
    world.cut_names.add(NAMES[0])
    plan = plan_of(*sites(*NAMES[:2]), helper=HELPER)
    first = carry(plan, world, stop_at=20.0)
    world.outages.append((100.0, 1e9))
    again = carry(plan, world, folder=first.folder, start=200.0)
    assert (again.ended.code, again.ended.reason) == (5, "network_down")


def test_a_changed_network_ends_the_run():
    """When interface, route, resolver or VPN change, what was asked since the last good look is void."""
    world = World()
    world.cut_names.add(NAMES[0])
    places = iter(["home"] + ["cafe"] * 9)
    carried = carry(plan_of(*sites(*NAMES[:2]), helper=HELPER), world, network=lambda: next(places))
    assert (carried.ended.code, carried.ended.reason) == (5, "network_changed")
    assert {void.reason for _, voids in carried.folder.voids for void in voids} == {"network_changed"}


def test_interception_of_everybody_is_a_fact_of_the_run():
    """Where harmless names too get certificates that do not hold, each record says so."""
    world = World()
    world.untrusted |= {*BASELINES, *NAMES}
    carried = carry(plan_of(*sites(*NAMES[:2]), helper=HELPER), world)
    assert all(record.context.intercepted for record in carried.folder.records())


def test_without_a_helper_it_is_said_once():
    """A run without a helper works, and says once what it cannot decide."""
    carried = carry(plan_of(*sites(*NAMES)), World())
    assert _codes(carried) == ["no_helper"]
    assert carried.ended.code == 0
    assert all(side is Side.HERE for *_, side in carried.net.log)


def test_a_silent_helper_is_told_once():
    """A helper that says twice that it is cut off is told of, and so is its return."""
    world = World()
    world.cut_names.add(NAMES[0])
    world.helper_down.append((0.0, 100.0))
    names = [f"cut-{number}.example" for number in range(40)]
    world.cut_names |= set(names)
    carried = carry(plan_of(*sites(*names), helper=HELPER, window=2), world)
    assert [code for code in _codes(carried) if code.startswith("helper")] == ["helper_silent", "helper_back"]


def test_ctrl_c_ends_cleanly_and_resume_goes_on():
    """Cancelled, the run keeps what ended, says how far it came, and a resumed one finishes it."""
    world = World()
    world.cut_names.add(NAMES[2])
    plan = plan_of(*sites(*NAMES), helper=HELPER)
    first = carry(plan, world, stop_at=30.0)
    assert (first.ended.code, first.ended.reason) == (130, "stopped")
    assert first.events[-1] is first.ended
    assert len(first.folder.trials) > 0
    assert first.ended.sealed < 8
    again = carry(plan, world, folder=first.folder, start=100.0)
    assert again.ended.code == 0
    assert again.of(Started)[0].sealed == first.ended.sealed
    assert len(_outcomes(first.folder)) == 8


def test_the_budget_of_bytes_ends_the_run():
    """A run stops before its megabytes are used up; with more of them, it goes on."""
    plan = plan_of(*sites(*NAMES), helper=HELPER, limits=Limits(max_bytes=120_000))
    first = carry(plan, World())
    assert (first.ended.code, first.ended.reason) == (5, "budget")
    assert first.ended.bytes <= 130_000
    assert "budget" in _codes(first)
    more = msgspec.structs.replace(plan, limits=Limits())
    assert carry(more, World(), folder=first.folder, start=99.0).ended.code == 0


def test_contacts_of_a_name_are_limited():
    """A name that was asked for as often as a day allows is not asked for again; its record says why it ended."""
    world = World()
    world.cut_names.add(NAMES[0])
    carried = carry(plan_of(*sites(*NAMES[:2]), helper=HELPER, limits=Limits(contacts=6)), world)
    record = carried.folder.record(0)
    assert carried.ended.code == 0
    assert record.context.budget_spent
    assert [trial.undone for trial in record.trials if trial.undone] == ["budget"]
    sent = [
        ask
        for _, _, ask in _here(carried)
        if NAMES[0] in {ask.name, ask.sni, ask.url.split("/")[2] if ask.url else None}
    ]
    assert len([ask for ask in sent if ask.resolver != HELPER.dark_resolver]) <= 6
    assert "budget" in _codes(carried)
    assert not carried.folder.record(1).context.budget_spent


def test_an_excluded_text_is_never_sent():
    """A target that holds an excluded term is not asked about, here or elsewhere; its record says so."""
    carried = carry(plan_of(*sites(*NAMES), helper=HELPER), World(), exclude=Holding(NAMES[4]))
    assert carried.ended.code == 0
    assert not any(NAMES[4] in str(ask) for _, _, ask, _ in carried.net.log)
    record = carried.folder.record(4)
    assert {trial.undone for trial in record.trials} == {"excluded"}
    assert "excluded" in _codes(carried)


def test_a_lossy_line_is_spared():
    """When harmless attempts fail too often, the pace is halved and the person told."""
    world = World()
    names = [f"more-{number}.example" for number in range(30)]
    world.cut_names |= set(names)
    flaky = {"count": 0}

    def on_ask(ask, side):
        flaky["count"] += 1
        world.outages[:] = [(0.0, 1e9)] if ask.sni in BASELINES and flaky["count"] % 5 == 0 else []

    carried = carry(plan_of(*sites(*names), helper=HELPER), world, on_ask=on_ask)
    assert "slowed" in _codes(carried)


def test_a_line_that_recovers_is_used_as_before():
    """One bad spell slows a run for as long as harmless attempts fail, and not to its end."""
    world = World()
    names = [f"more-{number}.example" for number in range(40)]
    world.cut_names |= set(names)
    asked = []

    def on_ask(ask, side):
        asked.append(ask)
        world.outages[:] = [(0.0, 1e9)] if ask.sni in BASELINES and len(asked) < 600 and len(asked) % 5 == 0 else []

    codes = _codes(carry(plan_of(*sites(*names), helper=HELPER), world, on_ask=on_ask))
    assert codes.index("slowed") < codes.index("faster")


def test_bodies_of_risky_pages_are_not_kept():
    """The network is told to keep candidates' bodies only for pages of categories that endanger nobody."""
    world = World()
    risky = Target(experiment="web", text="https://risky.example/", category="LGBT", risky=True)
    carried = carry(plan_of(risky, *sites(NAMES[0])), world)
    kept = {ask.url: keep for ask, keep in carried.net.kept if ask.layer is Layer.HTTP}
    assert kept == {"https://risky.example/": False, f"https://{NAMES[0]}/": True}


def _words() -> tuple[Target, ...]:
    place = {"experiment": "keyword", "place": Place.HTTP_PATH, "category": "NEWS"}
    return (
        Target(text="falun", canary=True, **place),
        Target(text="weather", **place),
        Target(text="tiananmen", **place),
    )


def test_words_wait_for_their_canary():
    """A word's record is sealed after the canary's of its place, and says whether that fired."""
    world = World()
    world.cut_words |= {"falun", "tiananmen"}
    carried = carry(plan_of(*_words(), helper=HELPER), world)
    assert carried.ended.code == 0
    order = [record.target for record in carried.folder.records()]
    assert order[0] == "falun"
    assert all(record.context.canaries == {"http-path": True} for record in carried.folder.records())
    assert _outcomes(carried.folder) == {"falun": "blocked", "weather": "ok", "tiananmen": "blocked"}


def test_a_canary_that_does_not_fire_proves_nothing():
    """Where the canary passes, a word that passes is not decided."""
    carried = carry(plan_of(*_words(), helper=HELPER), World())
    assert all(record.context.canaries == {"http-path": False} for record in carried.folder.records())
    assert set(_outcomes(carried.folder).values()) == {"insufficient"}


def _shape(folder: FakeFolder) -> dict[str, list]:
    """The final records without what a clock decides: what was asked, why, and what came of it."""
    return {
        record.target: sorted(
            str(
                (
                    t.ask,
                    t.role,
                    t.side,
                    t.round,
                    t.pair is not None,  # a label: of two open questions either may be asked first after a resume
                    t.changed,
                    t.bystander,
                    t.alone,
                    t.undone,
                    t.failed and t.failed.failure,
                )
            )
            for t in record.trials
        )
        for record in folder.records()
    }


def _small() -> tuple[RunPlan, World]:
    world = World()
    world.cut_names.add(NAMES[1])
    world.lying.add(NAMES[2])
    return plan_of(*sites(*NAMES[:4]), helper=HELPER), world


def _amid_pairs(folder: FakeFolder) -> set[int]:
    """Cuts that leave a half pair behind; an inquiry may make such a pair again, whole."""
    places: dict[tuple, list[int]] = {}
    for number, (target, trial) in enumerate(folder.trials, 1):
        if trial.pair is not None:
            places.setdefault((target, trial.pair), []).append(number)
    return {cut for numbers in places.values() for cut in range(numbers[0], numbers[-1])}


def test_a_run_cut_after_any_trial_ends_as_an_uninterrupted_one():
    """Killed right after any fsync and resumed, a run ends with the same records; no trial is lost or doubled."""
    plan, world = _small()
    whole = carry(plan, world).folder
    expected, verdicts = _shape(whole), _outcomes(whole)
    assert verdicts[f"https://{NAMES[1]}/"] == "blocked"
    for cut in range(1, len(whole.trials)):
        folder = FakeFolder(plan.run, die_after=cut)
        with pytest.raises(Killed):
            carry(plan, world, folder=folder)
        assert len(folder.trials) == cut
        folder.die_after = None
        end = max(trial.t for _, trial in folder.trials)
        carry(plan, world, folder=folder, start=end + 5.0)
        assert _outcomes(folder) == verdicts, f"cut after trial {cut}"
        if cut not in _amid_pairs(whole):
            assert _shape(folder) == expected, f"cut after trial {cut}"


def test_a_run_stopped_at_any_moment_loses_only_what_was_in_flight():
    """Ctrl-C at any await: what had ended is on the disk, and the resumed run asks nothing again that was answered."""
    plan, world = _small()
    whole = carry(plan, world)
    for tenth in range(1, 900, 13):
        folder = FakeFolder(plan.run)
        first = carry(plan, world, folder=folder, stop_at=tenth / 10)
        if first.ended.code == 0:
            break
        ended = {trial.id for _, trial in folder.trials if trial.side is Side.HERE}
        answered = [1 for _, t, _, side in first.net.log if side is Side.HERE and t <= tenth / 10]
        assert len(ended) >= len(answered)
        again = carry(plan, world, folder=folder, start=tenth / 10 + 1)
        assert again.ended.code == 0
        assert _outcomes(folder) == _outcomes(whole.folder)


def test_a_bug_in_the_network_room_is_not_hidden():
    """An exception from an ask is our fault: it ends the run loudly, after the journal has what ended before it."""

    def on_ask(ask, side):
        if ask.name == NAMES[3]:
            raise RuntimeError("a bug")

    folder = FakeFolder("20261121T2233Z-3f9c")
    with pytest.raises(RuntimeError, match="a bug"):
        carry(plan_of(*sites(*NAMES)), World(), folder=folder, on_ask=on_ask)
    assert folder.trials


def test_one_scale_divides_every_wait():
    """At scale 5 the same run takes a fifth of the time."""
    plan, world = _small()
    slow = carry(plan, world).ended.t
    world.delay, world.timeout = world.delay / 5, world.timeout / 5
    fast = carry(msgspec.structs.replace(plan, scale=5.0), world)
    assert _outcomes(fast.folder)[f"https://{NAMES[1]}/"] == "blocked"
    assert fast.ended.t < slow / 3, "a look at the network begins when everything ends, or on its minute"


def test_a_reason_from_outside_ends_a_run_early_and_in_order():
    """What is under way ends and is kept, what was confirmed stays sealed, nothing new is begun."""
    plan, world = plan_of(*sites(*NAMES), helper=HELPER), World()
    world.cut_names.add(NAMES[3])
    folder = FakeFolder(plan.run)
    carried = carry(plan, world, folder=folder, until=lambda: "cut_short" if any(folder.records()) else None)
    assert (carried.ended.code, carried.ended.reason) == (5, "cut_short")
    assert 0 < carried.ended.sealed < 8
    assert carried.folder.marks[-1][0] == "end"
