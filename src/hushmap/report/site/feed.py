"""The Atom feed (RFC 4287): confirmed changes both ways, and corrections; nothing that is only an alarm.

Whoever subscribes repeats what it says, so it holds what was confirmed. An entry is dated by the attempt that
confirmed it or by its correction, never by the day on which the site was made, and keeps its id for ever: the same
site made again gives the same bytes, and a reader shows nothing twice. A feed without an entry is dated by the last
measurement: until then nothing was confirmed.
"""

import uuid
from datetime import UTC, datetime, time

import msgspec

from hushmap.analysis import Incident, Sure
from hushmap.report.page import environment
from hushmap.report.site.book import About, Correction
from hushmap.report.site.cases import every, is_post
from hushmap.report.site.changing import Change, at, changes, joined, judged, rounded, stamp, what, where
from hushmap.report.site.incident import lead
from hushmap.report.site.making import Making, Pages
from hushmap.report.words import Words

MOST = 200
"""Entries, the newest first: a reader that comes weekly misses none, and the file stays below 500 kB."""
_OURS = uuid.uuid5(uuid.NAMESPACE_URL, "tag:hushmap,2026:feed")
"""What our ids are made in."""
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""When a feed of nothing was changed: it needs a date, and any other would be of its making."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry as the feed has it."""

    id: str
    title: str
    updated: str
    path: str
    """Of the page, in the site's folder."""
    text: str


def pages(making: Making) -> Pages:
    """The feed, as a file of the site."""
    yield "feed.xml", atom(making)


def atom(making: Making) -> bytes:
    """The feed, as bytes of XML."""
    about, words = making.book.about, making.words
    sure = [one for one in changes(making.book) if one.sure is Sure.CONFIRMED]
    sure = [one for one in sure if not is_post(one.incident)]
    cases = [_case(one, sure, words) for one in every(making)]
    found = [
        *cases,
        *(_changed(one, words, making.book.precision) for one in sure),
        *(_corrected(one, about, words) for one in about.corrections),
    ]
    newest = sorted(found, key=lambda entry: (entry.updated, entry.id), reverse=True)
    text = (
        environment()
        .get_template("site/feed.xml.j2")
        .render(
            words=words,
            about=about,
            id=_id("feed", about.title),
            updated=newest[0].updated if newest else stamp(making.book.last or _NEVER),
            entries=newest[:MOST],
        )
    )
    return text.encode()


def _changed(one: Change, words: Words, precision: str | None) -> Entry:
    incident = one.incident
    fields = {"label": words(one.key), "network": where(incident, words), "what": what(incident, words)}
    said = [
        words(f"{one.key}.when", before=at(one.before, words), after=at(one.after, words)),
        words("feed.confirmed", when=at(one.told, words)),
        judged(incident, words),
        *filter(None, [rounded(incident, words, precision)]),
        words("feed.limits"),
    ]
    return Entry(
        id=_id("change", one.id),
        title=words("feed.change", **fields),
        updated=stamp(one.told),
        path=f"incidents/{incident.id}.html",
        text=joined(said, words),
    )


def _case(incident: Incident, sure: list[Change], words: Words) -> Entry:
    """A case, dated by the first of its changes that was confirmed."""
    told = [one.told for one in sure if one.incident.id == incident.id]
    return Entry(
        id=_id("case", incident.id),
        title=words("feed.case", what=what(incident, words), network=where(incident, words)),
        updated=stamp(min(told)),
        path=f"cases/{incident.id}.html",
        text=joined([lead(incident, words), words("feed.limits")], words),
    )


def _corrected(one: Correction, about: About, words: Words) -> Entry:
    return Entry(
        id=_id("correction", about.title, f"{one.version}", f"{one.day}", one.text),
        title=words("feed.correction", version=f"{one.version}"),
        updated=stamp(datetime.combine(one.day, time(), UTC)),
        path="data.html#corrections",
        text=one.text,
    )


def _id(*parts: str) -> str:
    """An id of the same parts is the same in every site, so that a change told by two is one."""
    return uuid.uuid5(_OURS, "\n".join(parts).encode("utf-8", "backslashreplace").decode()).urn
