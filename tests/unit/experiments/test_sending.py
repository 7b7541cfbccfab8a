"""Tests of hushmap.experiments.sending."""

import pytest

from hushmap.experiments.sending import CANARY_PASSES, MAX_REPEATS, Sending
from hushmap.model import Ask, Failure, Layer, Place, Target
from worlds import DARK, World, conditions, converse

NAME = Target(experiment="sni", text="news.example")
CANARY = Target(experiment="sni", text="news.example", canary=True)
WORD = Target(experiment="keyword", text="kw-alpha", place=Place.DNS_NAME)


class Fixed(Sending):
    """Sends one name to one address."""

    def subject(self):
        return Ask(layer=Layer.TLS, address="203.0.113.10", port=443, sni="news.example", verify=False), "sni"


def test_the_base_sends_nothing_of_its_own():
    """A concrete experiment says what; by default nothing has to be known before."""
    with pytest.raises(NotImplementedError):
        Sending(NAME, conditions(), 1).subject()
    assert [attempt.ask.sni for attempt in Fixed(NAME, conditions(), 1).ask(0.05)] == ["news.example"]


def test_an_attempt_that_says_nothing_is_repeated_three_times():
    """Then the question is given up."""
    _, record = converse(World(server=lambda _ask, _side: Failure.REFUSED), NAME)
    assert len(record.trials) == 1 + MAX_REPEATS
    assert [trial.round for trial in record.trials] == [0, 1, 2, 3]


def test_a_hit_leads_to_pairs_until_they_decide():
    """And a pass to nothing more."""
    _, record = converse(World(blocks=lambda ask: Failure.RESET if ask.sni == "news.example" else None), NAME)
    assert len({trial.pair for trial in record.trials if trial.pair is not None}) == 5
    _, record = converse(World(), NAME)
    assert len(record.trials) == 1


def test_a_canary_that_passes_is_tried_again():
    """On it hangs what every word of its place may say, and a filter misses some; what is no canary is asked once."""
    _, record = converse(World(), CANARY)
    assert [trial.round for trial in record.trials] == [*range(CANARY_PASSES)]
    seen = []

    def late(ask):
        """A filter that misses the first."""
        seen.append(ask.sni)
        return Failure.RESET if ask.sni == "news.example" and seen.count("news.example") > 1 else None

    _, record = converse(World(blocks=late), CANARY)
    assert len({trial.pair for trial in record.trials if trial.pair is not None}) == 5


def test_where_harmless_words_are_answered_too_no_more_pairs_are_made():
    """The first such answer ends it."""
    world = World(resolves=lambda ask, _side: ("198.51.100.66",) if ask.resolver == DARK else None)
    _, record = converse(world, WORD)
    assert len(record.trials) == 2
