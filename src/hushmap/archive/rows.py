"""A judged record -> its rows in each table; the one place where they are made, for archives and for what is none.

A row is a tuple in the order of its table's columns, since a mapping costs three times as much and a measurement has
a dozen rows. What a verdict, step or trigger has of its record is not in them: Arrow takes it from there, by place.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from hushmap.archive.schema import RECORDS, TABLES, arrow_schema
from hushmap.detect import TriggerRow, is_word, trigger_rows
from hushmap.judge import Judged, Kept
from hushmap.model import Connect, Exchange, Fetch, Handshake, Hop, Outcome, Record, Resolve, Trial, Vantage

Row = tuple[Any, ...]

_NO_HOST = frozenset({"service", "middlebox", "search", "watch"})
"""Experiments whose targets are no hosts, beside those of words."""
_NAME = re.compile(r"[\w.-]{1,253}")
_PLAIN = re.compile(r"https?://([a-z0-9.-]*[a-z0-9-])(?:[/?#]|$)")
"""A URL as nearly all are, whose host needs no parser: urllib's takes as long as all the rest of a row."""
_REMEMBERED = 4096
"""Targets and lines whose columns are remembered: lists are asked about again and again."""


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What a run's manifest says of all its records."""

    label: str | None = None
    deck: str | None = None


NO_FACTS = Facts()
ALL: frozenset[str] = frozenset(TABLES)

_FROM_RECORD: dict[str, frozenset[str]] = {
    "verdicts": frozenset(column.name for column in RECORDS)
    & frozenset(column.name for column in TABLES["verdicts"]),
    "steps": frozenset({"day", "record", "run"}),
    "triggers": frozenset({"day"}),
}
"""Columns of a table that are its record's."""
_PLACE = "place of the record"
_STEP = (
    *(_PLACE, "trial", "side", "role", "round", "pair", "changed", "undone", "void", "n", "t0", "t", "failure"),
    *("step", "address", "port", "name", "resolver", "answers", "status", "body_sha256", "title"),
)
"""The cells of a step: what its trial says, what every step says, and what each kind of step says in its own way."""
_OWN = {
    table: (_PLACE, *(column.name for column in TABLES[table] if column.name not in shared))
    for table, shared in _FROM_RECORD.items()
} | {"records": tuple(column.name for column in RECORDS[1:]), "steps": _STEP}
"""The cells of a row, in their order; of a record all but its day."""
_KINDS = {
    table: {column.name: column.type for column in columns} | {_PLACE: pa.int32()}
    for table, columns in TABLES.items()
}


class Rows:
    """Rows of some records, in their order."""

    def __init__(self, facts: Facts = NO_FACTS, tables: Collection[str] = ALL) -> None:
        """Only those of `tables` are made."""
        self._facts, self._tables = facts, tables
        self.sources: list[str] = []
        """Where each record stands."""
        self._records: list[Row] = []
        self._of: dict[str, list[Row]] = {table: [] for table in _FROM_RECORD if table in tables}
        """Rows of the other tables; each begins with the place of its record."""

    def add(self, found: Judged | Kept) -> None:
        """Take one record: what is not judged has no verdict and no triggers.

        A visit to what a person may have posted has no row: rows are looked at one by one, and passed on (METHOD 5).
        """
        if found.record.personal:
            return
        record, of, place = found.record, self._of, len(self._records)
        own = _of_record(record, found.source, self._facts)
        if "steps" in of and record.trials:
            of["steps"] += _steps(record, place)
        if isinstance(found, Judged):
            if "verdicts" in of:
                of["verdicts"].append((place, *_of_verdict(found)))
            if "triggers" in of and found.verdict.triggers:
                of["triggers"] += [(place, *_cells(row)) for row in trigger_rows(found.verdict, record)]
        self._records.append(own)
        self.sources.append(found.source)

    def __len__(self) -> int:
        return len(self._records)

    def arrow(self, start: int = 0, stop: int | None = None) -> dict[str, pa.RecordBatch]:
        """A batch for each table; of a part of the records if that is wanted.

        Raises:
            ValueError: A record holds what no table can: a time that is none, a number that is too large.
        """
        stop = len(self._records) if stop is None else stop
        try:
            records = _columns(self._records[start:stop], "records")
            records["day"] = pc.cast(records["started"], pa.date32())
            tables = {"records": records} if "records" in self._tables else {}
            for table, rows in self._of.items():
                some = rows if stop - start == len(self) else [row for row in rows if start <= row[0] < stop]
                tables[table] = _joined(table, some, records, start)
        except (OverflowError, TypeError) as error:
            raise ValueError(str(error)) from None
        return {table: pa.RecordBatch.from_pydict(tables[table], arrow_schema(table)) for table in tables}


def arrow(
    found: Sequence[Judged | Kept], facts: Facts = NO_FACTS, tables: Collection[str] = ALL
) -> dict[str, pa.RecordBatch]:
    """The rows of some records as one batch for each of `tables`, in their order.

    Raises:
        ValueError: as `Rows.arrow`.
    """
    rows = Rows(facts, tables)
    for one in found:
        rows.add(one)
    return rows.arrow()


def _columns(rows: list[Row], table: str) -> dict[str, pa.Array]:
    """Columns of rows, each by its name."""
    names, kinds = _OWN[table], _KINDS[table]
    columns = zip(*rows, strict=True) if rows else iter([()] * len(names))
    return {name: _array(column, kinds[name]) for name, column in zip(names, columns, strict=True)}


def _array(values: tuple[Any, ...], kind: pa.DataType) -> pa.Array:
    return pc.cast(pa.array(values, pa.string()), kind) if pa.types.is_timestamp(kind) else pa.array(values, kind)


def _joined(table: str, rows: list[Row], records: dict[str, pa.Array], start: int) -> dict[str, pa.Array]:
    """The columns of a table, those of its records among them."""
    columns, shared = _columns(rows, table), _FROM_RECORD[table]
    places = columns.pop(_PLACE)
    if [row[0] for row in rows] == [*range(start, start + len(records["record"]))]:  # one each, as of most verdicts
        return columns | {name: records[name] for name in shared}
    places = pc.subtract(places, pa.scalar(start, pa.int32()))
    return columns | {name: records[name].take(places) for name in shared}


def _of_record(record: Record, source: str, facts: Facts) -> Row:
    vantage = record.vantage
    label, deck = facts.label, facts.deck
    if record.source is None and record.annotations:
        label = label or record.annotations.get("label")
        deck = deck or record.annotations.get("deck", "").partition(" ")[0] or None
    return (
        record.id,
        record.run,
        source,
        record.source.sha256 or None if record.source is not None else None,
        record.experiment,
        record.target,
        _domain(record),
        record.category,
        record.layer,
        record.encoding,
        record.started,
        vantage.country,
        vantage.asn,
        vantage.network,
        vantage.kind,
        _known(vantage),
        vantage.resolver,
        vantage.resolver_asn,
        label,
        deck,
        record.software.name,
        record.software.version,
        len(record.trials),
        len(record.voided),
        _session(vantage),
    )


def _known(vantage: Vantage) -> str:
    """How the line is known; of the first that is, as in the JSON of a verdict."""
    known = vantage.known
    return known.get("asn") or known.get("network") or known.get("country") or "unknown"


def _of_verdict(found: Judged) -> Row:
    verdict, counts = found.verdict, found.verdict.counts
    return (
        verdict.outcome,
        _label(found),
        found.group,
        verdict.evidence,
        verdict.scope,
        verdict.reason,
        verdict.mechanisms,
        verdict.rule,
        verdict.rules,
        verdict.knowledge,
        verdict.error_bound,
        *counts.subject,
        *counts.baseline,
        *counts.helper,
        *counts.peer,
        found.record.canary,
    )


_LABELS: dict[tuple[Outcome, str], str] = {}
"""Labels of sites, by all that they depend on: a few dozen, and each costs a fifth of what judging does."""


def _label(found: Judged) -> str:
    """The label that lists show, in English."""
    verdict = found.verdict
    if found.lang != "en":
        found = msgspec.structs.replace(found, lang="en")
    if is_word(found.record) or "altered" in verdict.facts:
        return found.saying.label
    key = (verdict.outcome, verdict.mechanisms[0] if verdict.mechanisms else "")
    if key not in _LABELS:
        _LABELS[key] = found.saying.label
    return _LABELS[key]


def _cells(row: TriggerRow) -> Row:
    return msgspec.structs.astuple(row)


def _domain(record: Record) -> str | None:
    return None if record.experiment in _NO_HOST or is_word(record) else _host(record.target)


@lru_cache(_REMEMBERED)
def _host(target: str) -> str | None:
    """The host that a target names, in lower case and without a port."""
    if plain := _PLAIN.match(target):
        return plain[1]
    try:
        host = urlsplit(target if "://" in target else f"//{target}").hostname
    except ValueError:
        return None
    return host.rstrip(".") or None if host is not None and ("://" in target or _NAME.fullmatch(host)) else None


def _session(vantage: Vantage) -> str | None:
    return None if vantage.asn is None else _line(vantage.asn, vantage.resolver, vantage.kind)


@lru_cache(_REMEMBERED)
def _line(asn: int, resolver: str | None, kind: str | None) -> str:
    """A short name for a line: what it is made of stands in `records`."""
    return hashlib.blake2b(f"{asn} {resolver} {kind}".encode(), digest_size=6).hexdigest()


# --- steps: what each kind says: (step, address, port, name, resolver, answers, status, body_sha256, title)


def _steps(record: Record, place: int) -> Iterator[Row]:
    voided = record.voided
    for trial in record.trials:
        number = trial.id
        head = (
            *(place, number, trial.side, trial.role, trial.round, trial.pair, trial.changed, trial.undone),
            number in voided,
        )
        if not trial.steps:
            asked = trial.ask
            nothing = (asked.address, asked.port, asked.name or asked.sni or asked.url, asked.resolver)
            yield (*head, None, trial.t0, trial.t, None, None, *nothing, None, None, None, None)
        for n, step in enumerate(trial.steps):
            yield head + (n, step.t0, step.t, step.failure) + _READ[type(step)](step, trial)  # noqa: RUF005


def _resolve(step: Resolve, _: Trial) -> Row:
    return "resolve", None, None, step.name, step.resolver, step.addresses, None, None, None


def _connect(step: Connect, trial: Trial) -> Row:
    return "connect", step.address, step.port, trial.ask.sni or trial.ask.name, None, None, None, None, None


def _handshake(step: Handshake, _: Trial) -> Row:
    return "handshake", step.address, step.port, step.sni, None, None, None, None, None


def _fetch(step: Fetch, trial: Trial) -> Row:
    connect, page = trial.connect, step.page
    address, port = (trial.ask.address, trial.ask.port) if connect is None else (connect.address, connect.port)
    if page is None:
        return "fetch", address, port, step.url, None, None, None, None, None
    return "fetch", address, port, step.url, None, None, page.status, page.body_sha256 or None, page.title


def _exchange(step: Exchange, trial: Trial) -> Row:
    return "exchange", step.address, step.port, trial.ask.sni or trial.ask.name, None, None, None, None, None


def _hop(step: Hop, trial: Trial) -> Row:
    return "hop", step.address, step.port, trial.ask.sni or trial.ask.name, None, None, None, None, None


_READ: dict[type, Callable[[Any, Trial], Row]] = {
    Resolve: _resolve,
    Connect: _connect,
    Handshake: _handshake,
    Fetch: _fetch,
    Exchange: _exchange,
    Hop: _hop,
}
