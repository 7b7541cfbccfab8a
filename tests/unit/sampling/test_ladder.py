"""All answers in one order, and their weights."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.sampling.ladder import FIRST_WIDE, NARROW, WIDE, Ladder

TEXTS = st.text(st.sampled_from("ab" + FIRST_WIDE), min_size=1, max_size=60)


def _rungs(size):
    """Every rung of a text, from the first."""
    return [(row, length) for row in range(size) for length in range(1, row + 2)]


@given(TEXTS)
def test_weights_grow_from_rung_to_rung(text):
    """Starts from right to left, lengths from short to long, none past the end of the text."""
    ladder = Ladder.of_words(text)
    weights = [ladder.weight(rung) for rung in _rungs(len(text))]
    assert weights == sorted(set(weights))
    assert all(ladder.span(rung)[1] <= len(text) for rung in _rungs(len(text)))


@given(TEXTS)
def test_a_weight_falls_on_the_rung_that_holds_it(text):
    """Each weight between two rungs belongs to the second of them."""
    ladder, before = Ladder.of_words(text), 0.0
    for rung in _rungs(len(text)):
        assert ladder.at((before + ladder.weight(rung)) / 2, 0) == rung
        before = ladder.weight(rung)


@given(TEXTS, st.data())
def test_all_weight_is_on_the_leftmost_start(text, data):
    """And what is left of the base is not looked at."""
    ladder = Ladder.of_words(text)
    base = data.draw(st.integers(0, len(text) - 1))
    row, length = ladder.at(ladder.below(base), base)
    assert ladder.span((row, length)) == (base, len(text))
    assert ladder.below(base) == ladder.weight((row, length))


@pytest.mark.parametrize(("unit", "shares"), [("a", NARROW), (FIRST_WIDE, WIDE)])
def test_lengths_weigh_as_their_script_has_them(unit, shares):
    """The table of the script, then a tail that falls with the square of the length, all of it together below 1."""
    ladder = Ladder.of_words(unit * 2_000)
    weights = [ladder.weight((1_999, length)) - ladder.weight((1_999, length - 1)) for length in range(1, 2_000)]
    assert weights[: len(shares)] == pytest.approx(shares)
    assert sum(weights) == pytest.approx(1 - (1 - sum(shares)) * len(shares) / 1_999)
    assert weights[999] / weights[1_998] == pytest.approx(4, rel=0.01)
