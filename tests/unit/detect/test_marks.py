"""Tests of hushmap.detect.marks."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.detect import marks
from hushmap.detect.marks import INDEXES, PAGES, Index, Place, index_of
from hushmap.model import REACH, Fingerprint, Knowledge, Page, expression
from hushmap.model.expressions import FEWEST, MOST


def mark(pattern, kind="contains", where="body", name=""):
    """One fingerprint."""
    return Fingerprint(id=name or pattern, where=where, pattern=pattern, kind=kind)


def found(place, text):
    """The ids of what stands in `text`."""
    return {one.id for one in place.find(text)}


def test_every_kind_is_found_in_one_pass():
    """Literals, beginnings, whole texts, expressions with a literal and without; of two that overlap, both."""
    place = Place([
        mark("blocked by"),
        mark("by law"),
        mark("This", "prefix"),
        mark("law", "prefix"),
        mark("This is blocked by law 7", "full"),
        mark("This is", "full"),
        mark(r"law \d", "regexp"),
        mark("is.*by.*7$", "regexp"),
        mark("by.*is.*", "regexp"),
        mark(r"\d", "regexp"),
        mark("(?i)BLOCKED", "regexp"),
    ])  # fmt: skip
    assert found(place, "This is blocked by law 7") == {
        "blocked by", "by law", "This", "This is blocked by law 7", r"law \d", "is.*by.*7$", r"\d", "(?i)BLOCKED"
    }  # fmt: skip
    assert found(place, "nothing of it") == set()


def test_a_place_of_one_kind_only():
    """Whole texts alone need no automaton, and neither do expressions without a literal."""
    assert found(Place([mark("a", "full")]), "a") == {"a"}
    assert found(Place([mark("[ab]", "regexp")]), "xb") == {"[ab]"}


def test_capitals_count():
    """OONI's patterns are pieces of a page as it came."""
    assert found(Place([mark("Blocked")]), "blocked") == set()


def test_an_expression_with_repeats_is_tried_near_its_literal():
    """Wherever that stands; not where the text is cut, unless it ends there."""
    place = Place([mark(r"order \d+$", "regexp")])
    assert found(place, "x" * 3 * REACH + "order 17")
    assert found(place, "order 17")
    assert not found(place, "order 1" + "7" * REACH + "x")
    assert not found(place, "x" * 3 * REACH + "order")


def test_an_expression_with_repeats_is_tried_wherever_its_literal_stands():
    """The first place may be another sentence of the page; places beside each other are tried together."""
    place = Place([mark(r"order \d+ of court", "regexp"), mark("(?i)(?:blocked|denied) by", "regexp")])
    far = "x" * 3 * REACH
    assert found(place, f"in order to read{far}order 17 of court") == {r"order \d+ of court"}
    assert found(place, f"{'order of ' * 900}order 17 of court{far}") == {r"order \d+ of court"}
    assert found(place, f"{far}Denied by") == {"(?i)(?:blocked|denied) by"}
    for cut in range(0, 3 * REACH, 97):
        assert found(place, f"order {'y' * cut} order 1 of court {far} order")


def test_an_expression_is_tried_at_no_more_places_than_take_a_second():
    """The slower it may be at one place, the fewer there are."""
    slow, quick = r"a\d{0,120}\d{0,120}x", r"a\d?x"
    for pattern, places in ((slow, FEWEST), (quick, MOST)):
        assert expression(pattern).places == places
        place = Place([mark(pattern, "regexp")])
        apart = f"a{'y' * REACH}"
        assert found(place, apart * (places - 1) + "a1x")
        assert not found(place, apart * places + "a1x")


def test_half_a_character_hides_nothing():
    """JSON can spell a lone surrogate; what stands beside it is found all the same."""
    assert found(Place([mark("blocked")]), "\ud800 blocked") == {"blocked"}


def test_after_much_text_the_automaton_grows_and_finds_the_same(monkeypatch):
    """Once, after so many characters as repay it."""
    monkeypatch.setattr(marks, "GROWN", 20)
    monkeypatch.setattr(marks, "SHORT", 3)
    made = []
    real = marks.AhoCorasick
    monkeypatch.setattr(marks, "AhoCorasick", lambda *args, **more: made.append(more) or real(*args, **more))
    place = Place([mark("blocked")])
    for _ in range(5):
        assert found(place, "it is blocked") == {"blocked"}
    assert [more["implementation"] for more in made] == [
        marks.Implementation.ContiguousNFA,
        marks.Implementation.DFA,
    ]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (Page(status=200, body="in the body"), {"body"}),
        (Page(status=200, title="in the title"), {"title"}),
        (Page(status=302, location="http://notice.example/"), {"location"}),
        (Page(status=302, headers=(("location", "http://notice.example/"),)), {"location"}),
        (Page(status=200, server="Gate/1"), {"header.server"}),
        (Page(status=200, headers=(("date", "x"), ("server", ""), ("server", "Gate/1"))), {"header.server"}),
        (Page(status=200, headers=(("x-deny", "Gate/1"),)), {"header.x-deny"}),
        (Page(status=200, headers=(("x-other", "Gate/1"),), title="in the body"), set()),
    ],
)
def test_every_place_of_a_page_is_read(page, expected):
    """Body, title, location, and headers by name, however the page has them; no place stands for another."""
    index = Index((
        mark("in the body", name="body"),
        mark("in the title", where="title", name="title"),
        mark("http://notice.", "prefix", "location", name="location"),
        mark("Gate", where="header.server", name="header.server"),
        mark("Gate", where="header.x-deny", name="header.x-deny"),
        mark("", name="empty"),
    ))  # fmt: skip
    assert {one.id for one in index.page(page)} == expected


def test_a_page_with_a_body_is_searched_once(monkeypatch):
    """As long as it is one of the last few; another page of the same content is another page."""
    index = Index((mark("blocked"),))
    seen = []
    monkeypatch.setattr(Place, "find", lambda self, text: seen.append(text) or [])
    pages = [Page(status=200, body="blocked") for _ in range(PAGES + 1)]
    for page in [*pages[:2], *pages[:2]]:
        assert index.page(page) == []
    assert len(seen) == 2
    for page in [*pages, pages[0]]:
        index.page(page)
    assert len(seen) == PAGES + 2


def test_an_index_is_made_once_for_a_knowledge():
    """By identity, for a few of them."""
    one, same = Knowledge(fingerprints=(mark("a"),)), Knowledge(fingerprints=(mark("a"),))
    assert index_of(one) is index_of(one)
    assert index_of(one) is not index_of(same)
    first = index_of(one)
    for _ in range(INDEXES):
        index_of(Knowledge())
    assert index_of(one) is not first


PIECES = st.text("ab.\n", min_size=1, max_size=3)


@given(st.lists(st.tuples(PIECES, st.sampled_from(["contains", "prefix", "full"])), max_size=8), st.text("ab.\n"))
def test_literal_marks_are_what_plain_search_finds(patterns, text):
    """The oracle is Python's own `in`, `startswith` and `==`."""
    place = Place([mark(pattern, kind, name=f"{kind} {pattern}") for pattern, kind in patterns])
    plain = {"contains": str.__contains__, "prefix": str.startswith, "full": str.__eq__}
    assert found(place, text) == {f"{kind} {pattern}" for pattern, kind in patterns if plain[kind](text, pattern)}


@given(st.lists(PIECES.map(re.escape), min_size=1, max_size=4).map(".*".join), st.text("ab.\n", max_size=12))
def test_expressions_are_what_the_standard_search_finds(pattern, text):
    """The oracle is `re.search` with line breaks as any character."""
    assert bool(found(Place([mark(pattern, "regexp")]), text)) == bool(re.search(pattern, text, re.DOTALL))


@given(st.text(max_size=30), st.lists(st.text(max_size=4), max_size=4))
def test_any_text_and_any_literal_end_in_an_answer(text, patterns):
    """Whatever a page says."""
    index = Index(tuple(mark(pattern, name=str(number)) for number, pattern in enumerate(patterns)))
    shown = {one.id for one in index.text("body", text)}
    assert shown == {str(number) for number, pattern in enumerate(patterns) if pattern and pattern in text}
