"""The `residual` experiment: after a name was cut, what else is cut for a while, and for how long?

Everything goes to ports of our own helper, so that nobody's server is cut off from others by our trying (METHOD 5).
A round is a harmless flow, the name, and harmless flows some time later that share its whole tuple, all but our port,
or only the two addresses; beside them one elsewhere, at the same moment. Rounds with a harmless name in the name's
place come in turn. Each begins afresh, for the run's cool-down waits until the address is at rest. refs/BEYOND 2.7.
"""

import zlib
from collections.abc import Iterator

import msgspec

from hushmap.detect import Follow, Lingering, Reaction, reaction
from hushmap.experiments.conditions import Conditions
from hushmap.experiments.conversation import Conversation, Want
from hushmap.experiments.pairing import COOLING_START, visit
from hushmap.model import Ask, Layer, Role, Target, Trial
from hushmap.sampling import Decision
from hushmap.wire import names

MAX_OF_RESIDUAL = 300
"""Attempts about one name, at most: 24 contacts of METHOD 5 begin a round of seven each, and as many rounds are
harmless."""
CONTROLS = 3
"""Harmless flows that must pass before anything is triggered (refs/BEYOND 2.7 step 1)."""
MAX_LOST = 2
"""Of these, so many may be lost on a bad line and are made up for."""
MAX_SCOPE = 8
"""Rounds of either kind that a scope may take; three decide where nothing is lost."""
MAX_FURTHER = 5
"""Rounds spent on whether something prolongs it."""
MAX_DROPPED = 10
"""Rounds in a row that did not count before the line is left alone."""
PATIENCE = 8.0
"""Seconds a step is waited for: SYNs at 0, 1, 3 and 7 s, as everywhere; longer would keep the next look waiting."""
LATER, MEANWHILE = 1.1, 0.6
"""What might prolong it comes at six tenths of the shortest it may last; the look at a tenth past the longest. With
an interval as tight as wanted, what began anew meanwhile is then still there."""
_PORTS = (28_000, 32_000)
"""Our own port is one of these: below the range from which Linux chooses by itself (ip_local_port_range)."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """One round to be made: `after` seconds after its trigger, `meanwhile` seconds what may prolong it."""

    kind: str
    after: float = COOLING_START
    arms: tuple[Follow, ...] = Lingering.arms
    meanwhile: float = 0.0


class Residual(Conversation):
    """One name, toward an address of ours."""

    experiment = "residual"
    most = MAX_OF_RESIDUAL

    def __init__(self, target: Target, conditions: Conditions, first_id: int) -> None:
        super().__init__(target, conditions, first_id)
        self._name = names.ascii_name(target.text)
        self._port = _PORTS[0] + zlib.crc32(self._name.encode()) % (_PORTS[1] - _PORTS[0])
        self._plans: dict[int, Plan | None] = {}
        self._number = 1

    def wanted(self) -> Iterator[Want]:
        """Controls, then one round after the other."""
        if self._calm() is None or self._elsewhere(0) is None:
            return
        made = [trial for trial in self.counted if trial.changed == Follow.CONTROL]
        failed = [trial for trial in made if not self._passed(trial)]
        if len(made) - len(failed) < CONTROLS:
            for number in range(CONTROLS + min(len(failed), MAX_LOST)):
                yield self._want(self._calm(), Follow.CONTROL, at=number)
            return
        begun = [trial.pair for trial in self.trials if trial.pair is not None]
        self._number = max([self._number, *begun])  # where a later round was begun, those before it were over
        while (plan := self._plan(self._number)) is not None:
            wants = self._round(self._number, plan)
            if wants is not None:
                yield from wants
                return
            self._number += 1  # what is over stays so, whatever turns out to be void

    # Which round

    def _plan(self, number: int) -> Plan | None:
        """What the round is for, by what the rounds before it showed; `None` ends the conversation."""
        if number not in self._plans:
            earlier = tuple(trial for trial in self.trials if trial.pair is None or trial.pair < number)
            record = msgspec.structs.replace(self.record(), trials=earlier)
            self._plans[number] = self._further(Lingering(record, self.conditions.knowledge), number)
        return self._plans[number]

    def _further(self, seen: Lingering, number: int) -> Plan | None:
        passed = any(seen.says(trial) is Reaction.PASSED for trial in seen.subjects if not trial.cooling)
        counted = {each.number for each in seen.rounds}
        dropped = number - 1 - max(counted, default=0)
        if (passed and not seen.hit) or dropped >= MAX_DROPPED or seen.after_harmless:
            return None
        kinds = [each.kind for each in seen.rounds]
        test = seen.test
        undecided = test is None or test.decision is Decision.UNDECIDED
        if seen.scope is None or (seen.scope == Lingering.nothing and undecided):
            sham = kinds.count(Follow.SHAM) < kinds.count("after") and seen.scope is None
            spent = max(kinds.count("after"), kinds.count(Follow.SHAM)) >= MAX_SCOPE
            return None if spent else Plan(kind=Follow.SHAM if sham else "after", arms=_turned(number))
        if seen.scope == Lingering.nothing:
            return None
        arms = (seen.arm, seen.arm)  # two that pass in a row free the address
        lasting = seen.duration
        if not lasting.decided or undecided:
            return Plan(kind="after", after=lasting.ask, arms=arms)
        late, early = LATER * (lasting.high or 0.0), MEANWHILE * lasting.low
        for kind in (Follow.AGAIN, Follow.PROBE):
            if late and early and seen.prolonged(kind) is None and kinds.count(kind) < MAX_FURTHER:
                return Plan(kind=kind, after=late, arms=arms, meanwhile=early)
        return None

    # What it asks

    def _round(self, number: int, plan: Plan) -> list[Want] | None:
        """What the round still wants, `[]` while it waits; `None` when it is over."""
        if any(void.trial == trial.id for void in self.voids for trial in self.trials if trial.pair == number):
            return [] if self._awaited(number) else None
        if plan.kind == Follow.SHAM:
            first = self._want(self._calm(), Follow.SHAM, pair=number)
        else:
            before = self._want(self._calm(), "sni", pair=number)
            made = self._made(before)
            if made is None:
                return [msgspec.structs.replace(before, alone=self._alone())]
            if not self._passed(made):
                return None
            first = Want(
                ask=self._subject(), role=self.role, round=1, pair=number, changed="sni", causes=(made.id,),
                alone=made.alone,
            )  # fmt: skip
        trigger = self._made(first)
        if trigger is None:
            return [first] if not self._over(first) else None
        wanted = Reaction.PASSED if plan.kind == Follow.SHAM else Reaction.HIT
        if self._says(trigger) is not wanted:
            return None
        wants = [*self._following(number, plan, trigger)]
        return wants if not all(map(self._over, wants)) else None

    def _following(self, number: int, plan: Plan, trigger: Trial) -> Iterator[Want]:
        scale = self.conditions.scale
        there = self._elsewhere(number)
        if plan.kind != Follow.SHAM:
            yield self._want(there, "sni", pair=number, bystander=True)
        if plan.kind == Follow.AGAIN:
            again = self._want(self._subject(), Follow.AGAIN, pair=number, cooling=True)
            yield msgspec.structs.replace(again, role=self.role, not_before=trigger.t + plan.meanwhile / scale)
        if plan.kind == Follow.PROBE:
            yield self._want(
                self._calm(ours=False), Follow.PROBE, pair=number, cooling=True,
                not_before=trigger.t + plan.meanwhile / scale,
            )  # fmt: skip
        late = trigger.t + plan.after / scale
        burned = plan.kind != Follow.SHAM  # after a harmless name, what others burned is waited for
        for at, arm in enumerate(plan.arms):
            ask = self._plain() if arm is Follow.PORT else self._calm(ours=arm is Follow.TUPLE)
            yield self._want(ask, arm, at=at, pair=number, cooling=burned, not_before=late)
        yield self._want(there, Follow.BESIDE, pair=number, cooling=True, not_before=late)

    def _want(self, ask: Ask | None, changed: str, *, at: int = 0, **more: object) -> Want:
        assert ask is not None, "nothing is wanted without an address of ours and a harmless one"
        want = Want(ask=ask, role=Role.BASELINE, round=at + (more.get("pair") is not None), changed=str(changed))
        return msgspec.structs.replace(want, **more)

    def _alone(self) -> bool:
        """The quiet lane: one trigger that was cut must have been alone on the link (METHOD 3)."""
        hits = [trial for trial in self.counted if trial.pair and self._says(trial) is Reaction.HIT]
        return bool(hits) and all(trial.in_flight for trial in hits)

    # Trials

    def _made(self, want: Want) -> Trial | None:
        """The trial of a want, if it counts."""
        key = (want.ask, want.role, want.pair, want.changed, want.cooling, want.bystander)
        return next(
            (
                trial
                for trial in self.counted
                if (trial.ask, trial.role, trial.pair, trial.changed, trial.cooling, trial.bystander) == key
            ),
            None,
        )

    def _awaited(self, number: int) -> bool:
        return any(attempt.pair == number for attempt in self.pending)

    def _says(self, trial: Trial) -> Reaction:
        return reaction(trial, self.conditions.knowledge, self.context)

    def _passed(self, trial: Trial) -> bool:
        return self._says(trial) is Reaction.PASSED

    # Asks

    @property
    def _limit(self) -> float:
        return PATIENCE / self.conditions.scale

    def _subject(self) -> Ask:
        known = self.conditions
        return Ask(
            layer=Layer.TLS, address=known.helper_address, port=known.echo_tls, source_port=self._port,
            sni=self._name, verify=False, timeout=self._limit,
        )  # fmt: skip

    def _calm(self, *, ours: bool = True) -> Ask | None:
        """A harmless handshake toward the trigger's port, from our port or from a new one."""
        known = self.conditions
        if known.helper_address is None or None in {known.echo_tls, known.echo_http} or not known.baselines:
            return None
        port = self._port if ours else None
        return msgspec.structs.replace(self._subject(), source_port=port, sni=known.baselines[0].name)

    def _plain(self) -> Ask:
        """A harmless request toward another port of ours."""
        known = self.conditions
        return Ask(
            layer=Layer.HTTP, address=known.helper_address, port=known.echo_http,
            url=f"http://{known.baselines[0].name}/", timeout=self._limit,
        )  # fmt: skip

    def _elsewhere(self, turn: int) -> Ask | None:
        """A harmless handshake at an address that no trigger touches."""
        ours = self.conditions.helper_address or ""
        places = [
            (baseline, address)
            for baseline in self.conditions.baselines
            for address in baseline.addresses
            if address != ours and (":" in address) is (":" in ours)
        ]
        return visit(self._subject(), *places[turn % len(places)]) if places else None


def _turned(number: int) -> tuple[Follow, ...]:
    """The arms in turn: flows to one address go one after the other, and the last comes latest."""
    arms = Lingering.arms
    start = number % len(arms)
    return arms[start:] + arms[:start]
