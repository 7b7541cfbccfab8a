"""The charts of coverage and of labels: numbers beside every colour, blanks for gaps, parts never added up."""

from datetime import timedelta

import pytest

from hushmap.report.site.charts import coverage, labels
from unit.report.site.books import FIRST, book, cell, making
from unit.report.site.test_image import texts


def test_coverage_has_each_number():
    """Two networks on three days of four: six numbers, two gaps, and a column for the day without any."""
    figure = coverage(making())
    told = texts(figure.light)
    assert told.count("8") == 6
    assert "11-16" in told
    assert "2 days of networks were not measured" in figure.alt


@pytest.mark.parametrize(("n", "shown"), [(999, "999"), (1500, "1.5k"), (25_000, "25k")])
def test_large_numbers_are_short(n, shown):
    """A cell has room for four characters."""
    told = book(measured={("as64501-xe", FIRST.date()): n})
    assert shown in texts(coverage(making(book=told)).light)


def test_a_long_time_has_a_scale_instead():
    """Where numbers have no room there is a legend, and the gaps are counted in columns."""
    measured = {("as64501-xe", FIRST.date() + timedelta(days=n)): 1 + n for n in range(100)}
    figure = coverage(making(book=book(measured=measured, last=FIRST + timedelta(days=364))))
    assert "Measurements" in texts(figure.light)
    assert "columns of networks" in figure.alt


def test_nothing_measured_is_no_coverage():
    """An empty frame would say something; a zero is no measurement."""
    assert coverage(making(book=book(measured={}))) is None
    assert coverage(making(book=book(first=None))) is None


def test_labels_count_targets_of_one_part():
    """Each label has a column with its sign; words are in a chart of their own."""
    sites, words = (labels(making(), part) for part in ("sites", "words"))
    assert {"✕ Blocked", "• Reachable"} <= set(texts(sites.light))
    assert "✕ Blocked: 1; • Reachable: 2" in sites.alt
    assert "✕ Cut off by a word: 1" in words.alt
    assert "Reachable" not in words.alt


def test_a_platforms_own_label_has_a_column():
    """What is no label of ours comes last, by its own name."""
    told = book()
    key = told.targets[1].id, told.networks[0].id
    figure = labels(making(book=book(cells={**told.cells, key: cell("No longer public")})), "sites")
    assert "◇ No longer public: 1" in figure.alt


def test_no_targets_no_chart():
    """Where no word was asked about there is no chart of words."""
    assert labels(making(book=book(cells={})), "words") is None
