"""Platforms: `probes/platforms/ID.toml`, one file each: how they are searched, and how the page of a post is read.

A manifest ages fast: platforms change their pages and their notices without a word. So each says when it was written
and by what source, a shipped one is `unverified` until a check of the same day has passed, and whatever it does not
know leads to `insufficient` and never to a verdict.
"""

import codecs
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

from hushmap.catalog.errors import among, shown
from hushmap.catalog.excluded import exclusions
from hushmap.catalog.names import NameFaultError, web_address
from hushmap.catalog.places import probes_dir
from hushmap.catalog.source import read
from hushmap.catalog.tables import FILE_NAME, Table, iso_day, parse
from hushmap.model import Extract, Notice, Platform, PostPage, Search, Sign, expression, selector

STATES = ("unverified", "lab")
LAB = ".test"
"""The end of every name in the lab, and of none outside it (RFC 6761)."""
_COUNTRY = re.compile(r"[A-Z]{2}")
_STATUS = re.compile(r"[1-5]\d\d")
_STATES_OF_A_POST = tuple(name for name in PostPage.__struct_fields__ if name not in {"url", "nonsense"})
_ID = re.compile(r"[0-9A-Za-z_~@:-][0-9A-Za-z._~@:/-]{0,199}")
"""What stands in a path as it is (RFC 3986 3.3)."""
_TOP = 100
METHODS = ("GET", "POST")
_WRITES = re.compile(
    r"passw(or)?d|pwd|log[-_]?in|sign[-_]?(in|up)|regist|token|csrf|xsrf|session|formhash|captcha|e-?mail"
    r"|comment|message|reply|publish|upload|tweet",
    re.IGNORECASE,
)
"""Names of fields and paths by which a form is known that does more than search: it wants to know who asks, or keeps
what is written. A net for mistakes and no proof: the proof is the source that a manifest names. own knowledge,
unchecked"""
_PROBE = "a" * 64 + ".."
"""No label of a host name: Python's codecs of names (idna) raise errors of their own for it."""
_One = TypeVar("_One")


def platform_path(name: str, beside: Path) -> Path | None:
    """The file of a platform: next to the folder of the list that names it, in it, beside the list, or shipped."""
    if not FILE_NAME.fullmatch(name):
        return None
    folders = (beside / "platforms", beside, beside.parent / "platforms", platforms_dir())
    return next((folder / f"{name}.toml" for folder in folders if (folder / f"{name}.toml").is_file()), None)


def is_post(text: str) -> bool:
    """Whether a text can be the id of a post."""
    return _ID.fullmatch(text) is not None and ".." not in text


def platforms_dir() -> Path:
    """The folder of the shipped manifests."""
    return probes_dir() / "platforms"


def platforms() -> tuple[Platform, ...]:
    """Every shipped platform, by its id."""
    return tuple(read_platform(path) for path in sorted(platforms_dir().glob("*.toml")))


def read_platform(path: Path | str) -> Platform:
    """Read a manifest; `CatalogError` at the first fault."""
    table = parse(read(Path(path)))
    table.only(Platform.__struct_fields__)
    name = table.file_name("id")
    state = table.text("state")
    if state not in STATES:
        raise table.fault("state", f"unknown state {shown(state)}", f"use {' or '.join(STATES)}")
    countries = table.texts("jurisdiction")
    for country in countries:
        if not _COUNTRY.fullmatch(country):
            raise table.fault("jurisdiction", f"{shown(country)} is no country", "write codes of ISO 3166, as CN")
    if not {"search", "post"} & table.values.keys():
        raise table.fault("search", "nothing to be searched or watched", "add [search] or [post]")
    return Platform(
        id=name,
        name=table.text("name"),
        operator=table.text("operator"),
        jurisdiction=countries,
        state=state,
        source=table.text("source"),
        as_of=_day(table, "as_of"),
        search=_search(_within(table, "search"), state) if "search" in table.values else None,
        post=_post(_within(table, "post"), state) if "post" in table.values else None,
        notices=_several(table, "notices", _notice),
        captcha=_several(table, "captcha", _sign),
        login=_several(table, "login", _sign),
    )


def _within(table: Table, key: str) -> Table:
    """The table `[key]`."""
    values = table.values[key]
    if not isinstance(values, dict):
        raise table.fault(key, f"{key} is no table", f"write [{key}]")
    text = table.source.text
    found = re.search(rf"^[ \t]*\[[ \t]*{key}[ \t]*\]", text, re.MULTILINE)
    start = found.start() if found else 0
    following = re.search(r"^[ \t]*\[", text[start + 1 :], re.MULTILINE)
    return Table(table.source, values, start, start + 1 + following.start() if following else len(text))


def _several(table: Table, key: str, one: Callable[[Table], _One]) -> tuple[_One, ...]:
    return tuple(one(each) for each in table.tables(key)) if key in table.values else ()


def _texts(table: Table, key: str) -> tuple[str, ...]:
    found = table.texts(key) if key in table.values else ()
    if any(exclusions().hit(text) for text in found):
        raise table.fault(key, "is on the hard exclusion list", "remove it: this has no switch (ETHICS.md)")
    return found


def _search(table: Table, state: str) -> Search:
    table.only(Search.__struct_fields__)
    encoding = table.text("encoding", "utf-8")
    try:
        _PROBE.encode(codecs.lookup(encoding).name)
    except (LookupError, UnicodeError):
        raise table.fault("encoding", f"unknown encoding {shown(encoding)}", "write utf-8, or gbk") from None
    top = table.values.get("top", 20)
    if not isinstance(top, int) or isinstance(top, bool) or not 0 < top <= _TOP:
        raise table.fault("top", f"{shown(str(top))} is no number of results", f"write one from 1 to {_TOP}")
    truisms = _texts(table, "truisms")
    if any("{query}" not in truism for truism in truisms):
        raise table.fault("truisms", "a truism without the word", "write {query} where the word stands")
    listed, source_of = _texts(table, "listed"), _extract(table, "source_of")
    if listed and source_of is None:
        raise table.fault("listed", "listed sources, and nothing says whose a result is", "add source_of")
    nonsense = _texts(table, "nonsense")
    if not nonsense or any(len(word.split()) != 1 for word in nonsense):
        raise table.fault("nonsense", "no single word that nobody writes", 'write nonsense = ["qzxvkwjw"]')
    controls = _texts(table, "controls")
    if not controls:
        raise table.fault("controls", "no harmless word that many write", 'write controls = ["weather"]')
    items = _extract(table, "items")
    if items is None:
        raise table.fault("items", "nothing says what a result is", "add items = { kind = ..., expression = ... }")
    canaries = _texts(table, "canaries")
    for key, texts in (("nonsense", nonsense), ("truisms", truisms), ("controls", controls), ("canaries", canaries)):
        _written(table, key, texts, encoding)
    method, form = _method(table), _form(table)
    _written(table, "form", tuple(text for field in form for text in field), encoding)
    return Search(
        notice_in=_notice_in(table, items),
        url=_url(table, "{query}", state, written=not form),
        method=method,
        form=form,
        form_source=table.text("form_source") if form else "",
        encoding=encoding,
        items=items,
        source_of=source_of,
        listed=listed,
        top=top,
        nonsense=nonsense,
        truisms=truisms,
        controls=controls,
        canaries=canaries,
        nothing=_signs(table, "nothing"),
    )


def _method(table: Table) -> str:
    method = table.text("method", "GET")
    if method not in METHODS:
        raise table.fault("method", f"unknown method {shown(method)}", f"use {among(METHODS)}")
    amiss = {"form", "form_source"} & table.values.keys()
    if method == "GET" and amiss:
        raise table.fault(min(amiss), "a form, and a method that sends none", 'write method = "POST"')
    if method == "POST" and "form" not in table.values:
        raise table.fault("method", "nothing says what the form sends", 'add form = { q = "{query}" }')
    return method


def _form(table: Table) -> tuple[tuple[str, str], ...]:
    """What a form for searching sends; nothing that logs in, holds a session, or writes."""
    form = table.values.get("form", {})
    if not isinstance(form, dict) or not all(name and isinstance(text, str) for name, text in form.items()):
        raise table.fault("form", "is no table of texts", 'write form = { q = "{query}" }')
    if form and sum(text.count("{query}") for text in form.values()) != 1:
        raise table.fault("form", "{query} does not stand in it once", "write it where the word stands")
    texts = tuple(text for field in form.items() for text in field)
    path = table.text("url").partition("://")[2].partition("/")[2] if form else ""
    for key, text in (("url", path), *(("form", each) for each in texts)):
        if _WRITES.search(text):
            what = f"{shown(text)} is no part of a search: it logs in, holds a session, or writes"
            raise table.fault(key, what, "a search that wants it is not asked here: leave it out")
    if any(exclusions().hit(text) for text in texts):
        raise table.fault("form", "is on the hard exclusion list", "remove it: this has no switch (ETHICS.md)")
    return tuple(form.items())


def _notice_in(table: Table, items: Extract) -> Extract | None:
    """Where the platform's own notices stand: on a page of the kind that its results are on, and not in them."""
    found = _extract(table, "notice_in")
    if found is None:
        return None
    if found.kind == "regex" or found.attribute is not None:
        raise table.fault("notice_in", "is no place on a page", "write a selector (css) or a pointer, no attribute")
    if items.kind not in {"regex", found.kind}:
        what = f"notices by {found.kind}, results by {items.kind}: a page is of one kind"
        raise table.fault("notice_in", what, f"write kind = {items.kind!r}")
    ways = [f"{one.expression}/" for one in (found, items)]
    if found.kind == items.kind == "pointer" and (ways[0].startswith(ways[1]) or ways[1].startswith(ways[0])):
        raise table.fault("notice_in", "notices in results, or around them", "point at the notice alone")
    return found


def _written(table: Table, key: str, texts: tuple[str, ...], encoding: str) -> None:
    """Refuse what cannot be asked."""
    for text in texts:
        try:
            text.encode(encoding)
        except UnicodeEncodeError:
            raise table.fault(key, f"{shown(text)} cannot be written in {encoding}", "choose another word") from None


def _url(table: Table, place: str, state: str, *, written: bool = True) -> str:
    """An address; `written`: what is asked for stands in it, at its place."""
    url = table.text("url")
    if url.count(place) != written or not url.startswith("https://"):
        what = f"{shown(url)} is no https address {'with' if written else 'without'} {place} in it"
        raise table.fault("url", what, f"write {place} once" + ("" if written else ", in the form"))
    try:
        _, host = web_address(url.replace(place, "a"))
    except NameFaultError as fault:
        what, remedy = fault.args
        raise table.fault("url", f"{shown(url)} {what}", remedy) from None
    if written and place not in url.partition("://")[2].partition("/")[2]:
        raise table.fault("url", f"{place} is part of the host's name", "write it into the path or the query")
    if host.endswith(LAB) is not (state == "lab"):
        raise table.fault("url", f"{shown(host)} does not go with the state {state}", f"a lab's name ends with {LAB}")
    return url


def _extract(table: Table, key: str) -> Extract | None:
    if key not in table.values:
        return None
    within = _within(table, key)
    within.only(Extract.__struct_fields__)
    kind, text = within.text("kind"), within.text("expression")
    attribute = within.text("attribute") if "attribute" in within.values else None
    if kind not in _CHECKS:
        raise table.fault(key, f"unknown kind {shown(kind)}", f"use {among(_CHECKS)}")
    try:
        _CHECKS[kind](text)
        if kind == "pointer" and attribute is not None:
            _pointer(attribute)
    except ValueError as error:
        raise table.fault(key, f"{shown(text)}: {error}", "see probes/README.md for what is understood") from None
    return Extract(kind=kind, expression=text, attribute=attribute)


def _pointer(text: str) -> None:
    if not text.startswith("/"):
        raise ValueError("a pointer begins with /")


def _status(text: str) -> None:
    if not _STATUS.fullmatch(text):
        raise ValueError("is no status of HTTP")


def _header(text: str) -> None:
    if not text.partition(":")[2].strip():
        raise ValueError("a header is NAME: TEXT")


def _any(text: str) -> None:
    del text


_CHECKS: dict[str, Callable[[str], object]] = {"css": selector, "pointer": _pointer, "regex": expression}
_SIGNS: dict[str, Callable[[str], object]] = {
    "status": _status,
    "header": _header,
    "text": _any,
    "regex": expression,
    "url": _any,
}


def _sign(table: Table) -> Sign:
    table.only(Sign.__struct_fields__)
    kind, value = table.text("kind"), table.text("value")
    if kind not in _SIGNS:
        raise table.fault("kind", f"unknown kind {shown(kind)}", f"use {among(_SIGNS)}")
    try:
        _SIGNS[kind](value)
    except ValueError as error:
        raise table.fault(
            "value", f"{shown(value)}: {error}", "see probes/README.md for what is understood"
        ) from None
    return Sign(kind=kind, value=value)


def _notice(table: Table) -> Notice:
    table.only(Notice.__struct_fields__)
    given = [key for key in ("text", "pattern") if key in table.values]
    if len(given) != 1:
        raise table.fault("text", f"{len(given)} of text and pattern", "write one of them")
    value = table.text(given[0])
    if given == ["pattern"]:
        try:
            expression(value)
        except ValueError as error:
            remedy = "see probes/README.md for what is understood"
            raise table.fault("pattern", f"{shown(value)}: {error}", remedy) from None
    days = {key: _day(table, key) for key in ("first_seen", "last_seen") if key in table.values}
    if len(days) == 2 and days["last_seen"] < days["first_seen"]:
        raise table.fault("last_seen", "was last seen before it was first seen", "put the two right")
    return Notice(**{given[0]: value}, source=table.text("source"), **days)


def _post(table: Table, state: str) -> PostPage:
    table.only(PostPage.__struct_fields__)
    signs = {key: _signs(table, key) for key in _STATES_OF_A_POST}
    if not signs["visible"]:
        raise table.fault(
            "visible", "nothing says that a post is there", "add visible = [{ kind = ..., value = ... }]"
        )
    nonsense = table.text("nonsense")
    if not is_post(nonsense):
        remedy = 'write one that no post has, nonsense = "qzxvkwjw"'
        raise table.fault("nonsense", f"{shown(nonsense)} is no id of a post", remedy)
    return PostPage(url=_url(table, "{id}", state), nonsense=nonsense, **signs)


def _signs(table: Table, key: str) -> tuple[Sign, ...]:
    values = table.values.get(key, [])
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise table.fault(key, f"{key} is no list of signs", "write [{ kind = ..., value = ... }]")
    return _several(table, key, _sign) if values else ()


def _day(table: Table, key: str) -> str:
    value = table.values.get(key)
    if type(value) is date:
        return value.isoformat()
    text = table.text(key)
    if iso_day(text) is None:
        raise table.fault(key, f"{shown(text)} is not a date", "write YYYY-MM-DD")
    return text
