"""A platform as data: how it is searched, how the page of a post is read, and what its walls look like."""

import unicodedata
from collections import Counter
from enum import StrEnum
from itertools import cycle
from urllib.parse import quote

import msgspec

NOTHING = "nothing"
"""The name of the signs of a page that says that it found nothing."""


LEAST = 6
"""Bytes of one word of nonsense, at least, where the manifest's has as many: there are 3e8 words of six Latin letters
and some 1e7 of two Chinese ones, and shorter ones somebody has written. own knowledge, unchecked"""


class Section(StrEnum):
    """The parts of a manifest, each checked by itself."""

    SEARCH = "search"
    POST = "post"


class Sign(msgspec.Struct, frozen=True, kw_only=True):
    """By what a page is known."""

    kind: str
    """`status`, `header` (`NAME: TEXT`), `text` (the body holds it), `regex` (of the body) or `url` (of Location)."""
    value: str


class Extract(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What of a page is a fact, as a list of texts."""

    kind: str
    """`css` (a selector), `pointer` (RFC 6901: a list in JSON) or `regex` (its first group, or all of it)."""
    expression: str
    attribute: str | None = None
    """css: the attribute that is taken, in place of the element's text; pointer: where in each item it stands."""


class Notice(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a platform writes where it leaves something out."""

    text: str | None = None
    pattern: str | None = None
    """A regular expression, where a text would not do."""
    first_seen: str = ""
    last_seen: str = ""
    """Dates, `YYYY-MM-DD`: notices come and go, and a detector that knows only old ones rots (refs/KEYWORDS 6)."""
    source: str = ""


class Extraction(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What an attempt wants to know of a page."""

    signs: tuple[tuple[str, Sign], ...] = ()
    """Names, and by what each of them is known; several rows may have one name."""
    items: Extract | None = None
    """The results of a search."""
    source_of: Extract | None = None
    """Whose each of them is."""
    listed: tuple[str, ...] = ()
    top: int = 20
    notices: tuple[Notice, ...] = ()
    notice_in: Extract | None = None
    """Where notices are the platform's own."""
    discreet: bool = False
    """Of the page nothing is kept but status, length, listing and the names of the signs that it bears."""


class Search(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """How it is searched."""

    url: str
    """With `{query}` in it, unless a form is sent."""
    items: Extract
    method: str = "GET"
    """`GET`, or `POST`: the form is the body of the request."""
    form: tuple[tuple[str, str], ...] = ()
    """What a form for searching sends, names and texts in order, `{query}` in one of the texts."""
    form_source: str = ""
    """Where it is seen that this form searches, and writes nothing: a POST may do either (RFC 9110 9.2.1, 9.3.3)."""
    encoding: str = "utf-8"
    """Of the letters that are percent-encoded."""
    source_of: Extract | None = None
    """Which site or account a result is from; only whether it is a listed one is kept."""
    listed: tuple[str, ...] = ()
    """Sources that a soft filter lets through."""
    top: int = 20
    """How many results are looked at."""
    nonsense: tuple[str, ...] = ()
    """What nobody writes: it finds nothing, and shows no notice; one a script, the first for all others."""
    truisms: tuple[str, ...] = ()
    """With `{query}` in it: what finds everything, whatever the word is, unless the word is filtered."""
    controls: tuple[str, ...] = ()
    """Harmless words that many write: where they find nothing, the page is not understood (`platform check`)."""
    canaries: tuple[str, ...] = ()
    """Words that are known to be filtered here."""
    notice_in: Extract | None = None
    """Where on a page of results the platform's own notices stand (css or pointer): only there one counts. Without it
    none does, since whoever is quoted beside the results may say the same; a page with its words then decides
    nothing."""
    nothing: tuple[Sign, ...] = ()
    """By what its own page of no results is known; without it nothing is called empty: a wall of a new kind lists
    nothing either."""

    def unlike(self, text: str) -> str:
        """Nonsense in the shape of a text: for each word as many bytes, in its script where there is such nonsense.

        A platform may cut a query off, or leave a script out, whatever it says (refs/KEYWORDS 2.2, 2.3): what stands
        beside a word must differ in nothing else. Where none of its script is known, its length alone is mirrored.

        Raises:
            UnicodeEncodeError: The platform's encoding has no such letter.
        """
        return " ".join(map(self._nonsense, text.split() or [text]))

    def _nonsense(self, word: str) -> str:
        wanted = _script(word)
        one = next((each for each in self.nonsense if _script(each) == wanted), self.nonsense[0])
        size = max(len(word.encode(self.encoding)), min(LEAST, len(one.encode(self.encoding))))
        letters, made = cycle(one), ""
        while len(made.encode(self.encoding)) < size:
            made += next(letters)
        return made

    def asked(self, text: str) -> str:
        """The URL that searches for a text.

        Raises:
            UnicodeEncodeError: The platform's encoding has no such letter.
        """
        return self.url.replace("{query}", self._escaped(text))

    def sent(self, text: str) -> bytes | None:
        """The body of the request that searches for a text, as forms are written; `None` where none is sent.

        A space is `%20`, which every reader of forms takes for one, as in URLs: so a word has one form in all asks.

        Raises:
            UnicodeEncodeError: The platform's encoding has no such letter.
        """
        fields = ((self._escaped(name), self._escaped(value.replace("{query}", text))) for name, value in self.form)
        return "&".join(map("=".join, fields)).encode() if self.form else None

    def _escaped(self, text: str) -> str:
        return quote(text.encode(self.encoding), safe="")


class PostPage(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """How the page of a post is read."""

    url: str
    """With `{id}` in it."""
    visible: tuple[Sign, ...]
    removed: tuple[Sign, ...] = ()
    author_removed: tuple[Sign, ...] = ()
    account_gone: tuple[Sign, ...] = ()
    hidden: tuple[Sign, ...] = ()
    held: tuple[Sign, ...] = ()
    nonsense: str = ""
    """An id that no post has: what its page bears says nothing of a post (`platform check --post`)."""


class Platform(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A search engine or a place of posts, as its manifest has it."""

    id: str
    name: str
    operator: str = ""
    jurisdiction: tuple[str, ...] = ()
    """Country codes."""
    state: str = "unverified"
    """`unverified`, or `lab`: it exists in the lab alone."""
    source: str = ""
    as_of: str = ""
    search: Search | None = None
    post: PostPage | None = None
    notices: tuple[Notice, ...] = ()
    captcha: tuple[Sign, ...] = ()
    login: tuple[Sign, ...] = ()

    @property
    def walls(self) -> tuple[tuple[str, Sign], ...]:
        """By what a captcha and a login wall are known, by name."""
        return (*(("captcha", sign) for sign in self.captcha), *(("login", sign) for sign in self.login))

    @property
    def extract(self) -> Extraction:
        """What is read of a page of results."""
        search = self.search
        assert search is not None, "only what can be searched has results"
        return Extraction(
            signs=(*self.walls, *((NOTHING, sign) for sign in search.nothing)),
            items=search.items,
            source_of=search.source_of,
            listed=search.listed,
            top=search.top,
            notices=self.notices,
            notice_in=search.notice_in,
            discreet=True,
        )


def _script(text: str) -> str:
    """The script of most letters of a text, by the first word of their Unicode names; empty where it has none."""
    found = Counter(unicodedata.name(letter, "").partition(" ")[0] for letter in text if letter.isalpha())
    return found.most_common(1)[0][0] if found else ""
