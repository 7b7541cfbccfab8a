"""The heat map: the most telling result of a day, a blank for none, red only for a reply that was seen to be false."""

import re
from datetime import timedelta
from xml.etree import ElementTree as ET

from hushmap.report.site.heat import ROWS, look, of_network, of_site, target_name, telling
from unit.report.site.books import DAYS, FIRST, book, cell, making, network, target
from unit.report.site.test_image import texts

SVG = "{http://www.w3.org/2000/svg}"


def cells_of(figure):
    """(colour, number of cells) of a map."""
    paths = ET.fromstring(figure.light).iter(f"{SVG}path")
    return {path.get("fill"): path.get("d").count("M") for path in paths if path.get("fill")}


def test_no_block_is_averaged_away():
    """One blocked among many that worked is what a day tells; what failed everywhere does not hide what worked."""
    assert telling([cell("Also fails elsewhere"), cell("Reachable")]) == ("Reachable", False)
    assert telling([cell("Reachable"), cell("Not decided"), cell("Blocked"), cell("Slowed")]) == ("Blocked", False)


def test_red_is_for_a_false_reply_that_was_seen():
    """What was direct in an attempt that shows something else makes no red."""
    assert look(telling([cell("Blocked", direct=True), cell("Blocked")])) == ("✕", "direct")
    assert look(telling([cell("Blocked"), cell("Reachable", direct=True)])) == ("✕", "blocked")
    assert look(("Slowed", True)) == ("↓", "slowed")
    assert look(("A platform's label", False)) == ("◇", "undecided")


def test_a_day_without_measurement_is_blank():
    """Three days of four were measured: three cells in a row, and no cell of any kind for the fourth."""
    figure = of_site(making(), "sites")
    assert sorted(cells_of(figure).values()) == [len(DAYS), len(DAYS)]


def test_words_and_sites_are_in_two_maps():
    """Neither shows the other's rows; checks are in none."""
    sites, words = (of_site(making(), part) for part in ("sites", "words"))
    assert (sites.name, words.name) == ("heat", "heat-words")
    assert "news.example.org" in texts(sites.light)
    assert "planted http-path" not in texts(sites.light)
    assert "planted http-path" in texts(words.light)


def test_beside_a_row_stand_networks_that_decided():
    """One of two networks showed it; one that decided nothing is in neither number."""
    told = book()
    assert "1/2" in texts(of_site(making(book=told), "sites").light)
    key = told.targets[0].id, told.networks[1].id
    undecided = cell("Not decided", k=0, n=0, undecided=3)
    less = book(cells={**told.cells, key: undecided})
    assert "1/2" not in texts(of_site(making(book=less), "sites").light)


def test_a_target_that_nothing_decided_has_no_numbers():
    """Not decided is no share of anything."""
    told = book()
    cells = {(told.targets[0].id, told.networks[0].id): cell("Not decided", k=0, n=0, undecided=3)}
    figure = of_site(
        making(book=book(cells=cells, days={key: {DAYS[0]: one} for key, one in cells.items()})), "sites"
    )
    assert not [text for text in texts(figure.light) if re.fullmatch(r"\d+/\d+", text)]


def test_the_map_of_one_network_counts_measurements():
    """Its rows are its own targets, by so many of so many measurements."""
    small = making()
    sites, words = of_network(small, small.book.networks[0].id)
    assert sites.name == "heat-as64501-xe"
    assert words.name == "heat-as64501-xe-words"
    assert {"3/3", "2/2"} <= set(texts(sites.light))
    assert not sites.on_overview


def test_a_network_without_words_has_one_map():
    """What is not there is not drawn."""
    small = making()
    assert [figure.name for figure in of_network(small, "as64502-xe")] == ["heat-as64502-xe"]


def test_nothing_measured_is_no_map():
    """An empty frame would say something."""
    empty = book(first=None, last=None, cells={}, days={}, measured={})
    assert of_site(making(book=empty), "sites") is None
    assert of_site(making(book=book(targets=())), "sites") is None


def test_many_targets_are_told_and_not_all_drawn():
    """What asks for a second look comes first, and the rest are counted."""
    a = network(1)
    targets = tuple(target(f"site-{n}.example.org") for n in range(ROWS + 5))
    cells = {(one.id, a.id): cell("Reachable") for one in targets[:-1]} | {(targets[-1].id, a.id): cell("Blocked")}
    days = {key: {DAYS[0]: one} for key, one in cells.items()}
    figure = of_site(making(book=book(networks=(a,), targets=targets, cells=cells, days=days)), "sites")
    told = texts(figure.light)
    names = [text for text in told if text.startswith("site-")]
    assert len(names) == ROWS
    assert names[0] == targets[-1].domain
    assert any("5 more rows" in text for text in told)


def test_a_column_of_many_days_says_so():
    """A year is drawn by weeks, each by its most telling day, and stays small."""
    a, one = network(1), target("news.example.org")
    by_day = {FIRST.date() + timedelta(days=n): cell("Reachable") for n in range(365)}
    by_day[FIRST.date() + timedelta(days=8)] = cell("Blocked", direct=True)
    told = book(
        networks=(a,),
        targets=(one,),
        cells={(one.id, a.id): cell("Blocked")},
        days={(one.id, a.id): by_day},
        last=FIRST + timedelta(days=364),
    )
    figure = of_site(making(book=told), "sites")
    assert any("7 days" in text for text in texts(figure.light))
    assert sorted(cells_of(figure).values()) == [1, 52]


def test_a_hostile_target_is_inert_and_short():
    """Markup stays text, and a name of ten thousand letters is cut."""
    bad = target("x.example", target="https://x.example/<script>" + "a" * 10_000)
    assert len(target_name(bad)) < 100
    assert target_name(target("x.example", experiment="tcp")) == "x.example tcp"
    told = book(targets=(bad,), cells={(bad.id, "as64501-xe"): cell("Blocked")}, days={})
    assert b"<script" not in of_site(making(book=told), "sites").light


def test_chinese_has_the_same_map():
    """Only the words differ."""
    english, chinese = (of_site(making(lang), "sites") for lang in ("en", "zh"))
    assert cells_of(english) == cells_of(chinese)
