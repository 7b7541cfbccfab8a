"""Tests of hushmap.experiments.domain."""

import pytest

from hushmap.lab.censors.parameters import Censor
from hushmap.model import Outcome, Place, Target
from planted import CANARY, Planted
from worded import Worded

NAME = "news.blocked.example"


def domain(*censors, name=NAME, place=Place.TLS_SNI, **more):
    """What is said of a name."""
    canary = Censor(kind="sni-reset", words=(CANARY,), every_port=True)
    run = Planted(Worded(censors=(*censors, canary), **more))
    run.calibrate(place)
    return run.judged(Target(experiment="domain", text=name, place=place))


def of(name, matching):
    """A censor of a name, read in one of the ways of the lab."""
    return Censor(kind="sni-reset", names=(name,), matching=matching, every_port=True, residual_s=90.0)


@pytest.mark.parametrize(
    ("matching", "pattern"),
    [("exact", "exact"), ("domain", "suffix"), ("ending", "ending"), ("beginning", "beginning")],
)
def test_the_reach_of_a_rule_is_found(matching, pattern):
    """Nine strings around the name tell how it is read."""
    verdict, _ = domain(of(NAME, matching))
    assert verdict.outcome is Outcome.BLOCKED
    (trigger,) = verdict.triggers
    assert (trigger.kind, trigger.parts, trigger.pattern) == ("domain", (NAME,), pattern)
    assert trigger.expression
    assert trigger.hits[0] >= 5


def test_a_name_under_a_cut_name_is_told_from_it():
    """The widest name that is acted upon is named, not the one that was asked about."""
    verdict, _ = domain(of("blocked.example", "domain"))
    (trigger,) = verdict.triggers
    assert (trigger.parts, trigger.pattern) == (("blocked.example",), "suffix")


def test_what_is_only_under_a_name_is_cut_off_is_blocked():
    """The name that was asked for is put to pairs, for the one above it passes."""
    verdict, _ = domain(of("blocked.example", "under"))
    assert verdict.outcome is Outcome.BLOCKED
    (trigger,) = verdict.triggers
    assert trigger.pattern == "below"


def test_a_rule_that_does_not_cover_the_name_is_not_told_of_it():
    """Two rules: one of the name, one of the name above it."""
    verdict, _ = domain(of("blocked.example", "exact"), of(NAME, "exact"))
    (trigger,) = verdict.triggers
    assert (trigger.parts, trigger.pattern) == ((NAME,), "unexplained")


def test_letters_anywhere_are_a_substring():
    """Innocent names hold them too, and are counted."""
    verdict, _ = domain(Censor(kind="sni-reset", words=(NAME,), every_port=True))
    (trigger,) = verdict.triggers
    assert trigger.pattern == "substring"


def test_a_name_that_passes_takes_few_attempts():
    """Nothing else is asked about it."""
    verdict, record = domain()
    assert verdict.outcome is Outcome.OK
    assert len(record.trials) <= 8


def test_what_no_one_rule_explains_is_said_to_be_so():
    """Two rules about one name."""
    two = (of(NAME, "exact"), of(f"{NAME}ghkdwr", "beginning"))
    verdict, _ = domain(*two, Censor(kind="sni-reset", words=(f"{NAME}.",), every_port=True))
    assert {trigger.pattern for trigger in verdict.triggers} <= {"unexplained", "exact", "pattern"}
