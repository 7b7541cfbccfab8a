"""Tests of hushmap.detect.failing: what is said where all that was tried here failed."""

from elsewhere import HOME, by_pairs, fails, seen
from hushmap.detect.failing import fails_here, newest_failures
from hushmap.detect.judging import legs
from hushmap.model import Failure, Outcome
from trials import NOTHING, SITE, loaded, lookup


def leg(*trials):
    """The one host of a page load."""
    return legs(seen(HOME, *trials), NOTHING)[0]


def test_all_newest_page_loads_have_to_fail_and_not_by_this_computers_doing():
    """One that came, or one that never left here, leaves nothing to say."""
    assert [trial.id for trial in newest_failures(leg(*fails()))] == [2]
    assert newest_failures(leg(lookup(1, (SITE,)), loaded(2))) == []
    assert newest_failures(leg(lookup(1, (SITE,)), loaded(2, Failure.PERMISSION_DENIED, at="connect"))) == []


def test_what_is_said_names_the_addresses_and_the_pairs_that_carry_it():
    """Whether it works elsewhere is not asked here."""
    ruling = fails_here(leg(*by_pairs()))
    assert ruling is not None
    assert (ruling.outcome, ruling.mechanisms, ruling.facts) == (
        Outcome.UNREACHABLE, ("tcp.timeout",), {"addresses": "1 of 1"},
    )  # fmt: skip
    assert ruling.test is not None
    assert fails_here(leg(lookup(1, (SITE,)), loaded(2))) is None
