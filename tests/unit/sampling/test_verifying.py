"""What an isolated rule must do."""

import pytest

from filtering import Filter, Planted
from hushmap.model import Rates
from hushmap.sampling.verifying import Flaw, verify

RATES = Rates(false_hit=0.01, miss=0.05)
TEXT = "ABC.DE.F"


def _verified(parts, rule, unless=()):
    """What comes of parts of the text, without noise; and the questions."""
    flow, oracle, questions = verify(parts, RATES), Filter(TEXT, [Planted(rule, unless)]), []
    question = next(flow)
    while True:
        questions.append(question)
        try:
            question = flow.send(oracle.answer(question))
        except StopIteration as end:
            return end.value, questions


def test_a_right_rule_passes_with_twelve_decisions_about_three_parts():
    """Alone, in company, in the opposite order, without each part, and each part cut at each end."""
    verified, questions = _verified(((0, 3), (4, 6), (7, 8)), ("ABC", "DE", "F"))
    assert (verified.flaw, verified.ordered) == (None, False)
    assert verified.hits[0] == verified.hits[1]
    assert verified.without[0] == 0
    asked = {(question.parts, question.carrier) for question in questions}
    whole = ((0, 3), (4, 6), (7, 8))
    assert asked == {
        (whole, False),
        (whole, True),
        (whole[::-1], False),
        *(((whole[:at] + whole[at + 1 :]), False) for at in range(3)),
        (((1, 3), *whole[1:]), False),
        (((0, 2), *whole[1:]), False),
        ((whole[0], (5, 6), whole[2]), False),
        ((whole[0], (4, 5), whole[2]), False),
    }  # a part of one unit that is cut is the rule without it


@pytest.mark.parametrize(
    ("parts", "flaw"),
    [
        (((0, 3), (4, 6)), Flaw.MINIMAL),
        (((0, 3),), Flaw.MINIMAL),
        (((1, 2),), Flaw.ALONE),
        (((0, 2),), None),
    ],
)
def test_a_wrong_rule_does_not_pass(parts, flaw):
    """Too many parts, too long, or too short."""
    verified, _ = _verified(parts, ("AB",))
    assert verified.flaw is flaw


def test_harmless_text_that_is_hit_is_a_flaw():
    """Of a rule of one part what is left without it is harmless text: on a line that is cut off always, no rule is."""
    verified, questions = _verified(((0, 1),), ("",))
    assert verified.flaw is Flaw.MINIMAL
    assert all(question.carrier and not question.parts for question in questions)


def test_a_rule_that_company_lifts_does_not_pass():
    """A carrier begins with "<"."""
    verified, _ = _verified(((0, 2),), ("AB",), unless=("<",))
    assert verified.flaw is Flaw.COMPANY
