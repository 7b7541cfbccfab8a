"""What of another run may be compared: when, where from, and how far a page load came."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from elsewhere import FAR, HOME, NOON, SOUND, WORKS, beside, by_pairs, fails, seen, view
from hushmap.detect import PRECISION, peer_view
from hushmap.detect.peers import ALONE, Peers, works, zero_of
from hushmap.model import Certificate, Context, Failure, Outcome, Role, Side, Vantage
from trials import SITE, loaded, lookup

NOON_S = 1795262400.0
"""2026-11-21T12:00:00Z."""


@pytest.mark.parametrize(
    ("precision", "offset", "expected"),
    [
        (None, None, (0.0, 1.0)),
        (None, -7200.0, (-7200.0, -7199.0)),
        ("minute", 0.0, (0.0, 60.0)),
        ("hour", 0.0, (0.0, 3600.0)),
        ("day", 0.0, (0.0, 86400.0)),
        ("fortnight", 0.0, (0.0, 86400.0)),
    ],
)
def test_a_time_is_as_exact_as_its_record(precision, offset, expected):
    """A second, or what a reduced copy says; the clock is corrected by what a helper's told."""
    notes = {} if precision is None else {PRECISION: precision}
    zero = zero_of(seen(context=Context(clock_offset=offset), annotations=notes))
    assert zero == (NOON_S + expected[0], NOON_S + expected[1])


def test_a_record_without_a_time_has_no_view():
    """Nothing could be said to have been seen at the same time."""
    assert zero_of(seen(at="")) is None
    assert peer_view(seen(at="2026-13-01T00:00:00Z"), Outcome.OK) is None


def test_a_view_holds_page_loads_from_there_and_nothing_else():
    """Not its helper's, not its harmless twins', not what was asked under another name, nothing void or undone."""
    leaf = loaded(2, leaf="cd")
    twin = loaded(3, role=Role.BASELINE)
    other = loaded(4, changed="host")
    undone = loaded(5, undone="budget")
    record = seen(HOME, lookup(1, (SITE,)), leaf, twin, other, undone, loaded(91, side=Side.HELPER))
    found = peer_view(record, Outcome.OK)
    assert found is not None
    (visit,) = found.visits
    assert (visit.address, visit.leaf, visit.valid, visit.step) == (SITE, "cd", True, None)
    assert visit.page is not None
    assert (found.country, found.asn, found.network, found.run) == ("XA", 64501, "Net-A", "r")


@pytest.mark.parametrize(
    ("at", "step", "valid"),
    [("connect", "connect", None), ("handshake", "handshake", False), ("fetch", "fetch", True)],
)
def test_a_failure_is_told_by_its_step(at, step, valid):
    """A page that did not come whole is no page."""
    (visit,) = view(FAR, *fails(Failure.RESET, at)).visits
    assert (visit.step, visit.failure, visit.valid, visit.page) == (step, Failure.RESET, valid, None)


def test_a_site_works_where_its_certificate_holds():
    """Or, in the clear, where its own helper got the same."""
    good = view(FAR)
    assert works(good, good.visits[0])
    assert not works(good, msgspec.structs.replace(good.visits[0], valid=False))
    assert not works(good, msgspec.structs.replace(good.visits[0], page=None))
    plain = msgspec.structs.replace(good.visits[0], url="http://news.example/", valid=None)
    assert works(good, plain)
    assert not works(msgspec.structs.replace(good, outcome=Outcome.INSUFFICIENT), plain)


def test_nobody_is_compared_with_nothing():
    """No record, no views: the usual case, which costs nothing."""
    assert (ALONE.views, ALONE.visits("https://news.example/", []), ALONE.clock) == ((), [], False)
    assert Peers(seen(), [view(FAR)]).visits("https://news.example/", []) == []


@given(late=st.integers(-5000, 5000), scale=st.sampled_from([1.0, 5.0]))
def test_a_peer_counts_within_ten_minutes_and_no_longer(late, scale):
    """In the run's own time: a lab's seconds are longer."""
    when = NOON_S + late
    other = view(FAR, context=msgspec.structs.replace(SOUND, scale=scale))
    moved = msgspec.structs.replace(other.visits[0], earliest=when, latest=when + 1)
    here = Peers(
        seen(context=msgspec.structs.replace(SOUND, scale=scale)), [msgspec.structs.replace(other, visits=(moved,))]
    )
    found = here.visits("https://news.example/", [loaded(2)])
    if abs(late) * scale > 600:
        assert not found
    elif (abs(late) + 2) * scale <= 600:
        assert found


@given(
    at=st.sampled_from([NOON, "2026-11-21T12:02:00Z", "2026-11-21T12:30:00Z", "2026-11-22T12:00:00Z", ""]),
    country=st.sampled_from([None, "XA", "XB"]),
    asn=st.sampled_from([None, 64501, 64502]),
    trials=st.sampled_from([WORKS, fails(), fails(alike=True), fails(Failure.RESET, "handshake"), ()]),
    context=st.builds(
        Context,
        sentinels=st.sampled_from([(0, 0), (4, 0), (4, 4)]),
        clock_offset=st.sampled_from([None, 0.0, 90.0, -1e6]),
        portal=st.booleans(),
        intercepted=st.booleans(),
        f0=st.sampled_from([0.05, 0.4]),
    ),
)
def test_whatever_a_peer_says_only_an_address_is_accused_by_it(at, country, asn, trials, context):
    """And only beside a network known to be another one of the same country, whose own checks held."""
    there = seen(Vantage(country=country, asn=asn), *trials, run="other", at=at, context=context)
    found = peer_view(there, Outcome.INSUFFICIENT)
    views = [] if found is None else [found]
    for here in (seen(), seen(HOME, *fails(alike=True)), seen(HOME, *by_pairs())):
        alone, judged = beside(here), beside(here, *views)
        if judged.outcome is Outcome.BLOCKED and alone.outcome is not Outcome.BLOCKED:
            assert (judged.rule, country, asn) == ("peers.address", "XA", 64502)
            assert context.sentinels == (4, 0)
            assert (context.portal, context.intercepted) == (False, False)


def test_a_certificate_needs_no_chain_to_be_none():
    """A handshake whose chain was not kept has no leaf."""
    (visit,) = view(FAR).visits
    assert visit.leaf is None
    assert Certificate(sha256="ab", subject="s", issuer="i").sha256 == "ab"
