"""OONI's conclusion beside ours: one row for every way in which they agree or part."""

import pytest
from hypothesis import given

from hushmap.detect.claims import WHY_WORDS, Difference, Why, Word, agrees, claim_of, claimed, difference
from hushmap.model import (
    Ask,
    Claim,
    Evidence,
    Handshake,
    Layer,
    Outcome,
    Reason,
    Record,
    Scope,
    Source,
    Trial,
    Verdict,
)
from strategies import records, verdicts

ANOMALIES = ("dns", "tcp_ip", "http-failure", "http-diff")
NONE = Claim()
DOWN = Claim(blocking=False, accessible=False)
GOOD = Claim(blocking=False, accessible=True)


def anomaly(layer):
    """What OONI writes of an anomaly."""
    return Claim(blocking=layer, accessible=False)


def record(claim, *trials):
    """A record of somebody else's with that conclusion."""
    source = Source(file="x.jsonl", offset=0, uid="", sha256="", claim=claim)
    when = "2026-11-21T22:33:00Z"
    return Record(
        id="m", run="r", experiment="web_connectivity", target="https://a.example/", started=when, ended=when,
        run_started=when, source=source, trials=trials,
    )  # fmt: skip


def verdict(outcome, *mechanisms, **fields):
    """A verdict of ours."""
    return Verdict(outcome=outcome, rule="t.1", rules="1", knowledge="none", mechanisms=mechanisms, **fields)


@pytest.mark.parametrize(
    ("claim", "word"),
    [
        *[(Claim(blocking=layer, accessible=False), Word.ANOMALY) for layer in ANOMALIES],
        (Claim(blocking="dns", accessible=True), Word.ANOMALY),
        (Claim(blocking="something new"), Word.ANOMALY),
        (Claim(blocking=True), Word.ANOMALY),
        (GOOD, Word.ACCESSIBLE),
        (Claim(blocking=None, accessible=True), Word.ACCESSIBLE),
        (DOWN, Word.DOWN),
        (NONE, Word.NOTHING),
        (Claim(blocking=None, accessible=False), Word.NOTHING),
        (Claim(blocking=False, accessible=None), Word.NOTHING),
    ],
)
def test_two_fields_say_one_of_four_things(claim, word):
    """Every pair of values that OONI's data hold has its word."""
    assert claimed(claim) == word


@pytest.mark.parametrize(
    ("claim", "ours"),
    [
        (GOOD, verdict(Outcome.OK)),
        (GOOD, verdict(Outcome.OK, "dns.tamper.bogon")),
        (DOWN, verdict(Outcome.DOWN)),
        (NONE, verdict(Outcome.INSUFFICIENT, reason=Reason.HELPER_SILENT)),
        (anomaly("dns"), verdict(Outcome.BLOCKED, "dns.tamper.bogon")),
        (anomaly("dns"), verdict(Outcome.UNREACHABLE, "tls.reset", "dns.tamper.other")),
        (anomaly("tcp_ip"), verdict(Outcome.UNREACHABLE, "tcp.refused")),
        (anomaly("tcp_ip"), verdict(Outcome.UNREACHABLE, "ip.timeout")),
        (anomaly("http-failure"), verdict(Outcome.UNREACHABLE, "tls.reset")),
        (anomaly("http-failure"), verdict(Outcome.UNREACHABLE, "tcp.timeout")),
        (anomaly("http-failure"), verdict(Outcome.DEGRADED)),
        (anomaly("http-diff"), verdict(Outcome.BLOCKED, "http.blockpage")),
        (anomaly("something new"), verdict(Outcome.BLOCKED, "http.blockpage")),
        (Claim(blocking=True), verdict(Outcome.BLOCKED, "http.blockpage")),
    ],
)
def test_both_say_the_same(claim, ours):
    """The same of the same layer is agreement, and no difference."""
    assert agrees(claim, ours) is True
    assert difference(record(claim), ours) is None


@pytest.mark.parametrize(
    ("claim", "ours", "why"),
    [
        (anomaly("dns"), verdict(Outcome.UNREACHABLE, "tls.reset"), Why.LAYER),
        (anomaly("tcp_ip"), verdict(Outcome.BLOCKED, "dns.tamper.bogon"), Why.LAYER),
        (anomaly("http-failure"), verdict(Outcome.BLOCKED, "dns.tamper.bogon"), Why.LAYER),
        (anomaly("http-diff"), verdict(Outcome.UNREACHABLE, "tls.timeout"), Why.LAYER),
        *[
            (claim, verdict(Outcome.INSUFFICIENT, reason=reason), reason)
            for reason in Reason
            for claim in (anomaly("dns"), GOOD, DOWN)
        ],
        (GOOD, verdict(Outcome.INSUFFICIENT), Why.UNDECIDED),
        *[
            (claim, ours, why)
            for claim in (GOOD, DOWN, NONE)
            for ours, why in [
                (verdict(Outcome.BLOCKED, "http.blockpage", evidence=Evidence.DIRECT), Why.NOTICE),
                (verdict(Outcome.BLOCKED, "http.redirect", evidence=Evidence.DIRECT), Why.NOTICE),
                (verdict(Outcome.BLOCKED, "dns.tamper.blockpage", evidence=Evidence.DIRECT), Why.NOTICE),
                (verdict(Outcome.BLOCKED, "dns.injection", evidence=Evidence.DIRECT), Why.FORGED),
                (
                    verdict(
                        Outcome.BLOCKED, "dns.nxdomain", evidence=Evidence.CONTROLLED, scope=Scope.THIS_RESOLVER
                    ),
                    Why.RESOLVER,
                ),
                (verdict(Outcome.BLOCKED, "tls.reset.sni", evidence=Evidence.CONTROLLED), Why.PAIRS),
                (verdict(Outcome.UNREACHABLE, "tls.reset"), Why.HERE_ONLY),
                (verdict(Outcome.DEGRADED), Why.SLOWED),
            ]
        ],
        *[(claim, verdict(Outcome.SERVER_SIDE), Why.REFUSED) for claim in (anomaly("dns"), GOOD, DOWN, NONE)],
        *[(claim, verdict(Outcome.DOWN), Why.ELSEWHERE) for claim in (anomaly("dns"), GOOD, NONE)],
        *[(claim, verdict(Outcome.OK), Why.SAME_PAGE) for claim in (anomaly("dns"), DOWN, NONE)],
    ],
)  # fmt: skip
def test_each_difference_has_its_why(claim, ours, why):
    """Where the two part, one word says why."""
    assert agrees(claim, ours) is False
    assert difference(record(claim), ours) == Difference(claimed(claim), ours.outcome, why.value)


@pytest.mark.parametrize(
    ("valid", "proof", "why"),
    [
        (True, (1,), Why.CERTIFICATE),
        (True, (), Why.SAME_PAGE),
        (None, (1,), Why.SAME_PAGE),
        (False, (1,), Why.SAME_PAGE),
    ],
)
def test_a_certificate_is_named_where_it_carries_the_verdict(valid, proof, why):
    """`ok` by the site's certificate is told from `ok` by a like page."""
    step = Handshake(t0=0.0, t=0.1, address="192.0.2.1", port=443, sni="a.example", valid=valid)
    trial = Trial(id=1, ask=Ask(layer=Layer.HTTP), steps=(step,))
    bare = Trial(id=2, ask=Ask(layer=Layer.TCP))
    ours = verdict(Outcome.OK, proof=(*proof, 2))
    found = difference(record(anomaly("http-diff"), bare, trial), ours)
    assert found == Difference(Word.ANOMALY, Outcome.OK, why.value)


def test_our_own_records_claim_nothing():
    """Without a claim there is nothing to agree with."""
    own = record(None)
    assert (claim_of(own), agrees(None, verdict(Outcome.OK)), difference(own, verdict(Outcome.OK))) == (None,) * 3


@pytest.mark.parametrize("outcome", [Outcome.VISIBLE, Outcome.SUPPRESSED, Outcome.REMOVED, Outcome.WITHDRAWN])
@pytest.mark.parametrize("claim", [anomaly("dns"), GOOD, DOWN, NONE])
def test_of_a_post_ooni_says_nothing(claim, outcome):
    """Two fields about a site neither agree with what a post was nor part from it."""
    assert agrees(claim, verdict(outcome)) is None
    assert difference(record(claim), verdict(outcome)) is None


def test_every_why_has_words():
    """What a person reads is complete."""
    assert set(WHY_WORDS) == set(Why)


@given(records(), verdicts())
def test_agreement_and_difference_are_one(some, ours):
    """There is a difference exactly where a claim was made that does not agree."""
    claim = claim_of(some)
    assert (difference(some, ours) is not None) == (agrees(claim, ours) is False)
