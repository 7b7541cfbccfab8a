"""What `hushmap.open` gives beside tables: frames whose columns are told, with what pandas has of each."""

import pandas as pd
import pytest

import hushmap
from hushmap.analysis import INCIDENT, RATE
from hushmap.runs import RunsError
from unit.archive.kept import line


@pytest.fixture
def tables(tmp_path):
    """The tables of two records."""
    (tmp_path / "a.jsonl").write_bytes(line("a.example") + line("b.example"))
    with hushmap.open(tmp_path / "a.jsonl") as found:
        yield found


def test_rates_have_the_columns_that_are_told(tables):
    """Those that were asked for, the experiment, what it looks for, and each of `RATE` as it says."""
    found = tables.rates(["domain"], min_n=1)
    assert [*found.columns] == ["domain", "experiment", "found", *RATE]
    assert found["domain"].tolist() == ["a.example", "b.example"]
    kinds = {name: "str" if str(found[name].dtype) in {"object", "str"} else str(found[name].dtype) for name in RATE}
    assert kinds == {name: kind for name, (kind, _, _) in RATE.items()}
    assert tables.rates(["domain"], domain=("a.example",))["domain"].tolist() == ["a.example"]
    assert tables.rates(["domain"])["share"].isna().all(), "one burst tells nothing"
    with pytest.raises(ValueError, match="no column colour"):
        tables.rates(["colour"])


def test_incidents_have_the_columns_that_are_told(tables):
    """Also where there is none; times are times."""
    found = tables.incidents()
    assert [*found.columns] == [*INCIDENT]
    assert len(found) == 0
    assert isinstance(found["onset_first_failing"].dtype, pd.DatetimeTZDtype)
    assert str(found["asn"].dtype) == "Int64"
    assert len(tables.incidents(country=("XE",), domain=("a.example",))) == 0


def test_no_filter_takes_attempts_out_of_a_course(tables):
    """Only what a course is cut by; by keyword, or by a set of filters."""
    for name in ("outcome", "category", "mechanism"):
        with pytest.raises(ValueError, match=f"{name} would take attempts out of a course"):
            tables.incidents(**{name: ("x",)})


def test_tables_are_what_they_were(tables):
    """All that archive's have."""
    assert tables.verdicts.count().to_pyarrow().as_py() == 2
    with pytest.raises(RunsError, match="is no table"):
        tables.table("colours")
