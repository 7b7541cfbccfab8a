"""What every kind of page is given, and the one way in which a page is set.

A kind of page is a module with a function `pages(making)` that yields paths and bytes; `building` knows the kinds.
Every page comes through `Making.page`, so that title, policy, links, page id, version and corrections are the same
on all of them, and so that the explorer can serve the same templates with links of its own.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

import msgspec

from hushmap.analysis import Incident
from hushmap.detect import when_words
from hushmap.report.page import POLICY, environment
from hushmap.report.site.added import Added
from hushmap.report.site.book import Book, Cell, Key, Network, Target
from hushmap.report.site.changing import Known
from hushmap.report.site.links import Links
from hushmap.report.site.made import Download
from hushmap.report.site.theirs import told
from hushmap.report.view import Entry
from hushmap.report.words import Words

UTC = "%Y-%m-%dT%H:%M:%SZ"
"""How records write a time."""


class Making(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """All that pages are made of."""

    book: Book
    words: Words
    evidence: Mapping[str, Entry] = msgspec.field(default_factory=dict)
    """Measurements that are shown step by step, by the id of the record; those that could be had."""
    figures: Mapping[str, Any] = msgspec.field(default_factory=dict)
    """Drawings by name (`figures.Figure`)."""
    downloads: tuple[Download, ...] = ()
    """The files that were written beside the pages (`downloads.write`)."""
    added: Added = msgspec.field(default_factory=Added)
    """What the makers add to it."""
    served: bool = False
    """Whether the explorer serves the pages: it has a search form, and a page for each measurement."""
    policy: str = POLICY
    """What the browser may load and run."""
    explored: Any = None
    """What the explorer adds to every page: its search form, and where the page can be looked into further."""

    def page(self, path: str, template: str, **values: Any) -> bytes:
        """The page at `path`, of `templates/site/TEMPLATE.html.j2`.

        A template is given `making`, `book`, `about`, `words`, `links`, `path`, and `values`.
        """
        text = (
            environment()
            .get_template(f"site/{template}.html.j2")
            .render(
                making=self,
                book=self.book,
                about=self.book.about,
                words=self.words,
                links=self.links(path),
                path=path,
                **values,
            )
        )
        return text.encode()

    def links(self, path: str) -> Links:
        """Links as the page at `path` writes them."""
        return Links.served() if self.served else Links.of(path)

    def theirs(self, target: Target) -> tuple[tuple[str, ...], ...]:
        """What others measured of a target, by network, in sentences."""
        return told(self, target)

    def id(self, path: str) -> str:
        """What names a page in print and in pictures: what the site says, and which page of it."""
        return f"{self.site_id}/{path.removesuffix('.html')}"

    @cached_property
    def site_id(self) -> str:
        """Eight digits that are others when the site says something else."""
        book = self.book
        cells = sorted((key, cell.group, cell.k, cell.n, cell.record) for key, cell in book.cells.items())
        told = repr((book.about.title, book.about.version, book.first, book.last, cells))
        return hashlib.blake2b(told.encode(), digest_size=4).hexdigest()

    @cached_property
    def when(self) -> str:
        """From the first to the last measurement, in words; empty where there is none."""
        book = self.book
        if book.first is None or book.last is None:
            return ""
        return when_words(book.first.strftime(UTC), book.last.strftime(UTC), self.words.lang)

    @cached_property
    def networks(self) -> Mapping[str, Network]:
        """The networks by id."""
        return {one.id: one for one in self.book.networks}

    @cached_property
    def targets(self) -> Mapping[str, Target]:
        """The targets by id."""
        return {one.id: one for one in self.book.targets}

    @cached_property
    def incidents(self) -> Mapping[Key, tuple[Incident, ...]]:
        """The incidents of each target on each network."""
        known, found = Known(self.book), dict[Key, list[Incident]]()
        for one in self.book.incidents:
            network = known.network(one)
            for target in known.targets(one) if network is not None else ():
                found.setdefault((target.id, network.id if network else ""), []).append(one)
        return {key: tuple(mine) for key, mine in found.items()}

    @cached_property
    def on_networks(self) -> Mapping[str, Mapping[str, Cell]]:
        """The cells of each target by network; a network that is missing did not measure it."""
        found: dict[str, dict[str, Cell]] = {one.id: {} for one in self.book.targets}
        for (target, network), cell in self.book.cells.items():
            found.setdefault(target, {})[network] = cell
        return found


Pages = Iterator[tuple[str, bytes]]
"""Files of a site: (path in its folder, content)."""
Kind = Callable[[Making], Pages]
"""A kind of page."""
