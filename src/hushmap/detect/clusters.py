"""Similar pages that came for unrelated sites: proposed to a person as fingerprints, and never used for a verdict.

One site that looks odd is an odd site. The same page in the place of three sites that have nothing to do with each
other is a notice, a portal or a parking page, which is for a person to say. Give every page that `strangers` finds to
`add`, sketched (`codec.sketched`), every page of `helper_pages` to `elsewhere`, and ask for `proposals` at the end.

Memory is bounded, whatever is given: `MOST_GROUPS` groups of pages, each with a few lines, names and numbers. When
there are more, the group goes that has not grown for longest, those of a single site first; a notice that comes
again after that begins anew.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec

from hushmap.detect.hosts import host_in, owner
from hushmap.detect.sight import LIKE
from hushmap.model import Page

T = TypeVar("T")

MOST_GROUPS = 1_000
"""Groups that are kept; at most some 15 kB each."""
SITES = 3
"""Unrelated sites from which a group is proposed: two may share an owner or a host."""
SHOWN = 20
"""Hosts, countries and networks that a proposal lists; sites are counted up to that number."""
_RECORDS = 5
"""Records that a proposal names, to be looked at."""
_LINES, _SHORTEST, _LONGEST = 50, 30, 200
"""Lines of a page that are kept, and their lengths in characters: 30 are a sentence rather than a phrase."""
_TITLES = 100_000
"""Titles from elsewhere that are remembered, by hash: the first ones."""
_OLD = 64
"""Groups among the oldest that are looked through for one of a single site."""
_LOOK = frozenset("=+-@")
"""A spreadsheet takes what begins so for a formula: no page shall write one into a person's file."""

PROPOSED = ("name", "scope", "location_found", "pattern_type", "pattern", "expected_countries", "source", "notes")
"""Of a proposed row: those of a person's own file of fingerprints."""


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A group of similar pages, and a fingerprint by which a person may choose to know them."""

    row: dict[str, str]
    """By column. Its scope is `vbw`, which accuses nobody, until a person puts another in its place."""
    count: int
    """How many pages."""
    sites: int
    """For how many unrelated sites; at most `SHOWN` are counted."""
    hosts: tuple[str, ...]
    countries: tuple[str, ...]
    networks: tuple[int, ...]
    records: tuple[str, ...]
    """Some of the records in which they are, to be looked at with `hushmap show`."""


class _Group:
    """Pages that are alike."""

    def __init__(self, keys: list[object], page: Page) -> None:
        self.keys = keys
        self.count = 0
        self.title = page.title
        self.lines: tuple[str, ...] | None = None
        self.body = page.body
        self.target = _netloc(page.location) if page.location else ""
        self.owners: set[str] = set()
        self.hosts: set[str] = set()
        self.countries: set[str] = set()
        self.networks: set[int] = set()
        self.records: list[str] = []

    def add(self, host: str, country: str | None, asn: int | None, page: Page, record_id: str) -> None:
        self.count += 1
        _note(self.owners, owner(host))
        _note(self.hosts, host)
        _note(self.countries, country)
        _note(self.networks, asn)
        if len(self.records) < _RECORDS:
            self.records.append(record_id)
        if page.title != self.title:
            self.title = None
        if page.body != self.body:
            self.body = None
        if page.body:
            kept = _lines(page.body) if self.lines is None else self.lines
            self.lines = tuple(line for line in kept if line in page.body)


class Clusters:
    """Sorts pages into groups as they come."""

    def __init__(self) -> None:
        self._groups: dict[int, _Group] = {}
        self._by_key: dict[object, list[int]] = {}
        self._titles: set[int] = set()
        self._next = 0

    def elsewhere(self, page: Page) -> None:
        """A page that came where nothing is blocked: its title is no notice's."""
        if page.title and len(self._titles) < _TITLES:
            self._titles.add(_short_hash(page.title))

    def add(self, host: str, country: str | None, asn: int | None, page: Page, record_id: str) -> None:
        """A page that was not the site's (see `strangers`), for `host`, in a network; with its sketch."""
        keys = _keys(host, page)
        if not keys:
            return
        number = self._like(keys)
        if number is None:
            self._make_room()
            number, self._next = self._next, self._next + 1
            group = _Group(keys, page)
            for key in keys:
                self._by_key.setdefault(key, []).append(number)
        else:
            group = self._groups.pop(number)
        self._groups[number] = group  # the last is the one that grew last
        group.add(host.lower(), country, asn, page, record_id)

    def proposals(self) -> tuple[Proposal, ...]:
        """The groups of unrelated sites for which a fingerprint can be told, those of most sites first."""
        found = [self._proposal(group) for group in self._groups.values() if len(group.owners) >= SITES]
        return tuple(
            sorted(
                (one for one in found if one is not None),
                key=lambda one: (-one.sites, -one.count, one.row["name"]),
            )
        )

    def _like(self, keys: list[object]) -> int | None:
        votes = Counter(number for key in keys for number in self._by_key.get(key, ()))
        number, agree = max(votes.items(), key=lambda vote: (vote[1], -vote[0]), default=(0, 0))
        return number if agree and (len(keys) == 1 or agree >= LIKE * len(keys)) else None

    def _make_room(self) -> None:
        if len(self._groups) < MOST_GROUPS:
            return
        oldest = list(islice(self._groups, _OLD))
        number = next((one for one in oldest if len(self._groups[one].owners) == 1), oldest[0])
        for key in self._groups.pop(number).keys:
            self._by_key[key].remove(number)
            if not self._by_key[key]:
                del self._by_key[key]

    def _proposal(self, group: _Group) -> Proposal | None:
        mark = self._mark(group)
        if mark is None:
            return None
        place, kind, pattern = mark
        countries, networks = tuple(sorted(group.countries)), tuple(sorted(group.networks))
        seen = f"{group.count} pages of {len(group.owners)} sites"
        where = ", ".join([*countries, *(f"AS{asn}" for asn in networks)])
        row = {
            "name": f"proposed.{hashlib.sha256(f'{place} {kind} {pattern}'.encode()).hexdigest()[:8]}",
            "scope": "vbw",
            "location_found": place,
            "pattern_type": kind,
            "pattern": pattern,
            "expected_countries": ",".join(countries),
            "source": "proposed by hushmap judge, unconfirmed",
            "notes": f"{seen} in {where}" if where else seen,
        }
        return Proposal(
            row=row,
            count=group.count,
            sites=len(group.owners),
            hosts=tuple(sorted(group.hosts)),
            countries=countries,
            networks=networks,
            records=tuple(group.records),
        )

    def _mark(self, group: _Group) -> tuple[str, str, str] | None:
        """Place, kind and pattern of the fingerprint: where a redirect leads, a title, a line, or all of a page."""
        if group.target:
            return "header.location", "contains", f"//{group.target}"
        title = group.title
        if title and len(title) >= 4 and title[0] not in _LOOK and _short_hash(title) not in self._titles:
            return "title", "full", title
        line = next((line for line in group.lines or () if line[0] not in _LOOK), None)
        if line is not None:
            return "body", "contains", line
        body = group.body
        whole = body is not None and _SHORTEST <= len(body) <= 10 * _LONGEST and body[0] not in _LOOK
        return ("body", "full", body) if body is not None and whole else None


def _note(place: set[T], value: T | None) -> None:
    if value is not None and len(place) < SHOWN:
        place.add(value)


def _keys(host: str, page: Page) -> list[object]:
    """By what a page is found again: where it sends to, its sketch, or all of its bytes; nothing if it is empty."""
    target = _netloc(page.location) if page.location and page.status // 100 == 3 else ""
    if target:
        return [f"to {target}"] if owner(host_in(page.location or "") or "") != owner(host) else []
    if page.sketch:
        return list(enumerate(page.sketch))
    return [f"is {page.body_sha256}"] if page.body_sha256 and page.body_length else []


def _netloc(location: str) -> str:
    """Host and port of an absolute address, without a user's name; nothing where there is none."""
    try:
        return urlsplit(location).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""


def _short_hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest())


def _lines(body: str) -> tuple[str, ...]:
    """The longest lines of text between the tags of a page, as they are written; no script, style or comment."""
    found = {line for text in _texts(body) for line in map(str.strip, text.splitlines()) if len(line) >= _SHORTEST}
    ordered = sorted(found, key=lambda line: (-len(line), line))[:_LINES]
    return tuple(line[:_LONGEST] for line in ordered)


def _texts(body: str) -> Iterator[str]:
    hidden = ""
    first, *pieces = body.split("<")
    yield first
    for piece in pieces:
        tag, _, text = piece.partition(">")
        name = tag[:8].lower()
        if hidden:
            hidden = "" if name.startswith(hidden) else hidden
        else:
            hidden = next((f"/{one}" for one in ("script", "style") if name.startswith(one)), "")
        if not hidden:
            yield text
