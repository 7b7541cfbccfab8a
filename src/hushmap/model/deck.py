"""A question, and the things that it asks about."""

from enum import StrEnum

import msgspec

from hushmap.model.platform import Platform
from hushmap.model.post import Post
from hushmap.model.service import Service
from hushmap.model.word import Encoding, Place


class Oddity(StrEnum):
    """What is odd about a request that a middlebox may not leave as it is (experiment middlebox)."""

    HEADERS = "odd-headers"
    """Headers in unusual spelling and of unusual names, and a method in mixed case."""
    REQUEST_LINE = "odd-request-line"
    """A first line that is none of HTTP."""


class Target(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One thing asked about, and what its list says of it."""

    experiment: str
    text: str
    """A URL (web), a name (dns, sni), a word (keyword, search), a service, or a kind of request (middlebox)."""
    place: Place | None = None
    encoding: Encoding | None = None
    """How a word is written; `None` is the place's own way (wire.carrying)."""
    words: tuple[str, ...] = ()
    """Several words that are asked about together (screen); `text` is then their list's."""
    category: str | None = None
    """Citizen Lab code."""
    risky: bool = False
    canary: bool = False
    source: str = ""
    reason: str = ""
    line: str = ""
    """`file:line`, for messages."""
    service: Service | None = None
    """What the service is (service)."""
    post: Post | None = None
    """Where the post is, and what stands beside it (watch)."""
    platform: Platform | None = None
    """Where the word is searched for (search)."""

    @property
    def key(self) -> str:
        """What makes it one thing: two rows with the same key are one target."""
        owner = self.platform or (self.post.platform if self.post else None)
        place = f"{self.place or (owner.id if owner else '')}" + (f"/{self.encoding}" if self.encoding else "")
        return f"{self.experiment}|{place}|{self.text}"


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One experiment of a deck with its targets, risky ones included (`plan` switches them)."""

    experiment: str
    list: str
    """The list's file name."""
    sha256: str
    targets: tuple[Target, ...]


class Deck(msgspec.Struct, frozen=True, kw_only=True):
    """One question as read from `probes/decks` and its lists."""

    name: str
    title: str
    sha256: str
    """Of the deck's own bytes."""
    baselines: tuple[str, ...]
    """Two innocuous names, the harmless twins of every subject."""
    parts: tuple[Part, ...]
    baseline_word: str = ""
    """The harmless word of the keyword experiment."""
    path: str = ""
    own_vantage: bool = False
    """Its author means platforms to be asked from their own country, too (METHOD 5); each person is asked again."""

    @property
    def targets(self) -> tuple[Target, ...]:
        """Every target of every part."""
        return tuple(target for part in self.parts for target in part.targets)


RISKY: frozenset[str] = frozenset("ALDR ANON DATE GMB HACK HATE LGBT MILX PORN PROV REL XED".split())
"""METHOD 5: asking for these can endanger the person who asks; each is switched on by its own name."""

NAMED: frozenset[str] = frozenset({"HUMR", "POLR", "NEWS"})
"""METHOD 5: on, and named in the plan."""

CATEGORIES: dict[str, str] = {
    "ALDR": "alcohol and drugs",
    "REL": "religion",
    "PORN": "pornography",
    "PROV": "provocative attire",
    "POLR": "political criticism",
    "HUMR": "human rights",
    "ENV": "environment",
    "MILX": "terrorism and militants",
    "HATE": "hate speech",
    "NEWS": "news",
    "XED": "sex education",
    "PUBH": "public health",
    "GMB": "gambling",
    "ANON": "circumvention",
    "DATE": "dating",
    "GRP": "social networks",
    "LGBT": "LGBT",
    "FILE": "file sharing",
    "HACK": "hacking",
    "COMT": "communication tools",
    "MMED": "media sharing",
    "HOST": "hosting and blogging",
    "SRCH": "search",
    "GAME": "games",
    "CULTR": "culture",
    "ECON": "economy",
    "GOVT": "government",
    "COMM": "e-commerce",
    "CTRL": "control",
    "IGO": "intergovernmental organisations",
    "MISC": "miscellaneous",
}
"""Citizen Lab category codes in words (refs/OONI 7)."""
