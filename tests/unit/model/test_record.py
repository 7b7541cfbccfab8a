"""Tests of hushmap.model.record."""

import msgspec

from hushmap.model import Amend, Void, amended
from trials import CONTEXT, lookup, record

TWO = record(lookup(1, ()), lookup(2, ()), lookup(3, (), undone="budget"))


def test_void_and_undone_trials_are_kept_and_not_counted():
    """The record holds them; rules do not see them."""
    made = msgspec.structs.replace(TWO, context=msgspec.structs.replace(CONTEXT, voids=(Void(trial=1, reason="r"),)))
    assert made.voided == {1}
    assert [trial.id for trial in made.counted] == [2]
    assert len(made.trials) == 3


def test_a_later_void_is_an_amendment_of_the_record_that_it_names():
    """Others leave it as it is, and none changes nothing."""
    late = Amend(record="r-1", voids=(Void(trial=2, reason="network_lost"),))
    other = Amend(record="r-2", voids=(Void(trial=1, reason="network_lost"),))
    assert [trial.id for trial in amended(TWO, (other, late)).counted] == [1]
    assert amended(TWO, (other,)) is TWO
    assert amended(amended(TWO, (late,)), (late,)).voided == {2}
