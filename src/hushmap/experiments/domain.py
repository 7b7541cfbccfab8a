"""The `domain` experiment: which names does the rule cover that cuts this one off?

The name, the names above it, and nine strings around the widest of them that is acted upon (refs/BEYOND 2.10), each
until it is decided; then the name in bracketed pairs. All of them go to an address of ours.
"""

from collections.abc import Iterator

from hushmap.detect import Course, Permuted, permuting_course
from hushmap.experiments.questioning import Questioning
from hushmap.model import Record


class Domain(Questioning):
    """One name in one place."""

    experiment = "domain"

    def begin(self, record: Record) -> Course[str]:
        """The names to ask about, before any answer."""
        return permuting_course(record)

    def read(self, record: Record) -> Permuted:
        """What the answers so far show."""
        return Permuted(record, self.conditions.knowledge, self._course)

    def text_of(self, question: str) -> str:
        """A name is asked about as it is: filler beside it would be another name."""
        return question

    def unsettled(self, seen: Permuted) -> Iterator[str]:
        """The name that was found."""
        yield from seen.unsettled
