"""Networks of the lab, measured by the product's own runner and joined: one has a censor, the others have none.

What a volunteer's run adds is the censored address; what it must not add is any accusation of the server that
refuses the whole country, of the dead one, and of the one that is down for a while.
"""

from datetime import timedelta
from functools import cache

import msgspec
import pytest

from hushmap.detect import PRECISION
from hushmap.judge import Elsewhere, Judged
from hushmap.lab.pure.running import EPOCH, carried_out, plan_of, shipped
from hushmap.lab.scenario import parse_scenario
from hushmap.model import Outcome, Vantage, Verdict

SCENARIO = """
name = "joined"
scale = 5.0
baselines = ["www.baseline-a.example", "www.baseline-b.example"]
[path]
delay_ms = 10.0
[[site]]
name = "www.baseline-a.example"
addresses = ["198.51.100.11"]
http = "page"
[[site]]
name = "www.baseline-b.example"
addresses = ["198.51.100.12"]
http = "page"
[[site]]
name = "cut-one.example"
addresses = ["198.51.100.20"]
[[site]]
name = "picky-one.example"
addresses = ["198.51.100.200"]
[[site]]
name = "silent-one.example"
addresses = ["198.51.100.22"]
dead = ["198.51.100.22"]
[[site]]
name = "free-one.example"
addresses = ["198.51.100.23"]
"""
EXPECT = '[[expect]]\ntarget = "https://{name}/"\noutcomes = ["ok"]\ncategory = "NEWS"\n'
NAMES = ("cut-one.example", "picky-one.example", "silent-one.example", "free-one.example")
GEO = '[[censor]]\nkind = "geo-syn-drop"\naddresses = ["198.51.100.200"]\n'
CENSOR = '[[censor]]\nkind = "syn-drop"\naddresses = ["198.51.100.20"]\n'
PLACES = {
    "a": (Vantage(country="XA", asn=64501, network="Net-A"), GEO + CENSOR, 0.0),
    "b": (Vantage(country="XA", asn=64502, network="Net-B"), GEO, 300.0),
    "c": (Vantage(country="XB", asn=64503, network="Net-C"), "", 0.0),
}
"""Country, AS, who interferes there, and seconds after the first run began."""


@cache
def measured(run: str, seed: int = 1) -> tuple[Judged, ...]:
    """One network's run, judged alone."""
    vantage, censors, late = PLACES[run]
    text = SCENARIO + censors + "".join(EXPECT.format(name=name) for name in NAMES)
    scenario = parse_scenario(text)
    plan = msgspec.structs.replace(plan_of(scenario, seed, shipped()), run=run, vantage=vantage)
    done = carried_out(scenario, seed, began=EPOCH + timedelta(seconds=late), plan=plan)
    return tuple(Judged(record=record, verdict=verdict) for record, verdict in done.judged)


def joined(*runs: str) -> dict[tuple[str, str], Verdict]:
    """Every verdict of some runs beside each other, by run and site."""
    alone = [one for run in runs for one in measured(run)]
    found = Elsewhere(alone).beside(alone, shipped())
    return {(one.record.run, one.record.target[8:-1]): one.verdict for one in found}


def test_alone_an_address_that_fails_accuses_nobody():
    """A censor and a server that refuses the country look the same, and silence at one point is no outage."""
    found = joined("a")
    assert [found["a", name].outcome for name in NAMES] == [
        Outcome.UNREACHABLE, Outcome.UNREACHABLE, Outcome.INSUFFICIENT, Outcome.OK,
    ]  # fmt: skip


def test_joined_the_censored_address_is_blocked_and_the_innocent_are_not():
    """The other network of the country reached the one, and not the other; abroad the dead one is dead too."""
    found = joined("a", "b", "c")
    blocked = {about for about, verdict in found.items() if verdict.outcome is Outcome.BLOCKED}
    assert blocked == {("a", "cut-one.example")}
    cut = found["a", "cut-one.example"]
    assert (cut.rule, cut.mechanisms, cut.facts["peer"]) == ("peers.address", ("tcp.timeout",), "Net-B (AS64502)")
    assert found["a", "picky-one.example"].outcome is found["b", "picky-one.example"].outcome is Outcome.UNREACHABLE
    dead = found["a", "silent-one.example"]
    assert (dead.outcome, dead.rule, dead.facts["points"]) == (Outcome.DOWN, "peers.down", "2")
    assert found["c", "free-one.example"].counts.peer[1] >= 1


def test_published_copies_tell_the_hour_and_that_is_enough_for_an_address():
    """It is not for ten minutes: whether the dead one is down stays open."""
    alone = []
    for one in (found for run in "abc" for found in measured(run)):
        record = msgspec.structs.replace(
            one.record, run_started=EPOCH.strftime("%Y-%m-%dT%H:00:00Z"), annotations={PRECISION: "hour"}
        )
        alone.append(msgspec.structs.replace(one, record=record))
    found = {
        (one.record.run, one.record.target[8:-1]): one.verdict for one in Elsewhere(alone).beside(alone, shipped())
    }
    blocked = {about for about, verdict in found.items() if verdict.outcome is Outcome.BLOCKED}
    assert blocked == {("a", "cut-one.example")}
    assert found["a", "silent-one.example"].outcome is Outcome.INSUFFICIENT


@pytest.mark.parametrize("runs", ["ac", "bc"])
def test_a_network_abroad_alone_accuses_nobody(runs):
    """A server that refuses one country answers every other."""
    assert Outcome.BLOCKED not in {verdict.outcome for verdict in joined(*runs).values()}
