"""The `throttle` inquiry in networks that slow, stop, or do neither."""

import random

import msgspec
import pytest

from hushmap.experiments.throttle import MAX_ALTERNATIONS, STREAM_BYTES, most_bytes, size_for
from hushmap.model import Evidence, Failure, Outcome, Reason, Role, Side, Target, Where
from rates import LINE, Flow, RateWorld
from worlds import HELPER, SITE, conditions, converse

NAME = "news.example"
SECURE = Target(experiment="throttle", text=f"https://{NAME}/")
PLAIN = Target(experiment="throttle", text=f"http://{NAME}/")
BARE = Target(experiment="throttle", text=NAME)
NO_HELPER = conditions(helper=False, helper_address=None, echo_http=None, echo_tls=None, dark=None)
POLICED = Flow(rate=17_500.0, burst=8_000, lumps=0.2)
QUEUED = Flow(rate=30_000.0)
FROZEN = Flow(stop=16_000)


def named(flow):
    """Whatever names the site runs like this, from here."""
    return lambda ask, side: flow if side is Side.HERE and NAME in f"{ask.sni} {ask.url}" else Flow()


def by_sni(flow):
    """Only a hello that names the site."""
    return lambda ask, side: flow if side is Side.HERE and ask.sni == NAME else Flow()


def at_address(flow):
    """Whatever comes from the site's address runs like this, from here."""
    return lambda ask, side: flow if side is Side.HERE and ask.address == SITE else Flow()


def said(world, target=SECURE, given=None):
    """Outcome, mechanisms and verdict of a conversation."""
    verdict, record = converse(world, target, given or conditions(downloads=1))
    return verdict, record


@pytest.mark.parametrize(
    ("target", "flow", "mechanisms"),
    [
        (SECURE, POLICED, ("throttle.sni",)),
        (BARE, POLICED, ("throttle.sni",)),
        (PLAIN, POLICED, ("throttle.host",)),
        (SECURE, QUEUED, ("throttle.sni", "throttle.delay")),
        (SECURE, FROZEN, ("tcp.freeze",)),
        (PLAIN, Flow(stop=16_000), ("tcp.freeze",)),
    ],
)
def test_a_name_that_is_slowed_or_stopped_is_found(target, flow, mechanisms):
    """Toward our own echo nothing but the name differs: controlled, on the path, and the site is not even asked."""
    verdict, record = said(RateWorld(flows=named(flow)), target)
    assert (verdict.outcome, verdict.mechanisms) == (Outcome.DEGRADED, mechanisms)
    assert (verdict.evidence, verdict.where) == (Evidence.CONTROLLED, Where.PATH)
    assert verdict.counts.subject == (6, 6)
    assert verdict.counts.baseline == (0, 6)
    assert verdict.facts["baseline"] == "www.baseline-a.example"
    streams = [trial for trial in record.trials if trial.pair is not None]
    assert {trial.ask.address for trial in streams} == {HELPER}
    assert all(trial.alone for trial in streams)
    starts = [trial.t0 for trial in streams if trial.role is Role.SUBJECT]
    assert starts[-1] - starts[0] >= 60, "in two blocks"
    orders = [trial.role for trial in streams]
    assert orders[:4] == [Role.BASELINE, Role.SUBJECT, Role.SUBJECT, Role.BASELINE], (
        "each order as often as the other"
    )


def test_the_figures_are_those_of_the_transfers():
    """Rates in kbit/s with an interval, of subject and twin; of a freeze the kilobytes of the connection."""
    verdict, _ = said(RateWorld(flows=named(Flow(rate=17_500.0))))
    assert 120 <= float(verdict.facts["rate_low"]) <= float(verdict.facts["rate"]) <= 150
    assert float(verdict.facts["base_rate"].replace(",", "")) > 5_000
    verdict, _ = said(RateWorld(flows=named(FROZEN)))
    assert verdict.facts["stopped"] == "20"


@pytest.mark.parametrize("target", [SECURE, PLAIN])
def test_a_site_that_nobody_slows_is_as_others(target):
    """All alternations alike; the site's own address is looked at twice and left alone."""
    verdict, record = said(RateWorld(), target)
    assert (verdict.outcome, verdict.rule) == (Outcome.OK, "rate.alike")
    own = [trial for trial in record.trials if trial.ask.address == SITE and trial.side is Side.HERE]
    assert len(own) == 2
    assert len(record.trials) <= 20


@pytest.mark.parametrize(
    "flow",
    [
        Flow(rate=25_000.0),
        Flow(rate=25_000.0, lumps=0.5),
        Flow(rate=3_000.0),
        Flow(stop=16_000),
        Flow(stop=40_000),
        Flow(rate=25_000.0, burst=30_000),
    ],
)
def test_a_bad_line_is_nobodys_act(flow):
    """What meets every transfer alike is the line: slow, uneven, cut off at the same place."""
    verdict, _ = said(RateWorld(flows=lambda _ask, side: flow if side is Side.HERE else Flow()))
    assert verdict.outcome in {Outcome.OK, Outcome.INSUFFICIENT}


@pytest.mark.parametrize("seed", range(12))
def test_an_uneven_line_is_nobodys_act(seed):
    """Rates that change tenfold from one transfer to the next, and transfers that stop anywhere."""
    rng = random.Random(seed)

    def flows(_ask, side):
        if side is not Side.HERE:
            return Flow()
        stop = rng.randrange(5_000, 300_000) if rng.random() < 0.2 else None
        return Flow(rate=LINE * 10 ** rng.uniform(-1.5, 0), stop=stop, lumps=rng.choice([0.0, 0.5]))

    verdict, _ = said(RateWorld(flows=flows))
    assert verdict.outcome in {Outcome.OK, Outcome.INSUFFICIENT}


@pytest.mark.parametrize("flow", [Flow(rate=17_500.0), Flow(stop=16_000)])
def test_a_server_that_is_slow_for_everyone_is_not_the_networks_doing(flow):
    """The helper gets the page no better."""
    world = RateWorld(flows=lambda ask, _side: flow if ask.address == SITE else Flow())
    verdict, _ = said(world)
    assert (verdict.outcome, verdict.rule) == (Outcome.OK, "rate.alike")


def test_a_server_that_is_merely_far_is_not_slow():
    """Half of the echo's rate and less, but above what a throttled line has."""
    verdict, _ = said(RateWorld(flows=at_address(Flow(rate=LINE / 5))))
    assert (verdict.outcome, verdict.rule) == (Outcome.OK, "rate.alike")


@pytest.mark.parametrize(
    ("flow", "mechanisms", "rule"),
    [
        (POLICED, ("throttle.ip",), "rate.slowed-address"),
        (QUEUED, ("throttle.ip", "throttle.delay"), "rate.slowed-address"),
        (FROZEN, ("tcp.freeze",), "rate.frozen-address"),
    ],
)
@pytest.mark.parametrize("target", [SECURE, PLAIN])
def test_an_address_that_is_slow_only_here_is_said_so_without_an_author(target, flow, mechanisms, rule):
    """The site's own limit on this network would look the same: comparison, nowhere, and the sentence says so."""
    verdict, _ = said(RateWorld(flows=at_address(flow)), target)
    assert (verdict.outcome, verdict.mechanisms, verdict.rule) == (Outcome.DEGRADED, mechanisms, rule)
    assert (verdict.evidence, verdict.where) == (Evidence.COMPARISON, Where.UNKNOWN)
    assert verdict.facts["server_too"] == "1"
    assert "baseline" not in verdict.facts


def test_an_address_is_not_blamed_for_what_the_name_may_have_done():
    """What comes from the address names the site, too: uneven rates under the name leave it open."""
    rng = random.Random(1)

    def flows(ask, side):
        if side is not Side.HERE or NAME not in f"{ask.sni} {ask.url}":
            return Flow(rate=LINE * 10 ** rng.uniform(-1, 0)) if side is Side.HERE and ask.most else Flow()
        return Flow(rate=17_500.0) if ask.address == SITE else Flow(rate=LINE * 10 ** rng.uniform(-2, -0.5))

    verdict, _ = said(RateWorld(flows=flows))
    assert "throttle.ip" not in verdict.mechanisms
    assert verdict.outcome in {Outcome.INSUFFICIENT, Outcome.DEGRADED}


def test_a_page_that_is_no_page_says_nothing_of_the_address():
    """A redirect, or a refusal for everyone: the name's own question is answered all the same."""
    verdict, _ = said(RateWorld(flows=at_address(POLICED), status=301))
    assert (verdict.outcome, verdict.rule) == (Outcome.OK, "rate.alike")


def test_without_a_helper_the_site_itself_is_asked_under_two_names():
    """The same page from the same server, with another name in the hello; only a plain Host cannot be changed so."""
    verdict, record = said(RateWorld(flows=by_sni(POLICED)), SECURE, NO_HELPER)
    assert (verdict.outcome, verdict.mechanisms) == (Outcome.DEGRADED, ("throttle.sni",))
    streams = [trial for trial in record.trials if trial.pair is not None]
    assert {trial.ask.address for trial in streams} == {SITE}
    assert {trial.ask.url for trial in streams} == {f"https://{NAME}/"}
    verdict, _ = said(RateWorld(), SECURE, NO_HELPER)
    assert verdict.outcome is Outcome.OK
    verdict, record = said(RateWorld(), PLAIN, NO_HELPER)
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.NO_HELPER)
    assert [trial.pair for trial in record.trials] == [None]


def test_an_unknown_name_is_still_asked_of_our_echo():
    """Where the site is need not be known for the name's question; without a helper it must."""
    nowhere = {"resolves": lambda _ask, _side: Failure.NXDOMAIN}
    verdict, _ = said(RateWorld(flows=named(POLICED), **nowhere))
    assert verdict.mechanisms == ("throttle.sni",)
    verdict, record = said(RateWorld(**nowhere), SECURE, NO_HELPER)
    assert verdict.reason is Reason.NO_HELPER
    assert len(record.trials) == 1


@pytest.mark.parametrize(
    "given",
    [conditions(baselines=()), conditions(downloads=1000)],
)
def test_what_cannot_be_compared_or_paid_for_is_not_asked(given):
    """Without a harmless name, or with more targets than the run's bytes are enough for."""
    verdict, record = said(RateWorld(), SECURE, given)
    assert record.trials == ()
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.BUDGET)


def test_an_address_as_target_has_no_name_to_compare():
    """Nothing is asked of it."""
    _, record = said(RateWorld(), Target(experiment="throttle", text="https://192.0.2.1/"))
    assert record.trials == ()


def test_without_an_echo_port_for_its_scheme_the_site_itself_is_asked():
    """A helper that has only the other echo is no server for this question; its page load is none either."""
    given = conditions(echo_tls=None)
    verdict, record = said(RateWorld(flows=by_sni(POLICED)), SECURE, given)
    assert verdict.mechanisms == ("throttle.sni",)
    assert {trial.ask.address for trial in record.trials if trial.pair is not None} == {SITE}
    verdict, _ = said(RateWorld(), SECURE, given)
    assert verdict.outcome is Outcome.OK


def test_an_echo_that_gives_no_downloads_decides_nothing():
    """A helper of an older version echoes the path; so does one that has had enough."""
    world = RateWorld(server=lambda ask, _side: Failure.RESET if ask.address == HELPER else None)
    verdict, record = said(world)
    assert (verdict.outcome, verdict.reason) == (Outcome.INSUFFICIENT, Reason.HELPER_SILENT)
    tried = [trial for trial in record.trials if trial.pair is not None and trial.pair < 100]
    assert len(tried) == MAX_ALTERNATIONS, "one stream each: its twin would say no more"


def test_the_bytes_of_a_run_are_never_more_than_promised():
    """Whatever the number of targets: all of them together stay below 10 MB, and a single one is well served."""
    assert size_for(1) == 256 * 1024
    for targets in range(1, 60):
        size = size_for(targets)
        assert size is None or targets * most_bytes(size) <= STREAM_BYTES
    _, record = said(RateWorld(flows=named(POLICED), size=10**6))
    arrived = sum(trial.fetch.curve[-1][1] for trial in record.trials if trial.fetch and trial.fetch.curve)
    assert arrived <= most_bytes(256 * 1024) <= STREAM_BYTES


def test_the_servers_default_page_is_no_like_transfer():
    """Without a helper, another name gets another page: if that comes faster, no name was slowed."""

    class Vhosts(RateWorld):
        """A server that gives its default page to whom it does not know."""

        def _fetch(self, ask, here, now, said):
            found = super()._fetch(ask, here, now, said)
            mine = ask.sni == NAME
            page = msgspec.structs.replace(
                found.page, title="News" if mine else "", body_sha256="aa" if mine else "bb"
            )
            return msgspec.structs.replace(found, page=page)

    verdict, _ = said(Vhosts(flows=by_sni(QUEUED)), given=msgspec.structs.replace(NO_HELPER, downloads=1))
    assert verdict.outcome is Outcome.INSUFFICIENT
    assert verdict.mechanisms == ()
