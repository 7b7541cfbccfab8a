"""Selectors: what is understood of CSS, and what is refused."""

import pytest

from hushmap.model.selectors import Compound, selector


def test_a_selector_is_read_part_by_part():
    """Tags in any case, ids, classes, attributes with and without a value; children and what lies within."""
    assert selector('OL#hits.results>li.result  a[href^="/post/"]') == (
        Compound(tag="ol", wanted=(("id", "is", "hits"), ("class", "word", "results"))),
        Compound(tag="li", wanted=(("class", "word", "result"),), child=True),
        Compound(tag="a", wanted=(("href", "start", "/post/"),)),
    )
    assert selector("*[mid]") == (Compound(wanted=(("mid", "has", ""),)),)
    assert selector('[data-kind="a-b"]') == (Compound(wanted=(("data-kind", "is", "a-b"),)),)


def test_spaces_are_as_good_as_one():
    """So many that trying them pair by pair would take minutes are one."""
    assert selector("a" + " " * 500_000 + "b\n>\tc") == selector("a b>c")


@pytest.mark.parametrize(
    "text", ["", "  ", "> a", "ol >", "ol > > li", "a:hover", "a, b", "a[x", "a" + " b" * 8, "a..b"]
)
def test_what_is_not_understood_is_refused(text):
    """Nothing is taken for something else."""
    with pytest.raises(ValueError, match=r"\w"):
        selector(text)


def test_an_element_fits_by_all_that_is_wanted():
    """Words of a class, whole values, beginnings, mere presence."""
    (part,) = selector('a.result[rel="next"][href^="/p"][mid]')
    fitting = {"class": "big result", "rel": "next", "href": "/post", "mid": ""}
    assert part.fits("a", fitting)
    assert not part.fits("b", fitting)
    for name, other in (("class", "results"), ("rel", "prev"), ("href", "post")):
        assert not part.fits("a", {**fitting, name: other})
    assert not part.fits("a", {name: fitting[name] for name in ("class", "rel", "href")})
