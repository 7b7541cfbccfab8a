"""The world map: where was measured, from five countries on, and never what was found."""

import pytest

from hushmap.report.site.world import LEAST, borders, world
from unit.report.site.books import book, cell, making, network
from unit.report.site.test_image import texts

COUNTRIES = ("DE", "SG", "BR", "KE", "IS")


def of(*countries, **more):
    """A site with one network in each of these countries."""
    networks = tuple(network(1, id=f"n{n}", country=code) for n, code in enumerate(countries))
    return making(book=book(networks=networks, **more))


def test_five_countries_make_a_map():
    """One fewer, and a list says more."""
    assert len(COUNTRIES) == LEAST
    assert world(of(*COUNTRIES)) is not None
    assert world(of(*COUNTRIES[1:])) is None


def test_invented_and_unknown_countries_are_told():
    """The lab's countries are on no map, and a network without a country is in none."""
    assert world(of("XA", "XB", "XC", "XD", "XE", "")) is None
    figure = world(of(*COUNTRIES, "XE", ""))
    assert any("2 networks are in no country" in text for text in texts(figure.light))


def test_numbers_are_networks():
    """Each country has its number, also in words for who does not see it."""
    figure = world(of(*COUNTRIES, "DE"))
    assert "DE 2, BR 1" in figure.alt
    assert "2" in texts(figure.light)


def test_a_network_on_which_nothing_was_measured_is_not_on_it():
    """Nobody measured there."""
    networks = tuple(network(1, id=code, country=code, measurements=0) for code in COUNTRIES)
    assert world(making(book=book(networks=networks))) is None


def test_what_was_found_changes_nothing():
    """A country is no result: blocked or reachable, the drawing is the same but for the page's id."""
    all_blocked = {("news.example.org", f"n{n}"): cell("Blocked", direct=True) for n in range(LEAST)}
    plain, found = of(*COUNTRIES, cells={}), of(*COUNTRIES, cells=all_blocked)
    drawn = [world(one).light.decode().replace(one.site_id, "") for one in (plain, found)]
    assert drawn[0] == drawn[1]


def test_small_countries_are_seen():
    """A country of no pixel is a dot."""
    drawn = borders()
    assert not drawn.countries["SG"].path
    assert world(of(*COUNTRIES)).light.count(b"<circle") == 2
    assert world(of("FR", *COUNTRIES[2:], "US")).light.count(b"<circle") == 0


def test_a_map_of_many_has_shades_without_numbers():
    """Where sixty numbers would hide the map, the shades and the words tell."""
    many = sorted(code for code in borders().countries if code)[:70]
    assert not [text for text in texts(world(of(*many)).light) if text == "1"][1:]


@pytest.mark.parametrize("code", sorted(borders().countries))
def test_every_country_lies_on_the_map(code):
    """Its middle is inside the picture."""
    drawn = borders()
    x, y = drawn.countries[code].at
    assert 0 <= x <= drawn.width * drawn.grain
    assert 0 <= y <= drawn.height * drawn.grain


def test_the_map_is_small():
    """A picture of the world is no reason to wait."""
    assert len(world(of(*COUNTRIES)).light) < 90_000
