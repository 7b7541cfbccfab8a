"""Tables -> records again, as far as their columns tell: what was asked in each attempt, and what came back.

An archive keeps no bodies, certificates or late answers, and knows of a lookup only its first answer. What is made
of it shows the steps in order; it is never judged anew, and the verdict given with it is the one that was stored.
Which attempts carry it is not stored, and is told anew by the layer at which the verdict's mechanism acts.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Any

import msgspec
import pyarrow as pa

from hushmap.archive.tables import Tables
from hushmap.model import (
    Answer,
    Ask,
    Connect,
    Context,
    Counts,
    Evidence,
    Exchange,
    Failure,
    Fetch,
    Handshake,
    Hop,
    Layer,
    Outcome,
    Page,
    Reason,
    Record,
    Resolve,
    Role,
    Scope,
    Side,
    Step,
    Trial,
    Vantage,
    Verdict,
    Void,
)

AT_ONCE = 500
"""Records of one question: their steps are some 20 MB at most."""
_LAYERS = {
    "resolve": Layer.DNS,
    "connect": Layer.TCP,
    "handshake": Layer.TLS,
    "fetch": Layer.HTTP,
    "exchange": Layer.RAW,
    "hop": Layer.TCP,
}
"""How far up a trial went, by the last kind of its steps."""

_OF_FAMILY: Mapping[str, tuple[type[Step], ...]] = {
    "dns": (Resolve,),
    "ip": (Connect, Hop),
    "tcp": (Connect, Fetch, Exchange),
    "tls": (Handshake,),
    "quic": (Handshake, Exchange),
    "http": (Fetch, Exchange),
    "server": (Fetch, Handshake),
    "portal": (Fetch,),
    "throttle": (Fetch, Exchange),
}
"""Steps at which a family of mechanisms is seen."""

Row = Mapping[str, Any]


def records_of(tables: Tables, ids: Iterable[str], days: Collection[date] = ()) -> Iterator[tuple[Record, Verdict]]:
    """The records that the tables hold, in order of id, each with its stored verdict.

    Where the `days` on which they began are known, only those are looked through.
    """
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        steps = {record: [*rows] for record, rows in groupby(_rows(tables, "steps", some, days), _of)}
        for row in _rows(tables, "verdicts", some, days):
            record, verdict = _record(row, steps.get(row["record"], [])), _verdict(row)
            yield record, msgspec.structs.replace(verdict, proof=_carrying(record, verdict))


def _of(row: Row) -> str:
    """Whose step it is."""
    record: str = row["record"]
    return record


def _rows(tables: Tables, name: str, ids: list[str], days: Collection[date]) -> list[Row]:
    """The rows of some records, in the order of their attempts."""
    table = tables.table(name)
    of_days = [table["day"].isin(sorted(days))] if days else []
    found: pa.Table = tables.arrow(table.filter(*of_days, table["record"].isin(ids)))
    order = ("record", "trial", "n") if name == "steps" else ("record",)
    rows: list[Row] = found.to_pylist()
    return sorted(rows, key=lambda row: tuple(-1 if row[one] is None else row[one] for one in order))


def _record(row: Row, steps: list[Row]) -> Record:
    trials = tuple(_trial([*mine]) for _, mine in groupby(steps, lambda step: step["trial"]))
    voided = dict.fromkeys(step["trial"] for step in steps if step["void"])
    started = f"{row['started']:%Y-%m-%dT%H:%M:%SZ}"
    return Record(
        id=row["record"],
        run=row["run"],
        experiment=row["experiment"],
        target=row["target"],
        layer=row["place"],
        encoding=row["encoding"],
        category=row["category"],
        canary=bool(row["canary"]),
        started=started,
        ended=started,
        run_started=started,
        vantage=Vantage(
            country=row["country"],
            asn=row["asn"],
            network=row["network"],
            kind=row["vantage_kind"],
            resolver=row["resolver"],
            resolver_asn=row["resolver_asn"],
        ),
        context=Context(voids=tuple(Void(trial=trial, reason="void") for trial in voided)),
        trials=trials,
    )


def _trial(rows: list[Row]) -> Trial:
    first = rows[0]
    steps = tuple(_step(row) for row in rows if row["step"] is not None)
    return Trial(
        id=first["trial"],
        ask=_ask(rows),
        role=Role(first["role"]),
        side=Side(first["side"]),
        round=first["round"] or 0,
        pair=first["pair"],
        changed=first["changed"],
        steps=steps,
        undone=first["undone"],
        t0=first["t0"] or 0.0,
        t=max(row["t"] or 0.0 for row in rows),
    )


def _ask(rows: list[Row]) -> Ask:
    """What was asked, as the steps show it: the last of them went furthest."""
    last = rows[-1]
    named = {row["step"]: row["name"] for row in rows}
    layer = _LAYERS.get(last["step"], Layer.DNS if last["resolver"] else Layer.TCP)
    place = next((row for row in reversed(rows) if row["address"] is not None), last)
    lookup = layer is Layer.DNS
    return Ask(
        layer=layer,
        name=last["name"] if lookup else None,
        resolver=last["resolver"] if lookup else None,
        address=place["address"],
        port=place["port"],
        sni=named.get("handshake"),
        url=named.get("fetch"),
    )


def _step(row: Row) -> Step:
    failure = None if row["failure"] is None else Failure(row["failure"])
    times: dict[str, Any] = {"t0": row["t0"], "t": row["t"], "failure": failure}
    kind, name = row["step"], row["name"]
    where: dict[str, Any] = {"address": row["address"] or "", "port": row["port"] or 0}
    if kind == "resolve":
        addresses = tuple(row["answers"] or ())
        answers = (Answer(t=row["t"], addresses=addresses),) if addresses else ()
        kinds = {":" in one for one in addresses}
        qtype = {frozenset({True}): "AAAA", frozenset({False}): "A"}.get(frozenset(kinds), "")
        return Resolve(resolver=row["resolver"] or "", name=name or "", qtype=qtype, answers=answers, **times)
    if kind == "handshake":
        return Handshake(sni=name, **where, **times)
    if kind == "fetch":
        page = None
        if row["status"] is not None:
            page = Page(status=row["status"], title=row["title"], body_sha256=row["body_sha256"] or "")
        return Fetch(url=name or "", page=page, **times)
    if kind == "hop":
        return Hop(ttl=0, **where, **times)
    return (Exchange if kind == "exchange" else Connect)(**where, **times)


def _verdict(row: Row) -> Verdict:
    """The verdict as it was stored; what has no column (proof, facts) is not in it."""
    arms = {arm: (row[f"{arm}_failures"] or 0, row[f"{arm}_n"] or 0) for arm in Counts.__struct_fields__}
    return Verdict(
        outcome=Outcome(row["outcome"]),
        rule=row["rule"] or "",
        rules=row["rules"] or "",
        knowledge=row["knowledge"] or "",
        evidence=Evidence(row["evidence"] or Evidence.NONE),
        mechanisms=tuple(row["mechanisms"] or ()),
        scope=None if row["scope"] is None else Scope(row["scope"]),
        reason=None if row["reason"] is None else Reason(row["reason"]),
        error_bound=row["error_bound"],
        counts=msgspec.convert(arms, Counts),
    )


def _carrying(record: Record, verdict: Verdict) -> tuple[int, ...]:
    """The attempts that show what the verdict says: of the target, from here, at the layer of its mechanism.

    A lookup at an address that answered nobody shows nothing: nothing tells it from one that runs no DNS service,
    and that one's silence is as it should be. Of attempts that fit, those of bracketed pairs are taken, where there
    are any.
    """
    if verdict.outcome is Outcome.OK:
        return ()
    first = verdict.mechanisms[0] if verdict.mechanisms else ""
    mine = [one for one in record.counted if one.side is Side.HERE and one.role in {Role.SUBJECT, Role.CANARY}]
    answering = {step.resolver for one in record.counted for step in one.resolves if step.addresses}
    elsewhere = {
        address
        for one in record.counted
        if one.side is not Side.HERE
        for step in one.resolves
        for address in step.addresses
    }
    kinds = _OF_FAMILY.get(first.partition(".")[0], (Connect, Handshake, Fetch, Exchange, Resolve))

    def shows(step: Step) -> bool:
        if not isinstance(step, kinds):
            return False
        if isinstance(step, Resolve) and step.addresses:
            return first.startswith("dns.") and not set(step.addresses) & elsewhere
        if isinstance(step, Resolve):
            return step.resolver in answering
        return step.failure is not None or (isinstance(step, Fetch) and step.page is not None)

    fitting = [one for one in mine if any(shows(step) for step in one.steps)]
    paired = [one for one in fitting if one.pair is not None]
    return tuple(one.id for one in paired or fitting)
