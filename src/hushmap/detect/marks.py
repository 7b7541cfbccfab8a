"""All fingerprints at once: what of them stands in a text.

Users load some 2,000 of them, and judging reads thousands of pages a second. So the literal ones of one place (body,
title, a header ...) go through one automaton (Aho and Corasick 1975), and an expression is tried only on a text in
which its longest literal was found. An `Index` is made once for a `Knowledge`, which is recognised by identity:
comparing or hashing 2,000 fingerprints costs more than searching a page.
"""

from collections.abc import Sequence

from ahocorasick_rs import AhoCorasick, Implementation

from hushmap.model import REACH, Fingerprint, Knowledge, Page, compiled, expression

GROWN = 16_000_000
"""Characters searched by one automaton after which it is made anew as a table, three times as fast: for OONI's 1,291
pieces that takes 0.2 s and 56 MB, where the small form takes 15 ms and 1.4 MB, and is repaid after 30 million."""
SHORT = 1_000
"""Characters of a text that is too short to matter for that."""
PAGES = 16
"""Pages whose marks are remembered: rules ask about the few pages of one record again and again."""
INDEXES = 4
"""Indexes that are kept: judging has one `Knowledge`, or two where it compares."""


class _Expression:
    """A regular expression, compiled, with what bounds its time."""

    def __init__(self, pattern: str) -> None:
        known = expression(pattern)
        self.literal = known.literal
        self._pieces = [compiled(piece) for piece in known.pieces]
        self._linear, self._places = known.linear, known.places

    def stands_in(self, text: str) -> bool:
        """Whether it matches anywhere in `text`; the first place of each piece leaves most room for the next."""
        if not self._linear:
            return self._stands_near_any(text)
        at = 0
        for piece in self._pieces:
            found = piece.search(text, at)
            if found is None:
                return False
            at = found.end()
        return True

    def _stands_near_any(self, text: str) -> bool:
        """Whether it matches around one of the places of its literal; without one, in the beginning of the text.

        Each place is seen with a quarter of `REACH` behind it at least, so that places close by are tried together.
        """
        at = text.find(self.literal)
        for _ in range(self._places):
            if at < 0:
                break
            start = max(0, at - REACH // 2)
            end = min(len(text), start + REACH)
            found = self._pieces[0].search(text, start, end)
            if found is not None and (found.end() < end or end == len(text)):  # what touches a cut is not the end
                return True
            at = text.find(self.literal, end - REACH // 4) if end < len(text) else -1
        return False


class _Mark:
    """One fingerprint, ready to be tried on a text that holds its literal."""

    def __init__(self, fingerprint: Fingerprint) -> None:
        self.fingerprint = fingerprint
        self._expression = _Expression(fingerprint.pattern) if fingerprint.kind == "regexp" else None
        self.literal = fingerprint.pattern if self._expression is None else self._expression.literal

    def fits(self, text: str) -> bool:
        """Whether `text`, in which the literal stands, has the mark."""
        if self._expression is not None:
            return self._expression.stands_in(text)
        return self.fingerprint.kind != "prefix" or text.startswith(self.literal)


class Place:
    """The fingerprints that are looked for in one kind of text."""

    def __init__(self, fingerprints: list[Fingerprint]) -> None:
        self._whole: dict[str, list[Fingerprint]] = {}
        self._by_literal: dict[str, list[_Mark]] = {}
        self._rest: list[_Mark] = []
        for fingerprint in fingerprints:
            if fingerprint.kind == "full":
                self._whole.setdefault(fingerprint.pattern, []).append(fingerprint)
                continue
            mark = _Mark(fingerprint)
            if mark.literal:
                self._by_literal.setdefault(mark.literal, []).append(mark)
            else:
                self._rest.append(mark)
        self._searched = 0
        self._automaton = _automaton(self._by_literal, Implementation.ContiguousNFA) if self._by_literal else None

    def find(self, text: str) -> Sequence[Fingerprint]:
        """Every fingerprint that `text` has; this runs for every text of every page, mostly to find nothing."""
        found = self._whole.get(text, ())
        if self._automaton is not None:
            try:
                pieces = self._automaton.find_matches_as_strings(text, overlapping=True)
            except UnicodeEncodeError:  # JSON can spell half of a character; the automaton reads UTF-8
                whole = text.encode("utf-8", "replace").decode()
                pieces = self._automaton.find_matches_as_strings(whole, overlapping=True)
            if pieces:
                held = (mark for piece in dict.fromkeys(pieces) for mark in self._by_literal[piece])
                found = [*found, *(mark.fingerprint for mark in held if mark.fits(text))]
            if len(text) > SHORT:
                self._grow(len(text))
        if self._rest:
            found = [*found, *(mark.fingerprint for mark in self._rest if mark.fits(text))]
        return found

    def _grow(self, length: int) -> None:
        if self._searched < GROWN:
            self._searched += length
            if self._searched >= GROWN:
                self._automaton = _automaton(self._by_literal, Implementation.DFA)


def _automaton(by_literal: dict[str, list[_Mark]], form: Implementation) -> AhoCorasick:
    return AhoCorasick(list(by_literal), implementation=form, store_patterns=True)


class Index:
    """The fingerprints of one `Knowledge`, by place."""

    def __init__(self, fingerprints: tuple[Fingerprint, ...]) -> None:
        places: dict[str, list[Fingerprint]] = {}
        for fingerprint in fingerprints:
            if fingerprint.pattern:  # one without a pattern says nothing
                places.setdefault(fingerprint.where, []).append(fingerprint)
        self._places = {where: Place(found) for where, found in places.items()}
        get = self._places.get
        self._body, self._title, self._location = get("body"), get("title"), get("location")
        self._headers = {
            where.removeprefix("header."): place for where, place in self._places.items() if "." in where
        }
        if self._location is not None:
            self._headers["location"] = self._location
        self._server = get("header.server")
        self._pages: dict[int, tuple[Page, Sequence[Fingerprint]]] = {}

    def text(self, where: str, text: str) -> Sequence[Fingerprint]:
        """The fingerprints of one place that `text` has."""
        place = self._places.get(where)
        return place.find(text) if place is not None else ()

    def page(self, page: Page) -> Sequence[Fingerprint]:
        """The fingerprints that `page` has, in any of its places."""
        if page.body is None:
            return self._read(page)
        known = self._pages.get(id(page))
        if known is not None:
            return known[1]  # the page is kept with its answer, so that no other can have its id
        found = self._read(page)
        if len(self._pages) == PAGES:
            self._pages.clear()
        self._pages[id(page)] = (page, found)
        return found

    def _read(self, page: Page) -> Sequence[Fingerprint]:
        found: list[Fingerprint] = []
        if self._body is not None and page.body:
            found += self._body.find(page.body)
        if self._title is not None and page.title:
            found += self._title.find(page.title)
        if self._location is not None and page.location:
            found += self._location.find(page.location)
        if self._server is not None and page.server:
            found += self._server.find(page.server)
        if self._headers:
            for name, value in page.headers:
                # Of a foreign page two of them are the very texts that were looked at above.
                if name in self._headers and value and value is not page.location and value is not page.server:
                    found += self._headers[name].find(value)
        return found


_made: dict[int, tuple[Knowledge, Index]] = {}


def index_of(knowledge: Knowledge) -> Index:
    """The index of `knowledge`; made once, as long as that very object is in use."""
    known = _made.get(id(knowledge))
    if known is not None:
        return known[1]
    index = Index(knowledge.fingerprints)
    if len(_made) == INDEXES:
        _made.clear()
    _made[id(knowledge)] = (knowledge, index)
    return index
