"""Tests of hushmap.model.trial."""

import pytest

from hushmap.model import Ask, Attempt, Failure, Hop, Layer, Role, Side, trial_of
from trials import loaded, lookup, said


def test_a_trial_is_its_attempt_and_what_came_of_it():
    """Every field of the attempt is kept."""
    attempt = Attempt(
        id=7, ask=Ask(layer=Layer.TCP), role=Role.CANARY, side=Side.HELPER, round=2, causes=(1,), pair=3,
        changed="sni", bystander=True, cooling=True, alone=True, not_before=9.0,
    )  # fmt: skip
    trial = trial_of(attempt, undone="budget", in_flight=4, t0=1.0, t=2.0)
    assert all(getattr(trial, name) == getattr(attempt, name) for name in Attempt.__struct_fields__)
    assert (trial.undone, trial.in_flight, trial.t0, trial.t, trial.steps) == ("budget", 4, 1.0, 2.0, ())


@pytest.mark.parametrize(
    ("trial", "has"),
    [
        (lookup(1, ()), set()),
        (loaded(1), {"connect", "handshake", "fetch"}),
        (loaded(1, Failure.RESET, at="handshake"), {"connect", "handshake"}),
        (said(1), {"connect", "exchange"}),
    ],
)
def test_steps_are_found_by_kind(trial, has):
    """Those that were not reached are `None`."""
    kinds = {"connect", "handshake", "fetch", "exchange"}
    assert {kind for kind in kinds if getattr(trial, kind) is not None} == has
    assert bool(trial.resolves) is (not has)


def test_what_could_not_be_said_was_not_sent():
    """An attempt without a connection showed no name to anybody; a lookup did, and so did a handshake that was cut."""
    assert not loaded(1, Failure.REFUSED, at="connect").sent
    assert loaded(1, Failure.RESET, at="handshake").sent
    assert lookup(1, ()).sent
    assert not trial_of(Attempt(id=1, ask=Ask(layer=Layer.TCP)), undone="budget").sent


def test_a_hop_is_found():
    """The act with a small TTL is a step of its own kind."""
    hop = Hop(t0=0.0, t=0.1, address="203.0.113.7", port=443, ttl=3, router="192.0.2.1", icmp=(11, 0))
    assert trial_of(Attempt(id=1, ask=Ask(layer=Layer.TCP, ttl=3)), (hop,)).hop is hop
    assert loaded(1).hop is None


def test_the_step_that_failed_is_the_one_with_a_failure():
    """There is at most one, and of a success none."""
    assert loaded(1).failed is None
    assert loaded(1, Failure.RESET, at="handshake").failed.failure is Failure.RESET
