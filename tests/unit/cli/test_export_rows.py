"""Rows for a spreadsheet: the columns, and text that must stay text."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.cli.export_rows import COLUMNS, harmless, line, row


def test_a_row_has_every_column(judged):
    """Each record fills the columns in their order, whatever its outcome."""
    for one in judged:
        cells = dict(zip(COLUMNS, row(one), strict=True))
        assert cells["target"] == one.record.target
        assert (cells["label"], cells["sentence"]) == (one.saying.label, one.saying.sentence)
        assert (cells["subject_failures"], cells["subject_attempts"]) == one.verdict.counts.subject
        assert (cells["helper_failures"], cells["helper_attempts"]) == one.verdict.counts.helper
        assert cells["country"] == "XE"


def test_columns_are_the_documented_ones():
    """What analysts asked for is there under its name (docs/reference/cli.md shows the verb)."""
    wanted = """target category started ended country asn network outcome label mechanisms scope evidence
    subject_failures subject_attempts baseline_failures baseline_attempts helper_failures helper_attempts error_bound
    rule rules knowledge sentence""".split()
    assert set(wanted) <= set(COLUMNS)
    assert len(set(COLUMNS)) == len(COLUMNS)


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "  =1+1", "\uff1d1", '=HYPERLINK("https://x.example/","News")', "-"]
)
def test_what_begins_like_a_formula_is_text(text):
    """An apostrophe stands before it, which spreadsheets read as "this is text"."""
    assert harmless(text) == "'" + text


def test_what_ends_a_line_or_a_cell_is_escaped():
    """A tab before a formula is no way around it either."""
    assert harmless("a\n=1") == "a\\u000a=1"
    assert harmless("\t=1") == "\\u0009=1"


@pytest.mark.parametrize("text", ["news.example", "https://news.example/?a=b", "0x1", "", "新闻"])
def test_other_text_stays_as_it_is(text):
    """Only the beginning counts."""
    assert harmless(text) == text


@given(st.lists(st.text(max_size=20) | st.none() | st.integers() | st.floats(0, 1), min_size=1, max_size=6))
def test_cells_come_back(cells):
    """Any text is one cell of one line, quoted, and never the beginning of a formula; numbers stay numbers."""
    data = line(cells)
    assert data.count(b"\n") == 1
    assert b"\r" not in data
    (found,) = csv.reader(io.StringIO(data.decode()))
    assert len(found) == len(cells)
    for cell, seen in zip(cells, found, strict=True):
        if isinstance(cell, str):
            assert seen == harmless(cell)
            assert not seen.lstrip().startswith(tuple("=+-@\t\uff1d\uff0b\uff0d\uff20"))
        else:
            assert seen == ("" if cell is None else str(cell))


def test_text_is_quoted():
    """A semicolon parts cells in some languages' spreadsheets, unless the text is quoted."""
    assert line(["a;=1+1", 7, None, 'say "no"']) == b'"a;=1+1",7,"","say ""no"""\n'


def test_half_a_character_is_written_escaped():
    """What no encoding has does not stop an export."""
    assert line(["\ud800"]) == b'"\\ud800"\n'
