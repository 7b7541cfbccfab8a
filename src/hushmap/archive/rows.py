"""A judged record -> its rows in each table; the one place where they are made, for archives and for what is none.

A row is a tuple in the order of its table's columns: a mapping costs three times as much, and a measurement has some
twenty rows. Text becomes times and days where Arrow makes its columns, all of them at once.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from hushmap.archive.schema import TABLES, arrow_schema
from hushmap.detect import TriggerRow, is_word, trigger_rows
from hushmap.judge import Judged, Kept
from hushmap.model import Connect, Exchange, Fetch, Handshake, Hop, Outcome, Record, Resolve, Trial, Vantage

Row = tuple[Any, ...]

_NO_HOST = frozenset({"service", "middlebox"})
"""Experiments whose targets are no hosts, beside those of words."""
_NAME = re.compile(r"[\w.-]{1,253}")
_REMEMBERED = 4096
"""Targets and lines whose columns are remembered: lists are asked about again and again."""


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What a run's manifest says of all its records."""

    label: str | None = None
    deck: str | None = None


NO_FACTS = Facts()
ALL: frozenset[str] = frozenset(TABLES)


def rows_of(found: Judged | Kept, facts: Facts = NO_FACTS, tables: Collection[str] = ALL) -> dict[str, list[Row]]:
    """The rows of one record in each of `tables`; what is not judged has none in `verdicts` and `triggers`.

    The first three of each are `KEYS`, the day as text; times are text too.
    """
    record = found.record
    keys = (record.started[:10], record.id, record.run)
    rows: dict[str, list[Row]] = {table: [] for table in tables}
    domain, session = _domain(record), _session(record.vantage)
    if "records" in rows:
        rows["records"].append((*keys, *_of_record(record, found.source, facts, domain, session)))
    if "steps" in rows and record.trials:
        rows["steps"].extend(_steps(record, keys))
    if isinstance(found, Judged):
        if "verdicts" in rows:
            rows["verdicts"].append((*keys, *_of_verdict(found, facts, domain, session)))
        if "triggers" in rows and found.verdict.triggers:
            rows["triggers"].extend((keys[0], *_cells(row)) for row in trigger_rows(found.verdict, record))
    return rows


def arrow(
    found: Sequence[Judged | Kept], facts: Facts = NO_FACTS, tables: Collection[str] = ALL
) -> dict[str, pa.RecordBatch]:
    """The rows of some records as one batch for each of `tables`, in their order.

    Raises:
        ValueError: as `batches_of`.
    """
    return batches_of([rows_of(one, facts, tables) for one in found], tables)


def batches_of(each: Iterable[dict[str, list[Row]]], tables: Collection[str] = ALL) -> dict[str, pa.RecordBatch]:
    """Rows of one record after the other as one batch for each of `tables`.

    Raises:
        ValueError: A record holds what no table can: a time that is none, a number that is too large.
    """
    rows: dict[str, list[Row]] = {table: [] for table in tables}
    for one in each:
        for table, more in one.items():
            rows[table] += more
    try:
        return {table: _batch(table, some) for table, some in rows.items()}
    except OverflowError as error:
        raise ValueError(str(error)) from None


def _batch(table: str, rows: list[Row]) -> pa.RecordBatch:
    schema = arrow_schema(table)
    columns = zip(*rows, strict=True) if rows else iter([()] * len(schema))
    arrays = [_array(values, field.type) for values, field in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _array(values: tuple[Any, ...], kind: pa.DataType) -> pa.Array:
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return pc.cast(pa.array(values, pa.string()), kind)
    return pa.array(values, kind)


def _of_record(record: Record, source: str, facts: Facts, domain: str | None, session: str | None) -> Row:
    vantage = record.vantage
    return (
        source,
        record.source.sha256 or None if record.source is not None else None,
        *_asked(record, domain),
        vantage.country,
        vantage.asn,
        vantage.network,
        vantage.kind,
        _known(vantage),
        vantage.resolver,
        vantage.resolver_asn,
        facts.label,
        facts.deck,
        record.software.name,
        record.software.version,
        len(record.trials),
        len(record.voided),
        session,
    )


def _asked(record: Record, domain: str | None) -> Row:
    return (
        record.experiment,
        record.target,
        domain,
        record.category,
        record.layer,
        record.encoding,
        record.started,
    )


def _known(vantage: Vantage) -> str:
    """How the line is known; of the first that is, as in the JSON of a verdict."""
    known = vantage.known
    return known.get("asn") or known.get("network") or known.get("country") or "unknown"


def _of_verdict(found: Judged, facts: Facts, domain: str | None, session: str | None) -> Row:
    record, verdict = found.record, found.verdict
    vantage, counts = record.vantage, verdict.counts
    return (
        *_asked(record, domain),
        vantage.country,
        vantage.asn,
        vantage.network,
        vantage.kind,
        vantage.resolver,
        vantage.resolver_asn,
        facts.label,
        facts.deck,
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
        record.canary,
        session,
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


# --- steps: (step, address, port, name, resolver, answers, status, body_sha256, title)


def _steps(record: Record, keys: Row) -> Iterator[Row]:
    voided = record.voided
    for trial in record.trials:
        void = trial.id in voided
        head = (*keys, trial.id, trial.side, trial.role, trial.round, trial.pair, trial.changed)
        if not trial.steps:
            asked = trial.ask
            nothing = (asked.address, asked.port, asked.name or asked.sni or asked.url, asked.resolver)
            yield (*head, None, None, trial.t0, trial.t, None, *nothing, None, None, None, None, trial.undone, void)
        for n, step in enumerate(trial.steps):
            kind, *more = _READ[type(step)](step, trial)
            yield (*head, kind, n, step.t0, step.t, step.failure, *more, trial.undone, void)


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
