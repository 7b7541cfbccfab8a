"""The form of filters."""

from hushmap.report.explore import listing
from hushmap.report.explore.filtering import chips, fields
from hushmap.report.explore.wanted import wanted
from hushmap.report.words import Words
from unit.report.explore.explored import made


def _fields(*pairs):
    opened = made()
    return {one.name: one for one in fields(opened.counting, wanted(pairs), Words("en"))}


def test_lists_offer_what_there_is():
    """In words, any of it first."""
    found = _fields()
    assert found["country"].choices == (("", "any"), ("XE", "XE"), ("XF", "XF"))
    assert ("NEWS", "News media") in found["category"].choices or any(
        code == "NEWS" for code, _ in found["category"].choices
    )
    assert [value for value, _ in found["part"].choices] == ["sites", "words"]
    assert "outcome" not in found


def test_what_an_address_asks_for_stays_in_the_form():
    """Also where it is not offered: sending the form drops no filter."""
    found = _fields(("country", "XX"), ("since", "2026-11-02"))
    assert (found["country"].value, found["country"].choices[-1]) == ("XX", ("XX", "XX"))
    assert found["since"].value == "2026-11-02"


def test_each_filter_in_force_is_told_in_words_with_the_way_out():
    """Of networks their name, of mechanisms what they do."""
    opened = made()
    meant = wanted([("network", "as64501-xe"), ("mechanism", "tls.reset.sni"), ("group", "Blocked"), ("q", "a")])
    told = {one.value: one.address for one in chips(opened.counting, meant, Words("en"))}
    assert "XE AS64501 Net 64501" in told
    assert any("reset" in value for value in told)
    single = chips(opened.counting, wanted([("category", "NEWS")]), Words("en"))
    assert [one.address for one in single] == ["?"]


def test_sending_the_form_keeps_every_filter_in_force():
    """The first value of each stands in its input, what has no input goes with it unseen."""
    pairs = [("q", "a."), ("country", "XE"), ("country", "XF"), ("asn", "64501"), ("since", "2026-11-01")]
    opened = made()
    meant = wanted(pairs)
    every = fields(opened.counting, meant, opened.words)
    assert {(one.name, one.value) for one in every if one.value and one.name != "part"} == set(pairs)
    assert {one.name for one in every if one.kind == "hidden"} == {"asn", "country"}
    html = listing.page(opened, meant).rendered().decode()
    assert '<input type="hidden" name="country" value="XF">' in html
    assert '<input name="q" type="search" value="a.">' in html
