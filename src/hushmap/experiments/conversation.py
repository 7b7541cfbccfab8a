"""What every inquiry shares: ids, what is pending, what was told, what is void.

A concrete inquiry gives one pure function, `wanted`: from all that was told so far to what is wanted now. Wants that
were already carried out, or are under way, are not asked twice; a void one is. Since nothing else is remembered, a
fresh inquiry that is told an old journal stands where the old one stood.
"""

from collections import Counter
from collections.abc import Iterable

import msgspec

from hushmap.detect import host_of
from hushmap.experiments.conditions import Conditions
from hushmap.experiments.cooldown import suspicious
from hushmap.model import (
    Ask,
    Attempt,
    Context,
    Layer,
    Record,
    Role,
    Side,
    Target,
    Trial,
    Void,
)
from hushmap.wire import url

CONTACTS_A_DAY = 24
"""Trials from here whose packets carry one name to others, at most, in a day (METHOD 5)."""
MAX_ATTEMPTS = 150
"""Attempts about one target, at most; `plan` prints it. 24 contacts and as many tries at an address of ours, each in
a bracket of three, are 144."""
MAX_VOID_REPEATS = 4
"""How often one want is asked again because its trial was void: a line that is lost five times is not measured."""


class Want(msgspec.Struct, frozen=True, kw_only=True):
    """Something an inquiry would like to have asked. Equal `key`s are the same want."""

    ask: Ask
    role: Role = Role.SUBJECT
    side: Side = Side.HERE
    round: int = 0
    causes: tuple[int, ...] = ()
    pair: int | None = None
    changed: str | None = None
    bystander: bool = False
    cooling: bool = False
    alone: bool = False
    not_before: float = 0.0

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two wants one: not why or when."""
        return (
            self.ask, self.role, self.side, self.round, self.pair, self.changed, self.bystander, self.cooling
        )  # fmt: skip


def key_of(attempt: Attempt) -> tuple[object, ...]:
    """The key of the want that an attempt answers."""
    return (
        attempt.ask, attempt.role, attempt.side, attempt.round, attempt.pair, attempt.changed, attempt.bystander,
        attempt.cooling,
    )  # fmt: skip


class Conversation:
    """The base of every inquiry; see `conditions.Inquiry` for what each method promises."""

    experiment = ""
    most = MAX_ATTEMPTS
    """Attempts about one target, at most."""
    rests = False
    """Whether it is known without trying for how long what was hit must rest."""

    def __init__(self, target: Target, conditions: Conditions, first_id: int) -> None:
        self.target = target
        self.conditions = conditions
        self.done = False
        self.trials: tuple[Trial, ...] = ()
        self.voids: tuple[Void, ...] = ()
        self._pending: dict[int, Attempt] = {}
        self._answering: Counter[tuple[object, ...]] = Counter()
        """How many attempts under way answer a want, by its key."""
        self._told: dict[tuple[object, ...], list[Trial]] = {}
        """What was told, by the key of the want that it answers."""
        self._next = first_id
        self._f0 = 0.05

    # What a runner calls

    def ask(self, f0: float) -> tuple[Attempt, ...]:
        """The attempts that may be made now. A noisier line (another f0) may reopen what was done."""
        if self.done and f0 == self._f0:
            return ()
        self._f0 = f0
        attempts: tuple[Attempt, ...] = ()
        for want in self.wanted():
            if not self._known(want) and self._affordable(want):
                attempt = self._attempt(want)
                self._pending[attempt.id] = attempt
                self._answering[key_of(attempt)] += 1
                attempts += (attempt,)
        self.done = not attempts and not self._pending
        return attempts

    def tell(self, trial: Trial) -> None:
        """Take what came of an attempt."""
        attempt = self._pending.pop(trial.id, None)
        if attempt is not None:
            self._answering[key_of(attempt)] -= 1
        if all(trial.id != known.id for known in self.trials):
            self.trials += (trial,)
            self._told.setdefault(key_of(trial), []).append(trial)
            self._next = max(self._next, trial.id + 1)

    def void(self, voids: tuple[Void, ...]) -> None:
        """Take that some trials must not be counted."""
        known = {void.trial for void in self.voids}
        mine = {trial.id for trial in self.trials}
        self.voids += tuple(void for void in voids if void.trial not in known and void.trial in mine)
        self.done = False

    def suspicious(self) -> bool:
        """Whether attempts are being repeated."""
        return any(attempt.pair is not None for attempt in (*self.trials, *self._pending.values()))

    # What a concrete inquiry uses

    def wanted(self) -> Iterable[Want]:
        """All that is wanted, given what was told. Pure."""
        raise NotImplementedError

    @property
    def counted(self) -> tuple[Trial, ...]:
        """Trials that were carried out and are not void."""
        voided = {void.trial for void in self.voids}
        return tuple(trial for trial in self.trials if trial.undone is None and trial.id not in voided)

    @property
    def pending(self) -> tuple[Attempt, ...]:
        """Attempts under way."""
        return tuple(self._pending.values())

    @property
    def context(self) -> Context:
        """What is known of the run so far, with this inquiry's voids."""
        return msgspec.structs.replace(self.conditions.context(self._f0), voids=self.voids)

    def record(self) -> Record:
        """The record as it would be sealed now, for detect to look at."""
        return Record(
            id="draft", run="draft", experiment=self.experiment, target=self.target.text, started="", ended="",
            layer=self.target.place.value if self.target.place else None, encoding=self.target.encoding,
            words=self.target.words, run_started="",
            service=self.target.service, post=self.target.post, platform=self.target.platform,
            canary=self.target.canary, context=self.context, trials=self.trials,
        )  # fmt: skip

    @property
    def role(self) -> Role:
        """The role of attempts about the target itself."""
        return Role.CANARY if self.target.canary else Role.SUBJECT

    def twin(self, subject: Ask, changed: str, number: int) -> Ask | None:
        """The harmless twin of `subject`: only `changed` differs. `None` where there is no baseline name."""
        baselines = self.conditions.baselines
        if not baselines:
            return None
        name = baselines[number % len(baselines)].name
        if changed == "sni":
            return msgspec.structs.replace(subject, sni=name, verify=False)
        if changed == "name":
            return msgspec.structs.replace(subject, name=name)
        page = url.parse(subject.url or "")
        if changed == "host":
            return msgspec.structs.replace(subject, url=msgspec.structs.replace(page, host=name).text)
        return msgspec.structs.replace(subject, url=msgspec.structs.replace(page, path="/").text)

    def failed_suspiciously(self, address: str) -> tuple[Trial, ...]:
        """The trials after which `address` may be held against us."""
        return tuple(trial for trial in self.counted if trial.ask.address == address and suspicious(trial))

    def _attempt(self, want: Want) -> Attempt:
        fields = {name: getattr(want, name) for name in Want.__struct_fields__}
        attempt = Attempt(id=self._next, **fields)
        self._next += 1
        return attempt

    def _affordable(self, want: Want) -> bool:
        """Whether the plan's worst case has room for it: attempts in all, and contacts of one name."""
        made = (*self.trials, *self._pending.values())
        if len(made) >= self.most:
            return False
        name = self._contact(want)
        if name is None:
            return True
        shown = [attempt for attempt in made if not isinstance(attempt, Trial) or attempt.sent]
        return sum(self._contact(attempt) == name for attempt in shown) < CONTACTS_A_DAY

    def _contact(self, attempt: Want | Attempt) -> str | None:
        """The name that an attempt shows on the line; `None` for none, and for words to an address of ours."""
        ask, ours = attempt.ask, self.conditions
        if attempt.side is not Side.HERE or ask.layer is Layer.TCP:
            return None
        to_us = ask.address in {ours.helper_address, None} and ask.resolver in {ours.dark, None}
        if to_us and self.target.place is not None:
            return None
        name = host_of(ask)
        return None if any(baseline.name == name for baseline in ours.baselines) else name

    def _over(self, want: Want) -> bool:
        """Whether nothing more comes of a want: it was carried out, could not be, or was lost too often."""
        return self._known(want) and not self._answering[want.key]

    def _known(self, want: Want) -> bool:
        """Whether it is under way, was carried out, cannot be carried out, or was lost too often."""
        key = want.key
        if self._answering[key]:
            return True
        voided = {void.trial for void in self.voids}
        same = self._told.get(key, ())
        return any(trial.id not in voided for trial in same) or len(same) > MAX_VOID_REPEATS
