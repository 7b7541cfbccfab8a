"""The `keyword` experiment: is what holds a word cut off, where a harmless word in the same place is not?

Words go only to an address of ours, into one of the places that `carriers` knows. Without such an address nothing is
asked: a stranger's server is no place to try words. The twin has the same length and place (KEYWORDS 2.2).
"""

import msgspec

from hushmap.experiments.carriers import CHANGED, ask_for, twin_of
from hushmap.experiments.sending import Sending
from hushmap.model import Ask


class Keyword(Sending):
    """One word in one place."""

    experiment = "keyword"

    def subject(self) -> tuple[Ask, str] | None:
        """The attempt that holds the word; `None` without an address of ours for this place."""
        place = self.target.place
        if place is None:
            return None
        ask = ask_for(self.target.text, place, self.target.encoding, self.conditions)
        return None if ask is None else (ask, CHANGED[place])

    def twin(self, subject: Ask, changed: str, number: int) -> Ask | None:  # noqa: ARG002  the base's signature
        """The same attempt with a harmless word of the same length."""
        place = self.target.place
        assert place is not None, "there is a subject, so there is a place"
        twin = twin_of(self.target.text, place, self.target.encoding, self.conditions)
        return None if twin is None else msgspec.structs.replace(twin, verify=subject.verify)
