"""What is common to records about several words or a text: how a place was calibrated, and triggers put to pairs.

A game of questions says what the triggers seem to be; each must then stand alone against a harmless text of its
length in bracketed pairs (METHOD 3), and only those pairs make a block of it.
"""

from datetime import datetime, timedelta
from functools import cached_property

import msgspec

from hushmap.detect.course import CONTROL, anywhere
from hushmap.detect.names import Sending, name_of, refusable
from hushmap.detect.pairs import PairTest
from hushmap.detect.reactions import Reaction
from hushmap.detect.ruling import baseline_counts, is_partial
from hushmap.model import (
    Ask,
    Calibration,
    Direction,
    Place,
    Rates,
    Reason,
    Record,
    Trial,
    Trigger,
    place_key,
)
from hushmap.sampling import Decision

RESIDUAL = "residual"
"""Why a trial is void whose failure belongs to a hit before it."""
UNCALIBRATED = Rates(false_hit=0.05, miss=0.25)
"""Where nothing was planted: the noise that METHOD 3 assumes at least, and the misses that it expects to find."""


def calibration_of(record: Record) -> Calibration | None:
    """What planted words showed of the place and encoding of a record."""
    return record.context.calibrations.get(place_key(record.layer, record.encoding))


def direction_of(place: str | None) -> str:
    """Which way words travel in a place, by its name in a record."""
    known = place_of(place)
    return Direction.CLIENT_TO_SERVER.value if known is None else known.direction.value


def place_of(name: str | None) -> Place | None:
    """The place that a record names; `None` for none that is known."""
    try:
        return Place(name or "")
    except ValueError:
        return None


def moment(record: Record, t: float) -> str:
    """UTC of a second on the run's clock; empty where the record does not say when its run started."""
    try:
        begun = datetime.fromisoformat(record.run_started)
        return (begun + timedelta(seconds=t)).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError):
        return ""


class Worded(Sending):
    """The counted trials of a record about words, with what its place was calibrated to."""

    @cached_property
    def calibration(self) -> Calibration | None:
        """What planted words showed of this place; `None`: nothing was planted."""
        return calibration_of(self.record)

    @property
    def frame(self) -> str:
        """From what triggers were sampled."""
        return self.record.annotations.get("frame", self.record.target)

    @cached_property
    def controls(self) -> tuple[int, int]:
        """(cut off, informative) of the harmless attempts among the questions."""
        said = [self.says(trial) for trial in self.trials if trial.changed == CONTROL]
        return said.count(Reaction.HIT), len(said) - said.count(Reaction.SILENT)

    @cached_property
    def _by_text(self) -> dict[tuple[object, ...], list[PairTest]]:
        found: dict[tuple[object, ...], list[PairTest]] = {}
        for test in self.tests:
            found.setdefault(anywhere(test.subject), []).append(test)
        return found

    def put_to_pairs(self, ask: Ask) -> PairTest | None:
        """The test of what an ask says, on whichever of our ports: the decided one, else the one with most pairs."""
        made = self._by_text.get(anywhere(ask), [])
        decided = (test for test in made if test.decision is Decision.INTERFERED)
        return next(decided, max(made, key=lambda test: test.counted, default=None))

    def holds(self, test: PairTest | None) -> bool:
        """Whether pairs have shown that something is cut off, always or in a share that loss does not explain."""
        if test is None or refusable(test, self.context):
            return False
        return test.decision is Decision.INTERFERED or is_partial(test, self.context)

    def settled(self, ask: Ask) -> bool:
        """Whether pairs about what an ask says have decided, either way."""
        test = self.put_to_pairs(ask)
        return test is not None and test.decision in {Decision.INTERFERED, Decision.CLEAN}

    def proven(self, alone: Trial, trigger: Trigger) -> Trigger | None:
        """A trigger with its counts, where pairs of it alone have decided against the line."""
        test = self.put_to_pairs(alone.ask)
        if test is None or not self.holds(test):
            return None
        return found_by(self.record, test, name_of(self, test), self.frame, trigger)


def found_by(record: Record, test: PairTest, mechanism: str, frame: str, trigger: Trigger) -> Trigger:
    """A trigger with what pairs of it alone have shown; it has a bound only where the sequential test decided."""
    starts = [trial.t0 for trial in test.hit_trials]
    bounded = test.decision is Decision.INTERFERED and not test.direct
    return msgspec.structs.replace(
        trigger,
        place=record.layer or "",
        encoding=record.encoding or "",
        direction=direction_of(record.layer),
        mechanism=mechanism,
        hits=test.in_all,
        harmless=baseline_counts(test),
        error_bound=test.error_bound if bounded else None,
        helper="own helper" if record.context.echo else "address",
        frame=frame,
        first_seen=moment(record, min(starts)),
        last_seen=moment(record, max(starts)),
        proof=test.proof,
    )


def open_reason(record: Record, *, controls_failed: bool) -> Reason:
    """Why questions were left open. What is void is asked again: only what ended in an outage is open for it."""
    if record.context.budget_spent:
        return Reason.BUDGET
    void = {one.trial: one.reason for one in record.context.voids}
    last = max((trial.id for trial in record.trials), default=0)
    if void.get(last, RESIDUAL) != RESIDUAL:
        return Reason.NETWORK_LOST
    return Reason.SELF_INDUCED if controls_failed or RESIDUAL in void.values() else Reason.BUDGET
