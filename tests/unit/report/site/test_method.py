"""The page of the method: what the code does, with its own numbers and rules."""

import pytest

from hushmap.detect import LABEL_GROUPS, RULES, RULES_VERSION, TABLES
from hushmap.model import MECHANISMS
from hushmap.report.site.book import About
from hushmap.report.site.method import chances, pages, rules
from hushmap.report.words import Words
from unit.report.site.books import book, making
from unit.report.test_page import Reader


def read(made):
    """The page as a browser reads it."""
    [(path, content)] = pages(made)
    assert path == "method.html"
    reader = Reader()
    reader.feed(content.decode())
    assert reader.open == []
    assert len(set(reader.ids)) == len(reader.ids)
    reader.text = " ".join(" ".join(reader.texts).split())
    return reader


def test_every_rule_label_and_mechanism_is_on_it():
    """Read from the code, so that none is missing."""
    text = read(making()).text
    for rule in RULES:
        assert rule.id in text
        assert " ".join(rule.what.split()) in text
    for name in (*LABEL_GROUPS, *MECHANISMS):
        assert name in text
    assert f"These are rules {RULES_VERSION}." in text


def test_the_numbers_are_those_of_the_code():
    """Nothing is said of chance that the tests were not made with."""
    told = dict(chances(Words("en")))
    assert "at most once in 100,000 times, and a whole run at most in 1\u00a0% of runs" in told["One measurement"]
    assert "at least 5\u00a0% of attempts" in told["One measurement"]
    assert "Below 6 bursts" in told["Shares"]
    assert "among 1,000 targets" in told["Changes"]


def test_rules_of_the_sites_own_tests_come_first_and_open():
    """The others are there too, folded."""
    found = rules({"keyword", "web"})
    assert [(table.experiment, table.here) for table in found[:3]] == [
        ("web", True),
        ("keyword", True),
        ("dns", False),
    ]
    assert {table.experiment for table in found} == set(TABLES)
    reader = read(making())
    assert [name for tag, name, _ in reader.attributes if tag == "details"].count("open") == 2


def test_other_versions_of_the_rules_are_told():
    """A site may hold verdicts of an archive that was judged before."""
    older = making(book=book(about=About(title="t", rules=("3", RULES_VERSION))))
    assert "judged by other versions: rules 3." in read(older).text
    assert "other versions" not in read(making()).text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_reads_in_its_language(lang):
    """With all its texts; rules are marked as English."""
    reader = read(making(lang))
    assert ("td", "lang", "en") in reader.attributes
    assert ("How we decide" in reader.text, "如何判定" in reader.text) == (lang == "en", lang == "zh")
