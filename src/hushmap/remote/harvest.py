"""Measurements of OONI's API into a file: page by page, oldest first, each once, and on from where it stopped.

A list that others add to while it is read moves under whoever counts places in it. So the next page is asked for by
the time at which the last one ended, less a second, and what was seen is known by its id; places are counted only
within a second that holds more than a page.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

import msgspec

from hushmap.remote.errors import GoneError
from hushmap.remote.ooni_api import Api, Entry, Query, moment
from hushmap.remote.spool import Spool
from hushmap.runs import RunsError

_SECOND = timedelta(seconds=1)
"""Overlap: whether the API's `since` takes the moment itself is not known."""

PATIENCE = 50
"""Pages in a row without anything new; more is an API that does not take `since` and `offset` as we mean them."""


class HowFar(msgspec.Struct, frozen=True, kw_only=True):
    """How far it has come."""

    written: int
    missing: int
    came: int
    """Bytes that came over the network in this call."""


def gather(api: Api, query: Query, spool: Spool, limit: int, tell: Callable[[HowFar], None] = lambda _: None) -> bool:
    """Fill `spool` with up to `limit` measurements; whether those are all there are.

    Raises:
        RunsError: It cannot go on now; what came is kept.
    """
    for entry in _entries(api, query, spool):
        if spool.written >= limit:
            return False
        uid, started = entry.uid, entry.measurement_start_time or ""
        assert uid is not None, "entries without an id are left out"
        try:
            line = api.measurement(uid)
        except GoneError as error:
            spool.miss(uid, started, str(error))
        else:
            spool.add(uid, started, line)
        tell(HowFar(written=spool.written, missing=spool.missing, came=api.came))
    return True


def _entries(api: Api, query: Query, spool: Spool) -> Iterator[Entry]:
    """Every measurement that is not in the spool."""
    since = (moment(spool.started) if spool.started else query.begin) - _SECOND
    offset = idle = 0
    while idle < PATIENCE:
        page = api.page(query, since, offset)
        fresh = _fresh(page.results, query, spool)
        yield from fresh
        if page.last:
            return
        idle = 0 if fresh else idle + 1
        ended = max((began for entry in page.results if (began := entry.started) is not None), default=since)
        following = (ended - _SECOND).replace(microsecond=0)
        if following > since:
            since, offset = following, 0
        else:
            offset += len(page.results)
    raise RunsError(spool.path, f"{PATIENCE} pages brought nothing new", "see whether the API has changed")


def _fresh(entries: tuple[Entry, ...], query: Query, spool: Spool) -> list[Entry]:
    """Those of a page that are asked for, were not seen, and can be fetched; oldest first, each once."""
    found = {
        entry.uid: (began, entry.uid, entry)
        for entry in entries
        if entry.uid is not None
        and entry.uid not in spool.seen
        and (began := entry.started) is not None
        and query.begin <= began < query.end
    }
    return [entry for _, _, entry in sorted(found.values(), key=lambda one: one[:2])]
