"""What other volunteers' runs add to a page load, and above all what they must not: innocents first."""

import msgspec
import pytest

from elsewhere import (
    ALONE,
    FAR,
    FARTHER,
    HOME,
    NEAR,
    OFFLINE,
    SOUND,
    THERE,
    WORKS,
    beside,
    by_pairs,
    fails,
    seen,
    view,
)
from hushmap.model import Context, Evidence, Failure, Outcome, Page, Reason, Scope, Vantage
from trials import NAME, SITE, loaded, lookup

AFTER = "2026-11-21T12:30:00Z"
EDGE = "198.51.100.8"
TIMEOUT, REFUSED, RESET = Failure.TIMEOUT, Failure.REFUSED, Failure.RESET
NO_CLOCK = msgspec.structs.replace(SOUND, clock_offset=None)


def changed(context=SOUND, **more):
    """The run's facts, but for these."""
    return msgspec.structs.replace(context, **more)


# --- an address


def test_an_address_that_answers_another_network_of_the_country_meanwhile_is_blocked():
    """Controlled by the pairs; the sentence's network and the peer's counts are there; who does it is not said."""
    here = seen(HOME, *by_pairs())
    assert beside(here).rule == "web.unreachable"
    found = beside(here, view(NEAR, at=AFTER))
    assert (found.outcome, found.evidence, found.rule) == (Outcome.BLOCKED, Evidence.CONTROLLED, "peers.address")
    assert (found.mechanisms, found.facts["peer"], found.counts.peer) == (("tcp.timeout",), "Net-B (AS64502)", (0, 1))
    assert (found.peers, found.scope, found.facts["addresses"]) == (("other-0001",), None, "1 of 1")
    while_it_failed = view(NEAR, at="2026-11-21T12:01:00Z")
    assert beside(here, while_it_failed).outcome is Outcome.BLOCKED


def test_one_of_several_addresses_is_only_that_one():
    """Affected: only some of its addresses."""
    other = loaded(3, TIMEOUT, EDGE, at="connect")
    found = beside(seen(HOME, *by_pairs(), other), view(NEAR, at=AFTER))
    assert (found.outcome, found.scope, found.facts["addresses"]) == (
        Outcome.BLOCKED, Scope.SOME_ADDRESSES, "1 of 2",
    )  # fmt: skip


INNOCENTS = {
    "the server refuses the whole country": lambda: [view(NEAR, *fails(), at=AFTER)],
    "only another country is answered": lambda: [view(FAR, at=AFTER)],
    "a content network answers there from another address": lambda: [
        view(NEAR, lookup(1, (EDGE,)), loaded(2, address=EDGE), *WORKS[2:], at=AFTER)
    ],
    "more than an hour later": lambda: [view(NEAR, at="2026-11-21T13:05:00Z")],
    "the peer's clock was never compared": lambda: [view(NEAR, at=AFTER, context=NO_CLOCK)],
    "the peer's clock is three hours ahead, and that is known": lambda: [
        view(NEAR, at=AFTER, context=changed(clock_offset=-3 * 3600.0))
    ],
    "the peer is in the same network": lambda: [view(HOME, at=AFTER)],
    "the peer's network is not known": lambda: [view(Vantage(country="XA", network="Net-B"), at=AFTER)],
    "the peer was behind a captive portal": lambda: [view(NEAR, at=AFTER, context=changed(portal=True))],
    "the peer's own line failed": lambda: [view(NEAR, at=AFTER, context=changed(sentinels=(3, 3)))],
    "the peer asked another question": lambda: [view(NEAR, at=AFTER, target=f"http://{NAME}/")],
    "the peer is the same run": lambda: [view(NEAR, at=AFTER, run="r")],
    "a certificate of somebody else answers there": lambda: [
        view(NEAR, lookup(1, (SITE,)), loaded(2, Failure.INVALID_HOSTNAME, at="handshake"), *WORKS[2:], at=AFTER)
    ],
    "times of the peer's copy are cut to the day": lambda: [
        view(NEAR, at="2026-11-21T12:00:00Z", annotations={"time_precision": "day"})
    ],
}


@pytest.mark.parametrize("case", sorted(INNOCENTS))
def test_an_innocent_address_stays_unreachable(case):
    """Where a naive comparison would accuse, nothing is added to what the record shows alone."""
    found = beside(seen(HOME, *by_pairs()), *INNOCENTS[case]())
    assert (found.outcome, found.rule) == (Outcome.UNREACHABLE, "web.unreachable"), case


def down_later():
    """The same, with a helper whose look was ten seconds before: the server may have gone down since."""
    early = [msgspec.structs.replace(trial, t0=0.0) for trial in by_pairs() if trial.side is THERE]
    later = [msgspec.structs.replace(trial, t0=trial.t0 + 10) for trial in by_pairs() if trial.side is not THERE]
    return seen(HOME, *early, *later)


@pytest.mark.parametrize(
    ("peers", "outcome"),
    [
        ((AFTER,), Outcome.UNREACHABLE),
        (("2026-11-21T11:30:00Z",), Outcome.UNREACHABLE),
        (("2026-11-21T11:30:00Z", "2026-11-21T11:45:00Z"), Outcome.UNREACHABLE),
        ((AFTER, "2026-11-21T11:30:00Z"), Outcome.BLOCKED),
        (("2026-11-21T12:01:00Z",), Outcome.BLOCKED),
    ],
)
def test_a_server_that_may_have_been_down_in_between_is_not_blocked(peers, outcome):
    """Unless another network reached it while it failed here, or both before and after."""
    views = [view(NEAR, at=at, run=f"other-{number}") for number, at in enumerate(peers)]
    assert beside(down_later(), *views).outcome is outcome


def test_copies_that_tell_the_hour_may_share_one():
    """The helper and we met at once what is told; which minute another network's was does not matter then."""
    coarse = {"annotations": {"time_precision": "hour"}}
    here = seen(HOME, *by_pairs(), **coarse)
    assert beside(here, view(NEAR, **coarse)).rule == "peers.address"
    assert beside(here, view(NEAR, at="2026-11-21T13:00:00Z", **coarse)).rule == "web.unreachable"
    assert beside(here, view(FAR, **coarse)).counts.peer == (0, 1)
    unsure = msgspec.structs.replace(down_later(), annotations=coarse["annotations"])
    assert beside(unsure, view(NEAR, **coarse)).rule == "web.unreachable"


def test_a_clock_that_is_known_to_be_wrong_is_put_right():
    """Three hours ahead, and so told: the very minutes."""
    there = view(NEAR, at="2026-11-21T15:01:00Z", context=changed(clock_offset=-3 * 3600.0))
    assert beside(seen(HOME, *by_pairs()), there).outcome is Outcome.BLOCKED


def test_an_address_needs_pairs_a_helper_and_a_clock_of_its_own():
    """One attempt, another kind of failure, or a clock that nobody compared: no accusation."""
    near = view(NEAR, at=AFTER)
    assert beside(seen(HOME, *fails(helper=False), context=ALONE), near).outcome is Outcome.INSUFFICIENT
    for here in (
        seen(HOME, *fails()),
        seen(HOME, *by_pairs(), context=NO_CLOCK),
        seen(Vantage(asn=64501, network="Net-A"), *by_pairs()),
    ):
        assert beside(here, near).outcome is not Outcome.BLOCKED


# --- down


@pytest.mark.parametrize("how", [TIMEOUT, REFUSED])
def test_a_second_point_abroad_resolves_the_one_point(how):
    """Silence alike here, for the helper and in another country: two points; a refusal alike is told with both."""
    here = seen(HOME, *fails(how, alike=True))
    found = beside(here, view(FAR, *fails(how, alike=True)))
    assert (found.outcome, found.rule, found.facts["points"]) == (Outcome.DOWN, "peers.down", "2")
    assert (found.counts.peer, found.evidence, found.peers) == ((1, 1), Evidence.COMPARISON, ("other-0001",))


def test_without_a_helper_two_countries_are_needed():
    """One point alone may be refused too."""
    here = seen(HOME, *fails(REFUSED, helper=False), context=ALONE)
    one, two = (view(place, *fails(REFUSED, alike=True), run=name) for place, name in ((FAR, "b"), (FARTHER, "c")))
    assert beside(here, one).reason is Reason.NO_HELPER
    assert beside(here, one, one).reason is Reason.NO_HELPER
    found = beside(here, one, two)
    assert (found.outcome, found.facts["points"], found.counts.peer) == (Outcome.DOWN, "2", (2, 2))


@pytest.mark.parametrize(
    ("there", "what"),
    [
        (lambda: view(NEAR, *fails(alike=True)), "the same country may have the same censor"),
        (lambda: view(FAR, *fails(RESET, "handshake", alike=True)), "another failure there is another cause"),
        (lambda: view(FAR, *fails()), "its own helper reached the site"),
        (lambda: view(FAR, *fails(alike=True), at="2026-11-21T12:20:00Z"), "twenty minutes later"),
        (lambda: view(FAR, *fails(alike=True), context=changed(f0=0.4)), "a line on which much fails"),
        (lambda: view(FAR, *fails(alike=True), context=changed(sentinels=(2, 2))), "a line that was down itself"),
        (
            lambda: view(FAR, *fails(alike=True), annotations={"time_precision": "hour"}),
            "a copy whose times are cut to the hour",
        ),
    ],
)
def test_silence_stays_undecided_beside_a_bad_witness(there, what):
    """A site that is censored here is not excused by somebody else's trouble."""
    found = beside(seen(HOME, *fails(alike=True)), there())
    assert (found.outcome, found.reason) == (Outcome.INSUFFICIENT, Reason.ONE_POINT), what


def test_a_helper_that_was_not_online_is_no_point():
    """Then one volunteer abroad is the only one, and it is not enough."""
    here = seen(HOME, *fails(alike=True), context=changed(helper_watch=OFFLINE))
    assert beside(here, view(FAR, *fails(alike=True))).outcome is Outcome.INSUFFICIENT


def test_points_that_differ_decide_nothing():
    """The helper was refused as we were, and another volunteer got the page: neither down nor blocked."""
    here = seen(HOME, *fails(REFUSED, alike=True))
    assert beside(here).outcome is Outcome.DOWN
    for place in (NEAR, FAR):
        found = beside(here, view(place))
        assert (found.outcome, found.reason, found.rule) == (
            Outcome.INSUFFICIENT, Reason.POINTS_DIFFER, "peers.differ",
        )  # fmt: skip
    assert beside(here, view(FAR, at="2026-11-21T12:20:00Z")).outcome is Outcome.DOWN


def test_a_name_that_others_find_is_not_down():
    """The helper's resolver knows it not, and another volunteer loaded the page."""
    unknown = (lookup(1, Failure.NXDOMAIN), lookup(90, Failure.NXDOMAIN, side=fails()[2].side))
    assert beside(seen(HOME, *unknown)).outcome is Outcome.DOWN
    found = beside(seen(HOME, *unknown), view(FAR))
    assert (found.outcome, found.reason) == (Outcome.INSUFFICIENT, Reason.POINTS_DIFFER)


# --- a comparison where there was no helper


def test_a_failure_without_a_helper_is_compared_with_peers():
    """Works elsewhere in the same minutes at the same address: unreachable, never blocked."""
    tried = [loaded(number, TIMEOUT, at="connect") for number in range(2, 7)]
    here = seen(HOME, lookup(1, (SITE,)), *tried, context=ALONE)
    assert beside(here).reason is Reason.NO_HELPER
    found = beside(here, view(FAR))
    assert (found.outcome, found.evidence, found.rule) == (
        Outcome.UNREACHABLE, Evidence.COMPARISON, "peers.unreachable",
    )  # fmt: skip
    assert (found.facts["peer"], found.counts.peer) == ("Net-C (AS64503)", (0, 1))
    both = beside(here, view(FAR), view(NEAR, run="third"))
    assert (both.facts["peers"], "peer" in both.facts, both.outcome) == ("2", False, Outcome.UNREACHABLE)
    nameless = beside(here, view(Vantage(country="XB", asn=64503)))
    assert nameless.facts["peer"] == "AS64503"


def test_a_failure_without_a_helper_stays_open_beside_another_address_or_time():
    """A content network's other address, or another hour, says nothing of this one."""
    tried = [loaded(number, TIMEOUT, at="connect") for number in range(2, 7)]
    here = seen(HOME, lookup(1, (SITE,)), *tried, context=ALONE)
    elsewhere = (lookup(1, (EDGE,)), loaded(2, address=EDGE), *WORKS[2:])
    for other in (view(FAR, *elsewhere), view(FAR, at="2026-11-21T12:15:00Z")):
        assert beside(here, other).reason is Reason.NO_HELPER
    assert beside(seen(HOME, *fails(helper=False), context=ALONE), view(FAR)).reason is Reason.NO_HELPER, "repeats"


def test_what_loads_without_a_helper_has_its_comparison_from_peers():
    """Evidence of a reached site; in the clear it is the other's page, which its own helper got too."""
    loads = (lookup(1, (SITE,)), loaded(2))
    assert beside(seen(HOME, *loads, context=ALONE)).evidence is Evidence.NONE
    assert beside(seen(HOME, *loads, context=ALONE), view(FAR)).evidence is Evidence.COMPARISON
    assert beside(seen(HOME, *loads, context=ALONE), view(FAR, *fails())).evidence is Evidence.NONE


def test_a_page_in_the_clear_is_the_sites_only_beside_a_page_that_was_borne_out():
    """A notice that two networks of one censor share would else make each other's page the site's."""
    url = f"http://{NAME}/"
    plain = {"target": url, "context": ALONE}
    here = seen(HOME, lookup(1, (SITE,)), loaded(2, url=url), **plain)
    borne_out = (lookup(1, (SITE,)), loaded(2, url=url), WORKS[2], loaded(91, url=url, side=WORKS[2].side))
    assert beside(here).outcome is Outcome.INSUFFICIENT
    found = beside(here, view(FAR, *borne_out, target=url))
    assert (found.outcome, found.evidence) == (Outcome.OK, Evidence.COMPARISON)
    unproven = (lookup(1, (SITE,)), loaded(2, url=url))
    assert beside(here, view(NEAR, *unproven, target=url, context=ALONE)).outcome is Outcome.INSUFFICIENT
    other = (lookup(1, (SITE,)), loaded(2, Page(status=200, title="Elsewhere", body_sha256="bb"), url=url))
    assert beside(seen(HOME, *other, **plain), view(FAR, *borne_out, target=url)).outcome is Outcome.INSUFFICIENT


def test_what_pairs_show_is_only_counted_beside_peers():
    """A verdict that needs nobody else stays as it is, and says who was compared."""
    here = seen()
    found = beside(here, view(FAR, *fails()))
    assert (found.outcome, found.counts.peer, found.peers) == (Outcome.OK, (1, 1), ("other-0001",))
    assert msgspec.structs.replace(found, counts=beside(here).counts, peers=()) == beside(here)


def test_a_record_without_times_is_compared_with_nothing():
    """Context and trials alone say nothing of when."""
    here = seen(HOME, *fails(alike=True), at="some day")
    assert beside(here, view(FAR, *fails(alike=True))) == beside(here)
    assert beside(seen(HOME, context=Context()), view(FAR)).peers == ("other-0001",)
