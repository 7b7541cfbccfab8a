"""What is older than a person keeps: runs by when they were begun, series by when they were over.

Ninety days are what METHOD 5 has in mind. Nothing is deleted by itself unless the person has said so once, in the
settings; without that they are told what has become old.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from hushmap.cli import screen
from hushmap.cli.wording import count, moment
from hushmap.net import Clock
from hushmap.runs import (
    CopyRegister,
    Manifest,
    RunsError,
    Series,
    Settings,
    all_runs,
    all_series,
    read_manifest,
    remove,
    remove_series,
)

HABIT = 90
"""Days (METHOD 5)."""

AT_ONCE = 2
"""So many more runs than stay are deleted unasked: a clock that jumped ahead makes every run but the newest old."""


class Aged(msgspec.Struct, frozen=True, kw_only=True):
    """What became older than so many days."""

    runs: tuple[Path, ...]
    series: tuple[Path, ...]
    """Of which every cycle's time was over then, and no run is left."""
    unknown: tuple[Path, ...]
    """Runs whose age cannot be read."""
    staying: int = 0
    """How many runs are not older."""


def today() -> datetime:
    """The time by which ages are reckoned."""
    return datetime.fromisoformat(Clock().iso())


def aged(base: Path, days: int) -> Aged:
    """What beneath `base` is older than so many days."""
    now = today()
    limit = now - timedelta(days=days)
    old: list[Path] = []
    unknown: list[Path] = []
    named: set[str] = set()
    every = all_runs(base)
    for info in every:
        begun = _begun(info.manifest)
        if begun is None:
            unknown.append(info.path)
        elif begun < limit:
            old.append(info.path)
        if info.manifest is not None and (begun is None or begun >= limit):
            named.add(info.manifest.series)
    series = [one.path for one in all_series(base, now) if _over(one) < limit and one.plan.series not in named]
    return Aged(runs=tuple(old), series=tuple(series), unknown=tuple(unknown), staying=len(every) - len(old))


def _begun(manifest: Manifest | None) -> datetime | None:
    if manifest is None:
        return None
    try:
        begun = datetime.fromisoformat(manifest.started)
    except ValueError:
        return None
    return None if begun.tzinfo is None else begun


def _over(series: Series) -> datetime:
    return datetime.fromisoformat(series.plan.at(series.plan.over(series.plan.cycles)))


def delete(runs: Sequence[Path], series: Sequence[Path] = (), *, forget: bool = False) -> int:
    """Delete runs, then series, and tell of each; how many could not be.

    With `forget` it is not kept either that copies of them were published.
    """
    failed = 0
    for path in dict.fromkeys(runs):
        try:
            run = _id(path)
            remove(path)
        except RunsError as error:
            failed += 1
            screen.note(f"hushmap: {error}")
        else:
            screen.note(f"deleted {path}")
            tell_copies(run, forget=forget)
    for path in series if not failed else ():
        try:
            remove_series(path)
        except RunsError as error:
            failed += 1
            screen.note(f"hushmap: {error}")
        else:
            screen.note(f"deleted {path}")
    return failed


def _id(path: Path) -> str:
    """The run's own id, by which copies are known: its folder may have been called otherwise."""
    try:
        return read_manifest(path).run
    except RunsError:
        return path.name


def tell_copies(run: str, *, forget: bool = False) -> int:
    """Copies stay with others; how many were known.

    Where it cannot be read which there are, the next run is deleted all the same.
    """
    try:
        copies = CopyRegister().of(run)
        for copy in copies:
            screen.note(f"  a copy of it was published: {copy.file}, {moment(copy.when)}, sha256 {copy.sha256[:12]}")
        if forget and CopyRegister().forget(run):
            screen.note("  that is kept here no more; the copies stay with whoever has them")
    except RunsError as error:
        screen.note(f"  whether a copy of it was published is not known: {error}")
        return 0
    return len(copies)


def retain(base: Path, settings: Settings) -> None:
    """After a run: delete what is older than the person keeps, or say what has become old."""
    found = aged(base, settings.keep_days or HABIT)
    if not found.runs and not found.series:
        return
    if settings.keep_days is not None and len(found.runs) > found.staying + AT_ONCE:
        screen.note(
            f"Older than {settings.keep_days} days: {count(len(found.runs), 'run')}, which is most of them, or this "
            f"computer's clock is wrong; nothing was deleted. hushmap rm --older-than {settings.keep_days}d does it"
        )
    elif settings.keep_days is not None:
        screen.note(f"Older than {settings.keep_days} days, which is as long as your settings keep runs:")
        delete(found.runs, found.series)
    elif found.runs:
        screen.note(
            f"Older than {HABIT} days: {count(len(found.runs), 'run')}. hushmap rm --older-than {HABIT}d is "
            f"for that; with keep_days = {HABIT} in settings.toml that is done after every run"
        )
