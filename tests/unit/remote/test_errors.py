"""What may pass is tried again, what will not is not."""

import pytest
import stamina

from hushmap.remote.errors import ATTEMPTS, PassingError, attempts
from hushmap.runs import RunsError


def _try(errors, said=None, **more):
    left = list(errors)
    tried = 0
    for attempt in attempts(said.append, **more) if said is not None else attempts(**more):
        with attempt:
            tried += 1
            if left:
                raise left.pop(0)
    return tried


def test_what_may_pass_is_tried_again():
    """Two failures that may pass, then it works; each is told."""
    said = []
    assert _try([PassingError("x", "is busy", "wait")] * 2, said) == 3
    assert said == ["x: is busy; trying again"] * 2


def test_what_does_not_pass_is_the_callers():
    """The last attempt's error comes out, and what will never work is tried once."""
    with pytest.raises(PassingError, match="x: is busy; wait"):
        _try([PassingError("x", "is busy", "wait")] * 9)
    errors = [RunsError("x", "is not there", "look"), AssertionError("tried twice")]
    with pytest.raises(RunsError, match="is not there"):
        _try(errors)


def test_who_asks_to_be_left_alone_is_left_alone():
    """The wait that was asked for is kept and told; a very long one is the person's to decide."""
    said, waits = [], []
    stamina.instrumentation.set_on_retry_hooks([lambda details: waits.append(details.wait_for)])
    try:
        assert _try([PassingError("x", "is busy", "wait", 7.0)], said) == 2
    finally:
        stamina.instrumentation.set_on_retry_hooks(None)
    assert said == ["x asks to be left alone for 7 s"]
    assert len(waits) == 1
    with pytest.raises(PassingError, match="is busy"):
        _try([PassingError("x", "is busy", "wait", 3600.0)], said)
    assert len(said) == 1


def test_attempts_are_few():
    """The number of attempts can be told, and is small."""
    assert ATTEMPTS <= 5
    with pytest.raises(PassingError):
        _try([PassingError("x", "is busy", "wait")], times=1)
