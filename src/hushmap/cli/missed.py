"""Cycles that were planned and missed, told beside figures: of that time nothing is known, and it is no zero."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from hushmap.cli.cycle_text import WHY
from hushmap.cli.wording import count, listed, moment
from hushmap.net import Clock
from hushmap.runs import RunsError, Series, all_series, find_series, read_manifest, read_series

_NAMED = 3
"""Gaps of a series that are named; `hushmap series` has all."""


def missed(paths: Iterable[str]) -> Iterator[str]:
    """A line for each series of which something was asked and a cycle was missed, of folders of this computer."""
    seen: set[Path] = set()
    for text in paths:
        for series in _of(Path(text)):
            gaps = series.gaps()
            if not gaps or series.path.resolve() in seen:
                continue
            seen.add(series.path.resolve())
            cycles = sum(len(gap.cycles) for gap in gaps)
            told = [
                f"{moment(gap.since)} to {moment(gap.until)} ({listed([WHY.get(why, why) for why in gap.why])})"
                for gap in gaps[:_NAMED]
            ]
            more = f"; {len(gaps) - _NAMED} more: hushmap series {series.plan.series}" if len(gaps) > _NAMED else ""
            yield (
                f"{series.plan.series}: {cycles} of {count(series.plan.cycles, 'cycle')} missed, which is no result: "
                f"{'; '.join(told)}{more}"
            )


def _of(path: Path) -> Iterator[Series]:
    """The series beneath a folder, or that of which it is a run."""
    now = Clock().wall()
    if not path.is_dir():
        return
    if not (path / "manifest.json").is_file():
        yield from all_series(path, now)
        return
    try:
        found = find_series(path.resolve().parent, read_manifest(path).series)
        if found is not None:
            yield read_series(found, now)
    except RunsError:
        return  # what is wrong with it is told by whoever reads its records
