"""Tests of hushmap.detect.web: what is left when nothing stronger was shown."""

import msgspec
import pytest

from hushmap.detect import judge
from hushmap.detect.web import WEB_RULES
from hushmap.model import Context, Evidence, Failure, HelperWatch, Outcome, Page, Reason, Scope, Side, Void
from trials import CONTEXT, HARMLESS, NAME, NOTHING, OURS, SITE, connected, loaded, lookup, pairs, record, shaken

THERE, EDGE, SIX = Side.HELPER, "198.51.100.8", "2001:db8:2::7"
HOME = [lookup(90, (SITE,), side=THERE), loaded(91, side=THERE)]
FOUND = lookup(1, (SITE,))
REFUSED = loaded(2, Failure.REFUSED, at="connect")


def verdict(*trials, context=CONTEXT, url=f"https://{NAME}/"):
    """What a page load's record shows."""
    return judge(record(*trials, context=context, target=url), NOTHING)


def context(**more):
    """The usual run, but for this."""
    return msgspec.structs.replace(CONTEXT, **more)


@pytest.mark.parametrize(
    ("facts", "rule", "reason"),
    [
        ({"portal": True}, "run.portal", Reason.CAPTIVE_PORTAL),
        ({"intercepted": True}, "run.intercepted", Reason.INTERCEPTED),
        ({"budget_spent": True}, "web.budget", Reason.BUDGET),
        ({"helper": None}, "web.helper-silent", Reason.NO_HELPER),
        ({"helper_watch": ()}, "web.helper-silent", Reason.HELPER_SILENT),
    ],
)
def test_facts_of_the_run_explain_what_is_not_decided(facts, rule, reason):
    """Each says why, and where nothing explains it, no rule did."""
    found = verdict(FOUND, REFUSED, lookup(3, (SITE,), side=THERE), context=context(**facts))
    assert (found.rule, found.reason) == (rule, reason)
    assert verdict(FOUND, REFUSED, lookup(3, (SITE,), side=THERE)).reason is Reason.NO_RULE


def test_interception_of_harmless_names_says_nothing_of_plain_pages_or_of_what_was_reached():
    """A valid certificate came through all the same."""
    reached = verdict(FOUND, loaded(2), *HOME, context=context(intercepted=True))
    assert reached.outcome is Outcome.OK
    plain = f"http://{NAME}/"
    pages = [loaded(2, url=plain), loaded(3, url=plain, side=THERE), HOME[0]]
    assert verdict(FOUND, *pages, url=plain, context=context(intercepted=True)).outcome is Outcome.OK


def test_nothing_counted_is_a_lost_network_or_a_spent_budget():
    """The helper's trials are no measurement from here."""
    assert verdict(*HOME).reason is Reason.NETWORK_LOST
    assert verdict(*HOME, context=context(budget_spent=True)).reason is Reason.BUDGET
    lost = context(voids=(Void(trial=1, reason="network_lost"), Void(trial=2, reason="network_lost")))
    assert verdict(FOUND, REFUSED, *HOME, context=lost).reason is Reason.NETWORK_LOST


@pytest.mark.parametrize(
    ("page", "mechanisms", "act"),
    [
        (Page(status=403), (), "403"),
        (Page(status=429), ("server.ratelimit",), "ratelimit"),
        (Page(status=451), ("server.legal",), "451"),
        (Page(status=200, title="Captcha"), ("server.captcha",), "captcha"),
    ],
)
def test_a_refusal_under_the_sites_own_certificate_is_the_servers(page, mechanisms, act):
    """No reply of anyone else was seen, so nothing direct; the first page that was none does not hide it."""
    found = verdict(lookup(1, (EDGE, SITE)), loaded(2, address=EDGE), loaded(3, page), *HOME)
    assert (found.outcome, found.evidence) == (Outcome.SERVER_SIDE, Evidence.COMPARISON)
    assert (found.mechanisms, found.facts["act"]) == (mechanisms, act)


def test_a_reached_site_says_how_many_tries_failed_and_what_it_was_compared_with():
    """Without a helper's page load there is no comparison."""
    found = verdict(lookup(1, (SITE, EDGE)), loaded(2), loaded(3, Failure.TIMEOUT, EDGE, at="connect"), *HOME)
    assert (found.outcome, found.evidence, found.counts.subject) == (Outcome.OK, Evidence.COMPARISON, (1, 2))
    assert verdict(FOUND, loaded(2)).evidence is Evidence.NONE


@pytest.mark.parametrize(
    ("here", "there", "outcome", "reason"),
    [
        (Failure.REFUSED, Failure.REFUSED, Outcome.DOWN, None),
        (Failure.TIMEOUT, Failure.TIMEOUT, Outcome.INSUFFICIENT, Reason.ONE_POINT),
        (Failure.REFUSED, Failure.TIMEOUT, Outcome.INSUFFICIENT, Reason.NO_RULE),
        (Failure.PERMISSION_DENIED, Failure.PERMISSION_DENIED, Outcome.INSUFFICIENT, Reason.NO_RULE),
    ],
)
def test_a_site_is_down_if_it_fails_alike_elsewhere(here, there, outcome, reason):
    """Silence at one point is not enough, and a failure of this computer is no failure of the site's."""
    trials = [FOUND, loaded(2, here, at="connect"), HOME[0], loaded(3, there, at="connect", side=THERE)]
    found = verdict(*trials)
    assert (found.outcome, found.reason) == (outcome, reason)
    if outcome is Outcome.DOWN:
        assert verdict(*trials, context=context(helper_watch=())).reason is Reason.HELPER_SILENT


@pytest.mark.parametrize(
    ("watch", "there", "outcome"),
    [
        (CONTEXT.helper_watch, Failure.NXDOMAIN, Outcome.DOWN),
        ((), Failure.NXDOMAIN, Outcome.INSUFFICIENT),
        (CONTEXT.helper_watch, Failure.TIMEOUT, Outcome.INSUFFICIENT),
    ],
)
def test_a_name_that_nobody_knows_is_down_for_a_helper_that_was_online(watch, there, outcome):
    """A helper whose lookup got no answer knows nothing."""
    found = verdict(lookup(1, there), lookup(2, there, side=THERE), context=context(helper_watch=watch))
    assert (found.outcome, found.rule) == (outcome, "web.no-such-name")


def harmless(number, **more):
    """A baseline's connection to its own server."""
    return connected(number, address="203.0.113.81", **more)


def silent(number, **more):
    """A connection to the site that gets no answer."""
    return connected(number, Failure.TIMEOUT, host=NAME, **more)


TIMEOUT = loaded(2, Failure.TIMEOUT, at="connect")


def test_an_address_that_fails_here_by_pairs_and_works_elsewhere_is_unreachable():
    """Comparison, never blocked; the pairs' bound is printed; a repeat that is still open comes first."""
    made = pairs(silent, harmless, 5, changed="address")
    found = verdict(FOUND, TIMEOUT, *HOME, *made)
    assert (found.outcome, found.mechanisms, found.counts.subject) == (Outcome.UNREACHABLE, ("tcp.timeout",), (5, 5))
    assert (found.evidence, found.facts["addresses"]) == (Evidence.COMPARISON, "1 of 1")
    undecided = verdict(FOUND, TIMEOUT, *HOME, *pairs(silent, harmless, 2, changed="address"))
    assert (undecided.outcome, undecided.reason) == (Outcome.INSUFFICIENT, Reason.BUDGET)
    noisy = verdict(FOUND, TIMEOUT, *HOME, *made, context=context(f0=0.3))
    assert (noisy.outcome, noisy.reason) == (Outcome.INSUFFICIENT, Reason.BUDGET)
    calm = [
        t
        for t in pairs(lambda n, **m: connected(n, host=NAME, **m), harmless, 4, changed="address")
        if not t.bystander
    ]
    assert verdict(FOUND, TIMEOUT, *HOME, *calm).outcome is Outcome.INSUFFICIENT


def test_an_ipv6_address_is_unreachable_only_by_pairs():
    """Broken IPv6 of this line would do as an explanation; a handshake that was cut got through."""
    there = [lookup(90, (SIX,), side=THERE), loaded(91, address=SIX, side=THERE)]
    trials = [lookup(1, (SIX,)), loaded(2, Failure.TIMEOUT, SIX, at="connect"), *there]
    assert verdict(*trials).outcome is Outcome.INSUFFICIENT
    shown = [lookup(1, (SIX,)), loaded(2, Failure.INVALID_HOSTNAME, SIX, at="handshake"), *there]
    assert verdict(*shown).mechanisms == ("tls.mitm.untrusted",)


def test_a_certificate_refused_here_is_a_proxys_where_the_helper_met_the_sites_own():
    """Otherwise only that it failed is said."""
    failed = loaded(2, Failure.INVALID_HOSTNAME, at="handshake")
    assert verdict(FOUND, failed, *HOME).mechanisms == ("tls.mitm.untrusted",)
    apart = [lookup(90, (EDGE,), side=THERE), loaded(91, address=EDGE, side=THERE)]
    found = verdict(FOUND, failed, *apart)
    assert (found.outcome, found.mechanisms) == (Outcome.UNREACHABLE, ())


@pytest.mark.parametrize(
    ("failure", "leaf", "offset", "reason"),
    [
        (Failure.INVALID_CERTIFICATE, "c0", None, Reason.CLOCK),
        (Failure.INVALID_CERTIFICATE, None, 7200.0, Reason.CLOCK),
        (Failure.UNKNOWN_AUTHORITY, "c0", 7200.0, Reason.SOFTWARE_FAULT),
        (Failure.INVALID_CERTIFICATE, "c1", 10.0, None),
        (Failure.UNKNOWN_AUTHORITY, None, None, None),
    ],
)
def test_the_sites_own_certificate_refused_here_is_this_computers_fault(failure, leaf, offset, reason):
    """By its clock, or by its store; another certificate is another matter."""
    failed = loaded(2, failure, at="handshake", leaf=leaf)
    found = verdict(FOUND, failed, HOME[0], loaded(91, side=THERE, leaf="c0"), context=context(clock_offset=offset))
    assert found.reason is reason
    assert found.outcome is (Outcome.INSUFFICIENT if reason else Outcome.UNREACHABLE)


def cut(address=SITE):
    """Handshakes naming the site that are reset."""
    return lambda number, **more: shaken(number, Failure.RESET, address, **more)


def passes(address=SITE, name=NAME):
    """Handshakes that pass."""
    return lambda number, **more: shaken(number, address=address, sni=name, **more)


def mixed(hits, passed):
    """Pairs at the site's server of which some were hit, and one at ours that was."""
    made = pairs(cut(), passes(name=HARMLESS), hits, changed="sni")
    made += [t for t in pairs(passes(), passes(name=HARMLESS), passed, changed="sni", first=3000) if not t.bystander]
    return [*made, *pairs(cut(OURS), passes(OURS, HARMLESS), 1, changed="sni", first=6000)]


@pytest.mark.parametrize(("hits", "passed", "rule"), [(8, 10, "pair.partial"), (3, 5, "web.unreachable")])
def test_a_share_of_hits_that_loss_does_not_explain_is_partial_blocking(hits, passed, rule):
    """Controlled, with its interval; too weak an excess is none."""
    found = verdict(FOUND, loaded(2, Failure.RESET, at="handshake"), *HOME, *mixed(hits, passed))
    assert found.rule == rule
    if rule == "pair.partial":
        assert (found.outcome, found.mechanisms, found.scope) == (Outcome.BLOCKED, ("tls.reset.sni",), None)
        assert found.extent.partial
        assert found.error_bound is None


def test_partial_blocking_of_a_plain_page_is_of_plain_http():
    """The same pairs about a page without TLS."""
    found = verdict(
        lookup(1, (SITE,)), loaded(2, Failure.RESET, url=f"http://{NAME}/"), *mixed(8, 10), url=f"http://{NAME}/"
    )
    assert (found.rule, found.scope) == ("pair.partial", Scope.PLAIN_HTTP)


def test_the_table_ends_with_a_rule_that_always_matches():
    """Every record gets a verdict."""
    assert WEB_RULES[-1].id == "web.no-rule"
    assert verdict(FOUND, context=Context(helper=OURS, helper_watch=(HelperWatch(t=0, reached=True),))).outcome
