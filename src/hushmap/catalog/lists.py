"""Lists of targets: Citizen Lab's CSV for sites, ours for words, a text file or the command line for URLs.

A fault anywhere refuses the whole list: half of a list would measure something that nobody asked for. Each row that
the hard exclusion names is such a fault (METHOD 5: applied when a list is read, and again before anything is sent).
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from hushmap.catalog.errors import shown
from hushmap.catalog.excluded import Exclusions, exclusions
from hushmap.catalog.manifests import platform_path, read_platform
from hushmap.catalog.names import NameFaultError, encrypted_resolver, public_name, web_address
from hushmap.catalog.posts import posts
from hushmap.catalog.rows import Row, rows
from hushmap.catalog.services import read_service, service_path
from hushmap.catalog.source import Text, read
from hushmap.catalog.tables import iso_day
from hushmap.catalog.words import EXCLUDED, Sent, check_for, encodings_in, places_in
from hushmap.model import CATEGORIES, RISKY, Encoding, Notice, Oddity, Part, Place, Platform, Target, compiled

_ORDERS = re.compile(r"""["|()]|(?:^|\s)[-+]|\w:""")
"""What searches take for an order rather than for text: it would spoil the word and its truism alike, and no control
(own knowledge of search pages, unchecked)."""
EXPERIMENTS = tuple(
    "web dns sni hops encrypted_dns throttle quic ech residual keyword screen isolate domain calibrate service"
    " middlebox watch search".split()
)

COMMON = frozenset(
    {"category_code", "category_description", "date_added", "source", "notes", "risky", "canary", "reason"}
)
"""Columns of any list: Citizen Lab's, and three of ours."""


def read_list(path: Path | str, experiment: str) -> Part:
    """The targets of one list, in its order."""
    return list_of(read(Path(path)), experiment)


def list_of(source: Text, experiment: str) -> Part:
    """The same of a list that was read already."""
    return Part(
        experiment=experiment,
        list=source.name,
        sha256=source.sha256,
        targets=_unique(source, _READERS[experiment](source, experiment), fold=experiment in {"dns", "sni"}),
    )


def sites_from_file(path: Path | str) -> Part:
    """Sites from a Citizen Lab CSV, or from a text file with one URL or name a line; `#` begins a comment."""
    source = read(Path(path))
    first = source.text.split("\n", 1)[0]
    if "," in first or first.strip() in {"url", '"url"'}:
        return read_list(path, "web")
    found = tuple(_plain_lines(source))
    if not found:
        raise source.fault(1, 1, "holds no web address", "write one a line")
    return Part(experiment="web", list=source.name, sha256=source.sha256, targets=_unique(source, found, fold=False))


def words_from_table(path: Path | str, sent: Sent, experiment: str = "keyword") -> Part:
    """Words from a CSV list; `sent` is where they go if a row does not say."""
    source = read(Path(path))
    found = _words(source, experiment, sent)
    targets = _unique(source, found, fold=False)
    return Part(experiment=experiment, list=source.name, sha256=source.sha256, targets=targets)


def part_from_urls(urls: Iterable[str]) -> Part:
    """Sites given one by one on the command line (`-i`)."""
    text = "\n".join(urls)
    source = Text(
        path="-i", text=text, sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), typed=True
    )
    found = tuple(_plain_lines(source))
    if not found:
        raise source.fault(1, 1, "no web address was given", "write -i https://www.example.com/")
    return Part(experiment="web", list="-i", sha256=source.sha256, targets=_unique(source, found, fold=False))


def _plain_lines(source: Text) -> Iterator[tuple[int, int, Target]]:
    barred = exclusions()
    for number, line in enumerate(source.text.split("\n"), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        column = line.index(text) + 1
        try:
            url, _ = web_address(
                text if "://" in text else f"https://{text}/" if "/" not in text else f"https://{text}"
            )
        except NameFaultError as fault:
            what, remedy = fault.args
            raise source.fault(number, column, f"{shown(text)} {what}", remedy) from None
        if barred.hit(url):
            raise source.fault(number, column, *EXCLUDED)
        yield number, column, Target(experiment="web", text=url, line=f"{source.name}:{number}")


def _unique(source: Text, found: Iterable[tuple[int, int, Target]], *, fold: bool) -> tuple[Target, ...]:
    """The targets; two of the same key are a fault, or one target where a list of URLs gives names (`fold`)."""
    first: dict[str, Target] = {}
    for line, column, target in found:
        other = first.setdefault(target.key, target)
        if other is target or fold:
            continue
        raise source.fault(line, column, f"the same as {other.line}", "remove one of them")
    return tuple(first.values())


def _checked(row: Row, field: str, check: Callable[[str], str]) -> str:
    try:
        return check(row.get(field))
    except NameFaultError as fault:
        what, remedy = fault.args
        raise row.fault(field, f"{shown(row.get(field))} {what}", remedy) from None


def _category(row: Row) -> str | None:
    code = row.get("category_code")
    if code and code not in CATEGORIES:
        raise row.fault(
            "category_code", f"unknown category {shown(code)}", f"use one of {' '.join(sorted(CATEGORIES))}"
        )
    return code or None


def _provenance(row: Row) -> None:
    added = row.get("date_added")
    if added and iso_day(added) is None:
        raise row.fault("date_added", f"{shown(added)} is not a date", "write YYYY-MM-DD or nothing")
    if "reason" not in row.cells:
        return
    for field in ("source", "reason"):
        if not row.get(field):
            what = f"no {field}, in a list that gives reasons"
            raise row.fault(field, what, "name a document, or write: own knowledge, unchecked")


def _target(
    row: Row, experiment: str, text: str, place: Place | None = None, encoding: Encoding | None = None
) -> Target:
    category = _category(row)
    return Target(
        experiment=experiment,
        text=text,
        place=place,
        encoding=encoding,
        category=category,
        risky=row.flag("risky") or category in RISKY,
        canary=row.flag("canary"),
        source=row.get("source"),
        reason=row.get("reason"),
        line=f"{row.source.name}:{row.line}",
    )


def _barred(row: Row, field: str, barred: Exclusions) -> None:
    if barred.hit(row.get(field)):
        raise row.fault(field, *EXCLUDED)


def _sites(source: Text, experiment: str) -> Iterator[tuple[int, int, Target]]:
    by_name = experiment not in {"web", "throttle"} and source.text.split("\n", 1)[0].strip().split(",")[0] == "name"
    field = "name" if by_name else "url"
    check = public_name if by_name else _address if experiment in {"web", "throttle"} else _host
    for row in rows(source, required=frozenset({field}), allowed=COMMON):
        yield _site(row, field, check, experiment)


def site(row: Row) -> Target:
    """The web site of one row of a Citizen Lab list; `CatalogError` at the row's first fault."""
    return _site(row, "url", _address, "web")[2]


def _site(row: Row, field: str, check: Callable[[str], str], experiment: str) -> tuple[int, int, Target]:
    text = _checked(row, field, check)
    _barred(row, field, exclusions())
    _provenance(row)
    cell = row.cells[field]
    return cell.line, cell.column, _target(row, experiment, text)


def _address(url: str) -> str:
    return web_address(url)[0]


def _host(url: str) -> str:
    """The name that a lookup or a handshake for `url` would carry."""
    host = web_address(url)[1]
    return public_name(host)


def _resolvers(source: Text, experiment: str) -> Iterator[tuple[int, int, Target]]:
    for row in rows(source, required=frozenset({"resolver"}), allowed=COMMON):
        yield _site(row, "resolver", encrypted_resolver, experiment)


def _ways(source: Text, experiment: str) -> Iterator[tuple[int, int, Target]]:
    by_name = source.text.split("\n", 1)[0].strip().split(",")[0] == "name"
    field, check = ("name", public_name) if by_name else ("url", _address)
    for row in rows(source, required=frozenset({field}), allowed=COMMON):
        yield _site(row, field, check, experiment)


def _words(source: Text, experiment: str, sent: Sent | None = None) -> Iterator[tuple[int, int, Target]]:
    barred = exclusions()
    needed = frozenset({"word", "place"}) if sent is None else frozenset({"word"})
    for row in rows(source, required=needed, allowed=COMMON | {"place", "encoding"}):
        word = _checked(row, "word", check_for(experiment))
        _barred(row, "word", barred)
        _provenance(row)
        going = _going(row, sent)
        fault = going.fault(word, experiment)
        if fault is not None:
            raise row.fault("word", f"{shown(word)} {fault[0]}", fault[1])
        cell = row.cells["word"]
        for place in going.places:
            for encoding in going.encodings:
                yield cell.line, cell.column, _target(row, experiment, word, place, encoding)


def _going(row: Row, sent: Sent | None) -> Sent:
    """Where the word of a row goes: as the row says, else as the person did."""
    said = sent or Sent()
    try:
        if sent is None or row.get("place"):
            said = msgspec.structs.replace(said, places=places_in(row.get("place")))
    except NameFaultError as fault:
        raise row.fault("place", *fault.args) from None
    try:
        if row.get("encoding"):
            said = msgspec.structs.replace(said, encodings=encodings_in(row.get("encoding")))
    except NameFaultError as fault:
        raise row.fault("encoding", *fault.args) from None
    return said


def _services(source: Text, experiment: str) -> Iterator[tuple[int, int, Target]]:
    for row in rows(source, required=frozenset({"service"}), allowed=COMMON - {"category_code"}):
        name, cell = row.get("service"), row.cells["service"]
        path = service_path(name, Path(source.path).parent)
        if path is None:
            remedy = "write the name of a file in probes/services, or put one beside the list"
            raise row.fault("service", f"there is no service {shown(name)}", remedy)
        _provenance(row)
        service = read_service(path)
        target = msgspec.structs.replace(_target(row, experiment, name), category=service.category, service=service)
        risky = target.risky or service.category in RISKY
        yield cell.line, cell.column, msgspec.structs.replace(target, risky=risky)


def _searches(source: Text, experiment: str) -> Iterator[tuple[int, int, Target]]:
    barred = exclusions()
    for row in rows(source, required=frozenset({"word", "platform"}), allowed=COMMON - {"canary"}):
        word, name = row.get("word"), row.get("platform")
        _barred(row, "word", barred)
        _provenance(row)
        path = platform_path(name, Path(source.path).parent)
        platform = None if path is None else read_platform(path)
        if platform is None or platform.search is None:
            remedy = "write the name of a file in probes/platforms that has [search], or put one beside the list"
            raise row.fault("platform", f"there is nothing to search at {shown(name)}", remedy)
        try:
            platform.search.asked(word)
        except UnicodeEncodeError:
            remedy = "leave the word out"
            raise row.fault(
                "word", f"{shown(word)} cannot be written in {platform.search.encoding}", remedy
            ) from None
        alike = {*platform.search.canaries, *platform.search.nonsense, platform.search.unlike(word)}
        if not word.strip() or word in alike:
            raise row.fault("word", f"{shown(word)} is what others are compared with there", "leave it out")
        if (held := _echoed(word, platform)) is not None:
            what = f"{shown(word)} holds {held} of {platform.id}: a page that repeats it would seem to show that"
            raise row.fault("word", what, "leave it out")
        if _ORDERS.search(word) or not any(map(str.isalnum, word)):
            what = f"{shown(word)} holds signs that a search takes for an order"
            raise row.fault("word", what, "write the words alone, or leave it out")
        cell = row.cells["word"]
        target = _target(row, experiment, word)
        yield cell.line, cell.column, msgspec.structs.replace(target, platform=platform)


def _echoed(word: str, platform: Platform) -> str | None:
    """What of the pages of a platform stands in a word, however its spaces lie: pages repeat what is searched for."""
    assert platform.search is not None, "only what can be searched has words"
    signs = {"text": "text", "regex": "pattern"}
    held = [("a notice", one) for one in platform.notices]
    held += [
        ("a sign of no results", Notice(**{signs[one.kind]: one.value}))
        for one in platform.search.nothing
        if one.kind in signs
    ]
    solid = "".join(word.split())
    ways = (word, " ".join(word.split()), solid)
    for what, one in held:
        if one.pattern is not None and any(compiled(one.pattern, re.DOTALL).search(way) for way in ways):
            return what
        if one.text is not None and "".join(one.text.split()) in solid:
            return what
    return None


def _oddities(source: Text, experiment: str) -> Iterator[tuple[int, int, Target]]:
    for row in rows(source, required=frozenset({"request"}), allowed=COMMON):
        text, cell = row.get("request"), row.cells["request"]
        if text not in set(Oddity):
            raise row.fault("request", f"unknown request {shown(text)}", f"use {' or '.join(Oddity)}")
        _provenance(row)
        yield cell.line, cell.column, _target(row, experiment, text)


def _posts(source: Text, experiment: str) -> Iterator[tuple[int, int, Target]]:
    def target(row: Row, text: str) -> Target:
        _provenance(row)
        return _target(row, experiment, text)

    yield from posts(source, COMMON - {"canary"}, target)


_READERS: dict[str, Callable[[Text, str], Iterator[tuple[int, int, Target]]]] = {
    "web": _sites,
    "dns": _sites,
    "sni": _sites,
    "throttle": _sites,
    "encrypted_dns": _resolvers,
    "hops": _ways,
    "residual": _sites,
    "quic": _sites,
    "ech": _sites,
    "keyword": _words,
    "screen": _words,
    "isolate": _words,
    "domain": _words,
    "calibrate": _words,
    "service": _services,
    "middlebox": _oddities,
    "watch": _posts,
    "search": _searches,
}
