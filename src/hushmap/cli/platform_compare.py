"""`hushmap platform compare`: do two lines find other things by the same words than one does from time to time?"""

from collections import Counter
from collections.abc import Iterable, Iterator

import click
import msgspec

from hushmap.analysis import Lists, overlaps
from hushmap.cli import screen
from hushmap.cli.fault import Fault
from hushmap.cli.finding import records_at
from hushmap.cli.given import given
from hushmap.cli.options import examples, json_option
from hushmap.cli.wording import listed
from hushmap.detect import results_of
from hushmap.judge import Found
from hushmap.model import Record
from hushmap.report import Words, overlap_lines


@examples(
    "hushmap platform compare results/runs/RUN-* --elsewhere OTHER-1 --elsewhere OTHER-2 --elsewhere OTHER-3",
)
@click.command("compare")
@click.argument("paths", metavar="RUN...", nargs=-1, required=True)
@click.option(
    "--elsewhere", metavar="RUN", multiple=True, required=True, help="A run from the other line; repeat it."
)
@click.option("--platform", "wanted", metavar="ID", help="Of several platforms this one.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", help="The language of the lines.")
@click.option("--seed", type=int, default=1, metavar="N", help="Of what is drawn by chance.", show_default=True)
@json_option
def command(
    *, paths: tuple[str, ...], elsewhere: tuple[str, ...], wanted: str | None, lang: str, seed: int, as_json: bool
) -> None:
    """Hold what searches found on one line against what they found on another. Nothing is sent.

    Each RUN is one of the experiment search about the same words: three or more from each line, since results change
    by themselves, and made in turns, since they change with time. Results are hashed under a key of this computer's
    person, so that only their own runs can be compared: on two lines (--interface), or before and after a move. Nor
    can runs whose manifests find results in different ways.
    """
    sides = [[one for path in side for one in _runs(path)] for side in (paths, elsewhere)]
    _once_each(paths[0], (run[0].run for side in sides for run in side))
    every = [record for side in sides for run in side for record in run]
    platform = _one_platform(every, wanted)
    editions, words = _editions(platform, every), Words(lang)
    here, there = ([_lists(run, platform) for run in side] for side in sides)
    try:
        found = overlaps(here, there, seed)
    except ValueError as error:
        raise Fault(f"{paths[0]}: {error}; see docs/how-to/platform.md") from None
    turns = _in_turns(*sides)
    if as_json:
        told = {"platform": platform, "editions": editions, "in_turns": turns, "found": found}
        screen.out_json({"schema": "hushmap.overlap/1", **told, "caution": words("overlap.limits")})
    else:
        screen.out(overlap_lines(platform, found, editions, words, in_turns=turns))


def _runs(path: str) -> Iterator[list[Record]]:
    """The searches at a path, run by run."""
    runs: dict[str, list[Record]] = {}
    for piece in records_at(given(path)):
        if isinstance(piece, Found) and piece.record.experiment == "search":
            runs.setdefault(piece.record.run, []).append(piece.record)
    if not runs:
        raise Fault(f"{path}: holds no search; give runs of the experiment search")
    yield from runs.values()


def _once_each(path: str, runs: Iterable[str]) -> None:
    """Refuse a run that stands at two of the paths: its copies agree, and so each line would seem steady."""
    twice = [run for run, times in Counter(runs).items() if times > 1]
    if twice:
        raise Fault(f"{path}: run {twice[0]} is given more than once, there or beside it; give each run once")


def _in_turns(*sides: Iterable[list[Record]]) -> bool:
    """Whether not all runs of one line began before any of the other."""
    here, there = (sorted(run[0].run_started for run in side) for side in sides)
    return not (here[-1] < there[0] or there[-1] < here[0])


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


def _editions(platform: str, records: Iterable[Record]) -> int:
    """With how many editions of its manifest a platform was searched.

    Raises:
        Fault: They find results in different ways, so that lists would differ by that alone.
    """
    found = [record.platform for record in records if record.platform is not None and record.platform.id == platform]
    ways = {
        (one.search.url, one.search.method, one.search.form, one.search.encoding, one.search.items, one.search.top)
        for one in found
        if one.search is not None
    }
    if len(ways) > 1:
        raise Fault(
            f"the runs were made with {len(ways)} editions of the manifest {platform} that find results in different "
            "ways: lists would differ by that alone; give runs made with one of them"
        )
    return len({msgspec.json.encode(one) for one in found})
