"""Replies that the site did not send, in trials that no golden measurement has."""

from msgspec.structs import replace

from hushmap.detect import judge
from hushmap.model import Answer, Failure, Fingerprint, Knowledge, Outcome, Page, Side
from trials import SITE, connected, loaded, looked, lookup, record

FORGED = Page(status=200, title="Closed", body_length=9, body="closed by order")
MARKS = Knowledge(
    fingerprints=(
        Fingerprint(id="xe.body", where="body", pattern="closed by order", source="a test"),
        Fingerprint(id="xe.alias", where="dns", pattern="closed.example", kind="full"),
    )
)


def _judged(*trials, target="http://news.example/"):
    return judge(record(*trials, experiment="web_connectivity", target=target), MARKS)


def test_a_notice_under_https_is_left_to_the_certificate():
    """OONI's client takes no page under a certificate that does not hold; a page that has one is the site's."""
    verdict = _judged(loaded(1, FORGED), target="https://news.example/")
    assert verdict.outcome is Outcome.OK


def test_a_notice_in_the_clear_is_direct_evidence_with_its_title():
    """The title is what the sentence quotes."""
    verdict = _judged(loaded(1, FORGED, url="http://news.example/"))
    assert (verdict.outcome, verdict.facts["notice"], verdict.proof) == (Outcome.BLOCKED, "Closed", (1,))


def test_an_alias_that_everybody_is_told_is_the_sites_own():
    """The helper's answer came by the same alias."""
    answers = (Answer(t=0.1, addresses=(SITE,), cnames=("closed.example",)),)
    there = looked(2, answers, resolver="system", side=Side.HELPER)
    helper = replace(connected(3, side=Side.HELPER))
    trials = (looked(1, answers, resolver="system"), connected(4, Failure.TIMEOUT, host="news.example"))
    assert _judged(*trials, there, helper, target="https://news.example/").outcome is Outcome.UNREACHABLE
    assert _judged(*trials, helper, target="https://news.example/").outcome is Outcome.BLOCKED


def test_another_resolver_is_named_by_its_address():
    """`udp://192.0.2.1:53` is said as 192.0.2.1, and a URL as it is."""
    lie = lookup(1, ["10.1.1.1"], "system")
    for resolver, said in (("udp://203.0.113.53:53", "203.0.113.53"), ("https://dns.example/q", "dns.example/q")):
        verdict = _judged(
            lie,
            lookup(2, [SITE], resolver, changed="resolver"),
            loaded(3, Failure.RESET),
            target="https://news.example/",
        )
        assert verdict.outcome is Outcome.BLOCKED
        assert verdict.facts["right_resolver"] == said
