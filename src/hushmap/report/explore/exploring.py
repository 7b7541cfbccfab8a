"""Everything that the explorer's pages are made of, and the few ways in which they are made.

A page of the explorer is a page of the site, of a book that is narrowed to what its address asks for; what the site
cannot have, because nobody could write it beforehand, is here: filters, every measurement, two of them side by side.
Questions are answered one at a time: the tables have one connection, and the one who asks is one person.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from functools import cached_property
from threading import Lock
from typing import Any

import msgspec

from hushmap import analysis
from hushmap.analysis import Incident
from hushmap.archive import Place, Tables
from hushmap.report.explore.counting import Counting
from hushmap.report.explore.keeping import keep
from hushmap.report.explore.narrowing import Narrowing, named, narrowed
from hushmap.report.explore.wanted import Wanted
from hushmap.report.site.book import About, Book, Trigger
from hushmap.report.site.evidence import rebuilt
from hushmap.report.site.making import Making
from hushmap.report.site.reading import triggers
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
    unsought: bool = False
    """Whether the page would tell of changes, and nobody has sought them."""
    alone: bool = False
    """Whether what is counted was judged one by one, and not beside what other runs saw."""


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
        place: Place | None = None,
        *,
        kept: bool = False,
        alone: bool = True,
    ) -> None:
        """Of an archive at `place`, that has the columns `kept` or not.

        `find` has records with all that was observed; `alone` says whether verdicts were made one by one.
        """
        self.tables, self.counting, self.about, self.words = tables, counting, about, words
        self.lock = Lock()
        self._find, self._place, self._kept, self._alone = find, place, kept, alone

    def keep(self) -> None:
        """Keep the columns beside the archive that they are of, where that does not have them.

        Raises:
            RunsError: It cannot be written to.
        """
        if self._place is not None and not self._kept:
            keep(self._place, self.counting.columns)

    def book(self, wanted: Wanted, narrowing: Narrowing) -> Book:
        """The book of what is meant, with the changes on its targets and networks as far as they are known."""
        book = narrowed(self.counting, wanted, self.about, narrowing)
        whole = wanted.since is None and wanted.until is None and not wanted.label
        # What changed was seen in all measurements; beside a part of them it would not be true of what is shown.
        if not narrowing.days or not whole or self.incidents is None:
            return book
        hosts = {one.domain or one.target for one in book.targets}
        found = tuple(one for one in self.incidents if not hosts.isdisjoint(one.hosts))
        return msgspec.structs.replace(book, incidents=found)

    def named(self, targets: Iterable[int] = (), networks: Iterable[int] = ()) -> Book:
        """The book of a page that counts nothing by cells: it knows what some targets and networks are called."""
        return named(self.counting, self.about, targets, networks)

    def making(self, book: Book, explored: Explored, evidence: Mapping[str, Entry] | None = None) -> Making:
        """All that a page is made of."""
        explored = msgspec.structs.replace(explored, alone=self._alone)
        return Making(
            book=book, words=self.words, evidence=evidence or {}, served=True, policy=POLICY, explored=explored
        )

    @cached_property
    def incidents(self) -> tuple[Incident, ...] | None:
        """What stopped working and began to work again; none where that would take too long to find out.

        An archive that keeps them has them at once, however many verdicts they are of.
        """
        known = analysis.kept_incidents(self._place) if self._place is not None else None
        if known is None and len(self.counting.columns) <= FEW:
            frame = self.tables.frame("verdicts", columns=analysis.NEEDED)
            known = analysis.changes(frame, services=analysis.hosts_of_services()).incidents
        return known

    @cached_property
    def triggers(self) -> Mapping[str, Trigger]:
        """Each trigger on each network, by its id."""
        return {one.id: one for one in triggers(self.tables)}

    def entries(self, ids: Collection[str], days: Collection[date] = ()) -> Mapping[str, Entry]:
        """Records with all that was observed, else set out from the tables, which of known `days` is much faster."""
        whole = self._find(ids) if self._find is not None else {}
        return {**rebuilt(self.tables, {*ids} - whole.keys(), self.words.lang, days), **whole}
