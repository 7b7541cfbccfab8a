"""Rows of a CSV file, each cell with its place; the standard reader is the oracle for what they hold."""

import pytest

from hushmap.catalog import rows as module
from hushmap.catalog.errors import CatalogError
from hushmap.catalog.rows import rows
from hushmap.catalog.source import text_of

A = frozenset({"a"})
ABC = frozenset({"a", "b", "c"})


def read(text):
    """The rows of `text` under columns a, b, c as plain values."""
    found = list(rows(text_of("x.csv", text.encode()), required=A, allowed=ABC))
    return [({name: cell.text for name, cell in row.cells.items()}, row.line) for row in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\n1\n", [({"a": "1"}, 2)]),
        ("a\n1", [({"a": "1"}, 2)]),
        ("a,b\r\n1,2\r\n", [({"a": "1", "b": "2"}, 2)]),
        ("a,b\n\n 1 ,\n", [({"a": "1", "b": ""}, 3)]),
        ('a,b\n"1,""x""",2\n3,4\n', [({"a": '1,"x"', "b": "2"}, 2), ({"a": "3", "b": "4"}, 3)]),
        ('a,b\n"1\n2",3\n4,5\n', [({"a": "1\n2", "b": "3"}, 2), ({"a": "4", "b": "5"}, 4)]),
        ('a,b\n1,"2"\r\n3,"4"', [({"a": "1", "b": "2"}, 2), ({"a": "3", "b": "4"}, 3)]),
        ("a,b\n1,", [({"a": "1", "b": ""}, 2)]),
    ],
)
def test_rows_are_read(text, expected):
    """Plain and quoted fields, blank lines, both line ends, a missing last newline."""
    assert read(text) == expected


def test_a_flag_is_yes_or_no():
    """Nothing is no, and so is a column that is not there; anything else is pointed at."""
    text = text_of("x.csv", b"a,b\n1,yes\n2,no\n3,\n4,Yes\n")
    found = list(rows(text, required=A, allowed=ABC))
    assert [row.flag("b") for row in found[:3]] == [True, False, False]
    assert not found[0].flag("c")
    with pytest.raises(CatalogError, match=r"^x\.csv:5:3: 'Yes' is neither yes nor no"):
        found[3].flag("b")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "x.csv:1:1: is empty; the first line must name the columns (a ...)"),
        ("\n\n", "x.csv:1:1: is empty"),
        ("a\n", "x.csv:1:1: holds no row under its header"),
        ("b\n1\n", "x.csv:1:1: no column 'a'"),
        ("a,z\n1,2\n", "x.csv:1:3: unknown column 'z'; known are a, b, c"),
        ("a,a\n1,2\n", "x.csv:1:3: column 'a' twice"),
        ("a,b\n1\n", "x.csv:2:1: 1 fields where the header has 2"),
        ("a,b\n1,2,3\n", "x.csv:2:3: 3 fields where the header has 2"),
        ('a,b\nx"y,2\n', "x.csv:2:2: a quote inside a field"),
        ('a,b\n1,"2\n3,4\n', "x.csv:2:3: a quoted field is never closed"),
        ('a,b\n"1"x,2\n', "x.csv:2:4: text after a closing quote"),
        ('a,b\n"1\n2"x,2\n', "x.csv:3:3: text after a closing quote"),
    ],
)
def test_faults_are_located(text, message):
    """Each fault of the form is one line at its own place."""
    with pytest.raises(CatalogError) as caught:
        read(text)
    assert str(caught.value).startswith(message)


def test_a_list_has_a_bound(monkeypatch):
    """One row more than the bound is refused at its line."""
    monkeypatch.setattr(module, "MAX_ROWS", 2)
    assert len(read("a\n1\n2\n")) == 2
    with pytest.raises(CatalogError, match=r"x\.csv:4:1: more than 2 rows"):
        read("a\n1\n2\n3\n")


def test_a_row_knows_where_its_cells_are():
    """A fault in a cell is at the cell, in a column that the list does not have at the row."""
    (row,) = rows(text_of("x.csv", b"a,b\n1,22\n"), required=A, allowed=ABC)
    assert row.get("b") == "22"
    assert not row.get("c")
    assert str(row.fault("b", "w", "r")) == "x.csv:2:3: w; r"
    assert str(row.fault("c", "w", "r")) == "x.csv:2:1: w; r"


def test_spaces_around_a_field_are_kept_beside_it():
    """As RFC 4180 has it; the carriage return of a line's end is none of it, one within quotes is."""
    text = 'a,b\r\n 1 ," 2\r\n"\r\n3, 4 \r\n'
    found = list(rows(text_of("x.csv", text.encode()), required=A, allowed=ABC))
    assert [(row.raw("a"), row.raw("b"), row.raw("c")) for row in found] == [(" 1 ", " 2\r\n", ""), ("3", " 4 ", "")]
