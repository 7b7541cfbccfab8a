"""The files: every row once, what analysts asked for, and nothing that tells apart who measured."""

import csv
import gzip
import json
from datetime import date

import pyarrow.parquet as pq
import pytest

from hushmap.archive import Tables, connect
from hushmap.report.site.downloads import INCIDENTS, KEPT_BACK, by_day, write
from unit.archive.test_tables import Part
from unit.archive.verdicts import table
from unit.report.site.books import book
from unit.report.site.happened import incidents

BLOCKED = {"outcome": "blocked", "group": "Blocked", "verdict_label": "Blocked by name"}
SNI = {"mechanisms": ["tls.reset.sni", "dns.nxdomain"]}
ROWS = (
    {"record": "a", "run": "r", "resolver": "192.0.2.53", "session": "s", "verdict_label": "Reachable"},
    {"record": "b", "run": "r", "verdict_label": "Reachable"},
    {"record": "c", "run": "q", "asn": None, "network": "Net-X", "verdict_label": "Reachable"},
    {"record": "d", "run": "r", **BLOCKED, **SNI},
    {"record": "e", "run": "r", "canary": True, **BLOCKED},
    {"record": "f", "run": "r", "experiment": "calibrate"},
    {"record": "g", "run": "r", "day": date(2026, 11, 22), "target": "=cmd|x", "verdict_label": "Reachable"},
)
WORD = {"record": "h", "experiment": "keyword", "trigger": "planted", "place": "http-path", "kind": "word"}


@pytest.fixture
def tables():
    """Some verdicts and a trigger."""
    part = Part(verdicts=table("verdicts", *ROWS), triggers=table("triggers", WORD))
    with Tables(connect(), [part]) as opened:
        yield opened


def lines(path):
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


def unpacked(path):
    """The lines of a packed file; its head holds no date."""
    data = path.read_bytes()
    assert data[4:8] == bytes(4)
    return gzip.decompress(data).decode().splitlines()


def test_each_target_and_day_is_told_by_label_and_how(tables, tmp_path):
    """Tests are counted, and the networks that they came from; canaries and calibrations are not among them."""
    write(tmp_path, tables, book())
    rows = lines(tmp_path / "downloads/targets.csv")
    told = [(row["day"], row["label"], row["how"], row["tests"], row["vantages"]) for row in rows]
    assert told == [
        ("2026-11-21", "Blocked by name", "tls.reset.sni", "1", "1"),
        ("2026-11-21", "Reachable", "", "3", "2"),
        ("2026-11-22", "Reachable", "", "1", "1"),
    ]
    assert rows[2]["target"] == "'=cmd|x"
    # Beside each label stands what was seen of the target on that day in all.
    assert [(row["decided"], row["failed"]) for row in rows] == [("4", "1"), ("4", "1"), ("1", "0")]


def test_a_day_that_decided_nothing_has_zeros():
    """They are counts of what was measured, and it was."""
    open_ = [{"record": name, "group": "Not decided", "verdict_label": "Not decided"} for name in "ab"]
    with Tables(connect(), [Part(verdicts=table("verdicts", *open_))]) as opened:
        found = opened.arrow(by_day(opened.verdicts)).to_pylist()
    assert [(row["tests"], row["decided"], row["failed"]) for row in found] == [(2, 0, 0)]


def test_networks_without_number_or_name_are_apart_by_run(tables):
    """Unknown networks are not equal."""
    lost = [{"record": name, "run": name, "asn": None, "verdict_label": "Reachable"} for name in "ab"]
    with Tables(connect(), [Part(verdicts=table("verdicts", *lost))]) as opened:
        assert opened.arrow(by_day(opened.verdicts))["vantages"].to_pylist() == [2]


def test_every_verdict_is_in_each_of_its_files(tables, tmp_path):
    """In one order, as CSV, JSON and Parquet."""
    write(tmp_path, tables, book())
    place = tmp_path / "downloads"
    records = [row["record"] for row in lines(place / "verdicts.csv")]
    assert sorted(records) == list("abcdefg")
    assert [json.loads(line)["record"] for line in unpacked(place / "verdicts.jsonl.gz")] == records
    parquet = pq.read_table(place / "verdicts.parquet")
    assert parquet["record"].to_pylist() == records
    assert not {*KEPT_BACK} & {*parquet.schema.names}
    assert "192.0.2.53" not in (place / "verdicts.csv").read_text()


def test_shares_have_intervals_and_name_their_gaps(tables, tmp_path):
    """By network and target; where too few bursts are there is no share."""
    write(tmp_path, tables, book())
    rows = lines(tmp_path / "downloads/shares.csv")
    assert {row["target"] for row in rows} == {"https://a.example/", "'=cmd|x"}
    assert {row["share"] for row in rows} == {""}
    assert {row["asn"] for row in rows} == {"64501", ""}


def test_incidents_are_those_of_the_book(tables, tmp_path):
    """Intervals as times, lists with semicolons, what was not seen is empty."""
    found = incidents()
    write(tmp_path, tables, book(incidents=found))
    rows = lines(tmp_path / "downloads/incidents.csv")
    assert [row["id"] for row in rows] == [one.id for one in found]
    assert [*rows[0]] == [field.name for field in INCIDENTS]
    standing = next(row for row in rows if row["status"] == "standing")
    assert (standing["onset_last_working"], standing["partial"]) == ("", "false")
    told = [json.loads(line) for line in unpacked(tmp_path / "downloads/incidents.jsonl.gz")]
    assert told[0]["hosts"] == [*found[0].hosts]


def test_each_file_is_told_with_rows_length_and_hash(tables, tmp_path):
    """A table without a row has no file; the same tables give the same bytes."""
    told = write(tmp_path / "a", tables, book())
    assert told == write(tmp_path / "b", tables, book())
    assert {one.path for one in told} == {
        str(path.relative_to(tmp_path / "a")) for path in (tmp_path / "a").rglob("*.*")
    }
    assert {one.name for one in told} == {"targets", "shares", "verdicts", "triggers"}
    assert all((tmp_path / "a" / one.path).stat().st_size == one.length for one in told)


def test_nothing_measured_is_no_file(tmp_path):
    """And no fault."""
    with Tables(connect(), [Part()]) as opened:
        assert write(tmp_path, opened, book(first=None, last=None)) == ()
    assert list((tmp_path / "downloads").iterdir()) == []
