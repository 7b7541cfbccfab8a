"""The shipped lists are the scenario's."""

import csv
import io

from hushmap.catalog import open_deck, probes_dir
from hushmap.lab.listing import sites_list, words_list, write_deck
from hushmap.lab.scenario import load_scenario, parse_scenario

DEMO = load_scenario("demo")


def test_the_shipped_lists_are_made_from_the_scenario():
    """`probes/lists/lab-*.csv` say what scenarios/demo.toml says, byte for byte."""
    lists = probes_dir() / "lists"
    assert (lists / "lab-sites.csv").read_text("utf-8") == sites_list(DEMO)
    assert (lists / "lab-words.csv").read_text("utf-8") == words_list(DEMO)


def test_the_deck_asks_for_every_expectation():
    """The catalogue reads deck and lists, and its targets are those with an expectation, none risky."""
    deck = open_deck(DEMO.deck)
    asked = {(target.text, target.place) for target in deck.targets}
    assert asked == {(expect.target, expect.place) for expect in DEMO.expect}
    assert not any(target.risky for target in deck.targets)
    assert deck.baselines == DEMO.baselines
    assert {site.name for site in DEMO.site} >= set(deck.baselines)


def test_a_reason_may_hold_a_comma():
    """Cells are quoted where they must be."""
    rows = list(csv.DictReader(io.StringIO(sites_list(DEMO))))
    assert [row["url"] for row in rows] == [expect.target for expect in DEMO.expect if expect.place is None]


def test_a_deck_of_any_scenario_can_be_opened_by_the_product(tmp_path):
    """With every target of the scenario in its place, and both lists beside it."""
    deck = open_deck(str(write_deck(DEMO, tmp_path)))
    assert deck.baselines == DEMO.baselines
    wanted = {(expect.target, expect.place) for expect in DEMO.expect}
    assert {(target.text, target.place) for target in deck.targets} == wanted


def test_a_deck_of_sites_alone_has_no_word(tmp_path):
    """Nor does it hold anything that a run leaves out until it is switched on."""
    scenario = parse_scenario(
        """
        name = "x"
        baselines = ["base.example", "other.example"]
        [[expect]]
        target = "https://a.example/"
        outcomes = ["ok"]
        category = "GMB"
        [[expect]]
        target = "https://b.example/"
        outcomes = ["ok"]
        """
    )
    deck = open_deck(str(write_deck(scenario, tmp_path)))
    assert [part.experiment for part in deck.parts] == ["web"]
    assert [target.risky for target in deck.targets] == [False, False]


def test_sites_of_another_experiment_have_a_list_of_their_own(tmp_path):
    """What is measured by rates stands in another part of the deck."""
    scenario = load_scenario("censors-throttle")
    deck = open_deck(str(write_deck(scenario, tmp_path)))
    assert [(part.experiment, part.list) for part in deck.parts] == [("throttle", "throttle.csv")]
    assert {target.text for target in deck.targets} == {expect.target for expect in scenario.expect}
