"""What `hushmap query` answers with."""

from datetime import UTC, date, datetime

import ibis
import numpy as np
import pandas as pd
import pytest

from hushmap.archive import Filters, Tables, connect
from hushmap.cli.fault import Fault
from hushmap.cli.query_rows import cell, grouped, kinds, listed, plain_value, shown
from unit.archive.test_tables import Part
from unit.archive.verdicts import table

TRIGGERS = [{"trigger": "b"}, {"trigger": "a"}, {"trigger": "a", "place": "tls-sni"}]


@pytest.fixture
def tables():
    """Eight verdicts of two months, and triggers."""
    days = [date(2026, 10, 31), *(date(2026, 11, day) for day in range(1, 8))]
    rows = [
        {"day": day, "record": f"r-{number}", "started": datetime(day.year, day.month, day.day, 12, tzinfo=UTC)}
        | ({"outcome": "blocked", "group": "Blocked", "mechanisms": ["tls.reset.sni"]} if number < 3 else {})
        for number, day in enumerate(days)
    ]
    with Tables(connect(), [Part(verdicts=table("verdicts", *rows), triggers=table("triggers", *TRIGGERS))]) as made:
        yield made


def told(answer):
    """Rows as mappings."""
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


def test_shares_by_month(tables):
    """Of bursts, by the first day of each; too few get none."""
    rows = told(grouped(tables, "verdicts", Filters(), ["month"], None))
    assert [(row["month"], row["n"], row["k"], row["share"]) for row in rows] == [
        ("2026-10-01", 1, 1.0, None),
        ("2026-11-01", 7, 2.0, pytest.approx(2 / 7)),
    ]
    rows = told(grouped(tables, "verdicts", Filters(), ["month"], 1))
    assert rows[0]["share"] == 1.0


def test_what_was_found_is_counted(tables):
    """A share of what was found among what was found says nothing."""
    answer = grouped(tables, "verdicts", Filters(), ["mechanism"], None)
    assert [(row["mechanism"], row["n"]) for row in told(answer)] == [("", 5), ("tls.reset.sni", 3)]
    assert answer.notes == ("counts of what lies there, not shares",)


def test_other_tables_are_counted(tables):
    """By their own columns."""
    answer = grouped(tables, "triggers", Filters(), ["trigger"], None)
    assert told(answer) == [{"trigger": "a", "n": 2}, {"trigger": "b", "n": 1}]


def test_rows_come_in_their_order(tables):
    """Of the columns that are wanted, each once."""
    answer = listed(tables, "triggers", Filters(), shown("triggers", ["trigger", "place", "trigger"]))
    assert list(answer.rows) == [["a", None], ["b", None], ["a", "tls-sni"]]
    days = [row[0] for row in listed(tables, "verdicts", Filters(mechanism=("tls",)), ["day"]).rows]
    assert days == ["2026-10-31", "2026-11-01", "2026-11-02"]


@pytest.mark.parametrize("name", ["mechanisms", "colour", "Day"])
def test_no_group_of_what_is_no_column(name):
    """Lists are no groups: a verdict would be counted in several."""
    with pytest.raises(Fault, match=f"{name}: no such column of verdicts"):
        kinds("verdicts", [name])


def test_columns_are_known_before_anything_is_judged():
    """Every one of a table unless some are asked for; what is none is refused by name."""
    assert shown("triggers", ())[:3] == ("day", "record", "run")
    assert kinds("triggers", ["month", "trigger"]) == ("month", "trigger")
    for wrong in (lambda: shown("triggers", ["x"]), lambda: kinds("triggers", ["mechanism", "x"])):
        with pytest.raises(Fault, match="x: no such column of triggers"):
            wrong()


def test_values_as_text_has_them():
    """Absent is nothing, days and times are ISO 8601 in UTC, numbers are numbers."""
    moment = datetime(2026, 11, 21, 22, 34, tzinfo=UTC)
    assert [plain_value(value) for value in (None, float("nan"), pd.NaT, pd.NA)] == [None] * 4
    assert plain_value(moment) == plain_value(pd.Timestamp(moment)) == "2026-11-21T22:34:00Z"
    assert plain_value(date(2026, 11, 21)) == plain_value(pd.Timestamp("2026-11-21")) == "2026-11-21"
    assert plain_value(np.int64(3)) == 3
    assert [cell(value) for value in (True, False, ["a", "b"], 1.5, None)] == ["yes", "no", "a b", 1.5, None]


def test_ibis_is_what_the_tables_are_of(tables):
    """Whoever writes a question of their own begins here."""
    assert isinstance(tables.verdicts, ibis.expr.types.Table)
