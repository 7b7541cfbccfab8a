"""What a page of search results lists, as facts that can be compared without keeping it.

The bytes are hostile, so a page is gone through once, forward, in linear time, which never fails: no tree is built.
Of results only keyed hashes are kept, and of whose they are only how many are from listed sources; a notice is the
platform's own sentence, and is kept.
"""

import functools
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from hushmap.model import REACH, Compound, Extract, Extraction, Listing, Notice, compiled, expression, selector
from hushmap.wire.html import unescaped
from hushmap.wire.signs import Told

NOTICE_LIMIT = 300
"""Characters of a notice that are kept: a sentence with its order's number and date."""
_ITEM = 500
"""Characters of one result that are looked at."""
_DEPTH = 200
"""Open elements that are followed: pages have some thirty."""
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9:-]*+)(?P<rest>(?:[^<>\"']|\"[^\"]*+\"|'[^']*+')*+)>")
_ATTRIBUTE = re.compile(r"([^\s\"'=/>]++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++)))?")
_RAW = frozenset({"script", "style", "template", "noscript", "textarea", "title"})
"""Elements whose content is no part of the page."""
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_ENDED_BY = {"li": {"li"}, "p": {"p"}, "tr": {"tr"}, "td": {"td", "th"}, "th": {"td", "th"}, "option": {"option"}}
"""What may be left open, by the tags that close it (HTML 13.1.2.4)."""
_END = re.compile("[.!?\u3002\uff01\uff1f]")
_LINK = re.compile(r"<([^<>]{1,500})>([^<]{0,500})")
_BLOCKED_BY = re.compile(r"""rel\s*=\s*["']?[^"',;]*\bblocked-by\b""", re.IGNORECASE)


def listing(wanted: Extraction, page: Told, digest: Callable[[str], str]) -> Listing:
    """What of a page was asked for; `digest` hashes what may not be kept."""
    items = extracted(wanted.items, page.text)[: wanted.top] if wanted.items is not None else []
    sources = extracted(wanted.source_of, page.text)[: wanted.top] if wanted.source_of is not None else []
    notice, unplaced = noticed(wanted.notices, page.text, items=wanted.items, place=wanted.notice_in)
    return Listing(
        found=len(items),
        sources=len(sources),
        listed=sum(source in wanted.listed for source in sources),
        items=tuple(map(digest, items)),
        notice=notice,
        unplaced=unplaced,
        blocked_by=blocked_by(page),
    )


def extracted(extract: Extract, text: str) -> list[str]:
    """The texts that an extraction names, in their order; none where the page is of another kind."""
    if extract.kind == "css":
        found = _selected(text, _compiled(extract.expression), extract.attribute)
    elif extract.kind == "pointer":
        found = _pointed(text, extract.expression, extract.attribute)
    else:
        told = expression(extract.expression)
        places = text if told.linear else text[:REACH]
        matches = _pattern(extract.expression).finditer(places)
        found = (match[1] if match.re.groups else match[0] for match in matches)
    return [" ".join((one or "")[:_ITEM].split()) for one in found]


def blocked_by(page: Told) -> str | None:
    """Who says of himself that he blocks it (RFC 7725 4: `Link` with rel `blocked-by`)."""
    for name, value in page.headers:
        if name == "link":
            for address, rest in _LINK.findall(value[:2000]):
                if _BLOCKED_BY.search(rest):
                    return str(address)
    return None


# Notices


def noticed(
    notices: tuple[Notice, ...], text: str, *, items: Extract | None = None, place: Extract | None = None
) -> tuple[str | None, bool]:
    """The platform's own notice, and whether one stands there of which it is not known whose it is.

    The first is the sentence of a known notice that stands where the platform's own do, with the one after it. What
    stands within a result is a person's, who may quote a notice, and counts for neither. Nor does what stands
    elsewhere where `place` is known. Where it is not, a headline beside the results may quote one as well, so that
    nothing of it is kept.
    """
    if not notices:
        return None, False
    rest = _cut(items, text)
    if place is None:
        return None, _sentence(notices, _outside(items, rest)) is not None
    told = (_sentence(notices, pieces) for pieces in _placed(place, items, rest))
    return next((sentence for sentence in told if sentence is not None), None), False


def _cut(items: Extract | None, text: str) -> str:
    """A page without the results that an expression finds; other results are left out where the page is read."""
    if items is None or items.kind != "regex" or isinstance(_loaded(text), dict | list):
        return text
    reach = len(text) if expression(items.expression).linear else REACH
    return _pattern(items.expression).sub(" ", text[:reach]) + text[reach:]


def _placed(place: Extract, items: Extract | None, text: str) -> Iterator[list[str]]:
    """The pieces of text in each place that `place` names, without those of results."""
    if place.kind == "css":
        found = _walked(text, _compiled(place.expression), whole=True, but=_selecting(items))
        yield from [words for _, _, words in list(found)]
    else:
        yield list(_texts(_at(_loaded(text), place.expression)))


def _outside(items: Extract | None, text: str) -> list[str]:
    """The pieces of text of a page, without those of results."""
    value = _loaded(text)
    if isinstance(value, dict | list):
        return list(_texts(value, but=_results(value, items)))
    said: list[str] = []
    list(_walked(text, (), whole=True, but=_selecting(items), into=said))  # it names no element, and says all text
    return said


def _results(value: Any, items: Extract | None) -> list[Any] | None:
    found = _at(value, items.expression) if items is not None and items.kind == "pointer" else None
    return found if isinstance(found, list) else None


def _selecting(items: Extract | None) -> tuple[Compound, ...]:
    return _compiled(items.expression) if items is not None and items.kind == "css" else ()


def _sentence(notices: tuple[Notice, ...], pieces: list[str]) -> str | None:
    """The first notice that pieces of text hold, however its spaces and tags lie."""
    apart, together = " ".join(" ".join(pieces).split()), " ".join("".join(pieces).split())
    solid = "".join(together.split())
    for notice in notices:
        tight = notice if notice.text is None else Notice(text="".join(notice.text.split()))
        for way, wanted in ((apart, notice), (together, notice), (solid, tight)):
            found = _place(wanted, way)
            if found is not None:
                return _sentences(way, found)
    return None


def _place(notice: Notice, text: str) -> int | None:
    if notice.text is not None:
        place = text.find(notice.text)
        return place if place >= 0 else None
    if notice.pattern is None:
        return None
    found = _pattern(notice.pattern).search(text if expression(notice.pattern).linear else text[:REACH])
    return found.start() if found else None


def _sentences(text: str, place: int) -> str:
    """From the beginning of the sentence at `place` to the end of the next."""
    ends = [found.end() for found in _END.finditer(text, max(0, place - NOTICE_LIMIT // 2), place)]
    start = ends[-1] if ends else max(0, place - NOTICE_LIMIT // 2)
    after = [found.end() for found in _END.finditer(text, place, start + NOTICE_LIMIT)]
    end = after[min(1, len(after) - 1)] if after else start + NOTICE_LIMIT
    return text[start:end].strip()[:NOTICE_LIMIT]


# JSON


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _texts(value: Any, but: list[Any] | None = None) -> Iterator[str]:
    """The texts of a document in their order, without the part of it that `but` is."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if but is not None and one is but:
            continue
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict | list):
            waiting += reversed(one.values() if isinstance(one, dict) else one)


def _pointed(text: str, pointer: str, within: str | None) -> Iterator[str]:
    found = _at(_loaded(text), pointer)
    for item in found if isinstance(found, list) else []:
        value = item if within is None else _at(item, within)
        yield value if isinstance(value, str) else "" if isinstance(value, dict | list) else json.dumps(value)


def _at(value: Any, pointer: str) -> Any:
    """RFC 6901; `None` where it leads nowhere."""
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list) and key.isdecimal() and len(key) < 6 and int(key) < len(value):
            value = value[int(key)]
        elif isinstance(value, dict):
            value = value.get(key)
        else:
            return None
    return value


# HTML


class _Element:
    """An open element: how much of the selector leads to it, and to anything around it."""

    __slots__ = ("around", "here", "shut", "tag", "text")

    def __init__(self, tag: str, here: frozenset[int], around: frozenset[int], *, shut: bool) -> None:
        self.tag, self.here, self.around, self.shut = tag, here, around | here, shut
        self.text: list[str] | None = None


def _selected(text: str, wanted: tuple[Compound, ...], attribute: str | None) -> Iterator[str]:
    """The attribute, or the text, of each element that a selector names, in the order in which they open."""
    found: list[list[str]] = []
    for tag, attributes, words in _walked(text, wanted):
        del tag
        if attribute is None:
            found.append(words)
        elif attribute in attributes:
            found.append([attributes[attribute]])
    return ("".join(words) for words in found)


def _walked(
    text: str,
    wanted: tuple[Compound, ...],
    *,
    whole: bool = False,
    but: tuple[Compound, ...] = (),
    into: list[str] | None = None,
) -> Iterator[tuple[str, dict[str, str], list[str]]]:
    """(tag, attributes, text) of each element that fits.

    Args:
        text: the page.
        wanted: by which elements are chosen.
        whole: their text is not cut, and stands in the outermost that fits alone.
        but: by which elements are passed over, with all that they hold (with `whole`).
        into: takes all text, as if the page itself were an element that fits (with `whole`).
    """
    root = _Element("", frozenset(), frozenset(), shut=False)
    root.text = into
    parts = (*enumerate(but), *enumerate(wanted))  # one after the other: a part is known by its place among both
    opened, place = [root], 0
    shut, last = len(but) - 1, len(parts) - 1 if wanted else -1
    while (start := text.find("<", place)) >= 0:
        _said(opened, text[place:start], whole=whole)
        tag, place = _tag(text, start)
        if tag is None:
            _said(opened, text[start:place] if text[start:place] == "<" else "", whole=whole)
            continue
        name = tag["name"].lower()
        if tag["close"]:
            _close(opened, name)
            continue
        if opened[-1].tag in _ENDED_BY.get(name, ()):
            opened.pop()
        attributes = _attributes(tag["rest"])
        parent = opened[-1]
        here = frozenset(
            at
            for at, (depth, part) in enumerate(parts)
            if (depth == 0 or _led(part, at, parent)) and part.fits(name, attributes)
        )
        element = _Element(name, here, parent.around, shut=parent.shut or shut in here)
        if last in here:
            element.text = []
            yield name, attributes, element.text
        if name in _RAW:
            place = _after(text, name, place)
        elif name not in _VOID and len(opened) < _DEPTH:
            opened.append(element)
    _said(opened, text[place:], whole=whole)


def _led(part: Compound, at: int, parent: _Element) -> bool:
    return at - 1 in (parent.here if part.child else parent.around)


def _said(opened: list[_Element], text: str, *, whole: bool) -> None:
    if text and whole and not opened[-1].shut:
        outermost = next((element.text for element in opened if element.text is not None), None)
        if outermost is not None:
            outermost.append(unescaped(text))
    elif text and not whole:
        read = unescaped(text[:_ITEM])
        for element in opened:
            if element.text is not None and len(element.text) < _ITEM:
                element.text.append(read)


def _close(opened: list[_Element], name: str) -> None:
    for at in range(len(opened) - 1, 0, -1):
        if opened[at].tag == name:
            del opened[at:]
            return


def _tag(text: str, start: int) -> tuple[re.Match[str] | None, int]:
    """The tag at `start`, and where the page goes on after it; no tag where it is a comment, or text."""
    if text.startswith("<!--", start):
        end = text.find("-->", start + 4)
        return None, end + 3 if end >= 0 else len(text)
    found = _TAG.match(text, start)
    return found, found.end() if found else start + 1


def _after(text: str, name: str, place: int) -> int:
    """Where the content of an element ends that is no part of the page."""
    found = re.compile(f"</{name}(?![A-Za-z0-9])", re.IGNORECASE).search(text, place)
    return found.start() if found else len(text)


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(text):
        found.setdefault(name.lower(), unescaped((double or single or bare)[:_ITEM]))
    return found


@functools.lru_cache(maxsize=64)
def _compiled(expression: str) -> tuple[Compound, ...]:
    return selector(expression)


@functools.lru_cache(maxsize=256)
def _pattern(pattern: str) -> re.Pattern[str]:
    return compiled(pattern, re.DOTALL)
