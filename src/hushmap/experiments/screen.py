"""The `screen` experiment: which of these words are cut off, where most of them are not?

Up to twenty words share an attempt, where planted words have shown that each is seen wherever it stands; every word
that seems to be a trigger is then sent alone, in bracketed pairs.
"""

from collections.abc import Iterator
from functools import cached_property

from hushmap.detect import Course, Screened, packed, screening_course
from hushmap.experiments.questioning import Questioning
from hushmap.model import Record


class Screen(Questioning):
    """One pack of words in one place."""

    experiment = "screen"

    def begin(self, record: Record) -> Course[tuple[int, ...]]:
        """Packs as the calibration allows them."""
        return screening_course(record)

    def read(self, record: Record) -> Screened:
        """What the answers so far show."""
        return Screened(record, self.conditions.knowledge, self._course)

    def text_of(self, question: tuple[int, ...]) -> str:
        """The words of a question, with the separator between them."""
        known = self.calibration
        text = self.joined(self.target.words[place] for place in question)
        if known is None or not known.packs:
            return text  # each word by itself: its twin has its length
        return self.padded(text, max(len(self.joined(pack)) for pack in self._packs))

    @cached_property
    def _packs(self) -> list[list[str]]:
        """The words that are asked about together at first."""
        return [[self.target.words[at] for at in pack] for pack in packed(self.target.words, self.calibration)]

    def unsettled(self, seen: Screened) -> Iterator[str]:
        """Each word that was hit alone."""
        for place in seen.unsettled:
            yield self.text_of((place,))
