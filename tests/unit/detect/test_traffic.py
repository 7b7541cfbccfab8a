"""Tests of hushmap.detect.traffic."""

import pytest

from hushmap.detect import judge
from hushmap.detect.sight import Leg
from hushmap.detect.traffic import isolated, named, path_of
from hushmap.model import Context, Evidence, Failure, Fingerprint, Knowledge, Outcome, Page, Scope, Side
from trials import CONTEXT, HARMLESS, NAME, NOTHING, OURS, SITE, loaded, lookup, pairs, record, shaken

THERE, PLAIN = Side.HELPER, f"http://{NAME}/"
MARKS = Knowledge(
    fingerprints=(
        Fingerprint(id="law", where="title", pattern="Blocked by law", source="lab"),
        Fingerprint(id="away", where="location", pattern="notice.example"),
    )
)
NOTICE = Page(status=200, title="Blocked by law", body_sha256="bb", body_length=5)
AWAY = Page(status=302, location="http://notice.example/" + "x" * 300)
WORKS = [loaded(90, side=THERE), lookup(91, (SITE,), side=THERE), lookup(92, (SITE,))]
ALONE = Context(baseline_names=(HARMLESS,))


def cut(failure=Failure.RESET, address=SITE):
    """Handshakes naming the site that end so."""
    return lambda number, **more: shaken(number, failure, address, **more)


def harmless(address=SITE):
    """Baselines that pass at an address."""
    return lambda number, **more: shaken(number, address=address, sni=HARMLESS, **more)


THEIRS = pairs(cut(), harmless(), 5, changed="sni")
OURS_HIT = pairs(cut(address=OURS), harmless(OURS), 1, changed="sni", first=2000)
OURS_CALM = [t for t in pairs(shaken, harmless(), 6, changed="sni", first=2000) if not t.bystander]
OURS_CALM = [
    shaken(t.id, address=OURS, sni=t.ask.sni, role=t.role, pair=t.pair, changed="sni", round=1) for t in OURS_CALM
]
FAILED = loaded(1, Failure.RESET, at="handshake")


def test_a_name_that_is_cut_toward_ours_too_is_blocked_on_the_path():
    """The trigger is named; the baseline is quoted."""
    found = judge(record(FAILED, *WORKS, *THEIRS, *OURS_HIT), NOTHING)
    assert (found.outcome, found.mechanisms, found.scope) == (Outcome.BLOCKED, ("tls.reset.sni",), Scope.ALL)
    assert found.facts["baseline"] == HARMLESS
    assert found.evidence is Evidence.CONTROLLED


@pytest.mark.parametrize("ours", [[], OURS_CALM])
def test_a_name_that_is_cut_at_its_own_server_only_may_be_the_servers_doing(ours):
    """Not triggered at ours, or never tried there: `unreachable`, and the trigger is not named."""
    found = judge(record(FAILED, *WORKS, *THEIRS, *ours), NOTHING)
    assert (found.outcome, found.mechanisms) == (Outcome.UNREACHABLE, ("tls.reset",))


@pytest.mark.parametrize(
    ("failure", "outcome"), [(Failure.RESET, Outcome.BLOCKED), (Failure.TLS_ALERT, Outcome.INSUFFICIENT)]
)
def test_without_an_address_of_ours_an_alert_proves_nothing(failure, outcome):
    """A reset at the address where harmless names pass does, as METHOD 1 has it."""
    made = pairs(cut(failure), harmless(), 5, changed="sni")
    found = judge(record(loaded(1, failure, at="handshake"), lookup(2, (SITE,)), *made, context=ALONE), NOTHING)
    assert found.outcome is outcome


def test_where_no_pair_could_count_at_the_sites_server_ours_decides():
    """Its server refuses harmless names for everyone."""
    made = pairs(cut(address=OURS), harmless(OURS), 5, changed="sni")
    assert judge(record(FAILED, *WORKS, *made), NOTHING).rule == "tls.name-pair"


def test_a_trigger_is_named_only_where_it_was_isolated():
    """Lookups need no address of ours."""
    leg = Leg(NAME, f"https://{NAME}/", (FAILED, *WORKS, *THEIRS), CONTEXT, NOTHING)
    (test,) = leg.tests
    assert (isolated(leg, test), named(leg, test)) == (False, "tls.reset")


def test_the_twins_tell_their_own_names():
    """A record whose context names no baselines may come from elsewhere."""
    found = judge(record(FAILED, lookup(2, (SITE,)), *THEIRS, context=Context()), NOTHING)
    assert (found.outcome, found.facts) == (Outcome.BLOCKED, {"baseline": HARMLESS})


@pytest.mark.parametrize(
    ("url", "path"), [(PLAIN, "/"), (f"http://{NAME}", "/"), (f"http://{NAME}/a/b?c", "/a/b?c"), ("nonsense", "/")]
)
def test_the_path_of_any_url_can_be_quoted(url, path):
    """Even of one that has none."""
    assert path_of(url) == path


def notice(*more, page=NOTICE, url=PLAIN):
    """The verdict on a page load that got a notice."""
    return judge(record(lookup(92, (SITE,)), loaded(1, page, url=url), *more, target=url), MARKS)


def test_a_known_notice_that_the_helper_does_not_get_is_direct_evidence():
    """The page or the redirect is quoted, bounded."""
    found = notice(*WORKS[1:2], loaded(2, url=PLAIN, side=THERE))
    assert (found.rule, found.evidence, found.scope) == ("http.notice", Evidence.DIRECT, Scope.PLAIN_HTTP)
    assert (found.facts["notice"], found.counts.subject) == ("Blocked by law", (1, 1))
    sent = notice(loaded(2, url=PLAIN, side=THERE), page=AWAY)
    assert (sent.mechanisms, len(sent.facts["host"])) == (("http.redirect",), 200)


def test_a_notice_that_the_helper_gets_too_is_the_sites_own():
    """The same page, or another notice: dates and addresses differ in such pages."""
    dated = Page(status=200, title="Blocked by law", body_sha256="cc", body_length=6)
    for page in (NOTICE, dated, AWAY):
        assert notice(loaded(2, page, url=PLAIN, side=THERE)).outcome is not Outcome.BLOCKED


def test_for_a_secure_site_the_notice_comes_from_its_unsecured_port():
    """Then not only plain HTTP is affected, and the helper's word on the same port is what counts."""
    made = [
        lookup(92, (SITE,)),
        loaded(1, Failure.REFUSED, at="connect"),
        loaded(2, NOTICE, url=PLAIN, changed="notice"),
    ]
    found = judge(record(*made), MARKS)
    assert (found.rule, found.scope) == ("http.notice", None)
    there = loaded(3, NOTICE, url=PLAIN, changed="notice", side=THERE)
    assert judge(record(*made, there), MARKS).outcome is not Outcome.BLOCKED


@pytest.mark.parametrize(("failure", "alone"), [(Failure.RESET, True), (Failure.TLS_ALERT, False)])
def test_with_a_helper_of_oonis_kind_there_is_no_address_of_ours(failure, alone):
    """As without one: an alert may be the server's own."""
    far = Context(baseline_names=(HARMLESS,), helper="https://0.th.ooni.org/")
    seen = Leg(NAME, f"https://{NAME}/", tuple(pairs(cut(failure), harmless(), 5, changed="sni")), far, NOTHING)
    assert isolated(seen, seen.tests[0]) is alone
