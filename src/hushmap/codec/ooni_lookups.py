"""The DNS queries of an OONI measurement -> lookup trials.

OONI keeps one entry for each query type; a lookup of ours is all queries of one transaction at one resolver. Late and
duplicate replies, which OONI keeps apart, are what tells an injector: they stand beside the reply that they raced.
"""

import binascii
from itertools import chain

import msgspec

from hushmap.codec import ooni_loose as shape
from hushmap.codec.ooni_numbers import Numbers
from hushmap.codec.ooni_places import failed, name
from hushmap.model import SYSTEM_RESOLVER, Answer, Ask, Failure, Layer, Resolve, Trial, is_address

_DNS, _NO_ANSWER = Layer.DNS, Failure.NO_ANSWER
_SCHEMES = {"tcp": "tcp", "dot": "dot"}
"""Engines, beside UDP, whose resolver is an address and a port; DoH's is a URL, the system's is nowhere."""
_REPLIED = frozenset(
    {Failure.NXDOMAIN, Failure.DNS_REFUSED, Failure.SERVFAIL, Failure.NO_ANSWER, Failure.DNS_MISBEHAVING}
)
"""Failures that are a reply; all others are the lack of one."""
_HEAD = 8
"""Base64 characters that hold id and flags of a DNS message."""
_DIGITS = 10
"""Of the largest TTL, 32 bits (RFC 2181 section 8)."""

_Group = tuple[str, int, str]
"""Resolver, transaction and name of a lookup."""


def trials(queries: list[shape.QueryRow], duplicates: list[shape.QueryRow] | None, numbers: Numbers) -> list[Trial]:
    """One trial for each name, resolver and transaction, in order of appearance."""
    groups: dict[_Group, list[Resolve]] = {}
    if duplicates:
        _grouped_late(queries, duplicates, groups)
    else:
        for row in queries:
            step = _resolve(row)
            key = (step.resolver, row.transaction_id or 0, step.name)
            if key in groups:
                groups[key].append(step)
            else:
                groups[key] = [step]
    return [_trial(key, steps, numbers) for key, steps in groups.items()]


def _grouped_late(
    queries: list[shape.QueryRow], duplicates: list[shape.QueryRow], groups: dict[_Group, list[Resolve]]
) -> None:
    """The queries, each with its later replies."""
    late: dict[tuple[int, str | None], list[shape.QueryRow]] = {}
    for row in duplicates:
        late.setdefault((row.transaction_id or 0, row.query_type), []).append(row)
    for row in queries:
        step = _resolve(row)
        transaction = row.transaction_id or 0
        if more := late.pop((transaction, row.query_type), None):
            later = chain.from_iterable([_resolve(other).answers for other in more])
            step = msgspec.structs.replace(step, answers=(*step.answers, *later))
        groups.setdefault((step.resolver, transaction, step.name), []).append(step)
    # A second reply without a first: the first is not in the data, and it was a reply all the same.
    for row in chain.from_iterable(late.values()):
        step = _resolve(row)
        groups.setdefault((step.resolver, row.transaction_id or 0, step.name), []).append(step)


def _trial(key: _Group, steps: list[Resolve], numbers: Numbers) -> Trial:
    resolver, transaction, asked = key
    first = steps[0]
    qtype, t0, t = first.qtype, first.t0, first.t
    for step in steps:
        if step.qtype != qtype:
            qtype = "A+AAAA"
        t0, t = min(t0, step.t0), max(t, step.t)
    return Trial(
        id=numbers.take(transaction) if transaction else numbers.fresh(),
        ask=Ask(layer=_DNS, name=asked, qtype=qtype, resolver=resolver),
        changed=None if resolver == SYSTEM_RESOLVER else "resolver",
        steps=tuple(steps),
        t0=t0,
        t=t,
    )


def _resolve(row: shape.QueryRow) -> Resolve:
    """A query with its reply, if there was one."""
    t, t0, text = row.t or 0.0, row.t0, row.hostname
    failure: Failure | None
    failure, detail = (None, None) if row.failure is None else failed(row.failure)
    resolver = _resolver(row) if row.resolver_address or row.resolver_hostname else SYSTEM_RESOLVER
    asked = text.lower() if text.isascii() and text[-1:] != "." else name(text)
    addresses: list[str] = []
    cnames: list[str] = []
    ttls: list[int] = []
    for record in row.answers or ():
        kind = record.answer_type
        address = record.ipv4 if kind == "A" else record.ipv6 if kind == "AAAA" else None
        if address:
            (addresses if is_address(address) else cnames).append(address)
            if record.ttl is not None and (ttl := _ttl(record.ttl)) is not None:
                ttls.append(ttl)
        elif kind == "CNAME" and record.hostname and (alias := name(record.hostname)) != asked:
            cnames.append(alias)
    if failure is None and not addresses:
        failure = _NO_ANSWER
    answers: tuple[Answer, ...] = ()
    if addresses or failure in _REPLIED:
        flags = None if row.raw_response is None else _flags(row.raw_response)
        answer = Answer(
            t=t,
            rcode=row.rcode if row.rcode is not None or flags is None else flags & 15,
            addresses=tuple(addresses),
            cnames=tuple(cnames),
            # The system resolver tells none; old probes then wrote 0.
            record_ttl=min(ttls) if ttls and resolver != SYSTEM_RESOLVER else None,
            flags=flags,
            failure=failure,
        )
        answers = (answer,)
    return Resolve(
        t0=t if t0 is None else t0,
        t=t,
        failure=failure,
        detail=detail,
        resolver=resolver,
        name=asked,
        qtype=row.query_type or "A",
        answers=answers,
    )


def _resolver(row: shape.QueryRow) -> str:
    """A resolver that is not the system's, as an `Ask` names it."""
    address = row.resolver_address
    if address:
        return address if "://" in address else f"{_SCHEMES.get(row.engine or '', 'udp')}://{address}"
    host, port = row.resolver_hostname or "", row.resolver_port
    return f"udp://{f'[{host}]' if ':' in host else host}:{53 if port is None else port}"


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
