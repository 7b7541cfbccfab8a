"""What is meant -> what there is of it: counts of verdicts by target, network and day, from the columns alone.

A cell tells the most telling group that was seen, as everywhere (`report.site`), so that no block is averaged away;
what decided nothing is in no number. All of it is counting with arrays: a filter costs some passes over numbers, no
matter how many texts stand behind them.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cached_property

import msgspec
import numpy as np

from hushmap.report.explore.columns import DAY, MINUTE, Asked, Columns, Kind, Line, Numbers
from hushmap.report.explore.wanted import Wanted
from hushmap.report.site.telling import POINTING, Row, Tally, rank
from hushmap.report.view import LOOKS

_EPOCH = date(1970, 1, 1)
_LOOK = 1 << 16
"""Verdicts that are looked at for the first one at once."""


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """Which targets and networks are meant, in their order, and how much there is."""

    targets: Numbers
    """Most blocked first."""
    networks: Numbers
    """Most measured first."""
    measurements: int
    """Of the targets that are listed."""
    blocked: int
    """Targets blocked on at least one network."""
    everywhere: int
    """Targets blocked on every network that measured anything here."""
    whole: int
    """Targets that every one of these networks measured."""
    first: int
    last: int
    """Minutes of the first and of the last measurement; 0 where there is none."""


class Counting:
    """The columns, and questions to them."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.target_ids = tuple(one.id for one in columns.targets)
        self.network_ids = tuple(one.id for one in columns.networks)
        seen = dict.fromkeys(kind.group for kind in columns.kinds)
        # The most telling comes first, what decided nothing last: the first that is not zero is what a cell says.
        self.groups = tuple(sorted(seen, key=rank))
        self.styles = tuple(LOOKS.get(name, ("", "other"))[1] for name in self.groups)
        places = {name: place for place, name in enumerate(self.groups)}
        self._group = np.array([places[kind.group] for kind in columns.kinds] or [0], np.uint8)

    def warm(self) -> None:
        """Make what every question needs, so that the first one does not wait for it."""
        assert self.day is not None
        assert self._whole is not None
        assert self._place is not None
        assert self._alphabet is not None

    @cached_property
    def day(self) -> Numbers:
        """The UTC day of each verdict, counted from the first one's."""
        days: Numbers = self.columns.minute // DAY - self.first_day
        return days.astype(np.int32)

    @cached_property
    def _place(self) -> Numbers:
        """Of each verdict the place of its day and group in a table of both."""
        width = len(self.groups)
        found: Numbers = self.day * np.int32(width) + self._group[self.columns.kind]
        return found.astype(np.int32, copy=False)

    @cached_property
    def first_day(self) -> int:
        """The day of the first verdict, since 1970."""
        return int(self.columns.minute[0]) // DAY if len(self.columns) else 0

    @cached_property
    def _alphabet(self) -> Numbers:
        """Of each target its place where all are sorted by name, as a site sorts them."""
        every = [
            (one.domain or one.target, name) for one, name in zip(self.columns.targets, self.target_ids, strict=True)
        ]
        found = np.zeros(len(every), np.int64)
        found[sorted(range(len(every)), key=every.__getitem__)] = np.arange(len(every))
        return found

    @cached_property
    def _whole(self) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """(pair, kind, label, how often) of the whole time: most questions name no days."""
        columns = self.columns
        kinds, labels = len(columns.kinds) or 1, len(columns.labels) or 1
        key = (columns.pair.astype(np.int64) * kinds + columns.kind) * labels + columns.label
        several, often = np.unique(key, return_counts=True)
        rest, label = np.divmod(several, labels)
        pair, kind = np.divmod(rest, kinds)
        return pair, kind, label, often

    # --- which are meant -------------------------------------------------------------------------------------------

    def pairs(self, wanted: Wanted) -> Numbers:
        """Of each pair whether its target and network are meant."""
        columns = self.columns
        of_target = [self._is_target(at, one, wanted) for at, one in enumerate(columns.targets)]
        of_network = [self._is_network(at, one, wanted) for at, one in enumerate(columns.networks)]
        found: Numbers = _truths(of_target)[columns.pair_target] & _truths(of_network)[columns.pair_network]
        return found

    def _is_target(self, at: int, one: Asked, wanted: Wanted) -> bool:
        return (
            one.part == wanted.part
            and (not wanted.category or one.category in wanted.category)
            and (not wanted.experiment or one.experiment in wanted.experiment)
            and (not wanted.domain or one.domain in wanted.domain)
            and (not wanted.target or self.target_ids[at] in wanted.target)
            and all(_holds(one, text) for text in wanted.q)
        )

    def _is_network(self, at: int, one: Line, wanted: Wanted) -> bool:
        return (
            (not wanted.country or one.country in wanted.country)
            and (not wanted.asn or one.asn in wanted.asn)
            and (not wanted.network or self.network_ids[at] in wanted.network)
        )

    def rows(self, wanted: Wanted) -> slice:
        """The verdicts of the days that are meant, which stand together."""
        minute = self.columns.minute
        low = 0 if wanted.since is None else np.searchsorted(minute, _minute(wanted.since))
        high = len(minute) if wanted.until is None else np.searchsorted(minute, _minute(wanted.until) + DAY)
        return slice(int(low), max(int(low), int(high)))

    def picked(self, wanted: Wanted, pairs: Numbers) -> Numbers:
        """Where the verdicts stand that are meant: those of `pairs`, in order of time."""
        return self._hit(wanted, pairs, self.rows(wanted))

    def _truth(self, wanted: Wanted, pairs: Numbers, rows: slice) -> Numbers:
        """Of each of some verdicts that stand together whether it is meant."""
        hit: Numbers = pairs[self.columns.pair[rows]]
        labels = self._labels(wanted)
        if labels is not None:
            hit &= labels[self.columns.label[rows]]
        return hit

    def _hit(self, wanted: Wanted, pairs: Numbers, rows: slice) -> Numbers:
        hit = self._truth(wanted, pairs, rows)
        found: Numbers = np.flatnonzero(hit) + rows.start
        return found

    def _labels(self, wanted: Wanted) -> Numbers | None:
        if not wanted.label:
            return None
        return _truths([label in wanted.label for label in self.columns.labels])

    # --- counts ----------------------------------------------------------------------------------------------------

    def by_pair(self, wanted: Wanted, pairs: Numbers) -> Numbers:
        """How many verdicts of each group there are, by pair."""
        return self._by_pair(wanted, pairs, self._group, len(self.groups))

    def _by_pair(self, wanted: Wanted, pairs: Numbers, of_kind: Numbers, width: int) -> Numbers:
        """The same by what `of_kind` makes of each kind, which is below `width`."""
        columns, size = self.columns, len(self.columns.pair_target)
        labels = self._labels(wanted)
        often: Numbers | None = None
        if wanted.since is None and wanted.until is None:
            pair, kind, label, often = self._whole
        else:
            rows = self.rows(wanted)
            pair, kind, label = columns.pair[rows], columns.kind[rows], columns.label[rows]
        # Half the bytes where they suffice: most of the time goes into moving numbers.
        fits = np.int32 if size * width < 1 << 31 else np.int64
        key: Numbers = np.multiply(pair, width, dtype=fits) + of_kind[kind]
        if labels is not None:
            hit = labels[label]
            key, often = key[hit], often[hit] if often is not None else None
        counts = np.bincount(key, weights=often, minlength=size * max(1, width)).reshape(size, max(1, width))
        counts[~pairs] = 0
        return counts.astype(np.int64)

    def listed(self, wanted: Wanted) -> Listed:
        """What is meant, in the order of a list."""
        columns, pairs = self.columns, self._found(wanted, self.pairs(wanted))
        counts = self.by_pair(wanted, pairs)
        here = counts.any(axis=1)
        counts = counts[here]
        target, network = columns.pair_target[here], columns.pair_network[here]
        most = (counts > 0).argmax(axis=1)
        blocked = _truths([style == "blocked" for style in self.styles])[most]
        first = _truths([style in POINTING for style in self.styles])[most]
        size = len(columns.targets)
        on, of = np.bincount(target, minlength=size), np.bincount(target, blocked, size)
        targets = np.flatnonzero(on)
        order = np.lexsort((self._alphabet[targets], -np.bincount(target, first, size)[targets], -of[targets]))
        often = np.bincount(network, counts.sum(axis=1), len(columns.networks))
        networks = np.flatnonzero(often)
        shown: Numbers = pairs & here
        span = self._span(wanted, shown)
        return Listed(
            targets=targets[order],
            networks=networks[np.lexsort((networks, -often[networks]))],
            measurements=int(counts.sum()),
            blocked=int((of > 0).sum()),
            everywhere=int(((of == len(networks)) & (of > 0)).sum()),
            whole=int(((on == len(networks)) & (on > 0)).sum()),
            first=span[0],
            last=span[1],
        )

    def _span(self, wanted: Wanted, pairs: Numbers) -> tuple[int, int]:
        """Minutes of the first and of the last verdict that are meant; they are nearly always near the ends."""
        rows, columns = self.rows(wanted), self.columns
        step = max(1, min(_LOOK, rows.stop - rows.start))
        starts = range(rows.start, rows.stop, step)
        ends: list[int] = []
        for order, place in ((starts, 0), (reversed(starts), -1)):
            for start in order:
                hit = self._hit(wanted, pairs, slice(start, min(start + step, rows.stop)))
                if len(hit):
                    ends.append(int(columns.minute[hit[place]]))
                    break
        return (ends[0], ends[1]) if ends else (0, 0)

    def _found(self, wanted: Wanted, pairs: Numbers) -> Numbers:
        """Those of `pairs` whose target showed on some network of them what is looked for: all that is told of it."""
        if not wanted.finding:
            return pairs
        columns = self.columns
        meant = _truths([_is_found(kind, wanted) for kind in columns.kinds])
        showed = self._by_pair(wanted, pairs, meant.astype(np.uint8), 2)[:, 1] > 0
        targets = np.zeros(len(columns.targets) or 1, bool)
        targets[columns.pair_target[showed]] = True
        found: Numbers = pairs & targets[columns.pair_target]
        return found

    def cells(self, wanted: Wanted, pairs: Numbers, rows: Numbers | None = None) -> dict[int, Tally]:
        """What was seen of each of these pairs; only for as many as a page shows. `rows` are `picked` already."""
        rows = self.picked(wanted, pairs) if rows is None else rows
        return self._tallies(rows, self.columns.pair[rows])

    def days(self, wanted: Wanted, pairs: Numbers) -> dict[tuple[int, int], Tally]:
        """The same by (pair, day since 1970)."""
        rows = self.picked(wanted, pairs)
        if not len(rows):
            return {}
        width = int(self.day[-1]) + 1
        found = self._tallies(rows, self.columns.pair[rows].astype(np.int64) * width + self.day[rows])
        return {(key // width, self.first_day + key % width): tally for key, tally in found.items()}

    def by_day(self, wanted: Wanted) -> tuple[Numbers, Numbers]:
        """(days since 1970, verdicts of each group), of every day from the first to the last that was measured."""
        rows, width = self.rows(wanted), len(self.groups)
        hit = self._truth(wanted, self._found(wanted, self.pairs(wanted)), rows)
        size = (int(self.day[-1]) + 1 if len(self.day) else 0) * width
        # What is not meant is counted in a place of its own, behind the last day.
        counts = np.bincount(np.where(hit, self._place[rows], size), minlength=size + 1)[:size].reshape(-1, width)
        days = np.flatnonzero(counts.any(axis=1))
        if not len(days):
            return np.zeros(0, np.int64), np.zeros((0, width), np.int64)
        low, high = int(days[0]), int(days[-1])
        return np.arange(low, high + 1) + self.first_day, counts[low : high + 1]

    def _tallies(self, rows: Numbers, of: Numbers) -> dict[int, Tally]:
        """What the verdicts in `rows` show, by the number that each has in `of`."""
        if not len(rows):
            return {}
        columns, width = self.columns, len(self.columns.kinds)
        several, place = np.unique(of, return_inverse=True)
        key = place * width + columns.kind[rows]
        often = np.bincount(key, minlength=len(several) * width)
        first, last = np.zeros(len(often), np.int64), np.zeros(len(often), np.int64)
        last[key] = columns.minute[rows]  # in order of time: what is written last stays
        first[key[::-1]] = columns.minute[rows][::-1]
        found: dict[int, Tally] = {}
        for at in np.flatnonzero(often).tolist():
            row = _row(columns.kinds[at % width], int(often[at]), int(first[at]), int(last[at]))
            found.setdefault(int(several[at // width]), Tally()).add(row)
        return found


def _row(kind: Kind, often: int, first: int, last: int) -> Row:
    """Measurements of one kind, as a site counts them; which record is the newest is not in the columns."""
    return Row(
        group=kind.group,
        verdict_label=kind.label,
        mechanism=kind.mechanisms[0] if kind.mechanisms else "",
        n=often,
        direct=kind.evidence == "direct",
        first=moment(first),
        last=moment(last),
        record="",
        worked=0,
        twins=0,
    )


def moment(minute: int) -> datetime:
    """The minute as a time."""
    return datetime.fromtimestamp(minute * MINUTE, tz=UTC)


def _truths(values: Sequence[bool]) -> Numbers:
    """Truths by number; nothing is looked up in none, and an array of none has no kind."""
    return np.array(values, bool)


def _holds(one: Asked, text: str) -> bool:
    meant = text.casefold()
    return meant in one.target.casefold() or meant in one.domain


def _is_found(kind: Kind, wanted: Wanted) -> bool:
    return (
        (not wanted.group or kind.group in wanted.group)
        and (not wanted.outcome or kind.outcome in wanted.outcome)
        and (not wanted.evidence or kind.evidence in wanted.evidence)
        and (not wanted.mechanism or any(_of_family(name, kind.mechanisms) for name in wanted.mechanism))
    )


def _of_family(name: str, mechanisms: Sequence[str]) -> bool:
    bare = name.rstrip(".*")
    return any(one == bare or one.startswith(f"{bare}.") for one in mechanisms)


def _minute(day: date) -> int:
    return (day - _EPOCH).days * DAY
