"""The path by real packets: hops, delay, loss, outages."""

import msgspec
import pytest

from hushmap.lab import load_scenario
from hushmap.lab.scenario import Outage, PathSettings

DEMO = load_scenario("demo").quiet()
HONEST, HONEST6 = "203.0.113.53", "2001:db8:53::53"


def test_hops_and_the_censor_between_them_are_seen(lab_of, ask):
    """Eight routers answer on both families; for a censored name the false answer begins behind hop 3."""
    with lab_of(DEMO) as lab:
        four, six, censored = ask(
            lab,
            ["hops", HONEST, "news-one.example", 9],
            ["hops", HONEST6, "news-one.example", 9],
            ["hops", HONEST, "injected-one.example", 5],
        )
    assert four == [f"198.18.1.{number}" for number in range(1, 9)] + [["198.51.100.20"]]
    assert six == [f"2001:db8:1::{number}" for number in range(1, 9)] + [["198.51.100.20"]]
    assert censored == ["198.18.1.1", "198.18.1.2", "198.18.1.3", ["203.0.113.66"], ["203.0.113.66"]]


def test_a_round_trip_takes_twice_the_delay(lab_of, ask):
    """25 ms one way: a connection stands after 50 ms; a forged refusal is nearer than a true one."""
    with lab_of(DEMO) as lab:
        connected, refused, forged = ask(
            lab, ["tcp", "198.51.100.20", 443], ["tcp", "198.51.100.27", 443], ["tcp", "198.51.100.41", 443]
        )
    assert connected[0] == "ok"
    assert 50 <= connected[1] < 100
    assert 50 <= refused[1] < 100
    assert forged[1] < 50


def test_the_share_lost_is_as_asked_and_in_bursts(lab_of, ask):
    """5 % each way in spells of 8 slots: over thousands of datagrams, one a slot, 9.75 % of the answers miss."""
    path = PathSettings(loss=0.05, burst=8.0, slots_per_s=500.0, delay_ms=5.0)
    with lab_of(msgspec.structs.replace(DEMO, path=path), seed=11) as lab:
        ((lost, longest, sent),) = ask(lab, ["share", HONEST, 8.0, 0.002])
    assert sent > 3500
    assert 0.05 < lost < 0.16
    assert longest >= 8


def test_equal_seeds_lose_alike_and_none_loses_nothing(lab_of, ask):
    """Without loss every datagram is answered."""
    with lab_of(DEMO) as lab:
        ((lost, longest, _),) = ask(lab, ["share", HONEST, 1.0, 0.002])
    assert (lost, longest) == (0, 0)


def test_an_outage_takes_everything_for_its_time(lab_of, ask):
    """From 0.5 to 1.0 s after the client's first packet nothing is answered, before and after all."""
    scenario = msgspec.structs.replace(DEMO, outage=(Outage(start=0.5, to=1.0),))
    with lab_of(scenario) as lab:
        ((lost, longest, sent),) = ask(lab, ["share", HONEST, 1.6, 0.01])
    missing = lost * sent * 0.01
    assert missing == pytest.approx(0.5, abs=0.12), "what leaves in the outage, and what was on its way back"
    assert longest == pytest.approx(lost * sent, abs=1), "in one piece"
