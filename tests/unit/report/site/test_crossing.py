"""The grid as a picture: the same signs, words and numbers as the table, and no more than a slide holds."""

from hushmap.report.site.crossing import ROWS, crossings
from hushmap.report.site.image import palette
from unit.report.site.books import DAYS, FIRST, book, cell, making, network, target
from unit.report.site.test_image import texts


def test_every_cell_has_a_sign_and_a_word():
    """Also what was not measured says so."""
    sites, words = crossings(making())
    told = texts(sites.light)
    assert {"Blocked 3/3", "Reachable 3/3", "Reachable 2/2", "not measured", "✕", "•"} <= set(told)
    assert {"Net-A", "(AS64501, XE)"} <= set(told)
    assert "Cut off by a word 2/3" in texts(words.light)
    assert (sites.name, words.name, sites.on_overview) == ("grid", "grid-words", False)


def test_red_is_for_a_false_reply_that_was_seen():
    """A block that was inferred has another colour."""
    told = book()
    key = told.targets[0].id, told.networks[0].id
    seen = book(cells={**told.cells, key: cell("Blocked", direct=True)})
    red = palette()["direct"].encode()
    assert red not in crossings(making())[0].light
    assert red in crossings(making(book=seen))[0].light


def test_a_long_label_does_not_hide_its_numbers():
    """The word is cut before the share is."""
    told = book()
    key = told.targets[0].id, told.networks[0].id
    long = book(cells={**told.cells, key: cell("Unreachable from here", k=12_345, n=67_890)})
    assert [text for text in texts(crossings(making(book=long))[0].light) if text.endswith("… 12345/67890")]


def test_marks_say_what_the_page_says_beside_it():
    """What works again, and what failed more often than it was judged so; without them there is no such note."""
    told = book()
    key = told.targets[0].id, told.networks[0].id
    was = cell("Blocked", k=3, n=9, failed=8, last=FIRST)
    days = {key: {DAYS[0]: was, DAYS[2]: cell("Reachable", k=4, n=4)}}
    found = texts(crossings(making(book=book(cells={**told.cells, key: was}, days=days)))[0].light)
    assert "Blocked 3/9*▲" in found
    assert [text for text in found if "▲ works again." in text]
    assert [text for text in found if "* more of the n did not work" in text]
    assert not [text for text in texts(crossings(making())[0].light) if "▲" in text or "*" in text]


def test_what_is_left_out_is_counted():
    """A picture holds a slide of targets, and networks side by side."""
    a = network(1)
    targets = tuple(target(f"site-{n}.example.org") for n in range(ROWS + 3))
    cells = {(one.id, a.id): cell("Reachable") for one in targets}
    (figure,) = crossings(making(book=book(networks=(a,), targets=targets, cells=cells)))
    assert any("3 more rows" in text for text in texts(figure.light))


def test_many_networks_of_one_country_make_no_picture():
    """Nobody could read it."""
    many = tuple(network(1, id=f"n{n}") for n in range(9))
    one = target("news.example.org")
    cells = {(one.id, a.id): cell("Reachable") for a in many}
    assert crossings(making(book=book(networks=many, targets=(one,), cells=cells))) == []


def test_a_network_without_a_number_has_its_name_alone():
    """What is not known is not made up."""
    a = network(1, asn=None, country="")
    one = target("news.example.org")
    (figure,) = crossings(making(book=book(networks=(a,), targets=(one,), cells={(one.id, a.id): cell("Reachable")})))
    assert "Net-A" in texts(figure.light)
