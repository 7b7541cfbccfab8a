"""Tests of hushmap.experiments.conditions."""

import pytest

from hushmap.experiments.conditions import Conditions
from hushmap.model import Context
from worlds import conditions


def test_the_context_of_a_draft_is_what_was_known_from_the_start():
    """Everything that pairs are read with; what the run learns later is not in it."""
    given = conditions(scale=5.0, ipv6=True)
    assert given.context(0.07) == Context(
        f0=0.07,
        alpha=0.01,
        targets=50,
        scale=5.0,
        baseline_names=("www.baseline-a.example", "www.baseline-b.example"),
        dark="udp://203.0.113.10:53",
        helper="203.0.113.10",
        ipv6=True,
    )


def test_without_anything_only_the_system_resolver_is_measured():
    """No helper, no baselines: the least that a run may know."""
    assert Conditions().resolvers == ("system",)
    assert Conditions().context(0.05) == Context()


def test_a_helper_of_oonis_kind_is_a_helper_without_an_address():
    """The record names it, so that rules know that there was something to compare with."""
    given = conditions(helper_address=None, helper_url="https://0.th.ooni.org/", dark=None)
    assert given.context(0.05).helper == "https://0.th.ooni.org/"


@pytest.mark.parametrize(
    ("scale", "seconds", "waited"), [(1.0, 2.0, 2.0), (5.0, 2.0, 0.4), (30.0, 2.0, 0.25), (30.0, 0.1, 0.1)]
)
def test_no_scale_makes_a_wait_shorter_than_packets_need(scale, seconds, waited):
    """A lab's clock may run fast; its packets do not."""
    assert conditions(scale=scale).waited(seconds) == waited
