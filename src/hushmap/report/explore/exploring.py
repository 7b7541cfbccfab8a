"""Everything that the explorer's pages are made of, and the few ways in which they are made.

A page of the explorer is a page of the site, of a book that is narrowed to what its address asks for; what the site
cannot have, because nobody could write it beforehand, is here: filters, every measurement, two of them side by side.
Questions are answered one at a time: the tables have one connection, and the one who asks is one person.
"""

from collections.abc import Callable, Collection, Mapping
from threading import Lock
from typing import Any

import msgspec

from hushmap import analysis
from hushmap.analysis import Changes
from hushmap.archive import Place, Tables
from hushmap.report.explore.counting import Counting
from hushmap.report.explore.keeping import keep
from hushmap.report.explore.narrowing import Narrowing, narrowed
from hushmap.report.explore.wanted import Wanted
from hushmap.report.site.book import About, Book
from hushmap.report.site.making import Making
from hushmap.report.view import Entry
from hushmap.report.words import Words

SCHEMA = "hushmap.explore/1"
"""Of every JSON."""
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'"
)
"""The site's, and what the explorer needs beyond it: our own script, and the figures that it draws."""
FEW = 200_000
"""Verdicts of which the changes are sought when a page needs them: some ten seconds."""

Find = Callable[[Collection[str]], Mapping[str, Entry]]
"""Ids of records -> those that the PATHs hold, with all that was observed."""


class Explored(msgspec.Struct, frozen=True, kw_only=True):
    """What the explorer adds to every page."""

    q: str = ""
    """What was searched for."""
    json: str = ""
    """The address of the same page for programs."""
    more: tuple[tuple[str, str], ...] = ()
    """(words, address): where the page can be looked into further."""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One page: for people and for programs, of the same values."""

    path: str
    template: str
    making: Making
    values: Mapping[str, Any] = msgspec.field(default_factory=dict)
    told: Mapping[str, Any] = msgspec.field(default_factory=dict)
    """What programs get."""
    html: Callable[[Making], bytes] | None = None
    """Of a page that is a site's: how it is set."""

    @property
    def json(self) -> bytes:
        """For programs."""
        return msgspec.json.encode({"schema": SCHEMA, **self.told})

    def rendered(self) -> bytes:
        """For people."""
        if self.html is not None:
            return self.html(self.making)
        return self.making.page(self.path, self.template, **self.values)


class Explorer:
    """What was opened, ready to be asked."""

    def __init__(
        self,
        tables: Tables,
        counting: Counting,
        about: About,
        words: Words,
        find: Find | None = None,
        unkept: Place | None = None,
    ) -> None:
        """`find` has records with all that was observed; `unkept` is an archive that does not keep the columns."""
        self.tables, self.counting, self.about, self.words = tables, counting, about, words
        self.lock = Lock()
        self._find, self._unkept = find, unkept
        self._known: Changes | None = None
        self._sought = False

    def keep(self) -> None:
        """Keep the columns beside the archive that they are of, where that does not have them.

        Raises:
            RunsError: It cannot be written to.
        """
        if self._unkept is not None:
            keep(self._unkept, self.counting.columns)

    def book(self, wanted: Wanted, narrowing: Narrowing) -> Book:
        """The book of what is meant, with the changes on its targets and networks as far as they are known."""
        book = narrowed(self.counting, wanted, self.about, narrowing)
        whole = wanted.since is None and wanted.until is None and not wanted.label
        # What changed was seen in all measurements; beside a part of them it would not be true of what is shown.
        changes = self.changes() if narrowing.days and whole else None
        if changes is None:
            return book
        hosts = {one.domain or one.target for one in book.targets}
        incidents = tuple(one for one in changes.incidents if one.key.target in hosts)
        return msgspec.structs.replace(book, incidents=incidents, silences=changes.silences)

    def making(self, book: Book, explored: Explored, evidence: Mapping[str, Entry] | None = None) -> Making:
        """All that a page is made of."""
        return Making(
            book=book, words=self.words, evidence=evidence or {}, served=True, policy=POLICY, explored=explored
        )

    def changes(self) -> Changes | None:
        """What stopped working and began to work again; none where that would take too long to find out."""
        if not self._sought:
            if len(self.counting.columns) <= FEW:
                frame = self.tables.frame("verdicts", columns=analysis.NEEDED)
                self._known = analysis.changes(frame, services=analysis.hosts_of_services())
            self._sought = True
        return self._known

    def entries(self, ids: Collection[str]) -> Mapping[str, Entry]:
        """Records with all that was observed; those that no PATH holds so are not there."""
        return self._find(ids) if self._find is not None else {}
