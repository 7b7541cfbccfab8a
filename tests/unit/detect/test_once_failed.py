"""What failed: rules that the golden measurements (tests/golden/ooni_cases.py) do not reach with OONI's own shapes."""

import pytest
from msgspec.structs import replace

from hushmap.detect import judge
from hushmap.model import Certificate, Evidence, Failure, Fingerprint, Knowledge, Layer, Outcome, Side
from trials import connected, loaded, record, shaken

BOX = Knowledge(fingerprints=(Fingerprint(id="xe.box", where="certificate", pattern="Box of the Ministry"),))


def _judged(*trials, knowledge=BOX):
    return judge(record(*trials, experiment="web_connectivity"), knowledge)


def _refused(number, issuer):
    trial = shaken(number, Failure.UNKNOWN_AUTHORITY)
    chain = (Certificate(sha256="ab", subject="CN=news.example", issuer=issuer),)
    connect, handshake = trial.steps
    return replace(trial, steps=(connect, replace(handshake, valid=False, chain=chain)))


def _helper_page(number):
    trial = loaded(number, side=Side.HELPER)
    return replace(trial, ask=replace(trial.ask, address=None))


def test_a_certificate_of_a_known_filter_is_a_reply_that_the_site_did_not_send():
    """The helper got the page, so the certificate is not the site's."""
    verdict = _judged(_refused(1, "CN=Box of the Ministry"), _helper_page(2))
    assert (verdict.outcome, verdict.mechanisms) == (Outcome.BLOCKED, ("tls.mitm.untrusted",))
    assert verdict.rule == "once.marked-certificate"
    assert verdict.facts["fingerprint"] == "xe.box"


def test_a_firewall_that_signs_for_every_site_blocks_none():
    """A product's certificate, or an institution's, is named; whether other sites get it too, one record cannot say."""
    for scope in ("prod", "inst"):
        made = Fingerprint(id="x.firewall", where="certificate", pattern="Box of the Ministry", scope=scope)
        knowledge = Knowledge(fingerprints=(made,))
        verdict = _judged(_refused(1, "CN=Box of the Ministry"), _helper_page(2), knowledge=knowledge)
        assert (verdict.outcome, verdict.evidence) == (Outcome.UNREACHABLE, Evidence.COMPARISON)
        assert verdict.mechanisms == ("tls.mitm.untrusted",)


def test_a_certificate_that_nobody_knows_accuses_nobody():
    """Fails here, works elsewhere; no mechanism is named without the helper's certificate beside it."""
    verdict = _judged(_refused(1, "CN=Somebody"), _helper_page(2))
    assert (verdict.outcome, verdict.mechanisms) == (Outcome.UNREACHABLE, ())


def test_a_certificate_is_named_with_its_issuer_beside_the_helpers():
    """METHOD 4: the helper's handshake with the same address was valid."""
    verdict = _judged(_refused(1, "CN=Somebody"), shaken(2, side=Side.HELPER), _helper_page(3))
    assert verdict.mechanisms == ("tls.mitm.untrusted",)
    assert verdict.facts["issuer"] == "CN=Somebody"


@pytest.mark.parametrize(
    ("here", "there", "outcome"),
    [
        (connected(1, Failure.TIMEOUT), connected(2, side=Side.HELPER), Outcome.UNREACHABLE),
        (connected(1, Failure.TIMEOUT), connected(2, Failure.TIMEOUT, side=Side.HELPER), Outcome.INSUFFICIENT),
        (shaken(1, Failure.RESET), shaken(2, side=Side.HELPER), Outcome.UNREACHABLE),
        (shaken(1, Failure.RESET), shaken(2, Failure.RESET, side=Side.HELPER), Outcome.INSUFFICIENT),
        (shaken(1, Failure.RESET), connected(2, side=Side.HELPER), Outcome.INSUFFICIENT),
        (shaken(1, Failure.RESET), connected(2, address="203.0.113.1", side=Side.HELPER), Outcome.INSUFFICIENT),
    ],
    ids=["connects there", "silent there", "shakes hands there", "reset there", "connection only", "another address"],
)
def test_a_helper_without_a_page_is_compared_address_by_address(here, there, outcome):
    """The same address answered it, or nothing is known."""
    if here.ask.layer is Layer.TCP:
        here = replace(here, ask=replace(here.ask, host="news.example"))
    assert _judged(here, there).outcome is outcome
