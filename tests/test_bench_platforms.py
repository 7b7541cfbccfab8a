"""The bench of platforms: what counts as found, as missed and as false."""

import importlib.util
import sys
from datetime import date

import pytest

from house import ROOT
from hushmap.lab.platform.contents import Contents, Post, Word
from hushmap.lab.platform.pages import Order
from hushmap.model import Outcome


def _loaded():
    folder = ROOT / "tests" / "bench"
    sys.path.insert(0, str(folder))
    try:
        spec = importlib.util.spec_from_file_location("bench_platforms", folder / "platforms.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(folder))
    return module


bench = _loaded()
Said = bench.Said
REMOVED = Said(Outcome.REMOVED, ("platform.removed",), 500.0, 1200.0)


def visible(start, end=None):
    """A visit that sees a post."""
    return Said(Outcome.VISIBLE, (), start, start + 1.0 if end is None else end)


def posts(*visits, fate="removed", at=400.0):
    """The score of one post."""
    post = Post(id="p", account="a", fate=fate, posted=-10.0, at=at)
    truth = Contents(site="x.test", seed=1, words=(), posts=(post,), items=())
    score = bench.score_posts(truth, {"p": visits})
    return sum(score.found.values()), len(score.false)


def words(fate, said):
    """The score of one word."""
    truth = Contents(site="x.test", seed=1, words=(Word(text="w", fate=fate),), posts=(), items=())
    score = bench.score_words(truth, {} if said is None else {"w": said})
    return sum(score.found.values()), len(score.false)


@pytest.mark.parametrize(
    ("visits", "found", "false"),
    [
        ((visible(60.0), REMOVED), 1, 0),
        ((visible(60.0),), 1, 0),
        ((visible(60.0), Said(Outcome.INSUFFICIENT, (), 500.0, 600.0)), 0, 0),
        ((visible(60.0), visible(900.0)), 0, 1),
        ((visible(450.0),), 0, 0),
        ((Said(Outcome.REMOVED, ("platform.removed",), 10.0, 20.0),), 0, 1),
        ((visible(60.0), Said(Outcome.WITHDRAWN, ("platform.author_removed",), 500.0, 1200.0)), 0, 1),
        ((visible(60.0), Said(Outcome.REMOVED, (), 500.0, 1200.0)), 0, 0),
        ((), 0, 0),
    ],
)
def test_the_end_of_a_post_must_be_found_and_nothing_said_that_was_not_so(visits, found, false):
    """By outcome and mechanism; a replica may lag by two minutes."""
    assert posts(*visits) == (found, false)


def test_what_stays_is_never_gone_and_behind_a_login_nothing_is_said():
    """The removal of a post that stays is false; so is any word of one that nobody may see."""
    assert posts(visible(60.0), fate="stays", at=None) == (1, 0)
    assert posts(visible(60.0), REMOVED, fate="stays", at=None) == (0, 1)
    assert posts(Said(Outcome.INSUFFICIENT, (), 1.0, 2.0, login=True), fate="login", at=None) == (1, 0)
    assert posts(Said(Outcome.INSUFFICIENT, (), 1.0, 2.0), fate="login", at=None) == (0, 0)
    assert posts(visible(60.0), fate="login", at=None) == (0, 1)


def test_an_order_counts_as_read_by_number_and_day():
    """Of each notice that was found."""
    order = Order(number="2025-7", day=date(2025, 3, 1))
    truth = Contents(site="x.test", seed=1, words=(Word(text="w", fate="notice", order=order),), posts=(), items=())
    for told, read in ((("2025-7", "2025-03-01"), [True]), (("2025-7", ""), [False])):
        said = Said(Outcome.SUPPRESSED, ("platform.notice",), order=told)
        assert bench.score_words(truth, {"w": said}).orders == read


@pytest.mark.parametrize(
    ("fate", "said", "found", "false"),
    [
        ("open", Said(Outcome.VISIBLE), 1, 0),
        ("open", Said(Outcome.SUPPRESSED, ("platform.empty",)), 0, 1),
        ("rare", Said(Outcome.SUPPRESSED, ("platform.empty",)), 0, 1),
        ("empty", Said(Outcome.SUPPRESSED, ("platform.empty",)), 1, 0),
        ("empty", Said(Outcome.SUPPRESSED, ("platform.soft",)), 0, 0),
        ("empty", Said(Outcome.VISIBLE), 0, 0),
        ("login", Said(Outcome.INSUFFICIENT, login=True), 1, 0),
        ("login", Said(Outcome.INSUFFICIENT), 0, 0),
        ("soft", None, 0, 0),
    ],
)
def test_a_word_is_found_by_outcome_and_mechanism(fate, said, found, false):
    """And called suppressed only where it is."""
    assert words(fate, said) == (found, false)
