"""Measurements of an archive, rebuilt when a page wants them: some hundreds at a time, and only those are held.

Pages come in the order of the targets, so that each piece is asked for once; whoever asks in another order waits
longer and is told the same.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from hushmap.report.view import Entry

MANY = 300
"""Measurements of one piece: one question to the engine, and some 20 MB."""


class Later(Mapping[str, Entry]):
    """Measurements by the id of the record; one that cannot be had is not there."""

    def __init__(
        self, load: Callable[[Sequence[str]], Mapping[str, Entry]], ids: Sequence[str], many: int = MANY
    ) -> None:
        """`load` gives those of some `ids` that there are."""
        self._load, self._ids, self._many = load, ids, many
        self._place = {name: place for place, name in enumerate(ids)}
        self._piece, self._held = -1, dict[str, Entry]()

    def __getitem__(self, record: str) -> Entry:
        piece = self._place[record] // self._many
        if piece != self._piece:
            start = piece * self._many
            self._piece, self._held = piece, dict(self._load(self._ids[start : start + self._many]))
        return self._held[record]

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)
