"""`hushmap rm`: delete runs from this computer."""

from pathlib import Path

import click

from hushmap.cli import screen
from hushmap.cli.asking import typed_answer
from hushmap.cli.fault import Exit, Fault
from hushmap.cli.options import examples, output
from hushmap.cli.wording import count
from hushmap.runs import RunsError, all_runs, find, remove


@examples("hushmap rm 20261121T2233Z-3f9c", "hushmap rm --all")
@click.command("rm")
@click.argument("runs", metavar="[RUN]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Delete every run in the folder.")
@output
def command(*, runs: tuple[str, ...], everything: bool, base: Path) -> int:
    """Delete runs: records, verdicts and page, for good. RUN is an id, part of one, or a folder.

    Only what hushmap wrote is deleted. What was given to others stays with them.
    """
    if everything is bool(runs):
        raise Fault("name the runs to delete (hushmap runs), or give --all")
    paths = [info.path for info in all_runs(base)] if everything else [_path(base, name) for name in runs]
    if everything and paths and screen.at_terminal():
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
    screen.note(f"{count(len(paths) - failed, 'run')} deleted.")
    return Exit.USAGE if failed else Exit.DONE


def _path(base: Path, name: str) -> Path:
    return Path(name) if "/" in name else find(base, name)
