"""A list is looked through whole: each bad row is told, and the rest can be kept."""

import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.catalog import CatalogError
from hushmap.catalog.linting import lint_sites

HEADER = "url,category_code,category_description,date_added,source,notes\n"
GOOD = "https://a.example/,NEWS,News Media,2026-11-21,citizenlab,\n"
BAD = (
    "https://b.example/,NOPE,,,,\n"
    "not an address,NEWS,,,,\n"
    '"https://c.example/",NEWS,,21.11.2026,,"with, comma"\n'
    "https://d.example/,NEWS\n"
    "https://a.example/,HUMR,,,,\n"
)


def test_a_good_list_is_kept_as_it_is():
    """Without a fault the bytes are the same, mark and line ends and all."""
    data = (HEADER + GOOD + "https://e.example/,LGBT,,,,\n").replace("\n", "\r\n").encode("utf-8-sig")
    found = lint_sites("cn.csv", data)
    assert (found.data, found.faults) == (data, ())
    assert [(target.text, target.risky, target.line) for target in found.targets] == [
        ("https://a.example/", False, "cn.csv:2"),
        ("https://e.example/", True, "cn.csv:3"),
    ]


def test_each_bad_row_is_told_with_its_place():
    """Category, address, date, fields, doubles: one fault a row, at its line and column."""
    found = lint_sites("lists/cn.csv", (HEADER + GOOD + BAD).encode())
    assert [str(fault).partition("; ")[0] for fault in found.faults] == [
        "lists/cn.csv:3:20: unknown category 'NOPE'",
        found.faults[1].args[0].partition("; ")[0],
        "lists/cn.csv:5:28: '21.11.2026' is not a date",
        "lists/cn.csv:6:20: 2 fields where the header has 6",
        "lists/cn.csv:7:1: the same as cn.csv:2",
    ]
    assert (found.faults[1].line, found.faults[1].column) == (4, 1)
    assert [target.text for target in found.targets] == ["https://a.example/"]


def test_what_is_kept_of_a_list_reads_without_a_fault():
    """The list without its bad rows is a good list of the same sites."""
    found = lint_sites("cn.csv", (HEADER + BAD + GOOD).encode())
    again = lint_sites("cn.csv", found.data)
    assert (again.faults, again.data) == ((), found.data)
    assert [target.text for target in again.targets] == [target.text for target in found.targets]


def test_a_list_of_nothing_but_bad_rows_has_no_site():
    """Every row is told, and nothing is left."""
    found = lint_sites("cn.csv", (HEADER + "x,,,,,\n").encode())
    assert (found.targets, len(found.faults), found.data) == ((), 1, b"url\n")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", r"cn\.csv:1:1: is empty"),
        (b"\xff", r"cn\.csv:1:1: is not UTF-8"),
        (b"<html>\n", r"cn\.csv:1:1: unknown column '<html>'"),
        (b'url\n"https://a.example/\n', r"cn\.csv:2:1: a quoted field is never closed"),
        (b"url\n", r"cn\.csv:1:1: holds no row under its header"),
    ],
)
def test_what_is_no_list_at_all_is_one_line(data, said):
    """A fault that leaves no rows to tell apart ends the reading."""
    with pytest.raises(CatalogError, match=said):
        lint_sites("cn.csv", data)


@given(
    st.lists(st.sampled_from(("https://a.example/", "https://b.example/x", "x", "")), max_size=6),
    st.text("a,\n\"'", max_size=6),
)
def test_every_row_is_either_kept_or_told(urls, notes):
    """Whatever the rows hold, none vanishes: sites and faults are as many as rows."""
    quoted = '"' + notes.replace('"', '""') + '"'
    data = ("url,notes\n" + "".join(f"{url},{quoted}\n" for url in ["https://z.example/", *urls])).encode()
    found = lint_sites("x.csv", data)
    assert len(found.targets) + len(found.faults) == 1 + len(urls)
    assert lint_sites("x.csv", found.data).faults == ()


@given(st.binary(max_size=200))
def test_any_bytes_are_a_list_or_one_line(data):
    """No bytes make anything but a result or the room's own error, which is one line."""
    with contextlib.suppress(CatalogError):
        assert all("\n" not in str(fault) for fault in lint_sites("x.csv", b"url\n" + data).faults)


def test_lists_of_the_field_are_looked_through():
    """Citizen Lab's lists, where they lie beside the checkout, are read whole."""
    folder = Path(os.environ.get("HUSHMAP_FIELD_DATA", Path(__file__).parents[4] / "shared" / "data")) / "test-lists"
    if not folder.is_dir():
        pytest.skip("no field data here: set HUSHMAP_FIELD_DATA")
    for path in sorted(folder.glob("[a-z]*.csv")):
        found = lint_sites(path.name, path.read_bytes())
        assert len(found.targets) > 500
        assert len(found.faults) < 10
