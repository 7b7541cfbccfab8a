"""Triggers: the list of them, and the page of each on one network, as in a site.

A trigger stands in a table of its own, and in no column: it is a result of a measurement, and what was not asked
about is not in the list.
"""

from datetime import date
from typing import Any

import msgspec

from hushmap.detect import mechanism_words, visible
from hushmap.report.explore.exploring import Explored, Explorer, Page
from hushmap.report.explore.filtering import Chip, Field, chips, fields
from hushmap.report.explore.listing import Pager, pager
from hushmap.report.explore.wanted import Wanted
from hushmap.report.site import trigger
from hushmap.report.site.book import Book, Trigger
from hushmap.report.site.making import Making
from hushmap.report.site.shown import name
from hushmap.report.words import Words

ROWS = 50
"""Triggers of one page."""
TAKES = ("q", "country", "asn", "network", "experiment", "page")
"""What the list can be asked for."""
_SHORT = 80
_PLACE = ("place", "encoding", "direction")
"""What says where in the traffic it stood, and how it was written."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One trigger of the list."""

    id: str
    text: str
    network: str
    """Id of the network."""
    name: str
    place: str
    cut: str
    harmless: str
    how: str
    last: str


class View(msgspec.Struct, frozen=True, kw_only=True):
    """What the list shows."""

    lines: tuple[Line, ...]
    fields: tuple[Field, ...]
    chips: tuple[Chip, ...]
    pager: Pager
    part: str


def page(explorer: Explorer, wanted: Wanted) -> Page:
    """The list of what is meant, by what is cut off, then by network.

    Raises:
        WantedError: It has no such page.
    """
    counting, words = explorer.counting, explorer.words
    meant = [one for one in explorer.triggers.values() if _is_meant(one, wanted)]
    meant.sort(key=lambda one: (_text(one, "trigger"), one.network, one.id))
    some = meant[(wanted.page - 1) * ROWS : wanted.page * ROWS]
    making = explorer.making(
        _book(explorer, some), Explored(q=" ".join(wanted.q), json=f"/triggers.json{wanted.address()}")
    )
    view = View(
        lines=tuple(_line(one, making, words) for one in some),
        fields=tuple(one for one in fields(counting, wanted, words) if one.name in TAKES),
        chips=chips(counting, wanted, words),
        pager=pager(wanted, "page", ROWS, len(meant)),
        part=wanted.part,
    )
    told = {"page": "triggers", "of": len(meant), "triggers": [_told(one) for one in meant]}
    return Page(path="triggers", template="triggers", making=making, values={"view": view}, told=told)


def single(explorer: Explorer, wanted: str) -> Page | None:
    """The page of one trigger on one network; none where nothing of that name was found."""
    one = explorer.triggers.get(wanted)
    if one is None:
        return None
    book = _book(explorer, explorer.triggers.values())
    day = one.fields["day"]
    evidence = explorer.entries([_text(one, "record")], [day] if isinstance(day, date) else [])
    making = explorer.making(book, Explored(json=f"/triggers/{one.id}.json"), evidence)
    return Page(
        path=f"triggers/{one.id}",
        template="",
        making=making,
        told={"page": "trigger", "trigger": _told(one)},
        html=lambda making: trigger.page(making, one),
    )


def _book(explorer: Explorer, some: Any) -> Book:
    """Some triggers, and all networks by their names."""
    book = explorer.named(networks=range(len(explorer.counting.network_ids)))
    return msgspec.structs.replace(book, triggers=tuple(some))


def _is_meant(one: Trigger, wanted: Wanted) -> bool:
    text = _text(one, "trigger").casefold()
    return (
        all(part.casefold() in text for part in wanted.q)
        and (not wanted.country or one.fields["country"] in wanted.country)
        and (not wanted.asn or one.fields["asn"] in wanted.asn)
        and (not wanted.network or one.network in wanted.network)
        and (not wanted.experiment or one.fields["experiment"] in wanted.experiment)
    )


def _line(one: Trigger, making: Making, words: Words) -> Line:
    network, mechanism = making.networks.get(one.network), _text(one, "mechanism")
    return Line(
        id=one.id,
        text=visible(_text(one, "trigger"), _SHORT),
        network=one.network,
        name=one.network if network is None else name(network, words),
        place=words("site.join").join(filter(None, (words.plain(key, _text(one, key)) for key in _PLACE))),
        cut=_share(one, "hits", "attempts"),
        harmless=_share(one, "harmless_hits", "harmless_attempts"),
        how=mechanism_words(mechanism, words.lang) if mechanism else "",
        last=_text(one, "last_seen")[:16].replace("T", " "),
    )


def _share(one: Trigger, k: str, n: str) -> str:
    tried = one.fields.get(n)
    return f"{one.fields.get(k) or 0}/{tried}" if tried else ""


def _told(one: Trigger) -> dict[str, Any]:
    return {"id": one.id, "on": one.network, **one.fields}


def _text(one: Trigger, key: str) -> str:
    return str(one.fields.get(key) or "")
