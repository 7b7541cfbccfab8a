"""What a record about a text shows: which strings in it are the trigger, and what lifts it.

The search (sampling.isolating) follows from the record's text and the answers. A rule that it found and verified is
told only if bracketed pairs then cut it off alone, and a text in which no set of strings explains what is hit is told
as such, if pairs cut off the text as a whole.
"""

import hashlib
from functools import cached_property

from hushmap.detect.course import Course
from hushmap.detect.screened import rates_of
from hushmap.detect.worded import Worded, calibration_of, open_reason
from hushmap.model import Knowledge, Reason, Record, Trial, Trigger
from hushmap.sampling import Decision, Isolating, Question, Rule

FRAME_DIGITS = 16
"""Of the hash by which a text is known: as many as no two texts of a study share."""


class Isolated(Worded):
    """The counted trials about a text and parts of it."""

    def __init__(self, record: Record, knowledge: Knowledge, course: Course[Question] | None = None) -> None:
        """`course` is what an inquiry that asks again and again has kept of the answers."""
        super().__init__(record, knowledge)
        self.course = course or isolating_course(record)
        self.course.follow(self.trials, self.says)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """What the search has found."""
        return self.game.rules

    @property
    def game(self) -> Isolating:
        """The search."""
        assert isinstance(self.course.game, Isolating), "the course began with one"
        return self.course.game

    @cached_property
    def whole(self) -> Trial | None:
        """The attempt that first cut off the whole text, where the search found it hit."""
        length = ((0, len(self.record.target)),)
        hits = (trial for question, trial, hit in self.course.told if hit and question == Question(parts=length))
        settled = [hit for question, _, hit in self.course.told if question == Question(parts=length)]
        return next(hits, None) if 2 * sum(settled) > len(settled) or self.rules else None

    @cached_property
    def alone(self) -> tuple[tuple[Rule | None, Trial], ...]:
        """Each rule with the attempt that first cut it off by itself; `None` stands for the whole text."""
        found: list[tuple[Rule | None, Trial]] = []
        for rule in self.rules:
            asked = Question(parts=rule.parts)
            trial = next((trial for question, trial, hit in self.course.told if hit and question == asked), None)
            if rule.verified and not rule.classifier and trial is not None:
                found.append((rule, trial))
        if not found and self.whole is not None and self.course.game.question is None:
            found.append((None, self.whole))
        return tuple(found)

    @cached_property
    def unsettled(self) -> tuple[Rule | None, ...]:
        """What was found and is not yet decided by pairs."""
        return tuple(rule for rule, trial in self.alone if not self.settled(trial.ask))

    @cached_property
    def clean(self) -> bool:
        """Whether the text as a whole was asked about to the end, and is not hit; or pairs said so of all found."""
        if self.course.game.question is not None or not self.course.told:
            return False
        tests = [self.put_to_pairs(trial.ask) for _, trial in self.alone]
        return all(test is not None and test.decision is Decision.CLEAN for test in tests)

    @cached_property
    def triggers(self) -> tuple[Trigger, ...]:
        """Rules that pairs have shown to be cut off by themselves."""
        told = [(rule, trial) for rule, trial in self.alone if rule is not None or self._classified]
        found = (self.proven(trial, self._trigger(rule)) for rule, trial in told)
        return tuple(trigger for trigger in found if trigger is not None)

    @property
    def _classified(self) -> bool:
        """Whether the search says that no set of strings explains it, where parts could be asked about apart."""
        known = self.calibration
        apart = known is None or known.separator is not None
        return apart and any(rule.classifier for rule in self.rules)

    def _trigger(self, rule: Rule | None) -> Trigger:
        text = self.record.target
        if rule is None:
            return Trigger(kind="classifier", place="")
        return Trigger(
            kind="word" if len(rule.parts) == 1 else "and",
            parts=tuple(text[start:stop] for start, stop in rule.parts),
            unless=tuple(text[start:stop] for start, stop in rule.unless),
            ordered=rule.ordered,
            place="",
        )

    @property
    def frame(self) -> str:
        """The text, by its hash: a list of triggers is a sample of the texts that were tried."""
        return (
            f"text sha256:{hashlib.sha256(self.record.target.encode('utf-8', 'replace')).hexdigest()[:FRAME_DIGITS]}"
        )

    @cached_property
    def open(self) -> Reason | None:
        """Why something was left open; `None`: nothing was."""
        if self.course.game.question is None and not self.unsettled:
            return Reason.BUDGET if self.game.more else None
        return open_reason(self.record, controls_failed=self.controls[0] > 0)


def isolating_course(record: Record) -> Course[Question]:
    """The search in a record's text, before any answer."""
    known = calibration_of(record)
    rates, separable = rates_of(known), known is None or not known.fired or known.separator is not None
    return Course(lambda: Isolating(record.target, rates, separable=separable))
