"""Tests of hushmap.experiments.web: what a page load asks, and whom."""

import pytest

from hushmap.experiments.web import MAX_ADDRESSES, load, visitable
from hushmap.model import Failure, Layer, Page, Role, Side, Target
from hushmap.wire import url
from worlds import DARK, HELPER, ISP, OTHER, SITE, World, conditions, converse

SECURE = Target(experiment="web", text="https://news.example/")
DEEP = Target(experiment="web", text="http://news.example/a?b")
EDGE = "198.51.100.8"


def asked(record, **fields):
    """The asks of this record's trials that have these fields."""
    wanted = fields.items()
    return [t.ask for t in record.trials if all(getattr(t, k, getattr(t.ask, k, None)) == v for k, v in wanted)]


def test_a_survey_asks_every_resolver_once_and_every_address_from_both_sides():
    """Nothing else, where nothing is wrong."""
    _, record = converse(World(addresses=(SITE, EDGE)), SECURE, conditions(ipv6=True))
    lookups = asked(record, layer=Layer.DNS, side=Side.HERE)
    assert {(ask.resolver, ask.qtype) for ask in lookups} == {
        ("system", "A+AAAA"), (ISP, "A+AAAA"), (OTHER, "A+AAAA"), (DARK, "A"),
    }  # fmt: skip
    for side in (Side.HERE, Side.HELPER):
        assert {ask.address for ask in asked(record, layer=Layer.HTTP, side=side)} == {SITE, EDGE}
    assert len(record.trials) == 9
    causes = {trial.causes for trial in record.trials if trial.ask.layer is Layer.HTTP}
    assert all(causes), "each load says which lookup named its address"


def test_no_more_than_four_addresses_of_a_family_are_visited():
    """Beyond that a site's addresses are one content network."""
    many = tuple(f"198.51.100.{n}" for n in range(10, 20)) + tuple(f"2001:db8::{n}" for n in range(10, 20))
    _, record = converse(World(addresses=many), SECURE, conditions(ipv6=True))
    visited = {ask.address for ask in asked(record, layer=Layer.HTTP, side=Side.HERE)}
    assert [sum((":" in a) is six for a in visited) for six in (False, True)] == [MAX_ADDRESSES, MAX_ADDRESSES]


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


@pytest.mark.parametrize(
    ("target", "sign", "ours"),
    [
        (SECURE, "sni", lambda ask: ask.sni == "news.example" and ask.layer is Layer.TLS),
        (DEEP, "host", lambda ask: "http://news.example/" in (ask.url or "")),
        (DEEP, "path", lambda ask: "/a?b" in (ask.url or "")),
    ],
)
def test_what_pairs_found_is_tried_toward_an_address_of_ours(target, sign, ours):
    """Once if it triggers there, six times if it does not; before the day's contacts are spent at the site."""
    everywhere = World(blocks=lambda ask: Failure.RESET if "news.example" in f"{ask.sni}" or ours(ask) else None)
    _, record = converse(everywhere, target)
    assert len(asked(record, changed=sign, address=HELPER, role=Role.SUBJECT)) == 1
    if sign == "path":
        there = World(
            server=lambda ask, side: (
                Failure.RESET if side is Side.HERE and ask.address == SITE and ours(ask) else None
            )
        )
    else:
        there = World(
            server=lambda ask, side: (
                Failure.RESET
                if side is Side.HERE and ask.address == SITE and "news.example" in f"{ask.sni} {ask.url}"
                else None
            )
        )
    _, record = converse(there, target)
    assert len(asked(record, changed=sign, address=HELPER, role=Role.SUBJECT)) == 6


@pytest.mark.parametrize(
    ("status", "location", "legs"), [(301, "/x", 2), (303, "/x", 2), (200, "/x", 1), (302, None, 1)]
)
def test_only_a_redirect_leads_on(status, location, legs):
    """303 too; a Location on another status is none."""

    def says(ask, _side):
        return (
            Page(status=status, location=location, body_sha256="r", body_length=1) if ask.url == SECURE.text else None
        )

    _, record = converse(World(server=says), SECURE)
    assert len({ask.url for ask in asked(record, layer=Layer.HTTP, side=Side.HERE)}) == legs


def test_pairs_about_two_questions_never_share_a_number():
    """Two addresses fail at once; each pair has one subject, between baselines of its own."""
    both = World(addresses=(SITE, EDGE))
    both.server = lambda ask, side: Failure.TIMEOUT if side is Side.HERE and ask.address in {SITE, EDGE} else None
    _, record = converse(both, SECURE)
    subjects = [(t.pair, t.ask.address) for t in record.trials if t.pair is not None and t.role is Role.SUBJECT]
    assert {address for _, address in subjects} == {SITE, EDGE}
    assert len({pair for pair, _ in subjects}) == len(subjects)
