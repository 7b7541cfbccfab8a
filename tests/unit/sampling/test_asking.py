"""How methods hand questions up and answers down."""

from hushmap.model import Rates
from hushmap.sampling import Deciding, Question
from hushmap.sampling.asking import settle, swapped

RATES = Rates(false_hit=0.01, miss=0.05)
QUESTION = Question(parts=((1, 2),))


def _asked(flow, answers):
    """The questions that a flow asks, and what it comes to when these are its answers."""
    questions, given = [], iter([None, *answers])
    while True:
        try:
            questions.append(flow.send(next(given)))
        except StopIteration as end:
            return questions, end.value


def test_a_question_is_asked_until_it_is_decided():
    """A pass and two hits, with the counts."""
    questions, settled = _asked(settle(QUESTION, Deciding(RATES, 1e-2)), [False, True, True])
    assert questions == [QUESTION] * 3
    assert (settled.hit, settled.hits, settled.asked) == (True, 2, 3)


def test_with_roles_swapped_a_pass_counts_as_a_hit():
    """And what is given stands before everything that is asked, also in harmless company."""

    def method():
        first = yield QUESTION
        second = yield Question(parts=(), carrier=True)
        return first, second

    questions, value = _asked(swapped(method(), ((7, 9),), ((4, 5),)), [False, True])
    assert questions == [
        Question(parts=((7, 9), (1, 2)), masked=((4, 5),)),
        Question(parts=((7, 9),), masked=((4, 5),), carrier=True),
    ]
    assert value == (True, False)


def test_a_swapped_method_may_ask_nothing():
    """Its value comes through."""

    def method():
        return 3
        yield

    assert _asked(swapped(method(), ()), []) == ([], 3)
