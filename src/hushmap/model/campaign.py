"""Dated enforcement as data: what officials announced, when, against what, and what they claim of it.

A campaign is read, never inferred. Every figure is a claim of its source and stays one: it is printed beside what is
measured together with what the two have not in common, and no computation takes it for a measurement.
"""

from datetime import date
from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """What happened. Everything but a campaign is there because it could be mistaken for the work of one."""

    CAMPAIGN = "campaign"
    """Enforcement that was announced, or reported."""
    ANNIVERSARY = "anniversary"
    """A day that comes every year."""
    NEWS = "news"
    """An event that is talked about, so that words about it are new."""
    SEASON = "season"
    """A time of the year in which the thing itself is more frequent."""


class Precision(StrEnum):
    """How exactly a date is known."""

    DAY = "day"
    MONTH = "month"
    """Any day of the month: no test by day may rest on it."""
    ABOUT = "about"
    """The source says so, or it follows from a round number of days."""


class Dated(msgspec.Struct, frozen=True, kw_only=True):
    """A date and how exactly it is known."""

    day: date
    """The day; of a month its first."""
    precision: Precision = Precision.DAY


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """Where a fact stands."""

    what: str
    """Who published it and when, or `own knowledge, unchecked`."""
    url: str = ""
    language: str = ""
    note: str = ""


class Claimed(msgspec.Struct, frozen=True, kw_only=True):
    """What an agency says that it did."""

    id: str
    agency: str
    place: str
    says: str
    """The claim in our words, with what the source leaves open."""
    reported: date
    figure: int | None = None
    """None: a claim without a number."""
    at_least: bool = False
    """The source says "over"."""
    roughly: bool = False
    """The source says "some" or "about": the figure is no bound, to either side."""
    unit: str = ""
    start: Dated | None = None
    """First and last day of what is counted."""
    end: Dated | None = None
    unlike: str
    """What a measurement of ours would not have in common with it."""


class Locality(msgspec.Struct, frozen=True, kw_only=True):
    """A place in which a campaign went on, as its sources name it."""

    name: str
    start: Dated | None = None
    """When it began there; None: no source tells."""
    note: str = ""


class Campaign(msgspec.Struct, frozen=True, kw_only=True):
    """One dated event."""

    id: str
    name: str
    name_original: str = ""
    kind: Kind = Kind.CAMPAIGN
    agency: str = ""
    jurisdiction: str
    """ISO 3166: a country or a part of one."""
    localities: tuple[Locality, ...] = ()
    """Those that its sources name."""
    unnamed: str = ""
    """The others, in words: where else it went on, by no name. Empty: those that are named are all."""
    announced: Dated | None = None
    start: Dated | None = None
    end: Dated | None = None
    """None: it has no end that is known, or is one day."""
    reported: Dated | None = None
    """When the source reported it, which may be long after."""
    yearly: bool = False
    """It comes again in each year on the same day."""
    targets: tuple[str, ...] = ()
    """What it is said to be after, in words."""
    categories: tuple[str, ...] = ()
    """The same as categories of word lists that it may be held against; the beginning of a name suffices."""
    platforms: tuple[str, ...] = ()
    """Those that its sources name; empty: none is named."""
    confounders: tuple[str, ...] = ()
    """Ids of what else happened then."""
    claims: tuple[Claimed, ...] = ()
    documents: tuple[Document, ...] = ()
    note: str = ""

    @property
    def country(self) -> str:
        """The country that it was in, or in a part of."""
        return self.jurisdiction.partition("-")[0]

    @property
    def first(self) -> Dated:
        """When it began, or the first that is known of it."""
        found = self.start or self.announced or self.reported
        assert found is not None, "the catalogue sees to it"
        return found
