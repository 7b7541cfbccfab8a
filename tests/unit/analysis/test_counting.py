"""Dated counts as series: a batch is the sample, and a day on which nobody looked is no zero."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from hushmap.analysis.counting import Exposure, Onsets, Update, of_incidents, read_rows, series, span, watched
from hushmap.analysis.incident import Sure

FIRST = date(2015, 6, 1)
ROWS = [
    {"date": "2015-06-01", "client": "a", "event_type": "add", "category": "x", "n_keywords": "3"},
    {"date": "2015-06-01", "client": "a", "event_type": "add", "category": "y", "n_keywords": "2"},
    {"date": "2015-06-01", "client": "b", "event_type": "add", "category": "x", "n_keywords": "1"},
    {"date": "2015-06-03", "client": "a", "event_type": "del", "category": "x", "n_keywords": "9"},
    {"date": "2015-06-04", "client": "a", "event_type": "add", "category": "x", "n_keywords": "0"},
]


def test_rows_of_one_moment_and_source_are_one_batch():
    """Removals and rows of nothing are no additions; each category is a series, and all together is one."""
    found = series(read_rows(ROWS, by="category"), FIRST, date(2015, 6, 4))
    assert {name: (one.batches, one.things) for name, one in found.items()} == {
        "": ((2, 0, 0, 0), (6, 0, 0, 0)),
        "x": ((2, 0, 0, 0), (4, 0, 0, 0)),
        "y": ((1, 0, 0, 0), (2, 0, 0, 0)),
    }
    assert found[""].exposure is Exposure.UNKNOWN
    assert (found[""].last, found[""].index(date(2015, 6, 3))) == (date(2015, 6, 4), 2)


def test_days_on_which_nobody_looked_are_left_open():
    """Where that is known; a day with a change was looked at, whatever is said."""
    looked = frozenset({date(2015, 6, 2)})
    found = series(read_rows(ROWS), FIRST, date(2015, 6, 3), observed=looked)[""]
    assert found.batches == (2, 0, None)
    assert found.exposure is Exposure.KNOWN
    assert span(ROWS) == (FIRST, date(2015, 6, 4))


def test_a_table_without_counts_has_one_a_row():
    """And rows may be chosen by a column's value."""
    rows = [{"day": "2015-06-01", "where": "n"}, {"day": "2015-06-01", "where": "s"}]
    assert [one.things for one in read_rows(rows)] == [1, 1]
    assert len(read_rows(rows, where={"where": "n"})) == 1
    assert read_rows([{"day": "2015-06-01", "mine": "7"}], count="mine")[0].things == 7


@pytest.mark.parametrize(
    ("rows", "more", "error"),
    [
        ([{"when": "2015"}], {}, "no column of the date"),
        ([{"date": "June"}], {}, "line 2: 'June' is no day"),
        ([{"date": ""}], {}, "line 2: '' is no day"),
        ([{"date": "20150601"}], {}, "line 2: '20150601' is no day"),
        ([{"date": "2015-W23-1"}], {}, "line 2: '2015-W23-1' is no day"),
        ([{"date": "2015-06-01", "n": "many"}], {}, "line 2: 'many' is no number"),
        ([{"date": "2015-06-01", "n": "-1"}], {}, "line 2: '-1' is no number"),
        (ROWS, {"by": "colour"}, "no column 'colour'"),
        (ROWS, {"where": {"colour": "x"}}, "no column 'colour'"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(rows, more, error):
    """One line, and no number is made up."""
    with pytest.raises(ValueError, match=error):
        read_rows(rows, **more)


def test_no_time_for_a_series():
    """The last day is not before the first, nor a century later; a table without a row has no days."""
    for last in (FIRST - timedelta(days=1), date(2215, 1, 1)):
        with pytest.raises(ValueError, match="is no time for a series"):
            series((), FIRST, last)
    with pytest.raises(ValueError, match="no row"):
        span([])


DAY = 86_400_000_000


JUNE = (date(2015, 6, 1), date(2015, 6, 30))


def incident(target, status=Sure.CONFIRMED, asn=64501, *, day=16_588, gap=1, network="", blocked=3):
    """An onset on a day since 1970, after so many days without an attempt that worked."""
    key = SimpleNamespace(target=target, asn=asn, network=network)
    working = None if gap is None else (day - gap) * DAY
    onset = {"onset_first_failing": day * DAY, "onset_last_working": working}
    return SimpleNamespace(key=key, status=status, blocked=blocked, **onset)


def test_onsets_are_changes():
    """One day's onsets of one network are a batch; what was never seen working has no onset."""
    found, onsets = of_incidents(
        [
            incident("a"),
            incident("b", Sure.PROVISIONAL, asn=0, network="Net-B"),
            incident("c", Sure.STANDING),
            incident("d", gap=None),
            incident("e", day=16_688),
        ],
        lambda key: {"a": "NEWS"}.get(key.target, ""),
        *JUNE,
    )
    assert found == (
        Update(day=date(2015, 6, 2), things=1, name="NEWS", batch="64501"),
        Update(day=date(2015, 6, 2), things=1, name="", batch="Net-B"),
    )
    assert onsets == Onsets(counted=2, provisional=1, unblocked=0, undated=0)
    assert series(found, date(2015, 6, 2), date(2015, 6, 2))[""].batches == (2,)


def test_what_stopped_in_a_gap_has_no_day():
    """It does not pile up on the first day back: three days are near enough, four are not."""
    found, onsets = of_incidents([incident("a", gap=3), incident("b", gap=4)], lambda _: "", *JUNE)
    assert (len(found), onsets.undated) == (1, 1)


def test_what_stopped_without_any_attempt_judged_blocked_is_counted_apart():
    """It is a change of what works, and may be an outage."""
    _, onsets = of_incidents([incident("a"), incident("b", blocked=0)], lambda _: "", *JUNE)
    assert onsets == Onsets(counted=2, provisional=0, unblocked=1, undated=0)


def days(*numbers):
    """Days of June."""
    return frozenset(date(2015, 6, number) for number in numbers)


def test_a_day_is_watched_where_an_onset_would_have_one():
    """From an attempt to the next, at most three days later; the first day of all, and the first back, are not."""
    attempts = [("n", "x", date(2015, 6, day)) for day in (1, 1, 2, 5, 9, 10)]
    assert watched(attempts) == {("n", "x"): days(2, 3, 4, 5, 10)}
    assert watched([("n", "x", FIRST)]) == {("n", "x"): frozenset()}


def test_exposure_is_counted_by_network_and_category():
    """Each series by the networks that looked at it; all together by those that looked at anything."""
    seen = {("n", "x"): days(1, 2, 3), ("m", "x"): days(2), ("n", "y"): days(4), ("m", "z"): frozenset()}
    changes = [
        Update(day=date(2015, 6, 2), things=2, name="x", batch="n"),
        Update(day=date(2015, 6, 2), things=1, name="x", batch="m"),
        Update(day=date(2015, 6, 5), things=1, name="x", batch="m"),
    ]
    found = series(changes, FIRST, date(2015, 6, 5), observed=seen)
    told = {name: (one.batches, one.looks) for name, one in found.items()}
    assert told == {
        "": ((0, 2, 0, 0, 1), (1, 2, 1, 1, 1)),
        "x": ((0, 2, 0, None, 1), (1, 2, 1, 0, 1)),
        "y": ((None, None, None, 0, None), (0, 0, 0, 1, 0)),
        "z": ((None,) * 5, (0,) * 5),
    }
    assert found["y"].exposure is Exposure.KNOWN


def test_a_row_may_tell_its_order():
    """Where it has one."""
    rows = [{"date": "2015-06-03", "case": "2015-06-01"}, {"date": "2015-06-03", "case": ""}]
    assert [one.order for one in read_rows(rows, order="case")] == [FIRST, None]
    with pytest.raises(ValueError, match="no column 'cause'"):
        read_rows(rows, order="cause")
