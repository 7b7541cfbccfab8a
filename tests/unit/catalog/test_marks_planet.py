"""Tests of hushmap.catalog.marks_planet."""

import json

import pytest

from hushmap.catalog import marks_planet
from hushmap.catalog.errors import CatalogError
from hushmap.catalog.marks_planet import is_planet, planet_entries
from hushmap.catalog.source import text_of


def lines(*signatures):
    """A file of these (name, pattern) pairs."""
    text = "".join(json.dumps({"fingerprint": name, "pattern": pattern}) + "\n" for name, pattern in signatures)
    return text_of("x.json", text.encode())


def found(*signatures):
    """What is read of them."""
    return [entry.found for entry in planet_entries(lines(*signatures))]


def test_the_class_is_the_scope():
    """The names of block pages begin with it; all other names are those of false positives."""
    names = ["a_prod_x", "b_nat_x", "c_isp_x", "d_corp_x", "e_unk_x", "f_gen_x", "x_redirect_just", "r_fp_6"]
    assert [(one.id, one.scope) for one in found(*((name, "blocked") for name in names))] == [
        ("cp.a_prod_x", "prod"),
        ("cp.b_nat_x", "nat"),
        ("cp.c_isp_x", "isp"),
        ("cp.d_corp_x", "inst"),
        ("cp.e_unk_x", "unk"),
        ("cp.f_gen_x", "vbw"),
        ("cp.fp_x_redirect_just", "fp"),
        ("cp.fp_r_fp_6", "fp"),
    ]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("<title>Blocked</title>", ("body", "contains", "<title>Blocked</title>")),
        (r"blocked \(by law\)\.", ("body", "contains", "blocked (by law).")),
        ("blocked.*law", ("body", "regexp", "blocked.*law")),
        (r"blocked \d", ("body", "regexp", r"blocked \d")),
        ("Location: http://notice", ("location", "prefix", "http://notice")),
        (r"^Server: Wall\/1\.0", ("header.server", "prefix", "Wall/1.0")),
        ("X-Deny:.*law", ("header.x-deny", "regexp", "^.*law")),
        ("Set-Cookie:.*law", ("body", "regexp", "Set-Cookie:.*law")),
    ],
)
def test_an_expression_without_signs_is_a_literal(pattern, expected):
    """One that begins with a header's name is about that header."""
    (one,) = found(("a_prod_x", pattern))
    assert (one.where, one.kind, one.pattern) == expected
    assert one.source == "Censored Planet"


def test_a_name_that_stands_twice_names_two():
    """Their own reader keeps the last (refs/BEYOND 3)."""
    assert [one.id for one in found(*[("a_prod_x", "blocked")] * 3)] == [
        "cp.a_prod_x",
        "cp.a_prod_x~2",
        "cp.a_prod_x~3",
    ]


@pytest.mark.parametrize(
    ("name", "pattern", "message"),
    [
        ("a_prod_x", "(a+)+b", "x.json:1:1: pattern: it repeats what repeats"),
        ("a_prod_x", "", "x.json:1:1: pattern: not a regular expression|x.json:1:1: pattern: it is found in every"),
        ("", "blocked", "x.json:1:1: name: no name"),
    ],
)
def test_a_signature_that_cannot_be_used_is_told(name, pattern, message):
    """With its line."""
    (fault,) = found((name, pattern))
    assert isinstance(fault, CatalogError)
    assert any(str(fault).startswith(one) for one in message.split("|"))


@pytest.mark.parametrize("line", ["{", '{"fingerprint": 1, "pattern": "x"}', '{"fingerprint": "x"}', "[" * 9000, "x"])
def test_a_line_that_is_no_signature_is_a_damaged_file(line):
    """Located; blank lines are read over."""
    text = f'\n{{"fingerprint": "a_prod_x", "pattern": "blocked"}}\n\n{line}\n'
    with pytest.raises(CatalogError, match=r"x.json:4:1: .* is no signature of Censored Planet's; fetch the file"):
        list(planet_entries(text_of("x.json", text.encode())))


def test_a_file_without_end_is_refused(monkeypatch):
    """There is a bound on lines."""
    monkeypatch.setattr(marks_planet, "MAX_LINES", 2)
    with pytest.raises(CatalogError, match=r"x\.json:3:1: more than 2 lines; split"):
        list(planet_entries(lines(*[("a", "blocked")] * 3)))


def test_it_is_known_by_its_first_line():
    """An object with the name of their field."""
    assert is_planet(lines(("a", "b")))
    assert not is_planet(text_of("x", b'{"v": 1}\n{"fingerprint": "a"}'))
    assert not is_planet(text_of("x", b'name,"fingerprint"'))
