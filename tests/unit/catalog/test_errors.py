"""An error of the catalog is one printable line, whatever the file holds."""

import pytest

from hushmap.catalog.errors import AMONG, SHOWN, CatalogError, among, clean, shown


def test_an_error_names_file_line_column_fault_and_remedy():
    """The text of an error has the fixed form, and its parts can be had one by one."""
    error = CatalogError("a.csv", 3, 7, "is odd", "make it even")
    assert str(error) == "a.csv:3:7: is odd; make it even"
    assert (error.file, error.line, error.column, error.what, error.remedy) == (
        "a.csv",
        3,
        7,
        "is odd",
        "make it even",
    )


def test_what_is_no_place_in_a_file_names_none():
    """A name or an option that was typed has no line and no column."""
    assert (
        str(CatalogError("nodeck", 0, 0, "is not there", "choose another")) == "nodeck: is not there; choose another"
    )


@pytest.mark.parametrize("hostile", ["a\nb", "a\x1b[31mb", "a\u202eb", "a\u2028b", "a\x00b", "a\udcffb"])
def test_nothing_in_a_file_can_break_the_line(hostile):
    """Line breaks, escape sequences, bidi controls and lone surrogates are shown as escapes."""
    text = str(CatalogError(hostile, 1, 1, hostile, hostile))
    assert text.isprintable()
    assert len(text.splitlines()) == 1
    assert text.encode()
    assert clean(hostile).startswith("a\\u")


def test_a_long_piece_is_cut():
    """A short piece stands in quotes whole, a long one is cut with an ellipsis."""
    assert shown("abc") == "'abc'"
    assert shown("x" * 500) == f"'{'x' * SHOWN}…'"


def test_names_that_may_stand_there_fit_one_line():
    """A few names are told whole, and those of a file that has long ones as far as they fit."""
    assert among(["a", "b\n"]) == "a, b\\u000a"
    assert among(["x" * 500, "y"]) == f"{'x' * AMONG}…"
