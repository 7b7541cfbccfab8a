"""When a censor looks away: some flows, some hits, some hours."""

import pytest

from hushmap.lab import packet as p
from hushmap.lab.censors.catalogue import build
from hushmap.lab.censors.conditions import Conditional
from hushmap.lab.censors.parameters import Censor
from hushmap.lab.censors.rule import SETTLED, Action
from hushmap.wire import dns

NAMED = {"names": ("named.example",)}


def hits(talk, rule, ports, now=0.0):
    """Whether a hello is acted on, for flows from these client ports."""
    data = talk.hello("named.example")
    return [
        isinstance(talk.show(rule, talk.flow(cport=port), talk.segment(data, cport=port), now), Action)
        for port in ports
    ]


def test_without_conditions_a_rule_is_itself():
    """Nothing is put between."""
    assert not isinstance(build(Censor(kind="sni-reset", **NAMED)), Conditional)


@pytest.mark.parametrize(("condition", "low", "high"), [({"misses": 0.25}, 700, 800), ({"flows": 0.5}, 450, 550)])
def test_a_share_of_flows_is_spared_the_same_each_time(talk, condition, low, high):
    """A quarter of hits missed, or half of the flows seen at all; by ports and seed alone."""
    seen = {
        seed: hits(talk, build(Censor(kind="sni-reset", **NAMED, **condition), seed), range(1000)) for seed in (1, 2)
    }
    assert all(low < sum(each) < high for each in seen.values())
    assert seen[1] != seen[2]
    assert seen[1] == hits(talk, build(Censor(kind="sni-reset", **NAMED, **condition), 1), range(1000), 99.0)


def test_one_machine_of_several_has_all_or_none_of_a_flow(talk):
    """Two rules of one censor see the same flows: what is spread over machines is spread for all rules alike."""
    kinds = [build(Censor(kind=kind, flows=0.5, **NAMED)) for kind in ("sni-reset", "sni-drop")]
    first, second = (hits(talk, rule, range(200)) for rule in kinds)
    assert first == second
    missing = [build(Censor(kind=kind, misses=0.5, **NAMED)) for kind in ("sni-reset", "sni-drop")]
    first, second = (hits(talk, rule, range(200)) for rule in missing)
    assert first != second, "what is missed is each rule's own lot"


def test_a_missed_hit_stays_missed_in_its_flow(talk):
    """A retransmission is missed too: the flow is settled."""
    rule = build(Censor(kind="sni-reset", misses=1.0, **NAMED))
    flow, packet = talk.flow(), talk.segment(talk.hello("named.example"))
    assert [talk.show(rule, flow, packet) for _ in range(2)] == [SETTLED, SETTLED]


def test_every_question_by_datagram_has_its_own_lot(talk):
    """Three queries from one port: some are answered falsely, some are not."""
    rule = build(Censor(kind="dns-nxdomain", misses=0.5, **NAMED))
    flow = talk.flow(53, protocol=p.UDP)
    packet = talk.datagram(dns.query("named.example", "A", 1))
    seen = [isinstance(talk.show(rule, flow, packet), Action) for _ in range(200)]
    assert 70 < sum(seen) < 130


def test_part_of_the_day_is_on_the_paths_clock(talk):
    """From its first to its last second, each day anew; also over midnight."""
    rule = build(Censor(kind="sni-reset", day_s=24.0, active_s=(8.0, 20.0), **NAMED))
    times = (0.0, 7.9, 8.0, 19.9, 20.0, 24.0 + 8.0, 48.0 + 7.0)
    assert [hits(talk, rule, [1], now) for now in times] == [
        [x] for x in (False, False, True, True, False, True, False)
    ]
    night = build(Censor(kind="sni-reset", day_s=24.0, active_s=(20.0, 8.0), **NAMED))
    assert [hits(talk, night, [1], now) for now in (0.0, 7.9, 8.0, 20.0)] == [[True], [True], [False], [True]]


def test_what_began_outside_hours_goes_on_or_not(talk):
    """A hello that passed has passed; an address that is dropped by day is dropped for who came by night too."""
    by_name = build(Censor(kind="sni-reset", day_s=24.0, active_s=(8.0, 20.0), **NAMED))
    flow, packet = talk.flow(), talk.segment(talk.hello("named.example"))
    assert talk.show(by_name, flow, packet, 1.0) is SETTLED
    by_address = build(Censor(kind="address-drop", addresses=("198.51.100.20",), day_s=24.0, active_s=(8.0, 20.0)))
    assert talk.show(by_address, flow, packet, 1.0) is None
    assert talk.show(by_address, flow, packet, 9.0).drop


def test_what_the_rule_lets_pass_is_let_pass(talk):
    """Conditions add nothing."""
    rule = build(Censor(kind="sni-reset", misses=0.5, **NAMED))
    assert talk.feed(rule, talk.hello("fine.example")) == [SETTLED]
    assert talk.show(rule, talk.flow(), talk.segment()) is None
    assert rule.kind == "sni-reset"
