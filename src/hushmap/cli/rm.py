"""`hushmap rm`: delete runs and series from this computer."""

import os
import re
from collections.abc import Iterable
from pathlib import Path

import click

from hushmap.cli import screen
from hushmap.cli.asking import network_key, typed_answer
from hushmap.cli.fault import Exit, Fault
from hushmap.cli.options import examples, output
from hushmap.cli.retaining import Aged, aged, delete, tell_copies
from hushmap.cli.starting import alone
from hushmap.cli.wording import count
from hushmap.runs import RunsError, all_runs, all_series, find, find_series, read_series

_DAYS = re.compile(r"([1-9][0-9]{0,4})d")


@examples(
    "hushmap rm 20261121T2233Z-3f9c",
    "hushmap rm series-20261121T2233Z-3f9c",
    "hushmap rm --older-than 90d",
)
@click.command("rm")
@click.argument("runs", metavar="[RUN|SERIES]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Delete every run and series in the folder.")
@click.option(
    "--older-than", "older", metavar="90d", help="Delete every run begun longer ago than this; a habit worth having."
)
@click.option(
    "--forget",
    is_flag=True,
    help="Keep no more which copies of them were published; of runs that were deleted before too, by their whole id.",
)
@output
def command(*, runs: tuple[str, ...], everything: bool, older: str | None, forget: bool, base: Path) -> int:
    """Delete runs: records, verdicts and page, for good. RUN is an id, part of one, or a folder.

    SERIES is the id of a series, or its file: every run of it goes, and its plan. Only what hushmap wrote is deleted.
    What was given to others, published bundles too, stays with them: each bundle that was written of a run is named.
    keep_days in settings.toml has old runs deleted after every run.
    """
    if sum((everything, bool(runs), older is not None)) != 1:
        raise Fault("name the runs to delete (hushmap runs), or give --all, or --older-than 90d")
    gone = 0
    if older is not None:
        found = _older(base, older)
    elif everything:
        found = Aged(runs=tuple(info.path for info in all_runs(base)),
                     series=tuple(one.path for one in all_series(base)), unknown=())  # fmt: skip
    else:
        found, gone = _named(base, runs, forget=forget)
    several = found.runs and (found.series or not runs)
    if several and screen.at_terminal():
        typed = typed_answer(f"Type the number of runs to delete ({len(found.runs)}), or press Enter to stop: ")
        if typed.strip() != str(len(found.runs)):
            screen.note("Stopped. Nothing was deleted.")
            return Exit.INTERRUPTED
    held = [_alone(path) for path in found.series]
    try:
        before = len(found.runs) + len(found.series)
        failed = delete(found.runs, found.series, forget=forget)
    finally:
        for one in held:
            os.close(one)
    if before or not gone:
        left = sum(path.exists() for path in found.runs)
        screen.note(f"{count(len(found.runs) - left, 'run')} deleted.")
    return Exit.USAGE if failed else Exit.DONE


def _named(base: Path, names: Iterable[str], *, forget: bool) -> tuple[Aged, int]:
    """What was named; runs that are gone, and whose copies only are forgotten, are counted."""
    runs: list[Path] = []
    series: list[Path] = []
    gone = 0
    for name in names:
        plan = find_series(base, name)
        if plan is not None:
            series.append(plan)
            own = read_series(plan).plan.series
            runs += [info.path for info in all_runs(plan.parent) if info.manifest and info.manifest.series == own]
            continue
        try:
            runs.append(Path(name) if "/" in name else find(base, name))
        except RunsError:
            if not (forget and tell_copies(name, forget=True)):
                raise
            gone += 1
    return Aged(runs=tuple(dict.fromkeys(runs)), series=tuple(dict.fromkeys(series)), unknown=()), gone


def _alone(path: Path) -> int:
    """Hold a series' question: what goes on is not deleted.

    Raises:
        RunBusyError: A process is at it.
    """
    plan = read_series(path).plan
    return alone(plan.deck, plan.deck_sha256, plan.network, network_key(plan.network) if plan.network else plan.where)


def _older(base: Path, older: str) -> Aged:
    """Runs begun longer ago; one whose manifest cannot be read has no age, and is named."""
    match = _DAYS.fullmatch(older)
    if match is None:
        raise Fault(f"--older-than {older[:20]!r} is no number of days; write e.g. --older-than 90d")
    found = aged(base, int(match[1]))
    for path in found.unknown:
        screen.note(f"{path}: when it was begun cannot be read; if it may go: hushmap rm {path.name}")
    return found
