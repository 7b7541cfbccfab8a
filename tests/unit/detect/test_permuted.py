"""Tests of hushmap.detect.permuted; what a whole record shows is tested with the experiment that makes it."""

import re

import pytest

from hushmap.detect.permuted import Permuted, Permuting
from hushmap.model import Context, Knowledge, Rates, Record

RATES = Rates(false_hit=0.001, miss=0.001)


def played(name, rule):
    """A game about `name` whose answers are those of a regular expression."""
    game = Permuting(name, RATES)
    asked = []
    while (question := game.question) is not None:
        asked.append(question)
        game.tell(re.search(rule, question) is not None)
    return game, asked


@pytest.mark.parametrize(
    ("rule", "core", "kind"),
    [
        (r"^www\.blocked\.example$", "www.blocked.example", "exact"),
        (r"^(.*\.)?blocked\.example$", "blocked.example", "suffix"),
        (r"blocked\.example$", "blocked.example", "ending"),
        (r"blocked\.example", "blocked.example", "substring"),
        (r"^(.*\.)?www\.blocked\.example$", "www.blocked.example", "suffix"),
    ],
)
def test_the_widest_name_and_its_rule_are_found(rule, core, kind):
    """Whatever name under it was asked about."""
    game, asked = played("www.blocked.example", rule)
    assert (game.core, game.reach.kind) == (core, kind)
    assert len(asked) <= 40
    assert asked[0] == "www.blocked.example"


def test_a_name_that_passes_ends_the_game():
    """Nothing is asked about its neighbours."""
    game, asked = played("www.blocked.example", r"^never$")
    assert set(asked) == {"www.blocked.example"}
    assert game.decided == {"www.blocked.example": False}
    game.tell(True)
    assert game.decided == {"www.blocked.example": False}


def test_what_was_not_asked_is_open():
    """A record without trials says nothing, and why."""
    record = Record(
        id="r-1", run="r", experiment="domain", target="Blocked.example", started="", ended="", run_started="",
        layer="tls-sni", context=Context(budget_spent=True),
    )  # fmt: skip
    seen = Permuted(record, Knowledge())
    assert (seen.clean, seen.triggers, seen.alone, seen.open) == (False, (), None, "budget")
    assert seen.innocents == (0, 0)
    assert seen.game.name == "blocked.example"
