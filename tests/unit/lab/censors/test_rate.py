"""Policing, shaping and freezing, as functions of what passes when."""

import pytest

from hushmap.lab import packet as p
from hushmap.lab.censors.catalogue import faults
from hushmap.lab.censors.parameters import Censor
from hushmap.lab.censors.rate import Bucket, Queue
from hushmap.lab.censors.rule import SETTLED, Action

NAMED = {"names": ["named.example"]}
LISTED = {"addresses": ["198.51.100.20"]}
POLICING = {"sni-throttle": ("throttle.sni", NAMED), "host-throttle": ("throttle.host", NAMED)}
POLICING |= {"address-throttle": ("throttle.ip", LISTED)}
SHAPING = {"sni-delay": NAMED, "address-delay": LISTED}
FREEZING = {"sni-freeze": NAMED, "address-freeze": LISTED}
EVERY = {kind: given for kind, (_, given) in POLICING.items()} | SHAPING | FREEZING


def opened(talk, rule, kind, *, cport=40000, name="named.example"):
    """A flow whose first bytes have named its site."""
    port = 80 if kind.startswith("host") else 443
    flow = talk.flow(port, cport)
    said = talk.request(name) if port == 80 else talk.records(talk.message(name))
    answer = talk.show(rule, flow, talk.segment(said, port=port, cport=cport))
    return flow, port, answer


def stream(talk, rule, flow, port, *, seconds, rate, outward=False, size=1400, start=0.0):
    """Offer packets at a rate in bytes a second: (offered, passed) in bytes of packets."""
    offered = passed = 0
    for number in range(int(seconds * rate / size)):
        packet = talk.segment(bytes(size), port=port, cport=flow.cport, outward=outward, seq=10**6 + number * size)
        answer = talk.show(rule, flow, packet, start + number * size / rate)
        offered += len(packet.raw)
        passed += 0 if isinstance(answer, Action) and answer.drop else len(packet.raw)
    return offered, passed


@pytest.mark.parametrize("kind", POLICING)
@pytest.mark.parametrize("outward", [False, True])
def test_policing_lets_a_rate_pass_and_loses_the_rest(talk, kind, outward):
    """Ten seconds at 1 Mbit/s: some 140 kbit/s come through, either way, and nothing waits (refs/BEYOND 2.9)."""
    mechanism, given = POLICING[kind]
    rule = talk.rule(kind, **given)
    flow, port, _ = opened(talk, rule, kind)
    offered, passed = stream(talk, rule, flow, port, seconds=10, rate=125_000, outward=outward)
    assert offered > 1_200_000
    assert 130_000 < passed * 8 / 10 < 150_000
    action = next(
        answer
        for n in range(99)
        if (answer := talk.show(rule, flow, talk.segment(bytes(1400), port=port, outward=outward), 10.0)) is not None
    )
    assert (action.drop, action.silence, action.inject, action.hold) == (True, False, (), 0.0)
    assert (action.sighting.mechanism, action.sighting.what) == (mechanism, given[next(iter(given))][0])


@pytest.mark.parametrize("kind", POLICING)
def test_a_small_page_and_a_slow_flow_pass_unhurt(talk, kind):
    """What fits the burst, and what stays below the rate: no packet is lost, so nothing is logged."""
    rule = talk.rule(kind, **POLICING[kind][1])
    flow, port, _ = opened(talk, rule, kind)
    offered, passed = stream(talk, rule, flow, port, seconds=0.04, rate=125_000)
    assert offered == passed > 4000
    offered, passed = stream(talk, rule, flow, port, seconds=10, rate=12_500, start=9.0)
    assert offered == passed


def test_flows_have_allowances_of_their_own_and_an_address_one_for_all(talk):
    """Two flows at once: twice the rate by name, once by address."""
    for kind, low, high in (("sni-throttle", 250_000, 310_000), ("address-throttle", 125_000, 155_000)):
        rule = talk.rule(kind, **POLICING[kind][1])
        flows = [opened(talk, rule, kind, cport=cport)[0] for cport in (40000, 40001)]
        passed = 0
        for number in range(1000):
            for flow in flows:
                packet = talk.segment(bytes(1400), cport=flow.cport, outward=False, seq=10**6 + 1400 * number)
                passed += 0 if talk.show(rule, flow, packet, number / 100) else len(packet.raw)
        assert low < passed * 8 / 10 < high


@pytest.mark.parametrize("kind", SHAPING)
def test_shaping_lets_packets_wait_and_keeps_their_order(talk, kind):
    """A burst of 20 packets leaves at the rate; with a fixed delay beside it."""
    rule = talk.rule(kind, rate_kbit=1000.0, delay_s=0.2, **SHAPING[kind])
    flow, port, _ = opened(talk, rule, kind)
    packets = [talk.segment(bytes(1210), port=port, outward=False, seq=10**6 + 1210 * n) for n in range(20)]
    answers = [talk.show(rule, flow, packet, 5.0) for packet in packets]
    assert [answer.hold for answer in answers] == [pytest.approx(0.2 + 0.01 * n) for n in range(1, 21)]
    assert all((answer.drop, answer.sighting.mechanism) == (False, "throttle.delay") for answer in answers)
    later = talk.show(rule, flow, packets[0], 9.0)
    assert later.hold == pytest.approx(0.21)


@pytest.mark.parametrize("kind", SHAPING)
def test_a_full_queue_loses_after_all(talk, kind):
    """What waits is bounded; each direction has a queue of its own."""
    rule = talk.rule(kind, rate_kbit=100.0, queue_kb=10.0, **SHAPING[kind])
    flow, port, _ = opened(talk, rule, kind)
    offered, passed = stream(talk, rule, flow, port, seconds=1, rate=125_000)
    assert 10_000 < passed < 25_000 < offered
    assert talk.show(rule, flow, talk.segment(bytes(100), port=port), 1.0).hold < 0.05


@pytest.mark.parametrize("kind", FREEZING)
def test_a_flow_freezes_after_16_to_20_kilobytes(talk, kind):
    """Of what the server sent; where between the two is each flow's own lot, the same each time."""
    rule = talk.rule(kind, **FREEZING[kind])

    def frozen_at(cport):
        flow, port, _ = opened(talk, rule, kind, cport=cport)
        for number in range(100):
            packet = talk.segment(bytes(500), port=port, cport=cport, outward=False, seq=10**6 + 500 * number)
            answer = talk.show(rule, flow, packet, number / 100)
            assert talk.show(rule, flow, talk.segment(bytes(500), port=port, cport=cport), number / 100) is None
            if answer is not None:
                assert (answer.drop, answer.silence, answer.sighting.mechanism) == (True, True, "tcp.freeze")
                return 500 * number
        return None

    points = [frozen_at(cport) for cport in range(40000, 40040)]
    assert points == [frozen_at(cport) for cport in range(40000, 40040)]
    assert 15_500 <= min(points) < 17_000
    assert 19_000 < max(points) <= 20_000
    assert len(set(points)) > 4


def test_a_volume_goes_from_less_to_more():
    """Anything else is a fault of the scenario."""
    censor = Censor(kind="address-freeze", addresses=("198.51.100.20",), after_kb=(20.0, 16.0))
    assert list(faults(censor)) == ["after_kb must go from less to more"]


@pytest.mark.parametrize("kind", EVERY)
def test_other_flows_settle(talk, kind):
    """Another name or address, another port where a name is looked for; and the twin."""
    rule = talk.rule(kind, **EVERY[kind])
    if EVERY[kind] is NAMED:
        assert opened(talk, rule, kind, name="fine.example")[2] is SETTLED
        assert opened(talk, rule, kind)[2] is None
        assert talk.show(rule, talk.flow(9), talk.segment(b"x", port=9)) is SETTLED
        assert opened(talk, talk.rule(kind, names=["other.example"]), kind)[2] is SETTLED
    else:
        neighbour = b"\xc6\x33\x64\x15"
        assert talk.show(rule, talk.flow(server=neighbour), talk.segment(server=neighbour)) is SETTLED
        twin = talk.rule(kind, addresses=["198.51.100.99"])
        assert talk.show(twin, talk.flow(), talk.segment()) is SETTLED


@pytest.mark.parametrize("kind", [*POLICING, *SHAPING])
def test_the_memory_of_allowances_is_bounded(talk, kind):
    """However many flows there are."""
    rule = talk.rule(kind, **EVERY[kind])
    table = rule._queues if kind in SHAPING else rule._buckets
    for cport in range(5000):
        flow = talk.flow(80 if kind.startswith("host") else 443, cport)
        rule.slow("x", talk.segment(b"x", cport=cport), flow, 0.0)
    assert len(table) == (1 if kind == "address-throttle" else 4096)


def test_a_bucket_fills_with_time_and_no_further():
    """Tokens come at the rate, up to its depth."""
    bucket = Bucket(rate=100.0, depth=50.0, tokens=50.0, last=0.0)
    assert [bucket.take(40, now) for now in (0.0, 0.1, 0.3, 9.0, 9.0)] == [True, False, True, True, False]


def test_a_queue_says_how_long():
    """One after the other; too much waiting, and there is no room."""
    queue = Queue(rate=100.0, room=100.0)
    assert [queue.take(100, 0.0) for _ in range(3)] == [1.0, 2.0, None]
    assert queue.take(50, 10.0) == 0.5


def test_a_throttle_never_speaks_for_a_packet_it_did_not_see(talk):
    """A stream rule's `act` is not how it works: its trigger only marks the flow."""
    rule = talk.rule("sni-throttle", **NAMED)
    with pytest.raises(NotImplementedError):
        rule.act("x", talk.segment(b"x", flags=p.ACK))
