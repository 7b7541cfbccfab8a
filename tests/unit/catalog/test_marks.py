"""Fingerprints: ours and those that a person adds."""

import pytest

from hushmap.catalog.errors import CatalogError
from hushmap.catalog.marks import fingerprints
from hushmap.model import Fingerprint

HEAD = "name,scope,location_found,pattern_type,pattern,expected_countries,source,notes\n"


def test_a_row_becomes_a_fingerprint(probes):
    """Every column has its place; the header Location is `location`, addresses are in their shortest form."""
    probes.write(
        "fingerprints/a.csv",
        HEAD
        + 'one,nat,body,contains,blocked by order,"XA,XB",a book,a page\n'
        + "two,fp,header.Location,prefix,http://x.example,,s,n\n"
        + "three,isp,dns,full,2001:DB8:0::1,XA,s,n\n"
        + "four,isp,dns,full,Notice.example,XA; XB,s,n\n"
        + "five,prod,header.x-deny,regexp,^no.*$,,s,n\n"
        + "six,vbw,title,full,no,,s,n\n",
    )
    known = {mark.id: mark for mark in fingerprints().fingerprints}
    assert known["one"] == Fingerprint(
        id="one",
        where="body",
        pattern="blocked by order",
        kind="contains",
        scope="nat",
        countries=("XA", "XB"),
        source="a book",
        notice="a page",
    )
    assert known["two"].where == "location"
    assert known["three"].pattern == "2001:db8::1"
    assert (known["four"].pattern, known["four"].countries) == ("notice.example", ("XA", "XB"))
    assert known["five"].where == "header.x-deny"
    assert known["six"].kind == "full"


def test_oonis_own_columns_are_read_over(probes):
    """A file with all of OONI's columns can be given as it is."""
    path = probes.write(
        "ooni.csv",
        "name,scope,other_names,location_found,pattern_type,pattern,confidence_no_fp,expected_countries,source,exp_url,"
        "notes\nx,injb,,header.server,prefix,Wall,5,XA,ooni,,\n",
    )
    assert fingerprints([path]).fingerprints[0].where == "header.server"


def test_the_hash_is_of_the_files(probes):
    """The same bytes give the same hash, one byte more another; the order of added files counts."""
    probes.write("fingerprints/a.csv", HEAD + "one,nat,body,contains,blocked,,s,n\n")
    more = [probes.write(f"{name}.csv", HEAD + f"{name},nat,body,contains,blocked,,s,n\n") for name in ("b", "c")]
    alone, both, turned = fingerprints(), fingerprints(more), fingerprints(reversed(more))
    assert alone.sha256 == fingerprints().sha256
    assert len({alone.sha256, both.sha256, turned.sha256}) == 3
    assert [mark.id for mark in both.fingerprints] == ["one", "b", "c"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (",nat,body,contains,blocked,,s,n", "2:1: no name"),
        ("x,world,body,contains,blocked,,s,n", "2:3: unknown scope 'world'; use one of fp, injb"),
        ("x,nat,foot,contains,blocked,,s,n", "2:7: unknown place 'foot'"),
        ("x,nat,header.,contains,blocked,,s,n", "2:7: unknown place 'header.'"),
        ("x,nat,body,like,blocked,,s,n", "2:12: unknown pattern_type 'like'; use one of contains, full"),
        ("x,nat,body,contains,no,,s,n", "2:21: shorter than 4 characters"),
        ("x,nat,body,full,,,s,n", "2:17: no pattern"),
        ("x,nat,body,regexp,(abc,,s,n", "2:19: not a regular expression"),
        ("x,nat,body,contains," + "y" * 4001 + ",,s,n", "2:21: longer than 4,000 characters"),
        ("x,nat,dns,full,not an address,,s,n", "2:16: 'not an address' is neither an IP address nor a name"),
        ("x,nat,body,contains,blocked,Exampleland,s,n", "2:29: 'Exampleland' is no country code"),
        ("x,nat,body,contains,blocked,,s,n\nx,nat,title,full,b,,s,n", "3:1: 'x' is already taken"),
    ],
)
def test_a_fault_is_located(probes, row, message):
    """Each fault in a file of fingerprints is one line at its cell."""
    path = probes.write("f.csv", HEAD + row + "\n")
    with pytest.raises(CatalogError) as caught:
        fingerprints([path])
    assert str(caught.value).startswith(f"{path}:{message}")


def test_a_pattern_of_tomorrows_python_is_no_error(probes):
    """A regular expression that only warns is taken."""
    path = probes.write("f.csv", HEAD + "x,nat,body,regexp,[[abcd],,s,n\n")
    assert fingerprints([path]).fingerprints[0].kind == "regexp"


def test_the_shipped_marks_know_the_labs_notice():
    """The lab's page is known by title and body; ours are a few dozen, some of which clear."""
    known = fingerprints().fingerprints
    assert {(mark.where, mark.pattern) for mark in known if mark.id.startswith("lab.")} == {
        ("title", "Access restricted (lab notice)"),
        ("body", "This page cannot be shown under lab order"),
    }
    assert 24 <= len(known) <= 200
    assert [mark for mark in known if mark.scope == "fp"]
