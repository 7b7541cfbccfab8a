"""What a study is given: a table, or what was measured."""

from datetime import date

import pytest

from hushmap.analysis import Exposure
from hushmap.cli.campaign_series import Wish, known_as, series_of
from hushmap.cli.fault import Fault

TABLE = "date,category,n\n2015-06-01,x,3\n2015-06-03,y,1\n2015-06-04,x,0\n"


@pytest.fixture
def table(home):
    """A table in the current folder."""
    (home / "additions.csv").write_text(TABLE)
    return "additions.csv"


def test_a_table_is_read_by_its_days(table):
    """From its first to its last row, or as it was said."""
    found = series_of((table,), Wish(by="category")).series
    assert set(found) == {"", "x", "y"}
    assert found[""].batches == (1, 0, 1, 0)
    longer = series_of(
        (table,), Wish(since="2015-05-31", until="2015-06-02", where=("category=x",), count="n")
    ).series
    assert longer[""].things == (0, 3, 0)


def test_the_days_on_which_somebody_looked_may_be_given(table, home):
    """Then other days are no zeros."""
    (home / "days.txt").write_text("2015-06-01\n2015-06-02\n")
    found = series_of((table,), Wish(observed=home / "days.txt")).series[""]
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
    assert series_of(("wide.csv",), Wish()).series[""].things == (1,)


def test_a_series_is_known_wherever_it_is_typed(table, home):
    """By its place and by the hash of its table; a table that is not there is told."""
    found = series_of((table,), Wish())
    assert found.names[0] == str(home / "additions.csv")
    assert found.names[1].startswith("sha256:")
    assert known_as("./additions.csv") == found.names[0]
    assert known_as("s3://bucket/prefix") == "s3://bucket/prefix"
    assert known_as("-") == "-"
    with pytest.raises(Fault, match="there is no such file"):
        known_as("elsewhere.csv")


def test_a_table_may_tell_of_orders(home):
    """Then the days from order to change are known."""
    (home / "orders.csv").write_text("date,case\n2015-06-05,2015-06-01\n2015-06-09,2015-06-08\n2015-06-10,\n")
    found = series_of(("orders.csv",), Wish(order="case"))
    assert (found.lags.orders, found.lags.early, found.lags.late) == (2, 1, 4)
    assert series_of(("orders.csv",), Wish()).lags is None


def test_what_was_measured_is_a_series_of_onsets(measured):
    """By category, with the days on which an onset would have been dated; a run alone has no onset."""
    found = series_of((str(measured),), Wish())
    whole = found.series[""]
    assert whole.exposure is Exposure.KNOWN
    assert whole.first == date(2026, 11, 21)
    assert whole.batches == (None,), "nobody can say what changed on the only day"
    assert "NEWS" in found.series
    assert found.names == (str(measured),)
    assert set(series_of((str(measured),), Wish(by="network")).series) == {"", "64501"}
    assert set(series_of((str(measured),), Wish(by="country")).series) == {"", "XE"}
    for wrong, error in (
        ({"by": "colour"}, "it can be category, network, country"),
        ({"count": "n"}, "are for tables"),
    ):
        with pytest.raises(Fault, match=error):
            series_of((str(measured),), Wish(**wrong))
