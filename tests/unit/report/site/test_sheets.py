"""Rows as files: harmless in a spreadsheet, whole everywhere, and the same however they came."""

import csv
import io
import json
from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hushmap.report.site.sheets import File, csv_head, csv_rows, even, json_rows, parquet

SCHEMA = pa.schema(
    [
        ("day", pa.date32()), ("text", pa.string()), ("many", pa.list_(pa.string())), ("n", pa.int64()),
        ("share", pa.float64()), ("yes", pa.bool_()), ("at", pa.timestamp("us", tz="UTC")),
    ]
)  # fmt: skip
ROW = {
    "day": date(2026, 11, 14), "text": "a, “b”", "many": ["tls.reset.sni", "dns.nxdomain"], "n": 3, "share": 0.5,
    "yes": True, "at": datetime(2026, 11, 14, 4, 3, 10, 999_999, tzinfo=UTC),
}  # fmt: skip


def table(*rows):
    """Rows; what they do not tell is absent."""
    return pa.Table.from_pylist([dict.fromkeys(SCHEMA.names) | row for row in rows], SCHEMA)


def cells(*rows):
    """The cells of rows, as a reader of CSV has them."""
    return list(csv.reader(io.StringIO(csv_rows(table(*rows)).decode())))


def test_cells_are_plain():
    """Days and times by ISO 8601, lists with semicolons, absent is nothing and never zero."""
    assert cells(ROW, {}) == [
        ["2026-11-14", "a, “b”", "tls.reset.sni;dns.nxdomain", "3", "0.5", "true", "2026-11-14T04:03:10Z"],
        [""] * 7,
    ]
    assert csv_head(SCHEMA.names) == b'"day","text","many","n","share","yes","at"\n'


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", " =1", "\t=1", "\uff1d1", "\uff0b1"])
def test_no_cell_is_a_formula(text):
    """Also in the wide forms, and behind white space."""
    [[_, cell, many, *_]] = cells({"text": text, "many": [text]})
    assert cell.startswith("'")
    assert many.startswith("'")


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "a\u2028b", "a\x00b", "\u202eb", "\n=1", "a\ue000"])
def test_nothing_in_a_cell_ends_a_line_or_turns_the_text(text):
    """Controls are spelled out or folded; what they hide is no formula either."""
    [[_, cell, *_]] = cells({"text": text})
    assert cell.isprintable()
    assert not cell.startswith("=")


def test_numbers_may_be_negative():
    """Only text is guarded."""
    assert cells({"n": -3, "share": -0.5})[0][3:5] == ["-3", "-0.5"]


def test_json_holds_every_value_as_it_is():
    """What is absent is left out; times are whole seconds."""
    first, second = (json.loads(line) for line in json_rows(table(ROW | {"text": "=1\n"}, {})).splitlines())
    assert first == {
        "day": "2026-11-14", "text": "=1\n", "many": ROW["many"], "n": 3, "share": 0.5, "yes": True,
        "at": "2026-11-14T04:03:10Z",
    }  # fmt: skip
    assert second == {}


@pytest.mark.parametrize(
    "row",
    [
        {"text": 'a "mark", a \\ and a tab\t'},
        {"text": ""},
        {"many": []},
        {"many": [""]},
        {"many": ["", ""]},
        {"many": ["a\x1fb", "“c”"]},
        {"many": ["a", None]},
        {"text": "ends, ", "many": ["0", "1, "]},
    ],
)
def test_json_of_odd_texts_and_lists_is_read_as_it_was(row):
    """Marks, controls, nothing, and a list with a gap; beside rows without any of it, and alone."""
    found = [json.loads(line) for line in json_rows(table(ROW, row, {}, {"many": ["x"]})).splitlines()]
    assert found[1:] == [row, {}, {"many": ["x"]}]
    assert json.loads(json_rows(table(row))) == row


def test_rows_come_even_however_they_were_cut():
    """Two cuts of the same rows give the same parts."""
    whole = table(*({"n": n} for n in range(25)))
    parts = [[part["n"].to_pylist() for part in even(whole.to_batches(size), SCHEMA, 10)] for size in (3, 25)]
    assert parts[0] == parts[1]
    assert [len(part) for part in parts[0]] == [10, 10, 5]
    assert list(even([], SCHEMA)) == []


def test_a_file_knows_its_length_and_hash(tmp_path):
    """A file that is not wanted is not there."""
    kept, gone = File(tmp_path / "a"), File(tmp_path / "b")
    for file in (kept, gone):
        assert file.closed
        file.open()
        file.write(b"abc")
        file.flush()
        assert not file.closed
    kept.close()
    kept.close()
    gone.close(keep=False)
    assert (kept.length, kept.sha256[:8]) == (3, "ba7816bf")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_parquet_goes_into_a_file_and_leaves_it_open(tmp_path):
    """Whoever writes it closes it, and has its hash."""
    file = File(tmp_path / "a.parquet")
    file.open()
    with parquet(file, SCHEMA) as writer:
        writer.write_table(table(ROW))
    assert not file.closed
    file.close()
    assert pq.read_table(tmp_path / "a.parquet").to_pylist()[0]["text"] == ROW["text"]
    assert file.length == (tmp_path / "a.parquet").stat().st_size
