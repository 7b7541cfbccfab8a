"""Words toward an echo of ours with several ports, driven as a run drives them: one cool-down for all inquiries.

What calibration found is handed to the next inquiry, as the runner does it (runner/desk.py, loop.py). The network is
`worded.Worded`: the lab's own censors as a function on asks.
"""

from dataclasses import dataclass, field

import msgspec

from hushmap.detect import judge
from hushmap.experiments import Conditions, Cooldown, echoes, measured, open_inquiry
from hushmap.model import IDS_PER_TARGET, Knowledge, Place, Record, Target, Verdict, trial_of
from worded import Worded
from worlds import conditions

CANARY = "falungate"
BEGUN = "2026-11-21T00:00:00Z"


@dataclass
class Planted:
    """One run about words."""

    world: Worded
    given: Conditions = field(default_factory=lambda: conditions(echo_tcp=7, echo_quic=443, echo_span=8))
    f0: float = 0.05
    in_flight: int = 0
    knowledge: Knowledge = field(default_factory=Knowledge)
    inquiries: int = 0

    def __post_init__(self):
        self.cooldown = Cooldown(self.given.scale)

    def ask(self, target: Target) -> Record:
        """Drive one inquiry to its end; its record."""
        self.inquiries += 1
        inquiry = open_inquiry(target, self.given, self.inquiries * IDS_PER_TARGET)
        waiting = list(inquiry.ask(self.f0))
        while waiting:
            waiting.sort(key=self._ready)
            attempt = waiting.pop(0)
            self.world.now = max(self.world.now, self._ready(attempt))
            steps = self.world.steps(attempt.ask, attempt.side)
            t0, t = self.world.now, max(step.t for step in steps)
            self.world.now = t + 0.01
            busy = 0 if attempt.alone else self.in_flight
            trial = trial_of(attempt, steps, in_flight=busy, t0=t0, t=t)
            inquiry.tell(trial)
            inquiry.void(self.cooldown.tell(trial))
            waiting += inquiry.ask(self.f0)
        assert inquiry.done, "the conversation ends"
        return self._sealed(target, inquiry)

    def _ready(self, attempt) -> float:
        return max(attempt.not_before, self.cooldown.ready(attempt))

    def _sealed(self, target: Target, inquiry) -> Record:
        context = msgspec.structs.replace(
            self.given.context(self.f0), voids=inquiry.voids, calibrations=dict(self.given.calibrations)
        )
        return Record(
            id=f"run-{self.inquiries}", run="run", experiment=target.experiment, target=target.text, started=BEGUN,
            ended=BEGUN, run_started=BEGUN, layer=target.place.value if target.place else None,
            encoding=target.encoding, words=target.words, canary=target.canary, context=context,
            trials=inquiry.trials,
        )  # fmt: skip

    def calibrate(self, place: Place, canary: str = CANARY, **more) -> Record:
        """Plant a canary, and know from then on what it showed."""
        record = self.ask(Target(experiment="calibrate", text=canary, place=place, canary=True, **more))
        key, found = measured(record, self.knowledge)
        self.given = msgspec.structs.replace(self.given, calibrations={**self.given.calibrations, key: found})
        for echo in echoes(self.given):
            self.cooldown.know(echo.address, echo.ports, echo.residual)
        return record

    def judged(self, target: Target) -> tuple[Verdict, Record]:
        """What is said of a target."""
        record = self.ask(target)
        return judge(record, self.knowledge), record
