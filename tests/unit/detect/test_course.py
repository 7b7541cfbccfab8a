"""Tests of hushmap.detect.course."""

from hushmap.detect import QUESTION, TRIES, Course, Reaction, anywhere
from hushmap.detect.course import number_of
from hushmap.model import Ask, Layer, Role, Trial


class Counting:
    """A game that asks 1, 2, 3 and remembers what it was told."""

    def __init__(self):
        self.told = []

    @property
    def question(self):
        """The next number."""
        return len(self.told) + 1 if len(self.told) < 3 else None

    def tell(self, hit):
        """Take an answer."""
        self.told.append(hit)


def attempt(number, said="passed", *, tried=0, **more):
    """An attempt at a question, and what it says."""
    ask = Ask(layer=Layer.TCP, name=said)
    fields = {"id": 10 * number + tried, "ask": ask, "round": number * TRIES + tried, "changed": QUESTION}
    return Trial(**(fields | more))


def says(trial):
    """What the attempt says."""
    return Reaction(trial.ask.name)


def test_answers_are_told_in_the_order_of_the_questions():
    """However they came; a game ends where it asks no more."""
    course = Course(Counting)
    assert course.number == 1
    trials = [attempt(2, "hit"), attempt(1), attempt(3), attempt(4)]
    course.follow(trials, says)
    assert course.game.told == [False, True, False]
    assert [(question, trial.id) for question, trial, _ in course.told] == [(1, 10), (2, 20), (3, 30)]
    assert (course.hits, course.number) == (1, 4)
    assert [number_of(trial) for trial in trials] == [2, 1, 3, 4]


def test_an_attempt_that_says_nothing_is_followed_by_another():
    """The first that says something answers."""
    course = Course(Counting).follow([attempt(1, "silent"), attempt(1, "hit", tried=1), attempt(2, "silent")], says)
    assert course.game.told == [True]


def test_what_is_no_answer_is_left_out():
    """Controls, pairs, and harmless attempts."""
    others = [attempt(1, changed="control"), attempt(1, role=Role.BASELINE), attempt(1, changed="sni", pair=1)]
    assert Course(Counting).follow(others, says).told == []


def test_an_answer_that_counts_no_more_begins_the_game_anew():
    """A void found later takes back all that followed from it."""
    course = Course(Counting).follow([attempt(1, "hit"), attempt(2, "hit")], says)
    course.follow([attempt(1, "passed", tried=1), attempt(2, "hit")], says)
    assert course.game.told == [False, True]


def test_what_was_asked_before_the_last_answer_answers_nothing():
    """It was asked of another game, before an earlier answer was found void: its question was another one."""
    course = Course(Counting).follow([attempt(1, id=50), attempt(2, "hit", id=20), attempt(2, "passed", id=60)], says)
    assert course.game.told == [False, False]
    assert (course.last, course.before(1), course.before(2)) == (60, -1, 50)


def test_one_text_on_two_ports_is_one_text():
    """Ports of ours take turns."""
    one = Ask(layer=Layer.HTTP, url="http://a.example/x", port=8080, address="192.0.2.1")
    other = Ask(layer=Layer.HTTP, url="http://a.example/x", port=8081, address="192.0.2.1")
    assert anywhere(one) == anywhere(other)
    assert anywhere(one) != anywhere(Ask(layer=Layer.HTTP, url="http://a.example/y", port=8080))
