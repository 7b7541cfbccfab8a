"""What is said of an export."""

import msgspec

from hushmap.cli.export_text import ExportText, Why, exported_object, left_out_lines, lines

TEXT = ExportText(
    file="records.jsonl.gz",
    form="ooni",
    written=1,
    bytes=73_379,
    sha256="ab" * 32,
    left_out=((Why.NO_TEST, "keyword", 25), (Why.UNREADABLE, "", 1)),
    first_fault="some.jsonl:3: JSON is malformed",
)


def test_the_summary():
    """How many are in the file, how many are not and why, and what to mind before it is given away."""
    assert list(lines(TEXT))[:4] == [
        "1 record written to records.jsonl.gz (OONI's format, 73 kB)",
        "  left out: 25 records of keyword: OONI has no test for it",
        "  left out: 1 record: it cannot be read",
        "  first fault: some.jsonl:3: JSON is malformed",
    ]
    care = " ".join(list(lines(TEXT))[4:])
    assert care.startswith(
        "It names the sites, times and network of these records, and holds block pages as they came. "
    )
    assert max(map(len, lines(TEXT))) <= 100


def test_a_table_holds_no_pages():
    """What is said of its care is true of its columns."""
    said = " ".join(lines(msgspec.structs.replace(TEXT, form="csv")))
    assert "It names the sites, times and network of these records. Read it before" in said
    assert "pages" not in said


def test_every_reason_has_words():
    """No record is left out without a word."""
    said = list(left_out_lines(tuple((why, "", 2) for why in Why), ""))
    assert len(said) == len(Why)
    assert all(line.startswith("  left out: 2 records: ") for line in said)


def test_for_programs():
    """The same, as one object."""
    found = exported_object(TEXT)
    assert (found["schema"], found["written"], found["format"]) == ("hushmap.export/1", 1, "ooni")
    assert found["left_out"] == [
        {"why": "no_test", "test": "keyword", "records": 25},
        {"why": "unreadable", "test": None, "records": 1},
    ]
    assert found["first_fault"] == TEXT.first_fault
