"""A silent address of a page load, followed hop by hop where a table tells whose network is where."""

import msgspec
import pytest

from hushmap.detect import judge
from hushmap.experiments import Baseline
from hushmap.model import Evidence, Failure, Hop, Knowledge, Layer, Outcome, Role, Scope, Side, Target, Where
from worlds import BASELINES, HELPER, SITE, World, conditions, converse

PAGE = Target(experiment="web", text="https://news.example/")
BESIDE = (
    Baseline(name=BASELINES[0].name, addresses=("198.51.100.8",)),
    BASELINES[1],
)
"""A harmless site in the prefix of the one that is asked about."""
LAST = 8
"""Hops to the servers; the last routers are of their own network."""
TABLE = (("198.51.100.0/24", 64510), ("192.0.2.0/25", 64501), ("192.0.2.128/25", 64510))


def router(hop):
    """Of the hop; the last three lie in the servers' network."""
    return f"192.0.2.{hop if hop <= LAST - 3 else 128 + hop}"


class Hilly(World):
    """A way of eight hops, on which SYNs to the site are lost behind one of them."""

    lost_after = 0

    def steps(self, ask, side):
        """A packet with a small TTL meets the router at which it ends."""
        if ask.ttl is None:
            return super().steps(ask, side)
        gone = ask.address == SITE and ask.ttl > self.lost_after
        there = ask.ttl >= LAST
        told = not gone and not there
        t = self.now + (3.0 if gone else 0.05)
        return (
            Hop(
                t0=self.now, t=t, address=ask.address, port=ask.port, ttl=ask.ttl, router=router(ask.ttl) if told else None,
                icmp=(11, 0) if told else None, reached=there and not gone, failure=Failure.TIMEOUT if gone else None,
            ),
        )  # fmt: skip


def silent(lost_after, **given):
    """What comes of a site whose address does not answer here, and does elsewhere."""
    world = Hilly(server=lambda ask, side: Failure.TIMEOUT if ask.address == SITE and side is Side.HERE else None)
    world.lost_after = lost_after
    return converse(world, PAGE, conditions(baselines=BESIDE, **given))


def judged(record, prefixes=TABLE):
    """The verdict, with a table frozen in the record."""
    context = msgspec.structs.replace(record.context, prefixes=prefixes)
    return judge(msgspec.structs.replace(record, context=context), Knowledge())


def test_a_loss_before_a_router_of_another_network_is_a_block():
    """METHOD 1: hop evidence puts the loss outside the target's network; the link is said."""
    verdict, record = silent(3, networks=True)
    assert verdict.outcome is Outcome.UNREACHABLE, "without the table nothing is known of whose routers those are"
    found = judged(record)
    assert (found.outcome, found.evidence, found.where) == (Outcome.BLOCKED, Evidence.CONTROLLED, Where.PATH)
    assert found.rule == "web.lost-outside"
    assert (found.facts["hop_from"], found.facts["hop_to"]) == ("3", "4")
    assert found.mechanisms == ("tcp.timeout",)


@pytest.mark.parametrize("lost_after", [LAST - 2, LAST - 1])
def test_a_loss_inside_the_targets_network_may_be_its_own(lost_after):
    """A server, or its own firewall, that drops a whole country gives the same packets."""
    _, record = silent(lost_after, networks=True)
    found = judged(record)
    assert (found.outcome, found.rule) == (Outcome.UNREACHABLE, "web.unreachable")


def test_a_table_without_the_routers_equals_nothing():
    """Unknown is never another network."""
    _, record = silent(3, networks=True)
    assert judged(record, TABLE[:1]).outcome is Outcome.UNREACHABLE


def test_without_a_table_no_way_is_followed():
    """It could decide nothing, so nothing is sent for it."""
    _, record = silent(3)
    assert all(trial.ask.ttl is None for trial in record.trials)


def test_packets_that_follow_a_way_show_no_name():
    """They are SYNs to the address, and no contacts."""
    _, record = silent(3, networks=True)
    followed = [trial for trial in record.trials if trial.ask.ttl is not None]
    assert followed
    assert {trial.ask.layer for trial in followed} == {Layer.TCP}
    assert {trial.ask.sni or trial.ask.host for trial in followed} == {None}
    assert HELPER not in {trial.ask.address for trial in followed}


BOTH = (SITE, "198.51.100.9")
"""Two addresses of one site."""


def test_the_way_of_one_address_says_nothing_of_the_sites_others():
    """Only one is followed: the block is of some addresses, one of two."""
    gone = Hilly(
        addresses=BOTH,
        server=lambda ask, side: Failure.TIMEOUT if ask.address in BOTH and side is Side.HERE else None,
    )
    gone.lost_after = 3
    _, record = converse(gone, PAGE, conditions(baselines=BESIDE, networks=True))
    found = judged(record)
    assert (found.rule, found.scope, found.facts["addresses"]) == ("web.lost-outside", Scope.SOME_ADDRESSES, "1 of 2")
    one = judged(silent(3, networks=True)[1])
    assert (one.scope, one.facts["addresses"]) == (None, "1 of 1")


def test_the_way_of_another_address_decides_nothing():
    """Nor pairs that asked whether the whole site, and not the address, is cut off."""
    _, record = silent(3, networks=True)
    assert judged(record).outcome is Outcome.BLOCKED

    def elsewhere(trial):
        """The same packet toward another address of the site."""
        if trial.ask.ttl is None or trial.role is Role.BASELINE:
            return trial
        return msgspec.structs.replace(trial, ask=msgspec.structs.replace(trial.ask, address=BOTH[1]))

    def of_the_site(trial):
        """The same pair with another question."""
        mine = trial.ask.ttl is None and trial.changed == "address"
        return msgspec.structs.replace(trial, changed="site") if mine else trial

    for other in (elsewhere, of_the_site):
        changed = msgspec.structs.replace(record, trials=tuple(map(other, record.trials)))
        assert (judged(changed).outcome, judged(changed).rule) == (Outcome.UNREACHABLE, "web.unreachable")


def test_the_targets_own_border_is_no_other_network():
    """It may have an address of the provider's: one strange router behind the link shows nothing."""
    _, record = silent(LAST - 4, networks=True)
    assert judged(record).outcome is Outcome.UNREACHABLE
    _, record = silent(LAST - 5, networks=True)
    assert judged(record).outcome is Outcome.BLOCKED
