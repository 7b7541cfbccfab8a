"""Cycles that were planned and missed, told beside figures: of that time nothing is known, and it is no zero."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from hushmap.cli.cycle_text import WHY
from hushmap.cli.given import MANIFEST, given
from hushmap.cli.wording import count, listed, moment
from hushmap.detect import when_words
from hushmap.net import Clock
from hushmap.report import Words
from hushmap.runs import Gap, RunsError, Series, SeriesPlan, all_series, find_series, read_manifest, read_series

_NAMED = 3
"""Gaps of a series that are named; `hushmap series` has all."""


def missed(paths: Iterable[str]) -> Iterator[str]:
    """A line for each series of which something was asked and a cycle was missed, of each PATH as it was typed."""
    for plan, gaps in _gaps(paths):
        told = [
            f"{moment(gap.since)} to {moment(gap.until)} ({listed([WHY.get(why, why) for why in gap.why])})"
            for gap in gaps[:_NAMED]
        ]
        more = f"; {len(gaps) - _NAMED} more: hushmap series {plan.series}" if len(gaps) > _NAMED else ""
        yield (
            f"{plan.series}: {_cycles(gaps)} of {count(plan.cycles, 'cycle')} missed, which is no result: "
            f"{'; '.join(told)}{more}"
        )


def missed_notes(paths: Iterable[str], words: Words) -> Iterator[str]:
    """The same for a report's readers: in its language, to whole hours as its times are, and without the reasons.

    Why a computer was off, or with which VPN, is its owner's and no reader's.
    """
    for plan, gaps in _gaps(paths):
        spans = [when_words(_hour(gap.since), _hour(gap.until), words.lang) for gap in gaps[:_NAMED]]
        more = words.count("site.missed.more", len(gaps) - _NAMED) if len(gaps) > _NAMED else ""
        when = words("site.join").join([*spans, *filter(None, [more])])
        yield words("site.missed", n=f"{_cycles(gaps):,}", planned=f"{plan.cycles:,}", when=when)


def _gaps(paths: Iterable[str]) -> Iterator[tuple[SeriesPlan, tuple[Gap, ...]]]:
    """Each series that has a gap, once."""
    seen: set[Path] = set()
    for text in paths:
        for series in _of(given(text).run or Path(text)):
            gaps = series.gaps()
            if gaps and series.path.resolve() not in seen:
                seen.add(series.path.resolve())
                yield series.plan, gaps


def _cycles(gaps: Iterable[Gap]) -> int:
    return sum(len(gap.cycles) for gap in gaps)


def _hour(time: str) -> str:
    """A time of a series cut to its hour, as published copies have times."""
    return f"{time[:13]}:00:00Z"


def _of(path: Path) -> Iterator[Series]:
    """The series beneath a folder, or that of which it is a run."""
    now = Clock().wall()
    if not path.is_dir():
        return
    if not (path / MANIFEST).is_file():
        yield from all_series(path, now)
        return
    try:
        found = find_series(path.resolve().parent, read_manifest(path).series)
        if found is not None:
            yield read_series(found, now)
    except RunsError:
        return  # what is wrong with it is told by whoever reads its records
