"""Rules for a hello that hides a name in itself (ECH): is it cut for that, alone or beside its outer name?

The four of refs/BEYOND 2.8, {outer name, harmless one} x {extension, none}, at an address of ours: with the extension
cut and without it not, it is the extension; whether any outer name will do is asked then. Where the name is cut
without the extension too, that is the name's doing. The extension is the decoy that browsers send with every hello,
and, where that passes, a real one under a key that nobody has: without the key they differ in little but what servers
publish. A site's own server is not asked: one that cannot bear the extension would look like a censor.
"""

from functools import cached_property

import msgspec

from hushmap.detect.client import BROWSER
from hushmap.detect.doubt import STUCK, Doubt
from hushmap.detect.names import spent, uncounted
from hushmap.detect.pairs import PairTest, opens, read_tests
from hushmap.detect.reactions import Reaction, reaction
from hushmap.detect.ruling import Rule, Ruling, is_partial, mechanism, portal, twins
from hushmap.model import Ask, Evidence, Knowledge, Layer, Outcome, Reason, Record, Role, Trial, Where
from hushmap.sampling import Decision

PLAIN, SEALED = "browser-plain", "browser-ech"
"""`Ask.hello` without the extension, and with a real one; that with a decoy is `BROWSER`."""
ARMS = (BROWSER, SEALED)
"""What is asked about, in this order: what people's browsers send comes first."""
_DECIDED = frozenset({Decision.INTERFERED, Decision.CLEAN})


class Hiding:
    """The counted trials of one outer name, and the tests made of them."""

    def __init__(self, record: Record, knowledge: Knowledge) -> None:
        self.record, self.knowledge, self.context = record, knowledge, record.context
        asked = (trial for trial in record.trials if trial.role is not Role.BASELINE and trial.pair is None)
        self.name = next((trial.ask.sni for trial in asked if trial.ask.sni is not None), record.target)
        self.trials = tuple(
            trial for trial in record.counted if trial.ask.hello is not None and trial.ask.layer is Layer.TLS
        )
        self.tests: tuple[PairTest, ...] = read_tests(self.trials, record.context, knowledge, hellos=True)

    @cached_property
    def attempts(self) -> tuple[Trial, ...]:
        """Those with the extension and this outer name."""
        return tuple(
            trial for trial in self.trials if trial.role is not Role.BASELINE and self._asks_about(trial.ask)
        )

    def says(self, trial: Trial) -> Reaction:
        """What one attempt says."""
        return reaction(trial, self.knowledge, self.context)

    def of(self, hello: str) -> tuple[Trial, ...]:
        """The attempts with this kind of extension, or without one, that belong to no pair."""
        return tuple(
            trial
            for trial in self.trials
            if trial.ask.hello == hello and trial.pair is None and trial.role is not Role.BASELINE
        )

    def test(self, subject: Ask) -> PairTest | None:
        """The pairs about `subject`."""
        return next((test for test in self.tests if test.subject == subject), None)

    def passed(self, hello: str) -> bool:
        """Whether nothing stands against this kind: no hit at all, or pairs that were decided clean."""
        made = self.of(hello)
        said = [self.says(trial) for trial in made]
        if Reaction.HIT not in said:
            return Reaction.PASSED in said
        test = self.test(made[said.index(Reaction.HIT)].ask)
        return test is not None and test.decision is Decision.CLEAN

    @property
    def suspect(self) -> bool:
        """Whether the name was cut without the extension: at once, or so often that no pair about that can count."""
        if Reaction.HIT in map(self.says, self.of(PLAIN)):
            return True
        twins = [
            trial
            for trial in self.trials
            if trial.changed == "ech" and opens(trial) and not trial.cooling and trial.ask.sni == self.name
        ]
        return len(twins) >= STUCK and all(self.says(trial) is not Reaction.PASSED for trial in twins)

    @property
    def cut(self) -> PairTest | None:
        """The pairs that show the extension, beside this outer name, to be why."""
        return next((test for test in self.about("ech") if test.decision is Decision.INTERFERED), None)

    @property
    def named(self) -> PairTest | None:
        """The pairs that show the name to be why."""
        return next((test for test in self.about("sni") if test.decision is Decision.INTERFERED), None)

    @property
    def beside(self) -> PairTest | None:
        """The pairs about the extension beside a harmless outer name."""
        return next((test for test in self.tests if test.changed == "ech" and test.subject.sni != self.name), None)

    def about(self, changed: str) -> list[PairTest]:
        """The pairs about this outer name that change `changed`."""
        return [test for test in self.tests if test.changed == changed and test.subject.sni == self.name]

    def _asks_about(self, ask: Ask) -> bool:
        return ask.hello in ARMS and ask.sni == self.name


def without_ech(subject: Ask) -> Ask:
    """The same hello without the extension."""
    return msgspec.structs.replace(subject, hello=PLAIN)


def ech_doubt(seen: Hiding, subject: Ask, harmless: Ask | None) -> Doubt | None:
    """The pair that `subject`, which was hit, still calls for; `None` once it is settled.

    `harmless` is the same with a harmless outer name.
    """
    test, named = seen.test(subject), seen.test(without_ech(subject))
    if named is not None and named.decision is Decision.INTERFERED:
        return None
    if test is None or test.decision not in _DECIDED:
        if seen.suspect and (named is None or named.decision is not Decision.CLEAN):
            return Doubt(changed="sni", subject=without_ech(subject))
        return Doubt(changed="ech", subject=subject)
    if test.decision is Decision.CLEAN or harmless is None:
        return None
    other = seen.test(harmless)
    return None if other is not None and other.decision in _DECIDED else Doubt(changed="ech", subject=harmless)


def _nothing(seen: Hiding) -> Ruling | None:
    if seen.attempts:
        return None
    if any(trial.undone == "unsupported" for trial in seen.record.trials):
        return Ruling(outcome=Outcome.INSUFFICIENT, reason=Reason.NO_ECH)
    return uncounted(seen.context)


def _blocked(test: PairTest, **facts: str) -> Ruling:
    return Ruling(
        outcome=Outcome.BLOCKED,
        evidence=Evidence.CONTROLLED,
        mechanisms=(mechanism(test),),
        where=Where.PATH,
        test=test,
        facts=facts,
    )


def _pair(seen: Hiding) -> Ruling | None:
    test, beside = seen.cut, seen.beside
    if test is None:
        return None
    outer = {Decision.INTERFERED: "any", Decision.CLEAN: "this"}.get(beside.decision) if beside is not None else None
    facts = {"hidden": "decoy" if test.subject.hello == BROWSER else "real"}
    return _blocked(test, **facts, **({"outer": outer} if outer is not None else {}))


def _name(seen: Hiding) -> Ruling | None:
    return None if seen.named is None else _blocked(seen.named, **twins(seen.named))


def _partial(seen: Hiding) -> Ruling | None:
    test = next((each for each in seen.about("ech") if is_partial(each, seen.context)), None)
    if test is None:
        return None
    return _blocked(test)


def _passed(seen: Hiding) -> Ruling | None:
    if not all(seen.passed(hello) for hello in ARMS):
        return None
    through = [trial for trial in seen.attempts if seen.says(trial) is Reaction.PASSED]
    return Ruling(
        outcome=Outcome.OK,
        proof=tuple(trial.id for trial in through),
        hits=(sum(seen.says(trial) is Reaction.HIT for trial in seen.attempts), len(seen.attempts)),
    )


ECH_RULES: tuple[Rule, ...] = (
    Rule(id="ech.nothing-counted", what="No hello with an encrypted one in it could be counted.", applies=_nothing),
    Rule(id="ech.portal", what="A captive portal answers in place of the network.", applies=portal),
    Rule(
        id="ech.pair",
        what="Hellos with an encrypted one in them are cut, the same without it are not.",
        applies=_pair,
    ),
    Rule(id="ech.name", what="Hellos with the name are cut also without an encrypted one in them.", applies=_name),
    Rule(
        id="ech.partial",
        what="A share of hellos with an encrypted one in them is cut that loss does not explain.",
        applies=_partial,
    ),
    Rule(id="ech.passed", what="Hellos with a decoy and with an encrypted hello went through.", applies=_passed),
    Rule(id="ech.budget", what="Attempts were used up before the pairs decided.", applies=spent),
)
