"""Dated counts as series: a batch is the sample, and a day on which nobody looked is no zero."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from hushmap.analysis.counting import Exposure, Update, of_incidents, read_rows, series, span
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


def test_onsets_are_changes():
    """One day's onsets of one network are a batch; what was never seen working has no onset."""

    def incident(target, status, asn=64501):
        key = SimpleNamespace(target=target, asn=asn)
        return SimpleNamespace(key=key, status=status, network="", onset_first_failing=1_433_203_200_000_000)

    found = of_incidents(
        [incident("a", Sure.CONFIRMED), incident("b", Sure.PROVISIONAL), incident("c", Sure.STANDING)], {"a": "NEWS"}
    )
    assert found == (
        Update(day=date(2015, 6, 2), things=1, name="NEWS", batch="64501"),
        Update(day=date(2015, 6, 2), things=1, name="", batch="64501"),
    )
    assert series(found, date(2015, 6, 2), date(2015, 6, 2))[""].batches == (1,)
