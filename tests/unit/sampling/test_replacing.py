"""Rules of a text whose parts cannot be moved."""

from hypothesis import given
from hypothesis import strategies as st

from filtering import FILLER, HANZI, Filter, Planted, strings
from hushmap.model import Rates
from hushmap.sampling import Isolating, Question
from hushmap.sampling.ladder import Ladder
from hushmap.sampling.replacing import MOST_UNITS, find_units, in_place, runs

RATES = Rates(false_hit=0.02, miss=0.1)


def _isolated(text, rules, **options):
    """Every rule, without noise; every question leaves the text as long as it was."""
    isolating, oracle = Isolating(text, RATES, separable=False, **options), Filter(text, rules)
    while isolating.question is not None:
        assert len(oracle.written(isolating.question)) <= len(text)
        isolating.tell(oracle.answer(isolating.question))
    return isolating.rules


def test_units_become_spans():
    """Neighbours are one span."""
    assert runs([1, 2, 3, 5, 7, 8]) == ((1, 4), (5, 6), (7, 9))
    assert runs([]) == ()


def test_what_is_in_no_part_is_masked_in_place():
    """Also what was masked before; parts may overlap and come in any order."""

    def method():
        return (yield Question(parts=((6, 8), (3, 5), (4, 6)), masked=((7, 8),)))

    flow = in_place(method(), (1, 10))
    assert next(flow) == Question(parts=((1, 10),), masked=((7, 8), (1, 3), (8, 10)))


@given(st.randoms(use_true_random=False), st.integers(10, 120), st.integers(1, 3))
def test_without_noise_it_is_always_exact(chance, size, parts):
    """What comes out is what has to stay for a hit: nothing else, and none of it less."""
    text = "".join(chance.choices(HANZI, k=size))
    starts = [chance.randrange(size - 4) for _ in range(parts)]
    rule = Planted(tuple(text[start : start + chance.randint(1, 4)] for start in starts))
    found = _isolated(text, [rule], blocked=True)[0]
    kept = {unit for start, stop in found.parts for unit in range(start, stop)}
    assert found.verified
    assert found.ordered is None
    assert rule.hits("".join(text[at] if at in kept else FILLER for at in range(size)))
    assert not any(
        rule.hits("".join(text[at] if at in kept - {out} else FILLER for at in range(size))) for out in kept
    )


def test_a_word_that_stands_twice_is_one_rule():
    """It is masked wherever it stands, and then the next one is found."""
    text = "".join(HANZI[:30]) + "BAD" + "".join(HANZI[30:60]) + "BAD..ILL"
    rules = _isolated(text, [Planted(("BAD",)), Planted(("ILL",))])
    assert sorted(strings(text, rule.parts) for rule in rules) == [("BAD",), ("ILL",)]


def test_what_lifts_a_rule_is_not_searched():
    """It would have to be put beside it."""
    text = "".join(HANZI[:90]) + "BAD" + "".join(HANZI[90:200]) + "GOOD"
    (rule,) = _isolated(text, [Planted(("BAD",), ("GOOD",))])
    assert (strings(text, rule.parts), rule.lifted) == (("BAD",), False)


def _found(text, rule):
    """What one search comes to, without noise."""
    flow = in_place(find_units(Ladder.of_units(len(text)), 0, (), RATES, 1e-3), (0, len(text)))
    oracle, question = Filter(text, [rule]), next(flow)
    while True:
        try:
            question = flow.send(oracle.answer(question))
        except StopIteration as end:
            return end.value


def test_a_word_may_end_the_text():
    """Behind its last unit nothing is asked."""
    found = _found("..BAD", Planted(("BAD",)))
    assert (found.parts, found.whole) == (((2, 5),), True)


def test_what_takes_too_many_units_is_not_whole():
    """A rule of so many units is a sum of weights, or a text that must be there as it is."""
    text = "".join(HANZI[: MOST_UNITS + 10])
    assert not _found(text, Planted((text[5:-1],))).whole


def test_what_is_never_hit_has_no_parts():
    """After as many beginnings as it takes to be sure."""
    assert _found("......", Planted(("BAD",))).parts == ()
