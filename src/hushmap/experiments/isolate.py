"""The `isolate` experiment: which strings in this text are the trigger, and what lifts it?

Parts of the text are sent in its place, padded to one length with harmless letters; what is found is sent by itself,
in bracketed pairs. The search itself is `sampling.isolating`, what its answers show is `detect.text`.
"""

from collections.abc import Iterator
from functools import cached_property

from hushmap.detect import Course, Isolated, isolating_course
from hushmap.experiments.questioning import Questioning
from hushmap.model import Record
from hushmap.sampling import Question
from hushmap.wire import carrying

_CARRIER = 24
"""Harmless letters before and behind a rule that is tried in company: as long as a sentence, and as two labels."""


class Isolate(Questioning):
    """One text in one place."""

    experiment = "isolate"

    def begin(self, record: Record) -> Course[Question]:
        """The search, before any answer."""
        return isolating_course(record)

    def read(self, record: Record) -> Isolated:
        """What the answers so far show."""
        return Isolated(record, self.conditions.knowledge, self._course)

    def text_of(self, question: Question) -> str:
        """The parts of a question with the separator between them, in company where it asks for that."""
        text = self._masked(question)
        pieces = [text[start:stop] for start, stop in question.parts]
        if question.carrier:
            harmless = self.harmless(_CARRIER)
            pieces = [harmless, *pieces, harmless]
        return self.padded(self.joined(pieces), self._length)

    @cached_property
    def _length(self) -> int:
        """Characters of every question: the text's own, and room for separators and company, as far as there is."""
        length = len(self.target.text)
        for more in range(2 * (_CARRIER + 2), 0, -4):
            if carrying.unfit(self.padded(self.target.text, length + more), self.place, self.target.encoding) is None:
                return length + more
        return length

    def _masked(self, question: Question) -> str:
        text = self.target.text
        for start, stop in question.masked:
            text = text[:start] + self.harmless(stop - start) + text[stop:]
        return text

    def unsettled(self, seen: Isolated) -> Iterator[str]:
        """Each rule by itself, or the whole text where there is none."""
        for rule in seen.unsettled:
            parts = ((0, len(self.target.text)),) if rule is None else rule.parts
            yield self.text_of(Question(parts=parts))
