"""Which rows are meant, and how many there are of each kind."""

from datetime import date

import ibis
import pytest

from hushmap.archive import Filters, counted, in_order, narrowed
from hushmap.archive.asking import with_mechanism
from unit.archive.verdicts import table

DAYS = [date(2026, 11, day) for day in (20, 21, 22)]


def made(*rows, name="verdicts"):
    """An ibis table of DuckDB's."""
    return ibis.memtable(table(name, *rows))


def listed(found, column="record"):
    """The values of a column, sorted."""
    return sorted(found.to_pyarrow()[column].to_pylist())


def test_each_filter_has_to_hold_and_one_value_suffices():
    """Countries are alternatives to each other, and another filter narrows further."""
    found = made(
        {"record": "a", "country": "XE", "asn": 64501},
        {"record": "b", "country": "XF", "asn": 64501},
        {"record": "c", "country": "XG", "asn": 64501},
        {"record": "d", "country": "XE", "asn": None},
    )
    assert listed(narrowed(found, Filters())) == ["a", "b", "c", "d"]
    assert listed(narrowed(found, Filters(country=("XE", "XF")))) == ["a", "b", "d"]
    assert listed(narrowed(found, Filters(country=("XE", "XF"), asn=(64501,)))) == ["a", "b"]


def test_days_are_whole_and_both_count():
    """From the first day to the last, each in UTC and with all that is of it."""
    found = made(*({"record": str(day.day), "day": day} for day in DAYS))
    assert listed(narrowed(found, Filters(since=DAYS[1]))) == ["21", "22"]
    assert listed(narrowed(found, Filters(until=DAYS[1]))) == ["20", "21"]
    assert listed(narrowed(found, Filters(since=DAYS[1], until=DAYS[1]))) == ["21"]


@pytest.mark.parametrize(
    ("asked", "meant"),
    [("tls", "ab"), ("tls.*", "ab"), ("tls.reset", "a"), ("tls.reset.sni", "a"), ("tl", ""), ("dns.nxdomain", "b"), ("sni", "")],
)  # fmt: skip
def test_a_mechanism_is_meant_by_its_family(asked, meant):
    """By a whole name or the beginning of one up to a dot, wherever it stands among several; never by a part of a word."""
    found = made(
        {"record": "a", "mechanisms": ["tls.reset.sni"]},
        {"record": "b", "mechanisms": ["dns.nxdomain", "tls.timeout.sni"]},
        {"record": "c", "mechanisms": []},
    )
    assert "".join(listed(narrowed(found, Filters(mechanism=(asked,))))) == meant


def test_what_a_table_does_not_tell_others_do():
    """Steps know neither country nor outcome: records and verdicts of the same record do."""
    steps = made({"record": "a"}, {"record": "a"}, {"record": "b"}, {"record": "c"}, name="steps")
    records = made({"record": "a"}, {"record": "b"}, {"record": "c", "country": "XF"}, name="records")
    verdicts = made({"record": "a", "outcome": "blocked"}, {"record": "b"}, {"record": "c", "outcome": "blocked"})
    meant = Filters(country=("XE",), outcome=("blocked",), since=DAYS[0])
    assert listed(narrowed(steps, meant, iter([records, verdicts]))) == ["a", "a"]
    assert listed(narrowed(steps, Filters(), iter(()))) == ["a", "a", "b", "c"]


def test_the_mechanism_that_names_the_verdict():
    """The first; where there is none it is empty, and no engine is asked for what is not there."""
    found = with_mechanism(made({"mechanisms": []}, {"mechanisms": ["tls.reset.sni", "dns.nxdomain"]}))
    assert listed(found, "mechanism") == ["", "tls.reset.sni"]


def test_verdicts_are_counted_by_outcome_without_what_is_about_us():
    """Canaries and calibrations are about the measurement: counted nowhere."""
    found = made(
        {"outcome": "blocked"},
        {"outcome": "blocked", "country": None},
        {"outcome": "insufficient"},
        {"outcome": "blocked", "canary": True},
        {"outcome": "ok", "experiment": "calibrate"},
    )
    rows = counted(found, ["country"]).to_pyarrow().to_pylist()
    assert [(row["country"], row["n"], row["blocked"], row["insufficient"], row["ok"]) for row in rows] == [
        (None, 1, 1, 0, 0),
        ("XE", 2, 1, 1, 0),
    ]
    assert counted(found, ["outcome"]).to_pyarrow().to_pylist() == [
        {"outcome": "blocked", "n": 2},
        {"outcome": "insufficient", "n": 1},
    ]
    assert counted(found, ["mechanism"]).to_pyarrow()["n"].to_pylist() == [3]


def test_other_tables_are_counted_as_they_lie():
    """A step is a step, whatever it was for."""
    steps = made({"step": "resolve"}, {"step": "connect"}, {"step": "connect"}, name="steps")
    assert counted(steps, ["step"]).to_pyarrow().to_pylist() == [
        {"step": "connect", "n": 2},
        {"step": "resolve", "n": 1},
    ]


def test_rows_without_a_value_come_first():
    """So that both engines give the same lines."""
    found = made({"record": "b"}, {"record": None}, {"record": "a"})
    assert found.order_by(in_order(["record"])).to_pyarrow()["record"].to_pylist() == [None, "a", "b"]
