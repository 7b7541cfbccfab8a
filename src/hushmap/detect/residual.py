"""What goes on being blocked after a trigger: whose flows, for how long, and whether trying again prolongs it.

The trigger is a name in a ClientHello toward an address of ours; what follows is harmless and differs from it in one
part of its tuple at a time (refs/BEYOND 2.7). A round counts only if harmless flows passed before it, at another
address right after it, and there again beside what follows: a line that fails is no censor. The same round with a
harmless name in the trigger's place tells a server or a box that tires of many flows from one that minds the name.
"""

from enum import StrEnum
from functools import cached_property

import msgspec

from hushmap.detect.names import FIRST, SNI_RULES, Sending
from hushmap.detect.reactions import Reaction
from hushmap.detect.ruling import Rule, Ruling
from hushmap.model import LOCAL, Evidence, Failure, Outcome, Reason, Role, Trial
from hushmap.sampling import F0_FLOOR, Decision, Lasting, Look, SequentialTest, lasts


class Follow(StrEnum):
    """Values of `Trial.changed`: how a flow of a round differs from its trigger."""

    TUPLE = "tuple"
    """In nothing but the name: both addresses and ports are the trigger's."""
    SOURCE_PORT = "source_port"
    PORT = "port"
    """Another port of the same server."""
    BESIDE = "beside"
    """Another server, at the same moment."""
    SHAM = "sham"
    """A harmless name in the trigger's place."""
    AGAIN = "again"
    """The trigger once more, while it lasts."""
    PROBE = "probe"
    """A harmless flow, while it lasts."""
    CONTROL = "control"
    """A harmless flow, before anything was triggered."""


ARMS = (Follow.TUPLE, Follow.SOURCE_PORT, Follow.PORT)
_SCOPES = {Follow.TUPLE: "4-tuple", Follow.SOURCE_PORT: "3-tuple", Follow.PORT: "2-tuple"}
NOTHING = "nothing"
LEAST_ROUNDS = 3
"""refs/BEYOND 2.7 step 5."""
LEAST_SECONDS, MOST_SECONDS = 2.0, 300.0
"""Moments that are looked at: METHOD 3's first cooling baseline, and well past the 180 s that are reported."""
_SHARE = 0.6
"""Of the flows that follow, a censor hits half to three quarters (refs/BEYOND 2.7)."""
_ALPHA, _BETA = 0.02, 0.1
"""A scope is a fact beside a verdict that has a test of its own: two hits of two decide, or three passes of three."""


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """One trigger, or a harmless name in its place, and what was seen after it."""

    number: int
    kind: str
    """`after`, `sham`, `again` or `probe`."""
    arms: dict[str, tuple[Look, ...]]
    """Looks by what they had in common with the trigger; seconds at full scale."""

    def held(self, arm: str) -> bool:
        """Whether any flow of an arm was cut."""
        return any(look.held for look in self.arms[arm])


def held(trial: Trial, says: Reaction) -> bool | None:
    """Whether a harmless flow was cut, at whatever step; `None` where this computer is to blame, or nobody knows."""
    if says is Reaction.PASSED:
        return False
    failed = trial.failed
    if failed is None or failed.failure in {*LOCAL, Failure.UNKNOWN}:
        return None
    return True


class Lingering(Sending):
    """The counted trials about one trigger, round by round."""

    arms = ARMS
    nothing = NOTHING
    most_seconds = MOST_SECONDS

    @cached_property
    def rounds(self) -> tuple[Round, ...]:
        """The rounds that count, in order."""
        numbers = sorted({trial.pair for trial in self.trials if trial.pair is not None})
        spoiled = {trial.pair for trial in self.record.trials if trial.id in self.record.voided}
        found = (self._round(number) for number in numbers if number not in spoiled)
        return tuple(each for each in found if each is not None)

    def _round(self, number: int) -> Round | None:
        members = [trial for trial in self.trials if trial.pair == number]
        trigger = next((trial for trial in members if self._begins(trial)), None)
        beside = [trial for trial in members if trial.changed == Follow.BESIDE or trial.bystander]
        if trigger is None or not beside or not all(self.says(trial) is Reaction.PASSED for trial in beside):
            return None
        sham = trigger.changed == Follow.SHAM
        if self.says(trigger) is not (Reaction.PASSED if sham else Reaction.HIT):
            return None
        kinds = [trial.changed for trial in members if trial.changed in {Follow.AGAIN, Follow.PROBE}]
        arms: dict[str, tuple[Look, ...]] = {}
        for trial in members:
            if trial.changed in ARMS:
                look = self._look(trigger, trial)
                arms[trial.changed] = (*arms.get(trial.changed, ()), *([look] if look is not None else []))
        kind = Follow.SHAM if sham else kinds[0] if kinds else "after"
        return Round(number=number, kind=kind or "", arms={arm: looks for arm, looks in arms.items() if looks})

    def _begins(self, trial: Trial) -> bool:
        """Whether a trial of a round is what the rest follows."""
        if trial.cooling:
            return False
        return trial.role is not Role.BASELINE or trial.changed == Follow.SHAM

    def _look(self, trigger: Trial, trial: Trial) -> Look | None:
        """Seconds since the trigger at least, if the flow was cut; at most, if it passed."""
        cut = held(trial, self.says(trial))
        if cut is None:
            return None
        sent = trigger.handshake.t0 if trigger.handshake is not None else trigger.t0
        return Look(after=(trial.t0 - (trigger.t if cut else sent)) * self.context.scale, held=cut)

    def _decided(self, arm: str, kind: str) -> Decision:
        """Whether flows of an arm are cut after triggers, or after harmless names."""
        # Rounds without all arms look at moments that were chosen to find the end: they tell nothing of the scope.
        made = [each.held(arm) for each in self.rounds if each.kind == kind and set(ARMS) <= set(each.arms)]
        f0 = max(self.context.f0, F0_FLOOR)
        if f0 >= _SHARE or len(made) < LEAST_ROUNDS:
            return Decision.UNDECIDED
        return SequentialTest(f0=f0, f1=_SHARE, alpha=_ALPHA, beta=_BETA).decide(sum(made), len(made) - sum(made))

    @cached_property
    def after_harmless(self) -> bool:
        """Whether flows are cut after harmless names too: too many flows are minded, not the name."""
        return any(self._decided(arm, Follow.SHAM) is Decision.INTERFERED for arm in ARMS)

    @cached_property
    def scope(self) -> str | None:
        """The smallest tuple that stays blocked, `nothing`; `None` while it is open."""
        after = {arm: self._decided(arm, "after") for arm in ARMS}
        harmless = {self._decided(arm, Follow.SHAM) for arm in ARMS}
        if harmless != {Decision.CLEAN} or not {*after.values()} <= {Decision.CLEAN, Decision.INTERFERED}:
            return None
        cut = [arm for arm in ARMS if after[arm] is Decision.INTERFERED]
        return _SCOPES[cut[-1]] if cut else NOTHING

    @property
    def arm(self) -> Follow:
        """The flows by which a duration is told: new ones, where these are cut too."""
        return Follow.TUPLE if self.scope == _SCOPES[Follow.TUPLE] else Follow.SOURCE_PORT

    @cached_property
    def duration(self) -> Lasting:
        """How long it lasts, by every look at what nothing prolonged."""
        looks = [look for each in self.rounds if each.kind == "after" for look in each.arms.get(self.arm, ())]
        return lasts(looks, least=LEAST_SECONDS, most=MOST_SECONDS)

    def prolonged(self, kind: str) -> bool | None:
        """Whether it lasts longer after the trigger again, or after a harmless flow; `None` while it is open."""
        end = self.duration.high
        late = [
            each.held(self.arm)
            for each in self.rounds
            if each.kind == kind
            and end is not None
            and each.arms.get(self.arm)
            and all(look.after >= end for look in each.arms[self.arm])
        ]
        if len(late) < LEAST_ROUNDS or 0 < sum(late) < len(late) - 1:
            return None
        return sum(late) > 1

    @property
    def facts(self) -> dict[str, str]:
        """What a sentence may say of it."""
        if self.scope in {None, NOTHING}:
            return {} if self.scope is None else {"lingers": NOTHING}
        lasting = self.duration
        if not lasting.low:
            return {}  # perhaps nothing lasts: what was cut may have been lost
        facts = {"lingers": self.scope or "", "lingers_low": f"{lasting.low:.0f}", "looks": f"{lasting.looks}"}
        if lasting.high is not None:
            facts["lingers_high"] = f"{lasting.high:.0f}"
        told = {kind: self.prolonged(kind) for kind in (Follow.AGAIN, Follow.PROBE)}
        return facts | {
            f"after_{kind.value}": "longer" if more else "same" for kind, more in told.items() if more is not None
        }


_PAIR = next(rule for rule in SNI_RULES if rule.id == "sni.pair")


def _uncontrolled(seen: Lingering) -> Ruling | None:
    """Harmless flows toward the same port have to pass before anything is triggered."""
    first = [trial for trial in seen.trials if trial.role is Role.BASELINE and trial.pair is None]
    passed = sum(seen.says(trial) is Reaction.PASSED for trial in first)
    if seen.subjects or passed >= LEAST_ROUNDS or not first:
        return None
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.NO_RULE, harmless=(len(first) - passed, len(first)))


def _tired(seen: Lingering) -> Ruling | None:
    return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.SELF_INDUCED) if seen.after_harmless else None


def _measured(seen: Lingering) -> Ruling | None:
    ruling = _PAIR.applies(seen) if seen.facts else None
    if ruling is None:
        return None
    return msgspec.structs.replace(ruling, facts=ruling.facts | seen.facts, evidence=Evidence.CONTROLLED)


RESIDUAL_RULES: tuple[Rule, ...] = (
    Rule(
        id="residual.no-control",
        what="Harmless handshakes toward the same port failed before any name was sent.",
        applies=_uncontrolled,
    ),
    *FIRST,
    Rule(
        id="residual.after-harmless",
        what="What follows is cut after harmless names too: somebody minds the number of flows.",
        applies=_tired,
    ),
    Rule(
        id="residual.measured",
        what="Handshakes with the name are cut, and it is known what of the harmless flows after them is.",
        applies=_measured,
    ),
    *(rule for rule in SNI_RULES if rule not in FIRST),
)
