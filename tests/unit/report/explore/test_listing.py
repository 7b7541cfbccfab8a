"""The first page."""

import json

import pytest

from hushmap.report.explore import listing
from hushmap.report.explore.wanted import Wanted, WantedError, wanted
from unit.report.explore.explored import BLOCKED, FINE, A, B, made, row


def _view(opened, *pairs):
    return listing.page(opened, wanted(pairs)).values["view"]


def test_the_grid_has_targets_by_networks_and_gaps():
    """A cell that was not measured is empty; k of n that decided stands beside the word."""
    view = _view(made())
    (_, rows) = view.grid.sections[0]
    assert [one.id for one in view.grid.columns] == ["as64501-xe", "as64502-xf"]
    told = {one.id: [(cell.label, cell.share) for cell in one.cells] for one in rows}
    assert told == {A: [("Blocked", "2/3"), ("Reachable", "1/1")], B: [("Reachable", "1/1"), ("Blocked", "1/1")]}
    assert "2 sites measured on 2 networks, 7 measurements: 2 were seen blocked" in view.key
    assert "on at least one of these networks; on every one of them: 0." in view.key


def test_what_has_no_room_is_told(monkeypatch):
    """A page of a list, and where the next one is."""
    monkeypatch.setattr(listing, "ROWS", 1)
    monkeypatch.setattr(listing, "COLUMNS", 1)
    first = _view(made())
    assert (first.targets.first, first.targets.last, first.targets.of, first.targets.after) == (1, 1, 2, "?page=2")
    assert (first.columns.of, first.columns.after) == (2, "?columns=2")
    second = _view(made(), ("page", "2"), ("columns", "2"))
    assert (second.targets.before, second.targets.after) == ("?columns=2", "")
    assert second.grid.columns[0].id == "as64502-xf"


def test_nothing_is_no_result():
    """Filters that mean nothing give a sentence that says so."""
    view = _view(made(), ("country", "XX"))
    assert (view.targets.of, view.when) == (0, "")
    assert view.key == "Nothing was measured that all these filters mean."


def test_programs_get_the_same():
    """The cells with their numbers, and how much there is."""
    told = listing.page(made(), Wanted()).told
    assert told["targets"]["of"] == 2
    assert {(one["target"], one["network"], one["k"], one["n"]) for one in told["cells"]} == {
        (A, "as64501-xe", 2, 3),
        (A, "as64502-xf", 1, 1),
        (B, "as64501-xe", 1, 1),
        (B, "as64502-xf", 1, 1),
    }


def test_a_list_is_as_a_site_sorts_it():
    """Equally blocked targets come by name."""
    rows = [row(f"r{n}", 1, n, 64501, FINE, f"https://{n}.example/") for n in (3, 1, 2)]
    _, found = _view(made(rows)).grid.sections[0]
    assert [one.id for one in found] == ["1.example", "2.example", "3.example"]


def test_a_network_that_measured_nothing_of_the_page_keeps_its_column(monkeypatch):
    """For people as cells that say so, for programs without a time: a column less would look like a network less."""
    monkeypatch.setattr(listing, "ROWS", 1)
    rows = [row(f"r{n}", n, 8, 64501, BLOCKED) for n in (1, 3)] + [row("r2", 2, 8, 64502, FINE, "https://b.example/")]
    page = listing.page(made(rows), Wanted())
    grid = page.values["view"].grid
    assert [one.id for one in grid.columns] == ["as64501-xe", "as64502-xe"]
    assert [[cell.label for cell in one.cells] for one in grid.sections[0][1]] == [["Blocked", ""]]
    assert page.rendered().count(b"<small>not measured</small>") == 1
    told = {one["id"]: one for one in json.loads(page.json)["columns"]}
    assert (told["as64502-xe"]["measurements"], told["as64502-xe"]["first"]) == (0, None)
    assert told["as64501-xe"]["last"] == "2026-11-03T08:30:00Z"


def test_a_page_behind_the_last_is_refused():
    """An empty one would look like a list of nothing; what is empty has its first."""
    for name in ("page", "columns"):
        with pytest.raises(WantedError, match=f"^{name}=2: there is none; the last is {name}=1$"):
            _view(made(), (name, "2"))
    assert listing.pager(Wanted(), "page", 50, 0).of == 0
    assert listing.pager(Wanted(page=2), "page", 50, 100).after == ""
