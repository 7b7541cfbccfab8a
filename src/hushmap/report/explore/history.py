"""The history of what is meant: every measurement of a target, newest first, and all measurements day by day.

Which measurements a page of the list shows is told by the columns in memory; only those days are opened in the
tables, so that the list of a target that was measured a million times comes as fast as that of another.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import ibis
import msgspec
import numpy as np

from hushmap.detect import mechanism_words, visible
from hushmap.report.explore.columns import DAY, Asked
from hushmap.report.explore.columns import Line as OnLine
from hushmap.report.explore.counting import moment
from hushmap.report.explore.exploring import Explored, Explorer, Page
from hushmap.report.explore.filtering import Chip, Field, chips, fields, group_name
from hushmap.report.explore.listing import Pager, pager
from hushmap.report.explore.measuring import label_of
from hushmap.report.explore.narrowing import Narrowing, day_of
from hushmap.report.explore.wanted import Wanted
from hushmap.report.site.book import Target
from hushmap.report.site.making import UTC, Making
from hushmap.report.site.shown import name
from hushmap.report.view import LOOKS, OTHER

ROWS = 50
"""Measurements of one page of the list."""
DAYS = 400
"""Days of one page: a year has room; older ones are one filter away, and in the JSON."""
_SHORT = 80
_LISTED = (
    *("record", "started", "day", "country", "asn", "network", "run", "group", "verdict_label", "evidence"),
    *("mechanisms", "target"),
)


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One measurement of the list."""

    record: str
    address: str
    started: str
    network: str
    sign: str
    style: str
    label: str
    direct: bool
    how: str


class Measurements(msgspec.Struct, frozen=True, kw_only=True):
    """What the list shows."""

    target: Target
    name: str
    address: str
    lines: tuple[Line, ...]
    pager: Pager
    chips: tuple[Chip, ...]


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """One UTC day: measurements by group, in the order of `Days.groups`."""

    day: date
    counts: tuple[int, ...]
    total: int
    """0: nothing was measured that is meant."""


class Days(msgspec.Struct, frozen=True, kw_only=True):
    """What the page of days shows."""

    groups: tuple[tuple[str, str, str], ...]
    """Sign, style and words of each group that was seen."""
    days: tuple[Day, ...]
    """The newest first."""
    more: int
    fields: tuple[Field, ...]
    chips: tuple[Chip, ...]
    drawing: str
    """The address of the drawing's specification."""
    part: str


def measurements(explorer: Explorer, wanted: Wanted, at: int) -> Page:
    """Every measurement of one target that is meant, a page at a time."""
    counting, words = explorer.counting, explorer.words
    wanted = msgspec.structs.replace(
        wanted, target=(counting.target_ids[at],), part=counting.columns.targets[at].part
    )
    picked = counting.picked(wanted, counting.pairs(wanted))[::-1]
    some = picked[(wanted.page - 1) * ROWS : wanted.page * ROWS]
    # Rows of one minute come in no order, so a page takes whole minutes and cuts what the pages before have had.
    book = explorer.book(wanted, Narrowing(targets=[at], networks=_networks(counting, some)))
    target = book.targets[0]
    path = f"targets/{target.id}/measurements"
    here = msgspec.structs.replace(wanted, target=(), part="sites")
    address = f"/targets/{target.id}"
    making = explorer.making(
        book,
        Explored(
            json=f"{address}/measurements.json{here.address(page=wanted.page)}",
            more=((words("explore.days.link"), f"/days{wanted.address()}"),),
        ),
    )
    rows = _rows(explorer, wanted, picked, some)
    view = Measurements(
        target=target,
        name=visible(target.domain or target.target, _SHORT),
        address=address,
        lines=tuple(_line(row, making) for row in rows),
        pager=pager(here, "page", ROWS, len(picked)),
        chips=chips(counting, here, words),
    )
    told = {"page": "measurements", "target": target, "of": len(picked), "measurements": rows}
    return Page(path=path, template="measurements", making=making, values={"view": view}, told=told)


def _networks(counting: Any, rows: Any) -> list[int]:
    columns = counting.columns
    return sorted(set(columns.pair_network[columns.pair[rows]].tolist()))


def _rows(explorer: Explorer, wanted: Wanted, picked: Any, some: Any) -> list[dict[str, Any]]:
    """The rows of the tables that stand at these places of the columns, newest first."""
    if not len(some):
        return []
    columns = explorer.counting.columns
    minutes = columns.minute[picked]
    high, low = int(columns.minute[some[0]]), int(columns.minute[some[-1]])
    days = sorted({day_of(int(number)) for number in np.unique(columns.minute[some] // DAY)})
    asked = columns.targets[int(columns.pair_target[columns.pair[some[0]]])]
    table = explorer.tables.where(
        "verdicts", target=(asked.target,), since=days[0], until=days[-1], label=wanted.label
    )
    known = ibis.coalesce(table["canary"], ibis.literal(value=False))
    table = table.filter(
        ~known,
        table["day"].isin(days),
        table["experiment"] == asked.experiment,
        table["started"] >= ibis.literal(moment(low)),
        table["started"] < ibis.literal(moment(high + 1)),
    )
    rows: list[dict[str, Any]] = explorer.tables.arrow(table.select(*_LISTED, "place", "encoding")).to_pylist()
    meant = {explorer.counting.network_ids[at] for at in _networks(explorer.counting, picked)}
    rows = [row for row in rows if is_about(row, asked) and network_of(row).id in meant]
    rows.sort(key=lambda row: (row["started"], row["record"]), reverse=True)
    # A page begins and ends within a minute that has more than one: what stands before it there is left to its own.
    before = int((minutes[: (wanted.page - 1) * ROWS] == high).sum())
    return rows[before : before + len(some)]


def is_about(row: dict[str, Any], asked: Asked) -> bool:
    """Whether a verdict is about this place and spelling; target and experiment are known to be."""
    return (row["place"] or "", row["encoding"] or "") == (asked.place, asked.encoding)


def network_of(row: dict[str, Any]) -> OnLine:
    """The network of a verdict, as the columns have it."""
    nameless = row["asn"] is None and not row["network"]
    return OnLine(
        asn=row["asn"], country=row["country"] or "", name=row["network"] or "", run=row["run"] if nameless else ""
    )


def _line(row: dict[str, Any], making: Making) -> Line:
    network = network_of(row)
    sign, style = LOOKS.get(row["group"], OTHER)
    known = making.networks.get(network.id)
    lang = making.words.lang
    return Line(
        record=row["record"],
        address=f"{making.links('').measurement(row['record'])}?day={row['day']}",
        started=row["started"].strftime(UTC),
        network=name(known, making.words) if known is not None else network.id,
        sign=sign,
        style=style,
        label=label_of(row, making.words),
        direct=row["evidence"] == "direct" and style == "blocked",
        how=", ".join(mechanism_words(name, lang) for name in row["mechanisms"] or ()),
    )


def days(explorer: Explorer, wanted: Wanted) -> Page:
    """All measurements that are meant, day by day."""
    counting, words = explorer.counting, explorer.words
    numbers, counts = counting.by_day(wanted)
    seen = [place for place in range(len(counting.groups)) if len(counts) and counts[:, place].any()]
    told = [
        Day(day=day_of(number), counts=tuple(int(row[place]) for place in seen), total=int(row.sum()))
        for number, row in zip(numbers.tolist(), counts, strict=True)
    ]
    groups = [counting.groups[place] for place in seen]
    here = wanted.address()
    making = explorer.making(explorer.named(), Explored(q=" ".join(wanted.q), json=f"/days.json{here}"))
    view = Days(
        groups=tuple((*LOOKS.get(name, OTHER), group_name(name, words)) for name in groups),
        days=tuple(told[::-1][:DAYS]),
        more=max(0, len(told) - DAYS),
        fields=fields(counting, wanted, words),
        chips=chips(counting, wanted, words),
        drawing=f"/drawing.json{here}",
        part=wanted.part,
    )
    plain = {"page": "days", "groups": groups, "days": _plain(told, groups)}
    return Page(path="days", template="days", making=making, values={"view": view}, told=plain)


def _plain(told: Sequence[Day], groups: Sequence[str]) -> list[dict[str, Any]]:
    """Days for programs; one that was not measured has no counts, and never zeros."""
    return [
        {
            "day": day.day,
            "measured": day.total,
            "counts": dict(zip(groups, day.counts, strict=True)) if day.total else None,
        }
        for day in told
    ]
