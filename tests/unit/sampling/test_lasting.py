"""How long something lasts that ends by itself."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushmap.sampling.lasting import Lasting, Look, lasts

LEAST, MOST = 2.0, 300.0


def found(duration, *, share=1.0, stray=0.0, seed=1, most=60):
    """Look until it is decided, at something that really lasts so long."""
    rng = random.Random(seed)
    looks: list[Look] = []
    answer = lasts(looks, least=LEAST, most=MOST)
    while not answer.decided and len(looks) < most:
        chance = share if answer.ask < duration else stray
        looks.append(Look(after=answer.ask, held=rng.random() < chance))
        answer = lasts(looks, least=LEAST, most=MOST)
    return answer


@pytest.mark.parametrize("duration", [3.0, 20.0, 60.0, 90.0, 120.0, 180.0, 250.0])
def test_a_duration_lies_in_its_interval(duration):
    """Within a third, in a dozen looks or two."""
    answer = found(duration)
    assert answer.decided
    assert answer.high is not None
    assert answer.low <= duration
    assert answer.high >= duration
    assert answer.high <= 1.3 * max(answer.low, LEAST)
    assert answer.looks <= 30


def test_what_does_not_last_and_what_outlasts_all_patience():
    """The ends of the interval say so."""
    nothing, for_ever = found(0.0), found(math.inf)
    assert (nothing.low, nothing.decided, for_ever.low, for_ever.high) == (0.0, True, MOST, None)
    assert nothing.high is not None
    assert nothing.high <= 1.3 * LEAST


def test_wrong_answers_are_survived():
    """A censor that spares four in ten, on a line that fails in one of twenty: nine in ten intervals are true."""
    true = 0
    for seed in range(60):
        answer = found(90.0, share=0.6, stray=0.05, seed=seed)
        true += answer.low <= 90.0 <= (answer.high or math.inf)
    assert true >= 54


def test_before_any_look_nothing_is_known():
    """The first moment is in the middle of the ratios."""
    answer = lasts((), least=LEAST, most=MOST)
    assert answer == Lasting(low=0.0, high=None, looks=0, decided=False, ask=answer.ask)
    assert 10 < answer.ask < 60


@pytest.mark.parametrize(("least", "most"), [(0.0, 1.0), (2.0, 2.0), (-1.0, 3.0)])
def test_moments_must_be_moments(least, most):
    """From above nothing to something later."""
    with pytest.raises(ValueError, match="need 0 < least < most"):
        lasts((), least=least, most=most)


@given(st.lists(st.builds(Look, after=st.floats(0.0, 1000.0), held=st.booleans()), max_size=40))
def test_whatever_was_seen_the_interval_is_one(looks):
    """Its ends are in order, and the next moment is one that can be waited for."""
    answer = lasts(looks, least=LEAST, most=MOST)
    assert 0.0 <= answer.low <= (math.inf if answer.high is None else answer.high)
    assert LEAST <= answer.ask <= MOST
    assert answer.looks == len(looks)
