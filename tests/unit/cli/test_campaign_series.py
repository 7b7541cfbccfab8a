"""What a study is given: a table, or what was measured."""

from datetime import date

import pytest

from hushmap.analysis import Exposure
from hushmap.cli.campaign_series import Wish, series_of
from hushmap.cli.fault import Fault

TABLE = "date,category,n\n2015-06-01,x,3\n2015-06-03,y,1\n2015-06-04,x,0\n"


@pytest.fixture
def table(home):
    """A table in the current folder."""
    (home / "additions.csv").write_text(TABLE)
    return "additions.csv"


def test_a_table_is_read_by_its_days(table):
    """From its first to its last row, or as it was said."""
    found = series_of((table,), Wish(by="category"))
    assert set(found) == {"", "x", "y"}
    assert found[""].batches == (1, 0, 1, 0)
    longer = series_of((table,), Wish(since="2015-05-31", until="2015-06-02", where=("category=x",), count="n"))
    assert longer[""].things == (0, 3, 0)


def test_the_days_on_which_somebody_looked_may_be_given(table, home):
    """Then other days are no zeros."""
    (home / "days.txt").write_text("2015-06-01\n2015-06-02\n")
    found = series_of((table,), Wish(observed=home / "days.txt"))[""]
    assert (found.batches, found.exposure) == ((1, 0, 1, None), Exposure.KNOWN)
    (home / "days.txt").write_text("yesterday\n")
    with pytest.raises(Fault, match="write one day a line"):
        series_of((table,), Wish(observed=home / "days.txt"))


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        ({"by": "colour"}, "no column 'colour'"),
        ({"where": ("category",)}, "write COLUMN=VALUE"),
        ({"since": "June"}, "--since 'June' is no day"),
        ({"since": "2015-07-01"}, "is no time for a series"),
    ],
)
def test_what_cannot_be_done_is_told(table, wish, error):
    """One line, with the file or the option."""
    with pytest.raises(Fault, match=error):
        series_of((table,), Wish(**wish))


def test_tables_stand_alone(table, home):
    """Two sources are no one series; an empty table has no days; cells beyond the header are read over."""
    with pytest.raises(Fault, match="give one table"):
        series_of((table, table), Wish())
    (home / "empty.csv").write_text("date,n\n")
    with pytest.raises(Fault, match="no row"):
        series_of(("empty.csv",), Wish())
    (home / "wide.csv").write_text("date,n\n2015-06-01,1,2,3\n")
    assert series_of(("wide.csv",), Wish())[""].things == (1,)


def test_what_was_measured_is_a_series_of_onsets(measured):
    """Each day with a measurement was looked at; a run alone has no onset."""
    found = series_of((str(measured),), Wish())
    assert found[""].exposure is Exposure.KNOWN
    assert found[""].first == date(2026, 11, 21)
    assert found[""].batches == (0,)
    with pytest.raises(Fault, match="are for tables"):
        series_of((str(measured),), Wish(by="category"))
