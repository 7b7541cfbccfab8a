"""What makers may add to a site beside what was measured: events, studies, cases, what others measured, a correction.

None of it is a measurement of ours, and none changes a verdict: it stands on pages of its own, or in a part of a page
that says whose it is.
"""

from collections.abc import Callable, Mapping

import msgspec

from hushmap.analysis import Study, Theirs
from hushmap.model import Campaign
from hushmap.report.site.book import Book, Key


class CaseError(ValueError):
    """Something is asked to be told as a case that is none; its text says why."""


class Replaced(msgspec.Struct, frozen=True, kw_only=True):
    """The edition that a corrected one takes the place of."""

    version: int
    id: str
    """Its pages' id."""


class Others(msgspec.Struct, frozen=True, kw_only=True):
    """Where others' measurements are, and how they are had."""

    source: str
    """As a reader may see it: the name of a file."""
    of: Callable[[Book], Mapping[Key, Theirs]]


class Added(msgspec.Struct, frozen=True, kw_only=True):
    """All of it; by default nothing."""

    register: Mapping[str, Campaign] = msgspec.field(default_factory=dict)
    """Dated events by id."""
    studies: tuple[Study, ...] = ()
    cases: tuple[str, ...] = ()
    """Ids of the incidents that are told as cases."""
    others: Others | None = None
    theirs: Mapping[Key, Theirs] = msgspec.field(default_factory=dict)
    """What others measured, when it was had."""
    replaces: Replaced | None = None
    rejects: int = 0
    """Lines of the input that could not be read."""
