"""Tests of hushmap.experiments.survey: what the survey of one host asks, and whom."""

import msgspec
import pytest

from hushmap.experiments import open_inquiry
from hushmap.experiments.survey import MAX_ADDRESSES, load, visitable
from hushmap.model import Failure, Layer, Side, Target, trial_of
from hushmap.wire import url
from worlds import DARK, ISP, OTHER, SITE, World, conditions, converse, verdict_of

SECURE = Target(experiment="web", text="https://news.example/")
LOOKUP = Target(experiment="dns", text="news.example")
EDGE, SIX = "198.51.100.8", "2001:db8:2::7"


def asked(record, **fields):
    """The asks of this record's trials that have these fields."""
    wanted = fields.items()
    return [t.ask for t in record.trials if all(getattr(t, k, getattr(t.ask, k, None)) == v for k, v in wanted)]


def resolvers(record):
    """Who was asked for the name from here, with which types."""
    return {(ask.resolver, ask.qtype) for ask in asked(record, layer=Layer.DNS, side=Side.HERE, pair=None)}


def test_a_clean_site_costs_three_contacts():
    """The resolver of programs here, the address that runs none, one page load; the helper does the same."""
    _, record = converse(World(addresses=(SITE, EDGE)), SECURE)
    assert resolvers(record) == {("system", "A"), (DARK, "A")}
    for side in (Side.HERE, Side.HELPER):
        assert [ask.address for ask in asked(record, layer=Layer.HTTP, side=side)] == [SITE]
    assert len(record.trials) == 5
    assert all(trial.causes for trial in record.trials if trial.ask.layer is Layer.HTTP), "which lookup named it"


def test_without_an_address_that_runs_no_resolver_every_own_resolver_is_asked():
    """Then two answers to one question are the only sign of an injector that lost the race."""
    _, record = converse(World(), SECURE, conditions(dark=None))
    assert resolvers(record) == {("system", "A"), (ISP, "A")}


def test_each_family_has_its_visit():
    """A line with IPv6 loads the page once over each."""
    _, record = converse(World(addresses=(SITE, EDGE, SIX)), SECURE, conditions(ipv6=True))
    assert [ask.address for ask in asked(record, layer=Layer.HTTP, side=Side.HERE)] == [SITE, SIX]


def test_where_the_resolvers_are_the_question_all_are_asked():
    """The `dns` experiment asks every resolver of every name."""
    _, record = converse(World(), LOOKUP, conditions(ipv6=True))
    assert resolvers(record) == {("system", "A+AAAA"), (ISP, "A+AAAA"), (OTHER, "A+AAAA"), (DARK, "A")}


def test_an_answer_that_nobody_bears_out_is_put_to_everybody():
    """A lie of the resolver: the others are asked, and the address that the helper was told is visited."""
    world = World(
        resolves=lambda ask, side: (EDGE,) if side is Side.HERE and ask.resolver in {"system", ISP} else None,
        server=lambda ask, _side: Failure.INVALID_HOSTNAME if ask.address == EDGE else None,
    )
    _, record = converse(world, SECURE)
    assert resolvers(record) == {("system", "A"), (DARK, "A"), (ISP, "A"), (OTHER, "A")}
    loads = asked(record, layer=Layer.HTTP, side=Side.HERE, changed=None, pair=None)
    assert [ask.address for ask in loads] == [EDGE, SITE]


def test_the_next_address_is_visited_where_one_is_dead_and_none_where_a_name_was_cut():
    """What was cut at a proven address would be cut at the next."""
    dead = World(addresses=(SITE, EDGE), server=lambda ask, _s: Failure.TIMEOUT if ask.address == SITE else None)
    cut = World(addresses=(SITE, EDGE), blocks=lambda ask: Failure.RESET if ask.sni == "news.example" else None)
    for world, visited in ((dead, [SITE, EDGE]), (cut, [SITE])):
        _, record = converse(world, SECURE)
        loads = asked(record, layer=Layer.HTTP, side=Side.HERE, pair=None)
        assert list(dict.fromkeys(ask.address for ask in loads)) == visited


def test_no_more_than_four_addresses_of_a_family_are_visited():
    """Beyond that a site's addresses are one content network."""
    many = tuple(f"198.51.100.{n}" for n in range(10, 20)) + tuple(f"2001:db8::{n}" for n in range(10, 20))
    world = World(addresses=many, server=lambda _ask, _side: Failure.REFUSED)
    _, record = converse(world, SECURE, conditions(ipv6=True))
    visited = {ask.address for ask in asked(record, layer=Layer.HTTP, side=Side.HERE)}
    assert [sum((":" in a) is six for a in visited) for six in (False, True)] == [MAX_ADDRESSES, MAX_ADDRESSES]


def test_the_helper_visits_where_it_was_sent_itself():
    """Plain HTTP has no certificate: without the page of an address that the helper was told, nothing compares."""
    world = World(resolves=lambda ask, side: (EDGE,) if side is Side.HERE and ask.resolver == "system" else None)
    verdict, record = converse(world, msgspec.structs.replace(SECURE, text="http://news.example/"))
    assert verdict.outcome == "ok"
    assert {ask.address for ask in asked(record, layer=Layer.HTTP, side=Side.HELPER)} == {EDGE, SITE}
    assert [ask.address for ask in asked(record, layer=Layer.HTTP, side=Side.HERE)] == [EDGE]


def test_an_unproven_answer_is_asked_once_over_plain_http_by_both_sides():
    """After the helper's word is in; one that was cut in the middle is not asked, nor a bogon by the helper."""

    def plain(world, given=None):
        _, record = converse(world, SECURE, given)
        return {(t.side, t.ask.address) for t in record.trials if t.changed == "notice"}

    dead = World(server=lambda ask, _side: Failure.REFUSED if ask.port == 443 and ask.address == SITE else None)
    assert plain(dead) == {(Side.HERE, SITE), (Side.HELPER, SITE)}
    assert plain(World(blocks=lambda ask: Failure.RESET if ask.sni == "news.example" else None)) == set()
    private = World(addresses=("10.0.0.1",), server=dead.server)
    private.server = lambda ask, _side: Failure.REFUSED if ask.port == 443 else None
    assert plain(private) == {(Side.HERE, "10.0.0.1")}
    alone = conditions(helper=False, helper_address=None, dark=None)
    assert plain(World(server=dead.server), alone) == {(Side.HERE, SITE)}


@pytest.mark.parametrize(
    ("address", "ipv6", "may"),
    [
        (SITE, False, True),
        ("10.0.0.1", False, True),
        ("127.0.0.1", True, False),
        ("0.0.0.0", True, False),
        ("169.254.1.1", True, False),
        ("224.0.0.1", True, False),
        ("2001:db8::1", False, False),
        ("2001:db8::1", True, True),
        ("::1", True, False),
        ("fe80::1", True, False),
    ],
)
def test_an_answer_never_leads_to_this_computer_its_link_or_everyone(address, ipv6, may):
    """And to IPv6 only where there is some."""
    assert visitable(address, ipv6=ipv6) is may


def test_a_page_load_names_its_host_only_where_it_has_a_name():
    """An address in the URL is no server name."""
    assert load(url.parse("https://news.example/"), SITE).sni == "news.example"
    assert load(url.parse(f"https://{SITE}/"), SITE).sni is None
    assert load(url.parse("http://news.example/"), SITE).sni is None


def test_an_address_of_ones_own_network_is_passed_over():
    """A hosts file or an ad-blocker names one: nothing is sent there, and the next address and resolver are asked."""
    world = World(
        resolves=lambda ask, side: ("192.168.1.2",) if side is Side.HERE and ask.resolver == "system" else None
    )
    inquiry = open_inquiry(SECURE, conditions(), 10_000)
    while waiting := inquiry.ask(0.05):
        for attempt in waiting:
            refused = attempt.ask.address == "192.168.1.2"
            steps = () if refused else world.steps(attempt.ask, attempt.side)
            inquiry.tell(trial_of(attempt, steps, undone="own_network" if refused else None))
    assert {trial.ask.resolver for trial in inquiry.trials if trial.side is Side.HERE} >= {"system", DARK, ISP, OTHER}
    assert any(trial.ask.address == SITE and trial.side is Side.HERE for trial in inquiry.trials)
    verdict, _ = verdict_of(inquiry, conditions(), 0.05)
    assert verdict.outcome == "insufficient"
