"""Names in addresses: functions of the thing alone, readable where that is enough, apart where it is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.report.site import naming
from hushmap.report.site.naming import network_id, part_of, target_id, trigger_id


def test_a_front_page_is_its_host():
    """With or without the last stroke it is one page."""
    assert target_id("web", "https://news.example.org/") == "news.example.org"
    assert target_id("web", "https://news.example.org") == "news.example.org"


@pytest.mark.parametrize(
    ("experiment", "target", "place"),
    [
        ("web", "http://news.example.org/", ""),
        ("web", "https://news.example.org/page", ""),
        ("web", "https://News.example.org/", ""),
        ("quic", "https://news.example.org/", ""),
        ("keyword", "https://news.example.org/", "http-path"),
        ("web", "https://../", ""),
    ],
)
def test_what_asks_something_else_has_another_name(experiment, target, place):
    """A page, another way, another test of the same host: none of them is its front page."""
    name = target_id(experiment, target, place)
    assert name != "news.example.org"
    assert name.strip(".-") == name
    assert len(name.rpartition("-")[2]) == 10


@given(st.text(max_size=300), st.text(max_size=20))
def test_any_text_is_a_name_of_a_file(target, place):
    """Nothing of a hostile target is left that a file system or a link would take for something else."""
    name = target_id("keyword", target, place)
    assert 10 <= len(name) <= 80
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_places_and_encodings_part_words():
    """A word is tested once a place."""
    names = {
        target_id("keyword", "词", place, code) for place in ("http-path", "tls-sni") for code in ("", "gb18030")
    }
    assert len(names) == 4


def test_networks():
    """By number; without one by name; without either by run."""
    assert network_id(64501, "XE", "Net-A") == "as64501-xe"
    assert network_id(64501) == "as64501"
    assert network_id(None, "XE", "Net A").startswith("net-a-")
    assert network_id(None, "XE", "Net A").endswith("-xe")
    assert network_id(None, "XE", run="r1") != network_id(None, "XE", run="r2")


def test_a_trigger_belongs_to_its_network():
    """The same words on two networks are two pages."""
    assert trigger_id("as1-xe", "keyword", "a + b") != trigger_id("as2-xe", "keyword", "a + b")


def test_parts_and_lists():
    """Words are no sites, checks are neither; a list without a code has a name all the same."""
    assert [part_of(name) for name in ("web", "keyword", "calibrate")] == ["sites", "words", "checks"]
    assert naming.category_list("NEWS") == "category-news"
    assert naming.category_list("") == "category-none"
    assert naming.group_list("Also fails elsewhere") == "label-also-fails-elsewhere"
    assert naming.category_list("a.b") != naming.category_list("a-b")
    assert len(naming.category_list("X" * 5000)) < 100
    assert len(network_id(64501, "XE" * 5000)) < 100
    assert naming.network_list("as64501-xe") == "network-as64501-xe"
