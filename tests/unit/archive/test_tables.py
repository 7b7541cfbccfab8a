"""The four tables, for ibis and for pandas."""

import pandas as pd
import pyarrow as pa
import pytest

from hushmap.archive import TABLES, Filters, Tables, arrow_schema, connect, framed
from hushmap.runs import RunsError
from unit.archive.verdicts import table


class Part:
    """What this process holds, and which tables it was asked for."""

    def __init__(self, **held):
        self._held, self.asked = held, []

    def files(self, name):
        return ()

    def held(self, name):
        self.asked.append(name)
        return self._held.get(name)


@pytest.fixture
def opened():
    """Two parts, of which only verdicts are known, and the first part."""
    first = Part(verdicts=table("verdicts", {"record": "a"}, {"record": "b", "country": None, "asn": None}))
    second = Part(verdicts=table("verdicts", {"record": "c", "mechanisms": ["tls.reset.sni"]}))
    with Tables(connect(), [first, second]) as tables:
        yield tables, first


def test_every_table_has_its_columns_even_if_empty(opened):
    """In their order and of their types, whatever was opened."""
    tables, _ = opened
    for name in TABLES:
        assert tables.table(name).schema().to_pyarrow().names == arrow_schema(name).names
        assert tables.arrow(getattr(tables, name)).schema.types == arrow_schema(name).types
    assert tables.arrow(tables.steps).num_rows == 0


def test_parts_are_one_table_that_is_made_when_it_is_asked_for(opened):
    """Who wants verdicts waits for nothing else; asked twice, it is made once."""
    tables, part = opened
    assert sorted(tables.arrow(tables.verdicts)["record"].to_pylist()) == ["a", "b", "c"]
    assert tables.verdicts is tables.table("verdicts")
    assert part.asked == ["verdicts"]


def test_a_frame_keeps_whole_numbers_whole(opened):
    """What is absent is absent, and makes no fraction of what is there."""
    tables, _ = opened
    frame = tables.frame().sort_values("record", ignore_index=True)
    assert (str(frame["asn"].dtype), str(frame["canary"].dtype)) == ("Int64", "boolean")
    assert frame["asn"].tolist()[0] == 64501
    assert frame["asn"].isna().tolist() == [False, True, False]
    assert str(frame["day"].dtype).startswith("datetime64")
    assert str(frame["started"].dtype) == "datetime64[us, UTC]"
    assert [list(value) for value in frame["mechanisms"]] == [[], [], ["tls.reset.sni"]]


def test_a_frame_of_what_is_meant(opened):
    """By filters given as fields or as a value, with the columns that are wanted."""
    tables, _ = opened
    frame = tables.frame("verdicts", Filters(country=("XE",)), ["record", "mechanism"], mechanism=("tls",))
    assert frame.to_dict("list") == {"record": ["c"], "mechanism": ["tls.reset.sni"]}
    assert set(tables.frame(columns=["record"], country=("XE",))["record"]) == {"a", "c"}


def test_there_are_four(opened):
    """Another name is one line with those that there are."""
    tables, _ = opened
    with pytest.raises(RunsError, match="verdict: is no table; take one of records, steps, verdicts, triggers"):
        tables.table("verdict")


def test_an_empty_table_is_a_frame():
    """With its types."""
    frame = framed(pa.table({"n": pa.array([], pa.int32())}))
    assert isinstance(frame, pd.DataFrame)
    assert str(frame["n"].dtype) == "Int32"
