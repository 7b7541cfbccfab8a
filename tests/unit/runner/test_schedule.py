"""The lane, attempt by attempt, with time as an argument."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.model import Ask, Attempt, Layer, Role, Side
from hushmap.runner.schedule import CROWD, Lane, Rates, host_of, target_of

RATES = Rates()


def _tls(identity: int, address: str = "192.0.2.1", **more) -> Attempt:
    return Attempt(id=identity, ask=Ask(layer=Layer.TLS, address=address, port=443), **more)


def _dns(identity: int, **more) -> Attempt:
    return Attempt(id=identity, ask=Ask(layer=Layer.DNS, name="a.example", resolver="system"), **more)


def _lane(rates: Rates = RATES, ready=lambda attempt: 0.0) -> Lane:
    return Lane(rates, ready)


def _ids(attempts) -> list[int]:
    return [attempt.id for attempt in attempts]


def test_an_id_tells_its_target():
    """Ids of target i begin at (i + 1) times ten thousand; everything below is the sentinel's."""
    assert [target_of(identity) for identity in (-3, 1, 9_999, 10_000, 19_999, 20_000)] == [None, None, None, 0, 0, 1]


def test_only_servers_take_one_attempt_at_a_time():
    """Resolvers and what the helper does have no host here."""
    assert host_of(_tls(10_000)) == "192.0.2.1"
    assert host_of(_dns(10_000)) is None
    assert host_of(_tls(10_000, side=Side.HELPER)) is None


def test_one_attempt_an_address():
    """A second attempt at an address waits until the first is over and a second has passed since its start."""
    lane = _lane()
    lane.add(_tls(10_000))
    lane.add(_tls(20_000))
    assert _ids(lane.start(0.0)) == [10_000]
    assert lane.start(5.0) == ()
    lane.finish(10_000)
    assert _ids(lane.start(5.0)) == [20_000]
    lane.finish(20_000)
    lane.add(_tls(30_000))
    assert lane.start(5.5) == ()
    assert lane.wake(5.5) == 6.0
    assert _ids(lane.start(6.0)) == [30_000]


def test_flows_are_spaced():
    """Twenty flows a second, one after another; a lookup of A and AAAA is two."""
    lane = _lane()
    both = Attempt(id=10_000, ask=Ask(layer=Layer.DNS, name="a.example", qtype="A+AAAA", resolver="system"))
    for attempt in (both, _dns(20_000), _dns(30_000)):
        lane.add(attempt)
    assert _ids(lane.start(0.0)) == [10_000]
    assert lane.wake(0.0) == pytest.approx(0.105)
    assert _ids(lane.start(0.1)) == []
    assert _ids(lane.start(0.106)) == [20_000]
    assert _ids(lane.start(0.16)) == [30_000]


def test_in_flight_is_bounded():
    """No more than the bound are under way."""
    lane = _lane(Rates(in_flight=2))
    for number in range(1, 4):
        lane.add(_dns(number * 10_000))
    assert [_ids(lane.start(at)) for at in (0.0, 1.0, 2.0)] == [[10_000], [20_000], []]
    lane.finish(10_000)
    assert _ids(lane.start(3.0)) == [30_000]


def test_what_must_wait_waits():
    """Neither not_before nor the cool-down is passed over, and the lane wakes when they are over."""
    lane = _lane(ready=lambda attempt: 7.0 if attempt.id == 20_000 else 0.0)
    lane.add(_dns(10_000, not_before=4.0))
    lane.add(_tls(20_000))
    assert lane.start(0.0) == ()
    assert lane.wake(0.0) == 4.0
    assert _ids(lane.start(4.0)) == [10_000]
    assert lane.start(6.9) == ()
    assert _ids(lane.start(7.0)) == [20_000]


def test_the_sentinel_goes_first_and_rests_for_nothing():
    """A sentinel's attempt overtakes others, and no cool-down, hold or full helper queue stops it."""
    lane = _lane(Rates(helper=0), ready=lambda attempt: 99.0)
    lane.hold = True
    lane.add(_tls(10_000))
    lane.add(_tls(1, role=Role.SENTINEL))
    lane.add(_tls(2, role=Role.SENTINEL, side=Side.HELPER))
    lane.add(_tls(20_000, side=Side.HELPER))
    assert sorted(_ids(lane.start(0.0))) == [1, 2]
    assert lane.start(100.0) == ()


def test_pairs_go_before_new_targets():
    """An attempt of a later round is not kept behind a survey: its bracket must close."""
    lane = _lane()
    lane.add(_dns(10_000))
    lane.add(_dns(20_000, round=1))
    assert _ids(lane.start(0.0)) == [20_000]


def test_the_helper_has_its_own_queue():
    """What the helper does counts for no rate, no address and no quiet, and has its own small bound."""
    lane = _lane(Rates(helper=2))
    for number in range(1, 4):
        lane.add(_tls(number * 10_000, side=Side.HELPER))
    lane.add(_tls(40_000, alone=True))
    assert _ids(lane.start(0.0)) == [10_000, 20_000, 40_000]
    assert lane.in_flight == 1
    assert lane.beside(40_000) == 0
    lane.finish(40_000)
    lane.finish(10_000)
    assert _ids(lane.start(0.1)) == [30_000]


def test_a_quiet_attempt_drains_the_link():
    """After its patience nothing new starts; when the link is empty it runs alone, then the rest goes on."""
    lane = _lane()
    lane.add(_dns(10_000))
    lane.start(0.0)
    lane.add(_tls(20_000, alone=True, pair=1, round=1))
    lane.add(_dns(30_000))
    assert _ids(lane.start(1.0)) == [30_000], "patience first"
    assert lane.wake(1.5) == 3.0
    lane.add(_dns(40_000, not_before=2.5))
    assert lane.start(3.0) == (), "draining"
    lane.finish(10_000)
    assert lane.start(3.1) == ()
    lane.finish(30_000)
    assert _ids(lane.start(3.2)) == [20_000]
    assert lane.start(3.3) == ()
    assert lane.beside(20_000) == 0
    lane.finish(20_000)
    assert _ids(lane.start(3.4)) == [40_000]


def test_open_brackets_are_closed_before_the_link_is_quiet():
    """What closes one is let through while the link drains, and a little awaited; a turn would make it too wide."""
    lane = _lane()
    lane.add(_dns(10_000))
    lane.start(0.0)
    lane.add(_tls(20_000, alone=True, pair=1, round=1))
    lane.start(0.0)
    assert lane.start(2.5) == (), "draining"
    lane.finish(10_000)
    lane.add(_tls(10_001, "192.0.2.9", pair=1, round=1, causes=(10_000,), bystander=True, not_before=2.6))
    assert lane.start(2.5) == ()
    assert _ids(lane.start(2.6)) == [10_001]
    lane.finish(10_001)
    assert _ids(lane.start(2.7)) == [20_000]


def test_quiet_attempts_follow_one_another():
    """Several quiet attempts use one drained link, one at a time."""
    lane = _lane()
    for number in range(1, 5):
        lane.add(_tls(number * 10_000, f"192.0.2.{number}", alone=True, pair=1, round=1))
    lane.add(_dns(90_000))
    order = []
    for step in range(30):
        started = _ids(lane.start(step / 10))
        assert len(started) <= 1
        order += started
        for identity in started:
            assert lane.beside(identity) == 0
            lane.finish(identity)
    assert order == [10_000, 20_000, 30_000, 40_000, 90_000]


def test_a_begun_pair_is_finished_in_quiet():
    """When the turn is over, no new quiet pair starts, but the one under way goes on; then others have theirs."""
    lane = _lane(Rates(turn=5.0, batch=1, between=10.0))
    lane.add(_tls(10_000, "192.0.2.1", alone=True, pair=1, round=1))
    lane.add(_dns(90_000))
    assert _ids(lane.start(0.0)) == [10_000]
    lane.finish(10_000)
    lane.add(_tls(10_001, "192.0.2.1", alone=True, pair=1, round=1))
    lane.add(_tls(20_000, "192.0.2.2", alone=True, pair=1, round=1))
    assert _ids(lane.start(6.0)) == [10_001]
    lane.finish(10_001)
    assert _ids(lane.start(6.5)) == [90_000]
    lane.finish(90_000)
    assert lane.start(10.0) == (), "others have their time"
    assert lane.wake(10.0) == 16.5
    assert _ids(lane.start(16.5)) == [20_000]


def test_a_quiet_link_waits_a_little_for_what_is_not_yet_due():
    """The pace of one host is a second: within that, the link is not given away and drained again."""
    lane = _lane(Rates(batch=1))
    lane.add(_tls(10_000, alone=True, pair=1, round=1))
    lane.start(0.0)
    lane.finish(10_000)
    lane.add(_tls(10_001, alone=True, pair=1, round=1))
    lane.add(_dns(90_000))
    assert lane.start(0.5) == ()
    assert _ids(lane.start(1.0)) == [10_001]


def test_a_quiet_turn_without_others_goes_on():
    """A turn ends for the sake of those who wait; where nobody does, another follows."""
    lane = _lane(Rates(turn=2.0, batch=1))
    for number in range(1, 4):
        lane.add(_tls(number * 10_000, f"192.0.2.{number}", alone=True, pair=1, round=1))
    for at in (0.0, 3.0, 6.0):
        started = lane.start(at)
        assert len(started) == 1
        lane.finish(started[0].id)


def test_a_lost_network_ends_the_quiet():
    """While the network is lost no quiet attempt starts."""
    lane = _lane(Rates(batch=1))
    lane.add(_tls(10_000, alone=True, pair=1))
    lane.start(0.0)
    lane.finish(10_000)
    lane.hold = True
    lane.add(_tls(20_000, "192.0.2.2", alone=True, pair=1))
    assert lane.start(0.1) == ()
    lane.hold = False
    assert _ids(lane.start(5.0)) == [20_000]


def test_what_waits_for_an_ended_target_is_taken_back():
    """Dropping a target gives back its waiting attempts only."""
    lane = _lane()
    for identity in (10_000, 10_001, 20_000):
        lane.add(_dns(identity))
    assert _ids(lane.drop(0)) == [10_000, 10_001]
    assert lane.waiting == 1


def test_the_pace_has_a_floor_and_never_exceeds_the_run_s():
    """It is halved and doubled between the two, and says when it could not change."""
    lane = _lane(Rates(flows=3.0))
    assert [(lane.pace(0.5, 1.0), lane.flows) for _ in range(3)] == [(True, 1.5), (True, 1.0), (False, 1.0)]
    assert [(lane.pace(2.0, 1.0), lane.flows) for _ in range(3)] == [(True, 2.0), (True, 3.0), (False, 3.0)]


def test_rates_scale_together():
    """A scale multiplies rates and divides waits."""
    rates = Rates().scaled(5.0)
    assert (rates.flows, rates.per_host, rates.patience, rates.turn) == (100.0, 5.0, 0.4, 4.0)
    assert rates.in_flight == 64


def test_an_empty_lane_wakes_never():
    """Without waiting attempts there is nothing to wake for."""
    assert _lane().wake(0.0) is None


@given(st.integers(0, 2**32))
def test_random_work_is_done_within_every_limit(seed):
    """Whatever is added, all of it runs, and no limit is ever broken: address, flows, hosts, quiet."""
    rng = random.Random(seed)
    lane = Lane(Rates(in_flight=8), lambda attempt: 0.0)
    waiting = []
    for number in range(rng.randint(1, 60)):
        alone = rng.random() < 0.3
        make = _dns if rng.random() < 0.3 else lambda i, **m: _tls(i, f"192.0.2.{rng.randint(1, 6)}", **m)
        side = Side.HELPER if rng.random() < 0.1 else Side.HERE
        waiting.append(
            make((number % 9 + 1) * 10_000 + number, alone=alone and side is Side.HERE, pair=number // 3, side=side)
        )
    now, running, starts, hosts, done = 0.0, {}, [], {}, 0
    total = len(waiting)
    for _ in range(20_000):
        if done == total:
            break
        while waiting and rng.random() < 0.3:
            lane.add(waiting.pop())
        for attempt in lane.start(now):
            running[attempt.id] = (attempt, now + rng.choice([0.05, 0.3, 2.0, 10.0]))
            if attempt.side is Side.HERE:
                starts.append(now)
                if (host := host_of(attempt)) is not None:
                    assert now - hosts.get(host, -9.0) >= 1.0 - 1e-9
                    hosts[host] = now
        here = [attempt for attempt, _ in running.values() if attempt.side is Side.HERE]
        assert len(here) <= 8
        assert not any(attempt.alone for attempt in here) or len(here) == 1
        busy = [host for attempt in here if (host := host_of(attempt)) is not None]
        assert len(busy) == len(set(busy))
        assert len(running) - len(here) <= 8
        times = [end for _, end in running.values()]
        wake = lane.wake(now)
        assert wake is None or wake > now
        now = min([*times, *([wake] if wake else []), now + 1.0]) + 1e-6
        for identity, (_, end) in list(running.items()):
            if end <= now:
                lane.finish(identity)
                del running[identity]
                done += 1
    assert done == total
    assert all(later - before >= 1.0 for before, later in zip(starts, starts[20:], strict=False))


def test_a_late_start_is_made_up_for_and_no_second_has_one_too_many():
    """A loop that turns every 13 ms comes near its pace all the same, and none of its seconds beyond it."""
    lane = _lane(Rates(flows=100.0, in_flight=1000))
    for number in range(400):
        lane.add(_dns((number + 1) * 10_000))
    starts = [step * 0.013 for step in range(400) for _ in lane.start(step * 0.013)]
    assert len(starts) == 400
    assert 400 / starts[-1] > 90.0
    assert all(later - before >= 1.0 - 1e-9 for before, later in zip(starts, starts[100:], strict=False))


def test_quiet_attempts_do_not_starve_others_of_a_shared_host():
    """What waits only for the pace of a host that quiet attempts keep using still ends their turn."""
    lane = _lane(Rates(turn=5.0, batch=1))
    lane.add(_tls(990_000, "192.0.2.9", round=1))
    started, now = [], 0.0
    for number in range(200):
        lane.add(_tls((number + 1) * 10_000 + 5_000, "192.0.2.9", alone=True, pair=1, round=1))
        for attempt in lane.start(now):
            started.append(attempt.id)
            lane.finish(attempt.id)
        if 990_000 in started:
            break
        now += 0.5
    assert 990_000 in started
    assert now <= 10.0


def test_a_crowd_comes_before_quiet_turns():
    """While many wait to be asked for the first time, a quiet turn waits for its long pause, and no longer than them."""
    lane = _lane(Rates(patience=1.0, batch=1, crowded=90.0, flows=1.0))
    crowd = [number * 10_000 for number in range(2, 2 + CROWD + 60)]
    for identity in crowd:
        lane.add(_dns(identity))
    lane.add(_tls(10_000, "192.0.2.1", alone=True, pair=1, round=1))
    started, now = [], 0.0
    while 10_000 not in started:
        for identity in _ids(lane.start(now)):
            started.append(identity)
            lane.finish(identity)
        now = lane.wake(now) or now + 1.0
    assert 61 <= len(started) <= 75, "those of the crowd that make it one came before"
    assert now < 90.0


def test_a_question_goes_to_the_port_that_is_free_first():
    """The one that rests least, then the one for which fewest wait; the nearest of equals."""
    rests = {8081: 5.0}
    lane = Lane(Rates(), lambda attempt: rests.get(attempt.ask.port, 0.0))
    ports = (8080, 8081, 8082)
    lane.separate("192.0.2.9", ports)
    asked = Attempt(id=20_001, ask=Ask(layer=Layer.HTTP, address="192.0.2.9", port=8081, url="http://a.example/"))
    assert lane.eased(asked, ports, 1.0).ask.port == 8082
    lane.add(lane.eased(asked, ports, 1.0))
    assert lane.eased(asked, ports, 1.0).ask.port == 8080
    lane.add(lane.eased(asked, ports, 1.0))
    assert lane.eased(asked, ports, 9.0).ask.port == 8081


def test_ports_of_our_own_are_asked_side_by_side_once_they_are_servers_of_their_own():
    """Before, an address takes one attempt at a time."""
    asks = [Ask(layer=Layer.HTTP, address="192.0.2.9", port=port, url="http://a.example/") for port in (8080, 8081)]
    for apart, together in ((False, 1), (True, 2)):
        lane = Lane(Rates(flows=1000.0), lambda _attempt: 0.0)
        if apart:
            lane.separate("192.0.2.9", (8080, 8081))
        for number, ask in enumerate(asks):
            lane.add(Attempt(id=20_001 + number, ask=ask, round=1))
        started = [*lane.start(1.0), *lane.start(1.5)]
        assert len(started) == together
        for attempt in started:
            lane.finish(attempt.id)
        assert lane.in_flight == 0
