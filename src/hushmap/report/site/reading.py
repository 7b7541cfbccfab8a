"""Tables -> book: one question to the engine, whose answer is a row for each way in which a target fared in a day.

An archive of millions is counted where it lies; here arrive its counts, target by target in order, and each target is
put together and let go before the next. Cells name the most telling group that was seen, so that no block is averaged
away, and what was not measured has none.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

import ibis
import ibis.expr.types as ir
import msgspec
import pyarrow as pa

from hushmap import analysis
from hushmap.report.site.book import About, Book, Cell, Key, Network, Share, Target, Trigger
from hushmap.report.site.naming import CHECK_EXPERIMENTS, network_id, part_of, target_id, trigger_id
from hushmap.report.site.telling import Row, told, weight

if TYPE_CHECKING:
    from hushmap.archive import Tables

_LINE = ("country", "asn", "name", "run_of")
"""What tells networks apart: the name only where there is no number, the run only where there is neither."""
_WHAT = ("experiment", "target", "place", "encoding")
"""What tells targets apart."""
_WAY = ("group", "verdict_label", "mechanism")
_OF_ROW = Row.__struct_fields__
_COLUMNS = (*_WHAT, *_LINE, "day", "domain", "category", *_OF_ROW)
_COPY = r"^\d{8}T\d{2}00Z-[0-9a-f]{12}$"
"""Ids of runs of published copies (`hushmap.publish`); those of this computer end in fewer digits."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read(tables: "Tables", about: About) -> Book:
    """All that a site says of what is in `tables`."""
    # First what needs the attempts of all streams: they are let go before the cells of all days are made.
    changed = analysis.changes(
        tables.frame("verdicts", columns=analysis.NEEDED), services=analysis.hosts_of_services()
    )
    asked = _asked(tables.verdicts)
    cells, days, measured, seen = _cells(tables, asked)
    rules, knowledge = (tuple(_distinct(tables, asked, name)) for name in ("rules", "knowledge"))
    networks = _networks(tables, asked)
    precision = about.precision if about.precision is not None else _precision(tables)
    return Book(
        about=msgspec.structs.replace(about, rules=rules, knowledge=knowledge),
        first=min((one.first for one in networks), default=None),
        last=max((one.last for one in networks), default=None),
        networks=networks,
        targets=_in_order(seen.values(), cells),
        cells=cells,
        days=days,
        measured=measured,
        incidents=changed.incidents,
        silences=changed.silences,
        triggers=tuple(triggers(tables)),
        shares=tuple(_shares(asked)) if networks else (),
        precision=precision,
    )


def _precision(tables: "Tables") -> str:
    """To what times were rounded down, as the ids of runs tell: those of published copies are of their own kind.

    Midnight is a whole hour too: where all times of a copy are midnights, it may be one by the hour.
    """
    verdicts = tables.verdicts
    copies = verdicts.filter(verdicts["run"].re_search(_COPY))
    later = ibis.ifelse(copies["started"].hour() > 0, 1, 0)
    found = [row["later"] for row in _rows(tables, copies.group_by("run").aggregate(later=later.max()))]
    return "exact" if not found else "hour" if all(found) else "either"


def _asked(verdicts: ir.Table) -> ir.Table:
    """The verdicts that are about a target, with what tells networks apart; a name that is none is absent."""
    canary = ibis.coalesce(verdicts["canary"], ibis.literal(value=False))
    table = verdicts.filter(~canary, verdicts["experiment"].notin(sorted(CHECK_EXPERIMENTS)))
    called = ibis.ifelse(table["network"] == "", ibis.null("string"), table["network"])
    nameless = table["asn"].isnull() & called.isnull()
    every = table["mechanisms"]
    return table.mutate(
        called=called,
        name=ibis.ifelse(table["asn"].isnull(), called, ibis.null("string")),
        run_of=ibis.ifelse(nameless, table["run"], ibis.null("string")),
        mechanism=ibis.ifelse(every.length() > 0, every[0], ibis.literal("")),
    )


def counted(asked: ir.Table) -> ir.Table:
    """One row for each way in which a target fared on a network on a day, in order of targets and networks."""
    key = [*_WHAT, *_LINE, "day"]
    newest = ibis.struct({"started": asked["started"], "record": asked["record"]}).max()
    worked = asked["baseline_n"] - asked["baseline_failures"]
    found = asked.group_by([*key, *_WAY]).aggregate(
        n=asked.count().cast("int64"),
        direct=ibis.ifelse(asked["evidence"] == "direct", 1, 0).max().cast("int64"),
        first=asked["started"].min(),
        newest=newest,
        worked=ibis.coalesce(worked.sum(), 0).cast("int64"),
        twins=ibis.coalesce(asked["baseline_n"].sum(), 0).cast("int64"),
        domain=asked["domain"].max(),
        category=asked["category"].max(),
    )
    found = found.mutate(last=found["newest"]["started"], record=found["newest"]["record"])
    return found.select(*_COLUMNS).order_by([ibis.asc(name, nulls_first=True) for name in key])


def _rows(tables: "Tables", found: ir.Table) -> Iterator[dict[str, Any]]:
    names = tuple(found.columns)
    return (dict(zip(names, row, strict=True)) for row in _plain(tables, found))


def _plain(tables: "Tables", found: ir.Table) -> Iterator[tuple[Any, ...]]:
    """Rows as tuples: an answer has as many as a site has days and targets, and a mapping costs ten times as much."""
    for batch in tables.batches(found):
        yield from zip(*map(_values, batch.columns), strict=True)


def _values(column: pa.Array) -> list[Any]:
    """The values of a column; times are made of whole numbers, which is five times as fast as Arrow's own way."""
    if not pa.types.is_timestamp(column.type):
        plain: list[Any] = column.to_pylist()
        return plain
    micros = column.cast(pa.timestamp("us", "UTC")).cast(pa.int64()).to_pylist()
    return [None if one is None else _EPOCH + timedelta(microseconds=one) for one in micros]


_Found = tuple[
    dict[Key, Cell], dict[Key, Mapping[date, Cell]], dict[tuple[str, date], int], dict[tuple[str, ...], Target]
]


def _cells(tables: "Tables", asked: ir.Table) -> _Found:
    """Cells of the whole time and of each day, the coverage, and the targets."""
    cells: dict[Key, Cell] = {}
    days: dict[Key, Mapping[date, Cell]] = {}
    measured: dict[tuple[str, date], int] = {}
    seen: dict[tuple[str, ...], Target] = {}
    what_, line_, rest = len(_WHAT), len(_WHAT) + len(_LINE), len(_COLUMNS) - len(_OF_ROW)
    for key, mine in groupby(_plain(tables, counted(asked)), key=lambda row: row[:line_]):
        what = tuple(part or "" for part in key[:what_])
        country, asn, name, run = key[what_:]
        network = network_id(asn, country or "", name or "", run or "")
        by_day: dict[date, Cell] = {}
        whole: list[Row] = []
        for day, some in groupby(mine, key=lambda row: row[line_]):
            found = [*some]
            rows = [Row(*row[rest:]) for row in found]
            seen[what] = _target(what, found[0][line_ + 1 : rest], seen.get(what))
            by_day[day] = told(rows)
            measured[network, day] = measured.get((network, day), 0) + sum(row.n for row in rows)
            whole += rows
        cells[seen[what].id, network] = told(whole)
        days[seen[what].id, network] = by_day
    return cells, days, dict(sorted(measured.items())), seen


def _target(what: tuple[str, ...], list_: tuple[str | None, ...], known: Target | None) -> Target:
    """The target; a list that gives no category does not take it away."""
    domain, category = list_[0] or "", max(list_[1] or "", known.category if known is not None else "")
    if known is not None:
        return known if known.category == category else msgspec.structs.replace(known, category=category)
    experiment, target, place, encoding = what
    return Target(
        id=target_id(experiment, target, place, encoding),
        target=target,
        experiment=experiment,
        domain=domain,
        category=category,
        place=place,
        encoding=encoding,
        part=part_of(experiment),
    )


def _in_order(targets: Iterable[Target], cells: Mapping[Key, Cell]) -> tuple[Target, ...]:
    """Most blocked first, then most of what else points to interference."""
    on: dict[str, list[Cell]] = {}
    for (target, _), cell in cells.items():
        on.setdefault(target, []).append(cell)
    return tuple(sorted(targets, key=lambda one: (*weight(on[one.id]), one.domain or one.target, one.id)))


def _networks(tables: "Tables", asked: ir.Table) -> tuple[Network, ...]:
    """The networks, by country, then number or name."""
    lines = asked.group_by([*_LINE, "called", "vantage_kind", "resolver"]).aggregate(
        first=asked["started"].min(), last=asked["started"].max(), n=asked.count().cast("int64")
    )
    runs = asked.group_by([*_LINE]).aggregate(runs=asked["run"].nunique().cast("int64"))
    of = {tuple(row[name] for name in _LINE): row["runs"] for row in _rows(tables, runs)}
    found: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in _rows(tables, lines):
        found.setdefault(tuple(row[name] for name in _LINE), []).append(row)
    made = [_network(line, rows, of[line]) for line, rows in found.items()]
    return tuple(
        sorted(made, key=lambda one: (one.country, one.asn is None, one.asn or 0, one.name, one.first, one.id))
    )


def _network(line: tuple[Any, ...], rows: list[dict[str, Any]], runs: int) -> Network:
    country, asn, name, run = line
    named = [(row["last"], row["called"]) for row in rows if row["called"]]
    return Network(
        id=network_id(asn, country or "", name or "", run or ""),
        asn=asn,
        country=country or "",
        name=max(named, default=("", ""))[1],
        kinds=tuple(sorted({row["vantage_kind"] for row in rows if row["vantage_kind"]})),
        resolvers=tuple(sorted({row["resolver"] for row in rows if row["resolver"]})),
        first=min(row["first"] for row in rows),
        last=max(row["last"] for row in rows),
        runs=runs,
        measurements=sum(row["n"] for row in rows),
    )


def _shares(asked: ir.Table) -> Iterator[Share]:
    """How often each network's bursts found what their experiment looks for."""
    frame = analysis.rates(asked, _LINE).astype(object)
    for row in frame.where(frame.notna(), None).to_dict("records"):
        country, asn, name, run = (row[part] for part in _LINE)
        yield Share(
            network=network_id(asn, country or "", name or "", run or ""),
            **{name: row[name] for name in Share.__struct_fields__ if name != "network"},
        )


def _distinct(tables: "Tables", asked: ir.Table, name: str) -> list[str]:
    found = asked.select(name).distinct()
    return sorted(row[name] for row in _rows(tables, found) if row[name])


_TRIGGER = ("experiment", "trigger", "place", "encoding", "direction")


def triggers(tables: "Tables") -> Iterator[Trigger]:
    """Each trigger on each network, from the newest record that found it; those of checks are none."""
    table = tables.triggers
    newest: dict[str, tuple[str, dict[str, Any]]] = {}
    for row in _rows(tables, table.filter(table["experiment"].notin(sorted(CHECK_EXPERIMENTS)))):
        asn, name = row["asn"], row["network"] or ""
        nameless = asn is None and not name
        network = network_id(asn, row["country"] or "", name, row["run"] if nameless else "")
        made = trigger_id(network, *(row[part] or "" for part in _TRIGGER))
        order = _order(row)
        if made not in newest or order > _order(newest[made][1]):
            newest[made] = network, row
    for made in sorted(newest):
        network, row = newest[made]
        yield Trigger(id=made, network=network, fields=row)


def _order(row: Mapping[str, Any]) -> tuple[str, str, str]:
    """The newest is greatest; ids part those of one moment."""
    day: date | datetime = row["day"]
    return row["last_seen"] or "", day.isoformat(), row["record"]
