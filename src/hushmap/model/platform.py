"""A platform as data: how it is searched, how the page of a post is read, and what its walls look like."""

import msgspec


class Sign(msgspec.Struct, frozen=True, kw_only=True):
    """By what a page is known."""

    kind: str
    """`status`, `header` (`NAME: TEXT`), `text` (the body holds it), `regex` (of the body) or `url` (of Location)."""
    value: str


class Extract(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What of a page is a fact."""

    kind: str
    """`css`, `pointer` or `regex`."""
    expression: str
    attribute: str | None = None


class Extraction(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What an attempt wants to know of a page."""

    signs: tuple[tuple[str, Sign], ...] = ()
    """Names, and by what each of them is known; several rows may have one name."""
    discreet: bool = False
    """Of the page nothing is kept but its status, its length and the names of the signs that it bears."""


class Notice(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a platform writes where it leaves something out."""

    text: str | None = None
    pattern: str | None = None
    kind: str = "explicit"
    first_seen: str = ""
    last_seen: str = ""
    source: str = ""


class Search(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """How it is searched."""

    method: str = "GET"
    url: str
    encoding: str = "utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    body: str | None = None
    items: Extract
    source_of: Extract | None = None
    listed: tuple[str, ...] = ()
    top: int = 20
    nonsense: tuple[str, ...] = ()
    truisms: tuple[str, ...] = ()
    canaries: tuple[str, ...] = ()


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
