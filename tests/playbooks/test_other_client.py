"""A name that is cut, asked once more with a hello like a browser's: agreement, disagreement, neither."""

import pytest

from hushmap.model import Failure, Layer, Outcome, Role, Scope, Target
from worlds import HELPER, SITE, World, conditions, converse

BROWSER = conditions(browser=True)
PAGE = Target(experiment="web", text="https://news.example/")
NAME = Target(experiment="sni", text="news.example")


def cutting(which):
    """A censor of the name who looks at whose hello it is."""

    def blocks(ask):
        named = "news.example" in f"{ask.sni}{ask.url}" and (ask.url or "https:").startswith("https:")
        return Failure.RESET if named and ask.layer in {Layer.TLS, Layer.HTTP} and which(ask) else None

    return World(blocks=blocks)


def browser_trials(record):
    """The subjects that looked like a browser."""
    return [trial for trial in record.trials if trial.ask.hello and trial.role is Role.SUBJECT]


@pytest.mark.parametrize("target", [PAGE, NAME])
def test_a_name_that_is_cut_for_a_browser_too_needs_one_pair_more(target):
    """They agree, and the verdict is what it was: counts are not added up."""
    verdict, record = converse(cutting(lambda _ask: True), target, BROWSER)
    plain, _ = converse(cutting(lambda _ask: True), target, conditions())
    assert (verdict.outcome, verdict.scope) == (Outcome.BLOCKED, Scope.ALL)
    assert (verdict.mechanisms, verdict.counts, verdict.error_bound) == (
        plain.mechanisms, plain.counts, plain.error_bound,
    )  # fmt: skip
    assert len(browser_trials(record)) == 1
    assert browser_trials(record)[0].ask.address == HELPER


@pytest.mark.parametrize("target", [PAGE, NAME])
def test_a_name_that_passes_for_a_browser_is_cut_for_this_client(target):
    """Six in a row passed where ours is cut: the scope says so, and the counts are those of our own hello."""
    verdict, record = converse(cutting(lambda ask: ask.hello is None), target, BROWSER)
    assert (verdict.outcome, verdict.scope) == (Outcome.BLOCKED, Scope.THIS_CLIENT)
    assert verdict.mechanisms == ("tls.reset.sni",)
    assert len(browser_trials(record)) == 6


def test_one_pass_beside_a_hit_is_no_disagreement():
    """A filter that misses one of two is still everybody's."""
    seen = []

    def missing(ask):
        if ask.hello is not None:
            seen.append(ask)
        return ask.hello is None or len(seen) > 1

    verdict, record = converse(cutting(missing), NAME, BROWSER)
    assert (verdict.scope, len(browser_trials(record))) == (Scope.ALL, 2)


@pytest.mark.parametrize("target", [PAGE, NAME])
@pytest.mark.parametrize("given", [BROWSER, conditions()])
def test_who_is_not_cut_is_not_asked_again(target, given):
    """An innocent name costs what it did."""
    _, record = converse(World(), target, given)
    assert not any(trial.ask.hello for trial in record.trials)


def test_without_the_extra_nothing_changes():
    """No attempt, no scope."""
    verdict, record = converse(cutting(lambda ask: ask.hello is None), NAME, conditions())
    assert verdict.scope is Scope.ALL
    assert not any(trial.ask.hello for trial in record.trials)


def test_without_an_address_of_ours_the_site_is_asked():
    """Then a reset at its own server is what is asked about again."""
    alone = conditions(browser=True, helper=False, helper_address=None, echo_http=None, echo_tls=None, dark=None)
    verdict, record = converse(cutting(lambda ask: ask.hello is None), PAGE, alone)
    if verdict.outcome is Outcome.BLOCKED:
        assert verdict.scope is Scope.THIS_CLIENT
        assert {trial.ask.address for trial in browser_trials(record)} == {SITE}
