"""The plan of the example data says what happens where and when, and refuses what fits nothing."""

from datetime import UTC, datetime

import pytest

from hushmap.lab.example import PLAN, Window, cycles, load_example, planned
from hushmap.lab.scenario import ScenarioError, shipped_scenarios
from hushmap.model import Outcome


def at(day, hour=0):
    """A moment of the month."""
    return datetime(2026, 11, day, hour, tzinfo=UTC)


def names(scenario, kind):
    """On which names the censors of a kind act."""
    return [name for censor in scenario.censor if censor.kind == kind for name in censor.names]


def target(place, text):
    """One expectation of a place."""
    return next(one for one in place.base.expect if text in one.target)


def test_every_composite_network_is_three_invented_ones():
    """For thirty days, a cycle every six hours; countries, networks and AS numbers are nobody's."""
    example = load_example()
    assert {one.scenario for one in example.country} == {
        name for name in shipped_scenarios() if name.startswith("networks/")
    }
    assert all(len(one.network) == 3 for one in example.country)
    assert (example.days, example.every_h, planned(example)) == (30, 6, 120)
    assert all("XA" <= one.code <= "XZ" for one in example.country)
    numbers = [one.network.asn for one in example.places]
    assert len(set(numbers)) == 27
    assert all(64496 <= one <= 64511 or 65536 <= one <= 65551 for one in numbers)  # RFC 5398


def test_a_window_has_ends_and_hours():
    """Its end is outside; what is not said is open."""
    window = Window(start=at(3), to=at(5), hours=(9, 21))
    assert window.holds(at(3, 9))
    assert not window.holds(at(3, 8))
    assert not window.holds(at(4, 21))
    assert not window.holds(at(2, 12))
    assert not window.holds(at(5, 12))
    assert Window().holds(at(30))


def test_a_censor_acts_within_its_windows_and_one_without_an_act_always():
    """The scenario of a moment has the censors of that moment; the others are untouched."""
    place = load_example().place("tspu-1")
    assert names(place.at(at(8, 3)), "sni-reset") == []
    assert names(place.at(at(8, 4)), "sni-reset") == ["named-one.example"]
    assert names(place.at(at(1)), "sni-drop") == ["hushed-one.example"]
    far = load_example().place("tspu-3")
    assert [one.kind for one in far.at(at(14)).censor if one.kind == "address-drop"] == []
    assert [one.kind for one in far.at(at(16)).censor if one.kind == "address-drop"] == ["address-drop"]


def test_what_is_right_to_say_hangs_on_the_moment():
    """Blocked within, ok outside; a neighbour whose name holds the same letters is nobody's."""
    place = load_example().place("iran-2")
    named, beside = target(place, "//named-one"), target(place, "//beside-named-one")
    assert place.expected(named, at(16)).outcomes == (Outcome.OK,)
    assert place.expected(named, at(18)).outcomes == (Outcome.BLOCKED,)
    assert place.expected(named, at(26)).outcomes == (Outcome.OK,)
    assert place.acts_on(beside) == ()
    reset = target(place, "//reset-one")
    assert [place.expected(reset, at(10, hour)).outcomes[0].value for hour in (6, 12, 18)] == [
        "ok",
        "blocked",
        "blocked",
    ]


def test_what_fails_for_everyone_is_no_networks_doing():
    """A site that is down is called down, or nothing; on a dead line nothing is said, or that."""
    place = load_example().place("open-2")
    site, other = target(place, "site-a"), target(place, "news-one")
    assert Outcome.BLOCKED not in place.expected(site, at(9, 18)).outcomes
    assert place.expected(other, at(9, 18)).outcomes == (Outcome.OK,)
    dead = place.at(at(10, 6))
    assert dead.outage
    assert all(one.unsaid for one in dead.expect)
    assert [site.name for site in place.at(at(9, 18)).site if site.dead] == ["site-a.example"]


def test_a_censor_that_overlooks_hits_is_known():
    """Of its targets ok is right, too."""
    place = load_example().place("great-firewall-1")
    assert place.misses(target(place, "lost-chapter"))
    assert not place.misses(target(place, "//named-one"))


def test_a_computer_that_is_off_misses_its_cycles():
    """They are left out; the others begin at most a quarter of an hour late, under ids of their own."""
    example = load_example()
    all_of = {one.network.name: list(cycles(example, one.network)) for one in example.places}
    runs = [cycle.run for found in all_of.values() for cycle in found]
    assert len(set(runs)) == len(runs)
    assert len(all_of["tspu-1"]) == 120
    off = [cycle for cycle in all_of["iran-1"] if at(15, 20) <= cycle.began < at(18, 9)]
    assert (off, len(all_of["iran-1"])) == ([], 110)
    assert {cycle.began.hour % 6 for cycle in all_of["iran-1"]} == {0}


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("days = 30", "days = 0", "days"),
        ('name = "open-2"', 'name = "open-1"', "name open-1: stands twice"),
        ("asn = 64498", "asn = 64497", "asn 64497: stands twice"),
        (
            "https://site-a.example/",
            "https://site-z.example/",
            "https://site-z.example/ is no target of networks/open",
        ),
        ('what = "tube"', 'what = "cube"', "turkmenistan-1: no censor acts on cube"),
        ('site = "site-a.example"', 'site = "site-q.example"', "open-1: no site site-q.example"),
        ('what = "refused-one.example"', 'what = "diverted-one.example"', "diverted-one.example stands twice"),
        ("start = 2026", "start 2026", "example.toml"),
    ],
)
def test_a_plan_that_fits_nothing_is_refused(tmp_path, old, new, complaint):
    """In one line that names what is wrong."""
    path = tmp_path / "example.toml"
    path.write_text(PLAN.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(ScenarioError, match=r"example\.toml") as caught:
        load_example(path)
    assert complaint in str(caught.value)
