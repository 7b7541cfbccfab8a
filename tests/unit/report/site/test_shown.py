"""Cells and days as lists, grids and network pages show them."""

from datetime import date

import pytest

from hushmap.report.site.shown import Shown, code, how, kind, missing, name, short, shown, spells
from hushmap.report.words import Words
from unit.report.site.books import cell, network, target

EN = Words("en")


def day(number):
    """A day in November."""
    return date(2026, 11, number)


def test_a_cell_has_sign_word_and_number():
    """What was not measured has none of them, and what was not decided no number."""
    assert shown(cell("Blocked"), EN) == Shown(sign="✕", style="blocked", label="Blocked", share="3/3")
    assert shown(None, EN).label == ""
    assert shown(cell("Not decided", k=0, n=0, undecided=3), EN).share == ""
    assert shown(cell("Platform shows a notice"), EN).label == "Platform shows a notice"


def test_all_that_failed_is_told_beside_what_was_judged_so():
    """Only where that is more."""
    assert shown(cell("Blocked", k=54, n=120, failed=120), EN).failed == "120 in all did not work"
    assert shown(cell("Blocked", failed=3), EN).failed == ""


def test_what_works_again_has_a_mark():
    """A sign and words; without them the worst that was seen stands as if it lasted."""
    assert shown(cell("Blocked"), EN, again=True).again == "▲ works again"
    assert shown(cell("Blocked"), EN).again == ""


def test_red_is_for_a_block_whose_false_reply_was_seen():
    """A captcha that was itself seen is no block."""
    assert shown(cell("Blocked", direct=True), EN).direct
    assert not shown(cell("Refused by the site", direct=True), EN).direct
    assert not shown(cell("Blocked"), EN).direct


def test_every_way_is_told():
    """Also that some had none."""
    assert how(cell("Blocked", mechanisms=("tls.reset.sni", "")), EN).endswith("; in no way that has a name")
    assert how(cell("Reachable"), EN) == ""


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("https://news.example.org/", "news.example.org"),
        ("https://news.example.org/page", "news.example.org/page"),
        ("http://news.example.org/", "http://news.example.org/"),
        ("https://", "https://"),
    ],
)
def test_a_front_page_is_told_by_its_host(given, said):
    """Anything else stays as it was asked."""
    assert short(target("news.example.org", target=given)) == said


def test_kinds():
    """An experiment that is no page load by its name, a word by its place."""
    assert kind(target("a.example"), EN) == ""
    assert kind(target("a.example", experiment="quic"), EN) == "quic"
    word = target("w", part="words", place="http-path", encoding="gb18030")
    assert (kind(word, EN), code(word)) == ("in the path of a request, in GB 18030", "http-path gb18030")
    assert kind(word, Words("zh")) == "请求的路径中、以 GB 18030 书写"


def test_a_network_is_named_as_in_every_sentence():
    """Name, number, country code."""
    assert name(network(1), EN) == "Net-A (AS64501, XE)"


def test_days_without_a_measurement_are_named():
    """Spells, and those at both ends."""
    found = [*missing([day(15), day(16), day(18), day(30)], day(14), day(20))]
    assert found == [(day(14), day(14)), (day(17), day(17)), (day(19), day(20))]
    assert spells(found, EN) == "2026-11-14, 2026-11-17, 2026-11-19 to 2026-11-20"
    assert [*missing([day(14)], day(14), day(14))] == []
    assert spells([], EN) == ""


def test_many_spells_are_counted():
    """Who measured every other day reads how many days."""
    every = [(day(number), day(number)) for number in range(1, 13)]
    assert spells(every, EN).endswith(", 2026-11-08, 4 more days")
    assert spells(every[:9], EN).endswith(", 1 more day")
