"""Runs and files of records as one set of tables, judged together."""

import pytest

from elsewhere import FAR, HOME, NEAR, by_pairs, seen
from hushmap.cli.fault import Fault
from hushmap.cli.given import given
from hushmap.cli.report_together import together
from hushmap.codec import encode_record
from hushmap.model import Context, Knowledge

LATER = "2026-11-21T12:30:00Z"


def told(home, *records, lang="en"):
    """What records in files of their own are together."""
    for number, record in enumerate(records):
        (home / f"{number}.jsonl").write_bytes(encode_record(record))
    return together([given(f"{number}.jsonl") for number in range(len(records))], Knowledge(), lang)


def test_verdicts_in_the_tables_are_those_of_the_runs_together(home):
    """What another network saw is in the row and in what is held for the page."""
    found = told(home, seen(HOME, *by_pairs(), run="a"), seen(NEAR, run="b", at=LATER), seen(FAR, run="c"))
    assert (found.records, found.compared, found.rejects, found.lab) == (3, 3, 0, False)
    rows = found.tables.frame("verdicts").set_index("run")
    assert rows.loc["a", "peer_n"] > 0
    assert found.held["a-0001"].verdict.peers


def test_a_record_counts_once_and_the_newest_of_its_kind_is_held(home):
    """Whoever gives a file twice, or a month of cycles."""
    first, second = seen(HOME, run="a"), seen(HOME, run="b", at=LATER)
    found = told(home, first, second, first)
    assert found.records == 2
    assert [*found.held] == ["b-0001"]


def test_rows_of_many_records_come_in_chunks(home, monkeypatch):
    """None is lost at an edge."""
    monkeypatch.setattr("hushmap.cli.report_together.CHUNK", 2)
    lines = b"".join(encode_record(seen(HOME, run=f"r{number}")) for number in range(5))
    (home / "many.jsonl").write_bytes(lines)
    found = together([given("many.jsonl")], Knowledge(), "en")
    assert len(found.tables.frame("records")) == 5


@pytest.mark.parametrize(
    "more", [{"context": Context(scale=5.0, sentinels=(4, 0))}, {"annotations": {"simulated": "yes"}}]
)
def test_a_lab_says_so_itself(home, more):
    """Times that were divided, or a network that was simulated."""
    assert told(home, seen(HOME, run="a", **more)).lab


def test_nothing_to_read(home):
    """Standard input cannot be read twice, and a folder without a record is said to be one."""
    with pytest.raises(Fault, match="read twice"):
        together([given("-")], Knowledge(), "en")
    (home / "none.jsonl").write_bytes(b"{}\n")
    with pytest.raises(Fault, match=r"no record in none\.jsonl"):
        together([given("none.jsonl")], Knowledge(), "en")
