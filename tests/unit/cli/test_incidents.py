"""`hushmap incidents`, typed."""

import csv
import hashlib
import io
import json

import pyarrow as pa
import pytest

from hushmap.analysis import INCIDENT, kept
from hushmap.archive import Folder, arrow_schema, parquet_bytes
from hushmap.archive.ledger import HEAD, DataFile, Head, Import, encoded, marker
from unit.analysis.courses import course, field

COURSE = "." * 60 + "x" * 30 + "." * 60


@pytest.fixture
def stored(tmp_path):
    """An archive of one site's course."""
    schema = arrow_schema("verdicts")
    frame = course(COURSE)
    frame["day"] = frame["started"].dt.date
    whole = frame.reindex(columns=schema.names)
    table = pa.table(
        {name: pa.array(whole[name].tolist(), schema.field(name).type, from_pandas=True) for name in schema.names}
    )
    folder, name = Folder(tmp_path / "archive"), "verdicts/day=2026-11-01/0-0.parquet"
    data = parquet_bytes(table.cast(schema))
    file = DataFile(name=name, sha256=hashlib.sha256(data).hexdigest(), rows=len(table), size=len(data))
    folder.write(HEAD, encoded(Head(schema=1)))
    folder.write(name, data)
    one = Import(id="ab" * 32, made="2026-11-01T00:00:00Z", parts=(), files=(file,))
    folder.write(marker(one.id), encoded(one))
    return folder


def test_an_archive_is_asked_and_keeps_the_answer(hushmap, stored):
    """Onset and lifting are told as intervals, and the frame is kept in the archive with its hash."""
    told = hushmap("incidents", stored.path)
    assert told.exit_code == 0, told.output
    assert "news.example on Net-A (AS64501), XE" in told.stdout
    assert "last seen working 2026-11-15T18:00:00Z, first seen failing 2026-11-16T00:00:00Z" in told.stdout
    assert "last seen failing 2026-11-23T06:00:00Z, first seen working 2026-11-23T12:00:00Z: lifted" in told.stdout
    assert "kept in" in told.stderr
    assert [*kept(stored)["target"]] == ["news.example"]


def test_part_of_an_archive_is_kept_nowhere(hushmap, stored):
    """Asked about one country, or to a day, the answer is told and the archive left as it is."""
    for option in (
        ("--country", "xe"),
        ("--until", "2026-11-20"),
        ("--domain", "news.example"),
        ("--asn", "AS64501"),
    ):
        told = hushmap("incidents", stored.path, *option)
        assert told.exit_code == 0, told.output
        assert "news.example on" in told.stdout
    assert "nothing is known of it." in hushmap("incidents", stored.path, "--country", "XF").stdout
    assert kept(stored) is None


def test_an_archive_that_cannot_be_written_to_is_still_asked(hushmap, stored):
    """Where the answer cannot be kept that is a note, and no fault."""
    (stored.path / "derived").write_text("in the way")
    told = hushmap("incidents", stored.path)
    assert told.exit_code == 0, told.output
    assert "not kept" in told.stderr


def test_machines_get_one_object_an_incident(hushmap, stored):
    """--json gives each incident with every column, and last what was looked at."""
    told = [json.loads(line) for line in hushmap("incidents", stored.path, "--json").stdout.splitlines()]
    assert [one["schema"] for one in told] == ["hushmap.incident/1", "hushmap.incidents/1"]
    assert {*told[0]} == {*INCIDENT, "schema"}
    assert told[0]["onset_first_failing"] == "2026-11-16T00:00:00Z"
    assert told[0]["status"] == told[0]["lifting"] == "confirmed"
    assert (told[1]["streams"], told[1]["attempts"], told[1]["alpha"]) == (1, 150, 0.001)


def test_spreadsheets_get_one_row_an_incident(hushmap, stored):
    """--csv has the columns of the frame; lists have semicolons between."""
    rows = [*csv.DictReader(io.StringIO(hushmap("incidents", stored.path, "--csv").stdout))]
    assert [row["mechanisms"] for row in rows] == ["tls.reset.sni"]
    assert [*rows[0]] == [*INCIDENT]


def test_a_run_is_no_stream_of_incidents(hushmap, measured):
    """One run of two sites has no history: no incident, and that is said."""
    told = hushmap("incidents", measured)
    assert told.exit_code == 0, told.output
    assert "No incident." in told.stdout


def test_ooni_scored_table_is_read_as_it_is(hushmap):
    """OONI's scored web tests are a PATH: one onset and one lifting, both confirmed."""
    told = hushmap("incidents", field("ooni/uganda_twitter_2025-12_2026-02.csv"))
    assert told.exit_code == 0, told.output
    assert told.stdout.count("first seen failing") == told.stdout.count("lifted, confirmed") == 1


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("table.csv",), "table.csv: line 1: is no table of OONI's scored web tests"),
        (("nowhere.jsonl",), "nowhere.jsonl"),
        (("table.csv", "--json", "--csv"), "--csv or --json, not both"),
        (("table.csv", "--since", "soon"), "--since 'soon' is no day"),
        (("scored.csv", "--country", "XE"), "is read whole; leave out the filters"),
    ],
)
def test_what_cannot_be_is_one_line(hushmap, tmp_path, words, why):
    """A table of something else, a PATH that is none, options that exclude each other: one line, exit code 2."""
    (tmp_path / "table.csv").write_text("url,category_code\nhttps://a.example/,NEWS\n")
    head = "measurement_start_time,measurement_uid,probe_asn,dns_blocked,tcp_blocked,tls_blocked\n"
    (tmp_path / "scored.csv").write_text(head)
    told = hushmap("incidents", *words)
    assert told.exit_code == 2
    assert why in told.stderr
    assert told.stderr.count("\n") == 1
