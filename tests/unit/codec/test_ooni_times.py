"""Our times and OONI's, by example."""

import pytest

from hushmap.codec import ooni_times as times


def test_both_forms_are_the_same_moment():
    """Ours and theirs are read alike, and each is written as it was read."""
    ours, theirs = "2026-11-21T22:33:00Z", "2026-11-21 22:33:00"
    moment = times.moment(ours, "started")
    assert moment == times.moment(theirs, "started")
    assert (times.ours(moment), times.theirs(moment)) == (ours, theirs)


def test_an_early_year_gets_its_four_digits():
    """A year that some systems write short is written as OONI's readers expect it."""
    assert times.theirs(times.moment("1-02-03T04:05:06Z", "started")) == "0001-02-03 04:05:06"


@pytest.mark.parametrize("text", ["", "2026-13-01T00:00:00Z", "2026-11-21", "21.11.2026", "٢026-11-21T22:33:00Z"])
def test_what_is_no_time_is_said(text):
    """One line, with the field."""
    with pytest.raises(ValueError, match=r"is no time - at `\$.started`"):
        times.moment(text, "started")


def test_a_runtime_is_added():
    """Seconds lead to a later moment; no calendar has one in ten thousand years."""
    moment = times.moment("2026-11-21 22:33:00", "started")
    assert times.ours(times.later(moment, 90.4)) == "2026-11-21T22:34:30Z"
    with pytest.raises(ValueError, match="beyond all time"):
        times.later(moment, 1e12)
