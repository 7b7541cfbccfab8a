"""What an address asks for."""

from datetime import date

import pytest

from hushmap.report.explore.wanted import Wanted, WantedError, given, wanted


def test_an_address_and_what_it_asks_for_are_the_same():
    """What is read from an address gives that address again; what a form sends empty asks for nothing."""
    pairs = [("country", "xe"), ("country", "XF"), ("since", "2026-11-01"), ("q", ""), ("asn", "AS64501")]
    found = wanted(pairs)
    assert found == Wanted(country=("XE", "XF"), since=date(2026, 11, 1), asn=(64501,))
    assert found.address() == "?country=XE&country=XF&asn=64501&since=2026-11-01"
    assert Wanted().address() == ""
    assert wanted([("page", "3"), ("part", "words")]).address(page=4) == "?part=words&page=4"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("nope", "1"),
        ("nope", ""),
        ("since", "x"),
        ("since", "20261101"),
        ("until", "2026-W45-1"),
        ("since", "2026-02-30"),
        ("until", "2026-11-0\u0661"),
        ("page", "0"),
        ("page", "-1"),
        ("asn", "AS"),
        ("part", "checks"),
        ("group", "X"),
        ("q", "x" * 501),
    ],
)
def test_what_there_is_not_is_an_error(name, value):
    """A filter that does nothing would leave numbers that look narrowed and are not."""
    with pytest.raises(WantedError, match=name):
        wanted([(name, value)], ("Blocked",))


def test_too_many_values_are_refused():
    """An address is no place for a list of sites."""
    with pytest.raises(WantedError, match="too many"):
        wanted([("q", f"{number}") for number in range(300)])


def test_each_value_has_an_address_without_it():
    """The other values stay, and the list begins again."""
    meant = wanted([("country", "XE"), ("country", "XF"), ("until", "2026-11-02"), ("page", "2")])
    assert meant.given() == [
        ("country", "XE", "?country=XF&until=2026-11-02"),
        ("country", "XF", "?country=XE&until=2026-11-02"),
        ("until", "2026-11-02", "?country=XE&country=XF"),
    ]


def test_what_was_found_decides_only_what_is_listed():
    """The two kinds of filters are told apart."""
    assert wanted([("mechanism", "tls")]).finding
    assert not wanted([("country", "XE")]).finding


def test_a_page_is_asked_only_for_what_it_takes():
    """The error names what was asked for, and what may be; of nothing that it may not be asked anything."""
    assert given([("q", " x "), ("page", "2"), ("q", "")], ("q", "page")) == [("q", "x"), ("page", "2")]
    with pytest.raises(WantedError, match=r"^since: .*take one of q, page$"):
        wanted([("since", "2026-11-01")], takes=("q", "page"))
    with pytest.raises(WantedError, match=r"^q: .*it has none$"):
        given([("q", "")], ())


@pytest.mark.parametrize(
    ("name", "values"),
    [("since", ("2026-11-01", "2026-11-02")), ("part", ("words", "words")), ("page", ("1", "2")), ("columns", "12")],
)
def test_where_there_is_room_for_one_value_a_second_is_refused(name, values):
    """The last would win, and nobody would see it; the others take several, each once."""
    with pytest.raises(WantedError, match=f"^{name}: given 2 times; give it once$"):
        wanted([(name, value) for value in values])
    assert wanted([("since", ""), ("since", "2026-11-01"), ("asn", "1"), ("asn", "AS1")]).asn == (1,)
