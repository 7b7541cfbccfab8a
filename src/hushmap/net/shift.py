"""Moves the times of steps from one clock's zero to another's.

A helper counts from its own start of work; a record has one clock, the run's (model.step).
"""

import msgspec

from hushmap.model import Resolve, Step


def shifted(step: Step, by: float) -> Step:
    """`step` with `by` seconds added to every time in it; the byte-arrival curve counts from t0 and stays."""
    moved = msgspec.structs.replace(step, t0=step.t0 + by, t=step.t + by)
    if isinstance(moved, Resolve):
        answers = tuple(msgspec.structs.replace(answer, t=answer.t + by) for answer in moved.answers)
        return msgspec.structs.replace(moved, answers=answers)
    return moved
