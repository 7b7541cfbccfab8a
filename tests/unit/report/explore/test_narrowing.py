"""Books of what is meant."""

from datetime import date

from hushmap.report.explore.columns import gathered
from hushmap.report.explore.counting import Counting
from hushmap.report.explore.narrowing import Narrowing, named, narrowed
from hushmap.report.explore.wanted import Wanted
from hushmap.report.site.book import About
from hushmap.report.site.reading import read
from unit.report.explore.explored import A, made, tables


def _both():
    opened = tables()
    counting = Counting(gathered(opened))
    listed = counting.listed(Wanted())
    meant = Narrowing(targets=listed.targets.tolist(), networks=listed.networks.tolist(), days=True)
    return narrowed(counting, Wanted(), About(title="x"), meant), read(opened, About(title="x"))


def _plain(cell):
    return cell.group, cell.k, cell.n, cell.undecided, cell.direct, cell.label, cell.mechanisms, cell.first, cell.last


def test_the_explorer_says_of_sites_what_a_site_says():
    """Cells, days, coverage, order and names are those of the site made of the same tables."""
    ours, theirs = _both()
    sites = {one.id for one in theirs.targets if one.part == "sites"}
    assert [one.id for one in ours.targets] == [one.id for one in theirs.targets if one.id in sites]
    assert {key: _plain(cell) for key, cell in ours.cells.items()} == {
        key: _plain(cell) for key, cell in theirs.cells.items() if key[0] in sites
    }
    assert {key: {day: _plain(cell) for day, cell in mine.items()} for key, mine in ours.days.items()} == {
        key: {day: _plain(cell) for day, cell in mine.items()} for key, mine in theirs.days.items() if key[0] in sites
    }
    assert {(one.id, one.name, one.country) for one in ours.networks} == {
        (one.id, one.name, one.country) for one in theirs.networks
    }


def test_a_book_is_of_what_is_meant_only():
    """Another network, other days and other targets are not in it; nothing gives an empty book."""
    counting = Counting(gathered(tables()))
    at = counting.target_ids.index(A)
    book = narrowed(
        counting, Wanted(until=date(2026, 11, 1)), About(title="x"), Narrowing(targets=[at], networks=[0, 1])
    )
    assert [one.id for one in book.targets] == [A]
    assert set(book.measured.values()) == {1}
    assert book.days == {}
    empty = narrowed(counting, Wanted(), About(title="x"), Narrowing(targets=[], networks=[]))
    assert (empty.first, empty.cells, empty.networks) == (None, {}, ())


def test_a_book_of_names_tells_nothing_of_measurements():
    """What targets and networks are called; of nothing measured it is empty."""
    counting = made().counting
    book = named(counting, made().about, [0], range(len(counting.network_ids)))
    assert [one.id for one in book.networks] == [*counting.network_ids]
    assert (len(book.targets), book.cells, book.days) == (1, {}, {})
    assert named(made(()).counting, made().about, [], [0]).networks == ()
