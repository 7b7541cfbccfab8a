"""Pages asked about with a helper of OONI's kind beside: what it can tell, and what stays undecided without more."""

import msgspec
import pytest

from hushmap.experiments import open_inquiry
from hushmap.model import (
    Evidence,
    Failure,
    Fetch,
    Layer,
    Outcome,
    Page,
    Place,
    Reason,
    Side,
    Target,
)
from worlds import BASELINES, OTHER, SITE, World, conditions, converse, verdict_of

URL = "https://0.th.ooni.org/"
OONI = conditions(helper_address=None, helper_url=URL, echo_http=None, echo_tls=None, dark=None)
SECURE = Target(experiment="web", text="https://news.example/")
PLAIN = Target(experiment="web", text="http://news.example/")
FINAL = Page(status=200, title="The news of today", body_length=1000)
SEEN = msgspec.structs.replace(FINAL, body_sha256="aa", sketch=(1,) * 16)


class OoniWorld(World):
    """A world whose helper tells its page after all redirects, without a hash, and only where it looked itself."""

    def steps(self, ask, side):
        made = super().steps(ask, side)
        if side is Side.HERE or not isinstance(made[-1], Fetch):
            return made
        if ask.address not in self.addresses:
            return made[:-1]
        return (*made[:-1], msgspec.structs.replace(made[-1], page=FINAL))


def to(location, status=301):
    """A server that redirects plain requests here, and shows the page over TLS."""

    def server(ask, side):
        plain = (ask.url or "").startswith("http://news.example")
        return Page(status=status, location=location) if plain and side is Side.HERE else SEEN

    return server


def test_a_page_over_tls_is_the_sites_own():
    """Its certificate says so here; the helper's page bears it out."""
    verdict, record = converse(OoniWorld(server=lambda ask, side: SEEN), SECURE, OONI)
    assert (verdict.outcome, verdict.evidence) == (Outcome.OK, Evidence.COMPARISON)
    assert record.context.helper == URL


def test_a_name_that_is_cut_is_blocked_by_pairs_at_the_sites_own_server():
    """There is no address of ours to try it at, and none is needed."""
    world = OoniWorld(
        server=lambda ask, side: SEEN,
        blocks=lambda ask: Failure.RESET if ask.sni == "news.example" else None,
    )
    verdict, record = converse(world, SECURE, OONI)
    assert (verdict.outcome, verdict.mechanisms) == (Outcome.BLOCKED, ("tls.reset.sni",))
    assert {trial.ask.address for trial in record.trials if trial.pair is not None} <= {
        SITE, *(address for baseline in BASELINES for address in baseline.addresses),
    }  # fmt: skip


def test_an_alert_at_the_sites_own_server_may_be_the_servers():
    """Without an address of ours that stays open."""
    world = OoniWorld(
        server=lambda ask, side: SEEN,
        blocks=lambda ask: Failure.TLS_ALERT if ask.sni == "news.example" else None,
    )
    assert converse(world, SECURE, OONI)[0].outcome is not Outcome.BLOCKED


HOME = ["https://news.example/", "https://www.news.example/", "https://m.news.example/"]


@pytest.mark.parametrize("location", HOME)
def test_a_redirect_to_the_sites_own_tls_is_followed(location):
    """The certificate proves the next hop, whoever sent us there."""
    world = OoniWorld(server=to(location))
    # the certificate of the other name is the site's too
    known = world._handshake
    world._handshake = lambda ask, *more: msgspec.structs.replace(known(ask, *more), valid=True, failure=None)
    world.resolves = lambda ask, side: (SITE,) if (ask.name or "").endswith("news.example") else None
    verdict, record = converse(world, PLAIN, OONI)
    assert verdict.outcome is Outcome.OK, verdict
    assert len({trial.ask.url for trial in record.trials if trial.ask.url}) == 2


ELSEWHERE = [
    "http://notice.example/",
    "https://notice.example/",
    "https://xnews.example/",
    "http://news.example/",
    "/front",
]


@pytest.mark.parametrize("location", ELSEWHERE)
def test_a_redirect_elsewhere_or_in_the_clear_is_not_taken_for_the_sites(location):
    """The helper tells only where it came out, so nobody knows who sent this one away; it is not decided."""
    verdict, record = converse(OoniWorld(server=to(location)), PLAIN, OONI)
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.NO_RULE)
    assert all("notice" not in (trial.ask.name or "") for trial in record.trials)


def test_a_plain_page_is_the_same_by_its_title():
    """Another page is not the site's, whatever it is."""
    assert converse(OoniWorld(server=lambda ask, side: SEEN), PLAIN, OONI)[0].outcome is Outcome.OK
    other = msgspec.structs.replace(SEEN, title="Something else entirely")
    verdict = converse(OoniWorld(server=lambda ask, side: other), PLAIN, OONI)[0]
    assert verdict.outcome is Outcome.INSUFFICIENT


def test_an_address_that_answers_elsewhere_is_unreachable():
    """The helper got through, pairs say that it is this address; who drops it is not known."""
    world = OoniWorld(server=lambda ask, side: Failure.TIMEOUT if side is Side.HERE and ask.address == SITE else SEEN)
    verdict = converse(world, SECURE, OONI)[0]
    assert (verdict.outcome, verdict.mechanisms) == (Outcome.UNREACHABLE, ("tcp.timeout",))


def test_a_refusal_everywhere_is_down():
    """The helper names it as we do."""
    verdict = converse(OoniWorld(server=lambda ask, side: Failure.REFUSED), SECURE, OONI)[0]
    assert verdict.outcome is Outcome.DOWN


def test_a_word_needs_an_address_of_ours():
    """It is not asked, and says why."""
    word = Target(experiment="keyword", text="weather", place=Place.HTTP_PATH)
    inquiry = open_inquiry(word, OONI, 10_000)
    assert inquiry.ask(0.05) == ()
    verdict, _ = verdict_of(inquiry, OONI, 0.05)
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.NO_HELPER)


def test_a_name_in_a_hello_goes_to_the_sites_own_server():
    """As without a helper: there is no echo."""
    target = Target(experiment="sni", text="news.example")
    verdict, record = converse(OoniWorld(), target, OONI)
    assert verdict.outcome is Outcome.OK
    assert {trial.ask.address for trial in record.trials if trial.ask.layer is Layer.TLS} == {SITE}


def test_a_lie_of_the_resolver_is_told_by_the_helpers_lookup():
    """A notice's address that the helper was not told of, and another resolver's answer that is proven."""
    world = OoniWorld(
        server=lambda ask, side: SEEN,
        resolves=lambda ask, side: (
            ("10.10.34.35",) if side is Side.HERE and ask.resolver != OTHER and ask.name == "news.example" else None
        ),
    )
    verdict = converse(world, SECURE, OONI)[0]
    assert (verdict.outcome, verdict.mechanisms) == (Outcome.BLOCKED, ("dns.tamper.bogon",))
