"""The `throttle` inquiry's own limits; whole conversations are tests/playbooks/test_throttle.py."""

from hushmap.experiments import EXPERIMENTS, open_inquiry, worst_case
from hushmap.experiments.throttle import MAX_ALTERNATIONS, MAX_AT_ADDRESS, SIZES, STREAM_BYTES, most_bytes, size_for
from hushmap.model import Failure, Role, Side, Target
from rates import Flow, RateWorld
from worlds import conditions, converse

NAME = "news.example"
SECURE = Target(experiment="throttle", text=f"https://{NAME}/")


def test_more_targets_have_smaller_downloads():
    """Down to the least in which a rate can be seen; beyond that nobody is asked, and the plan says so."""
    sizes = [size_for(targets) for targets in range(1, 12)]
    assert sizes == sorted(sizes, key=lambda size: -(size or 0))
    assert {size for size in sizes if size} == set(SIZES)
    assert size_for(0) == SIZES[0]
    assert size_for(1000) is None
    cost = worst_case(SECURE, conditions(downloads=1000))
    assert (cost.requests_max, cost.bytes_max) == (1, 0)


def test_the_plan_holds_what_the_inquiry_may_do():
    """No conversation asks more, or for more bytes, than the worst case says."""
    cost = worst_case(SECURE, conditions(downloads=1))
    assert most_bytes(SIZES[0]) <= cost.bytes_max <= 1.1 * STREAM_BYTES
    assert EXPERIMENTS["throttle"].cost(conditions(downloads=1)) == cost
    for flow in (Flow(), Flow(rate=9_000.0), Flow(stop=16_000)):
        _, record = converse(RateWorld(flows=lambda ask, _side, flow=flow: flow), SECURE, conditions(downloads=1))
        assert len(record.trials) <= cost.requests_max
        names = [trial for trial in record.trials if trial.side is Side.HERE and NAME in f"{trial.ask}"]
        assert len(names) <= cost.contacts_max
    assert MAX_ALTERNATIONS + MAX_AT_ADDRESS < 20


def test_a_lost_stream_is_not_asked_again_beside_its_pair():
    """A first stream that says nothing closes its pair; the next pair begins in the other order."""
    lost = iter([True, False])

    def server(ask, _side):
        return Failure.RESET if ask.sni != NAME and ask.address == "203.0.113.10" and next(lost, False) else None

    _, record = converse(RateWorld(server=server), SECURE, conditions(downloads=1))
    streams = [trial for trial in record.trials if trial.pair is not None and trial.pair < 100]
    assert [trial.role for trial in streams if trial.pair == 1] == [Role.BASELINE]
    assert [trial.role for trial in streams if trial.pair == 2] == [Role.SUBJECT, Role.BASELINE]


def test_an_inquiry_that_is_told_an_old_journal_stands_where_it_stood():
    """Half of a conversation, told again, goes on with the same attempt."""
    _, record = converse(RateWorld(), SECURE, conditions(downloads=1))
    for cut in range(1, len(record.trials)):
        again = open_inquiry(SECURE, conditions(downloads=1), 10_000)
        for trial in record.trials[:cut]:
            again.tell(trial)
        asked = again.ask(0.05)
        assert {attempt.ask for attempt in asked} <= {trial.ask for trial in record.trials[cut:]}
