"""A case as Markdown: every foreign text is escaped, so that a host or a word is never markup."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hushmap.detect import visible
from hushmap.report.words import Words

if TYPE_CHECKING:
    from hushmap.report.site.cases import Case

_MARKUP = re.compile(r"([\\`*_\[\]<>#|!~&]|^[-+=])")
_LONGEST = 2000
"""Characters of one sentence."""


def plain(text: str) -> str:
    """Text that Markdown takes as it is, on one line."""
    return _MARKUP.sub(r"\\\1", " ".join(visible(text, _LONGEST).split()))


def markdown(one: "Case", words: Words) -> str:
    """The whole case."""
    return "\n".join(_lines(one, words)) + "\n"


def _lines(one: "Case", words: Words) -> Iterator[str]:
    yield f"# {plain(one.what)}"
    yield ""
    yield f"{plain(one.status)} · {plain(one.where)} · {plain(words('case.kicker'))} `{one.id}`"
    for said in filter(None, (one.lab, one.lead, one.basis)):
        yield ""
        yield plain(said)
    yield from _list(words("limits"), one.limits)
    yield from _list(words("how_sure"), one.sure)
    yield from _list(words("incident.course"), (f"{field}: {value}" for field, value in one.facts))
    rests = [
        words("case.rests", target=two.target, label=two.label, k=f"{two.k:,}", n=f"{two.n:,}", record=two.record)
        + (f" {two.sentence}" if two.sentence else "")
        for two in one.evidence
    ]
    yield from _list(words("case.evidence"), rests or [words("case.evidence.none")])
    yield from _list(words("case.null"), one.unchanged)
    yield from _list(words("case.context"), one.aside)
    for event in one.context:
        yield ""
        yield f"### {plain(event.name)} ({plain(event.when)})"
        yield from _items((*event.said, *event.claims))
        yield from _items(words("event.source", source=source) for source in event.sources)
    yield from _list(words("case.corrections"), one.corrections)
    yield from _list(words("case.check"), (f"{field}: {value}" for field, value in one.check))


def _list(heading: str, items: "Iterator[str] | tuple[str, ...] | list[str]") -> Iterator[str]:
    yield ""
    yield f"## {plain(heading)}"
    yield from _items(items)


def _items(items: "Iterator[str] | tuple[str, ...] | list[str]") -> Iterator[str]:
    yield ""
    for item in items:
        yield f"- {plain(item)}"
