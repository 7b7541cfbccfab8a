"""Tests of hushmap.catalog.marks_value."""

import pytest

from hushmap.catalog.errors import CatalogError
from hushmap.catalog.marks_value import entry
from hushmap.model import Fingerprint


def fault(field, what, remedy):
    """An error that shows the field."""
    return CatalogError(field, 0, 0, what, remedy)


def made(**fields):
    """The fingerprint of a row that is good but for these fields, or what is wrong with it."""
    given = {"name": "x", "scope": "nat", "place": "body", "kind": "contains", "pattern": "blocked"} | fields
    found = entry(fault, **given).found
    return str(found) if isinstance(found, CatalogError) else found


def test_every_field_has_its_place():
    """Countries and sites are lists; sites are written as DNS has them."""
    assert made(
        countries="XA,XB; XC", domains="News.example. münchen.example", source="a book", notes="a page", scope="fp"
    ) == Fingerprint(
        id="x",
        where="body",
        pattern="blocked",
        kind="contains",
        scope="fp",
        countries=("XA", "XB", "XC"),
        domains=("news.example", "xn--mnchen-3ya.example"),
        source="a book",
        notice="a page",
    )


@pytest.mark.parametrize(
    ("place", "pattern", "where", "kept"),
    [
        ("body", " blocked \r\n", "body", " blocked \r\n"),
        ("title", " Blocked ", "title", "Blocked"),
        ("header.Location", " http://x.example ", "location", "http://x.example"),
        ("header.X-Deny", "no", "header.x-deny", "no"),
        ("certificate", "O=Wall", "certificate", "O=Wall"),
        ("dns", "2001:DB8:0::1", "dns", "2001:db8::1"),
        ("dns", "Notice.example", "dns", "notice.example"),
    ],
)
def test_a_pattern_is_kept_as_its_place_has_it(place, pattern, where, kept):
    """A page as it came; elsewhere without spaces around it; addresses and names in their one form."""
    found = made(place=place, pattern=pattern)
    assert (found.where, found.pattern) == (where, kept)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": ""}, "name: no name"),
        ({"scope": "world"}, "scope: unknown scope 'world'; use one of fp, injb"),
        ({"place": "foot"}, "location_found: unknown place 'foot'"),
        ({"place": "header."}, "location_found: unknown place 'header.'"),
        ({"kind": "like"}, "pattern_type: unknown pattern_type 'like'; use one of contains, full"),
        ({"pattern": "no"}, "pattern: shorter than 4 characters"),
        ({"pattern": " no  "}, "pattern: shorter than 4 characters"),
        ({"pattern": "", "kind": "full"}, "pattern: no pattern"),
        ({"pattern": "(abc", "kind": "regexp"}, "pattern: not a regular expression"),
        ({"pattern": "(a+)+b", "kind": "regexp"}, "pattern: it repeats what repeats"),
        ({"pattern": "y" * 4001}, "pattern: longer than 4,000 characters"),
        ({"pattern": "not an address", "place": "dns"}, "pattern: 'not an address' is neither an IP address nor a"),
        ({"countries": "Exampleland"}, "expected_countries: 'Exampleland' is no country code"),
        ({"domains": "a..example"}, "domains: a name of 'a..example' is not a valid host name"),
    ],
)
def test_what_is_wrong_is_said_of_its_field(fields, message):
    """Each fault names the field and a remedy."""
    assert made(**fields).startswith(message)


def test_a_name_cannot_break_a_line():
    """What cannot be printed is escaped: it stands beside verdicts."""
    assert made(name="a\u202eb").id == "a\\u202eb"
