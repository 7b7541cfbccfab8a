"""`hushmap series`: what was planned at intervals, and which of it was done, cut short or missed, and why."""

from pathlib import Path

import click

from hushmap.cli import screen
from hushmap.cli.cycle_text import cycle_lines, series_lines
from hushmap.cli.fault import Fault
from hushmap.cli.options import examples, json_option, output
from hushmap.net import Clock
from hushmap.runs import all_series, find_series, read_series


@examples("hushmap series", "hushmap series series-20261121T2233Z-3f9c --json")
@click.command("series")
@click.argument("names", metavar="[SERIES]...", nargs=-1)
@output
@json_option
def command(*, names: tuple[str, ...], base: Path, as_json: bool) -> None:
    """Show what became of each cycle of a series (hushmap run --every 6h --for 7d). SERIES is an id, or its file.

    A cycle that was missed is a gap: nothing is known of that time, and it is no result.
    """
    now = Clock().wall()
    found = [read_series(_path(base, name), now) for name in names] if names else list(all_series(base, now))
    for series in found:
        if as_json:
            screen.out_json(
                {"plan": series.plan, "cycles": series.cycles, "gaps": series.gaps(), "jumps": series.jumps}
            )
        else:
            screen.out(series_lines(series, (series.plan.series,)))
            screen.out(cycle_lines(series))
    if not found and not as_json:
        screen.out(["No series is here yet. Make one: hushmap run sites-global --every 6h --for 7d"])


def _path(base: Path, name: str) -> Path:
    path = find_series(base, name)
    if path is None:
        raise Fault(f"there is no series {name[:80]!r} here; see the series there are: hushmap series")
    return path
