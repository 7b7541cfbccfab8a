"""`hushmap runs`: the runs on this computer."""

from collections import Counter
from pathlib import Path

import click
import msgspec

from hushmap.cli import screen
from hushmap.cli.options import examples, json_option, output, typed_day
from hushmap.cli.runs_text import RunLine, lines
from hushmap.runs import CopyRegister, Reject, RunFolder, RunInfo, all_runs


@examples("hushmap runs", "hushmap runs --since 2026-11-01 --json")
@click.command("runs")
@click.option("--since", metavar="YYYY-MM-DD", help="Only runs begun on this day (UTC) or later.")
@output
@json_option
def command(*, since: str | None, base: Path, as_json: bool) -> None:
    """List the runs on this computer, the oldest first."""
    if since is not None:
        typed_day("--since", since)
    found = [described(info) for info in all_runs(base)]
    found = [run for run in found if since is None or run.error or run.started >= since]
    if as_json:
        for run in found:
            screen.out_json({**msgspec.to_builtins(run), "network": run.network})
    else:
        screen.out(lines(found))


def described(info: RunInfo) -> RunLine:
    """One run, with the counts of its verdicts as they were written."""
    if info.manifest is None:
        return RunLine(id=info.run, path=str(info.path), error=info.error)
    manifest, labels = info.manifest, Counter[str]()
    for verdict in RunFolder.open(info.path).verdicts():
        if not isinstance(verdict, Reject):
            labels[str(verdict.get("label", "?"))] += 1
    return RunLine(
        id=manifest.run,
        deck=manifest.deck,
        network=manifest.vantage,
        started=manifest.started,
        targets=len(manifest.targets),
        labels=dict(labels.most_common()),
        path=str(info.path),
        published=CopyRegister().of(manifest.run),
    )
