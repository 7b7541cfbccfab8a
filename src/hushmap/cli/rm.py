"""`hushmap rm`: delete runs from this computer."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import click

from hushmap.cli import screen
from hushmap.cli.asking import typed_answer
from hushmap.cli.fault import Exit, Fault
from hushmap.cli.options import examples, output
from hushmap.cli.wording import count, moment
from hushmap.net import Clock
from hushmap.runs import CopyRegister, RunsError, all_runs, all_series, find, remove

_DAYS = re.compile(r"([1-9][0-9]{0,4})d")


@examples("hushmap rm 20261121T2233Z-3f9c", "hushmap rm --older-than 90d")
@click.command("rm")
@click.argument("runs", metavar="[RUN]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Delete every run in the folder.")
@click.option(
    "--older-than", "older", metavar="90d", help="Delete every run begun longer ago than this; a habit worth having."
)
@output
def command(*, runs: tuple[str, ...], everything: bool, older: str | None, base: Path) -> int:
    """Delete runs: records, verdicts and page, for good. RUN is an id, part of one, or a folder.

    Only what hushmap wrote is deleted. What was given to others, published bundles too, stays with them: each
    bundle that was written of a run is named.
    """
    if sum((everything, bool(runs), older is not None)) != 1:
        raise Fault("name the runs to delete (hushmap runs), or give --all, or --older-than 90d")
    if older is not None:
        paths = _older(base, older)
    else:
        paths = [info.path for info in all_runs(base)] if everything else [_path(base, name) for name in runs]
    if not runs and paths and screen.at_terminal():
        typed = typed_answer(f"Type the number of runs to delete ({len(paths)}), or press Enter to stop: ")
        if typed.strip() != str(len(paths)):
            screen.note("Stopped. Nothing was deleted.")
            return Exit.INTERRUPTED
    failed = 0
    for path in dict.fromkeys(paths):
        try:
            remove(path)
        except RunsError as error:
            failed += 1
            screen.note(f"hushmap: {error}")
        else:
            screen.note(f"deleted {path}")
            _tell_copies(path.name)
    screen.note(f"{count(len(paths) - failed, 'run')} deleted.")
    for series in all_series(base) if everything else ():
        screen.note(f"{series.path} stays: the plan of a series, with its targets and network; delete it by hand")
    return Exit.USAGE if failed else Exit.DONE


def _tell_copies(run: str) -> None:
    """Copies stay with others; where it cannot be read which there are, the next run is deleted all the same."""
    try:
        for copy in CopyRegister().of(run):
            screen.note(f"  a copy of it was published: {copy.file}, {moment(copy.when)}, sha256 {copy.sha256[:12]}")
    except RunsError as error:
        screen.note(f"  whether a copy of it was published is not known: {error}")


def _path(base: Path, name: str) -> Path:
    return Path(name) if "/" in name else find(base, name)


def _older(base: Path, older: str) -> list[Path]:
    """Runs begun longer ago; one whose manifest cannot be read has no age, and is named."""
    match = _DAYS.fullmatch(older)
    if match is None:
        raise Fault(f"--older-than {older[:20]!r} is no number of days; write e.g. --older-than 90d")
    since = datetime.fromisoformat(Clock().iso()) - timedelta(days=int(match[1]))
    found: list[Path] = []
    for info in all_runs(base):
        try:
            begun = None if info.manifest is None else datetime.fromisoformat(info.manifest.started)
        except ValueError:
            begun = None
        if begun is None or begun.tzinfo is None:
            screen.note(f"{info.path}: when it was begun cannot be read; if it may go: hushmap rm {info.path.name}")
        elif begun < since:
            found.append(info.path)
    return found
