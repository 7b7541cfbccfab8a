"""Sites by networks: every number is a count of measurements, and a gap is no number."""

import msgspec
import pytest

from hushmap.detect.saying import say
from hushmap.model import Outcome, Reason, Vantage
from hushmap.report import Entry
from hushmap.report.grid import columns, grids, network_of
from hushmap.report.texts import Words
from unit.report.sample import VANTAGE, entries, entry, verdict

EN, ZH = Words("en"), Words("zh")
B = Vantage(country="XE", asn=64502, network="Net-B")
SITE, OTHER = "https://news.example/", "https://other.example/"
BLOCKED = verdict(Outcome.BLOCKED, "tls.reset.sni", subject=(8, 8))
FINE = verdict(Outcome.OK, subject=(0, 1))
UNDECIDED = verdict(Outcome.INSUFFICIENT, reason=Reason.BUDGET)


def made(number, target, judged, vantage=VANTAGE, run="r-1", started="2026-11-21T22:33:10Z", **more):
    """One measurement."""
    one = entry(number, target, judged, **more)
    record = msgspec.structs.replace(one.record, vantage=vantage, run=run, started=started)
    return Entry(record=record, verdict=judged, saying=say(judged, record))


def cells(*entries):
    """The cells of the only row."""
    (grid,) = grids(entries, EN)
    (row,) = grid.rows
    return row.cells


def test_a_cell_says_by_sign_and_word_what_so_many_measurements_showed():
    """One blocked of three that decided is blocked 1/3: no block is averaged away; what decided nothing is no part."""
    first, second = cells(
        made(1, SITE, FINE),
        made(2, SITE, BLOCKED),
        made(3, SITE, UNDECIDED),
        made(4, SITE, FINE),
        made(5, SITE, FINE, B, "r-2"),
    )
    assert (first.sign, first.label, first.k, first.n, first.undecided) == ("✕", "Blocked", 1, 3, 1)
    assert (second.sign, second.label, second.k, second.n) == ("•", "Reachable", 1, 1)


def test_what_was_not_measured_is_empty_and_what_was_not_decided_has_no_share():
    """Neither is a zero."""
    (grid,) = grids([made(1, SITE, UNDECIDED), made(2, OTHER, FINE, B, "r-2")], EN)
    news, other = sorted(grid.rows, key=lambda row: row.target)
    assert [(cell.label, cell.k, cell.n) for cell in news.cells] == [("Not decided", 0, 0), ("", 0, 0)]
    assert (other.cells[0].style, other.entries[0], grid.blocked, grid.everywhere) == ("empty", None, 0, 0)


def test_most_blocked_come_first_and_categories_are_in_words():
    """Within what is equally blocked, by name; a category is where its most blocked site is."""
    (grid,) = grids(
        [
            made(1, "https://a.example/", FINE, category="NEWS"),
            made(2, "https://c.example/", BLOCKED, category="HUMR"),
            made(3, "https://b.example/", BLOCKED, category="HUMR"),
            made(4, "https://b.example/", BLOCKED, B, "r-2", category="HUMR"),
        ],
        EN,
    )
    assert [row.target for row in grid.rows] == ["https://b.example/", "https://c.example/", "https://a.example/"]
    assert [name for name, _ in grid.sections] == [EN.category("HUMR"), EN.category("NEWS")]
    assert (grid.blocked, grid.everywhere) == (2, 1)


@pytest.mark.parametrize(
    ("target", "short"),
    [
        ("https://news.example/", "news.example"),
        ("https://news.example/a", "https://news.example/a"),
        ("http://news.example/", "http://news.example/"),
        ("https:///", "https:///"),
        ("moon cake", "moon cake"),
    ],
)
def test_a_front_page_is_told_by_its_host(target, short):
    """Anything else stays as it was asked."""
    (grid,) = grids([made(1, target, FINE)], EN)
    assert grid.rows[0].short == short


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (VANTAGE, msgspec.structs.replace(VANTAGE, kind="mobile"), True),
        (VANTAGE, msgspec.structs.replace(VANTAGE, network=None), True),
        (VANTAGE, msgspec.structs.replace(VANTAGE, asn=64509), False),
        (Vantage(network="Net-A"), Vantage(network="Net-A"), True),
        (Vantage(country="XE"), Vantage(country="XE"), False),
        (Vantage(), Vantage(), False),
    ],
)
def test_networks_are_told_apart_by_what_is_known_of_them(one, other, alike):
    """Of two that are not known nobody knows that they are one."""
    first, second = made(1, SITE, FINE, one), made(2, SITE, FINE, other, "r-2")
    assert (network_of(first.record) == network_of(second.record)) is alike
    assert len(columns([first, second], EN)) == (1 if alike else 2)


def test_a_column_tells_when_and_how_often_and_what_was_compared():
    """The newest measurement is what a cell leads to."""
    late = made(2, SITE, msgspec.structs.replace(FINE, peers=("x-0001",)), run="r-2", started="2026-11-22T01:00:00Z")
    found = [made(1, SITE, FINE), late]
    (column,) = columns(found, EN)
    assert (column.name, column.runs, column.records, column.compared) == (
        "Net-A (AS64501, XE)", ("r-1", "r-2"), 2, 1,
    )  # fmt: skip
    assert (column.started, column.ended) == ("2026-11-21T22:33:10Z", "2026-11-21T22:37:01Z")
    (grid,) = grids(found, EN)
    assert grid.rows[0].entries == (late,)


def test_words_have_a_grid_of_their_own_and_checks_have_none():
    """A word is told by its place; an experiment that is no page load by its name."""
    sites, words = grids(entries(), EN)
    assert (sites.id, words.id) == ("sites", "words")
    assert {row.kind for row in words.rows} == {"http-path"}
    check = made(1, "moon", verdict(Outcome.OK), experiment="calibrate", layer="http-path")
    assert grids([check], EN) == ()
    (named,) = grids([made(1, SITE, FINE, experiment="quic")], ZH)
    assert (named.rows[0].kind, named.rows[0].cells[0].label) == ("quic", "可以访问")


def test_a_platforms_own_label_stands_in_its_cell():
    """It is none of the seven."""
    judged = verdict(Outcome.OK, "platform.held")
    (cell,) = cells(made(1, SITE, judged))
    assert (cell.label, cell.style) == ("Held back by the platform", "other")
