"""Turning a doubt into bracketed pairs, one step at a time.

Baseline on the subject's address, subject, and after a subject that was hit a baseline elsewhere; then the next
pair, until detect's test is decided or the pairs are used up. Hits are gathered in two blocks 60 s apart, and the
second block begins alone on the link, unless a hit was seen so before: what decides was seen twice, and once in quiet
(METHOD 3). After a trial that may have triggered residual blocking, `cooling` baselines on the same address come
first.
"""

from collections.abc import Iterator

import msgspec

from hushmap.detect import Doubt, Reaction, opens, reaction
from hushmap.experiments.conditions import Baseline
from hushmap.experiments.conversation import Conversation, Want
from hushmap.experiments.cooldown import BURN_SECONDS, BURNING, MARGIN
from hushmap.model import Ask, Layer, Role, Transport, Trial

MAX_PAIRS = 20
"""Pairs spent on one question, dropped ones included. With the 24 contacts a name a day of METHOD 5 this leaves room
for the survey; the sequential test needs 7.5 on average where a quarter of the hits is missed."""
FIRST_BLOCK = 3
"""Hits gathered before the second block is waited for: of five that decide, two come after a minute."""
BLOCK_SECONDS = 60.0
COOLING_START = 2.0
"""The first cooling baseline comes after 2 s, then at doubling gaps (METHOD 3)."""
COOLING_PASSES = 2
LENT_SECONDS = 50.0
"""How old a baseline may be when the next subject is asked for its sake: the minute of METHOD 3, less what the runner
may have to wait for."""


class Pairing:
    """The pairs of one conversation. Holds which pair is open for which subject; all else is read from trials."""

    def __init__(self, conversation: Conversation) -> None:
        self._talk = conversation
        self._numbers: dict[Ask, list[int]] = {}

    def wants(self, doubt: Doubt) -> Iterator[Want]:
        """What to ask now to settle `doubt`; nothing while an answer is awaited or when the pairs are used up."""
        made = self._numbers.setdefault(doubt.subject, self._replayed(doubt))
        number = self._open(doubt.subject)
        if number is not None:
            yield from self._next_of(doubt, number)
            return
        cooling = self._cooling(doubt)
        if cooling is not None:
            yield from cooling
            return
        hits = self._hits(doubt)
        if len(made) >= MAX_PAIRS:
            return
        number = self._fresh()
        turn = len(made)
        baseline = self._baseline(doubt, turn)
        if baseline is None or self._bystander(doubt, turn) is None:
            return
        second = len(hits) >= FIRST_BLOCK
        start = hits[0].t0 + BLOCK_SECONDS / self._talk.conditions.scale if second else 0.0
        alone = second and not any(trial.in_flight == 0 for trial in hits)
        rest = self._rest(made)
        lent = self._lent(doubt, made, start)
        made.append(number)
        if lent is not None and not alone and not rest:
            yield self._want(doubt, number, ask=doubt.subject, role=self._talk.role, causes=(lent.id,))
            return
        yield self._want(doubt, number, ask=baseline, role=Role.BASELINE, alone=alone, not_before=max(start, rest))

    def _lent(self, doubt: Doubt, made: list[int], start: float) -> Trial | None:
        """The baseline of the last pair, where it may serve the next one too.

        Only twins of a path or an extension show the site's name itself; of harmless names there is no need to be
        sparing.
        """
        if doubt.changed not in {"path", "ech"} or not made or self._burned(doubt.subject.address):
            return None
        baseline, members = self._before(made[-1]), self._members(made[-1])
        if baseline is None or baseline.t0 < start or self._says(baseline) is not Reaction.PASSED:
            return None
        asked = [trial for trial in members if trial.ask == doubt.subject]
        if any(self._says(trial) is Reaction.SILENT for trial in asked):
            return None
        next_one = max([trial.t for trial in members] + [trial.t + self._resting(trial) for trial in asked])
        return baseline if (next_one - baseline.t) * self._talk.conditions.scale <= LENT_SECONDS else None

    def _burned(self, address: str | None) -> bool:
        """Whether an address was asked while it still blocked what came before: there each subject needs its own."""
        voided = {void.trial for void in self._talk.voids}
        return any(trial.id in voided and trial.pair and trial.ask.address == address for trial in self._talk.trials)

    def _resting(self, subject: Trial) -> float:
        """For how long the subject's address rests after it, as far as was measured (cooldown.py)."""
        suspicions = self._talk.failed_suspiciously(subject.ask.address or "")
        if subject not in suspicions:
            return 0.0
        start = min(trial.t for trial in suspicions)
        cooled = [
            trial.t0
            for trial in self._talk.counted
            if trial.cooling and trial.ask.address == subject.ask.address and self._says(trial) is Reaction.PASSED
        ]
        return (min(cooled) - start) * MARGIN if cooled else BURN_SECONDS / self._talk.conditions.scale

    def _before(self, number: int) -> Trial | None:
        """The counted baseline that opened a pair, its own or one that it was lent."""
        members = self._members(number)
        lent = {cause for trial in members for cause in trial.causes}
        return next(
            (trial for trial in self._talk.counted if opens(trial) and (trial in members or trial.id in lent)), None
        )

    def _fresh(self) -> int:
        """A number that no pair has: none that was told, is under way, or was given to another question just now."""
        given = (number for numbers in self._numbers.values() for number in numbers)
        told = (attempt.pair or 0 for attempt in (*self._talk.trials, *self._talk.pending))
        return 1 + max((*given, *told), default=0)

    def free(self, doubt: Doubt) -> Iterator[Want]:
        """What it takes to know that the subject's address is at rest, though no pair is wanted there any more."""
        if self._open(doubt.subject) is None:
            yield from self._cooling(doubt) or ()

    def _rest(self, made: list[int]) -> float:
        """When the next pair may start: pairs dropped in a row wait at doubling gaps, for what ails them to pass."""
        last, dropped = 0.0, 0
        for number in reversed(made):
            members = self._members(number)
            passed = any(trial.role is not Role.BASELINE for trial in members)
            if passed or not members:
                break
            last, dropped = max(last, *(trial.t for trial in members)), dropped + 1
        gap = min(BURN_SECONDS, COOLING_START * 2 ** (dropped - 1)) / self._talk.conditions.scale
        return last + gap if dropped else 0.0

    def busy(self, doubt: Doubt) -> bool:
        """Whether a pair about this question is open."""
        return self._open(doubt.subject) is not None

    def _replayed(self, doubt: Doubt) -> list[int]:
        """Pairs about the doubt's subject that a journal told of, one cut off after its first baseline among them."""
        pairs: dict[int, list[Trial]] = {}
        for trial in self._talk.trials:
            if trial.pair is not None:
                pairs.setdefault(trial.pair, []).append(trial)
        found: list[int] = []
        for number, members in pairs.items():
            if self._about(doubt, len(found), members):
                found.append(number)
        return found

    def _about(self, doubt: Doubt, turn: int, members: list[Trial]) -> bool:
        if any(trial.role is not Role.BASELINE for trial in members):
            return any(trial.ask == doubt.subject for trial in members)
        return members[0].changed == doubt.changed and members[0].ask == self._baseline(doubt, turn)

    def _hits(self, doubt: Doubt) -> list[Trial]:
        made = [trial for trial in self._talk.counted if trial.ask == doubt.subject and trial.pair is not None]
        return [trial for trial in made if self._says(trial) is Reaction.HIT and self._bracketed(trial)]

    def _bracketed(self, subject: Trial) -> bool:
        return any(
            trial.bystander and trial.pair == subject.pair and self._says(trial) is Reaction.PASSED
            for trial in self._talk.counted
        )

    def _open(self, subject: Ask) -> int | None:
        """The pair about `subject` that still lacks a trial."""
        numbers = self._numbers.get(subject, [])
        return next((number for number in numbers[-1:] if self._stage(number) != "closed"), None)

    def _members(self, number: int) -> list[Trial]:
        return [trial for trial in self._talk.trials if trial.pair == number]

    def _stage(self, number: int) -> str:
        """What the pair lacks: `wait`, `subject`, `bystander`; or `closed`."""
        if any(attempt.pair == number for attempt in self._talk.pending):
            return "wait"
        members = self._members(number)
        counted = {trial.id for trial in self._talk.counted}
        if not members or any(trial.id not in counted for trial in members):
            return "closed"
        before = self._before(number)
        subject = next((trial for trial in members if trial.role is not Role.BASELINE), None)
        if before is None or self._says(before) is not Reaction.PASSED:
            return "closed"
        if subject is None:
            return "subject"
        hit = self._says(subject) is Reaction.HIT
        return "bystander" if hit and not any(trial.bystander for trial in members) else "closed"

    def _next_of(self, doubt: Doubt, number: int) -> Iterator[Want]:
        stage = self._stage(number)
        if stage == "wait":
            return
        members = self._members(number)
        causes = tuple(trial.id for trial in members)
        alone = members[0].alone
        if stage == "subject":
            yield self._want(doubt, number, ask=doubt.subject, role=self._talk.role, causes=causes, alone=alone)
        else:
            bystander = self._bystander(doubt, self._numbers[doubt.subject].index(number))
            assert bystander is not None, "a pair is opened only where it can be closed"
            yield self._want(
                doubt, number, ask=bystander, role=Role.BASELINE, causes=causes, alone=alone, bystander=True
            )

    def _want(self, doubt: Doubt, number: int, *, ask: Ask, role: Role, **more: object) -> Want:
        want = Want(ask=ask, role=role, round=1, pair=number, changed=doubt.changed)
        return msgspec.structs.replace(want, **more)

    def _says(self, trial: Trial) -> Reaction:
        return reaction(trial, self._talk.conditions.knowledge, self._talk.context)

    # Residual blocking

    def _cooling(self, doubt: Doubt) -> list[Want] | None:
        """The next cooling baseline, `[]` while one is awaited, `None` where the address is at rest."""
        address = doubt.subject.address
        if self._talk.rests or address is None:
            return None
        if doubt.subject.layer not in BURNING or doubt.changed == "site":
            return None
        suspicions = self._talk.failed_suspiciously(address)
        if not suspicions:
            return None
        start = min(trial.t for trial in suspicions)
        scale = self._talk.conditions.scale
        made = [trial for trial in self._talk.counted if trial.cooling and trial.ask.address == address]
        cooled = [trial for trial in made if trial.t0 >= start]
        last = cooled[-COOLING_PASSES:]
        rested = len(last) == COOLING_PASSES and all(self._says(trial) is Reaction.PASSED for trial in last)
        gap = COOLING_START * 2 ** len(cooled)
        baseline = self._calm(doubt)
        if rested or baseline is None or gap > BURN_SECONDS:
            return None
        if any(attempt.cooling for attempt in self._talk.pending):
            return []
        return [
            Want(
                ask=baseline,
                role=Role.BASELINE,
                round=1 + len(made),
                changed=doubt.changed,
                cooling=True,
                not_before=start + gap / scale,
            )
        ]

    # The harmless twins

    def _baseline(self, doubt: Doubt, turn: int) -> Ask | None:
        """The subject with only `changed` changed; `turn` counts the subject's own pairs, so that twins alternate."""
        subject, changed = doubt.subject, doubt.changed
        if changed in {"address", "site"}:
            return self._bystander(doubt, turn)
        return self._talk.twin(subject, changed, turn)

    def _calm(self, doubt: Doubt) -> Ask | None:
        """What tells whether an address is at rest: neither the path nor, for its sake, the name of the subject."""
        front, named = self._baseline(doubt, 0), {"path": "host", "ech": "sni"}.get(doubt.changed)
        return self._talk.twin(front, named, 0) if front is not None and named is not None else front

    def _bystander(self, doubt: Doubt, turn: int) -> Ask | None:
        """A baseline where the subject was not: another address, or for lookups another resolver."""
        subject, conditions = doubt.subject, self._talk.conditions
        if subject.layer is Layer.DNS or subject.transport is Transport.UDP:
            others = [*conditions.comparison_resolvers, *conditions.resolvers]
            resolver = next((name for name in others if name != subject.resolver), None)
            name = conditions.baselines[turn % len(conditions.baselines)].name if conditions.baselines else None
            if resolver is None or name is None:
                return None
            return Ask(layer=Layer.DNS, name=name, qtype="A", resolver=resolver)
        if doubt.changed in {"transport", "ech"}:
            subject = self._talk.twin(subject, doubt.changed, turn) or subject
        found = self._elsewhere(subject.address, turn)
        return None if found is None else visit(subject, *found)

    def _elsewhere(self, address: str | None, turn: int) -> tuple[Baseline, str] | None:
        """A baseline and one of its addresses, not `address`; taken in turn."""
        family = ":" in (address or "")
        places = [
            (baseline, found)
            for baseline in self._talk.conditions.baselines
            for found in baseline.addresses
            if found != address and (":" in found) is family
        ]
        return places[turn % len(places)] if places else None


def visit(subject: Ask, baseline: Baseline, address: str) -> Ask:
    """The harmless attempt of the subject's own layer at a baseline's own server."""
    if subject.layer is Layer.TCP:
        return Ask(layer=Layer.TCP, address=address, port=443)
    if subject.layer is Layer.TLS:
        return Ask(
            layer=Layer.TLS, transport=subject.transport, address=address, port=443, sni=baseline.name, verify=False,
            dwell=subject.dwell, hello=subject.hello,
        )  # fmt: skip
    secure = (subject.url or "").startswith("https:")
    scheme, port = ("https", 443) if secure else ("http", 80)
    return Ask(
        layer=Layer.HTTP,
        address=address,
        port=port,
        url=f"{scheme}://{baseline.name}/",
        sni=baseline.name if secure else None,
    )
