"""What two runs say of the same words: their records judged by today's rules, and further runs that bear it out."""

from collections.abc import Iterator
from pathlib import Path

from hushmap.cli.fault import Fault
from hushmap.cli.finding import records_at
from hushmap.cli.given import Given, given
from hushmap.detect import WORD_EXPERIMENTS, TriggerComparison, compare_triggers
from hushmap.judge import Judged, judge_one, judged_path
from hushmap.model import Knowledge, Record, Verdict
from hushmap.runs import Reject, RunsError, all_runs, find

Said = tuple[Verdict, Record]


def compared_runs(before: str, after: str, base: Path, known: Knowledge) -> TriggerComparison:
    """What changed from one to the other; every run beneath `base` may confirm it.

    Raises:
        Fault: One of them is nothing, or holds no words.
        ValueError: They are from different networks.
    """
    first, second = (_said(text, base, known) for text in (before, after))
    told = {record.run for _, record in (*first, *second)}
    more = (info for info in all_runs(base) if info.manifest is not None and info.run not in told)
    return compare_triggers(first, second, (one for info in more for one in _of_run(info.path, known)))


def _said(text: str, base: Path, known: Knowledge) -> list[Said]:
    place = _place(text, base)
    found = list(_of_run(place.run, known) if place.run is not None else _of_input(place, known))
    if not found:
        raise Fault(f"{text}: holds no record about words; a run of words: run -f FILE --experiment keyword")
    return found


def _place(text: str, base: Path) -> Given:
    """A run beneath `base` by its id or part of one, else whatever judge takes."""
    if "/" not in text and not Path(text).exists():
        try:
            return Given(text=text, run=find(base, text))
        except RunsError:
            pass  # it is no run there; what else it may be is said by whoever knows
    return given(text)


def _of_run(path: Path, known: Knowledge) -> Iterator[Said]:
    for found in judged_path(path, known):
        if isinstance(found, Judged) and found.word:
            yield found.verdict, found.record


def _of_input(place: Given, known: Knowledge) -> Iterator[Said]:
    for found in records_at(place):
        if not isinstance(found, Reject) and found.record.experiment in WORD_EXPERIMENTS:
            one = judge_one(found.record, known)
            yield one.verdict, one.record
