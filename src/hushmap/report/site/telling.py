"""What a cell says of several measurements: the most telling thing that was seen, in k of n that decided anything.

A block that was seen once is never averaged away, and a site that failed everywhere for an hour does not hide that it
worked all month: what says nothing of the network comes last.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from hushmap.detect import Group, WordGroup
from hushmap.report.site.book import Cell
from hushmap.report.view import LOOKS, OTHER

UNDECIDED = frozenset({Group.UNDECIDED.value, WordGroup.UNTRIGGERED.value})
"""Groups that decided nothing: in no number."""
_NOT_OF_THE_NETWORK = (Group.ELSEWHERE.value, WordGroup.UNTRIGGERED.value, Group.UNDECIDED.value)
_WORKED = (Group.REFUSED.value, Group.REACHABLE.value, WordGroup.PASSED.value)
_FINDINGS = (
    Group.BLOCKED.value,
    WordGroup.CUT.value,
    WordGroup.UNEXPLAINED.value,
    Group.SLOWED.value,
    Group.UNREACHABLE.value,
)
_RANK = {name: rank for rank, name in enumerate((*_FINDINGS, "", *_WORKED, *_NOT_OF_THE_NETWORK))}
"""The most telling first; a platform's own label stands between what was found and what worked."""
FAILED = frozenset({*_FINDINGS, Group.REFUSED.value, Group.ELSEWHERE.value})
"""Groups of what did not work, whoever is to blame."""
POINTING = frozenset({"blocked", "slowed", "unreachable"})
"""Styles of what points to interference; targets are sorted by how much of it there is."""


class Row(msgspec.Struct, frozen=True):
    """Measurements that fared alike: counted alike, with one label and one leading mechanism."""

    group: str
    verdict_label: str
    mechanism: str
    n: int
    direct: int
    first: datetime
    last: datetime
    record: str
    worked: int
    twins: int


class _Seen:
    """All of one group."""

    __slots__ = ("direct", "first", "mechanisms", "n", "newest", "twins", "worked")

    def __init__(self, row: Row) -> None:
        self.n, self.direct, self.first, self.newest = row.n, bool(row.direct), row.first, row
        self.worked, self.twins, self.mechanisms = row.worked, row.twins, {row.mechanism: row.n}

    def add(self, row: Row) -> None:
        """Take some more."""
        self.n += row.n
        self.direct = self.direct or bool(row.direct)
        self.first = min(self.first, row.first)
        if (row.last, row.record) > (self.newest.last, self.newest.record):
            self.newest = row
        self.mechanisms[row.mechanism] = self.mechanisms.get(row.mechanism, 0) + row.n
        self.worked += row.worked
        self.twins += row.twins


class Tally:
    """Measurements of one target on one network."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self._seen: dict[str, _Seen] = {}
        for row in rows:
            self.add(row)

    @property
    def n(self) -> int:
        """How many there are."""
        return sum(seen.n for seen in self._seen.values())

    def add(self, row: Row) -> None:
        """Take what fared alike."""
        seen = self._seen.get(row.group)
        if seen is None:
            self._seen[row.group] = _Seen(row)
        else:
            seen.add(row)

    def cell(self) -> Cell:
        """What is said of them."""
        group = min(self._seen, key=rank)
        seen = self._seen[group]
        undecided = sum(seen.n for name, seen in self._seen.items() if name in UNDECIDED)
        newest = seen.newest
        ordered = sorted(seen.mechanisms.items(), key=lambda one: (-one[1], one[0]))
        return Cell(
            group=group,
            k=0 if group in UNDECIDED else seen.n,
            n=self.n - undecided,
            undecided=undecided,
            direct=seen.direct,
            mechanism=newest.mechanism,
            label=newest.verdict_label,
            first=seen.first,
            last=newest.last,
            record=newest.record,
            mechanisms=tuple(name for name, _ in ordered) if any(seen.mechanisms) else (),
            twins=(seen.worked, seen.twins),
            failed=sum(seen.n for name, seen in self._seen.items() if name in FAILED),
        )


def told(rows: Sequence[Row]) -> Cell:
    """The cell of some rows; most days of a site have one measurement of each target, and need no tally."""
    if len(rows) > 1:
        return Tally(rows).cell()
    (row,) = rows
    decided = row.group not in UNDECIDED
    return Cell(
        group=row.group,
        k=row.n if decided else 0,
        n=row.n if decided else 0,
        undecided=0 if decided else row.n,
        direct=bool(row.direct),
        mechanism=row.mechanism,
        label=row.verdict_label,
        first=row.first,
        last=row.last,
        record=row.record,
        mechanisms=(row.mechanism,) if row.mechanism else (),
        twins=(row.worked, row.twins),
        failed=row.n if row.group in FAILED else 0,
    )


def rank(group: str) -> tuple[int, str]:
    """To sort groups by: the most telling is least."""
    return _RANK.get(group, _RANK[""]), group


def look(cell: Cell) -> tuple[str, str]:
    """Sign and style class of a cell."""
    return LOOKS.get(cell.group, OTHER)


def weight(cells: Iterable[Cell]) -> tuple[int, int]:
    """To sort targets by: most blocked first, then most of what else points to interference."""
    styles = Counter(look(cell)[1] for cell in cells)
    return -styles["blocked"], -sum(styles[style] for style in POINTING)
