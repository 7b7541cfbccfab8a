"""Tests of hushmap.codec.sketching."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from hushmap.codec import sketched
from hushmap.model import Page
from hushmap.wire import html

TEXT = '<meta charset="gb18030"><p>这里 是 一个 通知 по решению суда доступ закрыт</p>'


def test_a_foreign_page_is_sketched_as_ours_would_be():
    """Its text was decoded already: what charset the page declares no longer matters."""
    found = sketched(Page(status=200, body=TEXT))
    assert found.sketch == html.sketch(TEXT.encode("gb18030"))
    assert found.body_sha256 == hashlib.sha256(TEXT.encode()).hexdigest()


def test_what_is_known_stays():
    """The sketch and the hash that a record has are of the bytes that came; a page without a body has none."""
    for page in (Page(status=200, body="x", sketch=(1,), body_sha256="aa"), Page(status=200)):
        assert sketched(page) is page
    assert sketched(Page(status=200, body="x", body_sha256="aa")).body_sha256 == "aa"


@given(st.text())
def test_any_text_can_be_sketched(text):
    """Half characters too, which JSON can spell."""
    assert sketched(Page(status=200, body=text)).body_sha256


def test_half_a_character_does_not_matter():
    """It is replaced."""
    assert sketched(Page(status=200, body="\ud800 one")).sketch == sketched(Page(status=200, body="? one")).sketch
