"""Targets by networks: what comes first, what is apart, what is left out and said to be."""

import msgspec

from hushmap.report.site import grids
from hushmap.report.site.grids import parts
from unit.report.site.books import book, cell, making, network, target


def of(cells, networks=(), **more):
    """The parts of a book with these cells by (name, number of the network)."""
    names = dict.fromkeys(name for name, _ in cells)
    numbers = dict.fromkeys(number for _, number in cells)
    known = networks or tuple(network(number) for number in numbers)
    by_number = {one.asn - 64500: one.id for one in known}
    made = book(
        targets=tuple(target(name, **more) for name in names),
        networks=known,
        cells={(name.replace(".", "-"), by_number[number]): one for (name, number), one in cells.items()},
        days={},
    )
    return parts(making(book=made))


def test_words_have_a_grid_and_a_sentence_of_their_own():
    """They are never added to sites."""
    sites, words = parts(making())
    assert sites.key.startswith(
        "Blocked on at least one of 2 networks: 1 of 2 sites; on every one of them: 0 of 1 measured on all. "
    )
    assert words.key.startswith("Cut off on the one network that was measured: 1 of 1 word.")
    assert [row.name for grid in words.grids for _, rows in grid.sections for row in rows] == ["planted"]


def test_a_row_has_a_cell_for_each_network_also_where_nothing_was_measured():
    """The gap is a cell without a word."""
    (grid,) = parts(making())[0].grids
    assert [column.name for column in grid.columns] == ["Net-A (AS64501, XE)", "Net-B (AS64502, XE)"]
    (_, (news,)), (none, (shop,)) = grid.sections
    assert [one.label for one in news.cells] == ["Blocked", "Reachable"]
    assert [(one.label, one.style) for one in shop.cells] == [("Reachable", "reachable"), ("", "empty")]
    assert none == ""


def test_a_target_without_a_cell_is_in_no_grid():
    """A book of the explorer names targets of which a filter left nothing."""
    small = book()
    only = {key: one for key, one in small.cells.items() if key[0] == "news-example-org"}
    made = making(book=msgspec.structs.replace(small, cells=only))
    assert [row.name for part in parts(made) for _, rows in part.grids[0].sections for row in rows] == [
        "news.example.org"
    ]


def test_blocked_everywhere_is_counted_only_where_it_was_measured_everywhere():
    """A network that did not ask does not make it less, and not more."""
    both = {("a.example", 1): cell("Blocked"), ("a.example", 2): cell("Blocked"), ("b.example", 1): cell("Blocked")}
    (sites,) = of(both)
    assert "2 of 2 sites; on every one of them: 1 of 1 measured on all." in sites.key
    (whole,) = of(both | {("b.example", 2): cell("Reachable")})
    assert "2 of 2 sites; on every one of them: 1." in whole.key
    (apart,) = of({("a.example", 1): cell("Blocked"), ("b.example", 2): cell("Blocked")})
    assert "2 of 2 sites; none was measured on every one of them." in apart.key


def test_many_networks_are_parted_by_country():
    """Each country has its own targets and columns; most blocked there comes first."""
    networks = tuple(network(1 + n % 3, id=f"n{n}", asn=64501 + n, country="XA" if n < 5 else "XB") for n in range(9))
    cells = {("a.example", n + 1): cell("Blocked" if n < 5 else "Reachable") for n in range(9)}
    cells |= {("b.example", 9): cell("Blocked")}
    first, second = of(cells, networks)[0].grids
    assert (first.country, second.country) == ("XA", "XB")
    assert len(first.columns) == 5
    assert [row.name for _, rows in second.sections for row in rows] == ["b.example", "a.example"]
    assert [row.name for _, rows in first.sections for row in rows] == ["a.example"]


def test_what_has_no_room_is_counted(monkeypatch):
    """Neither a target nor a network is left out in silence; the networks with most measurements stay."""
    monkeypatch.setattr(grids, "ROWS", 1)
    monkeypatch.setattr(grids, "COLUMNS", 1)
    cells = {
        ("a.example", 2): cell("Reachable"),
        ("b.example", 2): cell("Blocked"),
        ("b.example", 1): cell("Blocked"),
    }
    networks = (network(1, measurements=1), network(2, measurements=2))
    (grid,) = of(cells, networks)[0].grids
    assert (grid.more, grid.more_networks) == (1, 1)
    assert [column.id for column in grid.columns] == ["as64502-xe"]
    assert [row.name for _, rows in grid.sections for row in rows] == ["b.example"]


def test_nothing_has_no_part():
    """No sentence is made of nothing."""
    assert parts(making(book=msgspec.structs.replace(book(), targets=(), cells={}))) == ()
