"""What the web servers say."""

from hushmap.lab.services.pages import (
    CAPTCHA,
    NOTICE,
    NOTICE_TEXT,
    NOTICE_TITLE,
    REFUSALS,
    article,
    parked,
    translated,
    varying,
    with_banner,
)
from hushmap.wire import html


def test_two_sites_have_unlike_pages_of_a_few_kilobytes():
    """A comparison of pages can tell them apart; the same page is the same."""
    one, two = article("news-one.example", "/"), article("wiki-two.example", "/")
    assert one == article("news-one.example", "/")
    assert 2_000 < len(one) < 20_000
    assert html.likeness(html.sketch(one), html.sketch(two)) < 0.5


def test_a_name_cannot_break_out_of_the_page():
    """What the network supplies is escaped, in the lab too."""
    assert b"<script>" not in article("a.example", "/<script>")


def test_the_notice_has_its_mark():
    """Title and text are what probes/fingerprints looks for."""
    assert html.title(NOTICE) == NOTICE_TITLE
    assert NOTICE_TEXT.encode() in NOTICE
    assert NOTICE_TEXT.encode() not in CAPTCHA + article("a.example", "/")


def test_pages_of_one_site_differ_as_real_ones_do():
    """Other news at every visit, another language elsewhere: unlike. A banner leaves the page like itself."""
    page = article("a.example", "/")

    def like(one, two):
        return html.likeness(html.sketch(one), html.sketch(two))

    assert like(varying("a.example", 1), varying("a.example", 2)) < 0.5
    assert html.title(varying("a.example", 1)) == html.title(varying("a.example", 2))
    assert like(page, translated("a.example", "/")) < 0.5
    assert like(page, with_banner(page)) > 0.5
    assert like(parked("a.example"), parked("b.example")) > 0.5
    assert {status for status, _ in REFUSALS.values()} == {403, 429, 451}
