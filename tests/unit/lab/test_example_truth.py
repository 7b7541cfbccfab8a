"""What the stored verdicts say lies where truth.json says: every outcome, every beginning and every end."""

from datetime import datetime
from itertools import pairwise

import make_example
import msgspec
import pytest

from house import ROOT
from hushmap.catalog import fingerprints
from hushmap.judge import judge_one
from hushmap.lab.example import Window, cycles, load_example
from hushmap.lab.example_truth import Truth, happened, periods, truth
from hushmap.lab.pure.running import PureRun
from hushmap.lab.truth import TruthEvent
from hushmap.model import Outcome
from hushmap.runner import Ended

STORED = ROOT / "results" / "example"
NAMES = [place.network.name for place in load_example().places]
SMALL = "corporate-mitm-3"
"""Judged again at every change; the others where there is time."""
VERSIONS = ("rules", "knowledge")
"""What of a stored verdict may be of another day than the rules that judge it again."""


def stored():
    """The stored truth, as it was told."""
    return msgspec.json.decode((STORED / "truth.json").read_bytes(), type=Truth)


def verdicts(name):
    """The stored verdicts of a network."""
    return list(make_example.lines_of(STORED / "verdicts" / f"{name}.jsonl.zst"))


def series(name):
    """Of each target [(when its run began, verdict)], in order."""
    example = load_example()
    began = {cycle.run: cycle.began for cycle in cycles(example, example.place(name).network)}
    found: dict[str, list[tuple[datetime, dict]]] = {}
    for verdict in verdicts(name):
        found.setdefault(verdict["target"], []).append((began[verdict["record"].rpartition("-")[0]], verdict))
    return {target: sorted(told, key=lambda one: one[0]) for target, told in found.items()}


def test_the_truth_is_the_plans():
    """What is stored is what the plan says today, but for what the simulated networks did."""
    told = truth(load_example(), ())
    bare = [
        msgspec.structs.replace(
            network,
            targets=tuple(msgspec.structs.replace(one, cycles=0, first=None, last=None) for one in network.targets),
        )
        for network in stored().networks
    ]
    assert list(told.networks) == bare
    assert told.simulated


@pytest.mark.parametrize("name", NAMES)
def test_every_stored_verdict_is_right(name):
    """Within its times an outcome that is right then, by a right mechanism; outside nothing is accused."""
    network = next(one for one in stored().networks if one.name == name)
    known = {one.target: one for one in network.targets}
    wrong = []
    for target, told in series(name).items():
        one = known[target]
        for when, verdict in told:
            down = any(each.holds(when) and each.site in target for each in network.down)
            within = any(window.holds(when) for window in one.within)
            right = one.outcomes if within else one.otherwise
            if down:
                right = (Outcome.DOWN, Outcome.INSUFFICIENT)
            elif within and one.misses:
                right = (*right, Outcome.OK, Outcome.UNREACHABLE)
            named = not within or down or not one.mechanisms or verdict["outcome"] not in one.outcomes
            named = named or bool({*one.mechanisms} & {*verdict["mechanisms"]})
            if verdict["outcome"] not in right or not named:
                wrong.append((target, when.isoformat(), verdict["outcome"], verdict["mechanisms"], verdict["rule"]))
    assert wrong == []


def changes(told):
    """(last of the one, first of the other, accused from then on) for each change of a series."""
    accused = [(when, verdict["outcome"] in {"blocked", "unreachable"}) for when, verdict in told]
    return [(one[0], two[0], two[1]) for one, two in pairwise(accused) if one[1] != two[1]]


def test_judged_beginnings_and_ends_lie_where_the_truth_says():
    """Each change of verdict encloses one true moment of that kind, in their order, and none is left over."""
    seen = 0
    for network in stored().networks:
        told = series(network.name)
        for one in network.targets:
            windows = [window for window in one.within if window.hours is None]
            if not one.within or one.misses or len(windows) < len(one.within):
                continue
            moments = sorted(
                (moment, begins)
                for window in windows
                for moment, begins in ((window.start, True), (window.to, False))
                if moment is not None
            )
            found = changes(told[one.target])
            assert len(found) == len(moments), (network.name, one.target, found)
            for (last, first, begins), (moment, truly) in zip(found, moments, strict=True):
                assert last < moment <= first, (network.name, one.target)
                assert begins == truly
                seen += 1
    assert seen >= 25


@pytest.mark.parametrize(
    "name", [SMALL, *(pytest.param(one, marks=pytest.mark.heavy) for one in NAMES if one != SMALL)]
)
def test_stored_records_judged_again_give_the_stored_verdicts(name):
    """Word for word, but for the version of the rules and the hash of what is known."""
    known = fingerprints([])
    lines = make_example.unpacked(STORED / "records" / f"{name}.jsonl.zst")
    for record, kept in zip(make_example.records(lines), verdicts(name), strict=True):
        told = msgspec.to_builtins(judge_one(record, known, source=kept["source"]).object)
        assert {key: value for key, value in told.items() if key not in VERSIONS} == {
            key: value for key, value in kept.items() if key not in VERSIONS
        }


def test_what_a_network_did_is_told_of_those_it_did_it_to():
    """By its own log, cycle by cycle."""
    example = load_example()
    place = example.place("iran-2")
    cycle = next(cycles(example, place.network))
    event = TruthEvent(at=1.0, by="path", kind="sni-reset", mechanism="tls.reset.sni", what="reset-one.example")
    run = PureRun(judged=(), truth=(event,), ended=Ended(code=0, reason="done"), seconds=0.5)
    done = happened(place, cycle, run)
    assert done.acted == ("https://reset-one.example/",)
    expect = next(one for one in place.base.expect if "reset-one" in one.target and "beside" not in one.target)
    told = periods(place, expect, [done])
    assert (told.cycles, told.first, told.last) == (1, cycle.began, cycle.began)
    innocent = periods(place, place.base.expect[0], [done])
    assert (innocent.within, innocent.cycles, innocent.otherwise) == ((), 0, (Outcome.OK,))
    always = next(one for one in place.base.expect if "injected-one" in one.target)
    assert periods(place, always).within == (Window(),)
