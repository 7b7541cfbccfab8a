"""Tests of hushmap.catalog.marks_table."""

import pytest

from hushmap.catalog.errors import CatalogError
from hushmap.catalog.marks_table import CITIZEN_LAB, OONI, OWN, form, lab_entries, ooni_entries, own_entries
from hushmap.catalog.source import text_of
from hushmap.model import Fingerprint

OWN_HEAD = "name,scope,location_found,pattern_type,pattern"
OONI_HEAD = f"{OWN_HEAD},other_names,confidence_no_fp,exp_url"


def source(text):
    """A file with this text."""
    return text_of("x.csv", text.encode())


def found(read, text):
    """The fingerprints, or what is wrong with a row."""
    return [one.found for one in read(source(text))]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (OWN_HEAD, OWN),
        (f"\r\n{OWN_HEAD},notes\r\n", OWN),
        (OONI_HEAD, OONI),
        ('"name","scope","location_found","pattern_type","pattern","other_names","confidence_no_fp","exp_url"', OONI),
        ("name,location_found,pattern,anything", CITIZEN_LAB),
        ("name,scope,location_found,pattern,confidence_no_fp", CITIZEN_LAB),
        ("name,scope,location_found,pattern_typ,pattern", OWN),
        ("pattern", OWN),
        ("url,category_code", None),
        ("", None),
    ],
)
def test_the_columns_tell_whose_file_it_is(head, expected):
    """A person's own file with a slip in a column's name stays one, so that the slip is told."""
    assert form(source(head)) == expected


def test_a_persons_row_becomes_a_fingerprint():
    """Every column has its place, the sites of a negative one too."""
    text = (
        f'{OWN_HEAD},expected_countries,domains,source,notes\none,fp,body,contains," stock page",XA,a.example,s,n\n'
    )
    assert found(own_entries, text) == [
        Fingerprint(
            id="one",
            where="body",
            pattern=" stock page",
            scope="fp",
            countries=("XA",),
            domains=("a.example",),
            source="s",
            notice="n",
        )
    ]


def test_a_persons_columns_are_checked_and_oonis_are_not():
    """A column that OONI adds one day stops nobody."""
    row = "x,injb,header.server,prefix,Wall,,5,,new\n"
    assert [one.where for one in found(ooni_entries, f"{OONI_HEAD},added\n{row}")] == ["header.server"]
    with pytest.raises(CatalogError, match="unknown column 'added'"):
        found(own_entries, f"{OWN_HEAD},added\nx,nat,body,full,y,z\n")


def test_a_page_of_an_unknown_maker_is_nobodys_in_oonis_copy_too():
    """Its class stands in the name that Censored Planet gave it; a name of OONI's own says that somebody looked."""
    rows = "cp.e_unk_x,nat,body,contains,forbidden,,,\nooni.xa_0,isp,body,contains,forbidden,cp.e_unk_x,5,\n"
    assert [(one.id, one.scope) for one in found(ooni_entries, f"{OONI_HEAD}\n{rows}")] == [
        ("cp.e_unk_x", "unk"),
        ("ooni.xa_0", "isp"),
    ]


def test_citizen_labs_rows_say_much_in_their_names():
    """The scope, where no column has it; an address in an answer is one whole, anything else a piece."""
    text = """name,location_found,pattern
isp_xa_wall,header,http://notice.example
dns_nat_xa_wall,dns,192.0.2.1
susp_xa_wall,body,blocked
prod_wall,header.via,wall
"""
    assert [(one.id, one.scope, one.where, one.kind, one.source) for one in found(lab_entries, text)] == [
        ("cl.isp_xa_wall", "isp", "location", "contains", "Citizen Lab"),
        ("cl.dns_nat_xa_wall", "nat", "dns", "full", "Citizen Lab"),
        ("cl.susp_xa_wall", "isp", "body", "contains", "Citizen Lab"),
        ("cl.prod_wall", "prod", "header.via", "contains", "Citizen Lab"),
    ]


def test_what_citizen_labs_columns_say_counts_more():
    """Scope, kind of pattern, source."""
    text = f"{OWN_HEAD},source\nisp_x,nat,body,prefix,blocked,a book\n"
    assert [(one.scope, one.kind, one.source) for one in found(lab_entries, text)] == [("nat", "prefix", "a book")]


@pytest.mark.parametrize("name", ["wall", "world_wall", ""])
def test_a_row_of_citizen_labs_without_a_scope_is_a_fault(name):
    """No scope in a column, none in the name; or no name."""
    (fault,) = found(lab_entries, f'name,location_found,pattern\n"{name}",body,blocked\n')
    assert str(fault).startswith("x.csv:2:1:")
