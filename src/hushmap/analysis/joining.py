"""Incidents of several hosts and networks -> one for a service, and one event for what may be one onset.

Hosts of a service, and a host with those under it (`news.example` and `m.news.example`), that fail on one network at
one time are one incident, which names them; hosts of it that worked meanwhile make it partial. On several networks
they stay incidents of their own, for each network is censored by its own means; onsets that may have been at one time
share an `event`.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from hushmap.analysis.incident import Incident, Sure, overlap
from hushmap.analysis.stream import Key, Stream

_SITE = "site"
_APART = frozenset({"keyword", "screen", "isolate", "domain"})
"""Experiments whose targets are words or names in our own traffic: they have no hosts, and are joined by nobody."""
DAY = 86_400_000_000
"""Onsets of one decision are seen within a day of each other; an interval that is wider is taken as it is."""


def joined(
    incidents: Iterable[Incident], streams: Sequence[Stream], services: Mapping[str, str] | None = None
) -> list[Incident]:
    """The incidents, one for a service on a network, those that may be one event with its id, by onset.

    Args:
        incidents: Of every stream.
        streams: All that were looked at, also those without an incident.
        services: The service of each host that belongs to one.
    """
    known = _owners(streams, services or {})
    groups: dict[tuple[str, Owned], list[Incident]] = defaultdict(list)
    for one in sorted(incidents, key=lambda one: (one.onset_first_failing, one.id)):
        groups[one.way, _owned(one.key, known)].append(one)
    beside: dict[Owned, list[Stream]] = defaultdict(list)
    for stream in streams:
        beside[_owned(stream.key, known)].append(stream)
    single = [
        _service(group, owned, beside[owned]) for (_, owned), whole in groups.items() for group in _overlapping(whole)
    ]
    return sorted(_events(single, known), key=lambda one: (one.onset_first_failing, one.id))


class Owned(NamedTuple):
    """What incidents have in common that are one for a service."""

    country: str
    asn: int
    network: str
    kind: str
    owner: str


def _owned(key: Key, known: Mapping[str, str]) -> Owned:
    return Owned(key.country, key.asn, key.network, _kind(key), known[key.target])


def _kind(key: Key) -> str:
    """Hosts are asked for in several ways; a word in each place is a target of its own."""
    return f"{key.experiment} {key.place} {key.encoding}" if key.experiment in _APART else _SITE


def _owners(streams: Sequence[Stream], services: Mapping[str, str]) -> dict[str, str]:
    """What each target belongs to: its service, else the shortest measured host above it, else itself."""
    hosts = {stream.domain for stream in streams if stream.domain}
    owners = {}
    for stream in streams:
        target = stream.key.target
        above = (host for host in _above(target) if host in hosts) if stream.domain else iter(())
        owners[target] = services.get(target) or next(above, target)
    return owners


def _above(host: str) -> Iterable[str]:
    """The names above a host, the shortest first; a name without a dot is none's."""
    labels = host.split(".")
    return (".".join(labels[place:]) for place in range(len(labels) - 2, 0, -1))


def _overlapping(whole: Sequence[Incident]) -> list[list[Incident]]:
    """Groups of incidents that overlap in time, each with one before; `whole` is in order of onset."""
    groups: list[list[Incident]] = []
    for one in whole:
        near = next((group for group in groups if any(overlap(one, other) for other in group)), None)
        if near is None:
            groups.append([one])
        else:
            near.append(one)
    return groups


def _service(group: Sequence[Incident], owned: Owned, streams: Sequence[Stream]) -> Incident:
    """One incident of those of several hosts; what it says of times is what the first of the surest says.

    `streams` are those of the same owner on its network.
    """
    head = min(group, key=lambda one: (one.status is not Sure.CONFIRMED, one.onset_first_failing, one.id))
    hosts = tuple(sorted({host for one in group for host in one.hosts}))
    working = _working(head, hosts, streams)
    service = owned.owner if owned.owner != head.key.target or len(hosts) > 1 or working else ""
    if len(group) == 1:
        return msgspec.structs.replace(head, service=service, hosts_working=working)
    lifted = all(one.lifting is not None for one in group)
    last = max(group, key=lambda one: (one.lifting_first_working or 0, one.id)) if lifted else None
    mechanisms = dict.fromkeys(name for one in (head, *group) for name in one.mechanisms)
    return msgspec.structs.replace(
        head,
        service=service,
        hosts=hosts,
        hosts_working=working,
        onset_alarm=min(one.onset_alarm for one in group),
        lifting=last.lifting if last else None,
        lifting_last_failing=last.lifting_last_failing if last else None,
        lifting_first_working=last.lifting_first_working if last else None,
        lifting_alarm=last.lifting_alarm if last else None,
        lifting_confirmed=last.lifting_confirmed if last else None,
        last_failing=max(one.last_failing for one in group),
        failing=sum(one.failing for one in group),
        attempts=sum(one.attempts for one in group),
        blocked=sum(one.blocked for one in group),
        lines=max(one.lines for one in group),
        mechanisms=tuple(mechanisms),
    )


def _working(head: Incident, hosts: Sequence[str], streams: Sequence[Stream]) -> tuple[str, ...]:
    """Hosts of the same owner that worked on this network while others failed."""
    until = head.lifting_last_failing or head.last_failing
    working = set()
    for stream in streams:
        if stream.key.target in hosts:
            continue
        during = [point.failing for point in stream.points if head.onset_first_failing <= point.at <= until]
        if during and not any(during):
            working.add(stream.domain or stream.key.target)
    return tuple(sorted(working))


def _events(incidents: Sequence[Incident], known: Mapping[str, str]) -> list[Incident]:
    """Incidents of one owner on several networks whose onsets may be one get one id of an event."""
    groups: dict[tuple[str, str], list[list[Incident]]] = defaultdict(list)
    for one in sorted(incidents, key=lambda one: (one.onset_first_failing, one.id)):
        sets = groups[_kind(one.key), known[one.key.target]]
        near = next((each for each in sets if any(_together(one, other) for other in each)), None)
        if near is None:
            sets.append([one])
        else:
            near.append(one)
    return [
        msgspec.structs.replace(one, event=hashlib.sha256(each[0].id.encode()).hexdigest()[:12])
        for sets in groups.values()
        for each in sets
        for one in each
    ]


def _together(one: Incident, other: Incident) -> bool:
    """Whether two onsets may have been at one time; one that nobody saw may have been at any, and is told alone."""
    if one.onset_last_working is None or other.onset_last_working is None or one.way != other.way:
        return False
    apart = max(one.onset_last_working, other.onset_last_working) - min(
        one.onset_first_failing, other.onset_first_failing
    )
    return apart <= DAY
