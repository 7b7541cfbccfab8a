"""How a cut becomes a link: what is asked in which order, and when it is given up; on a network that is a function."""

import functools
import itertools

import msgspec
import pytest

from hopped import BOTH, DATA, NAME, NEAR, RESET, SILENT, SITE, TOLD, hop
from hushmap.detect import judge
from hushmap.experiments import Baseline
from hushmap.experiments.hops import Hops
from hushmap.model import (
    Answer,
    Connect,
    Failure,
    Handshake,
    Knowledge,
    Layer,
    Outcome,
    Resolve,
    Role,
    Side,
    Target,
    trial_of,
)
from worlds import DARK, conditions

NEIGHBOURS = (
    Baseline(name="www.baseline-a.example", addresses=(SITE, NEAR)),
    Baseline(name="www.baseline-b.example", addresses=("203.0.113.82",)),
)


class Network:
    """A way of some hops. `meets(ask, subject)` says what a packet with a small TTL meets short of the target."""

    def __init__(self, end=6, **changes):
        self.end, self.now, self.asked = end, 0.0, []
        self.whole, self.connects, self.lookups = Failure.RESET, None, {}
        self.meets = lambda ask, subject: TOLD
        self.last = DATA
        given = {"baselines": NEIGHBOURS} | changes
        self.inquiry = Hops(Target(experiment="hops", text=f"https://{NAME}/"), conditions(**given), 10_000)

    def steps(self, ask, attempt):
        """What comes of an ask."""
        subject = attempt.role is not Role.BASELINE
        if ask.ttl is not None:
            what = self.meets(ask, subject)
            if what == TOLD and ask.ttl >= self.end:
                what = self.last
            if what == "local":
                step = hop(ask.ttl, SILENT, layer=ask.layer, address=ask.address)
                return (msgspec.structs.replace(step, failure=Failure.ADDRESS_NOT_AVAILABLE),)
            return (hop(ask.ttl, what, layer=ask.layer, address=ask.address or "203.0.113.53"),)
        if ask.layer is Layer.DNS:
            found = self.lookups.get(ask.resolver, () if ask.resolver == DARK else (SITE,))
            answers = (Answer(t=self.now, addresses=found),) if found and subject else ()
            failure = None if answers else Failure.TIMEOUT
            resolve = Resolve(t0=self.now, t=self.now, resolver=ask.resolver, name=ask.name, qtype="A",
                              answers=answers, failure=failure)  # fmt: skip
            return (resolve,)
        here = attempt.side is Side.HERE
        failure = self.connects if ask.address == SITE and subject and here else None
        syn = Connect(t0=self.now, t=self.now, address=ask.address, port=ask.port, failure=failure)
        if ask.layer is Layer.TCP:
            return (syn,)
        cut = None if not here else self.whole() if callable(self.whole) else self.whole
        hello = Handshake(
            t0=self.now, t=self.now, address=ask.address, port=ask.port, failure=cut if subject else None
        )
        return syn, hello

    def run(self):
        """To the end; the verdict."""
        while attempts := self.inquiry.ask(0.05):
            (attempt,) = attempts
            self.now = max(self.now, attempt.not_before) + 0.1
            self.asked.append(attempt)
            steps = self.steps(attempt.ask, attempt)
            self.inquiry.tell(trial_of(attempt, steps, t0=self.now, t=self.now + 0.1))
        assert self.inquiry.done
        return judge(self.inquiry.record(), Knowledge())

    @property
    def short(self):
        """Attempts with a small TTL."""
        return [attempt for attempt in self.asked if attempt.ask.ttl is not None]


def behind(after, what):
    """Something happens to the subject behind a hop."""
    return lambda ask, subject: what if subject and ask.ttl > after else TOLD


@pytest.mark.parametrize(("what", "votes"), [(SILENT, 5), (RESET, 3), (BOTH, 3)])
def test_a_cut_becomes_its_link(what, votes):
    """Whatever happens there; losses need the sequential test, answers three."""
    network = Network()
    network.meets = behind(3, what)
    network.whole = Failure.TIMEOUT if what == SILENT else Failure.RESET
    said = network.run()
    assert (said.outcome, said.facts["hop_from"], said.facts["hop_to"]) == (Outcome.BLOCKED, "3", "4")
    assert said.counts.subject[0] >= votes


def test_of_losses_some_come_a_minute_later_and_alone():
    """Two blocks, and the second in quiet (METHOD 3)."""
    network = Network()
    network.meets, network.whole = behind(3, SILENT), Failure.TIMEOUT
    network.run()
    lost = [attempt for attempt in network.short if attempt.role is not Role.BASELINE and attempt.ask.ttl > 3]
    assert [attempt.alone for attempt in lost][:3] == [False] * 3
    assert all(attempt.alone for attempt in lost[3:])
    assert lost[3:]


def test_one_goes_after_the_other_from_one_port_with_a_pause_at_each_router():
    """The harmless one first; the two pauses are uneven, and none is shorter than a router's limit."""
    network = Network()
    network.meets = behind(3, RESET)
    network.run()
    assert len({attempt.ask.source_port for attempt in network.short}) == 1
    pairs = [list(group) for _, group in itertools.groupby(network.short, key=lambda attempt: attempt.pair)][1:]
    for one, other in (pair for pair in pairs if len(pair) == 2):
        assert (one.role, other.role) == (Role.BASELINE, Role.SUBJECT)
        assert other.not_before - one.not_before >= 0.9
        assert one.ask.ttl == other.ask.ttl


def test_silent_hops_are_asked_three_times():
    """One lost packet is not a silent router."""
    network = Network()
    network.meets = lambda ask, subject: SILENT if ask.ttl == 2 else RESET if subject and ask.ttl > 3 else TOLD
    network.run()
    sweep = [attempt.ask.ttl for attempt in network.short if attempt.pair is None]
    assert (sweep.count(2), sweep.count(1)) == (3, 1)


def test_a_way_without_an_end_is_given_up():
    """Six hops in a row that say nothing, each asked three times; the name is sent once all the same."""
    network = Network()
    network.meets = lambda ask, _: TOLD if ask.ttl < 3 else SILENT
    said = network.run()
    assert max(attempt.ask.ttl for attempt in network.short) == 8
    assert (said.outcome, said.mechanisms) == (Outcome.INSUFFICIENT, ("tls.reset",))
    endless = Network(end=99)
    endless.run()
    assert max(attempt.ask.ttl for attempt in endless.short) == 30


def test_pairs_that_do_not_count_wait_longer_and_longer_and_end_it():
    """A censor that remembers lets no harmless probe through either: eight in a row, at doubling gaps."""
    network = Network()
    network.meets = lambda ask, _: RESET if ask.layer is Layer.TLS else TOLD
    said = network.run()
    assert said.outcome is Outcome.INSUFFICIENT
    pairs = [attempt for attempt in network.short if attempt.pair is not None]
    assert [attempt.role for attempt in pairs] == [Role.BASELINE] * 8
    gaps = [later.not_before - sooner.not_before for sooner, later in itertools.pairwise(pairs)]
    assert gaps == sorted(gaps)
    assert gaps[-1] > 60


def test_a_port_that_is_taken_is_left_for_the_next():
    """This computer's own trouble is none of the way's."""
    network = Network()
    first = network.inquiry._tracing.port
    network.meets = lambda ask, subject: (
        "local" if ask.source_port == first else RESET if subject and ask.ttl > 3 else TOLD
    )
    assert network.run().outcome is Outcome.BLOCKED
    assert {attempt.ask.source_port for attempt in network.short} == {first, first + 1}


def test_what_is_cut_only_past_the_target_is_tried_again():
    """Three times cut is said, more often passed than cut is ok; by turns it is neither."""
    network = Network(end=4)
    assert network.run().outcome is Outcome.UNREACHABLE
    visits = [attempt for attempt in network.asked if attempt.ask.sni == NAME and attempt.ask.ttl is None]
    visits = [attempt for attempt in visits if attempt.side is Side.HERE]
    assert len(visits) == 3
    assert visits[-1].not_before > visits[-2].not_before > 0
    turns = [Failure.RESET, None] * 3
    for came, outcome in ((turns[:1] + [None] * 2, Outcome.OK), (turns[:5], Outcome.INSUFFICIENT)):
        fickle, cuts = Network(end=4), iter(came)
        fickle.whole = functools.partial(next, cuts)
        assert fickle.run().outcome is outcome
        assert list(cuts) == []


def test_an_address_is_followed_beside_its_nearest_neighbour():
    """SYNs alone, to the harmless address with most bits in common; a silence is checked elsewhere."""
    network = Network()
    network.connects = Failure.TIMEOUT
    network.meets = lambda ask, subject: SILENT if subject and ask.ttl > 3 else TOLD
    said = network.run()
    assert (said.outcome, said.facts["hop_from"], said.facts["hop_to"]) == (Outcome.UNREACHABLE, "3", "4")
    assert {attempt.ask.address for attempt in network.short if attempt.role is Role.BASELINE} == {NEAR}
    assert all(attempt.ask.layer is Layer.TCP for attempt in network.short)
    assert any(attempt.bystander for attempt in network.asked)


def test_an_address_without_any_neighbour_cannot_be_followed():
    """A harmless address of its family is needed."""
    for baselines in ((Baseline(name="six.example", addresses=("2001:db8::1",)),), ()):
        network = Network(baselines=baselines)
        network.connects = Failure.TIMEOUT
        assert network.run().outcome is Outcome.INSUFFICIENT
        assert network.short == []


def test_without_anything_elsewhere_a_silence_cannot_be_checked():
    """And so does not count."""
    network = Network(baselines=(Baseline(name="www.baseline-a.example", addresses=(SITE,)),))
    network.meets, network.whole = behind(3, SILENT), Failure.TIMEOUT
    assert network.run().outcome is Outcome.INSUFFICIENT


def test_a_forged_lookup_is_followed_by_questions():
    """To a resolver, since the dark address has no end; a silence is checked by a connection elsewhere."""
    network = Network()
    network.lookups = {DARK: ("203.0.113.66",)}
    network.meets = lambda ask, subject: SILENT if subject and ask.ttl > 3 else TOLD
    said = network.run()
    assert all(attempt.ask.layer is Layer.DNS for attempt in network.short)
    assert said.facts["hop_to"] == "4"
    checks = [attempt.ask.layer for attempt in network.asked if attempt.bystander]
    assert checks
    assert set(checks) == {Layer.TCP}


def test_without_a_baseline_nothing_is_traced():
    """There is nothing harmless to send beside it."""
    network = Network(baselines=())
    assert network.run().outcome is Outcome.INSUFFICIENT
    assert all(attempt.pair is None for attempt in network.short)


def test_an_address_cut_only_past_the_target_is_tried_again_though_the_helper_reaches_it():
    """What the helper met is no attempt from here."""
    network = Network(end=4)
    network.connects = Failure.TIMEOUT
    network.run()
    here = [attempt for attempt in network.asked if attempt.side is Side.HERE and attempt.ask.ttl is None]
    whole = [attempt for attempt in here if attempt.ask.address == SITE and attempt.changed == "address"]
    assert len([attempt for attempt in whole if attempt.pair is None]) == 3
