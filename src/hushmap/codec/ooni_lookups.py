"""The DNS queries of an OONI measurement -> lookup trials.

OONI keeps one entry for each query type; a lookup of ours is all queries of one transaction at one resolver. Late and
duplicate replies, which OONI keeps apart, are what tells an injector, so they stand beside the reply they compete with.
"""

import binascii
from itertools import chain

import msgspec

from hushmap.codec import ooni_loose as shape
from hushmap.codec.ooni_numbers import Numbers
from hushmap.codec.ooni_places import failed, is_address, name
from hushmap.model import SYSTEM_RESOLVER, Answer, Ask, Failure, Layer, Resolve, Trial

_SCHEMES = {"udp": "udp", "tcp": "tcp", "dot": "dot"}
"""Engines whose resolver is an address and a port; DoH's is a URL, the system's is nowhere."""
_REPLIED = frozenset(
    {Failure.NXDOMAIN, Failure.DNS_REFUSED, Failure.SERVFAIL, Failure.NO_ANSWER, Failure.DNS_MISBEHAVING}
)
"""Failures that are a reply; all others are the lack of one."""
_HEAD = 8
"""Base64 characters that hold id and flags of a DNS message."""
_DIGITS = 10
"""Of the largest TTL, 32 bits (RFC 2181 section 8)."""


def trials(queries: list[shape.QueryRow], duplicates: list[shape.QueryRow] | None, numbers: Numbers) -> list[Trial]:
    """One trial for each name, resolver and transaction, in order of appearance."""
    groups: dict[tuple[str, int, str], list[Resolve]] = {}
    late: dict[tuple[int, str | None], list[shape.QueryRow]] = {}
    for row in duplicates or ():
        late.setdefault((row.transaction_id or 0, row.query_type), []).append(row)
    for row in queries:
        step = _resolve(row)
        transaction = row.transaction_id or 0
        if late and (more := late.pop((transaction, row.query_type), None)):
            answers = [_resolve(other).answers for other in more]
            step = msgspec.structs.replace(step, answers=step.answers + tuple(chain.from_iterable(answers)))
        _add(groups, step, transaction)
    # A second reply without a first: the first is not in the data, and it was a reply all the same.
    for row in chain.from_iterable(late.values()):
        _add(groups, _resolve(row), row.transaction_id or 0)
    return [_trial(key[0], steps, numbers.take(key[1])) for key, steps in groups.items()]


def _add(groups: dict[tuple[str, int, str], list[Resolve]], step: Resolve, transaction: int) -> None:
    key = (step.resolver, transaction, step.name)
    group = groups.get(key)
    if group is None:
        groups[key] = [step]
    else:
        group.append(step)


def _trial(resolver: str, steps: list[Resolve], number: int) -> Trial:
    first = steps[0]
    qtype = first.qtype
    for step in steps:
        if step.qtype != qtype:
            qtype = "A+AAAA"
    return Trial(
        id=number,
        ask=Ask(layer=Layer.DNS, name=first.name, qtype=qtype, resolver=resolver),
        changed=None if resolver == SYSTEM_RESOLVER else "resolver",
        steps=tuple(steps),
        t0=min([step.t0 for step in steps]),
        t=max([step.t for step in steps]),
    )


def _resolver(row: shape.QueryRow) -> str:
    """The resolver as an `Ask` names it."""
    engine, address = row.engine, row.resolver_address
    if not address:
        host = row.resolver_hostname
        if not host:
            return SYSTEM_RESOLVER
        port = row.resolver_port
        host = f"[{host}]" if ":" in host else host
        return f"udp://{host}:{port if port is not None else 53}"
    if "://" in address:
        return address
    return f"{_SCHEMES.get(engine or '', 'udp')}://{address}"


def _resolve(row: shape.QueryRow) -> Resolve:
    t = row.t or 0.0
    t0 = row.t0
    failure, detail = (None, None) if row.failure is None else failed(row.failure)
    answer = _answer(row, failure, t)
    if answer is not None and failure is None:
        failure = answer.failure
    return Resolve(
        t0=t if t0 is None else t0,
        t=t,
        failure=failure,
        detail=detail,
        resolver=_resolver(row),
        name=name(row.hostname),
        qtype=row.query_type or "A",
        answers=() if answer is None else (answer,),
    )


def _answer(row: shape.QueryRow, failure: Failure | None, t: float) -> Answer | None:
    """The reply of a query; `None` if there was none."""
    addresses: list[str] = []
    cnames: list[str] = []
    record_ttl = None
    for record in row.answers or ():
        kind = record.answer_type
        text = record.ipv4 if kind == "A" else record.ipv6 if kind == "AAAA" else None
        if text:
            if is_address(text):
                addresses.append(text)
            else:
                cnames.append(text)
            ttl = record.ttl
            if ttl is not None and (seconds := _ttl(ttl)) is not None and (record_ttl is None or seconds < record_ttl):
                record_ttl = seconds
        elif kind == "CNAME" and record.hostname:
            cnames.append(record.hostname)
    flags = _flags(row.raw_response) if row.raw_response is not None else None
    if failure is None:
        if not addresses:
            failure = Failure.NO_ANSWER
    elif failure not in _REPLIED and not addresses:
        return None
    return Answer(
        t=t,
        rcode=row.rcode if row.rcode is not None or flags is None else flags & 15,
        addresses=tuple(addresses),
        cnames=tuple(cnames),
        record_ttl=record_ttl,
        flags=flags,
        failure=failure,
    )


def _ttl(value: float | str) -> int | None:
    """A time to live as a number; `None` for text that is none."""
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdigit() and len(value) <= _DIGITS else None
    return int(value) if 0 <= value < 2**32 else None


def _flags(raw: shape.Text) -> int | None:
    """The flags word of a DNS message in base64; `None` if it is too short to have one."""
    text = raw.data if isinstance(raw, shape.Binary) else raw or ""
    try:
        head = binascii.a2b_base64(text[:_HEAD])
    except ValueError:
        return None
    return head[2] << 8 | head[3] if len(head) >= 4 else None
