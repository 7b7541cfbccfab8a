"""Which records a person means: by id, by place, by the whole target, by a site's host; in a run or in any input.

An input may be larger than any memory, so that it is gone through once, and only what fits is kept.
"""

import difflib
from collections.abc import Iterable, Iterator

import msgspec

from hushmap.cli.fault import Fault
from hushmap.cli.given import Given
from hushmap.judge import Found, Judged, found_in, found_in_run
from hushmap.model import Record
from hushmap.runs import Reject

MOST = 20
"""Records of one target that are shown of an input; more are a number."""
LISTED = 1_000
"""Records of which a list is made where none is named."""
_NAMES = 10_000
"""Hosts among which the nearest is sought for a name that is not there."""


class Hits(msgspec.Struct, kw_only=True):
    """What was found."""

    records: list[Found] = msgspec.field(default_factory=list)
    more: int = 0
    """Others that fit, which were not kept."""


def records_at(place: Given) -> Iterator[Found | Reject]:
    """Every record at one PATH, and every line that is none."""
    if place.run is not None:
        yield from found_in_run(place.run)
        return
    for one in place.inputs():
        yield from found_in(one, place.called(one))


def matching(judged: list[Judged], target: str) -> list[Judged]:
    """The records of a run that a person means.

    Raises:
        Fault: There is none; the nearest are named.
    """
    wanted = _plain(target)
    for says in (_id, _whole, _host, _pack):
        found = [one for one in judged if wanted in _plain_all(says(one.record))]
        if found:
            return found
    names = {name for one in judged for name in (_host(one.record), *one.record.words)}
    raise Fault(f"no target {target[:80]!r} in this run; {nearest(target, names, 'hushmap show')}")


def found_among(every: Iterable[Found | Reject], target: str, path: str) -> Hits:
    """The records of an input that a person means, by `file:line` too; an id or a place ends the search.

    Raises:
        Fault: There is none; or the line that is meant cannot be read.
    """
    wanted = _plain(target)
    whole, host = Hits(), Hits()
    names: set[str] = set()
    for one in every:
        at_place = _plain(one.source) == wanted
        if isinstance(one, Reject):
            if at_place:
                raise Fault(f"{one.source}: {one.error}; it is set aside, and nothing is said of it")
            continue
        if at_place or _plain(one.record.id) == wanted:
            return Hits(records=[one])
        name = _host(one.record)
        if len(names) < _NAMES:
            names.add(name)
        if _plain(one.record.target) == wanted:
            _keep(whole, one)
        elif _plain(name) == wanted or wanted in _plain_all(one.record.words):
            _keep(host, one)
    if whole.records or host.records:
        return whole if whole.records else host
    raise Fault(f"no record {target[:80]!r} in {path}; {nearest(target, names, f'hushmap judge {path} --json')}")


def first_of(every: Iterable[Found | Reject], path: str) -> list[Found]:
    """All records of an input, if they are no more than a person reads.

    Raises:
        Fault: There are more, or none.
    """
    found: list[Found] = []
    reject: Reject | None = None
    for one in every:
        if isinstance(one, Reject):
            reject = reject or one
        elif len(found) == LISTED:
            what = f"{path} holds more than {LISTED:,} records; name one by its id, its address or FILE:LINE"
            raise Fault(f"{what}, as hushmap judge {path} --json gives them")
        else:
            found.append(one)
    if not found:
        why = f"{reject.source}: {reject.error}" if reject is not None else "it is empty"
        raise Fault(f"no record in {path} ({why}); give a run folder, or a file of records")
    return found


def nearest(target: str, names: set[str], all_of_them: str) -> str:
    """The remedy: names that are like what was typed, or where all of them are."""
    known = sorted(names)
    near = difflib.get_close_matches(target, known, n=3) or [name for name in known if target in name][:3]
    return f"did you mean {', '.join(near)}?" if near else f"see all of them: {all_of_them}"


def _keep(hits: Hits, one: Found) -> None:
    if len(hits.records) < MOST:
        hits.records.append(one)
    else:
        hits.more += 1


def _plain(text: str) -> str:
    return text.casefold().rstrip("/")


def _plain_all(names: str | tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(_plain, (names,) if isinstance(names, str) else names))


def _id(record: Record) -> str:
    return record.id


def _whole(record: Record) -> str:
    return record.target


def _pack(record: Record) -> tuple[str, ...]:
    """Words that were asked about together: each may be named by itself."""
    return record.words


def _host(record: Record) -> str:
    target = record.target
    return target.partition("://")[2].partition("/")[0] or target
