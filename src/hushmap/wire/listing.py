"""What a page of search results lists, as facts that can be compared without keeping it.

The bytes are hostile, so a page is gone through once, forward, in linear time, which never fails: no tree is built.
Of results only keyed hashes are kept, and of whose they are only how many are from listed sources; a notice is the
platform's own sentence, and is kept.
"""

import codecs
import functools
import html
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from hushmap.model import REACH, Compound, Extract, Extraction, Listing, Notice, expression, selector
from hushmap.wire.html import visible
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
    return Listing(
        found=len(items),
        sources=len(sources),
        listed=sum(source in wanted.listed for source in sources),
        items=tuple(map(digest, items)),
        notice=noticed(wanted.notices, page.text, wanted.items),
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


def noticed(notices: tuple[Notice, ...], text: str, items: Extract | None = None) -> str | None:
    """The sentence of the first known notice that the reader of a page sees, with the one after it.

    What stands within a result is a person's, who may quote a notice: then the page is said to have none.
    """
    if not notices:
        return None
    shown = _shown(text)
    found = [(place, notice) for notice in notices if (place := _place(notice, shown)) is not None]
    if not found or (items is not None and _quoted([notice for _, notice in found], _within(items, text))):
        return None
    return _sentences(shown, found[0][0])


def _quoted(notices: list[Notice], within: list[str]) -> bool:
    """Whether a result holds one of them, however its spaces and tags lie."""
    for one in within:
        ways = (one, " ".join(one.split()), "".join(one.split()))
        if any(_place(notice, way) is not None for notice in notices for way in ways):
            return True
        if any("".join((notice.text or "\0").split()) in ways[2] for notice in notices):
            return True
    return False


def _within(extract: Extract, text: str) -> list[str]:
    """All that each result holds, whole, whatever of it is taken."""
    if extract.kind == "css":
        return ["".join(words) for _, _, words in list(_walked(text, _compiled(extract.expression), whole=True))]
    if extract.kind == "pointer":
        found = _at(_loaded(text), extract.expression)
        return [" ".join(_texts(item)) for item in found] if isinstance(found, list) else []
    places = text if expression(extract.expression).linear else text[:REACH]
    matches = [match[0] for match in _pattern(extract.expression).finditer(places)]
    return [way for match in matches for way in (match, _shown(match))]


def _shown(text: str) -> str:
    """What a reader sees; of a JSON document its texts, one after the other."""
    value = _loaded(text)
    if isinstance(value, dict | list):
        return " ".join(_texts(value))
    return visible(codecs.BOM_UTF8 + text.encode("utf-8", "replace"), len(text))


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


def _texts(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        one = waiting.pop()
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

    __slots__ = ("around", "here", "tag", "text")

    def __init__(self, tag: str, here: frozenset[int], around: frozenset[int]) -> None:
        self.tag, self.here, self.around = tag, here, around | here
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
    text: str, wanted: tuple[Compound, ...], *, whole: bool = False
) -> Iterator[tuple[str, dict[str, str], list[str]]]:
    """(tag, attributes, text) of each element that fits; with `whole` uncut, in the outermost that fits alone."""
    root = _Element("", frozenset(), frozenset())
    opened, place, last = [root], 0, len(wanted) - 1
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
        fitting = (at for at, part in enumerate(wanted) if _led(part, at, parent) and part.fits(name, attributes))
        element = _Element(name, frozenset(fitting), parent.around)
        if last in element.here:
            element.text = []
            yield name, attributes, element.text
        if name in _RAW:
            place = _after(text, name, place)
        elif name not in _VOID and len(opened) < _DEPTH:
            opened.append(element)
    _said(opened, text[place:], whole=whole)


def _led(part: Compound, at: int, parent: _Element) -> bool:
    return at == 0 or at - 1 in (parent.here if part.child else parent.around)


def _said(opened: list[_Element], text: str, *, whole: bool) -> None:
    if text and whole:
        outermost = next((element.text for element in opened if element.text is not None), None)
        if outermost is not None:
            outermost.append(html.unescape(text))
    elif text:
        read = html.unescape(text[:_ITEM])
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
        found.setdefault(name.lower(), html.unescape((double or single or bare)[:_ITEM]))
    return found


@functools.lru_cache(maxsize=64)
def _compiled(expression: str) -> tuple[Compound, ...]:
    return selector(expression)


@functools.lru_cache(maxsize=256)
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.DOTALL)
