"""The posterior of the next part, and what is asked."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filtering import HANZI, Filter, Planted, strings
from hushmap.model import Rates
from hushmap.sampling import searching
from hushmap.sampling.ladder import Ladder
from hushmap.sampling.searching import BEGINNINGS, NOTHING_BEFORE, Channel, Posterior, bits, find

RATES = Rates(false_hit=0.02, miss=0.1)
TEXT = "".join(HANZI[:12])


def _weighed(answers, done):
    """The posterior by the book: a weight for each start and length, after each question and its answer."""
    ladder = Ladder.of_words(TEXT)
    weights = {
        (start, start + length): ladder.weight((row, length)) - ladder.weight((row, length - 1))
        for row in range(len(TEXT))
        for start in [len(TEXT) - 1 - row]
        for length in range(1, row + 2)
    }
    whole = sum(weights.values())
    weights = {span: weight / whole * (1 - done - NOTHING_BEFORE) for span, weight in weights.items()}
    weights |= {"done": done, "nothing": NOTHING_BEFORE}
    for (span, suffix), hit in answers:
        for key in weights:
            blocked = key == "done" or (
                key != "nothing" and (key[0] >= suffix or (key[0] == span[0] and key[1] <= span[1]))
            )
            chance = 1 - RATES.miss if blocked else RATES.false_hit
            weights[key] *= chance if hit else 1 - chance
        whole = sum(weights.values())
        weights = {key: weight / whole for key, weight in weights.items()}
    return weights


@given(st.lists(st.booleans(), max_size=25), st.sampled_from([0.0, 0.4]))
def test_pieces_weigh_what_single_answers_would(hits, done):
    """Whatever was answered, the weights are those of a posterior that keeps each start and length."""
    posterior, asked = Posterior(Ladder.of_words(TEXT), 0, RATES, done=done), []
    for hit in hits:
        asked.append((posterior.ask(), hit))
        posterior.tell(hit)
    weights = _weighed(asked, done)
    assert posterior.done == pytest.approx(weights.pop("done"), abs=1e-9)
    assert posterior.nothing == pytest.approx(weights.pop("nothing"), abs=1e-9)
    span, weight = posterior.likeliest()
    assert weight == pytest.approx(weights[span], abs=1e-9)
    if max(weights.values()) > 0.9:
        assert span == max(weights, key=weights.__getitem__)


@given(st.floats(1e-4, 0.4), st.floats(1e-4, 0.5))
def test_the_best_question_tells_most(false_hit, miss):
    """No other chance of a hit tells more than the one that the channel names."""
    channel = Channel(Rates(false_hit=false_hit, miss=miss))
    assert 0.3 < channel.best < 0.7
    most = channel.tells(channel.best)
    assert all(channel.tells(chance / 50) <= most + 1e-12 for chance in range(51))
    assert channel.tells(0) == pytest.approx(0, abs=1e-12)


def test_a_sure_thing_has_no_bits():
    """And an even one has one."""
    assert (bits(0.0), bits(1.0), bits(0.5)) == (0.0, 0.0, 1.0)
    assert math.isclose(bits(0.25), bits(0.75))


def _found(text, answer):
    """What a search comes to."""
    flow = find(Ladder.of_words(text), 0, (), RATES, 1e-3)
    question, asked = next(flow), 1
    while True:
        try:
            question = flow.send(answer(question))
            asked += 1
        except StopIteration as end:
            return end.value, asked


def test_the_parts_come_from_left_to_right():
    """Also where they overlap, and the last ends the text."""
    text = "".join(HANZI[:40])
    found, _ = _found(text, Filter(text, [Planted((text[3:6], text[5:9], text[37:40]))]).answer)
    assert (found.parts, found.whole) == (((3, 6), (5, 9), (37, 40)), True)
    assert 0 < found.error < 4e-3


def test_a_word_of_the_last_unit_needs_no_question_about_an_end():
    """Nothing is left in which another part could be."""
    text = "".join(HANZI[:40])
    found, _ = _found(text, Filter(text, [Planted((text[39:],))]).answer)
    assert (found.parts, found.whole) == (((39, 40),), True)


def test_a_long_word_is_found_too():
    """A sentence of 90 in 1,000: its length is bisected as its place is."""
    text = "".join(HANZI[:1_000])
    found, asked = _found(text, Filter(text, [Planted((text[500:590],))]).answer)
    assert strings(text, found.parts) == (text[500:590],)
    assert asked < 60


def test_what_is_never_hit_has_no_parts():
    """After as many beginnings as it takes to be sure."""
    found, asked = _found(TEXT, lambda _: False)
    assert found.parts == ()
    assert asked < 60


def test_answers_that_contradict_each_other_end(monkeypatch):
    """A filter that throws a coin is not asked for ever."""
    monkeypatch.setattr(searching, "MOST", 5)
    chance = random.Random(1)
    found, asked = _found("".join(HANZI[:500]), lambda _: chance.random() < 0.5)
    assert found.parts == ()
    assert asked == 5 * BEGINNINGS
