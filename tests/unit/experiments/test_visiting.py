"""What search and watch share: a page is asked for again while what came says nothing."""

import pytest

from hushmap.experiments.conversation import Want
from hushmap.experiments.visiting import GAP, LONGEST_GAP, WALL_GAP, Visiting
from hushmap.model import Ask, Layer, Role, Target, Trial
from worlds import conditions

FIRST = Want(
    ask=Ask(layer=Layer.HTTP, url="https://p.example/", address="198.51.100.7"),
    role=Role.SUBJECT,
    round=6,
    not_before=5.0,
)


class Visit(Visiting):
    """One page, that says something when it is asked for in vain no more."""

    experiment, most, tries = "watch", 40, 4
    wall = False

    def wanted(self):
        """The page."""
        return list(self.until(FIRST, lambda trial: trial.t < 0))

    def walled(self, trial):
        """As the test says."""
        return self.wall


@pytest.fixture
def visit():
    """A visit of which nothing was told."""
    return Visit(Target(experiment="watch", text="p1"), conditions(scale=2.0), 1)


def came(visit, at):
    """The page is asked for, and comes at such a time; when it was due."""
    (attempt,) = visit.ask(0.05)
    fields = {name: getattr(attempt, name) for name in ("ask", "role", "side", "round", "changed", "not_before")}
    visit.tell(Trial(id=attempt.id, t0=at, t=at, **fields))
    return attempt.round, attempt.not_before


def test_gaps_grow_and_end(visit):
    """The first when it is due; then 3, 6, 12 seconds after the last, in the lab's time; four in all."""
    found = [came(visit, 100.0 * number) for number in range(4)]
    assert found == [(6, 5.0), (7, GAP / 2), (8, 100 + GAP), (9, 200 + 2 * GAP)]
    assert visit.ask(0.05) == ()


def test_after_a_captcha_gaps_are_long_and_bounded(visit):
    """Nobody is let in the sooner for asking again."""
    visit.wall = True
    found = [came(visit, 0.0)[1] for _ in range(4)]
    assert found == [5.0, WALL_GAP / 2, WALL_GAP, LONGEST_GAP / 2]


def test_what_says_something_is_not_asked_for_again(visit):
    """Neither then nor later."""
    came(visit, -1.0)
    assert visit.ask(0.05) == ()


def test_visits_have_the_limit_of_the_plan(visit):
    """A platform's name tells nobody what is asked for, so no contact counts against it."""
    assert visit._contact(FIRST) is None


def test_what_a_captcha_looks_like_is_each_experiments_matter(visit):
    """The base knows no page."""
    with pytest.raises(NotImplementedError):
        Visiting.walled(visit, Trial(id=1, ask=FIRST.ask))
