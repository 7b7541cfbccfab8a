"""Tests of hushmap.experiments.web: what a page load asks, and whom."""

import msgspec
import pytest

from hushmap.model import Failure, Layer, Page, Role, Side, Target
from worlds import HELPER, SITE, World, conditions, converse

SECURE = Target(experiment="web", text="https://news.example/")
DEEP = Target(experiment="web", text="http://news.example/a?b")
EDGE = "198.51.100.8"


def asked(record, **fields):
    """The asks of this record's trials that have these fields."""
    wanted = fields.items()
    return [t.ask for t in record.trials if all(getattr(t, k, getattr(t.ask, k, None)) == v for k, v in wanted)]


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


def test_without_an_echo_a_page_that_differs_is_not_asked_for_again():
    """At the site's own server nobody knows which page is the server's: no pair, no further contact."""
    forged = Page(status=403, title="No", body_sha256="cc", body_length=3)
    world = World(server=lambda ask, side: forged if side is Side.HERE and ask.port == 80 else None)
    plain = msgspec.structs.replace(SECURE, text="http://news.example/")
    _, record = converse(world, plain, conditions(echo_http=None))
    assert all(trial.pair is None for trial in record.trials)
