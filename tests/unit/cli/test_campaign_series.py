"""What a study is given: a table, or what was measured."""

from datetime import date

import pytest

from hushmap.analysis import Exposure, Onsets
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
    found = series_of((table,), Wish(by="category"), 14).series
    assert set(found) == {"", "x", "y"}
    assert found[""].batches == (1, 0, 1, 0)
    longer = series_of(
        (table,), Wish(since="2015-05-31", until="2015-06-02", where=("category=x",), count="n"), 14
    ).series
    assert longer[""].things == (0, 3, 0)


def test_the_days_on_which_somebody_looked_may_be_given(table, home):
    """Then other days are no zeros."""
    (home / "days.txt").write_text("2015-06-01\n2015-06-02\n")
    found = series_of((table,), Wish(observed=home / "days.txt"), 14).series[""]
    assert (found.batches, found.exposure) == ((1, 0, 1, None), Exposure.KNOWN)
    for wrong in ("yesterday", "20150602"):
        (home / "days.txt").write_text(f"2015-06-01\n{wrong}\n")
        with pytest.raises(Fault, match=f"days.txt: '{wrong}' is no day; write one day a line"):
            series_of((table,), Wish(observed=home / "days.txt"), 14)
    (home / "days.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(Fault, match="write one day a line"):
        series_of((table,), Wish(observed=home / "days.txt"), 14)
    with pytest.raises(Fault, match="No such file or directory; write one day a line"):
        series_of((table,), Wish(observed=home / "none.txt"), 14)


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        ({"by": "colour"}, "no column 'colour'"),
        ({"where": ("category",)}, "write COLUMN=VALUE"),
        ({"since": "June"}, "--since 'June' is no day"),
        ({"until": "20150602"}, "--until '20150602' is no day"),
        ({"since": "2015-07-01"}, "is no time for a series"),
        ({"shares": "web"}, "--shares is of what was measured"),
    ],
)
def test_what_cannot_be_done_is_told(table, wish, error):
    """One line, with the file or the option."""
    with pytest.raises(Fault, match=error):
        series_of((table,), Wish(**wish), 14)


def test_tables_stand_alone(table, home):
    """Two sources are no one series; an empty table has no days; cells beyond the header are read over."""
    with pytest.raises(Fault, match="give one table"):
        series_of((table, table), Wish(), 14)
    (home / "empty.csv").write_text("date,n\n")
    with pytest.raises(Fault, match="no row"):
        series_of(("empty.csv",), Wish(), 14)
    (home / "wide.csv").write_text("date,n\n2015-06-01,1,2,3\n")
    assert series_of(("wide.csv",), Wish(), 14).series[""].things == (1,)


def test_a_series_is_known_wherever_it_is_typed(table, home):
    """By its place and by the hash of its table; a table that is not there is told."""
    found = series_of((table,), Wish(), 14)
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
    found = series_of(("orders.csv",), Wish(order="case"), 14)
    assert (found.lags.orders, found.lags.early, found.lags.late) == (2, 1, 4)
    assert series_of(("orders.csv",), Wish(), 14).lags is None


def test_what_was_measured_is_a_series_of_onsets(measured):
    """By category, with the days on which an onset would have been dated; a run alone has no onset."""
    found = series_of((str(measured),), Wish(), 14)
    whole = found.series[""]
    assert whole.exposure is Exposure.KNOWN
    assert whole.first == date(2026, 11, 21)
    assert whole.batches == (None,), "nobody can say what changed on the only day"
    assert "NEWS" in found.series
    assert found.names == (str(measured),)
    assert found.measured_in == ("XE",)
    assert found.onsets == Onsets(counted=0, provisional=0, unblocked=0, undated=0)
    assert set(series_of((str(measured),), Wish(by="network"), 14).series) == {"", "64501"}
    assert set(series_of((str(measured),), Wish(by="country"), 14).series) == {"", "XE"}
    for wrong, error in (
        ({"by": "colour"}, "it can be category, network, country"),
        ({"count": "n"}, "are for tables"),
    ):
        with pytest.raises(Fault, match=error):
            series_of((str(measured),), Wish(**wrong), 14)


def test_what_was_measured_is_a_series_of_shares(measured):
    """Of one experiment, by day; of a single day there is nothing to hold it against, and of others nothing at all."""
    with pytest.raises(Fault, match="no line measured one target of the experiment 'web' on two days; give what"):
        series_of((str(measured),), Wish(shares="web"), 14)
    with pytest.raises(Fault, match="--shares throttle: that was not measured there; there is web"):
        series_of((str(measured),), Wish(shares="throttle"), 14)
    with pytest.raises(Fault, match="it can be category, network, country"):
        series_of((str(measured),), Wish(shares="web", by="colour"), 14)


def test_shares_of_many_days_are_told_by_category_or_network(tested):
    """With the count group that they are of; the days are those of this experiment, or those that were said."""
    found = series_of((tested,), Wish(shares="web"), 8)
    whole = found.series[""]
    assert (set(found.series), found.experiment, found.sought, found.alone) == ({"", "NEWS"}, "web", "Blocked", 0)
    assert found.names == (tested,)
    assert (whole.first, whole.last, set(whole.looks)) == (date(2015, 5, 1), date(2015, 6, 29), {4})
    assert sum(whole.days.found) == 52 + 4 * 8
    shorter = series_of((tested,), Wish(shares="web", by="network", since="2015-06-01", until="2015-06-10"), 8)
    assert {name: sum(one.looks) for name, one in shorter.series.items()} == {"": 40, "64501": 20, "64502": 20}
