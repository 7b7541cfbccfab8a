"""Shares by day: one tester counts once, gaps are gaps, and who tests more of what is blocked changes nothing."""

from datetime import date, timedelta

import pandas as pd
import pytest

from bursts import NOON, row
from hushmap.analysis.counting import Exposure
from hushmap.analysis.daily import shares_by_day

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 20)
OTHER = "https://b.example/"


def on(day, group="Reachable", minute=0, **changed):
    """A verdict on a day of November."""
    return row(0, group, started=NOON + timedelta(days=day - 1, minutes=minute), network=None, **changed)


def told(rows, by="category", length=3, experiment="web"):
    """The series and what is left out."""
    return shares_by_day(pd.DataFrame(rows), experiment, by, FIRST, LAST, length)


def test_a_day_has_its_share_and_a_day_without_a_test_none():
    """Each burst is one test; what is not decided is none; the days of the series are all days."""
    rows = [on(1, "Blocked"), on(1, minute=60), on(2), on(4, "Blocked"), on(4, "Not decided"), on(5, "Not decided")]
    found, alone = told(rows)
    whole = found[""]
    assert set(found) == {"", "NEWS"}
    assert whole.looks == (2, 1, 0, 1, *[0] * 16)
    assert whole.days.found == (1, 0, 0, 1, *[0] * 16)
    assert whole.days.expected == pytest.approx((1, 0.5, 0, 0.5, *[0] * 16))
    assert whole.days.squares == pytest.approx((0.5, 0.25, 0, 0.25, *[0] * 16))
    assert (whole.last, whole.index(date(2026, 11, 3)), whole.exposure, alone) == (LAST, 2, Exposure.KNOWN, 0)
    assert found["NEWS"].days == whole.days


def test_one_tester_who_tries_again_and_again_counts_once():
    """Ten tries within minutes are one test with their mean; two targets of one burst are one test too."""
    once, _ = told([on(1, "Blocked"), on(2), on(3)])
    often, _ = told([*(on(1, "Blocked", minute=minute) for minute in range(10)), on(2), on(3)])
    assert often[""].days == once[""].days
    both, _ = told([on(day, "Blocked" if of == OTHER else "Reachable", target=of)
                    for day in (1, 2) for of in (row()["target"], OTHER)])  # fmt: skip
    assert both[""].looks[:2] == (1, 1)
    assert both[""].days.found[:2] == both[""].days.expected[:2] == (0.5, 0.5)


def test_more_tests_of_what_is_blocked_anyhow_are_expected_to_find_it():
    """Of one line and target nothing is beyond what was expected; another line's rate is its own."""
    rows = [on(day, target=OTHER) for day in (1, 2, 3)] + [on(3, "Blocked", minute=60 * at) for at in range(1, 6)]
    rows += [on(1, "Blocked"), on(1, session="line-b"), on(2, session="line-b")]
    days = told(rows)[0][""].days
    assert days.found == pytest.approx(days.expected)


def test_what_a_line_measured_on_one_day_only_is_left_out():
    """There is nothing to hold it against; where that is all there is, it is said."""
    rows = [on(1), on(2), on(2, "Blocked", target=OTHER), on(2, "Blocked", minute=1, target=OTHER)]
    found, alone = told(rows)
    assert (found[""].looks[:2], found[""].days.found[:2], alone) == ((1, 1), (0, 0), 2)
    with pytest.raises(ValueError, match="no line measured one target of the experiment 'web' on two days"):
        told([on(1)])
    with pytest.raises(ValueError, match="'throttle'"):
        told([on(1), on(2)], experiment="throttle")


def test_what_lies_within_a_window_is_free_in_part_only():
    """What a line found near a day is part of what is expected then; a target seen in one window shows no rise."""
    found, _ = told([on(day) for day in range(1, 11)], length=5)
    assert found[""].days.free[:6] == pytest.approx((0.7, 0.6, 0.5, 0.5, 0.5, 0.5))
    near, _ = told([on(1), on(2)], length=5)
    assert near[""].days.free[:2] == (0, 0)


def test_series_are_by_category_network_or_country():
    """By number, else by name; without either it is in all together only; other experiments and times are not in it."""
    rows = []
    for day in (1, 2):
        rows += [on(day), on(day, asn=None, session="b", category="GMB") | {"network": "Net-B"}]
        rows += [on(day, asn=None, session="c", category=None), on(day, experiment="dns", asn=64999)]
    rows += [on(30), on(31)]
    assert set(told(rows, "network")[0]) == {"", "64501", "Net-B"}
    assert set(told(rows, "country")[0]) == {"", "XE"}
    by_category, _ = told(rows)
    assert set(by_category) == {"", "GMB", "NEWS"}
    assert sum(by_category[""].looks) == 6
    assert sum(by_category["GMB"].looks) == 2
