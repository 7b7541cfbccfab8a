"""`hushmap platform compare`: do two lines find other things by the same words than one does from time to time?"""

from collections.abc import Iterable, Iterator

import click

from hushmap.analysis import Lists, Overlap, Overlaps, overlaps
from hushmap.cli import screen
from hushmap.cli.fault import Fault
from hushmap.cli.finding import records_at
from hushmap.cli.given import given
from hushmap.cli.options import examples, json_option
from hushmap.cli.wording import count, listed
from hushmap.detect import results_of
from hushmap.judge import Found
from hushmap.model import Record

MOST = 40
"""Words that are told line by line; the rest is in the JSON."""
CAUTION = (
    "A platform may show each country, each line and each visitor other results: that two lists differ does not say "
    "that anything was left out, nor by whom. A notice, or an empty page beside a truism, does (hushmap run)."
)


@examples(
    "hushmap platform compare results/runs/RUN-* --elsewhere OTHER-1 --elsewhere OTHER-2 --elsewhere OTHER-3",
)
@click.command("compare")
@click.argument("paths", metavar="RUN...", nargs=-1, required=True)
@click.option(
    "--elsewhere", metavar="RUN", multiple=True, required=True, help="A run from the other line; repeat it."
)
@click.option("--platform", "wanted", metavar="ID", help="Of several platforms this one.")
@click.option("--seed", type=int, default=1, metavar="N", help="Of what is drawn by chance.", show_default=True)
@json_option
def command(
    *, paths: tuple[str, ...], elsewhere: tuple[str, ...], wanted: str | None, seed: int, as_json: bool
) -> None:
    """Hold what searches found on one line against what they found on another. Nothing is sent.

    Each RUN is one of the experiment search about the same words: three or more from each line, since results change
    by themselves, and made in turns, since they change with time. Results are hashed under a key of this computer's
    person, so that only their own runs can be compared: on two lines (--interface), or before and after a move.
    """
    sides = [[one for path in side for one in _runs(path)] for side in (paths, elsewhere)]
    platform = _one_platform([record for side in sides for run in side for record in run], wanted)
    here, there = ([_lists(run, platform) for run in side] for side in sides)
    try:
        found = overlaps(here, there, seed)
    except ValueError as error:
        raise Fault(f"{paths[0]}: {error}; see docs/how-to/platform.md") from None
    if as_json:
        screen.out_json({"schema": "hushmap.overlap/1", "platform": platform, "found": found, "caution": CAUTION})
    else:
        screen.out(_lines(platform, found))


def _runs(path: str) -> Iterator[list[Record]]:
    """The searches at a path, run by run."""
    runs: dict[str, list[Record]] = {}
    for piece in records_at(given(path)):
        if isinstance(piece, Found) and piece.record.experiment == "search":
            runs.setdefault(piece.record.run, []).append(piece.record)
    if not runs:
        raise Fault(f"{path}: holds no search; give runs of the experiment search")
    yield from runs.values()


def _one_platform(records: Iterable[Record], wanted: str | None) -> str:
    known = sorted({record.platform.id for record in records if record.platform is not None})
    if wanted is not None and wanted not in known:
        raise Fault(f"--platform {wanted}: was not searched there; choose one of {listed(known)}")
    if wanted is None and len(known) != 1:
        raise Fault(f"the runs are about {listed(known) or 'no platform'}: say which with --platform")
    return wanted or known[0]


def _lists(run: Iterable[Record], platform: str) -> Lists:
    mine = [record for record in run if record.platform is not None and record.platform.id == platform]
    return {record.target: found for record in mine if (found := results_of(record)) is not None}


def _lines(platform: str, found: Overlaps) -> Iterator[str]:
    mine, other = found.runs
    yield f"{platform}: {count(len(found.words), 'word')}, {mine} runs here and {other} elsewhere"
    if found.left_out:
        yield f"  left out: {count(found.left_out, 'word')} that not every run read"
    yield "  how alike lists of results are, on average (1: the same)"
    yield f"  {'here':>6} {'elsew.':>6} {'across':>6}   word"
    for one in sorted(found.words, key=lambda one: (not one.apart, one.across, one.word))[:MOST]:
        yield f"  {one.here:6.2f} {one.there:6.2f} {one.across:6.2f}   {one.word}{_only(one)}"
    if len(found.words) > MOST:
        yield f"  and {count(len(found.words) - MOST, 'word')} more: --json has them all"
    apart = sum(one.apart for one in found.words)
    yield f"more different between the two than ever within one: {count(apart, 'word')}"
    yield (
        f"In all, lists within one line are more alike by {found.difference:.2f}. Were the two lines one, so much or "
        f"more would come with p = {found.p:.2g}; the least that so many runs could give is {found.least:.2g}."
    )
    yield CAUTION


def _only(one: Overlap) -> str:
    told = []
    if one.only_there:
        told.append(f"{one.only_there} of the {one.always_there} always found elsewhere never here")
    if one.only_here:
        told.append(f"{one.only_here} of the {one.always_here} always found here never elsewhere")
    return f"   ({'; '.join(told)})" if told else ""
