"""What is meant -> a book of a few targets and networks, so that the pages of a site are the explorer's too.

A site's pages are f(book). The explorer makes a small book for each page from the columns in memory: the same cells
by the same rule, narrowed to what an address asks for. Ids of records are not in the columns; where a page needs
them, they are looked up in the tables.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

import msgspec
import numpy as np

from hushmap.report.explore.columns import Numbers
from hushmap.report.explore.counting import Counting, moment
from hushmap.report.explore.wanted import Wanted
from hushmap.report.site.book import About, Book, Cell, Key, Network, Target
from hushmap.report.site.telling import rank

_EPOCH = date(1970, 1, 1)
STRIPS = 24
"""Networks of a target that are told day by day: the most telling; the days of another are one filter away."""


class Narrowing(msgspec.Struct, frozen=True, kw_only=True):
    """Which targets and networks a book is of, by their numbers in the columns, in their order."""

    targets: Sequence[int]
    networks: Sequence[int]
    days: bool = False
    """Whether cells are told by day, too."""


def narrowed(counting: Counting, wanted: Wanted, about: About, narrowing: Narrowing) -> Book:
    """The book of what is meant."""
    if not len(narrowing.targets) and not len(narrowing.networks):  # nothing is meant, and nothing has to be counted
        return named(counting, about)
    columns = counting.columns
    pairs = counting.pairs(wanted)
    pairs &= np.isin(columns.pair_target, narrowing.targets) & np.isin(columns.pair_network, narrowing.networks)
    rows = counting.picked(wanted, pairs)
    tallies = counting.cells(wanted, pairs, rows)
    cells = {_key(counting, pair): tally.cell() for pair, tally in tallies.items()}
    measured, spans = _coverage(counting, rows)
    networks = tuple(_network(counting, at, spans[at]) for at in narrowing.networks if at in spans)
    return Book(
        about=about,
        first=min((one.first for one in networks), default=None),
        last=max((one.last for one in networks), default=None),
        networks=networks,
        targets=tuple(target(counting, at) for at in narrowing.targets),
        cells=cells,
        days=_days(counting, wanted, pairs, cells) if narrowing.days else {},
        measured=measured,
    )


def named(counting: Counting, about: About, targets: Iterable[int] = (), networks: Iterable[int] = ()) -> Book:
    """A book that knows what some targets and networks are called, and nothing of what was measured there."""
    minute = counting.columns.minute
    ends = (moment(int(minute[0])), moment(int(minute[-1]))) if len(minute) else None
    lines = tuple(_network(counting, at, (*ends, 0)) for at in networks) if ends else ()
    return Book(
        about=about,
        first=min((one.first for one in lines), default=None),
        last=max((one.last for one in lines), default=None),
        networks=lines,
        targets=tuple(target(counting, at) for at in targets),
        cells={},
        days={},
        measured={},
    )


def target(counting: Counting, at: int) -> Target:
    """A target of the columns as a site has it."""
    one = counting.columns.targets[at]
    return Target(
        id=counting.target_ids[at],
        target=one.target,
        experiment=one.experiment,
        domain=one.domain,
        category=one.category,
        place=one.place,
        encoding=one.encoding,
        part=one.part,
    )


def day_of(number: int) -> date:
    """A day counted from 1970."""
    return _EPOCH + timedelta(number)


def _key(counting: Counting, pair: int) -> Key:
    columns = counting.columns
    target_at, network_at = columns.pair_target[pair], columns.pair_network[pair]
    return counting.target_ids[target_at], counting.network_ids[network_at]


def _coverage(
    counting: Counting, rows: Numbers
) -> tuple[dict[tuple[str, date], int], dict[int, tuple[datetime, datetime, int]]]:
    """Measurements by network and day; of each network its first, its last, and how many."""
    columns = counting.columns
    if not len(rows):
        return {}, {}
    network, day = columns.pair_network[columns.pair[rows]], counting.day[rows]
    width = int(counting.day[-1]) + 1
    several, first, often = np.unique(network.astype(np.int64) * width + day, return_index=True, return_counts=True)
    measured = {
        (counting.network_ids[key // width], day_of(counting.first_day + key % width)): count
        for key, count in zip(several.tolist(), often.tolist(), strict=True)
    }
    minute = columns.minute[rows]
    newest = np.zeros(len(columns.networks), np.int64)
    newest[network] = minute  # in order of time: what is written last stays
    spans: dict[int, tuple[datetime, datetime, int]] = {}
    for key, at, count in zip(several.tolist(), first.tolist(), often.tolist(), strict=True):
        place = key // width
        known = spans.get(place)
        if known is None:
            spans[place] = moment(int(minute[at])), moment(int(newest[place])), count
        else:
            spans[place] = known[0], known[1], known[2] + count
    return measured, spans


def _network(counting: Counting, at: int, span: tuple[datetime, datetime, int]) -> Network:
    one = counting.columns.networks[at]
    return Network(
        id=counting.network_ids[at],
        asn=one.asn,
        country=one.country,
        name=one.name,
        kinds=(),
        resolvers=(),
        first=span[0],
        last=span[1],
        runs=0,
        measurements=span[2],
    )


def _days(counting: Counting, wanted: Wanted, pairs: Numbers, cells: dict[Key, Cell]) -> dict[Key, dict[date, Cell]]:
    """The cells of each day, of the most telling networks of each target."""
    keys = [_key(counting, pair) for pair in np.flatnonzero(pairs).tolist()]
    found: dict[Key, dict[date, Cell]] = {key: {} for key in _telling(cells)}
    some = pairs.copy()
    some[np.flatnonzero(pairs)] = [key in found for key in keys]
    for (pair, day), tally in sorted(counting.days(wanted, some).items()):
        found[_key(counting, pair)][day_of(day)] = tally.cell()
    return found


def _telling(cells: dict[Key, Cell]) -> list[Key]:
    by_target: dict[str, list[Key]] = {}
    for key in cells:
        by_target.setdefault(key[0], []).append(key)
    return [
        key
        for keys in by_target.values()
        for key in sorted(keys, key=lambda key: (rank(cells[key].group), -cells[key].n, key))[:STRIPS]
    ]
