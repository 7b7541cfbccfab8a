"""Lookups <-> OONI's `queries` (df-002), late and double answers <-> `x_dns_duplicate_responses`.

A `Resolve` is one query with all its answers. OONI's entry has room for one, so the first stands there; each further
one is an entry of its own in the array that OONI's probe keeps for them, with the same transaction.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import UNSET

from hushmap.codec.ooni_lacking import completed, lacking, named, noted, ours_of
from hushmap.codec.ooni_shape import DnsAnswer, Query
from hushmap.model import SYSTEM_RESOLVER, Answer, Failure, Resolve
from hushmap.wire import ooni_names

ENGINES = {"udp://": "udp", "tcp://": "tcp"}
"""Resolver URL -> OONI's name of how it was asked; the rest of the URL is OONI's `resolver_address`."""


def queries_of(step: Resolve, mark: dict[str, Any], shift: float) -> tuple[Query, list[Query]]:
    """A lookup with its first answer, and its further answers."""
    first = step.answers[0] if step.answers else None
    asked = _query(step, first, step.failure, mark, shift)
    more = [_query(step, answer, answer.failure, mark, shift) for answer in step.answers[1:]]
    ours = lacking(_lookup(asked, shift), step, "answers")
    if step.answers:
        pairs = zip((asked, *more), step.answers, strict=True)
        ours["answers"] = [lacking(_answer(entry, shift), answer) for entry, answer in pairs]
    return noted(asked, ours), more


def resolve_from(asked: Query, more: Sequence[Query], shift: float) -> dict[str, Any]:
    """The lookup that `queries_of` wrote.

    Raises:
        ValueError: It is said to have had other answers than there are.
    """
    ours = ours_of(asked)
    kept = ours.pop("answers", [])
    entries = (asked, *more) if kept else more
    if not isinstance(kept, list) or len(kept) != len(entries) or not all(isinstance(one, dict) for one in kept):
        raise ValueError("x_hushmap of a query tells of other answers than there are")
    answers = [completed(_answer(entry, shift), one) for entry, one in zip(entries, kept, strict=True)]
    return completed(_lookup(asked, shift), ours) | {"answers": answers}


def _query(
    step: Resolve, answer: Answer | None, failure: Failure | None, mark: dict[str, Any], shift: float
) -> Query:
    engine, place = _engine(step.resolver)
    return Query(
        t0=step.t0 - shift,
        t=(step.t if answer is None else answer.t) - shift,
        answers=() if answer is None else tuple(_records(answer)),
        engine=engine,
        failure=named(failure),
        hostname=step.name,
        query_type=step.qtype,
        rcode=UNSET if answer is None or answer.rcode is None else answer.rcode,
        resolver_address=place,
        **mark,
    )


def _records(answer: Answer) -> Iterator[DnsAnswer]:
    for address in answer.addresses:
        if ":" in address:
            yield DnsAnswer(answer_type="AAAA", ipv6=address, ttl=answer.record_ttl)
        else:
            yield DnsAnswer(answer_type="A", ipv4=address, ttl=answer.record_ttl)
    for name in answer.cnames:
        yield DnsAnswer(answer_type="CNAME", hostname=name)


def _lookup(asked: Query, shift: float) -> Resolve:
    return Resolve(
        t0=asked.t0 + shift,
        t=asked.t + shift,
        failure=ooni_names.from_ooni(asked.failure),
        resolver=_resolver(asked.engine, asked.resolver_address),
        name=asked.hostname,
        qtype=asked.query_type,
    )


def _answer(entry: Query, shift: float) -> Answer:
    found = [record.ipv4 if isinstance(record.ipv4, str) else record.ipv6 for record in entry.answers]
    return Answer(
        t=entry.t + shift,
        rcode=entry.rcode if isinstance(entry.rcode, int) else None,
        addresses=tuple(address for address in found if isinstance(address, str)),
        cnames=tuple(record.hostname for record in entry.answers if isinstance(record.hostname, str)),
        record_ttl=min((record.ttl for record in entry.answers if record.ttl is not None), default=None),
        failure=ooni_names.from_ooni(entry.failure),
    )


def _engine(resolver: str) -> tuple[str, str]:
    """OONI's engine and resolver_address."""
    if resolver == SYSTEM_RESOLVER:
        return "getaddrinfo", ""
    if resolver.startswith("https://"):
        return "doh", resolver
    engine = ENGINES.get(resolver[:6])
    return ("unknown", resolver) if engine is None else (engine, resolver[6:])


def _resolver(engine: str, place: str) -> str:
    if engine == "getaddrinfo":
        return SYSTEM_RESOLVER
    return f"{engine}://{place}" if engine in ENGINES.values() else place
