"""Days without a measurement, as spells."""

from datetime import date

import ibis
import pyarrow as pa
import pytest

from bursts import frame, row
from hushmap.analysis.days import pulled, said, spells


def _rows(**days):
    return [row(1440 * (day - 1), country=name) for name, every in days.items() for day in every]


def _spells(rows, series=("country",), since=None, until=None):
    found = spells(ibis.memtable(pa.Table.from_pandas(frame(rows), preserve_index=False)), series, since, until)
    return [(*one[: len(series)], text, one[-1]) for *one, text in found.assign(text=said(found)).values.tolist()]


def test_inner():
    """A day between two others is a spell, and so are several in a row."""
    assert _spells(_rows(XA=(1, 3, 6))) == [("XA", "2026-11-02", 1), ("XA", "2026-11-04 to 2026-11-05", 2)]


def test_ends():
    """A series that began late or ended early has spells there too; the period is that of all of them."""
    found = _spells(_rows(XA=(1, 2, 3, 4), XB=(3,)))
    assert found == [("XB", "2026-11-01 to 2026-11-02", 2), ("XB", "2026-11-04", 1)]


def test_period():
    """A given period is the one that counts, and what was measured outside of it does not."""
    found = _spells(_rows(XA=(1, 3, 9)), since=date(2026, 11, 2), until=date(2026, 11, 4))
    assert found == [("XA", "2026-11-02", 1), ("XA", "2026-11-04", 1)]


def test_a_series_that_is_not_in_the_period_is_missing_in_all_of_it():
    """A series that was measured only before the given period has the whole period as its spell."""
    found = _spells(_rows(XA=(1,), XB=(1, 3, 4)), since=date(2026, 11, 3), until=date(2026, 11, 4))
    assert found == [("XA", "2026-11-03 to 2026-11-04", 2)]


def test_unknown_series():
    """A series without a name is a series."""
    assert _spells([*_rows(XA=(1, 2)), row(country=None)])[0][1:] == ("2026-11-02", 1)


def test_no_series():
    """All rows together are one series."""
    assert _spells(_rows(XA=(1,), XB=(3,)), series=()) == [("2026-11-02", 1)]


@pytest.mark.parametrize("since", [None, date(2026, 11, 1), date(2027, 1, 1)])
def test_nothing(since):
    """Of nothing no day is missing; nor before a day on which all had ended."""
    assert _spells([], since=since) == []
    assert _spells(_rows(XA=(1,)), since=since) == []


def test_pulled():
    """A network that is not known makes no other AS number a fraction."""
    rows = pulled(ibis.memtable(pa.table({"asn": pa.array([64501, None], pa.int64())})))
    assert rows["asn"].dtype == "Int64"
