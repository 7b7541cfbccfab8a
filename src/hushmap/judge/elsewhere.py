"""Runs beside each other: what was judged alone is judged again with what the other runs saw of the same.

First every record is judged alone, because a view of it says what it shows by itself; then each once more with the
views of all other runs of the same question. So the order of the runs changes nothing, and no verdict rests on a
verdict that rests on it.
"""

from collections.abc import Iterable, Iterator

import msgspec

from hushmap.detect import SAME_HOUR, judge, peer_view, zero_of
from hushmap.judge.results import Judged
from hushmap.model import Knowledge, PeerView, Record

_NEAR = 3
"""Hours before and after a record in which others are looked for: the same hour, of which a reduced copy tells no
more, and what is left out is left out by the rules."""


class Elsewhere:
    """What some runs saw, by what it is about and the hour; a month of cycles is not searched for each record."""

    def __init__(self, alone: Iterable[Judged] = ()) -> None:
        self.runs: set[str] = set()
        self._views: dict[tuple[str, str, int], list[PeerView]] = {}
        for found in alone:
            self.add(found)

    def add(self, found: Judged) -> None:
        """Take one more record, judged alone."""
        record = found.record
        self.runs.add(record.run)
        view = peer_view(record, found.verdict.outcome)
        if view is not None and view.visits:
            about = record.experiment, record.target, _hour(view.visits[0].earliest)
            self._views.setdefault(about, []).append(view)

    def of(self, record: Record) -> tuple[PeerView, ...]:
        """What was seen of the record's target at about that time; what counts is for the rules to say."""
        zero = zero_of(record)
        if zero is None:
            return ()
        end = zero[1] + max((trial.t for trial in record.trials), default=0.0)
        hours = range(_hour(zero[0]) - _NEAR, _hour(end) + _NEAR + 1)
        return tuple(view for hour in hours for view in self._views.get((record.experiment, record.target, hour), ()))

    def beside(self, alone: Iterable[Judged], knowledge: Knowledge) -> Iterator[Judged]:
        """The records, each judged with what other runs saw; as they were where nobody else saw anything."""
        for found in alone:
            views = [view for view in self.of(found.record) if view.run != found.record.run]
            verdict = judge(found.record, knowledge, views) if views else found.verdict
            yield found if verdict == found.verdict else msgspec.structs.replace(found, verdict=verdict)


def _hour(moment: float) -> int:
    return int(moment // SAME_HOUR)
