"""Day strips: a mark a day, a gap where nothing was measured, and the same in words."""

from datetime import date, timedelta

from hushmap.report.site.strips import LINE, MOST_RUNS, NARROW, WIDE, look, strip, told
from hushmap.report.words import Words
from unit.report.site.books import cell

FIRST = date(2026, 11, 1)


def days(marks):
    """A day for each mark: x blocked, o reachable, a blank for none."""
    groups = {"x": "Blocked", "o": "Reachable"}
    return {FIRST + timedelta(n): cell(groups[mark]) for n, mark in enumerate(marks) if mark != " "}


def drawn(marks, lang="en"):
    """Their strip."""
    return strip(days(marks), FIRST, FIRST + timedelta(len(marks) - 1), Words(lang))


def test_a_gap_is_an_outline_and_is_named():
    """It has no sign and no style of an outcome."""
    found = drawn("xx o")
    assert found.text == ("2026-11-01 to 2026-11-02: Blocked", "2026-11-03: not measured", "2026-11-04: Reachable")
    assert found.gaps.count("M") == 1
    assert {mark.style: (mark.signs, mark.path.count("M")) for mark in found.marks} == {
        "blocked": ("✕✕", 2),
        "reachable": ("•", 1),
    }


def test_where_there_are_few_days_each_has_its_number():
    """More have a date at the start of each line."""
    assert [text for _, _, text in drawn("xxx").dates] == ["1", "2", "3"]
    assert [text for _, _, text in drawn("x" * 40).dates] == ["2026-11-01", "2026-12-02"]


def test_a_month_is_a_line():
    """So that a phone shows it without scrolling."""
    assert drawn("x" * LINE).width == LINE * NARROW <= 360
    assert drawn("x" * (LINE + 1)).height == 2 * drawn("x" * LINE).height
    assert drawn("xxxx").width == 4 * WIDE


def test_the_words_are_bounded():
    """The list of days has every day."""
    found = drawn("xo" * 60)
    assert (len(found.text), found.more) == (MOST_RUNS, 120 - MOST_RUNS)


def test_a_year_is_small():
    """A year of one network is some 12 kB, drawn and in words."""
    found = drawn("xxo " * 92)
    size = sum(len(part) for mark in found.marks for part in (mark.path, mark.x, mark.y, mark.signs))
    assert size + len(found.gaps) < 16_000


def test_what_is_counted_by_its_label_is_called_by_it():
    """A platform's own words are no count group."""
    odd = cell("Platform shows a notice")
    assert told(odd, Words("zh")) == "Platform shows a notice"
    assert look(odd) == ("◇", "other")
    assert told(cell("Blocked"), Words("zh")) == "被屏蔽"
