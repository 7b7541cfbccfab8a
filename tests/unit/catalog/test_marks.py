"""Fingerprints: ours and those that a person adds."""

import os
from pathlib import Path

import pytest

from house import ROOT
from hushmap.catalog.errors import CatalogError
from hushmap.catalog.marks import fingerprints, marks_files, read_marks
from hushmap.catalog.places import probes_dir

HEAD = "name,scope,location_found,pattern_type,pattern,expected_countries,source,notes\n"
OONI = "name,scope,other_names,location_found,pattern_type,pattern,confidence_no_fp,expected_countries,source,exp_url,notes\n"
PLANET = '{"fingerprint": "a_prod_wall_1", "pattern": "blocked by wall"}\n'


def test_the_hash_is_of_the_files(probes):
    """The same bytes give the same hash, one byte more another; the order of added files counts."""
    probes.write("fingerprints/a.csv", HEAD + "one,nat,body,contains,blocked,,s,n\n")
    more = [probes.write(f"{name}.csv", HEAD + f"{name},nat,body,contains,blocked,,s,n\n") for name in ("b", "c")]
    alone, both, turned = fingerprints(), fingerprints(more), fingerprints(reversed(more))
    assert alone.sha256 == fingerprints().sha256
    assert len({alone.sha256, both.sha256, turned.sha256}) == 3
    assert [mark.id for mark in both.fingerprints] == ["one", "b", "c"]


def test_a_file_that_is_given_twice_counts_once(probes):
    """By its bytes, whatever it is called; the same row in two files is one mark."""
    row = "one,nat,body,contains,blocked,,s,n\n"
    files = [probes.write(name, HEAD + row) for name in ("a.csv", "b.csv")]
    longer = probes.write("c.csv", HEAD + row + "two,nat,body,contains,blocked by,,s,n\n")
    assert fingerprints(files) == fingerprints(files[:1])
    assert [mark.id for mark in fingerprints([files[0], longer]).fingerprints] == ["one", "two"]


def test_a_name_that_is_taken_is_a_fault_of_the_persons_own_file(probes):
    """Located at the second; DNS names stand apart, as OONI's two files share some."""
    one = probes.write("a.csv", HEAD + "one,nat,body,contains,blocked,,s,n\n")
    other = probes.write("b.csv", HEAD + "one,nat,dns,full,192.0.2.1,,s,n\none,nat,title,full,no,,s,n\n")
    with pytest.raises(CatalogError) as caught:
        fingerprints([one, other])
    assert str(caught.value) == f"{other}:3:1: 'one' is already taken; give it another name"


def test_a_collections_name_that_is_taken_stays_with_the_first(probes):
    """OONI's copy of a Citizen Lab row and the row itself may part: nothing stops for it."""
    one = probes.write("a.csv", HEAD + "cp.a_prod_wall_1,nat,body,contains,blocked,,s,n\n")
    files = [one, probes.write("b.json", PLANET)]
    assert [(mark.id, mark.scope) for mark in fingerprints(files).fingerprints] == [("cp.a_prod_wall_1", "nat")]
    *_, last = marks_files(files)
    assert (last.rows, last.fingerprints) == (1, ())
    assert [str(fault) for fault in last.faults] == [
        f"{files[1]}:1:1: name: 'cp.a_prod_wall_1' is already taken; the first mark of that name stays"
    ]


def test_a_name_that_stands_twice_in_a_collection_is_set_aside_and_told():
    """It is no second fingerprint; the same row twice is one, and no fault."""
    rows = [
        f"{name},nat,,body,contains,{text},5,XA,ooni,,\n" for name, text in (("one", "blocked"), ("one", "denied"))
    ]
    found = read_marks("x", (OONI + rows[0] + rows[1] + rows[0]).encode())
    assert (found.rows, [mark.pattern for mark in found.fingerprints]) == (3, ["blocked"])
    assert [str(fault) for fault in found.faults] == [
        "x:3:1: 'one' is already taken; the first mark of that name stays"
    ]


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        (HEAD + "one,nat,body,contains,blocked,,s,n\n", "own", "one"),
        (OONI + "two,nat,,body,contains,blocked,5,XA,ooni,,\n", "OONI", "two"),
        ("name,location_found,pattern\nisp_xa_three,body,blocked\n", "Citizen Lab", "cl.isp_xa_three"),
        ("\n" + PLANET, "Censored Planet", "cp.a_prod_wall_1"),
    ],
)
def test_a_format_is_known_by_what_the_file_holds(text, form, expected):
    """Whatever the file is called."""
    found = read_marks("x", text.encode())
    assert (found.form, found.rows, found.faults) == (form, 1, ())
    assert [mark.id for mark in found.fingerprints] == [expected]
    assert len(found.sha256) == 64


@pytest.mark.parametrize(
    "text", ["", "url,category_code\nhttps://a.example/,NEWS\n", '{"v": 1}\n', "[1]", "a.example"]
)
def test_an_unknown_format_is_one_line_with_its_remedy(text):
    """It says what a file of fingerprints looks like."""
    with pytest.raises(
        CatalogError, match=r"x:1:1: no file of fingerprints in a format that is known here; give col"
    ):
        read_marks("x", text.encode())


def test_a_row_that_cannot_be_used_stops_a_persons_own_file():
    """At its place: a person can correct it."""
    with pytest.raises(CatalogError, match="x:2:23: shorter than 4 characters"):
        read_marks("x", f"{HEAD}one,nat,body,contains,no,,s,n\ntwo,nat,body,contains,blocked,,s,n\n".encode())


def test_a_row_that_cannot_be_used_is_left_out_of_a_collection():
    """And told, since it is nobody's here to correct; a collection without any row that can be used is a fault."""
    bad = "one,nat,,body,regexp,(a+)+b,5,,ooni,,\n"
    found = read_marks("x", f"{OONI}{bad}two,nat,,body,contains,blocked,5,XA,ooni,,\n".encode())
    assert ([mark.id for mark in found.fingerprints], found.rows) == (["two"], 2)
    assert [str(fault) for fault in found.faults] == [
        "x:2:22: it repeats what repeats or branches by itself; correct it, or write several rows"
    ]
    with pytest.raises(CatalogError, match="x:2:22: it repeats"):
        read_marks("x", (OONI + bad).encode())


def test_the_shipped_marks_know_the_labs_notice():
    """The lab's page is known by title and body; ours are a few dozen, some of which clear."""
    known = fingerprints().fingerprints
    assert {(mark.where, mark.pattern) for mark in known if mark.id.startswith("lab.")} == {
        ("title", "Access restricted (lab notice)"),
        ("body", "This page cannot be shown under lab order"),
    }
    assert 24 <= len(known) <= 200
    assert [mark for mark in known if mark.scope == "fp"]


def test_oonis_own_files_are_loaded_whole():
    """All 1,729 and 226 rows, with the shipped ones before them."""
    folder = Path(os.environ.get("HUSHMAP_FIELD_DATA", ROOT.parent / "shared" / "data")) / "fingerprints"
    files = [folder / "fingerprints_http.csv", folder / "fingerprints_dns.csv"]
    if not all(file.is_file() for file in files):
        pytest.skip("OONI's fingerprints are not ours to ship: see HUSHMAP_FIELD_DATA")
    each = [read_marks(file.name, file.read_bytes()) for file in files]
    assert [(one.form, one.rows, one.faults) for one in each] == [("OONI", 1729, ()), ("OONI", 226, ())]
    shipped = len(fingerprints().fingerprints)
    assert len(fingerprints(files).fingerprints) == shipped + 1955
    assert probes_dir().is_dir()
